package runner

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/email"
	"github.com/reportform/reportform/outputs/file"
	"github.com/reportform/reportform/outputs/xlsx"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/source/thulium"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/schema"
	"github.com/reportform/reportform/spec"
)

const planned = `
version: 1
settings: {project: p, timezone: Europe/Warsaw}
variables:
  queues: {type: list(text), default: ["1", "a, b"]}
  team: {type: text, default: support}
  token: {type: text, secret: true}
connections:
  demo: {type: demo}
  try: {type: outbox, directory: out, from: reports@example.com}
  office: {type: smtp, host: mail.example.com, from: reports@example.com, username: somebody, password: "${env.PASSWORD}"}
reports:
  weekly:
    range: last_week
    datasets:
      by_day: {source: demo.chats_summary, aggregate_by: day}
    destinations:
      archive:
        file: {path: "a/weekly-${range.from}.xlsx"}
      rehearsal:
        email: {via: try, to: [a@example.com, b@example.com], subject: "${var.team}", attach: [workbook]}
      real:
        email: {via: office, to: [a@example.com], subject: Chats}
`

type silent struct{}

func (silent) Observe(Event) {}

// planner is a runner over the configuration above, with its own folders.
func planner(t testing.TB) *Runner {
	t.Helper()
	catalog := thulium.Catalog()
	c, problems, err := spec.Load(fstest.MapFS{"r.yaml": {Data: []byte(planned)}}, "r.yaml", spec.Options{
		Catalogs: map[string]map[string]*spec.Source{"demo": catalog, "thulium": catalog},
	})
	if err != nil || problems.HasErrors() {
		t.Fatalf("load: %v, %v", problems, err)
	}
	root := t.TempDir()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	n := byte(0)
	return &Runner{
		Config: c, Clock: clock, At: now, Root: root, Dir: t.TempDir(), ID: "run", Observer: silent{}, Secret: func(string) {},
		Env:    func(name string) (string, bool) { return "a secret of " + name, true },
		Store:  state.OpenFile(filepath.Join(root, ".reportform")),
		Client: source.New(source.Options{Demo: thulium.Demo(thulium.DemoOptions{Now: clock}), Now: clock}),
		Random: func(b []byte) {
			for i := range b {
				n++
				b[i] = n
			}
		},
		Kinds: func(t outputs.Target) (outputs.Output, error) {
			if t.File != nil {
				return file.New(*t.File, map[string]outputs.Renderer{".xlsx": xlsx.Renderer{}})
			}
			return email.New(*t.Mail, func(outputs.DataFormat) map[string]outputs.Renderer {
				return map[string]outputs.Renderer{".xlsx": xlsx.Renderer{}}
			}, email.Options{Now: clock})
		},
	}
}

// saved is a plan file.
func saved(t testing.TB, r *Runner) []byte {
	t.Helper()
	p, problems, err := r.Plan(t.Context(), PlanOptions{})
	if err != nil || problems.HasErrors() {
		t.Fatalf("plan: %v, %v", problems, err)
	}
	var out bytes.Buffer
	if _, err := r.Save(t.Context(), &out, p, SaveOptions{Configuration: ".", Command: []string{"plan"}, Program: "test"}); err != nil {
		t.Fatalf("save: %v", err)
	}
	return out.Bytes()
}

func read(data []byte) (*Saved, error) { return ReadPlan(bytes.NewReader(data), int64(len(data))) }

func TestWhatIsSavedIsWhatTheSchemaSays(t *testing.T) {
	data := saved(t, planner(t))
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	first, err := z.Open(planMember)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(first)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	if err := c.AddResource("plan.json", bytes.NewReader(schema.Plan1)); err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if err := c.MustCompile("plan.json").Validate(v); err != nil {
		t.Errorf("%#v\n%s", err, text)
	}
	for _, secret := range []string{"a secret of", "somebody"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the plan holds %q", secret)
		}
	}
}

func TestSavedAndResumedIsTheSame(t *testing.T) {
	r := planner(t)
	data := saved(t, r)
	s, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	if want := []savedVariable{{"queues", `["1", "a, b"]`}, {"team", "support"}}; !slices.Equal(s.Variables, want) {
		t.Errorf("variables %q, want %q", s.Variables, want)
	}
	p, problems, err := r.Resume(t.Context(), s, ResumeOptions{File: "x", Calling: "reportform", MaxAge: time.Hour})
	if err != nil || p == nil || len(problems) > 0 {
		t.Fatalf("resume: %v, %v", problems, err)
	}
	again := saved(t, r)
	if other, err := read(again); err != nil || other.ID == s.ID {
		t.Errorf("another plan has the id %q, %v", s.ID, err)
	}
	for i, c := range p.Changes {
		content, err := os.ReadFile(c.Artifact.Path)
		if err != nil || int64(len(content)) != s.Changes[i].Artifact.Size || c.plan != s.ID {
			t.Errorf("%s: %d bytes, %v, plan %q", c.Key, len(content), err, c.plan)
		}
	}
	if got := p.Changes[1].Artifact.Envelope.Recipients; !slices.Equal(got, []string{"a@example.com", "b@example.com"}) {
		t.Errorf("recipients: %q", got)
	}
}

