package runner

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever stands in a file, reading it ends in an error or in a plan that can be shown, and taken out of it is only what
// lies beneath the folder. What is no file of its own is taken for the plan in one, which no checksum keeps from being read.
func FuzzReadPlan(f *testing.F) {
	s, err := read(saved(f, planner(f)))
	if err != nil {
		f.Fatal(err)
	}
	text, err := json.Marshal(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for i := range s.Changes {
		s.Changes[i].Artifact, s.Changes[i].Action = nil, UpToDate
	}
	if text, err = json.Marshal(s); err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(within(f, text))
	f.Fuzz(func(t *testing.T, data []byte) {
		if !IsPlan(data) {
			data = within(t, data)
		}
		s, err := read(data)
		if err != nil {
			return
		}
		p := s.Plan()
		p.Counts()
		for _, c := range p.Changes {
			if c.Due() && c.Artifact == nil {
				t.Errorf("%s has nothing to deliver", c.Key)
			}
		}
		outside := t.TempDir()
		inside := filepath.Join(outside, "in")
		_, _ = s.Extract(t.Context(), inside)
		for _, path := range filesIn(t, outside) {
			if !strings.HasPrefix(path, inside+string(filepath.Separator)) {
				t.Errorf("%s was written outside", path)
			}
		}
	})
}

// within is a plan file with nothing but a plan, and a short text as the artifact of every change.
func within(t testing.TB, plan []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := addMember(z, planMember)
	if err == nil {
		_, err = w.Write(plan)
	}
	var s Saved
	if json.Unmarshal(plan, &s) == nil {
		for i := range s.Changes {
			if s.Changes[i].Artifact != nil && err == nil {
				w, err = addMember(z, s.Changes[i].member(i))
				if err == nil {
					_, err = w.Write(bytes.Repeat([]byte("x"), int(min(max(s.Changes[i].Artifact.Size, 0), 1000))))
				}
			}
		}
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Skip(err)
	}
	return out.Bytes()
}
