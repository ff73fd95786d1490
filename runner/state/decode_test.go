package state

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// A record that is accepted says the same when it is written and read again.
func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte(`{"version":1,"kind":"claimed","at":"2026-11-22T10:00:00Z","by":"a","until":"2026-11-22T10:02:00Z"}`))
	f.Add([]byte(`{"version":1,"kind":"delivered","at":"2026-11-22T10:00:00Z","replies":[{"accepted":true,"text":"250 ok"}]}`))
	f.Add([]byte(`{"version":1,"kind":"intended","at":"2026-11-22T10:00:00Z","by":"a","date":"2026-11-22T11:00:00+01:00","attempt":2,"again":true,"plan":"p1",` +
		`"recipients":["x","y"],"replies":[{"accepted":false,"temporary":true},{"accepted":false,"in_doubt":true}]}`))
	f.Add([]byte(`{"version":1,"kind":"parts","at":"2026-11-22T10:00:00Z","parts":["north","południe"],"causes":["c1"]}`))
	f.Add([]byte(`{"version":99}`))
	f.Add([]byte(`{"version":1,"kind":"claimed","at":"2026-11-22T10:00:00Z"}{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := DecodeRecord("here", data)
		if err != nil {
			return
		}
		again, err := DecodeRecord("here", mustJSON(r))
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(r)
		b, _ := json.Marshal(again)
		if string(a) != string(b) {
			t.Errorf("%s, read again %s", a, b)
		}
	})
}

// What a record may say, it may say: a field that is written and refused would lock the key for good.
func TestDecodeRecord(t *testing.T) {
	at, until := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), time.Date(2026, 11, 22, 10, 2, 0, 0, time.UTC)
	whole := Record{
		Version: 1, Kind: Intended, At: at, By: "a", Until: &until, Zone: "Europe/Warsaw", Definition: "d", Content: "c", File: "f", Path: "p",
		Recipients: []string{"x", "y"}, MessageID: "<m>", Date: at, Attempt: 2,
		Replies: []Reply{{Accepted: true, Text: "250 ok"}, {InDoubt: true}, {Temporary: true}}, Again: true, Plan: "p1",
		Parts: []string{"north"}, Column: "region", Causes: []string{"c1"}, Reason: "why", Final: true, Rehearsal: true, Resolved: true,
	}
	fields := reflect.ValueOf(whole)
	for i := range fields.NumField() {
		if fields.Field(i).IsZero() {
			t.Errorf("the test says nothing of %s", fields.Type().Field(i).Name)
		}
	}
	for _, kind := range []Kind{Claimed, Intended, Delivered, Failed, InDoubt, Skipped, Forgotten, Resend, Parts} {
		whole.Kind = kind
		got, err := DecodeRecord("here", mustJSON(whole))
		if err != nil || !reflect.DeepEqual(got, whole) {
			t.Errorf("%s: %+v, %v", kind, got, err)
		}
	}
	for _, wrong := range []string{
		`{"version":1,"kind":"unheard","at":"2026-11-22T10:00:00Z"}`, `{"version":1,"kind":"parts"}`,
		`{"version":1,"kind":"claimed","at":"2026-11-22T10:00:00Z","agian":true}`, `{"kind":"claimed","at":"2026-11-22T10:00:00Z"}`,
	} {
		if r, err := DecodeRecord("here", []byte(wrong)); err == nil {
			t.Errorf("%s is taken as %+v", wrong, r)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"weekly.leads", `weekly["Łódź / north"].x`, "..", ".", "A", "a", "%41", "2026-11-21T08:00+01:00", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := encodeName(s)
		back, ok := decodeName(name)
		if !ok || back != s {
			t.Errorf("%q as %q comes back as %q, %v", s, name, back, ok)
		}
		if name == "." || name == ".." {
			t.Errorf("%q becomes the folder %q", s, name)
		}
	})
}
