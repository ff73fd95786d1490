package reporttest_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/reporttest"
	"github.com/reportform/reportform/spec"
)

const configuration = `version: 1
settings: {project: p, timezone: Europe/Warsaw}
connections:
  shop:
    type: http
    timezone: UTC
    base_url: BASE
    auth: {bearer: "${env.SHOP_TOKEN}"}
    sources:
      orders: {path: /orders, columns: {id: {type: text}}}
  office: {type: smtp, host: 127.0.0.1, port: PORT, security: none, from: reports@example.com}
reports:
  weekly:
    range: last_week
    datasets:
      orders: {source: shop.orders}
    destinations:
      leads: {email: {via: office, to: [ann@example.com], subject: "${rows(orders)} orders"}}
`

// kind is an output that must not deliver.
type kind struct {
	t      *testing.T
	target outputs.Target
}

func (k kind) Render(context.Context, outputs.Document, outputs.Key, string) (outputs.Artifact, error) {
	if k.target.Mail.Server != nil {
		k.t.Error("a mail server is named to an output of a test")
	}
	return outputs.Artifact{Envelope: &outputs.Envelope{Subject: k.target.Mail.Subject, Recipients: []string{k.target.Mail.To[0].Address}}}, nil
}

func (k kind) Deliver(context.Context, outputs.Artifact, outputs.Key) (outputs.Receipt, error) {
	k.t.Error("something is delivered")
	return outputs.Receipt{}, nil
}

// Neither the API nor the mail server is spoken to, whether the recording has the answer or not; no secret is read.
func TestNobodyIsReachable(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the API is asked") }))
	defer api.Close()
	mail, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mail.Close()
	go func() {
		if c, err := mail.Accept(); err == nil {
			t.Error("the mail server is called")
			_ = c.Close()
		}
	}()
	_, port, _ := net.SplitHostPort(mail.Addr().String())
	text := strings.NewReplacer("BASE", api.URL, "PORT", port).Replace(configuration)
	root := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("reports.yaml", text)
	write("recorded/weekly/reportform-cache.json", `{"reportform_cache":1,"recording":true}`)
	config, problems, err := spec.Load(os.DirFS(root), ".", spec.Options{Env: func(string) (string, bool) { t.Error("the environment is read"); return "", false }})
	if err != nil || problems.HasErrors() {
		t.Fatal(err, problems)
	}
	file, wrong := spec.ParseTests("weekly.test.yaml", []byte(`version: 1
tests: [{name: one, report: weekly, at: 2026-11-16, expect: {subject: 3 orders}}]
`))
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	around := reporttest.Surroundings{
		Dir: t.TempDir(), Now: time.Now,
		Kinds: func(target outputs.Target) (outputs.Output, error) { return kind{t, target}, nil },
	}
	at := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	r, err := reporttest.Run(t.Context(), reporttest.Case{File: file, Test: file.Tests[0], Config: config, Root: root, At: at}, around)
	if err != nil || r.Passed() || len(r.Problems) != 1 || r.Problems[0].Code != "not-recorded" {
		t.Fatalf("without an answer it ends with %v, %+v, %v", err, r.Failures, r.Problems)
	}
}
