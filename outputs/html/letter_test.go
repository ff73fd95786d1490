package html

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

var pages = flag.String("pages", "", "write the pages into this folder, to be looked at")

// days is a week of chats.
func days() *table.Table {
	fields := []table.Field{
		{Name: "day", Type: expr.Period, Grain: "day", Label: "Day"},
		{Name: "incoming", Type: expr.Integer, Label: "Incoming", Total: table.Total{Kind: table.TotalSum}},
		{Name: "answered", Type: expr.Integer, Label: "Answered", Total: table.Total{Kind: table.TotalSum}},
		{Name: "sla", Type: expr.Percent, Label: "Service level"},
		{Name: "wait", Type: expr.Duration, Label: "Waiting time"},
	}
	var rows [][]expr.Value
	for i, n := range []int64{412, 389, 401, 377, 350, 120, 95} {
		at := time.Date(2026, 11, 9+i, 0, 0, 0, 0, time.UTC)
		rows = append(rows, []expr.Value{
			{Type: expr.Period, Valid: true, Int: expr.Civil(at)}, expr.IntegerValue(n), expr.IntegerValue(n * int64(96-3*i) / 100),
			expr.PercentValue(97.4 - float64(i*i)/2), expr.DurationValue(time.Duration(40+i*17) * time.Second),
		})
	}
	return table.FromValues(fields, rows)
}

func before(v expr.Value) *expr.Value { return &v }

