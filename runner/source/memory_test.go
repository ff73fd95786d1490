package source

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// held decodes body and returns what its page takes in memory.
func held(t *testing.T, l *layout, body []byte) (*page, int64) {
	t.Helper()
	live := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := live()
	pg, err := l.decode(body)
	if err != nil {
		t.Fatal(err)
	}
	taken := live() - before
	runtime.KeepAlive(pg)
	runtime.KeepAlive(body)
	return pg, taken
}

// Rows without a value take next to nothing, however many columns they lack: these took 750 bytes each.
func TestEmptyRowsTakeNoMemory(t *testing.T) {
	_, l := chatPage(t)
	l.columns = append(l.columns, &spec.SourceColumn{Field: table.Field{Name: "sum", Type: expr.Integer}, SumOf: []string{"answered", "abandoned"}})
	l.fields = append(l.fields, l.columns[len(l.columns)-1].Field)
	const rows = 500_000
	body := []byte("[" + strings.Repeat("{},", rows-1) + "{}]")
	pg, taken := held(t, l, body)
	if most := int64(4 * rows); pg.rows != rows || taken > most {
		t.Errorf("%d rows take %d bytes, more than %d", pg.rows, taken, most)
	}
	for _, b := range pg.batches {
		for i := range b.Cols {
			if len(b.Cols[i].Valid) != b.N || b.Cols[i].Value(l.fields[i], b.N-1).Valid {
				t.Fatalf("column %q has no missing value in its last row of %d", l.fields[i].Name, b.N)
			}
		}
	}
}

// A column takes memory only from where it has values on, in batches that have some.
func TestSparseRowsTakeLittleMemory(t *testing.T) {
	_, l := chatPage(t)
	const rows = 200_000
	var b bytes.Buffer
	b.WriteString(`[{"answered":1}`)
	for range rows - 2 {
		b.WriteString(`,{"incoming":7}`)
	}
	b.WriteString(`,{"found":"x"}]`)
	if pg, taken := held(t, l, b.Bytes()); pg.rows != rows || taken > 20*rows {
		t.Errorf("%d rows take %d bytes", pg.rows, taken)
	}
}

// What would take gigabytes is refused, in words that say what to do.
func TestAnswersThatTakeTooMuch(t *testing.T) {
	var scattered strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&scattered, `,{"k%d":1}`, i%maxColumns)
	}
	path := strings.Repeat("k", maxPath/2)
	for name, c := range map[string]struct{ body, says string }{
		"rows":      {strings.Repeat(",{}", maxRows+1), "more than 2000000 rows"},
		"scattered": {scattered.String(), "take more than"},
		"a key":     {`,{"` + strings.Repeat("k", maxPath+1) + `":1}`, "a key of more than 1024 bytes"},
		"keys":      {`,{"` + path + `":{"` + path + `":1}}`, "a key of more than 1024 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			_, l := chatPage(t)
			_, err := l.decode([]byte("[" + c.body[1:] + "]"))
			if !errors.Is(err, errBound) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v", err)
			}
		})
	}
	most := "[" + strings.Repeat("{},", maxRows) + "{}]"
	e := fails(t, KindTooLarge, answers(200, most), func(r *Request) { r.Source.Paging = spec.Paging{} })
	if _, _, detail := e.Diagnose(); !strings.Contains(detail, "Ask for less at once") || e.Attempts != 1 {
		t.Errorf("after %d attempts: %s", e.Attempts, detail)
	}
}

// An error's body is not taken apart at any length: a list of empty things takes many times its bytes.
func TestLongErrorBodies(t *testing.T) {
	e := fails(t, KindParameters, answers(400, `{"request_id":"12","errors":[`+strings.Repeat("{},", longestExplained/3)+`{"message":"no"}]}`), nil)
	if e.RequestID != "" || !strings.HasPrefix(e.Body, `{"request_id":"12","errors":[{},`) {
		t.Errorf("error is %v", e)
	}
}
