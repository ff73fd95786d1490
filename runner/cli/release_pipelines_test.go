package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/runner/state/storetest"
)

// workflow is what is read here of a GitHub workflow and of the Action.
type workflow struct {
	Inputs map[string]struct{ Default string }
	Jobs   map[string]struct{ Steps []workflowStep }
}

type workflowStep struct {
	Name, ID, If, Uses string
	With               map[string]string
	Continue           bool `yaml:"continue-on-error"`
}

func readWorkflow(t *testing.T, path string) (w workflow) {
	t.Helper()
	if err := yaml.Unmarshal(must(os.ReadFile(path)), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// A pipeline that init has written does what it says, on GitHub and on GitLab: its steps are run as the runner would.
func testPipelines(t *testing.T, r release) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	_, clone := storetest.Git(t)
	dir, programs := clone(), t.TempDir()
	const commit = "git -c user.name=Anna -c user.email=anna@example.com commit -q "
	j := newJob(dir, programs, "CI_MERGE_REQUEST_DIFF_BASE_SHA=HEAD^1", "RUNNER_TEMP="+t.TempDir(), "GITHUB_STEP_SUMMARY="+filepath.Join(programs, "summary"))
	for _, step := range []string{
		"tar -xzf " + r.archive + " -C " + programs,
		"reportform init reports --ci github && reportform init reports --ci gitlab",
		"reportform record reports && reportform --chdir reports state init",
		"git add -A && " + commit + "-m before && sed -i 's/^    title: /&Our /' reports/reports.yaml && " + commit + "-a -m after",
	} {
		if code, stdout, stderr := j.run(t, step); code != 0 {
			t.Fatalf("%s: exit code %d\n%s%s", step, code, stdout, stderr)
		}
	}
	github := readWorkflow(t, filepath.Join(dir, ".github/workflows/reports.yaml"))
	t.Run("check", func(t *testing.T) {
		if code := j.steps(t, github.Jobs["check"].Steps); code != 0 {
			t.Errorf("exit code %d", code)
		}
		if summary := string(must(os.ReadFile(filepath.Join(programs, "summary")))); !strings.Contains(summary, "| **changed** | `weekly-chats` | look |") || !strings.Contains(summary, "1 test, 0 failed") {
			t.Errorf("the summary does not say what came out:\n%s", summary)
		}
	})
	t.Run("check on GitLab", func(t *testing.T) {
		gitlab := object(t, string(must(os.ReadFile(filepath.Join(dir, ".gitlab/reports.yml")))))
		for _, line := range gitlab["reports-check"].(map[string]any)["script"].([]any) {
			if code, stdout, stderr := j.run(t, line.(string)); code != 0 {
				t.Errorf("%s: exit code %d\n%s%s", line, code, stdout, stderr)
			}
		}
		for _, name := range []string{"tests.xml", "plan.md", "code-quality.json"} {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
				t.Errorf("%s is not written: %v", name, err)
			}
		}
	})
	t.Run("deliver", func(t *testing.T) {
		if code := j.steps(t, github.Jobs["deliver"].Steps); code != 0 {
			t.Errorf("exit code %d", code)
		}
		for _, kept := range []string{"reports.plan", "reports/out/*.xlsx", "reports/out/mail/*.eml"} {
			if len(must(filepath.Glob(filepath.Join(dir, kept)))) != 1 {
				t.Errorf("there is not one %s", kept)
			}
		}
	})
	t.Run("reviewed, as the README has it", func(t *testing.T) { testReviewed(t, j, filepath.Join(dir, "reports")) })
	t.Run("deliver beside something blocked", func(t *testing.T) {
		next := j
		next.dir = clone()
		blocked := "  blocked:\n    range: yesterday\n    datasets: {all: {source: demo.chats_summary, aggregate_by: day}}\n" +
			"    checks: [{assert: rows(all) > 99, message: too few}]\n    destinations: {archive: {file: {path: out/blocked.xlsx}}}\n"
		err := os.CopyFS(filepath.Join(next.dir, "reports"), os.DirFS(filepath.Join(dir, "reports")))
		err = errors.Join(err, os.RemoveAll(filepath.Join(next.dir, "reports", "out")))
		f := must(os.OpenFile(filepath.Join(next.dir, "reports", "reports.yaml"), os.O_APPEND|os.O_WRONLY, 0))
		_, failed := f.WriteString(blocked)
		if err := errors.Join(err, failed, f.Close()); err != nil {
			t.Fatal(err)
		}
		if code := next.steps(t, github.Jobs["deliver"].Steps); code != 1 {
			t.Errorf("exit code %d, want 1", code)
		}
		if written := must(filepath.Glob(filepath.Join(next.dir, "reports/out/*.xlsx"))); len(written) != 1 {
			t.Errorf("what is not blocked is not delivered: %v", written)
		}
	})
}

