package html

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

var update = flag.Bool("update", false, "write the goldens")

// agents is a small table with the kinds of column that a chat report has.
func agents() *table.Table {
	fields := []table.Field{
		{Name: "user_name", Type: expr.Text, Label: "Agent"},
		{Name: "incoming", Type: expr.Integer, Label: "Incoming", Total: table.Total{Kind: table.TotalSum}},
		{Name: "answered", Type: expr.Integer, Label: "Answered", Total: table.Total{Kind: table.TotalSum}},
		{Name: "sla", Type: expr.Percent, Label: "Service level"},
		{Name: "chat_time", Type: expr.Duration, Label: "Total chat time", Total: table.Total{Kind: table.TotalSum}},
		{Name: "weight", Type: expr.Integer, Hidden: true},
	}
	row := func(name string, incoming, answered int64, sla float64, chat time.Duration) []expr.Value {
		return []expr.Value{
			expr.TextValue(name), expr.IntegerValue(incoming), expr.IntegerValue(answered),
			expr.PercentValue(sla), expr.DurationValue(chat), expr.IntegerValue(1),
		}
	}
	rows := [][]expr.Value{
		row("Grażyna Żółkiewska-Łęcka", 1212, 1180, 97.4, 123*time.Hour+33*time.Minute+44*time.Second),
		row("Jan Kowalski", 941, 905, 96.2, 88*time.Hour+2*time.Minute+9*time.Second),
		row("Świętosława Brzęczyszczykiewicz", 77, 51, 66.2, 5*time.Hour+51*time.Minute),
		row("=cmd|' /C calc'!A0 <b>&", 1, 0, 0, 0),
	}
	rows[3][3] = expr.Missing(expr.Percent)
	return table.FromValues(fields, rows)
}

func kpis() outputs.KPIs {
	return outputs.KPIs{Items: []outputs.KPI{
		{Label: "Chats", Value: expr.IntegerValue(2231)},
		{Label: "Answered", Value: expr.RatioValue(0.958), Format: "0.0%"},
		{Label: "Chat time", Value: expr.DurationValue(217*time.Hour + 26*time.Minute + 53*time.Second)},
		{Label: "Satisfaction", Value: expr.Missing(expr.Percent)},
	}}
}

func report(locale string) outputs.Document {
	doc := outputs.Document{
		Title:   "Chats, 9–15 Nov 2026",
		Range:   "9–15 Nov 2026 (Europe/Warsaw)",
		Project: "support-reports",
		Locale:  locale,
		Notices: []string{"The source returned no rows for 15 Nov."},
		Body: []outputs.Block{
			outputs.Heading{Text: "Chats, 9–15 Nov 2026"},
			kpis(),
			outputs.Heading{Text: "Agents"},
			outputs.Text{Text: "Chats that an agent took, by agent. Transferred chats count for the agent who took them last.\nQueues: Sales, Support."},
			outputs.TableBlock{Dataset: "by_agent", Table: agents(), Totals: true},
			outputs.Heading{Text: "Best two"},
			outputs.TableBlock{Dataset: "by_agent", Table: agents(), Limit: 2, Totals: true, Columns: []outputs.TableColumn{
				{Key: "user_name", Label: "Who"}, {Key: "answered"},
			}},
			outputs.Heading{Text: "Complaints"},
			outputs.TableBlock{Dataset: "complaints", Table: table.FromValues(agents().Fields(), nil), Totals: true},
		},
		Sheets: []outputs.Sheet{{Name: "Agents", Blocks: []outputs.Block{outputs.TableBlock{Dataset: "by_agent", Table: agents()}}}},
	}
	if locale == "pl" {
		doc.Title, doc.Range = "Czaty, 9–15 lis 2026", "9–15 lis 2026 (Europe/Warsaw)"
		doc.Notices = nil
	}
	return doc
}

func TestBodyGolden(t *testing.T) {
	for _, locale := range []string{"en", "pl"} {
		letter, err := Body(report(locale), nil)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, locale+".html", letter.HTML)
		golden(t, locale+".txt", letter.Text)
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the golden; look at the difference, then write it with -update.\n%s", name, got)
	}
}

