package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/runner/cli"
)

// pipelineOf is what init writes for a CI system by a program of some version, for a configuration in the folder reports.
func pipelineOf(t *testing.T, system, file, version string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := cli.System(version)
	var said bytes.Buffer
	s.Stdout, s.Stderr, s.Dir = &said, &said, dir
	if code := cli.Main(t.Context(), []string{"init", "reports", "--ci", system}, s); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said.String())
	}
	return string(must(os.ReadFile(filepath.Join(dir, file))))
}

// object reads YAML whose top is a map.
func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// A pipeline goes on running what its author has seen: the release that wrote it, and actions by their commits.
func TestPipelinesArePinned(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^actions/[a-z-]+@[0-9a-f]{40}$`)
	action := "reportform/reportform/.github/actions/reportform@"
	for version, release := range map[string]string{"1.4.0": "v1.4.0", "v1.4.0": "v1.4.0", "dev": "latest", "1.4.1-snapshot": "latest"} {
		text := pipelineOf(t, "github", ".github/workflows/reports.yaml", version)
		ref := strings.Replace(release, "latest", "main", 1)
		for _, uses := range regexp.MustCompile(`uses: (\S+)`).FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(uses[1]) && uses[1] != action+ref {
				t.Errorf("%s: uses %s", version, uses[1])
			}
		}
		if strings.Count(text, "version: "+release+"\n") != strings.Count(text, action) {
			t.Errorf("%s: the Action is not told to take %s:\n%s", version, release, text)
		}
		from := "/releases/download/" + release + "/checksums.txt"
		if release == "latest" {
			from = "/releases/latest/download/checksums.txt"
		}
		if text := pipelineOf(t, "gitlab", ".gitlab/reports.yml", version); !strings.Contains(text, from) {
			t.Errorf("%s: GitLab's does not take %s:\n%s", version, release, text)
		}
	}
	for _, file := range must(filepath.Glob("../../.github/workflows/*.yml")) {
		for _, uses := range regexp.MustCompile(`uses: (\S+)`).FindAllStringSubmatch(string(must(os.ReadFile(file))), -1) {
			if !pinned.MatchString(uses[1]) {
				t.Errorf("%s uses %s", file, uses[1])
			}
		}
	}
}

// Who opens a pull request gets to see no secret, and may write nothing.
func TestPullRequestsGetNoSecret(t *testing.T) {
	t.Parallel()
	workflow := object(t, pipelineOf(t, "github", ".github/workflows/reports.yaml", "1.4.0"))
	if p, ok := workflow["permissions"].(map[string]any); !ok || len(p) > 0 {
		t.Errorf("every job may %v", workflow["permissions"])
	}
	jobs := workflow["jobs"].(map[string]any)
	check := jobs["check"].(map[string]any)
	if p := check["permissions"]; !reflect.DeepEqual(p, map[string]any{"contents": "read"}) {
		t.Errorf("the job for pull requests may %v", p)
	}
	if text := string(must(yaml.Marshal(check))); strings.Contains(text, "secrets.") || !strings.Contains(text, "--offline") {
		t.Errorf("the job for pull requests:\n%s", text)
	}
	deliver := jobs["deliver"].(map[string]any)
	if p := deliver["permissions"]; !reflect.DeepEqual(p, map[string]any{"contents": "write"}) {
		t.Errorf("the job that delivers may %v", p)
	}
	if on := workflow["on"].(map[string]any); on["pull_request_target"] != nil || on["schedule"] == nil {
		t.Errorf("it runs on %v", on)
	}
}

// The component for GitLab and the pipeline that init writes are the same jobs.
func TestGitLabComponentIsThePipeline(t *testing.T) {
	t.Parallel()
	inputs, body, _ := strings.Cut(string(must(os.ReadFile("../../.github/gitlab/templates/reportform.yml"))), "\n---\n")
	values := map[string]string{"path": "reports", "version": "v1.4.0"}
	for name, input := range object(t, inputs)["spec"].(map[string]any)["inputs"].(map[string]any) {
		if values[name] == "" {
			values[name], _ = input.(map[string]any)["default"].(string)
		}
	}
	body = regexp.MustCompile(`\$\[\[ inputs\.(\w+) \]\]`).ReplaceAllStringFunc(body, func(s string) string {
		return values[strings.TrimSuffix(strings.TrimPrefix(s, "$[[ inputs."), " ]]")]
	})
	component := object(t, strings.ReplaceAll(body, `"reports"`, "reports"))
	written := object(t, pipelineOf(t, "gitlab", ".gitlab/reports.yml", "1.4.0"))
	// A component leaves it to its user when it runs in the order of stages, and which changes concern it.
	delete(component[".reportform"].(map[string]any), "stage")
	delete(written["reports-check"].(map[string]any)["rules"].([]any)[0].(map[string]any), "changes")
	if !reflect.DeepEqual(component, written) {
		t.Errorf("component:\n%s\nwritten by init:\n%s", must(yaml.Marshal(component)), must(yaml.Marshal(written)))
	}
}
