package cli

import (
	"context"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/state"
)

// Surroundings is what the program takes from the machine; a test hands in its own.
type Surroundings struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Env looks up an environment name.
	Env func(name string) (string, bool)
	// Dir is the working directory, absolute.
	Dir string
	// Now is the real clock.
	Now func() time.Time
	// Sleep waits, or returns the context's error; nil waits by the real clock.
	Sleep func(ctx context.Context, d time.Duration) error
	// Random fills a slice with random bytes.
	Random func([]byte)
	// Terminal: a person reads Stdout and answers on Stdin. Progress: a person watches Stderr.
	Terminal, Progress bool
	// Width is how many columns the terminal of Stdout has; 0 where that is none, or not known.
	Width int
	// Stop is closed when the program is to stop at once, whatever is in flight. The context of Main, which ends before
	// that, lets the delivery in flight be finished.
	Stop <-chan struct{}
	// Store is put around the state where it is set; a test stops the program dead there, or counts.
	Store func(state.Store) state.Store
	// Version is the program's own.
	Version string
}

// System returns the real surroundings.
func System(version string) Surroundings {
	dir, err := os.Getwd()
	if err != nil {
		dir = "." // relative paths go on working where the folder itself cannot be named
	}
	isTerminal := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	return Surroundings{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Env: os.LookupEnv, Dir: dir, Now: time.Now,
		Random:   func(b []byte) { _, _ = rand.Read(b) }, // never fails: crypto/rand ends the program instead
		Terminal: isTerminal(os.Stdin) && isTerminal(os.Stdout),
		Progress: isTerminal(os.Stderr),
		Width:    width(os.Stdout),
		Version:  version,
	}
}

// width is that of the terminal that a file is; 0 where it is none.
func width(f *os.File) int {
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}

// path resolves a path that the user gave against the working directory.
func (p *program) path(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(p.Dir, name)
}

// calling is how the user calls the program on the configuration in a folder where a command takes no path: a command that
// is offered must be right when it is copied into the same terminal.
func (p *program) calling(folder string) string {
	call := "reportform"
	rel, err := filepath.Rel(p.home, folder)
	if err != nil {
		rel = folder
	}
	if rel != "." {
		call += " --chdir " + runner.ShellWord(rel)
	}
	if p.flags.policy == "" {
		return call
	}
	policy := p.path(p.flags.policy)
	if rel, err := filepath.Rel(folder, policy); err == nil && !filepath.IsAbs(p.flags.policy) {
		policy = rel
	}
	return call + " --policy " + runner.ShellWord(policy)
}

// folder is the one in which the named configuration lies.
func (p *program) folder(n named) string {
	path := p.path(strings.Join(n.path, ""))
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return filepath.Dir(path)
	}
	return path
}

// relative returns a path as the user would write it from the working directory.
func (p *program) relative(path string) string {
	rel, err := filepath.Rel(p.Dir, path)
	if err != nil || len(rel) > len(path) {
		return path
	}
	return rel
}
