package spec

import (
	"slices"
	"testing"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]address{
		"weekly":                    {report: "weekly"},
		"weekly-chats_2.leads":      {report: "weekly-chats_2", destination: "leads"},
		`weekly["north"]`:           {report: "weekly", key: "north", keyed: true},
		`weekly["no.\"rth]"].leads`: {report: "weekly", key: `no."rth]`, keyed: true, destination: "leads"},
		`weekly["Łódź"].out-1`:      {report: "weekly", key: "Łódź", keyed: true, destination: "out-1"},
	} {
		got, ok := parseAddress(text)
		if !ok || got != want || got.String() != text {
			t.Errorf("%s: %+v, %v, written %s", text, got, ok, got)
		}
	}
	for _, text := range []string{"", ".leads", "weekly.", "weekly.a.b", "weekly[north]", `weekly["north"`, `weekly["north]`, `weekly['n']`,
		"weekly[`n`]", `weekly["n"]x`, `weekly[]`, "weekly[", "we ekly", "weekly@2026-11-09", `["n"]`} {
		if got, ok := parseAddress(text); ok {
			t.Errorf("%q is the address %+v", text, got)
		}
	}
}

func TestFormerly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		moved   []Move
		address string
		want    []string
	}{
		{"nothing moved", nil, "a.x", nil},
		{"another report", []Move{{From: "old", To: "new"}}, "other.x", nil},
		{"the former name itself", []Move{{From: "old", To: "new"}}, "old.x", nil},
		{"a report", []Move{{From: "old", To: "new"}}, "new.x", []string{"old.x"}},
		{"a report with instances", []Move{{From: "old", To: "new"}}, `new["north"].x`, []string{`old["north"].x`}},
		{"a destination", []Move{{From: "r.old", To: "r.new"}}, "r.new", []string{"r.old"}},
		{"another destination", []Move{{From: "r.old", To: "r.new"}}, "r.other", nil},
		{"a destination of all instances", []Move{{From: "r.old", To: "r.new"}}, `r["a"].new`, []string{`r["a"].old`}},
		{"a destination to another report", []Move{{From: "a.x", To: "b.y"}}, "b.y", []string{"a.x"}},
		{"a chain", []Move{{From: "a", To: "b"}, {From: "b", To: "c"}}, "c.x", []string{"b.x", "a.x"}},
		{"a chain the other way round", []Move{{From: "b", To: "c"}, {From: "a", To: "b"}}, "c.x", []string{"b.x", "a.x"}},
		{"an instance", []Move{{From: `r["a"]`, To: `r["b"]`}}, `r["b"].x`, []string{`r["a"].x`}},
		{"another instance", []Move{{From: `r["a"]`, To: `r["b"]`}}, `r["c"].x`, nil},
		{"a report that became an instance", []Move{{From: "r", To: `r["a"]`}}, `r["a"].x`, []string{"r.x"}},
		{"an instance that became a report", []Move{{From: `r["a"]`, To: "s"}}, "s.x", []string{`r["a"].x`}},
		{"the empty key is a key", []Move{{From: "r", To: "s"}, {From: `t[""]`, To: "s"}}, "s.x", []string{"r.x", `t[""].x`}},
		{"an instance's destination", []Move{{From: `r["a"].x`, To: `r["a"].y`}}, `r["a"].y`, []string{`r["a"].x`}},
		{"report and destination", []Move{{From: "old", To: "new"}, {From: "new.team", To: "new.leads"}}, "new.leads",
			[]string{"old.leads", "new.team", "old.team"}},
		{"two reports became one", []Move{{From: "a", To: "c"}, {From: "b", To: "c"}}, "c.x", []string{"a.x", "b.x"}},
		{"a circle ends", []Move{{From: "a", To: "b"}, {From: "b", To: "a"}}, "a.x", []string{"b.x"}},
		{"no address", []Move{{From: "a", To: "b"}}, "b x", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := &Config{Moved: c.moved}
			if got := config.Formerly(c.address); !slices.Equal(got, c.want) {
				t.Errorf("%s was %q, want %q", c.address, got, c.want)
			}
		})
	}
}

func TestMovesAreDecoded(t *testing.T) {
	t.Parallel()
	c, diags := loadCase(t, "testdata/ok/moved.yaml")
	if len(diags) > 0 || len(c.Moved) != 8 {
		t.Fatalf("%d moves, %s", len(c.Moved), shown(t, diags, c.Files))
	}
	for address, want := range map[string][]string{
		"weekly-chats.leads":        {"weekly.leads", "weekly-chats.team", "chats.leads", "weekly.team", "chats.team"},
		`by-region["north"].leads`:  {"by-region.leads", `by-region["nord"].leads`},
		`by-queue["Sales"].leads`:   {`by-queue["Sale"].leads`},
		"all-of-poland.archive":     {`weekly-all["poland"].archive`, "by-region.boss"},
		`by-region["south"].leads`:  nil,
		`weekly-chats["a"].archive`: {`weekly["a"].archive`, `chats["a"].archive`},
	} {
		if got := c.Formerly(address); !slices.Equal(got, want) {
			t.Errorf("%s was %q, want %q", address, got, want)
		}
	}
}

func TestRenamed(t *testing.T) {
	c := &Config{Moved: []Move{{From: "a", To: "b"}, {From: "b.leads", To: "b.team"}, {From: `e["x"]`, To: `e["y"]`}}}
	for address, want := range map[string][]string{
		"a.leads":      {"b.leads", "b.team"},
		"b.leads":      {"b.team"},
		"b.team":       nil,
		`a["k"].leads`: {`b["k"].leads`, `b["k"].team`},
		`e["x"].leads`: {`e["y"].leads`},
		`e["z"].leads`: nil,
	} {
		if got := c.Renamed(address); !slices.Equal(got, want) {
			t.Errorf("%s was renamed to %q, want %q", address, got, want)
		}
	}
}
