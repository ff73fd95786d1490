package cli_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/runner/source/thulium"
)

// figure is a column of the chat report as this test knows it from the API's description alone: what a reader is shown
// is compared with what the API said, by nothing of the program's own.
type figure struct {
	path   string // in the API's answer
	labels [2]string
	kind   string // text, count, percent, time, bucket
	// A total is the sum, the least or the greatest; of a mean it is over ÷ under, of a percent its mean weighed by under.
	total       string
	over, under string
}

var chatFigures = []figure{
	{"series", [2]string{"Period", "Okres"}, "bucket", "", "", ""},
	{"user_name", [2]string{"Agent", "Agent"}, "text", "", "", ""},
	{"incoming", [2]string{"Incoming", "Przychodzące"}, "count", "sum", "", ""},
	{"incoming_to_agent", [2]string{"To agents", "Do agentów"}, "count", "sum", "", ""},
	{"incoming_including_empty", [2]string{"Incoming with empty ones", "Przychodzące z pustymi"}, "count", "sum", "", ""},
	{"abandoned", [2]string{"Abandoned", "Porzucone"}, "count", "sum", "", ""},
	{"answered", [2]string{"Answered", "Odebrane"}, "count", "sum", "", ""},
	{"incoming_to_bot", [2]string{"To the bot", "Do bota"}, "count", "sum", "", ""},
	{"transferred_by_bot", [2]string{"Transferred by the bot", "Przekazane przez bota"}, "count", "sum", "", ""},
	{"finished_by_bot", [2]string{"Finished by the bot", "Zakończone przez bota"}, "count", "sum", "", ""},
	{"service_level_percent", [2]string{"Service level", "Poziom obsługi"}, "percent", "weighted", "", "incoming_to_agent"},
	{"chat_time.min", [2]string{"Chat time (shortest)", "Czas czatu (min.)"}, "time", "min", "", ""},
	{"chat_time.max", [2]string{"Chat time (longest)", "Czas czatu (maks.)"}, "time", "max", "", ""},
	{"chat_time.sum", [2]string{"Chat time", "Czas czatu"}, "time", "sum", "", ""},
	{"chat_time.avg", [2]string{"Chat time (average)", "Czas czatu (średni)"}, "time", "ratio", "chat_time.sum", "answered"},
	{"wait_time.min", [2]string{"Waiting time (shortest)", "Czas oczekiwania (min.)"}, "time", "min", "", ""},
	{"wait_time.max", [2]string{"Waiting time (longest)", "Czas oczekiwania (maks.)"}, "time", "max", "", ""},
	{"wait_time.sum", [2]string{"Waiting time", "Czas oczekiwania"}, "time", "sum", "", ""},
	{"wait_time.avg", [2]string{"Waiting time (average)", "Czas oczekiwania (średni)"}, "time", "ratio", "wait_time.sum", "incoming_to_agent"},
	{"sla_percent", [2]string{"SLA", "SLA"}, "percent", "weighted", "", "incoming_to_agent"},
	{"rating.rate.sad", [2]string{"Rated sad", "Oceny negatywne"}, "count", "sum", "", ""},
	{"rating.rate.neutral", [2]string{"Rated neutral", "Oceny neutralne"}, "count", "sum", "", ""},
	{"rating.rate.happy", [2]string{"Rated happy", "Oceny pozytywne"}, "count", "sum", "", ""},
	{"rating.satisfaction_percent", [2]string{"Satisfaction", "Satysfakcja"}, "percent", "weighted", "", "ratings"},
	{"rating.rated_percent", [2]string{"Rated chats", "Ocenione czaty"}, "percent", "weighted", "", "answered"},
	{"ratings", [2]string{"Ratings", "Oceny"}, "count", "sum", "", ""}, // the three ratings together, a column that is hidden
	// What the scripts derive.
	{"answer_rate", [2]string{"Answer rate", "Answer rate"}, "percent", "ratio", "answered", "incoming"},
}

// chatRow is a row of the API's answer: texts as they are; numbers as a cell has them, percents as shares and times in days.
type chatRow struct {
	text   map[string]string
	number map[string]float64
}

// answer asks the demo API's handler, past the program, and reads the answer by the description of the API.
func answer(query string) ([]chatRow, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, err
	}
	h := thulium.Demo(thulium.DemoOptions{})
	var rows []chatRow
	for {
		values.Set("offset", strconv.Itoa(len(rows)))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/chats/reports/summary?"+values.Encode(), nil))
		if w.Code != http.StatusOK {
			return nil, fmt.Errorf("%d: %s", w.Code, w.Body)
		}
		var page []map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
			return nil, err
		}
		for _, object := range page {
			r := chatRow{map[string]string{}, map[string]float64{}}
			if err := r.read("", object); err != nil {
				return nil, err
			}
			r.number["ratings"] = r.number["rating.rate.sad"] + r.number["rating.rate.neutral"] + r.number["rating.rate.happy"]
			r.number["answer_rate"] = r.number["answered"] / r.number["incoming"]
			rows = append(rows, r)
		}
		if len(page) < 100 {
			return rows, nil
		}
	}
}

