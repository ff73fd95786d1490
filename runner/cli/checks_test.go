package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/quotedprintable"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/xuri/excelize/v2"
)

func decodeTransfer(encoding string, r io.Reader) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	return io.ReadAll(r)
}

// cell FILE SHEET CELL VALUE checks what a cell holds, raw; with FORMULA it checks that there is one.
func cell(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: cell FILE SHEET CELL VALUE")
	}
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	got, err := f.GetCellValue(args[1], args[2], excelize.Options{RawCellValue: true})
	ts.Check(err)
	if (got == args[3]) == neg {
		ts.Fatalf("%s %s!%s is %q, want %q (not: %v)", args[0], args[1], args[2], got, args[3], neg)
	}
}

// jsonlines checks that every line of standard output is what schema/ui.v1.schema.json says, the first one a version.
func jsonLines(ts *testscript.TestScript, _ bool, _ []string) {
	schema := must(jsonschema.Compile("../../schema/ui.v1.schema.json"))
	lines := strings.Split(strings.TrimSuffix(ts.ReadFile("stdout"), "\n"), "\n")
	for i, line := range lines {
		var v any
		err := json.Unmarshal([]byte(line), &v)
		if err != nil {
			ts.Fatalf("line %d is not JSON: %s", i+1, line)
		}
		if err := schema.Validate(v); err != nil {
			ts.Fatalf("line %d: %v\n%s", i+1, err, line)
		}
		if o, _ := v.(map[string]any); i == 0 && o["type"] != "version" {
			ts.Fatalf("the first line is %s", line)
		}
	}
}
