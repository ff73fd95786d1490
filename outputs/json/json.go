// Package json writes a report's rows as JSON: one dataset as an array of objects, or all of them with what they are of.
package json

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// MediaType of a file of this kind.
const MediaType = "application/json"

// Renderer writes the dataset that Format names, as an array of its rows. The zero value writes all of them, by name, in
// an object that says what report and range they are of.
type Renderer struct{ Format outputs.DataFormat }

var _ outputs.Renderer = Renderer{}

// MediaType as in RFC 2046.
func (Renderer) MediaType() string { return MediaType }

// Render writes one row a line, so that two versions of a file compare line by line and a million rows take no more
// memory than a few.
func (r Renderer) Render(ctx context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	datasets := doc.Datasets
	if r.Format.Dataset != "" {
		d, err := doc.Dataset(r.Format.Dataset)
		if err != nil {
			return outputs.Rendered{}, err
		}
		datasets = []outputs.Dataset{d}
	}
	content, err := outputs.WriteFile(path, func(out *bufio.Writer) error {
		w := &writer{out: out}
		if r.Format.Dataset != "" {
			return w.rows(ctx, datasets[0], "")
		}
		return w.report(ctx, doc)
	})
	if err != nil {
		return outputs.Rendered{}, err
	}
	rendered := outputs.Rendered{Content: content}
	for _, d := range datasets {
		rendered.Rows += d.Table.Len()
	}
	return rendered, nil
}

// writer writes lines; the memory of one serves the next.
type writer struct {
	out *bufio.Writer
	buf []byte
}

// report writes all datasets with what they are of.
func (w *writer) report(ctx context.Context, doc outputs.Document) error {
	w.add("{\n")
	report, label := "", doc.Range
	if a := doc.About; a != nil {
		report, label = a.Report, a.Range
	}
	w.add(`  "report": `).text(report).add(",\n")
	w.add(`  "title": `).text(doc.Title).add(",\n")
	w.add(`  "range": {"label": `).text(label).add(`, "from": `).text(moment(doc.From)).add(`, "until": `).text(moment(doc.Modified))
	w.add(`, "timezone": `).text(doc.From.Location().String()).add("},\n")
	w.add(`  "notices": [`)
	for i, n := range doc.Notices {
		if i > 0 {
			w.add(", ")
		}
		w.text(n)
	}
	w.add("],\n" + `  "datasets": {`)
	for i, d := range doc.Datasets {
		if i > 0 {
			w.add(",")
		}
		w.add("\n    ").text(d.Name).add(": ")
		if err := w.rows(ctx, d, "    "); err != nil {
			return err
		}
	}
	if len(doc.Datasets) > 0 {
		w.add("\n  ")
	}
	return w.add("}\n}\n").flush()
}

// moment writes an end of the range with its offset; "" where there is none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// rows writes a dataset as an array, one row a line behind an indent. Without an indent it is a file of its own.
func (w *writer) rows(ctx context.Context, d outputs.Dataset, indent string) error {
	fields, columns := d.Table.Fields(), d.Columns()
	keys := make([][]byte, len(columns))
	for j, i := range columns {
		keys[j] = append(slices.Clip(quote(nil, fields[i].Name)), ": "...)
	}
	w.add("[")
	next := "\n" + indent + "  {"
	for batch, err := range d.Table.Rows().Seq {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("write dataset %q: %w", d.Name, err)
		}
		for row := range batch.N {
			w.add(next)
			next = ",\n" + indent + "  {"
			for j, i := range columns {
				if j > 0 {
					w.add(", ")
				}
				w.buf = append(w.buf, keys[j]...)
				w.value(&batch.Cols[i], fields[i], row)
			}
			if err := w.add("}").flush(); err != nil {
				return fmt.Errorf("write dataset %q: %w", d.Name, err)
			}
		}
	}
	if d.Table.Len() > 0 {
		w.add("\n" + indent)
	}
	w.add("]")
	if indent == "" {
		w.add("\n")
	}
	return w.flush()
}

func (w *writer) add(s string) *writer {
	w.buf = append(w.buf, s...)
	return w
}

func (w *writer) text(s string) *writer {
	w.buf = quote(w.buf, s)
	return w
}

func (w *writer) flush() error {
	_, err := w.out.Write(w.buf)
	w.buf = w.buf[:0]
	return err
}

// quote writes a text as JSON. What is no UTF-8 becomes U+FFFD, which is all that its error tells.
func quote(dst []byte, s string) []byte {
	out, _ := jsontext.AppendQuote(dst, s)
	return out
}

// value writes row i of a column: numbers as exactly as they are known, ids as the texts they are, lengths of time as
// seconds.
func (w *writer) value(v *table.Vector, f table.Field, i int) {
	x := v.Value(f, i)
	if !x.Valid {
		w.add("null")
		return
	}
	switch x.Type {
	case expr.Integer:
		w.buf = strconv.AppendInt(w.buf, x.Int, 10)
	case expr.Decimal:
		w.add(x.Dec.String())
	case expr.Percent, expr.Ratio:
		if math.IsNaN(x.Float) || math.IsInf(x.Float, 0) {
			w.add("null") // JSON has no such numbers.
			return
		}
		w.buf = strconv.AppendFloat(w.buf, x.Float, 'f', -1, 64)
	case expr.Duration:
		w.add(seconds(x.Int))
	case expr.Boolean:
		w.buf = strconv.AppendBool(w.buf, x.Int == 1)
	case expr.Date, expr.DateTime, expr.Period:
		text, _ := outputs.AppendMoment(nil, x, f.Grain, 'T')
		w.text(string(text))
	default:
		w.text(x.Str)
	}
}

// seconds writes microseconds as seconds, without a float that would round them.
func seconds(us int64) string {
	sign, size := "", uint64(us)
	if us < 0 {
		sign, size = "-", -size
	}
	text := sign + strconv.FormatUint(size/1e6, 10)
	if rest := size % 1e6; rest > 0 {
		text += strings.TrimRight(fmt.Sprintf(".%06d", rest), "0")
	}
	return text
}
