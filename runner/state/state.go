// Package state remembers deliveries: for each delivery key an append-only list of small records.
// Adding a record under the next free number, only if absent, is the only lock.
package state

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Key is a delivery: "weekly-chats.leads@2026-11-09..2026-11-15" within a project.
type Key struct {
	Project string
	Address string // report.destination, or report["key"].destination
	Range   string // "2026-11-09..2026-11-15", one day "2026-11-21", hours with offset
}

// String returns address@range, as people write it.
func (k Key) String() string { return k.Address + "@" + k.Range }

// ParseKey parses address@range within a project.
func ParseKey(project, s string) (Key, error) {
	i := strings.LastIndexByte(s, '@')
	if i <= 0 || i == len(s)-1 {
		return Key{}, errors.New(`a key is written ADDRESS@RANGE, such as weekly-chats.leads@2026-11-09..2026-11-15`)
	}
	return Key{Project: project, Address: s[:i], Range: s[i+1:]}, nil
}

// Kind is what a record says happened.
type Kind string

// The kinds of record, in the order of a delivery's life.
const (
	Claimed   Kind = "claimed"
	Intended  Kind = "intended"
	Delivered Kind = "delivered"
	Failed    Kind = "failed"
	InDoubt   Kind = "in_doubt"
	Skipped   Kind = "skipped"
	Forgotten Kind = "forgotten"
	// Resend is the user's word that what was in doubt is to be sent again.
	Resend Kind = "resend"
	// Parts lists the values that a split found. Its key is the report's own: it has no destination.
	Parts Kind = "parts"
)

// Record is one step of a delivery. It holds no rows, bodies, addresses or secrets.
type Record struct {
	Version int       `json:"version"` // 1; a greater one is refused
	Kind    Kind      `json:"kind"`
	At      time.Time `json:"at"`
	// By names the runner: a random id made once a run.
	By string `json:"by,omitempty"`
	// Until is when a claim expires.
	Until *time.Time `json:"until,omitempty"`
	// Zone is the report's time zone.
	Zone string `json:"zone,omitempty"`
	// Definition and Content are digests; File that of the bytes on disk.
	Definition string `json:"definition,omitempty"`
	Content    string `json:"content,omitempty"`
	File       string `json:"file,omitempty"`
	// Path is where a file was written, relative to the configuration.
	Path string `json:"path,omitempty"`
	// Recipients are digests of the addresses, salted with the root's salt, in the envelope's order.
	Recipients []string  `json:"recipients,omitempty"`
	MessageID  string    `json:"message_id,omitempty"`
	Date       time.Time `json:"date,omitzero"`
	Attempt    int       `json:"attempt,omitempty"`
	// Replies say of Recipients, one by one, all that is known when the record is written, by earlier attempts too.
	Replies []Reply `json:"replies,omitempty"`
	// Again marks an intended record of a delivery that was made before and is wanted once more: it begins anew.
	Again bool `json:"again,omitempty"`
	// Plan is the id of the saved plan whose bytes were handed over.
	Plan string `json:"plan,omitempty"`
	// Parts are the values that a split found, in the column Column; empty in records of before that was kept.
	Parts  []string `json:"parts,omitempty"`
	Column string   `json:"column,omitempty"`
	// Causes are the digests of what the owners were told of.
	Causes []string `json:"causes,omitempty"`
	// Reason says why it failed, is in doubt or was skipped; Final skips stand for good.
	Reason string `json:"reason,omitempty"`
	Final  bool   `json:"final,omitempty"`
	// Rehearsal marks what came from the demo source or went into an outbox: it never stands for a real delivery.
	Rehearsal bool `json:"rehearsal,omitempty"`
	// Resolved marks a delivered record made by `state resolve --delivered` or `state import`.
	Resolved bool `json:"resolved,omitempty"`
}

// Reply is what is known of one recipient: served (Accepted), refused for good (none of the three),
// to be served (Temporary), or nobody knows (InDoubt).
type Reply struct {
	Accepted  bool   `json:"accepted"`
	Temporary bool   `json:"temporary,omitempty"`
	InDoubt   bool   `json:"in_doubt,omitempty"`
	Text      string `json:"text,omitempty"`
}

// Root identifies a state: made once, never changed.
type Root struct {
	Version int       `json:"version"`
	Lineage string    `json:"lineage"` // random
	Salt    string    `json:"salt"`    // random, for digests of recipients
	Created time.Time `json:"created"`
}

// ErrTaken says that a record with that number exists: somebody else was first.
var ErrTaken = errors.New("record number is taken")

// ErrNoRoot says that the state was never initialised.
var ErrNoRoot = errors.New("state has no root")

// Store is a place for records. Claims, leases and resumption are built once on these methods.
type Store interface {
	// Root returns the root record, or ErrNoRoot.
	Root(ctx context.Context) (Root, error)
	// Init creates the root record, or returns ErrTaken.
	Init(ctx context.Context, r Root) error
	// Records returns a key's records in order, none for a key that is not known.
	Records(ctx context.Context, k Key) ([]Record, error)
	// Append adds record number seq (from 1; the count of records that the caller has seen, plus one),
	// or returns ErrTaken. When it returns nil the record is durable.
	Append(ctx context.Context, k Key, seq int, r Record) error
	// Keys returns the keys of a project whose address begins with prefix, sorted.
	Keys(ctx context.Context, project, prefix string) ([]Key, error)
}
