package source

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// recordedOnce asks a server that answers with body, records it, and returns all that is in the recording, and a client
// that has nothing else.
func recordedOnce(t *testing.T, body string, r *Request) (about *About, recording string, replay *Client) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
	t.Cleanup(server.Close)
	r.BaseURL = server.URL
	recorder, err := NewRecorder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer recorder.Close()
	if _, err := New(Options{Cache: recorder.Cache()}).Fetch(t.Context(), *r); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "recording")
	about = &About{}
	redact := strings.NewReplacer("run-secret", "(sensitive)")
	if err := recorder.Write(dir, about, redact.Replace, time.Now()); err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, a := range about.Answers {
		data, err := os.ReadFile(filepath.Join(dir, a.File))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	cache, _, err := OpenRecording(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cache.Close() })
	nobody := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("somebody was asked") })
	return about, all.String(), New(Options{Cache: cache, Transport: inProcess{nobody}, Demo: nobody})
}

func people(format string) *spec.Source {
	text := func(name, label string, personal bool) *spec.SourceColumn {
		return &spec.SourceColumn{Field: table.Field{Name: name, Type: expr.Text, Label: label}, Personal: personal}
	}
	return &spec.Source{
		Name: "people", Path: "people", Format: format, Personal: []string{"chat"},
		Columns: []*spec.SourceColumn{
			text("id", "", false), text("name", "Agent", true), text("mail", "", true), text("phone", "", true), text("friends", "Agent", true),
			{Field: table.Field{Name: "pesel", Type: expr.Integer}, Personal: true},
			text("note", "", false),
		},
	}
}

// What is personal is made up, the same way wherever it stands; the rest of the answer stays byte for byte.
func TestPersonalValuesAreMadeUp(t *testing.T) {
	for _, c := range []struct{ format, answer, want string }{
		{"", `[{"id":"1", "name":"Anna \"A\" Nowak","mail":"anna@poczta.pl","phone":"+48 601 222 333","friends":["Łukasz","Anna \"A\" Nowak"],"pesel":8001,"x":1.50},
			{"id":"2","name":"Łukasz","mail":null,"phone":601222333,"friends":[],"pesel":"8002","note":"", "chat":{"text":"Dzień dobry","at":{"who":"Łukasz"}}}]`,
			`[{"id":"1", "name":"Agent 1","mail":"person1@example.com","phone":"+50 000 000 001","friends":["Agent 2","Agent 1"],"pesel":1,"x":1.50},
			{"id":"2","name":"Agent 2","mail":null,"phone":500000002,"friends":[],"pesel":"2","note":"", "chat":{"text":"chat_text 1","at":{"who":"Agent 2"}}}]`},
		{"ndjson", "{\"id\":\"1\",\"name\":\"Anna\"}\n{\"id\":\"2\",\"name\":\"Anna\"}\n", "{\"id\":\"1\",\"name\":\"Agent 1\"}\n{\"id\":\"2\",\"name\":\"Agent 1\"}\n"},
		{"csv", "id,name,mail,phone,friends,pesel,note\n1,\"Nowak, Anna\",,12,,80010112345,\n", "id,name,mail,phone,friends,pesel,note\n1,Agent 1,,phone 1,,50000000001,\n"},
	} {
		about, recording, replay := recordedOnce(t, c.answer, &Request{Source: people(c.format)})
		_ = replay
		if !strings.Contains(recording, c.want) {
			t.Errorf("%s: the recording is\n%s\nand not\n%s", c.format, recording, c.want)
		}
		if len(about.Made) == 0 || len(about.Answers) != 1 || about.Answers[0].Pages != 1 {
			t.Errorf("%s: it says of itself %+v", c.format, about)
		}
	}
}

// A personal value is made up wherever it comes back: in texts, keys, lists, beside the rows, in another's answer; and what
// else looks personal there is told.
func TestPersonalValuesComeBack(t *testing.T) {
	for _, c := range []struct{ format, answer, want string }{
		{"json", `{"by":"Żaneta Nowak","per":{"Żaneta Nowak":2},"rows":[{"id":"1","note":"Ask \u017baneta Nowak <z.nowak@poczta.pl>, Jan, id 20251"},
			{"id":"601222333","name":"Żaneta Nowak","mail":"z.nowak@poczta.pl","phone":601222333,"pesel":2025,"tags":["z.nowak%40poczta.pl","Jan"],"x":{"of":601222333,"y":2025}},
			{"id":"3","name":"Jan"},{"id":"4","name":"note"}]}`,
			`{"by":"Agent 1","per":{"Agent 1":2},"rows":[{"id":"1","note":"Ask Agent 1 <person1@example.com>, Jan, id 20251"},
			{"id":"500000001","name":"Agent 1","mail":"person1@example.com","phone":500000001,"pesel":1,"tags":["person1%40example.com","Jan"],"x":{"of":500000001,"y":2025}},
			{"id":"3","name":"Agent 2"},{"id":"4","name":"Agent 3"}]}`},
		{"csv", "id,name,mail,phone,friends,pesel,note\n1,Anna,,,,,\n2,,,,,,\"Anna, and Anna's\"\n", "id,name,mail,phone,friends,pesel,note\n1,Agent 1,,,,,\n2,,,,,,\"Agent 1, and Agent 1's\"\n"},
	} {
		s := people(c.format)
		if c.format == "json" {
			s.Records = "rows"
		}
		about, recording, _ := recordedOnce(t, c.answer, &Request{Source: s})
		if !strings.Contains(recording, c.want) {
			t.Errorf("%s: the recording is\n%s\nand not\n%s", c.format, recording, c.want)
		}
		if len(about.Doubtful) > 0 {
			t.Errorf("%s: what is made up is told to be personal: %+v", c.format, about.Doubtful)
		}
	}
}

