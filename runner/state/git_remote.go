package state

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// errRace says that another runner was faster: look again. errSilence says that the remote did not answer as it should:
// what was pushed may have arrived.
var (
	errRace    = errors.New("other runners were faster each time")
	errSilence = errors.New("the remote does not answer")
)

// maxLocked is how often a fetch is tried again while other runs in the same clone fetch: each holds git's lock for
// a moment, and they may be many.
const maxLocked = 50

// fetchOnce fetches the branch unless that was done.
func (g *Git) fetchOnce(ctx context.Context) error {
	if g.fetched {
		return nil
	}
	return g.fetch(ctx)
}

// gitRepository is what is known of the repository from the first look.
type gitRepository struct {
	sha256 bool
	// shallow is the path of the file that a shallow repository has.
	shallow string
}

// look learns what the repository is, once.
func (g *Git) look(ctx context.Context) error {
	if g.repo != nil {
		return nil
	}
	out, err := g.git(ctx, nil, "rev-parse", "--show-object-format", "--git-path", "shallow")
	if err != nil {
		return g.noRepository(err)
	}
	format, path, _ := strings.Cut(strings.TrimSpace(out), "\n")
	if path = filepath.FromSlash(path); !filepath.IsAbs(path) {
		path = filepath.Join(g.dir, path)
	}
	g.repo = &gitRepository{sha256: format == "sha256", shallow: path}
	return nil
}

// fetch reads the tip of the branch from the remote.
func (g *Git) fetch(ctx context.Context) error {
	g.fetches.Add(1)
	if err := g.look(ctx); err != nil {
		return err
	}
	copied := "refs/remotes/" + g.remote + "/" + g.branch
	// Git refuses a tip that does not come after the one that this clone has seen: the branch was put back. A shallow clone
	// cannot tell, and takes whatever there is.
	args := []string{
		"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-prune", "--no-filter", "--refmap=",
		g.remote, "refs/heads/" + g.branch + ":" + copied,
	}
	if _, err := os.Stat(g.repo.shallow); err == nil {
		args[len(args)-1] = "+" + args[len(args)-1]
		// Elsewhere it would make a whole repository a shallow one.
		args = slices.Insert(args, 1, "--depth=1")
	}
	tip, wait := "", jitter()
	for tries := 1; ; tries++ {
		_, err := g.git(ctx, nil, args...)
		if err == nil {
			found, err := g.readObject(ctx, copied+"^{commit}")
			if err != nil {
				return err
			}
			if found == nil {
				return fmt.Errorf("read state %s: git has fetched no commit of it from the remote %q", g, g.remote)
			}
			tip = found.id
			break
		}
		var e *gitError
		if !errors.As(err, &e) {
			return err
		}
		if e.says("couldn't find remote ref refs/heads/" + g.branch) {
			break
		}
		if refused := g.refused(e, "contents: read"); refused != nil {
			return refused
		}
		if e.says("'" + g.remote + "' does not appear to be a git repository") {
			return fmt.Errorf("the repository has no remote %q, to which the state %s is pushed\n\nTo name one:\n    git remote add %s URL", g.remote, g, g.remote)
		}
		most := maxSilences
		if e.says(".lock': File exists") {
			most = maxLocked
		}
		putBack := e.words == "" && ctx.Err() == nil // it says no more under --quiet; another run of the clone may have been faster
		if putBack && tries >= most {
			return fmt.Errorf("the branch %q of the remote %q lacks records that this clone has seen: it was put back or replaced, and what they say was delivered would be sent again\n\nTo bring them back:\n    git push --force %s %s:refs/heads/%s\n\nOr, where that was meant, to forget them here as well:\n    git update-ref -d %s",
				g.branch, g.remote, g.remote, copied, g.branch, copied)
		}
		if tries >= most || ctx.Err() != nil {
			return fmt.Errorf("read state %s of the remote %q: %w", g, g.remote, err)
		}
		if err := g.sleep(ctx, wait.NextBackOff()); err != nil {
			return fmt.Errorf("read state %s: %w", g, err)
		}
	}
	return g.know(ctx, tip)
}

