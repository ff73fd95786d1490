package cli_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/reportform/reportform/runner"
)

// planFile does to a plan what it is to be refused for:
//
//	planfile version FROM TO N    says that it has format version N
//	planfile tamper FROM TO       changes a byte of its first artifact, and nothing else
//	planfile cut FROM TO          leaves out its end
//
// and planfile same A B checks that two plans say the same: workbooks to the byte, mails but for their date.
func planFile(ts *testscript.TestScript, _ bool, args []string) {
	data := []byte(ts.ReadFile(args[1]))
	switch args[0] {
	case "same":
		a, b := digests(data), digests([]byte(ts.ReadFile(args[2])))
		if len(a) == 0 || !slices.Equal(a, b) {
			ts.Fatalf("the plans differ:\n%q\n%q", a, b)
		}
		return
	case "cut":
		data = data[:len(data)/2]
	case "version":
		data = rewritten(ts, data, func(name string, content []byte) []byte {
			if name != "plan.json" {
				return content
			}
			var o map[string]any
			ts.Check(json.Unmarshal(content, &o))
			o["version"] = must(strconv.Atoi(args[3]))
			o["of another time"] = true
			return must(json.Marshal(o))
		})
	case "tamper":
		done := false
		data = rewritten(ts, data, func(name string, content []byte) []byte {
			if name != "plan.json" && !done {
				content[len(content)/2] ^= 1
				done = true
			}
			return content
		})
	default:
		ts.Fatalf("planfile knows no %q", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), data, 0o600))
}

// digests are of what each artifact says and, but for mails, of its bytes.
func digests(data []byte) (out []string) {
	saved := must(runner.ReadPlan(bytes.NewReader(data), int64(len(data))))
	for _, c := range saved.Plan().Changes {
		if a := c.Artifact; a != nil && a.Envelope != nil {
			out = append(out, c.Key.String(), string(a.Content), a.Envelope.MessageID)
		} else if a != nil {
			out = append(out, c.Key.String(), string(a.Content), string(a.Digest))
		}
	}
	return out
}

// rewritten writes a plan once more, its members changed.
func rewritten(ts *testscript.TestScript, data []byte, change func(name string, content []byte) []byte) []byte {
	in := must(zip.NewReader(bytes.NewReader(data), int64(len(data))))
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		r := must(f.Open())
		content := must(io.ReadAll(r))
		w := must(z.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store}))
		must(w.Write(change(f.Name, content)))
	}
	ts.Check(z.SetComment(in.Comment))
	ts.Check(z.Close())
	return out.Bytes()
}