func TestAnOfflinePlanIsNotSaved(t *testing.T) {
	r := planner(t)
	p, _, err := r.Plan(t.Context(), PlanOptions{Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Save(t.Context(), io.Discard, p, SaveOptions{Configuration: ".", Command: []string{"plan"}}); err == nil {
		t.Error("it was saved")
	}
}

// change is a plan file with its plan and members changed, and sealed again as one over a state without a root; nothing is left of a member whose name becomes empty.
func change(t *testing.T, data []byte, plan func(*Saved), member func(name string, f *zip.FileHeader, content []byte) []byte) []byte {
	t.Helper()
	s, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	plan(s)
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var sealed []byte
	for _, f := range in.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == planMember {
			if content, err = json.Marshal(s); err != nil {
				t.Fatal(err)
			}
			sealed = content
		}
		h := &zip.FileHeader{Name: f.Name, Method: zip.Store}
		content = member(f.Name, h, content)
		if h.Name == "" {
			continue
		}
		to, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.SetComment(sealOf(sealed, "")), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Whoever passes a plan on cannot have it sent to somebody else.
func TestAPlanIsSealed(t *testing.T) {
	r := planner(t)
	if err := r.Store.Init(t.Context(), state.NewRoot(r.Clock().Add(-time.Hour), r.Random)); err != nil {
		t.Fatal(err)
	}
	data := saved(t, r)
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"as it was saved": {data, ""},
		"to somebody else": {change(t, data, func(s *Saved) { s.Changes[2].Artifact.Envelope.Recipients = []string{"x@example.com"} },
			func(_ string, _ *zip.FileHeader, content []byte) []byte { return content }), "plan-changed"},
		"as if there had been no state": {change(t, data, func(s *Saved) { s.Lineage = "" },
			func(_ string, _ *zip.FileHeader, content []byte) []byte { return content }), "plan-changed"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := read(c.data)
			if err != nil {
				t.Fatal(err)
			}
			p, refused, err := r.Resume(t.Context(), s, ResumeOptions{File: "x", Calling: "reportform", MaxAge: time.Hour})
			switch {
			case err != nil:
				t.Fatal(err)
			case c.code == "" && p == nil, c.code != "" && (p != nil || refused[0].Code != c.code):
				t.Errorf("resume: %v, %v", p, refused)
			}
		})
	}
}

func TestPlansThatAreRefused(t *testing.T) {
	data := saved(t, planner(t))
	keep := func(*Saved) {}
	same := func(_ string, _ *zip.FileHeader, content []byte) []byte { return content }
	rename := func(from, to string) func(string, *zip.FileHeader, []byte) []byte {
		return func(name string, h *zip.FileHeader, content []byte) []byte {
			if name == from {
				h.Name = to
			}
			return content
		}
	}
	const workbook, mailed = "artifacts/1/weekly-2026-11-09.xlsx", "artifacts/2/"
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"empty":     {nil, "no plan file"},
		"text":      {[]byte(strings.Repeat("version: 1\n", 9)), "no plan file"},
		"cut":       {data[:len(data)-100], "its end is missing"},
		"unchanged": {change(t, data, keep, same), ""},
		"deflated": {change(t, data, keep, func(_ string, h *zip.FileHeader, content []byte) []byte {
			h.Method = zip.Deflate
			return content
		}), "is not stored as a plan's are"},
		"a member less":    {change(t, data, keep, rename(workbook, "")), "is missing or has another size"},
		"a member renamed": {change(t, data, keep, rename(workbook, "artifacts/1/../../x.xlsx")), "is missing or has another size"},
		"two of a name": {change(t, data, keep, func(name string, h *zip.FileHeader, content []byte) []byte {
			if strings.HasPrefix(name, mailed) {
				h.Name = workbook
			}
			return content
		}), "twice"},
		"a member more": {change(t, data, func(s *Saved) { s.Changes = s.Changes[:2] }, same), "which belongs to nothing"},
		"a name that leads out": {change(t, data, func(s *Saved) { s.Changes[0].Artifact.Name = "../x.xlsx" },
			rename(workbook, "artifacts/1/../x.xlsx")), "is not a name for a file"},
		"a path that leads out": {change(t, data, func(s *Saved) { s.Changes[0].File.Path = "../../x.xlsx" }, same), "does not name a file"},
		"a reserved path":       {change(t, data, func(s *Saved) { s.Changes[0].File.Path = ".git/hooks/x" }, same), "does not name a file"},
		"another range":         {change(t, data, func(s *Saved) { s.Changes[0].Range.Until = s.Changes[0].Range.From }, same), "is not that from"},
		"no such zone":          {change(t, data, func(s *Saved) { s.Changes[0].Range.Zone = "../etc/passwd" }, same), "is not known here"},
		"an unknown action":     {change(t, data, func(s *Saved) { s.Changes[0].Action = "explode" }, same), "it is not whole"},
		"neither file nor mail": {change(t, data, func(s *Saved) { s.Changes[0].File = nil }, same), "neither a file nor a mail"},
		"nobody to send to":     {change(t, data, func(s *Saved) { s.Changes[1].Artifact.Envelope.Recipients = nil }, same), "where the mail goes"},
		"nowhere to send to":    {change(t, data, func(s *Saved) { s.Changes[1].Mail.Outbox = "" }, same), "where the mail goes"},
		"nothing to deliver":    {change(t, data, func(s *Saved) { s.Changes[0].Artifact = nil }, rename(workbook, "")), "is missing"},
		"one delivery twice": {change(t, data, func(s *Saved) {
			s.Changes[1].Action, s.Changes[1].Artifact = UpToDate, nil
			s.Changes[2] = s.Changes[1]
		}, same), "is in it twice"},
		"of nothing":       {change(t, data, func(s *Saved) { s.Project = "" }, same), "what it is a plan of"},
		"another command":  {change(t, data, func(s *Saved) { s.Command = []string{"apply", "reports"} }, same), "by what command"},
		"another flag":     {change(t, data, func(s *Saved) { s.Command = []string{"plan", "--json-into", "x"} }, same), "by what command"},
		"a flag at an end": {change(t, data, func(s *Saved) { s.Command = []string{"plan", "--tag"} }, same), "by what command"},
		"a newer version":  {change(t, data, func(s *Saved) { s.Version = 2 }, same), "a newer reportform"},
		"an older version": {change(t, data, func(s *Saved) { s.Version = 0 }, same), "an older reportform"},
		"something after the plan": {change(t, data, keep, func(name string, _ *zip.FileHeader, content []byte) []byte {
			if name == planMember {
				content = append(content, "{}"...)
			}
			return content
		}), "no JSON object"},
		"an unknown key": {change(t, data, keep, func(name string, _ *zip.FileHeader, content []byte) []byte {
			if name == planMember {
				content = bytes.Replace(content, []byte(`{"version"`), []byte(`{"run":"rm","version"`), 1)
			}
			return content
		}), `unknown field "run"`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := read(test.data)
			switch {
			case test.want == "" && err != nil:
				t.Fatal(err)
			case test.want != "" && err == nil:
				t.Fatalf("it was read: %+v", s)
			case test.want != "" && !strings.Contains(err.Error(), test.want):
				t.Errorf("refused by %q, want %q", err, test.want)
			}
		})
	}
}

