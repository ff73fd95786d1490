package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// revision is a folder as it stands in a commit, read from git's objects: the work tree is neither looked at nor touched,
// and nothing of the commit is written to disk.
type revision struct {
	ctx context.Context
	// dir is where git is run; name the one that the user gave; commit the commit's name in full.
	dir, name, commit string
	// folder is the one in the commit, with slashes and from the repository's top; "." for that.
	folder string
}

var (
	_ fs.ReadDirFS  = revision{}
	_ fs.ReadFileFS = revision{}
)

// mostOfFile bounds a file from a commit, in bytes: a workbook that is a template is the largest that is looked at.
const mostOfFile = 32 << 20

// mostLinks is how many links a name may lead through.
const mostLinks = 8

// gitTakes is how long one command of git may take; nothing is fetched.
const gitTakes = time.Minute

// openRevision finds a commit in the repository that a folder lies in; shown is how the folder is named to the user.
func openRevision(ctx context.Context, folder, shown, name string) (*revision, error) {
	r := revision{ctx: ctx, dir: folder, name: name}
	if strings.HasPrefix(name, "-") {
		return nil, fmt.Errorf("--base %q is no revision of git: write a branch, a tag or a commit, such as origin/main", name)
	}
	top, err := r.git("rev-parse", "--show-toplevel")
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("--base needs the program git, which is not installed here")
	case err != nil:
		return nil, fmt.Errorf("--base %q: %s is in no repository of git that can be read\n%w", name, shown, err)
	}
	commit, err := r.git("rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		return nil, r.missing()
	}
	r.commit = strings.TrimSpace(commit)
	// The way from the top, by names that git and the system agree on.
	prefix, err := r.git("rev-parse", "--show-prefix")
	if err != nil {
		return nil, fmt.Errorf("--base %q: %w", name, err)
	}
	r.dir = strings.TrimSuffix(top, "\n")
	r.folder = path.Clean(strings.TrimSuffix(prefix, "\n"))
	return &r, nil
}

// sha is the name of a commit in full.
var sha = regexp.MustCompile(`^[0-9a-f]{40}(?:[0-9a-f]{24})?$`)

