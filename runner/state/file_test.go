package state_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/state/storetest"
)

func TestFile(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() state.Store {
		dir := filepath.Join(t.TempDir(), "not", "yet")
		return func() state.Store { return state.OpenFile(dir) }
	})
}

var (
	key = state.Key{Project: "p", Address: "weekly.leads", Range: "2026-11-09..2026-11-15"}
	now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
)

// A record that cannot be trusted is refused: a delivery may hang on it.
func TestFileRefuses(t *testing.T) {
	good := `{"version":1,"kind":"claimed","at":"2026-11-22T10:00:00Z"}`
	var damaged *state.DamagedError
	var newer *state.NewerError
	for name, c := range map[string]struct {
		files map[string]string
		want  any
	}{
		"cut":            {map[string]string{"000001.json": good[:20]}, &damaged},
		"empty":          {map[string]string{"000001.json": ""}, &damaged},
		"two":            {map[string]string{"000001.json": good + good}, &damaged},
		"unknown kind":   {map[string]string{"000001.json": `{"version":1,"kind":"eaten","at":"2026-11-22T10:00:00Z"}`}, &damaged},
		"unknown key":    {map[string]string{"000001.json": `{"version":1,"kind":"claimed","at":"2026-11-22T10:00:00Z","x":1}`}, &damaged},
		"no version":     {map[string]string{"000001.json": `{"kind":"claimed","at":"2026-11-22T10:00:00Z"}`}, &damaged},
		"no time":        {map[string]string{"000001.json": `{"version":1,"kind":"claimed"}`}, &damaged},
		"first missing":  {map[string]string{"000002.json": good}, &damaged},
		"middle missing": {map[string]string{"000001.json": good, "000003.json": good}, &damaged},
		"newer":          {map[string]string{"000001.json": `{"version":2,"kind":"claimed","what":"is new"}`}, &newer},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := state.OpenFile(dir).Append(t.Context(), key, 1, state.Record{Version: 1, Kind: state.Claimed, At: now}); err != nil {
				t.Fatal(err)
			}
			found, _ := filepath.Glob(filepath.Join(dir, "records", "*", "*", "*", "*.json"))
			if len(found) != 1 {
				t.Fatalf("records on disk: %q", found)
			}
			if err := os.Remove(found[0]); err != nil {
				t.Fatal(err)
			}
			for file, text := range c.files {
				if err := os.WriteFile(filepath.Join(filepath.Dir(found[0]), file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := state.OpenFile(dir).Records(t.Context(), key)
			if err == nil || !errors.As(err, c.want) {
				t.Errorf("error %v, want %T", err, c.want)
			}
		})
	}
}

// What a runner that died left behind besides records is no record.
func TestFileIgnoresTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	s := state.OpenFile(dir)
	if err := s.Append(t.Context(), key, 1, state.Record{Version: 1, Kind: state.Claimed, At: now}); err != nil {
		t.Fatal(err)
	}
	found, _ := filepath.Glob(filepath.Join(dir, "records", "*", "*", "*", "*"))
	if err := os.WriteFile(filepath.Join(filepath.Dir(found[0]), ".new-123"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r, err := s.Records(t.Context(), key); err != nil || len(r) != 1 {
		t.Errorf("%d records, %v; want 1", len(r), err)
	}
}
