package cli_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

const releaseVersion = "1.2.3"

// release is a release as CI jobs have it: an archive for this machine's system, and its checksum.
type release struct {
	archive, checksums string // their paths
}

// buildRelease builds one with the very flags that releases are built with, for Linux on any machine that can run it.
func buildRelease(t *testing.T) release {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program anew")
	}
	if runtime.GOOS != "linux" {
		t.Skip("CI jobs run on Linux")
	}
	var config struct {
		Builds []struct{ Env, Flags, Ldflags []string }
	}
	if err := yaml.Unmarshal(must(os.ReadFile("../../.goreleaser.yaml")), &config); err != nil {
		t.Fatal(err)
	}
	b, dir := config.Builds[0], t.TempDir()
	args := append([]string{"build", "-o", filepath.Join(dir, "reportform"), "-ldflags", strings.ReplaceAll(strings.Join(b.Ldflags, " "), "{{ .Version }}", releaseVersion)}, b.Flags...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, "../..")...)
	cmd.Env = append(os.Environ(), b.Env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	w := tar.NewWriter(z)
	for path, mode := range map[string]int64{filepath.Join(dir, "reportform"): 0o755, "../../LICENSE": 0o644, "../../README.md": 0o644, "../../CHANGELOG.md": 0o644} {
		data := must(os.ReadFile(path))
		err := w.WriteHeader(&tar.Header{Name: filepath.Base(path), Mode: mode, Size: int64(len(data))})
		_, failed := w.Write(data)
		if err := errors.Join(err, failed); err != nil {
			t.Fatal(err)
		}
	}
	name := "reportform_" + runtime.GOOS + "_" + runtime.GOARCH + ".tar.gz"
	r := release{filepath.Join(dir, name), filepath.Join(dir, "checksums.txt")}
	err := errors.Join(w.Close(), z.Close(), os.WriteFile(r.archive, packed.Bytes(), 0o644),
		os.WriteFile(r.checksums, fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(packed.Bytes()), name), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What a release is for: it is built once, and used by those who would.
func TestRelease(t *testing.T) {
	r := buildRelease(t)
	t.Run("readme", func(t *testing.T) { testReadme(t, r) })
	t.Run("action", func(t *testing.T) { testAction(t, r) })
	t.Run("pipelines", func(t *testing.T) { testPipelines(t, r) })
}

// job is where a CI job's commands run: a folder, and an environment in which nothing is but what is named.
type job struct {
	dir string
	env []string
}

func newJob(dir, programs string, secrets ...string) job {
	return job{dir, append([]string{"PATH=" + programs + ":/usr/local/bin:/usr/bin:/bin", "HOME=" + filepath.Dir(dir), "CI=true"}, secrets...)}
}

// run runs a line by the shell, and returns its exit code and what it printed.
func (j job) run(t *testing.T, line string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "/bin/sh", "-c", line)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = j.dir, j.env, &out, &errs
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// The Action installs what its release says, and nothing else, and shows in the job's summary what came out.
func testAction(t *testing.T, r release) {
	for _, program := range []string{"bash", "curl", "sha256sum"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	action := must(filepath.Abs("../../.github/actions/reportform"))
	released := http.NewServeMux()
	serve := func(from, archive, checksums string) {
		released.HandleFunc("GET "+from+filepath.Base(r.archive), func(w http.ResponseWriter, q *http.Request) { http.ServeFile(w, q, archive) })
		released.HandleFunc("GET "+from+"checksums.txt", func(w http.ResponseWriter, q *http.Request) { http.ServeFile(w, q, checksums) })
	}
	serve("/latest/download/", r.archive, r.checksums)
	serve("/download/v6.6.6/", "release_test.go", r.checksums)
	server := httptest.NewServer(released)
	defer server.Close()
	temp := t.TempDir()
	j := newJob(t.TempDir(), filepath.Join(temp, "reportform-latest"), "RUNNER_OS=Linux", "RUNNER_TEMP="+temp,
		"RUNNER_ARCH="+map[string]string{"amd64": "X64", "arm64": "ARM64"}[runtime.GOARCH],
		"GITHUB_PATH="+filepath.Join(temp, "path"), "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"), "RELEASES="+server.URL)
	// What is for the runner alone must reach it, and nobody else.
	masking := filepath.Join(j.dir, "masking")
	if err := errors.Join(os.Mkdir(masking, 0o755), os.WriteFile(filepath.Join(masking, "reportform"), []byte("#!/bin/sh\necho '::add-mask::wéry'\necho done\n"), 0o755)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		line, says string
		code       int
	}{
		{"VERSION=latest bash " + action + "/install.sh", "reportform " + releaseVersion, 0},
		{"VERSION=latest RELEASES=http://127.0.0.1:1 bash " + action + "/install.sh", "reportform " + releaseVersion, 0}, // it is there
		{"VERSION=v6.6.6 bash " + action + "/install.sh", "is not what its release says", 1},
		{"VERSION=v6.6.7 bash " + action + "/install.sh", "cannot be downloaded", 1},
		{"VERSION=../x bash " + action + "/install.sh", "version is the name of a release", 1},
		{"VERSION=latest RUNNER_ARCH=X86 bash " + action + "/install.sh", "there is no release for X86", 1},
		{"reportform init reports", "wrote", 0},
		{"COMMAND=apply CONFIGURATION=reports ARGUMENTS='--auto-approve   --target weekly-chats.archive' SUMMARY=true bash " + action + "/run.sh", "Apply complete: 1 written", 0},
		{"PATH=masking:$PATH COMMAND=show CONFIGURATION=x ARGUMENTS= SUMMARY=true bash " + action + "/run.sh", "::add-mask::wéry", 0},
		{"COMMAND=validate CONFIGURATION=nowhere ARGUMENTS= SUMMARY=true bash " + action + "/run.sh", "", 1},
		{"COMMAND=validate CONFIGURATION=reports ARGUMENTS='$(touch oops) *' SUMMARY=false bash " + action + "/run.sh", "", 1},
	} {
		code, stdout, stderr := j.run(t, c.line)
		if code != c.code || !strings.Contains(stdout, c.says) {
			t.Errorf("%s: exit code %d, want %d and %q\n%s%s", c.line, code, c.code, c.says, stdout, stderr)
		}
	}
	if path := string(must(os.ReadFile(filepath.Join(temp, "path")))); !strings.HasPrefix(path, filepath.Join(temp, "reportform-latest")+"\n") {
		t.Errorf("PATH gets %q", path)
	}
	if left := must(filepath.Glob(filepath.Join(temp, "reportform-v*"))); len(left) > 0 {
		t.Errorf("what was not what its release says is installed: %v", left)
	}
	if _, err := os.Stat(filepath.Join(j.dir, "oops")); err == nil {
		t.Error("arguments are run by a shell")
	}
	summary := string(must(os.ReadFile(filepath.Join(temp, "summary"))))
	if !strings.Contains(summary, "### reportform apply\n\n") || !strings.Contains(summary, "\n    Apply complete: 1 written.\n") ||
		!strings.Contains(summary, "\n    done\n") || strings.Contains(summary, "wéry") {
		t.Errorf("the summary is:\n%s", summary)
	}
}
