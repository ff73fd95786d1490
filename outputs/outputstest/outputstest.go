// Package outputstest holds the contract that every kind of output passes.
package outputstest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Kind is an output under test.
type Kind struct {
	// Make returns the output; called again, it has the same target.
	Make func(t *testing.T) outputs.Output
	// Delivered counts what has arrived at the target so far.
	Delivered func(t *testing.T) int
	// Repeats says that the kind sees by itself what was delivered before; a mail server cannot, the state does it for mail.
	Repeats bool
}

// Document is a small report with what is hard to carry: Polish text, a formula from a name, percents, long times.
func Document() outputs.Document {
	fields := []table.Field{
		{Name: "agent", Type: expr.Text, Label: "Pracownik"},
		{Name: "answered", Type: expr.Integer, Label: "Odebrane", Total: table.Total{Kind: table.TotalSum}},
		{Name: "share", Type: expr.Percent, Label: "Udział"},
		{Name: "time", Type: expr.Duration, Label: "Czas", Total: table.Total{Kind: table.TotalSum}},
	}
	row := func(name string, n int64, share float64, d time.Duration) []expr.Value {
		return []expr.Value{
			{Type: expr.Text, Valid: true, Str: name}, {Type: expr.Integer, Valid: true, Int: n},
			{Type: expr.Percent, Valid: true, Float: share}, {Type: expr.Duration, Valid: true, Int: d.Microseconds()},
		}
	}
	agents := table.FromValues(fields, [][]expr.Value{
		row("Łukasz Żółć", 12, 14.87, 49*time.Hour+1*time.Second),
		row("=1+1", 3, 100, 90*time.Second),
	})
	return outputs.Document{
		Title: "Czaty — zażółć gęślą jaźń", Author: "Zespół", Range: "9–15 lis 2026 (Europe/Warsaw)", Locale: "pl",
		Modified: time.Date(2026, 11, 15, 23, 0, 0, 0, time.UTC),
		Sheets: []outputs.Sheet{{Name: "Pracownicy", Blocks: []outputs.Block{
			outputs.Heading{Text: "Pracownicy"},
			outputs.TableBlock{Dataset: "agents", Totals: true, Table: agents},
		}}},
		Datasets: []outputs.Dataset{{Name: "agents", Table: agents}},
	}
}

// Key is the key of a first attempt.
func Key() outputs.Key {
	return outputs.Key{Project: "test", Address: "weekly.archive", Range: "2026-11-09..2026-11-15", Attempt: 1}
}

// Run holds a kind to the contract.
func Run(t *testing.T, k Kind) {
	t.Helper()
	render := func(t *testing.T, doc outputs.Document) (outputs.Artifact, []byte) {
		t.Helper()
		a, err := k.Make(t).Render(t.Context(), doc, Key(), t.TempDir())
		if err != nil {
			t.Fatalf("Render: %v", err)
		}
		data, err := os.ReadFile(a.Path)
		if err != nil {
			t.Fatalf("read the artifact: %v", err)
		}
		return a, data
	}

	t.Run("the same document gives the same bytes", func(t *testing.T) {
		a, first := render(t, Document())
		b, second := render(t, Document())
		if !bytes.Equal(first, second) {
			t.Error("two renders of one document differ")
		}
		if a.Digest != b.Digest || a.Content != b.Content {
			t.Errorf("digests differ: %s and %s, content %s and %s", a.Digest, b.Digest, a.Content, b.Content)
		}
	})

	t.Run("an artifact says what it is", func(t *testing.T) {
		a, data := render(t, Document())
		if a.Name == "" || a.Name != filepath.Base(a.Name) || a.MediaType == "" || a.Digest == "" || a.Content == "" {
			t.Errorf("incomplete artifact: %+v", a)
		}
		if a.Size != int64(len(data)) {
			t.Errorf("Size is %d, the file has %d bytes", a.Size, len(data))
		}
	})

	t.Run("other figures are other content", func(t *testing.T) {
		a, _ := render(t, Document())
		other := Document()
		other.Sheets[0].Blocks = other.Sheets[0].Blocks[:1]
		other.Datasets[0].Table = table.FromValues(other.Datasets[0].Table.Fields(), nil)
		b, _ := render(t, other)
		if a.Digest == b.Digest || a.Content == b.Content {
			t.Error("the digests do not tell two documents apart")
		}
	})

	t.Run("a repeat of an attempt is the same bytes", func(t *testing.T) {
		a, first := render(t, Document())
		key := Key()
		key.Attempt, key.Last = 3, &outputs.Attempt{Number: 1, Content: a.Content}
		if a.Envelope != nil {
			if key.Last.Date = a.Envelope.Date; a.Envelope.Attempt != 1 {
				t.Errorf("the first attempt bears the number %d", a.Envelope.Attempt)
			}
		}
		b, err := k.Make(t).Render(t.Context(), Document(), key, t.TempDir())
		if err != nil {
			t.Fatalf("Render: %v", err)
		}
		if second, err := os.ReadFile(b.Path); err != nil || !bytes.Equal(first, second) {
			t.Errorf("the repeat differs: %v", err)
		}
	})

	t.Run("rendering delivers nothing", func(t *testing.T) {
		before := k.Delivered(t)
		render(t, Document())
		if after := k.Delivered(t); after != before {
			t.Errorf("%d arrived by rendering", after-before)
		}
	})

	t.Run("what was cancelled does not arrive", func(t *testing.T) {
		a, _ := render(t, Document())
		before := k.Delivered(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := k.Make(t).Deliver(ctx, a, Key())
		if !errors.Is(err, context.Canceled) || outputs.IsInDoubt(err) || outputs.IsTemporary(err) {
			t.Errorf("Deliver after cancel: %v, want a plain context.Canceled", err)
		}
		if after := k.Delivered(t); after != before {
			t.Errorf("%d arrived after cancel", after-before)
		}
	})

	t.Run("one delivery arrives once", func(t *testing.T) {
		a, _ := render(t, Document())
		before := k.Delivered(t)
		r, err := k.Make(t).Deliver(t.Context(), a, Key())
		if err != nil {
			t.Fatalf("Deliver: %v", err)
		}
		if r.Where == "" || r.Unchanged {
			t.Errorf("receipt of a first delivery: %+v", r)
		}
		if len(r.Replies) > 0 && len(r.Replies) != len(a.Envelope.Recipients) {
			t.Errorf("%d replies of %d recipients", len(r.Replies), len(a.Envelope.Recipients))
		}
		for i, reply := range r.Replies {
			if reply.Recipient != a.Envelope.Recipients[i] || !reply.Accepted {
				t.Errorf("reply %d of %s: %+v", i, a.Envelope.Recipients[i], reply)
			}
		}
		if after := k.Delivered(t); after != before+1 {
			t.Errorf("%d arrived, want 1", after-before)
		}
		if !k.Repeats {
			return
		}
		again, err := k.Make(t).Deliver(t.Context(), a, Key())
		if err != nil || !again.Unchanged {
			t.Errorf("the same delivery again: %+v, %v, want Unchanged", again, err)
		}
		if after := k.Delivered(t); after != before+1 {
			t.Errorf("%d arrived after the same delivery again, want 1", after-before)
		}
	})
}