// logo is a picture of 320 × 80 dots.
func logo(t *testing.T) *outputs.Image {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, 320, 80), color.Palette{color.White, color.RGBA{0x1F, 0x6F, 0x5C, 0xFF}})
	for y := range 80 {
		for x := range 320 {
			if dx, dy := x-40, y-40; dx*dx+dy*dy < 36*36 || x > 96 && y > 28 && y < 52 {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return &outputs.Image{Data: b.Bytes(), MediaType: "image/png", Alt: "Example Ltd."}
}

// rich is a document with all that a mail can show.
func rich(t *testing.T, locale string) outputs.Document {
	column := func(key string, h *outputs.Highlight) outputs.TableColumn {
		return outputs.TableColumn{Key: key, Highlight: h}
	}
	doc := report(locale)
	queues := []outputs.AboutFilter{{Label: "Queue", Values: []string{"Sales", "Complaints"}}}
	doc.Theme = outputs.Theme{Accent: "1F6F5C", Logo: logo(t)}
	doc.About = &outputs.About{
		Definition: "chats.yaml", Report: "weekly-chats", Commit: "3f2a1bc9d8e7f6a5b4c3d2e1f00918273645a9b8",
		Datasets: []outputs.AboutDataset{
			{Name: "by_day", Requests: 1, Filters: []string{"chat_queue_ids: 1, 3", "response_threshold: 30"}, Chosen: queues},
			{Name: "by_agent", Requests: 1, Filters: []string{"chat_queue_ids: 1, 3"}, Chosen: queues},
		},
	}
	doc.Body = []outputs.Block{
		outputs.KPIs{Items: []outputs.KPI{
			{Label: "Chats", Value: expr.IntegerValue(2144), Before: before(expr.IntegerValue(1987)), Good: "up"},
			{Label: "Answered", Value: expr.RatioValue(0.931), Before: before(expr.RatioValue(0.947)), Good: "up"},
			{Label: "Waiting time", Value: expr.DurationValue(91 * time.Second), Before: before(expr.DurationValue(104 * time.Second)), Good: "down"},
			{Label: "Transferred", Value: expr.IntegerValue(61), Before: before(expr.IntegerValue(61))},
		}},
		outputs.Chart{
			Dataset: "by_day", Table: days(), Type: outputs.ChartCombo, Title: "Chats and service level by day", X: "day",
			Y: []outputs.TableColumn{{Key: "incoming"}, {Key: "answered"}}, Y2: []outputs.TableColumn{{Key: "sla"}},
		},
		outputs.Chart{Dataset: "by_day", Table: days(), Type: outputs.ChartColumn, Title: "Incoming", X: "day", Y: []outputs.TableColumn{{Key: "incoming"}}, Half: true, Height: 200},
		outputs.Chart{Dataset: "by_day", Table: days(), Type: outputs.ChartLine, Title: "Waiting time", X: "day", Y: []outputs.TableColumn{{Key: "wait"}}, Half: true, Height: 200},
		outputs.Heading{Text: "Agents"},
		outputs.TableBlock{Dataset: "by_agent", Table: agents(), Totals: true, Columns: []outputs.TableColumn{
			column("user_name", nil), column("incoming", &outputs.Highlight{Bars: true}), column("answered", &outputs.Highlight{Scale: true}),
			column("sla", &outputs.Highlight{Rules: []outputs.HighlightRule{
				{Below: expr.PercentValue(70), As: outputs.ToneBad}, {Below: expr.PercentValue(97), As: outputs.ToneWarning}, {AtLeast: expr.PercentValue(97), As: outputs.ToneGood},
			}}),
			column("chat_time", &outputs.Highlight{Scale: true, Good: "down"}),
		}},
		outputs.Chart{Dataset: "by_agent", Table: agents(), Type: outputs.ChartDoughnut, Title: "Who took the chats", X: "user_name", Y: []outputs.TableColumn{{Key: "incoming"}}},
		outputs.Image{Data: logo(t).Data, MediaType: "image/png", Alt: "The floor plan"},
	}
	return doc
}

func TestRichGolden(t *testing.T) {
	for _, locale := range []string{"en", "pl"} {
		letter, err := Body(rich(t, locale), nil)
		if err != nil {
			t.Fatal(err)
		}
		if *pages != "" {
			page, err := Page(rich(t, locale), nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*pages, locale+".html"), page, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, "rich-"+locale+".txt", letter.Text)
		if locale == "en" {
			golden(t, "rich-en.html", regexp.MustCompile(`cid:[0-9a-f]{32}`).ReplaceAll(letter.HTML, []byte("cid:PICTURE")))
		}
	}
}

func TestPicturesComeAlong(t *testing.T) {
	doc := rich(t, "en")
	doc.Body = slices.DeleteFunc(doc.Body, func(b outputs.Block) bool {
		c, ok := b.(outputs.Chart)
		return ok && c.Title != "Incoming"
	})
	letter, err := Body(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Logo and image are the same picture, and come once; the chart comes for a desk and for a phone.
	if n := len(letter.Inline); n != 3 {
		t.Errorf("%d pictures", n)
	}
	for _, i := range letter.Inline {
		if !bytes.Contains(letter.HTML, []byte(`src="cid:`+i.ID+`"`)) {
			t.Errorf("nothing shows %s", i.Name)
		}
		if _, err := png.Decode(bytes.NewReader(i.Data)); err != nil {
			t.Errorf("%s: %v", i.Name, err)
		}
	}
	for _, tag := range regexp.MustCompile(`<img[^>]*>`).FindAll(letter.HTML, -1) {
		if !regexp.MustCompile(` src="cid:[0-9a-f]{32}@reportform"`).Match(tag) || !bytes.Contains(tag, []byte(` alt="`)) {
			t.Errorf("a picture without source or text: %s", tag)
		}
	}
	page, err := Page(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(page, []byte("cid:")) || bytes.Count(page, []byte(`src="data:image/png;base64,`)) != 4 {
		t.Error("the page does not hold its pictures")
	}
}

// TestRowsOfTiles has four usual figures in one row of a mail, in rows that are even, and long ones in fewer.
func TestRowsOfTiles(t *testing.T) {
	for _, test := range []struct {
		figure     string
		n, mail    int
		want, wide int
	}{
		{"1,234", 4, 600, 4, 138}, {"217:26:53", 4, 600, 4, 138}, {"1,234,567.00 zł", 4, 600, 2, 276}, {"9", 5, 600, 3, 184},
		{"9", 6, 960, 6, 152}, {"9", 7, 960, 4, 228}, {"9", 1, 600, 2, 276}, {strings.Repeat("9", 99), 3, 600, 2, 276},
	} {
		row := tiles{Items: slices.Repeat([]tile{{Value: test.figure}}, test.n)}
		if got, width := row.perRow(test.mail), row.Width(test.mail); got != test.want || width != test.wide {
			t.Errorf("%d tiles of %q in %d px: %d in a row, %d px wide", test.n, test.figure, test.mail, got, width)
		}
	}
}

// TestChartsAreDrawnForTheirPlace has a chart as wide as a wide mail's tables, and halves of one height beside each other.
func TestChartsAreDrawnForTheirPlace(t *testing.T) {
	whole := outputs.Chart{Dataset: "by_day", Table: days(), Type: outputs.ChartColumn, Title: "A", X: "day", Y: []outputs.TableColumn{{Key: "incoming"}}}
	low, high := whole, whole
	low.Type, low.Half, high.Half = outputs.ChartBar, true, true
	fields := []table.Field{{Name: "day", Type: expr.Text}, {Name: "incoming", Type: expr.Integer}}
	low.Table = table.FromValues(fields, [][]expr.Value{{expr.TextValue("Monday"), expr.IntegerValue(412)}})
	dense := outputs.TableBlock{Dataset: "d", Table: days(), Columns: slices.Repeat([]outputs.TableColumn{{Key: "incoming"}}, 7)}
	for _, test := range []struct {
		blocks []outputs.Block
		width  int
	}{{[]outputs.Block{whole, low, high}, 544}, {[]outputs.Block{whole, low, high, dense}, 844}} {
		letter, err := Body(outputs.Document{Locale: "en"}, test.blocks)
		if err != nil {
			t.Fatal(err)
		}
		var sizes []image.Point
		for _, i := range letter.Inline {
			img, err := png.DecodeConfig(bytes.NewReader(i.Data))
			if err != nil {
				t.Fatal(err)
			}
			sizes = append(sizes, image.Pt(img.Width/dots, img.Height/dots))
		}
		half := (test.width - apart) / 2
		// High's picture for a phone is that of the whole chart.
		if len(sizes) != 5 || sizes[0].X != test.width || sizes[1].X != phone || sizes[2].X != half || sizes[4].X != half || sizes[2].Y != sizes[4].Y || sizes[3].Y >= sizes[2].Y {
			t.Errorf("pictures of %v", sizes)
		}
	}
}

func TestDigestKnowsNoCommit(t *testing.T) {
	doc := rich(t, "en")
	doc.Body = []outputs.Block{outputs.Heading{Text: "A heading"}, outputs.Chart{Dataset: "by_day", Table: days(), Type: outputs.ChartLine, Title: "T", X: "day", Y: []outputs.TableColumn{{Key: "answered"}}}}
	digest := func() outputs.Digest {
		letter, err := Body(doc, nil)
		if err != nil {
			t.Fatal(err)
		}
		return letter.Content
	}
	first := digest()
	doc.About.Commit = "0000000"
	if digest() != first {
		t.Error("another commit is another content")
	}
	doc.Body[1] = outputs.Chart{Dataset: "by_day", Table: days(), Type: outputs.ChartArea, Title: "T", X: "day", Y: []outputs.TableColumn{{Key: "answered"}}}
	if digest() == first {
		t.Error("another chart is the same content")
	}
}

// TestStaysBelowWhatIsCut has a mail that Gmail would cut, and one whose rows no cut makes short enough.
func TestStaysBelowWhatIsCut(t *testing.T) {
	var rows [][]expr.Value
	for i := range int64(2000) {
		rows = append(rows, []expr.Value{expr.TextValue(strings.Repeat("x", 30)), expr.IntegerValue(i), expr.IntegerValue(i)})
	}
	long := table.FromValues([]table.Field{{Name: "name", Type: expr.Text}, {Name: "n", Type: expr.Integer, Total: table.Total{Kind: table.TotalSum}}, {Name: "m", Type: expr.Integer}}, rows)
	b := outputs.TableBlock{Dataset: "d", Table: long, Limit: 1500, Totals: true, Columns: []outputs.TableColumn{{Key: "name"}, {Key: "n", Highlight: &outputs.Highlight{Bars: true}}, {Key: "m", Highlight: &outputs.Highlight{Scale: true}}}}
	letter, err := Body(outputs.Document{Locale: "en", Sheets: []outputs.Sheet{{Blocks: []outputs.Block{outputs.TableBlock{Dataset: "d", Table: long}}}}}, []outputs.Block{b})
	if err != nil {
		t.Fatal(err)
	}
	shown := bytes.Count(letter.HTML, []byte(strings.Repeat("x", 30)))
	if len(letter.HTML) > mostHTML || shown < 50 {
		t.Errorf("%d bytes with %d rows", len(letter.HTML), shown)
	}
	note := expr.Display(expr.IntegerValue(int64(shown)), "", "en") + " of 2,000 rows are shown; all are in the workbook."
	if !bytes.Contains(letter.HTML, []byte(note)) || !bytes.Contains(letter.Text, []byte(note)) {
		t.Errorf("the mail does not say %q", note)
	}
	if !bytes.Contains(letter.HTML, []byte("Total of all 2,000 rows")) {
		t.Error("the totals do not say that they are of all rows")
	}
	style := regexp.MustCompile(`(?s)<style>.*</style>`).Find(letter.HTML)
	if n := len(style); n == 0 || n > 8_000 {
		t.Errorf("%d bytes of styles", n)
	}
}

func TestHostileWords(t *testing.T) {
	const evil = `"><script>x</script><b style='`
	doc := rich(t, "en")
	doc.Theme.Font = `x';}</style>` + evil
	doc.Theme.Logo.Alt = evil
	doc.About.Definition, doc.About.Datasets[0].Chosen = evil, []outputs.AboutFilter{{Label: evil, Values: []string{evil}}}
	doc.Body = []outputs.Block{
		outputs.KPIs{Items: []outputs.KPI{{Label: evil, Value: expr.IntegerValue(2), Before: before(expr.IntegerValue(1)), Format: `0"` + "<script>" + `"`}}},
		outputs.Chart{Dataset: "by_day", Table: days(), Type: outputs.ChartLine, Title: evil, X: "day", Y: []outputs.TableColumn{{Key: "incoming", Label: evil}}},
		outputs.Image{Data: []byte("no picture"), MediaType: "image/png", Alt: evil},
	}
	letter, err := Body(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<b ", "ZgotmplZ"} {
		if bytes.Contains(letter.HTML, []byte(bad)) {
			t.Errorf("the page holds %q:\n%s", bad, letter.HTML)
		}
	}
}

// TestTilesEndAtOneLine gives every label of a row the height of the longest one, and a figure that half of a phone cannot hold a row.
func TestTilesEndAtOneLine(t *testing.T) {
	row := tiles{Items: []tile{{Label: "Chats", Value: "2,083"}, {Label: "Average wait for a first answer", Value: "0:00:21"}, {Label: "Answered", Value: "93.3%"}, {Label: "Abandoned", Value: "116"}}}
	if got := row.LabelHeight(600, 0); got != 32 {
		t.Errorf("labels are %d px high", got)
	}
	row.Items = append(row.Items, tile{Label: "Chats"})
	if got := row.LabelHeight(600, 3); got != 0 {
		t.Errorf("labels of another row are %d px high", got)
	}
	row.Items[1].Label = "Wait"
	if got := row.LabelHeight(600, 0); got != 0 {
		t.Errorf("labels of a line each are %d px high", got)
	}
	for figure, want := range map[string]bool{"1,234,567.00": true, "1,234": false, "09.11.2026": false, "a first word and more": false} {
		if (tile{Value: figure}).Long() != want {
			t.Errorf("the figure %q is long: %t", figure, !want)
		}
	}
}

// TestLongWordsBreak keeps an address from pushing the other columns out of sight.
func TestLongWordsBreak(t *testing.T) {
	for text, want := range map[string]bool{"https://support.example.com/tickets/451": true, "Grzegorz Brzęczyszczykiewicz": false} {
		if (cell{Text: text}).Long() != want {
			t.Errorf("%q is broken: %t", text, !want)
		}
	}
}
