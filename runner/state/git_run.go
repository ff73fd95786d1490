package state

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// gitPatience is how long one command of git may take, the network's included.
const gitPatience = time.Minute

// gitSettings keep git's own and the user's automatisms out: no hook of the repository runs, and nothing is tidied
// up behind the program's back.
var gitSettings = []string{"-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false"}

// gitEnvironment makes git speak English, which is read here; it never asks anybody, and signs commits in its own name.
var gitEnvironment = []string{
	"LC_ALL=C", "LANGUAGE=", "GIT_TERMINAL_PROMPT=0", "GCM_INTERACTIVE=never", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1",
	"GIT_AUTHOR_NAME=reportform", "GIT_AUTHOR_EMAIL=reportform@localhost",
	"GIT_COMMITTER_NAME=reportform", "GIT_COMMITTER_EMAIL=reportform@localhost",
}

// gitForeign are names that point git at another repository than the configuration's, as inside a hook,
// or make it print what it sends, the token included.
var gitForeign = regexp.MustCompile(`^(GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|` +
	`SHALLOW_FILE|GRAFT_FILE|INTERNAL_SUPER_PREFIX|QUARANTINE_PATH|DEFAULT_HASH|(TRACE|CURL)[A-Z0-9_]*)|LANG|LC_[A-Z]+|LANGUAGE)=`)

// gitError is a command of git that failed, in git's own words without what is secret.
type gitError struct {
	command string
	words   string
	out     string // standard output
	err     error
}

func (e *gitError) Error() string {
	if e.words == "" {
		return fmt.Sprintf("git %s: %v", e.command, e.err)
	}
	return fmt.Sprintf("git %s: %s", e.command, e.words)
}

func (e *gitError) Unwrap() error { return e.err }

// says reports whether git's words contain one of some texts.
func (e *gitError) says(texts ...string) bool {
	all := e.out + "\n" + e.words
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(all, t) })
}

// command prepares a run of git in the configuration's folder.
func (g *Git) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(slices.Clone(gitSettings), args...)...)
	cmd.Dir = g.dir
	cmd.Env = append(slices.DeleteFunc(cmd.Environ(), gitForeign.MatchString), gitEnvironment...)
	cmd.WaitDelay = 5 * time.Second
	isolate(cmd)
	return cmd
}

// git runs a command, and returns its standard output.
func (g *Git) git(ctx context.Context, stdin []byte, args ...string) (string, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, gitPatience, fmt.Errorf("no answer within %s", gitPatience))
	defer cancel()
	cmd := g.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &errs
	err := cmd.Run()
	if err == nil {
		return out.String(), nil
	}
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("the state %s needs the program git, which is not installed here", g)
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
		return "", &gitError{command: args[0], words: err.Error(), err: err}
	}
	return "", &gitError{command: args[0], words: gitWords(errs.String()), out: out.String(), err: err}
}

var (
	gitUser  = regexp.MustCompile(`://[^/\s'"]*@`)
	gitQuery = regexp.MustCompile(`(://[^\s'"?]*)\?[^\s'"]*`)
)

// gitWords is what git says, in one line, without the user and password that a remote's address may hold.
func gitWords(stderr string) string {
	stderr = gitQuery.ReplaceAllString(gitUser.ReplaceAllString(stderr, "://"), "$1")
	var lines []string
	for line := range strings.Lines(stderr) {
		line = strings.Join(strings.Fields(line), " ")
		for _, prefix := range []string{"remote: ", "fatal: ", "error: "} {
			line = strings.TrimPrefix(line, prefix)
		}
		// Hints are for people at a prompt, and that a push failed is known.
		if line != "" && line != "remote:" && !strings.HasPrefix(line, "hint: ") && !strings.HasPrefix(line, "failed to push some refs") {
			lines = append(lines, strings.TrimSuffix(line, "."))
		}
	}
	words := strings.Join(lines, "; ")
	if len(words) > 600 {
		words = strings.ToValidUTF8(words[:600], "") + " …"
	}
	return words
}
