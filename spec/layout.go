package spec

import (
	"regexp"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/tree"
)

// foreignLayout are the elements by which other languages write a layout.
var foreignLayout = regexp.MustCompile(`(?i:yyyy)|YY|yy|M{2,4}|DD?|dd?|HH?|hh?|mm|ss|SS|%[A-Za-z]`)

// layoutWords are their meanings. MM is a month, and minutes behind hours.
var layoutWords = map[string]string{
	"yyyy": "2006", "yy": "06", "MM": "01", "MMM": "Jan", "MMMM": "January", "dd": "02", "d": "2", "hh": "15", "h": "15", "mm": "04", "ss": "05",
	"%Y": "2006", "%y": "06", "%m": "01", "%d": "02", "%H": "15", "%I": "03", "%M": "04", "%S": "05", "%p": "PM",
	"%F": "2006-01-02", "%T": "15:04:05", "%z": "-0700", "%Z": "MST",
}

// checkLayout refuses a layout that says nothing of a time, or says it in another notation than Go's: every request
// would ask for the same, and most APIs take that for no filter at all.
func (d *decoder) checkLayout(n *tree.Node) {
	layout, ok := d.literal(n)
	if !ok {
		return
	}
	foreign := false
	for _, word := range foreignLayout.FindAllString(layout, -1) {
		// A single letter may stand for itself, as in 2006-01-02T15h04.
		foreign = foreign || len(word) > 1
	}
	if !foreign && saysTime(layout) {
		return
	}
	hours := false
	meant := foreignLayout.ReplaceAllStringFunc(layout, func(word string) string {
		key := word
		if word != "MM" && word != "MMM" && word != "MMMM" && !strings.HasPrefix(word, "%") {
			key = strings.ToLower(word)
		}
		if word == "MM" && hours {
			key = "mm"
		}
		hours = hours || key == "hh" || key == "h"
		if known := layoutWords[key]; known != "" {
			return known
		}
		return word
	})
	if meant == layout || !saysTime(meant) {
		meant = "2006-01-02 15:04:05"
	}
	d.fault(n.At, "bad-layout", "Not a layout of time", "%q is sent as it stands, since a layout is written with the parts of Go's reference time, 2 January 2006, 15:04:05. Write:\n\n    layout: %q", layout, meant)
}

// saysTime reports whether a layout writes two times in two ways.
func saysTime(layout string) bool {
	one := time.Date(1987, time.September, 28, 23, 47, 59, 0, time.UTC)
	other := time.Date(1994, time.November, 13, 10, 36, 18, 0, time.UTC)
	return one.Format(layout) != other.Format(layout)
}