// know takes a tip for the state's, if it is the same state as before.
func (g *Git) know(ctx context.Context, tip string) error {
	var root *gitObject
	if tip != "" {
		var err error
		if root, err = g.readObject(ctx, tip+":root.json"); err != nil {
			return err
		}
		if root == nil {
			return fmt.Errorf("the branch %q of the remote %q is no state: it has no root.json; give the state a branch of its own, such as git:reportform-state", g.branch, g.remote)
		}
	}
	if g.root != nil && (root == nil || root.id != g.root.id) {
		return fmt.Errorf("the branch %q of the remote %q was removed or replaced while this run was using it: nothing was written to it", g.branch, g.remote)
	}
	g.tip, g.root, g.fetched, g.seen = tip, root, true, map[Key]bool{}
	return nil
}

// push offers a commit to the remote, which takes it if its branch still is at the tip.
func (g *Git) push(ctx context.Context, commit string) error {
	ref := "refs/heads/" + g.branch
	out, err := g.git(ctx, nil, "push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no",
		"--force-with-lease="+ref+":"+g.tip, g.remote, commit+":"+ref)
	if err == nil && strings.HasPrefix(pushVerdict(out, "="), "[up to date]") {
		return fmt.Errorf("write state %s: %w", g, errRace) // another runner has made the very same commit
	}
	var e *gitError
	if !errors.As(err, &e) {
		return err
	}
	verdict := pushVerdict(e.out, "!")
	switch {
	case strings.Contains(verdict, "[remote rejected]") && !contended(verdict):
		return g.mayNot(e, verdict)
	case verdict != "" && !strings.Contains(verdict, "[remote failure]"):
		return fmt.Errorf("write state %s: %w", g, errRace)
	}
	if refused := g.refused(e, "contents: write"); refused != nil {
		return refused
	}
	return fmt.Errorf("write state %s: %w: %w", g, errSilence, err)
}

// pushVerdict is what became of the branch, as push says it line by line after a flag: "! FROM:TO  [rejected] (stale info)".
func pushVerdict(porcelain, flag string) string {
	for line := range strings.Lines(porcelain) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 && fields[0] == flag {
			return fields[2]
		}
	}
	return ""
}

// contended tells two runners who met in the remote itself from a remote that refuses.
func contended(verdict string) bool {
	for _, sign := range []string{"cannot lock ref", "failed to lock", "failed to update ref", "incorrect old value", "reference already exists", "fetch first", "non-fast-forward"} {
		if strings.Contains(verdict, sign) {
			return true
		}
	}
	return false
}

// refused is the error for a remote that knows us and does not let us, or does not know us; nil for others.
func (g *Git) refused(e *gitError, permission string) error {
	if !e.says("error: 403", "error: 401", "ermission denied", "Permission to ", "uthentication failed", "could not read Username", "could not read Password",
		"not allowed to", "access denied", "Access denied", "marked as read only", "Write access to repository not granted") {
		return nil
	}
	return g.mayNotWith(e.words, permission)
}

func (g *Git) mayNot(e *gitError, verdict string) error {
	words := strings.TrimSpace(verdict)
	if e.words != "" {
		words += ": " + e.words
	}
	return g.mayNotWith(words, "contents: write")
}

// mayNotWith shows what a pipeline needs, since that is where this is met.
func (g *Git) mayNotWith(words, permission string) error {
	return fmt.Errorf(`the remote %q refuses the state's branch %q: %s

On GitHub Actions the job needs this permission, and no rule may protect the branch:
    permissions:
      %s

On GitLab the remote's address needs a token with write_repository`,
		g.remote, g.branch, words, permission)
}

// noRepository says that git finds no repository, or does not trust it.
func (g *Git) noRepository(err error) error {
	var e *gitError
	if errors.As(err, &e) && e.says("not a git repository") {
		return fmt.Errorf("the state %s is a branch of the configuration's repository, and %s is in none: run this in a clone, or keep the state elsewhere", g, g.dir)
	}
	return fmt.Errorf("read state %s: %w", g, err)
}