func TestLooksPersonal(t *testing.T) {
	for _, text := range []string{
		"anna@poczta.pl", "Anna <anna@poczta.pl>", "see anna%40poczta.pl.", "mailto:anna.b+c@a-b.example", "+48601222333", "call +48 601-222-333, please",
		"601 222 333", "(601-222-333)", "22 123-45-67", "(22) 123 45 67", "555-123-4567", "+48 (22) 123 45 67", "0048 601 222 333", "tel=%2B48601222333",
	} {
		if !looksPersonal(text) {
			t.Errorf("%q is not seen", text)
		}
	}
	for _, text := range []string{
		"2026-11-16", "2026-11-16T09:00:00+01:00", "16-11-2026 09:00", "1416225570.341", "00001", "601222333", "1 234 567.50", "192.168.100.200",
		"3f0a1c2e-1234-4567-8901-123456789012", "+5%", "a @ b", "ORD-601-222-333", "12:30:15",
	} {
		if looksPersonal(text) {
			t.Errorf("%q is taken for a person's", text)
		}
	}
}

// What looks personal is told by the column that has it, in lists, in objects and beside the rows too.
func TestDoubtfulColumns(t *testing.T) {
	s := people("")
	s.Records = "rows"
	about, _, _ := recordedOnce(t, `{"meta":{"by":"Jan <jan@poczta.pl>"},"rows":[{"id":"1","note":"call 601-222-333","tags":["x","+48 601 222 333"],"deep":{"er":"jan%40poczta.pl"}}]}`, &Request{Source: s})
	var columns []string
	for _, m := range about.Doubtful {
		columns = append(columns, m.Column)
	}
	if got := strings.Join(columns, " "); got != "by deep_er note tags" {
		t.Errorf("told are %s", got)
	}
}

// What comes back of the secrets that a request or the run has used is taken out, in every form.
func TestNoSecretIsRecorded(t *testing.T) {
	const password = `pass"wörd-1`
	basic := base64.StdEncoding.EncodeToString([]byte("reporter:" + password))
	answer := fmt.Sprintf(`[{"id":"1","note":"you are %s, %s, and run-secret"}]`, `pass\"wörd-1`, basic)
	r := Request{Source: people(""), Username: "reporter", Password: expr.NewSecret(password)}
	_, recording, replay := recordedOnce(t, answer, &r)
	for _, secret := range []string{`wörd-1`, basic, "run-secret"} {
		if strings.Contains(recording, secret) {
			t.Errorf("%q is in\n%s", secret, recording)
		}
	}
	r.Password = expr.Secret{} // nobody asks for it
	rows, err := replay.Fetch(t.Context(), r)
	if err != nil || rows.Len() != 1 {
		t.Fatalf("the recording gives %v, %v", rows, err)
	}
	if _, err := replay.Fetch(t.Context(), Request{Source: people("ndjson"), BaseURL: r.BaseURL}); err == nil {
		t.Error("what was not asked has an answer")
	}
}

// An API whose address is a secret is known in the recording by another, in the ways to further pages too.
func TestAddressIsNotRecorded(t *testing.T) {
	var base string
	mux := http.NewServeMux()
	mux.HandleFunc("/people", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"rows":[{"id":"1"}],"next":%q}`, base+"/more?page=2")
	})
	mux.HandleFunc("/more", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"rows":[{"id":"2"}],"next":null}`) })
	server := httptest.NewServer(mux)
	defer server.Close()
	base = server.URL
	s := people("")
	s.Records, s.Paging = "rows", spec.Paging{NextURL: &spec.NextURLPaging{Path: "next"}}
	recorder, err := NewRecorder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer recorder.Close()
	r := Request{Source: s, BaseURL: base, RecordedAs: "https://shop.invalid"}
	if _, err := New(Options{Cache: recorder.Cache()}).Fetch(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "recording")
	if err := recorder.Write(dir, &About{}, func(s string) string { return s }, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, name := range recorder.files() {
		if data, _ := os.ReadFile(filepath.Join(dir, name)); strings.Contains(string(data), base) {
			t.Errorf("%s has the address:\n%s", name, data)
		}
	}
	cache, _, err := OpenRecording(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer cache.Close()
	rows, err := New(Options{Cache: cache}).Fetch(t.Context(), Request{Source: s, BaseURL: "https://shop.invalid"})
	if err != nil || rows.Len() != 2 {
		t.Fatalf("the recording gives %v, %v", rows, err)
	}
}