func TestArtifactsAreCheckedAgainstTheirDigests(t *testing.T) {
	r := planner(t)
	data := change(t, saved(t, r), func(*Saved) {}, func(name string, _ *zip.FileHeader, content []byte) []byte {
		if strings.HasSuffix(name, ".xlsx") {
			content[len(content)/2] ^= 1
		}
		return content
	})
	s, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	p, refused, err := r.Resume(t.Context(), s, ResumeOptions{File: "x", Calling: "reportform", MaxAge: time.Hour})
	if err != nil || p != nil || len(refused) != 1 || refused[0].Code != "plan-damaged" {
		t.Errorf("resume: %v, %v, %v", p, refused, err)
	}
	dir := t.TempDir()
	var damaged *DamagedPlanError
	if _, err := s.Extract(t.Context(), dir); !errors.As(err, &damaged) {
		t.Errorf("extract: %v", err)
	}
	if left := filesIn(t, dir); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// The policy holds for a plan that somebody else has written as it does for definitions.
func TestAPlanIsHeldToTheDomainsOfTodaysConnection(t *testing.T) {
	r := planner(t)
	s, err := read(change(t, saved(t, r), func(s *Saved) { s.Changes[2].Artifact.Envelope.Recipients = []string{"x@elsewhere.org"} },
		func(_ string, _ *zip.FileHeader, content []byte) []byte { return content }))
	if err != nil {
		t.Fatal(err)
	}
	r.Config.Connections[2].SMTP.AllowDomains = []string{"example.com"}
	p, refused, err := r.Resume(t.Context(), s, ResumeOptions{File: "x", Calling: "reportform", MaxAge: time.Hour})
	if err != nil || p != nil || len(refused) != 1 || refused[0].Code != "recipient-domain" {
		t.Errorf("resume: %v, %v, %v", p, refused, err)
	}
}

func filesIn(t testing.TB, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWordsForAShell(t *testing.T) {
	for word, want := range map[string]string{
		"": "''", "weekly.plan": "weekly.plan", "a b": "'a b'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "zażółć.plan": "zażółć.plan",
	} {
		if got := ShellWord(word); got != want {
			t.Errorf("%q is written %s, want %s", word, got, want)
		}
	}
}
