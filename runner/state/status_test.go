package state_test

import (
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state"
)

func TestFold(t *testing.T) {
	until := now.Add(state.ClaimTime)
	claimed := state.Record{Kind: state.Claimed, By: "a", Until: &until, At: now}
	of := func(kind state.Kind) state.Record { return state.Record{Kind: kind, By: "a", At: now} }
	practice := func(kind state.Kind) state.Record { r := of(kind); r.Rehearsal = true; return r }
	other := func(r state.Record) state.Record { r.By = "c"; return r }
	for name, c := range map[string]struct {
		records  []state.Record
		want     state.Kind
		attempts int
		held     bool // by a, asked by b
	}{
		"nothing":                         {nil, "", 0, false},
		"claimed":                         {[]state.Record{claimed}, "", 0, true},
		"intended and alive":              {[]state.Record{claimed, of(state.Intended)}, state.InDoubt, 1, true},
		"renewed while it is handed over": {[]state.Record{claimed, of(state.Intended), claimed}, state.InDoubt, 1, true},
		"delivered":                       {[]state.Record{claimed, of(state.Intended), of(state.Delivered)}, state.Delivered, 1, false},
		"failed":                          {[]state.Record{claimed, of(state.Intended), of(state.Failed)}, state.Failed, 1, false},
		"failed, then delivered":          {[]state.Record{claimed, of(state.Intended), of(state.Failed), claimed, of(state.Intended), of(state.Delivered)}, state.Delivered, 2, false},
		"in doubt":                        {[]state.Record{claimed, of(state.Intended), of(state.InDoubt)}, state.InDoubt, 1, false},
		"guessed in doubt after delivery": {[]state.Record{claimed, of(state.Intended), of(state.Delivered), of(state.InDoubt)}, state.Delivered, 1, false},
		"resolved: resend":                {[]state.Record{claimed, of(state.Intended), of(state.InDoubt), of(state.Resend)}, "", 1, false},
		"resolved: delivered":             {[]state.Record{claimed, of(state.Intended), of(state.InDoubt), of(state.Delivered)}, state.Delivered, 1, false},
		"skipped":                         {[]state.Record{claimed, of(state.Skipped)}, state.Skipped, 0, false},
		"forgotten":                       {[]state.Record{claimed, of(state.Intended), of(state.Delivered), of(state.Forgotten)}, "", 1, false},
		"a late failure of another run":   {[]state.Record{claimed, of(state.Intended), of(state.Resend), other(claimed), other(of(state.Intended)), other(of(state.Delivered)), of(state.Failed)}, state.Delivered, 2, false},
		"a late failure beside a delivery under way": {[]state.Record{claimed, of(state.Intended), of(state.Resend), claimed, other(of(state.Intended)), of(state.Intended), other(of(state.Failed))}, state.InDoubt, 3, true},
		"a late delivery":          {[]state.Record{claimed, of(state.Intended), of(state.Resend), other(of(state.Delivered))}, state.Delivered, 1, false},
		"a late skip":              {[]state.Record{claimed, other(claimed), other(of(state.Intended)), other(of(state.Delivered)), of(state.Skipped)}, state.Delivered, 1, false},
		"rehearsed":                {[]state.Record{claimed, practice(state.Intended), practice(state.Delivered)}, "", 0, false},
		"rehearsed after delivery": {[]state.Record{of(state.Intended), of(state.Delivered), practice(state.Intended)}, state.Delivered, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := state.Fold(c.records, false)
			if s.Kind != c.want || s.Attempts != c.attempts || s.Seq != len(c.records) {
				t.Errorf("kind %q, %d attempts, seq %d; want %q, %d, %d", s.Kind, s.Attempts, s.Seq, c.want, c.attempts, len(c.records))
			}
			if held := s.Held(now.Add(time.Minute), "b"); held != c.held {
				t.Errorf("held %v, want %v", held, c.held)
			}
			if s.Held(now.Add(time.Minute), "a") {
				t.Error("held against its own holder")
			}
			if s.Held(until, "b") {
				t.Error("held at its end")
			}
		})
	}
	if s := state.Fold([]state.Record{claimed, practice(state.Intended), practice(state.Delivered)}, true); s.Kind != state.Delivered {
		t.Errorf("a rehearsal to itself: %q, want delivered", s.Kind)
	}
}