func TestBodyIsTheSameAgain(t *testing.T) {
	first, err := Body(report("en"), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Body(report("en"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first, again) {
		t.Error("two renders of one document differ")
	}
}

func TestPageIsTheMail(t *testing.T) {
	page, err := Page(report("pl"), nil)
	if err != nil {
		t.Fatal(err)
	}
	mail, err := Body(report("pl"), nil)
	if err != nil {
		t.Fatal(err)
	}
	said := func(html []byte) string {
		return strings.Join(strings.Fields(regexp.MustCompile(`(?s)<style>.*</style>|<!--.*?-->|<[^>]*>`).ReplaceAllString(string(html), " ")), " ")
	}
	if got, want := said(page), said(mail.HTML); got != want || len(want) < 500 {
		t.Errorf("the preview's page says\n%s\nand the mail\n%s", got, want)
	}
}

func TestNothingFromElsewhere(t *testing.T) {
	letter, err := Body(report("en"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, outside := range []string{"http:", "https:", "src=", "url(", "@import", "<script", "<link"} {
		if bytes.Contains(letter.HTML, []byte(outside)) {
			t.Errorf("the page holds %q", outside)
		}
	}
}

func TestWithoutABody(t *testing.T) {
	doc := report("en")
	doc.Body = nil
	doc.Sheets = []outputs.Sheet{
		{Name: "Summary", Blocks: []outputs.Block{
			outputs.Heading{Text: "a heading of the sheet"}, kpis(), outputs.TableBlock{Dataset: "by_agent", Table: agents()},
		}},
		{Name: "More", Blocks: []outputs.Block{outputs.TableBlock{Dataset: "more", Table: agents()}}},
	}
	letter, err := Body(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Chats, 9–15 Nov 2026", "Satisfaction", "Jan Kowalski"} {
		if !strings.Contains(string(letter.Text), want) {
			t.Errorf("the mail does not say %q:\n%s", want, letter.Text)
		}
	}
	if strings.Contains(string(letter.Text), "a heading of the sheet") || strings.Count(string(letter.Text), "Jan Kowalski") != 1 {
		t.Errorf("the mail says more than the first sheet's kpis and tables:\n%s", letter.Text)
	}
}

func TestCutTables(t *testing.T) {
	var rows [][]expr.Value
	for i := range int64(412) {
		rows = append(rows, []expr.Value{expr.IntegerValue(i)})
	}
	long := table.FromValues([]table.Field{{Name: "n", Type: expr.Integer}}, rows)
	whole := []outputs.Sheet{{Blocks: []outputs.Block{outputs.TableBlock{Dataset: "d", Table: long}}}}
	cut := []outputs.Sheet{{Blocks: []outputs.Block{outputs.TableBlock{Dataset: "d", Table: long, Limit: 100}}}}
	for _, test := range []struct {
		name   string
		limit  int
		sheets []outputs.Sheet
		locale string
		rows   int
		note   string
	}{
		{"fifty by itself", 0, whole, "en", 50, "50 of 412 rows are shown; all are in the workbook."},
		{"as the block says", 7, whole, "en", 7, "7 of 412 rows are shown; all are in the workbook."},
		{"nothing attached", 0, nil, "en", 50, "50 of 412 rows are shown."},
		{"cut in the workbook too", 0, cut, "en", 50, "50 of 412 rows are shown."},
		{"exactly all", 412, whole, "en", 412, ""},
		{"in Polish", 0, whole, "pl", 50, "Pokazano wierszy: 50 z 412; wszystkie są w skoroszycie."},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := outputs.Document{Locale: test.locale, Sheets: test.sheets}
			g, err := newGrid(outputs.TableBlock{Dataset: "d", Table: long, Limit: test.limit}, doc, DefaultRows, &look{})
			if err != nil {
				t.Fatal(err)
			}
			if len(g.Rows) != test.rows || g.Note != test.note {
				t.Errorf("%d rows and %q, want %d and %q", len(g.Rows), g.Note, test.rows, test.note)
			}
		})
	}
}

func TestUnknownColumn(t *testing.T) {
	_, err := Body(outputs.Document{}, []outputs.Block{
		outputs.TableBlock{Dataset: "by_agent", Table: agents(), Columns: []outputs.TableColumn{{Key: "user"}}},
	})
	if err == nil || !strings.Contains(err.Error(), `by_agent: the table has no column "user"`) {
		t.Errorf("got %v", err)
	}
}

func TestTextFitsItsLines(t *testing.T) {
	letter, err := Body(report("en"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(letter.Text), "\n") {
		if n := len([]rune(line)); n > textWidth {
			t.Errorf("a line of %d characters: %s", n, line)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{"one", "one"},
		{"aaa bb cc", "aaa bb\ncc"},
		{"aaaaaaaaaaaa bb", "aaaaaaaaaaaa\nbb"},
		{"żółć ąę", "żółć\nąę"},
	} {
		width := 6
		if got := wrap(test.in, width); got != test.want {
			t.Errorf("wrap(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestTotalsByTheBlocksOwnRules(t *testing.T) {
	b := outputs.TableBlock{Dataset: "by_agent", Table: agents(), Totals: true, Limit: 1, Columns: []outputs.TableColumn{
		{Key: "user_name"},
		{Key: "incoming", Total: &table.Total{Kind: table.TotalMax}},
		{Key: "answered"},
		{Key: "sla", Total: &table.Total{Kind: table.TotalMin}},
	}}
	g, err := newGrid(b, outputs.Document{Locale: "en"}, DefaultRows, &look{})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Total of all 4 rows", "1,212", "2,136", "66.2%"}; !slices.Equal(g.Totals, want) {
		t.Errorf("totals %q, want %q", g.Totals, want)
	}
	if totals, err := b.Table.Totals(); err != nil || totals[1].Int != 2231 {
		t.Errorf("the table's own totals changed: %v, %v", totals, err)
	}
}

func TestMoreColumnsThanAMailHasRoomFor(t *testing.T) {
	fields, row := []table.Field{{Name: "week", Type: expr.Period, Grain: "week"}}, []expr.Value{{Type: expr.Period, Valid: true, Int: expr.Civil(time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC))}}
	for i := range 24 {
		fields, row = append(fields, table.Field{Name: "n_" + string(rune('a'+i)), Type: expr.Integer}), append(row, expr.IntegerValue(int64(i)))
	}
	b := outputs.TableBlock{Dataset: "d", Table: table.FromValues(fields, [][]expr.Value{row})}
	chosen := b
	chosen.Columns = []outputs.TableColumn{{Key: "week"}}
	for _, test := range []struct {
		sheets []outputs.Sheet
		note   string
	}{
		{[]outputs.Sheet{{Blocks: []outputs.Block{b}}}, "17 more columns in the workbook."},
		{[]outputs.Sheet{{Blocks: []outputs.Block{chosen}}}, "17 more columns."},
		{nil, "17 more columns."},
	} {
		g, err := newGrid(b, outputs.Document{Sheets: test.sheets}, DefaultRows, &look{})
		if err != nil {
			t.Fatal(err)
		}
		if len(g.Columns) != outputs.Most || g.Rows[0][0].Text != "2026-W41" || g.Columns[1].Label != "N a" || g.Note != test.note {
			t.Errorf("%d columns, %q, %q", len(g.Columns), g.Rows[0][0].Text, g.Note)
		}
	}
}
