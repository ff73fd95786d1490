package email

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
)

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOutbox(t *testing.T) {
	root := t.TempDir()
	folder := filepath.Join(root, "out", "mail")
	want := target()
	want.Outbox = &outputs.Folder{Root: root, Path: "out/mail"}
	s := sender(t, want, Options{})
	a := rendered(t, s)
	receipt, err := s.Deliver(t.Context(), a, deliveryKey())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "weekly-chats.leads-2026-11-09--2026-11-15.eml")
	if receipt.Where != path || receipt.Path != path || !bytes.Equal(contentOf(t, path), contentOf(t, a.Path)) {
		t.Errorf("receipt %+v", receipt)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: others can read it", info.Mode(), err)
	}

	again := sender(t, want, Options{Now: func() time.Time { return moment.Add(time.Hour) }})
	b := rendered(t, again)
	if _, err := again.Deliver(t.Context(), b, deliveryKey()); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || !bytes.Equal(contentOf(t, path), contentOf(t, b.Path)) {
		t.Errorf("a repeated rehearsal leaves %v", entries)
	}
}

// TestOutboxRepeats: a repeat is the same file to the byte, as it is the same mail.
func TestOutboxRepeats(t *testing.T) {
	root := t.TempDir()
	want := target()
	want.Outbox = &outputs.Folder{Root: root, Path: "outbox"}
	first := rendered(t, sender(t, want, Options{}))
	receipt, err := sender(t, want, Options{}).Deliver(t.Context(), first, deliveryKey())
	if err != nil {
		t.Fatal(err)
	}
	before := contentOf(t, receipt.Path)
	key := deliveryKey()
	key.Attempt, key.Last = 2, &outputs.Attempt{Number: 1, Content: first.Content, Date: moment}
	s := sender(t, want, Options{Now: func() time.Time { return moment.Add(time.Hour) }})
	a, err := s.Render(t.Context(), document(), key, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if receipt, err = s.Deliver(t.Context(), a, key); err != nil || !bytes.Equal(contentOf(t, receipt.Path), before) {
		t.Errorf("the repeat differs: %v", err)
	}
}

func TestOutboxDoesNotFollowLinks(t *testing.T) {
	folder := t.TempDir()
	victim := filepath.Join(t.TempDir(), "victim")
	writeFile(t, victim, []byte("untouched"))
	want := target()
	want.Outbox = &outputs.Folder{Root: folder, Path: "."}
	s := sender(t, want, Options{})
	a := rendered(t, s)
	if err := os.Symlink(victim, filepath.Join(folder, a.Name)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Deliver(t.Context(), a, deliveryKey()); err != nil {
		t.Fatal(err)
	}
	if string(contentOf(t, victim)) != "untouched" {
		t.Error("the link was followed")
	}

	// A folder that is a link, which came with the repository, leads nowhere either.
	elsewhere := t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(folder, "mail")); err != nil {
		t.Fatal(err)
	}
	want.Outbox = &outputs.Folder{Root: folder, Path: "mail/x"}
	if _, err := sender(t, want, Options{}).Deliver(t.Context(), a, deliveryKey()); err == nil {
		t.Error("a folder that is a link was written into")
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Errorf("the link led to %v, %v", left, err)
	}
}

func TestOutboxThatCannotBeWritten(t *testing.T) {
	want := target()
	want.Outbox = &outputs.Folder{Root: t.TempDir(), Path: "file/beneath"}
	writeFile(t, filepath.Join(want.Outbox.Root, "file"), nil)
	s := sender(t, want, Options{})
	if _, err := s.Deliver(t.Context(), rendered(t, s), deliveryKey()); err == nil {
		t.Error("no error")
	}
}
