package html

import (
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func TestAltSaysTheMessage(t *testing.T) {
	columns := []outputs.TableColumn{{Key: "incoming"}, {Key: "sla"}}
	for _, test := range []struct {
		name, locale string
		chart        outputs.Chart
		want         string
	}{
		{
			"days", "en", outputs.Chart{Table: days(), Type: outputs.ChartLine, X: "day", Y: columns},
			"Chart: Incoming, Service level by Day, 9 Nov – 15 Nov. Incoming: highest 412 (9 Nov), lowest 95 (15 Nov), last 95 (15 Nov). Service level: highest 97.4% (9 Nov), lowest 79.4% (15 Nov), last 79.4% (15 Nov).",
		},
		{
			"agents", "pl", outputs.Chart{Table: agents(), Type: outputs.ChartBar, Title: "Rozmowy", X: "user_name", Y: columns[:1]},
			"Wykres: Rozmowy. Incoming: najwięcej 1\u00a0212 (Grażyna Żółkiewska-Łęcka), najmniej 1 (=cmd|' /C calc'!A0 <b>&).",
		},
		{
			"nothing", "en", outputs.Chart{Table: table.FromValues(days().Fields(), nil), Type: outputs.ChartBar, Title: "T", X: "day", Y: columns},
			"Chart: T. No rows.",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			points, err := test.chart.Points(test.locale)
			if err != nil {
				t.Fatal(err)
			}
			l := &letter{Locale: test.locale, words: outputs.Words(test.locale)}
			if got := l.alt(test.chart, points); got != test.want {
				t.Errorf("%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestManyPointsAreSaidShortly(t *testing.T) {
	var rows [][]expr.Value
	for i := range int64(100) {
		rows = append(rows, []expr.Value{expr.IntegerValue(i), expr.IntegerValue(i * i)})
	}
	c := outputs.Chart{Table: table.FromValues([]table.Field{{Name: "n", Type: expr.Integer}, {Name: "square", Type: expr.Integer}}, rows), Type: outputs.ChartLine, X: "n", Y: []outputs.TableColumn{{Key: "square"}}}
	letter, err := Body(outputs.Document{Locale: "en"}, []outputs.Block{c})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Square by N. Square: highest 9,801 (99), lowest 0 (0)."; !strings.Contains(string(letter.Text), want) {
		t.Errorf("the text does not say %q:\n%s", want, letter.Text)
	}
}

func TestFoot(t *testing.T) {
	dataset := func(name string, chosen ...string) outputs.AboutDataset {
		d := outputs.AboutDataset{Name: name, Requests: 1, Filters: []string{"response_threshold: 30"}}
		for _, c := range chosen {
			label, values, _ := strings.Cut(c, "=")
			d.Chosen = append(d.Chosen, outputs.AboutFilter{Label: label, Values: strings.Split(values, " ")})
		}
		return d
	}
	derived := outputs.AboutDataset{Name: "derived"}
	for _, test := range []struct {
		name     string
		datasets []outputs.AboutDataset
		want     string
	}{
		{"none", []outputs.AboutDataset{dataset("a"), dataset("b")}, ""},
		{"the same", []outputs.AboutDataset{dataset("a", "Queue=Sales Orders", "City=Łódź"), derived, dataset("b", "Queue=Sales Orders", "City=Łódź")}, "Queue: Sales, Orders; City: Łódź"},
		{"different", []outputs.AboutDataset{dataset("by_day", "Queue=Sales"), dataset("b", "Queue=Orders")}, "By day (Queue: Sales), B (Queue: Orders)"},
		{"one without", []outputs.AboutDataset{dataset("a"), dataset("by_queue", "Queue=Orders"), dataset("c")}, "By queue (Queue: Orders)"},
		{"many", []outputs.AboutDataset{dataset("a", "Q="+strings.Repeat("ż", 500)), dataset("b")}, "A (Q: " + strings.Repeat("ż", 234) + " …"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := filters(test.datasets); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
	if got := newFoot(outputs.Document{About: &outputs.About{Definition: "a.yaml"}}).Foot(); len(got) != 1 || got[0] != "Definition: a.yaml" {
		t.Errorf("foot %q", got)
	}
}

func TestAFontCannotEndItsStyle(t *testing.T) {
	l := &letter{look: newLook(outputs.Theme{Font: `Fira Sans';}</style>"\`})}
	if got := l.Font(); got != "'Fira Sans/style',Arial,Helvetica,sans-serif" {
		t.Errorf("font-family: %s", got)
	}
}