// missing says of a base that is not there how it is had, or what was meant.
func (r revision) missing() error {
	none := fmt.Sprintf("--base %q is no commit that this clone has", r.name)
	if shallow, _ := r.git("rev-parse", "--is-shallow-repository"); strings.TrimSpace(shallow) != "true" && !sha.MatchString(r.name) {
		branches, _ := r.git("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
		if near := diag.Nearest(r.name, strings.Fields(branches)); near != "" {
			none += fmt.Sprintf("\nDid you mean %q?", near)
		}
		return errors.New(none)
	}
	fetch := "git fetch --depth=1 origin "
	switch branch, remote := strings.CutPrefix(r.name, "origin/"); {
	case strings.ContainsAny(branch, "^~@:"): // a way from another commit, such as HEAD^1
		fetch = "git fetch --unshallow"
	case sha.MatchString(r.name):
		fetch += r.name
	case remote:
		fetch += runner.ShellWord(branch + ":refs/remotes/" + r.name)
	default:
		fetch += runner.ShellWord(branch + ":" + branch)
	}
	return fmt.Errorf("%s\nA pipeline's clone often has the latest commit alone. Fetch the one that is meant before:\n    %s", none, fetch)
}

// git runs a command that only reads, and returns its standard output.
func (r revision) git(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(r.ctx, gitTakes)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"}, args...)...)
	cmd.Dir = r.dir
	// Names that point git at another repository come from hooks; nothing is asked of anybody, over the network either.
	foreign := func(s string) bool { return strings.HasPrefix(s, "GIT_") && !strings.HasPrefix(s, "GIT_CONFIG_") }
	cmd.Env = append(slices.DeleteFunc(cmd.Environ(), foreign), "LC_ALL=C", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1")
	cmd.WaitDelay = 5 * time.Second
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	err := cmd.Run()
	if text := strings.TrimPrefix(strings.TrimSpace(words.String()), "fatal: "); err != nil && text != "" {
		return "", errors.New(text)
	}
	return out.String(), err
}

// entry is a name in a tree of git. It is the [fs.DirEntry] and [fs.FileInfo] of the name.
type entry struct {
	name, mode, object string
	size               int64
}

func (e entry) Name() string               { return e.name }
func (e entry) Size() int64                { return e.size }
func (e entry) ModTime() time.Time         { return time.Time{} }
func (e entry) Sys() any                   { return nil }
func (e entry) IsDir() bool                { return e.mode == "040000" }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }
func (e entry) Type() fs.FileMode          { return e.Mode().Type() }

// Mode implements fs.FileInfo. What is neither file, folder nor link, such as a submodule, is irregular.
func (e entry) Mode() fs.FileMode {
	switch {
	case e.IsDir():
		return fs.ModeDir | 0o555
	case e.mode == "120000":
		return fs.ModeSymlink | 0o444
	case strings.HasPrefix(e.mode, "100"):
		return 0o444
	}
	return fs.ModeIrregular
}

// list reads names of a tree: those that the paths say, or with a slash at the end what is in them.
func (r revision) list(name string) ([]entry, error) {
	out, err := r.git("ls-tree", "-z", "--long", "--full-tree", r.commit, "--", name)
	if err != nil {
		return nil, err
	}
	var all []entry
	for line := range strings.SplitSeq(strings.TrimSuffix(out, "\x00"), "\x00") {
		about, name, ok := strings.Cut(line, "\t")
		fields := strings.Fields(about)
		if !ok || len(fields) != 4 {
			continue // an empty list
		}
		size, _ := strconv.ParseInt(fields[3], 10, 64) // a folder has none
		all = append(all, entry{name: path.Base(name), mode: fields[0], object: fields[2], size: size})
	}
	return all, nil
}

// find looks a name up, and follows links that stay within the folder.
func (r revision) find(op, name string) (at string, e entry, err error) {
	fail := func(err error) (string, entry, error) { return "", e, &fs.PathError{Op: op, Path: name, Err: err} }
	if !fs.ValidPath(name) {
		return fail(fs.ErrInvalid)
	}
	at = name
	for range mostLinks {
		if full := path.Join(r.folder, at); full == "." {
			return at, entry{name: ".", mode: "040000"}, nil
		} else if list, err := r.list(full); err != nil {
			return fail(err)
		} else if len(list) != 1 {
			return fail(fs.ErrNotExist)
		} else if e = list[0]; e.Type() != fs.ModeSymlink {
			return at, e, nil
		}
		to, err := r.git("cat-file", "blob", e.object)
		next := path.Join(path.Dir(at), to)
		if err != nil || path.IsAbs(to) || !fs.ValidPath(next) {
			return fail(errors.New("it is a link that leads out of the folder"))
		}
		at = next
	}
	return fail(errors.New("it is a link that leads to itself"))
}

// Open implements fs.FS.
func (r revision) Open(name string) (fs.File, error) {
	data, err := r.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return &opened{entry{name: path.Base(name), mode: "100644", size: int64(len(data))}, bytes.NewReader(data)}, nil
}

// ReadFile implements fs.ReadFileFS.
func (r revision) ReadFile(name string) ([]byte, error) {
	_, e, err := r.find("read", name)
	switch {
	case err != nil:
		return nil, err
	case !e.Mode().IsRegular():
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("it is no file")}
	case e.size > mostOfFile:
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it has more than %d bytes", mostOfFile)}
	}
	data, err := r.git("cat-file", "blob", e.object)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return []byte(data), nil
}

// ReadDir implements fs.ReadDirFS.
func (r revision) ReadDir(name string) ([]fs.DirEntry, error) {
	at, e, err := r.find("read", name)
	if err != nil {
		return nil, err
	}
	if !e.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("it is no folder")}
	}
	list, err := r.list(path.Join(r.folder, at) + "/")
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	out := make([]fs.DirEntry, len(list))
	for i, e := range list {
		out[i] = e
	}
	return out, nil
}

// Sub implements fs.SubFS, so that a folder within is looked up in the commit as well.
func (r revision) Sub(folder string) (fs.FS, error) {
	r.folder = path.Join(r.folder, folder)
	return r, nil
}

// opened is a file that has been read.
type opened struct {
	entry
	*bytes.Reader
}

func (f *opened) Size() int64                { return f.entry.Size() }
func (f *opened) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *opened) Close() error               { return nil }

var _ io.Reader = (*opened)(nil)

// holds reports whether the commit has a name.
func (r revision) holds(name string) bool {
	_, _, err := r.find("stat", name)
	return err == nil
}

// before reads a configuration as it stood at its base, with the same values of variables from outside the files. It is
// nil where there was none.
func (p *program) before(c chosen, v variableFlags) (*configuration, error) {
	file := "."
	if full := p.path(strings.Join(c.named.path, "")); !isFolder(full) {
		file = filepath.Base(full)
	}
	if !c.base.holds(file) {
		return nil, nil
	}
	options, err := p.options(c.folder, v)
	if err != nil {
		return nil, err
	}
	config, problems, err := spec.Load(*c.base, file, options)
	return &configuration{Config: config, folder: c.folder, warnings: problems}, err
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
