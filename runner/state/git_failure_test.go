package state_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/nettest"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/state/storetest"
)

// hook puts a script into the remote.
func hook(t *testing.T, bare, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(bare, "hooks", name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
}

// says checks an error's words: those that must be there, and, after a "!", those that must not.
func says(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range words {
		unwanted, not := strings.CutPrefix(w, "!")
		if strings.Contains(err.Error(), unwanted) == not {
			t.Errorf("%q in: %v", w, err)
		}
	}
}

func TestGitRefusedPush(t *testing.T) {
	bare, clone := storetest.Git(t)
	s := open(t, branch, clone())
	begin(t, s)
	hook(t, bare, "pre-receive", "echo GH006: Protected branch update failed >&2\nexit 1\n")
	says(t, s.Append(t.Context(), key, 1, claimed("me")), "GH006", "pre-receive hook declined", "permissions:\n      contents: write")
	if r, err := s.Records(t.Context(), key); err != nil || len(r) > 0 {
		t.Errorf("%d records, %v; want none", len(r), err)
	}
}

// The remote took the record, and its answer was lost: it is found to be there, and counts.
func TestGitLostAnswer(t *testing.T) {
	bare, clone := storetest.Git(t)
	s := open(t, branch, clone())
	begin(t, s)
	hook(t, bare, "post-receive", "rm -f \"$0\"\nkill -9 $PPID\n")
	if err := s.Append(t.Context(), key, 1, claimed("me")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(bare, "hooks", "post-receive")); err == nil {
		t.Error("the remote did not break off")
	}
	if r, err := open(t, branch, clone()).Records(t.Context(), key); err != nil || len(r) != 1 {
		t.Errorf("%d records, %v; want one", len(r), err)
	}
}

// The remote broke off before it took the record: it is offered again.
func TestGitBrokenPush(t *testing.T) {
	bare, clone := storetest.Git(t)
	s := open(t, branch, clone())
	begin(t, s)
	hook(t, bare, "pre-receive", "rm -f \"$0\"\nkill -9 $PPID\n")
	if err := s.Append(t.Context(), key, 1, claimed("me")); err != nil {
		t.Error(err)
	}
	if r, err := open(t, branch, clone()).Records(t.Context(), key); err != nil || len(r) != 1 {
		t.Errorf("%d records, %v; want one", len(r), err)
	}
}

func TestGitRemoteGone(t *testing.T) {
	bare, clone := storetest.Git(t)
	s := open(t, branch, clone())
	begin(t, s)
	if err := os.Rename(bare, bare+".away"); err != nil {
		t.Fatal(err)
	}
	says(t, s.Append(t.Context(), key, 1, claimed("me")), `remote "origin"`, "does not appear to be a git repository")
	if err := os.Rename(bare+".away", bare); err != nil {
		t.Fatal(err)
	}
	if r, err := open(t, branch, clone()).Records(t.Context(), key); err != nil || len(r) > 0 {
		t.Errorf("%d records, %v; want none", len(r), err)
	}
}

// A branch that is gone, or another, in the middle of a run is not begun anew.
func TestGitReplacedBranch(t *testing.T) {
	bare, clone := storetest.Git(t)
	s := open(t, branch, clone())
	begin(t, s)
	storetest.RunGit(t, bare, "update-ref", "-d", "refs/heads/reportform-state")
	says(t, s.Append(t.Context(), key, 1, claimed("me")), "removed or replaced")
	if out := storetest.RunGit(t, bare, "branch", "--list", "reportform-state"); out != "" {
		t.Errorf("the branch was made again: %s", out)
	}
	other := open(t, branch, clone())
	if err := other.Init(t.Context(), state.NewRoot(now, func(b []byte) { b[0] = 1 })); err != nil {
		t.Fatal(err)
	}
	says(t, s.Append(t.Context(), key, 1, claimed("me")), "put back or replaced")
	if r, err := other.Records(t.Context(), key); err != nil || len(r) > 0 {
		t.Errorf("%d records, %v; want none", len(r), err)
	}
}

// The branch is put back to an older commit: who has seen the records that are gone does not take them for never written.
func TestGitPutBack(t *testing.T) {
	bare, clone := storetest.Git(t)
	mine := clone()
	s := open(t, branch, mine)
	begin(t, s)
	if err := s.Append(t.Context(), key, 1, claimed("me")); err != nil {
		t.Fatal(err)
	}
	seen := storetest.RunGit(t, bare, "rev-parse", "reportform-state")
	storetest.RunGit(t, bare, "update-ref", "refs/heads/reportform-state", "reportform-state~1")
	for range 2 { // nor the next time
		_, err := open(t, branch, mine).Records(t.Context(), key)
		says(t, err, "lacks records that this clone has seen", "git push --force origin refs/remotes/origin/reportform-state:refs/heads/reportform-state",
			"git update-ref -d refs/remotes/origin/reportform-state")
	}
	storetest.RunGit(t, mine, "push", "--quiet", "--force", "origin", "refs/remotes/origin/reportform-state:refs/heads/reportform-state")
	if now := storetest.RunGit(t, bare, "rev-parse", "reportform-state"); now != seen {
		t.Fatalf("the branch is at %s, want %s", now, seen)
	}
	if r, err := open(t, branch, mine).Records(t.Context(), key); err != nil || len(r) != 1 {
		t.Errorf("%d records, %v; want 1", len(r), err)
	}
}

// Nobody's work is taken for a state.
func TestGitForeignBranch(t *testing.T) {
	bare, clone := storetest.Git(t)
	before := storetest.RunGit(t, bare, "rev-parse", "main")
	s := open(t, "git:main", clone())
	says(t, s.Init(t.Context(), state.NewRoot(now, func([]byte) {})), `"main"`, "is no state")
	_, err := s.Root(t.Context())
	says(t, err, "is no state")
	if after := storetest.RunGit(t, bare, "rev-parse", "main"); after != before {
		t.Error("main was written to")
	}
}

func TestGitWithoutBranch(t *testing.T) {
	_, clone := storetest.Git(t)
	s := open(t, branch, clone())
	if err := s.Append(t.Context(), key, 1, claimed("me")); !errors.Is(err, state.ErrNoRoot) {
		t.Errorf("append: %v, want ErrNoRoot", err)
	}
	_, err := open(t, branch, t.TempDir()).Root(t.Context())
	says(t, err, "is in none")
	_, err = open(t, branch+"?remote=upstream", clone()).Root(t.Context())
	says(t, err, `remote "upstream"`)
}

// A token in the remote's address or in the repository's settings is used and not shown.
func TestGitToken(t *testing.T) {
	const token = "geheim-7391"
	_, clone := storetest.Git(t)
	asked := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header.Get("Authorization")
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(server.Close)
	dir := clone("--depth=1")
	storetest.RunGit(t, dir, "remote", "set-url", "origin", server.URL+"/o/r.git")
	storetest.RunGit(t, dir, "config", "--local", "http."+server.URL+"/.extraheader", "AUTHORIZATION: basic "+token)
	_, err := open(t, branch, dir).Root(t.Context())
	says(t, err, "403", "permissions:\n      contents: read", "!"+token)
	if got := <-asked; got != "basic "+token {
		t.Errorf("the server was asked with %q", got)
	}
	address := strings.Replace(server.URL, "://", "://x-access-token:"+token+"@", 1) + "/o/r.git?private_token=" + token
	storetest.RunGit(t, dir, "remote", "set-url", "origin", address)
	_, err = open(t, branch, dir).Root(t.Context())
	says(t, err, "403", "!"+token)

	vacant, release, err := nettest.Vacant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	storetest.RunGit(t, dir, "remote", "set-url", "origin", "http://user:"+token+"@"+vacant.String()+"/o/r.git")
	_, err = open(t, branch, dir).Root(t.Context())
	says(t, err, `remote "origin"`, "!"+token)
}
