package json_test

import (
	stdjson "encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/json"
	"github.com/reportform/reportform/outputs/outputstest"
)

func TestFiles(t *testing.T) {
	for name, format := range map[string]outputs.DataFormat{
		"report.json": {}, "types.json": {Dataset: "types"},
	} {
		t.Run(name, func(t *testing.T) {
			text, said := outputstest.Render(t, json.Renderer{Format: format}, outputstest.Full("pl"))
			var read any
			if err := stdjson.Unmarshal([]byte(text), &read); err != nil {
				t.Fatalf("the file is no JSON: %v\n%s", err, text)
			}
			if rows := map[string]int{"report.json": 16, "types.json": 3}[name]; said.Rows != rows {
				t.Errorf("%d rows are said, want %d", said.Rows, rows)
			}
			outputstest.Golden(t, name, text)
		})
	}
}

func TestTheRunIsNoContent(t *testing.T) {
	doc := outputstest.Full("en")
	_, first := outputstest.Render(t, json.Renderer{}, doc)
	doc.About.Commit = "another"
	_, second := outputstest.Render(t, json.Renderer{}, doc)
	if first.Content != second.Content {
		t.Error("another commit is other content")
	}
	doc.Notices = nil
	if _, third := outputstest.Render(t, json.Renderer{}, doc); third.Content == first.Content {
		t.Error("a notice less is the same content")
	}
}

func TestEmpty(t *testing.T) {
	text, _ := outputstest.Render(t, json.Renderer{}, outputs.Document{Title: "T\xff"})
	var read map[string]any
	if err := stdjson.Unmarshal([]byte(text), &read); err != nil || read["title"] != "T\ufffd" {
		t.Errorf("an empty document is %q (%v)", text, err)
	}
	_, err := json.Renderer{Format: outputs.DataFormat{Dataset: "other"}}.Render(t.Context(), outputstest.Full("en"), filepath.Join(t.TempDir(), "x.json"))
	if err == nil || !strings.Contains(err.Error(), `"other"`) {
		t.Errorf("a dataset that is not there: %v", err)
	}
}
