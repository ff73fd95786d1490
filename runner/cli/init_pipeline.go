package cli

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/reportform/reportform/runner/state"
)

//go:embed init/github.yaml init/gitlab.yml init/gitlab-ci.yml init/state.yaml
var initPipelines embed.FS

// ciSystem is a CI system that init writes pipelines for.
type ciSystem struct {
	name string
	// template is the pipeline's, and file its place in the repository.
	template, file string
	// entry is what leads the system to that file, where it does not look there by itself.
	entry, entryFile string
	// secrets says where they are kept.
	secrets string
}

var ciSystems = []ciSystem{
	{name: "github", template: "github.yaml", file: ".github/workflows/reports.yaml", secrets: "Settings, Secrets and variables, Actions"},
	{
		name: "gitlab", template: "gitlab.yml", file: ".gitlab/reports.yml", entry: "gitlab-ci.yml", entryFile: ".gitlab-ci.yml",
		secrets: "Settings, CI/CD, Variables",
	},
}

// initSecrets are the names that the comments of the first configuration read.
var initSecrets = []string{"SMTP_PASSWORD", "SMTP_USERNAME", "THULIUM_PASSWORD", "THULIUM_USERNAME"}

// releases is where releases are downloaded from.
const releases = "https://github.com/reportform/reportform/releases"

// pipeline is what the templates are filled with.
type pipeline struct {
	// Folder is the configuration's, seen from the root of the repository; "." where it is that.
	Folder string
	// File is the pipeline's own.
	File    string
	Secrets []string
	// Release is the one to be downloaded, or latest; Ref is where in the program's repository its Action is taken from.
	Release, Ref string
}

// Changes are the paths whose changes concern the pipeline; none where it is all of them.
func (p pipeline) Changes() []string {
	if p.Folder == "." {
		return nil
	}
	return []string{p.Folder + "/**/*", p.File}
}

// Out is the folder for files that first configurations have.
func (p pipeline) Out() string { return path.Join(p.Folder, "out") + "/" }

// Download is the address of the release's files.
func (p pipeline) Download() string {
	if p.Release == "latest" {
		return releases + "/latest/download"
	}
	return releases + "/download/" + p.Release
}

// isRelease tells the version of a release from that of a program which somebody has built.
var isRelease = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+$`)

// plainPath are folders that need no quotes, in YAML or in a shell.
var plainPath = regexp.MustCompile(`^[A-Za-z0-9_.][A-Za-z0-9_./-]*$`)

// initPipeline writes a pipeline for the configuration in a folder, and a first configuration where there is none.
func (p *program) initPipeline(dir, name string) error {
	i := slices.IndexFunc(ciSystems, func(s ciSystem) bool { return s.name == name })
	if i < 0 {
		return fmt.Errorf("--ci %q is no CI system that init knows: write github or gitlab", name)
	}
	system := ciSystems[i]
	root, folder, err := p.repository(dir)
	if err != nil {
		return err
	}
	to := pipeline{Folder: folder, File: system.file, Secrets: initSecrets, Release: "latest", Ref: "main"}
	if isRelease.MatchString(p.Version) {
		to.Release = "v" + strings.TrimPrefix(p.Version, "v")
		to.Ref = to.Release
	}
	configured, shared := configuredBy(p.path(dir)) != "", true
	if configured {
		c, err := p.load([]string{dir}, variableFlags{})
		if err != nil {
			return err
		}
		to.Secrets, shared = c.EnvironmentNames(), state.Shared(c.State.Location)
	}
	files, included, err := system.files(root, to)
	if err != nil {
		return err
	}
	if text, err := os.ReadFile(files[0].path); err == nil && folder != "." && !bytes.Contains(text, []byte(to.Changes()[0])) {
		return fmt.Errorf("init writes over nothing, and %s exists already\nIt is yours to change: for a second folder copy its jobs under other names, with %s in the place of the first", p.relative(files[0].path), folder)
	}
	if configured {
		if err = p.absent(files); err == nil {
			err = p.writeNew(files)
		}
	} else {
		err = p.initReports(dir, withState(initReports, mustRead("init/state.yaml")), files...)
	}
	if err != nil {
		return err
	}
	p.nextSteps(dir, system, to, included, shared)
	return nil
}

// repository finds the git repository around a folder, which need not exist yet, and the folder's path in it.
func (p *program) repository(dir string) (root, folder string, err error) {
	full := p.path(dir)
	for root = full; ; root = filepath.Dir(root) {
		if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", "", fmt.Errorf("look for the git repository: %w", err)
		}
		if root == filepath.Dir(root) {
			return "", "", fmt.Errorf("a pipeline belongs to a git repository, and %s lies in none\n\nTo begin one here:\n    git init", dir)
		}
	}
	folder, err = filepath.Rel(root, full)
	folder = filepath.ToSlash(folder)
	if err == nil && !plainPath.MatchString(folder) {
		err = fmt.Errorf("init writes pipelines for folders whose path has only letters, digits, and . _ - /, and not for %q", folder)
	}
	return root, folder, err
}

// files are the pipeline's in a repository. included is false where the CI system must be led to them by somebody's own file.
func (s ciSystem) files(root string, to pipeline) (files []initFile, included bool, err error) {
	t, err := template.New(s.template).Delims("[[", "]]").ParseFS(initPipelines, "init/"+s.template)
	if err != nil {
		return nil, false, err
	}
	var text bytes.Buffer
	if err := t.Execute(&text, to); err != nil {
		return nil, false, err
	}
	files = []initFile{{filepath.Join(root, filepath.FromSlash(s.file)), text.Bytes()}}
	if s.entry == "" {
		return files, true, nil
	}
	entry := filepath.Join(root, s.entryFile)
	if _, err := os.Lstat(entry); err == nil {
		return files, false, nil
	}
	return append(files, initFile{entry, mustRead("init/" + s.entry)}), true, nil
}

// nextSteps says what only people can do.
func (p *program) nextSteps(dir string, s ciSystem, to pipeline, included, shared bool) {
	if !included {
		p.lines("\nYour %s leads there with:\n%s", s.entryFile, snippet(mustRead("init/"+s.entry)))
	}
	if !shared {
		p.lines("\nA pipeline's folders go with its job. These lines in the configuration keep what was delivered in a branch:\n%s", snippet(mustRead("init/state.yaml")))
	}
	if len(to.Secrets) > 0 {
		p.lines("\nSecrets that the reports name go under %s:\n    %s\n", s.secrets, strings.Join(to.Secrets, "\n    "))
	}
	p.lines("\nBegin the memory of what was delivered, once:\n    %s state init\n", p.calling(p.path(dir)))
}

// snippet is a text to be copied, without its comments.
func snippet(text []byte) string {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			b.WriteString("    " + line)
		}
	}
	return b.String()
}

// withState puts the section about the state into the first configuration, before its connections.
func withState(reports, section []byte) []byte {
	return bytes.Replace(reports, []byte("connections:\n"), append(section, "connections:\n"...), 1)
}

func mustRead(name string) []byte {
	data, err := initPipelines.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return data
}