// testReviewed runs the README's pipelines with a reviewer, each on a repository of its own with the same reports.
func testReviewed(t *testing.T, j job, reports string) {
	readme := string(must(os.ReadFile("../../README.md")))
	_, readme, _ = strings.Cut(readme, "### Reviewed before it is sent")
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readme, 2)
	var github workflow
	var gitlab map[string]struct{ Script []string }
	if err := errors.Join(yaml.Unmarshal([]byte(blocks[0][1]), &github), yaml.Unmarshal([]byte(blocks[1][1]), &gitlab)); err != nil {
		t.Fatal(err)
	}
	for system, run := range map[string]func(job, string) int{
		"GitHub": func(j job, name string) int { return j.steps(t, github.Jobs[name].Steps) },
		"GitLab": func(j job, name string) int {
			code, stdout, stderr := j.run(t, strings.Join(gitlab[name].Script, " && "))
			t.Logf("%s: exit code %d\n%s%s", name, code, stdout, stderr)
			return code
		},
	} {
		_, clone := storetest.Git(t)
		here := j
		here.dir = clone()
		to := filepath.Join(here.dir, "reports")
		if err := errors.Join(os.CopyFS(to, os.DirFS(reports)), os.RemoveAll(filepath.Join(to, "out"))); err != nil {
			t.Fatal(err)
		}
		if code, stdout, stderr := here.run(t, "reportform --chdir reports state init"); code != 0 {
			t.Fatalf("exit code %d\n%s%s", code, stdout, stderr)
		}
		for _, name := range []string{"plan", "apply"} {
			if code := run(here, name); code != 0 {
				t.Errorf("%s: %s: exit code %d", system, name, code)
			}
		}
		if written := must(filepath.Glob(filepath.Join(to, "out/*.xlsx"))); len(written) != 1 {
			t.Errorf("%s: it has written %v", system, written)
		}
	}
}

// steps runs the steps of a job that use the Action as the runner would, and returns the job's exit code.
func (j job) steps(t *testing.T, steps []workflowStep) (code int) {
	t.Helper()
	action := must(filepath.Abs("../../.github/actions/reportform"))
	inputs := readWorkflow(t, filepath.Join(action, "action.yml")).Inputs
	outcomes := map[string]string{}
	for _, s := range steps {
		if !strings.HasPrefix(s.Uses, "reportform/") {
			continue
		}
		for name := range s.With {
			if _, known := inputs[name]; !known {
				t.Errorf("the Action has no input %q", name)
			}
		}
		switch condition := s.If; {
		case condition == "" && code != 0, strings.HasPrefix(condition, "steps.plan") && condition != "steps.plan.outcome == '"+outcomes["plan"]+"'":
			continue
		case !slices.Contains([]string{"", "${{ !cancelled() }}", "steps.plan.outcome == 'success'", "steps.plan.outcome == 'failure'"}, condition):
			t.Fatalf("the condition %q is not understood here", condition)
		}
		with := func(name string) string {
			if value, ok := s.With[name]; ok {
				return value
			}
			return inputs[name].Default
		}
		run := job{j.dir, slices.Concat(j.env, []string{
			"COMMAND=" + with("command"), "CONFIGURATION=" + with("path"), "ARGUMENTS=" + with("args"), "SUMMARY=" + with("summary"),
		})}
		failed, stdout, stderr := run.run(t, "bash "+action+"/run.sh")
		t.Logf("%s: exit code %d\n%s%s", s.Name, failed, stdout, stderr)
		outcomes[s.ID] = map[bool]string{true: "success", false: "failure"}[failed == 0]
		if !s.Continue {
			code = max(code, failed)
		}
	}
	return code
}