func (r chatRow) read(path string, v any) error {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if err := r.read(strings.TrimPrefix(path+"."+key, "."), value); err != nil {
				return err
			}
		}
	case float64:
		if strings.HasSuffix(path, "_percent") {
			v /= 100
		}
		r.number[path] = v
	case string:
		r.text[path] = v
		if path == "series" || path == "user_name" {
			return nil
		}
		var h, m, s int
		if _, err := fmt.Sscanf(v, "%d:%d:%d", &h, &m, &s); err != nil {
			return fmt.Errorf("%s is %q: %w", path, v, err)
		}
		r.number[path] = float64(h*3600+m*60+s) / 86400
	}
	return nil
}

// total adds rows up. ok is false where there is nothing to divide by.
func (f figure) sum(rows []chatRow) (x float64, ok bool) {
	var over, under float64
	for i, r := range rows {
		v := r.number[f.path]
		switch f.total {
		case "sum":
			x += v
		case "min":
			if i == 0 || v < x {
				x = v
			}
		case "max":
			x = max(x, v)
		case "ratio":
			over, under = over+r.number[f.over], under+r.number[f.under]
		case "weighted":
			over, under = over+v*r.number[f.under], under+r.number[f.under]
		}
	}
	if f.over+f.under == "" {
		return x, f.total != ""
	}
	return over / under, under != 0
}

// figures FILE SHEET QUERY [OPTION…] compares each cell of a sheet's table with what the demo API says to QUERY: its value,
// type and number format, the order of the rows, and the totals, which are computed here from the rows.
// The options do with the API's rows what the report's transform does: where=NAME>N, group=NAME, sort=-NAME,NAME, limit=N.
// With some, not every column of the API needs to be there.
func figures(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: figures FILE SHEET QUERY [OPTION…]")
	}
	rows, err := answer(args[2])
	ts.Check(err)
	some := false
	for _, option := range args[3:] {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "some":
			some = true
		case "where":
			column, least, _ := strings.Cut(value, ">")
			n := must(strconv.ParseFloat(least, 64))
			rows = slices.DeleteFunc(rows, func(r chatRow) bool { return r.number[column] <= n })
		case "group":
			rows = grouped(rows, value)
		case "sort":
			slices.SortStableFunc(rows, byColumns(strings.Split(value, ",")))
		case "limit":
			rows = rows[:must(strconv.Atoi(value))]
		default:
			ts.Fatalf("no option %s", option)
		}
	}
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	s := sheet{f: f, name: args[1]}
	if faults := s.compare(rows, some); len(faults) > 0 {
		ts.Fatalf("%s does not hold the figures of the API:\n%s", args[0], strings.Join(faults[:min(len(faults), 10)], "\n"))
	}
}

func grouped(rows []chatRow, by string) []chatRow {
	var out []chatRow
	var parts [][]chatRow
	for _, r := range rows {
		i := slices.IndexFunc(out, func(o chatRow) bool { return o.text[by] == r.text[by] })
		if i < 0 {
			i = len(out)
			out, parts = append(out, chatRow{map[string]string{by: r.text[by]}, map[string]float64{}}), append(parts, nil)
		}
		parts[i] = append(parts[i], r)
	}
	for i, o := range out {
		for _, f := range chatFigures {
			if x, ok := f.sum(parts[i]); ok {
				o.number[f.path] = x
			}
		}
	}
	return out
}

