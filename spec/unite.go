package spec

import (
	"fmt"

	"github.com/reportform/reportform/spec/diag"
)

// unite makes one tree of all files: maps are joined key by key, lists are appended.
func (d *decoder) unite(roots []*node) *node {
	all := &node{kind: mapNode}
	if len(roots) == 0 {
		return all
	}
	all.at = roots[0].at
	for _, root := range roots {
		for _, e := range root.entries {
			if e.key == "version" {
				continue
			}
			have := all.get(e.key)
			if have == nil {
				joined := *e.value
				all.entries = append(all.entries, entry{e.key, e.keyAt, &joined})
				continue
			}
			have.items = append(have.items, e.value.items...)
			d.uniteMap(e.key, have, e.value)
		}
	}
	return all
}

// uniteMap adds the entries of another file's map and reports the names that are there already.
func (d *decoder) uniteMap(section string, into, from *node) {
	known := make(map[string]diag.Range, len(into.entries))
	for _, e := range into.entries {
		known[e.key] = e.keyAt
	}
	for _, e := range from.entries {
		if first, twice := known[e.key]; twice {
			d.diags.Add(diag.Diagnostic{
				Code: "defined-twice", Summary: "Defined twice", Subject: e.keyAt, Context: section,
				Detail:  fmt.Sprintf("%q stands under %q in two files. The files of a folder are one configuration: give one of them another name, or remove it.", e.key, section),
				Related: []diag.Related{{Message: "defined here first", Range: first}},
			})
			continue
		}
		into.entries = append(into.entries, e)
	}
}

// mergeDefaults adds the keys of settings.defaults to every report that does not have them.
func mergeDefaults(united *node) {
	defaults := united.get("settings").get("defaults")
	if defaults == nil || united.get("reports") == nil {
		return
	}
	for _, report := range united.get("reports").entries {
		if report.value.kind != mapNode {
			continue
		}
		for _, e := range defaults.entries {
			if report.value.get(e.key) == nil {
				report.value.entries = append(report.value.entries, e)
			}
		}
	}
}
