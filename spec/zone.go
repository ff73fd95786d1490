package spec

import (
	_ "embed" // zones.txt
	"strings"
	"time"

	"github.com/reportform/reportform/spec/tree"

	"github.com/reportform/reportform/spec/diag"
)

// zones are the names of the time zone database, one a line, for "did you mean": the time package cannot list them.
//
//go:embed zones.txt
var zones string

// Zones are the names of time zones, to be offered; the time package may know more.
func Zones() []string { return strings.Fields(zones) }

// zone reads a time zone's name. Nil means that it was reported.
func (d *decoder) zone(n *tree.Node) *time.Location {
	name, ok := d.literal(n)
	if !ok {
		return nil
	}
	if loc, ok := d.zones[name]; ok {
		return loc
	}
	var loc *time.Location
	// "" and "Local" would be the machine's own.
	if name != "" && name != "Local" {
		loc, _ = time.LoadLocation(name)
	}
	if loc == nil {
		d.fault(n.At, "unknown-timezone", "Unknown time zone", "%s", unknownZone(name))
		return nil
	}
	d.zones[name] = loc
	return loc
}

func unknownZone(name string) string {
	const form = " A zone is written as Area/City, such as Europe/Warsaw, or UTC."
	known := Zones()
	wanted := strings.ReplaceAll(name, " ", "_")
	if near := diag.Nearest(wanted, known); near != "" {
		return `There is no time zone "` + name + `". Did you mean "` + near + `"?`
	}
	// A city alone is what many write.
	for _, zone := range known {
		if strings.EqualFold(zone[strings.LastIndex(zone, "/")+1:], wanted) {
			return `There is no time zone "` + name + `". Did you mean "` + zone + `"?`
		}
	}
	return `There is no time zone "` + name + `".` + form
}
