package diag

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
)

// quality reads a report as GitLab does.
func quality(t *testing.T, l List) []map[string]any {
	t.Helper()
	var b bytes.Buffer
	var out []map[string]any
	if err := CodeQuality(&b, l); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// GitLab knows a problem by its fingerprint: it is another for each problem, and the same when lines are put in above.
func TestCodeQuality(t *testing.T) {
	again := sample[0]
	again.Subject.Start.Line, again.Subject.End.Line = 12, 12
	list := List{sample[0], again, sample[1], sample[3], {Code: "failed", Summary: "No place"}, {Code: "given", Subject: at(Argument+"team", 1, 1, 2)}}
	issues := quality(t, list)
	if len(issues) != 4 {
		t.Fatalf("%d issues, want those that have a place in a file", len(issues))
	}
	first := issues[0]
	where, _ := json.Marshal(first["location"])
	if first["check_name"] != "unknown-filter" || first["severity"] != "major" || string(where) != `{"lines":{"begin":8},"path":"chats.yaml"}` ||
		first["description"] != `Unknown filter. The source "thulium.chats_summary" has no filter "chat_queue_id". Did you mean "chat_queue_ids"?` {
		t.Errorf("the first is %v", first)
	}
	if issues[2]["severity"] != "minor" {
		t.Errorf("a warning is %v", issues[2]["severity"])
	}
	prints := func(issues []map[string]any) (out []string) {
		for _, i := range issues {
			out = append(out, i["fingerprint"].(string))
		}
		return out
	}
	before := prints(issues)
	if sorted := slices.Sorted(slices.Values(before)); len(slices.Compact(sorted)) != 4 {
		t.Errorf("two problems have one fingerprint: %v", before)
	}
	for i := range list {
		list[i].Subject.Start.Line += 5
		list[i].Subject.End.Line += 5
	}
	if after := prints(quality(t, list)); !slices.Equal(before, after) {
		t.Errorf("five lines further on they are %v, and were %v", after, before)
	}
	if none := quality(t, nil); none == nil || len(none) != 0 {
		t.Errorf("nothing is written as %v", none)
	}
}