func byColumns(keys []string) func(a, b chatRow) int {
	return func(a, b chatRow) int {
		for _, key := range keys {
			name, desc := strings.CutPrefix(key, "-")
			c := cmp.Or(cmp.Compare(a.number[name], b.number[name]), cmp.Compare(a.text[name], b.text[name]))
			if desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	}
}

// sheet is a sheet of a delivered workbook.
type sheet struct {
	f    *excelize.File
	name string
}

// compare returns what differs from the rows that were expected.
func (s sheet) compare(rows []chatRow, some bool) (faults []string) {
	cells, err := s.f.GetRows(s.name, excelize.Options{RawCellValue: true})
	if err != nil {
		return []string{err.Error()}
	}
	labelled := func(label string) (figure, bool) {
		i := slices.IndexFunc(chatFigures, func(f figure) bool { return f.labels[0] == label || f.labels[1] == label })
		if i < 0 {
			return figure{}, false
		}
		return chatFigures[i], true
	}
	head := slices.IndexFunc(cells, func(row []string) bool {
		for _, text := range row {
			if _, ok := labelled(text); !ok {
				return false
			}
		}
		return len(row) > 1
	})
	if head < 0 {
		return []string{s.name + " has no table of the report's columns"}
	}
	if n := len(cells[head]); !some && n < 25 {
		faults = append(faults, fmt.Sprintf("%s has %d columns", s.name, n))
	}
	if n := len(cells) - head - 1; n != len(rows)+1 {
		faults = append(faults, fmt.Sprintf("%s has %d rows with the totals, the API %d", s.name, n, len(rows)))
		return faults
	}
	for c, label := range cells[head] {
		column, _ := labelled(label)
		for r, row := range rows {
			if fault := s.cell(column, c, head+2+r, row, true); fault != "" {
				faults = append(faults, fault)
			}
		}
		name := must(excelize.ColumnNumberToName(c + 1))
		if column.total == "" || !must(s.f.GetColVisible(s.name, name)) {
			continue // a hidden column holds the weights of a mean
		}
		x, ok := column.sum(rows)
		if fault := s.cell(column, c, head+2+len(rows), chatRow{number: map[string]float64{column.path: x}}, ok); fault != "" {
			faults = append(faults, "total "+fault)
		}
		at := name + strconv.Itoa(head+2+len(rows))
		if formula := must(s.f.GetCellFormula(s.name, at)); formula == "" && ok {
			faults = append(faults, "total "+s.name+"!"+at+" is no formula")
		}
	}
	return faults
}

// cell says what is wrong with a cell, "" for nothing. A column that does not stand there is not looked at.
func (s sheet) cell(f figure, c, r int, want chatRow, filled bool) string {
	at := must(excelize.CoordinatesToCellName(c+1, r))
	raw := must(s.f.GetCellValue(s.name, at, excelize.Options{RawCellValue: true}))
	kind := must(s.f.GetCellType(s.name, at))
	format := s.format(at)
	fault := func(want any) string {
		return fmt.Sprintf("%s!%s (%s) is %q, type %d under %q, and the API says %v", s.name, at, f.path, raw, kind, format, want)
	}
	text := kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString
	if !filled {
		if raw != "" {
			return fault("nothing")
		}
		return ""
	}
	var number float64
	var formats []string
	switch f.kind {
	case "text":
		if raw != want.text[f.path] || text == (raw == "") {
			return fault(want.text[f.path])
		}
		return ""
	case "bucket":
		if year, week, ok := isoWeek(want.text["series"]); ok {
			if raw != year+"-W"+week || !text {
				return fault(year + "-W" + week)
			}
			return ""
		}
		number, formats = bucketSerial(want.text["series"])
	case "count":
		number, formats = want.number[f.path], []string{"#,##0"}
	case "percent":
		number, formats = want.number[f.path], []string{"0.0%"}
		if number < 0 || number > 1 {
			return fault("a share from 0 to 1")
		}
	case "time":
		number, formats = want.number[f.path], []string{"[h]:mm:ss"}
	}
	got, err := strconv.ParseFloat(raw, 64)
	if err != nil || text || math.Abs(got-number) > 1e-9*max(1, math.Abs(number)) || !slices.Contains(formats, format) {
		return fault(fmt.Sprint(number, " under ", formats))
	}
	return ""
}

// padding is room to the right of a figure, which ends it where its header does.
var padding = regexp.MustCompile(`(_.)+$`)

// format is the number format of a cell, written out, without its padding.
func (s sheet) format(at string) string {
	style := must(s.f.GetStyle(must(s.f.GetCellStyle(s.name, at))))
	if style.CustomNumFmt != nil {
		return padding.ReplaceAllString(strings.ReplaceAll(*style.CustomNumFmt, `\`, ""), "") // LibreOffice escapes - and blanks
	}
	return map[int]string{3: "#,##0", 46: "[h]:mm:ss", 14: "date"}[style.NumFmt]
}

// isoWeek tells 2026-46 from a month, which looks the same: the scripts ask for weeks after the twelfth alone.
func isoWeek(series string) (year, week string, ok bool) {
	year, week, _ = strings.Cut(series, "-")
	return year, week, len(week) == 2 && week > "12"
}

// bucketSerial is a time bucket as Excel counts days: from 1899-12-30, in no zone.
func bucketSerial(series string) (float64, []string) {
	var t time.Time
	var formats []string
	switch {
	case len(series) == len("2026-11-09 08:00"):
		t, formats = must(time.Parse("2006-01-02 15:04", series)), []string{"yyyy-mm-dd hh:mm", "dd.mm.yyyy hh:mm"}
	case len(series) == len("13:00"):
		return must(time.Parse("15:04", series)).Sub(must(time.Parse("15:04", "00:00"))).Hours() / 24, []string{"hh:mm"}
	case len(series) == len("2026-11-09"):
		t, formats = must(time.Parse("2006-01-02", series)), []string{"yyyy-mm-dd", "dd.mm.yyyy"}
	case len(series) == len("2026"):
		t, formats = must(time.Parse("2006", series)), []string{"yyyy"}
	default:
		t, formats = must(time.Parse("2006-01", series)), []string{"[$-409]mmm yyyy"}
	}
	return t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24, formats
}
