package state

import (
	"encoding/json"
	"testing"
)

// A record that is accepted says the same when it is written and read again.
func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte(`{"version":1,"kind":"claimed","at":"2026-11-22T10:00:00Z","by":"a","until":"2026-11-22T10:02:00Z"}`))
	f.Add([]byte(`{"version":1,"kind":"delivered","at":"2026-11-22T10:00:00Z","replies":[{"accepted":true,"text":"250 ok"}]}`))
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
