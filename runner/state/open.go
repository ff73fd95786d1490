package state

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/reportform/reportform/spec"
)

// Options are what a state needs of its surroundings besides its location.
type Options struct {
	// Dir is the configuration's folder, absolute.
	Dir string
	// Sleep waits between tries, or returns the context's error; nil waits by the real clock.
	Sleep func(ctx context.Context, d time.Duration) error
}

// kinds open a state of each kind that a location can name.
var kinds = map[string]func(l spec.Location, o Options) Store{
	"file": func(l spec.Location, o Options) Store {
		dir := filepath.FromSlash(l.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(o.Dir, dir)
		}
		return OpenFile(dir)
	},
	"git": openGit,
	"s3":  openS3,
}

// Open returns the state at a location as `state.location` writes it. It asks nothing of the network yet.
// A store that is an io.Closer holds resources until it is closed.
func Open(location string, o Options) (Store, error) {
	l, err := spec.ParseLocation(location)
	if err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	return kinds[l.Kind](l, o), nil
}

// Sleep waits by the real clock, or returns the context's error.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Shared is whether runners on several machines see the same records at a location, so that a state that has no root
// there may be another one than was meant: it is not made by the way.
func Shared(location string) bool {
	l, err := spec.ParseLocation(location)
	return err == nil && l.Kind != "file"
}

// jitter makes the waits between tries: longer each time, up to two seconds, and never the same for two runners.
func jitter() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{InitialInterval: 50 * time.Millisecond, RandomizationFactor: 0.9, Multiplier: 2, MaxInterval: 2 * time.Second}
}
