package state

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/reportform/reportform/spec"
)

// Git is a state on a branch of the repository that holds the configuration:
//
//	root.json
//	records/PROJECT/ADDRESS/RANGE/000001.json
//
// The branch has no commit in common with others. It is written by git's plumbing commands, which touch neither work
// tree nor index nor HEAD, and each record is a commit that the remote has taken on top of the one that was read:
// the remote decides who was first. What the local repository knows of the branch is but a copy.
type Git struct {
	dir, remote, branch string
	sleep               func(ctx context.Context, d time.Duration) error

	// queue holds the records that wait for the next push.
	queue gitQueue
	// fetches counts the fetches that have begun.
	fetches atomic.Int64

	// turn is held by who works: git's processes and what follows are shared.
	turn    chan struct{}
	repo    *gitRepository
	fetched bool
	// tip is the commit that was read last, empty where the remote has no such branch.
	tip string
	// root is the root record, once it was seen: it never changes.
	root *gitObject
	// seen are the keys that were read since the branch was fetched.
	seen    map[Key]bool
	objects *gitObjects
}

var _ Store = (*Git)(nil)

func openGit(l spec.Location, o Options) Store {
	return &Git{dir: o.Dir, remote: l.Remote, branch: l.Path, sleep: o.Sleep, turn: make(chan struct{}, 1)}
}

// String is the state as people name it.
func (g *Git) String() string { return "git:" + g.branch }

// take waits for the turn.
func (g *Git) take(ctx context.Context) error {
	select {
	case g.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *Git) give() { <-g.turn }

// Close ends the process that reads objects.
func (g *Git) Close() error {
	g.turn <- struct{}{}
	defer g.give()
	g.closeObjects()
	return nil
}

// Root reads the root record.
func (g *Git) Root(ctx context.Context) (Root, error) {
	if err := g.take(ctx); err != nil {
		return Root{}, err
	}
	defer g.give()
	if err := g.fetchOnce(ctx); err != nil {
		return Root{}, err
	}
	if g.tip == "" {
		return Root{}, ErrNoRoot
	}
	return DecodeRoot(g.String()+":root.json", g.root.data)
}

// readme tells people who find the branch what it is.
const readme = `This branch is the memory of reportform: what was delivered, when and with which outcome.
It is written by ` + "`reportform apply`" + ` alone. Without it, everything would be sent again: keep it, and do not edit it.
`

// Init creates the branch with the root record.
func (g *Git) Init(ctx context.Context, r Root) error {
	if err := g.take(ctx); err != nil {
		return err
	}
	defer g.give()
	if err := g.fetchOnce(ctx); err != nil {
		return err
	}
	if g.tip != "" {
		return ErrTaken
	}
	w := g.writer()
	root := gitObject{data: mustJSON(r)}
	root.id = w.add("blob", root.data)
	commit := w.commit(w.tree([]gitEntry{{gitFile, "README.md", w.add("blob", []byte(readme))}, {gitFile, "root.json", root.id}}), "", "state init", r.Created)
	if err := g.write(ctx, w); err != nil {
		return err
	}
	wait := jitter()
	for tries := 1; ; tries++ {
		err := g.push(ctx, commit)
		if err == nil {
			g.tip, g.root = commit, &root
			return nil
		}
		if !errors.Is(err, errRace) && !errors.Is(err, errSilence) || tries == maxSilences {
			return err
		}
		if err := g.sleep(ctx, wait.NextBackOff()); err != nil {
			return fmt.Errorf("write state %s: %w", g, err)
		}
		if err := g.fetch(ctx); err != nil {
			return err
		}
		switch {
		case g.tip == commit:
			return nil // it had arrived
		case g.tip != "":
			return ErrTaken
		}
	}
}

// Records reads a key's records in order. A key that is read again is asked of the remote again:
// who looks twice waits for another runner's word.
func (g *Git) Records(ctx context.Context, k Key) ([]Record, error) {
	asked := g.fetches.Load()
	if err := g.take(ctx); err != nil {
		return nil, err
	}
	defer g.give()
	if g.seen[k] && g.fetches.Load() == asked { // nobody has looked since
		g.fetched = false
	}
	if err := g.fetchOnce(ctx); err != nil {
		return nil, err
	}
	g.seen[k] = true
	folder := g.String() + ":" + k.folder()
	entries, err := g.list(ctx, k.folder())
	if err != nil {
		return nil, err
	}
	names, ids := make([]string, len(entries)), make(map[string]string, len(entries))
	for i, e := range entries {
		names[i], ids[e.name] = e.name, e.id
	}
	return decodeRecords(folder, names, func(name string) ([]byte, error) {
		o, err := g.readObject(ctx, ids[name])
		if err != nil {
			return nil, err
		}
		if o == nil {
			return nil, &DamagedError{Where: folder + "/" + name, Reason: "the repository does not have it"}
		}
		return o.data, nil
	})
}

// Keys lists the keys of a project whose address begins with prefix.
func (g *Git) Keys(ctx context.Context, project, prefix string) ([]Key, error) {
	if err := g.take(ctx); err != nil {
		return nil, err
	}
	defer g.give()
	if err := g.fetchOnce(ctx); err != nil {
		return nil, err
	}
	base := "records/" + encodeName(project)
	addresses, err := g.list(ctx, base)
	if err != nil {
		return nil, err
	}
	var out []Key
	for _, a := range addresses {
		address, ok := decodeName(a.name)
		if !ok || !strings.HasPrefix(address, prefix) {
			continue
		}
		ranges, err := g.list(ctx, base+"/"+a.name)
		if err != nil {
			return nil, err
		}
		for _, r := range ranges {
			if name, ok := decodeName(r.name); ok {
				out = append(out, Key{Project: project, Address: address, Range: name})
			}
		}
	}
	slices.SortFunc(out, Key.Compare)
	return out, nil
}

// list reads a folder of the state; none where there is no branch or no such folder.
func (g *Git) list(ctx context.Context, folder string) ([]gitEntry, error) {
	if g.tip == "" {
		return nil, nil
	}
	return g.readTree(ctx, g.tip+":"+folder)
}
