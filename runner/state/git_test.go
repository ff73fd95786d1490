package state_test

import (
	"testing"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/state/storetest"
)

func open(t *testing.T, location, dir string) state.Store {
	t.Helper()
	s, err := state.Open(location, state.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := s.(interface{ Close() error }); ok {
		t.Cleanup(func() { _ = c.Close() })
	}
	return s
}

func TestGit(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() state.Store {
		_, clone := storetest.Git(t)
		return func() state.Store { return open(t, "git:reportform-state", clone()) }
	})
}

func TestGitShallow(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() state.Store {
		_, clone := storetest.Git(t)
		return func() state.Store { return open(t, "git:state/reports", clone("--depth=1")) }
	})
}
