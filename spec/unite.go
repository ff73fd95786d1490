package spec

import (
	"fmt"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// unite makes one tree of all files: maps are joined key by key, lists are appended.
func (d *decoder) unite(roots []*tree.Node) *tree.Node {
	all := &tree.Node{Kind: tree.Map}
	if len(roots) == 0 {
		return all
	}
	all.At = roots[0].At
	for _, root := range roots {
		for _, e := range root.Entries {
			if e.Key == "version" {
				continue
			}
			have := all.Get(e.Key)
			if have == nil {
				joined := *e.Value
				all.Entries = append(all.Entries, tree.Entry{Key: e.Key, KeyAt: e.KeyAt, Value: &joined})
				continue
			}
			have.Items = append(have.Items, e.Value.Items...)
			d.uniteMap(e.Key, have, e.Value)
		}
	}
	return all
}

// uniteMap adds the entries of another file's map and reports the names that are there already.
func (d *decoder) uniteMap(section string, into, from *tree.Node) {
	known := make(map[string]diag.Range, len(into.Entries))
	for _, e := range into.Entries {
		known[e.Key] = e.KeyAt
	}
	for _, e := range from.Entries {
		if first, twice := known[e.Key]; twice {
			d.diags.Add(diag.Diagnostic{
				Code: "defined-twice", Summary: "Defined twice", Subject: e.KeyAt, Context: section,
				Detail:  fmt.Sprintf("%q stands under %q in two files. The files of a folder are one configuration: give one of them another name, or remove it.", e.Key, section),
				Related: []diag.Related{{Message: "defined here first", Range: first}},
			})
			continue
		}
		into.Entries = append(into.Entries, e)
	}
}

// mergeDefaults adds the keys of settings.defaults to every report that does not have them.
func mergeDefaults(united *tree.Node) {
	defaults := united.Get("settings").Get("defaults")
	if defaults == nil || united.Get("reports") == nil {
		return
	}
	for _, report := range united.Get("reports").Entries {
		if report.Value.Kind != tree.Map {
			continue
		}
		for _, e := range defaults.Entries {
			if report.Value.Get(e.Key) == nil {
				report.Value.Entries = append(report.Value.Entries, e)
			}
		}
	}
}
