package state

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// gitAddition is a record on its way to the remote.
type gitAddition struct {
	ctx           context.Context // of who waits for it
	path, subject string
	data          []byte
	at            time.Time
	// done receives nil, ErrTaken or another error, once.
	done chan error
}

// gitQueue holds additions until somebody has the turn to take them along.
type gitQueue struct {
	mu      sync.Mutex
	waiting []*gitAddition
}

func (q *gitQueue) add(all []*gitAddition) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, all...)
}

// takeAll empties the queue.
func (q *gitQueue) takeAll() []*gitAddition {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting
	q.waiting = nil
	return all
}

// withdraw takes an addition out; false when somebody has it in hand.
func (q *gitQueue) withdraw(a *gitAddition) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	before := len(q.waiting)
	q.waiting = slices.DeleteFunc(q.waiting, func(o *gitAddition) bool { return o == a })
	return len(q.waiting) < before
}

// Append adds record number seq as a commit that the remote has taken. While one push is under way others wait, and
// whoever is next takes all that have gathered along in one push.
func (g *Git) Append(ctx context.Context, k Key, seq int, r Record) error {
	return g.AppendAll(ctx, []Addition{{k, seq, r}})[0]
}

// AppendAll adds records as commits in one push.
func (g *Git) AppendAll(ctx context.Context, all []Addition) []error {
	additions := make([]*gitAddition, len(all))
	for i, a := range all {
		what := strings.ReplaceAll(string(a.Record.Kind), "_", " ")
		additions[i] = &gitAddition{
			ctx: ctx, path: a.Key.folder() + "/" + recordName(a.Seq), subject: a.Key.String() + ": " + what, data: mustJSON(a.Record), at: a.Record.At,
			done: make(chan error, 1),
		}
	}
	g.queue.add(additions)
	errs := make([]error, len(all))
	select {
	case g.turn <- struct{}{}:
		g.addAll(g.queue.takeAll())
		g.give()
	case err := <-additions[0].done: // whoever had the turn took all of them along
		additions[0].done <- err
	case <-ctx.Done():
		for i, a := range additions {
			if g.queue.withdraw(a) {
				errs[i] = ctx.Err()
				a.done <- nil
			}
		}
	}
	for i, a := range additions {
		if err := <-a.done; errs[i] == nil {
			errs[i] = err
		}
	}
	return errs
}

// addAll adds what has gathered, and tells each who waits what became of it. The work goes on for as long as one of
// them wants it.
func (g *Git) addAll(all []*gitAddition) {
	if len(all) == 0 {
		return
	}
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(all[0].ctx))
	defer cancel(nil)
	var wanting atomic.Int64
	wanting.Store(int64(len(all)))
	for _, a := range all {
		defer context.AfterFunc(a.ctx, func() {
			if wanting.Add(-1) == 0 {
				cancel(context.Cause(a.ctx))
			}
		})()
	}
	left, err := g.add(ctx, all)
	for _, a := range left {
		a.done <- err
	}
}

// Bounds of one push: how often it may lose to others, and how often the remote may fail to answer.
const (
	maxRaces    = 100
	maxSilences = 5
	// raceWait is the longest wait after a lost race, on average: somebody won it, so the remote is well.
	raceWait = 400 * time.Millisecond
)

// add settles additions by commits after the tip, pushed together. Those that it returns have all met the error.
func (g *Git) add(ctx context.Context, open []*gitAddition) ([]*gitAddition, error) {
	if err := g.fetchOnce(ctx); err != nil {
		return open, err
	}
	lost, unanswered := jitter(), jitter()
	lost.MaxInterval = raceWait
	races, silences := 0, 0 // after a push that was not answered, its files may have arrived
	for {
		if g.tip == "" {
			return open, ErrNoRoot
		}
		w := g.writer()
		var err error
		if open, err = g.leaveOut(ctx, open, w, silences > 0); err != nil || len(open) == 0 {
			return open, err
		}
		// Of two that want the same number, the second finds it taken in the next round.
		commit, pushed := g.tip, map[string]*gitAddition{}
		root := &gitFolderTree{}
		for _, a := range open {
			if pushed[a.path] != nil {
				continue
			}
			pushed[a.path] = a
			tree, err := g.grow(ctx, root, g.tip+":", a.path, w.add("blob", a.data), w)
			if err != nil {
				return open, err
			}
			commit = w.commit(tree, commit, a.subject, a.at)
		}
		if err := g.write(ctx, w); err != nil {
			return open, err
		}
		wait := lost
		err = g.push(ctx, commit)
		switch {
		case err == nil:
			g.tip, g.seen = commit, map[Key]bool{}
			for _, a := range pushed {
				a.done <- nil
			}
			open = slices.DeleteFunc(open, func(a *gitAddition) bool { return pushed[a.path] == a })
			continue
		case errors.Is(err, errRace) && races < maxRaces:
			races++
		case errors.Is(err, errSilence) && silences < maxSilences:
			silences++
			wait = unanswered
		default:
			return open, err
		}
		if err := g.sleep(ctx, wait.NextBackOff()); err != nil {
			return open, fmt.Errorf("write state %s: %w", g, err)
		}
		if err := g.fetch(ctx); err != nil {
			return open, err
		}
	}
}

// leaveOut settles the additions whose number is taken, and those of callers who have gone. After a push without an
// answer, what is found there as it was sent is ours.
func (g *Git) leaveOut(ctx context.Context, open []*gitAddition, w *gitWriter, unanswered bool) ([]*gitAddition, error) {
	var out []*gitAddition
	for i, a := range open {
		there, err := g.readObject(ctx, g.tip+":"+a.path)
		switch {
		case err != nil:
			return append(out, open[i:]...), err
		case there != nil && unanswered && there.id == w.id("blob", a.data):
			a.done <- nil
		case there != nil:
			a.done <- ErrTaken
		case a.ctx.Err() != nil:
			a.done <- a.ctx.Err()
		default:
			out = append(out, a)
		}
	}
	return out, nil
}

// gitFolderTree is a folder that files are added to, read when one comes in.
type gitFolderTree struct {
	entries []gitEntry
	folders map[string]*gitFolderTree
	read    bool
}

// grow adds a file to a folder that began as base, such as TIP:records/, and returns the folder's new id; it costs what the
// folders on the way hold.
func (g *Git) grow(ctx context.Context, f *gitFolderTree, base, path, blob string, w *gitWriter) (string, error) {
	if !f.read {
		var err error
		if f.entries, err = g.readTree(ctx, strings.TrimSuffix(base, "/")); err != nil {
			return "", err
		}
		f.read, f.folders = true, map[string]*gitFolderTree{}
	}
	name, rest, deeper := strings.Cut(path, "/")
	added := gitEntry{gitFile, name, blob}
	if deeper {
		inner := f.folders[name]
		if inner == nil {
			inner = &gitFolderTree{}
			f.folders[name] = inner
		}
		id, err := g.grow(ctx, inner, base+name+"/", rest, blob, w)
		if err != nil {
			return "", err
		}
		added = gitEntry{gitFolder, name, id}
	}
	if i := slices.IndexFunc(f.entries, func(e gitEntry) bool { return e.name == name }); i >= 0 {
		f.entries[i] = added
	} else {
		f.entries = append(f.entries, added)
	}
	return w.tree(f.entries), nil
}
