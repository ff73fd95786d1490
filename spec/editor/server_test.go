package editor_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// server is yaml-language-server, spoken to over its standard streams as an editor does (the Language Server Protocol).
type server struct {
	t   *testing.T
	dir string
	in  io.Writer
	mu  sync.Mutex // of what follows, and of in
	ids int
	// answers are waited for by id, diagnostics by address.
	answers     map[int]chan json.RawMessage
	diagnostics map[string]chan []finding
	settings    map[string]any
}

// position counts lines and UTF-16 units from 0.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// finding is a diagnostic of the server.
type finding struct {
	Range struct {
		Start position `json:"start"`
	} `json:"range"`
	Message string `json:"message"`
}

// needServer skips a test where there is no server, and returns the program that is one.
func needServer(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts a process, which takes seconds")
	}
	program := os.Getenv("YAML_LANGUAGE_SERVER")
	if program == "" {
		t.Skip("YAML_LANGUAGE_SERVER names no yaml-language-server: npm install yaml-language-server")
	}
	return program
}

// newServer starts the server. Schemas says by which schema a file is checked.
func newServer(t *testing.T, schemas map[string][]byte) *server {
	t.Helper()
	program := needServer(t)
	s := &server{t: t, dir: t.TempDir(), answers: map[int]chan json.RawMessage{}, diagnostics: map[string]chan []finding{}}
	associations := map[string]any{}
	for file, data := range schemas {
		path := filepath.Join(s.dir, file+".schema.json")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		associations["file://"+path] = []string{"/" + file}
	}
	s.settings = map[string]any{
		"schemas": associations, "validate": true, "hover": true, "completion": true, "schemaStore": map[string]any{"enable": false},
	}
	cmd := exec.Command(program, "--stdio")
	cmd.Dir = s.dir
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.in = in
	read := make(chan struct{})
	go func() {
		defer close(read)
		s.read(bufio.NewReader(out))
	}()
	t.Cleanup(func() {
		s.request("shutdown", nil)
		s.notify("exit", nil)
		in.Close()
		<-read
		cmd.Wait()
	})
	s.request("initialize", map[string]any{
		"processId": os.Getpid(), "rootUri": "file://" + s.dir,
		"capabilities": map[string]any{
			"workspace": map[string]any{"configuration": true},
			"textDocument": map[string]any{
				"completion": map[string]any{"completionItem": map[string]any{"documentationFormat": []string{"markdown"}}},
				"hover":      map[string]any{"contentFormat": []string{"markdown"}},
			},
		},
	})
	s.notify("initialized", map[string]any{})
	return s
}

// message is what both sides write.
type message struct {
	ID     any             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`
}

func (s *server) write(m map[string]any) {
	m["jsonrpc"] = "2.0"
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.in, "Content-Length: %d\r\n\r\n%s", len(data), data)
}

func (s *server) notify(method string, params any) {
	s.write(map[string]any{"method": method, "params": params})
}

// request asks and returns the answer.
func (s *server) request(method string, params any) json.RawMessage {
	s.mu.Lock()
	s.ids++
	id, answer := s.ids, make(chan json.RawMessage, 1)
	s.answers[id] = answer
	s.mu.Unlock()
	s.write(map[string]any{"id": id, "method": method, "params": params})
	return await(s.t, answer, method)
}

// await bounds waiting for a server that does not answer.
func await[T any](t *testing.T, from chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(2 * time.Minute):
		t.Fatalf("%s: the server does not answer", what)
		panic("not reached")
	}
}

// read takes what the server says until it ends.
func (s *server) read(out *bufio.Reader) {
	for {
		header, err := textproto.NewReader(out).ReadMIMEHeader()
		if err != nil {
			return
		}
		n, _ := strconv.Atoi(header.Get("Content-Length"))
		data := make([]byte, n)
		if _, err := io.ReadFull(out, data); err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(data, &m); err != nil {
			s.t.Errorf("the server says %s: %v", data, err)
			return
		}
		s.take(m)
	}
}

func (s *server) take(m message) {
	switch {
	case m.Method == "":
		id, _ := m.ID.(float64)
		s.mu.Lock()
		answer := s.answers[int(id)]
		s.mu.Unlock()
		if m.Error != nil {
			s.t.Errorf("the server refuses: %s", m.Error)
		}
		if answer != nil {
			answer <- m.Result
		}
	case m.Method == "workspace/configuration":
		var asked struct{ Items []struct{ Section string } }
		_ = json.Unmarshal(m.Params, &asked)
		settings := make([]any, len(asked.Items))
		for i, item := range asked.Items {
			settings[i] = map[string]any{}
			if item.Section == "yaml" {
				settings[i] = s.settings
			}
		}
		s.write(map[string]any{"id": m.ID, "result": settings})
	case m.Method == "textDocument/publishDiagnostics":
		var published struct {
			URI         string
			Diagnostics []finding
		}
		_ = json.Unmarshal(m.Params, &published)
		s.mu.Lock()
		waiting := s.diagnostics[published.URI]
		s.mu.Unlock()
		if waiting != nil {
			select {
			case waiting <- published.Diagnostics:
			default: // the same again
			}
		}
	case m.ID != nil:
		s.write(map[string]any{"id": m.ID, "result": nil})
	}
}

func (s *server) uri(file string) string { return "file://" + filepath.Join(s.dir, file) }

// open opens a file in the editor. What the server finds in it is waited for by found.
func (s *server) open(file, text string) {
	s.mu.Lock()
	s.diagnostics[s.uri(file)] = make(chan []finding, 1)
	s.mu.Unlock()
	s.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{
		"uri": s.uri(file), "languageId": "yaml", "version": 1, "text": text,
	}})
}

// found are the diagnostics of an opened file.
func (s *server) found(file string) []finding {
	s.mu.Lock()
	waiting := s.diagnostics[s.uri(file)]
	s.mu.Unlock()
	return await(s.t, waiting, file)
}

// complete are what can stand at a place, by label, with what is said of each.
func (s *server) complete(file string, at position) map[string]string {
	answer := s.request("textDocument/completion", map[string]any{"textDocument": map[string]any{"uri": s.uri(file)}, "position": at})
	var list struct {
		Items []struct {
			Label         string
			Documentation json.RawMessage
		}
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		s.t.Fatalf("%s: %v", answer, err)
	}
	out := map[string]string{}
	for _, item := range list.Items {
		out[item.Label] = markup(item.Documentation)
	}
	return out
}

// hover is what is said of a place.
func (s *server) hover(file string, at position) string {
	answer := s.request("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": s.uri(file)}, "position": at})
	var said struct{ Contents json.RawMessage }
	if err := json.Unmarshal(answer, &said); err != nil {
		s.t.Fatalf("%s: %v", answer, err)
	}
	return markup(said.Contents)
}

// markup is a text that is written bare or with its kind.
func markup(data json.RawMessage) string {
	var text string
	if json.Unmarshal(data, &text) == nil {
		return text
	}
	var with struct{ Value string }
	_ = json.Unmarshal(data, &with)
	return with.Value
}
