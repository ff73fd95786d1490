package xlsx

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// TestTheSheetAboutAReport says where its figures come from.
func TestTheSheetAboutAReport(t *testing.T) {
	doc := weekly()
	doc.Locale, doc.About, doc.AboutSheet = "en", madeOf(), true
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	var lines []string
	for _, row := range must(f.GetRows("About")) {
		var said []string
		for _, s := range row {
			if s = strings.TrimSpace(s); s != "" {
				said = append(said, s)
			}
		}
		if len(said) > 0 {
			lines = append(lines, strings.Join(said, " | "))
		}
	}
	want := []string{
		"Czaty, 9–15 lis 2026", "9–15 lis 2026 (Europe/Warsaw)", "Report | weekly-chats", "Range | 9–15 lis 2026 (last_week)", "Time zone | Europe/Warsaw",
		"Definition | chats.yaml", "Commit | 6e2fdd1c0ffee", "Datasets",
		"Dataset | Source | Compared with | Filters | Grain | Transform | Requests | Rows fetched | Rows",
		"by_day | thulium.chats_summary | 2–8 lis 2026 | chat_queue_ids: 1, 3\nresponse_threshold: 30 | day | 2 | 14 | 7", "top | by_day | sort, limit | 5",
		"Checks", "Check | Outcome | Condition | Remarks", "rows | passed | rows(by_day) > 0", "agreement | warning | sum(by_day.incoming) == 294 | The sums differ.",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("it says\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	passed, warned := must(f.SearchSheet("About", "passed"))[0], must(f.SearchSheet("About", "warning"))[0]
	theme := outputs.DefaultTheme()
	for at, colour := range map[string]string{passed: theme.Good, warned: outputs.Legible(theme.Warning, colourPaper, outputs.SmallContrast)} {
		if got := must(f.GetStyle(must(f.GetCellStyle("About", at)))).Font.Color; got != colour {
			t.Errorf("%s is written in %s, want %s", at, got, colour)
		}
	}
	var condition string
	for _, m := range must(f.GetMergeCells("About")) {
		if m.GetCellValue() == "sum(by_day.incoming) == 294" {
			condition = m.GetStartAxis()
		}
	}
	if got := must(f.GetStyle(must(f.GetCellStyle("About", condition)))).Font.Color; got != colourQuiet {
		t.Errorf("the condition at %q is written in %s", condition, got)
	}
	doc.AboutSheet = false
	path, _ = render(t, Renderer{}, doc)
	if got := open(t, path).GetSheetList(); len(got) != 3 {
		t.Errorf("unasked, the sheets are %q", got)
	}
}

// TestChecksStandOnALineEach, whatever their names, conditions and remarks, and without a column of remarks that nobody made.
func TestChecksStandOnALineEach(t *testing.T) {
	doc := weekly()
	doc.Locale, doc.About, doc.AboutSheet = "en", madeOf(), true
	doc.About.Checks = []outputs.AboutCheck{
		{Name: "agents make up the days of the week", Assert: "ratio(sum(by_day.answered), sum(by_day.incoming_to_agent)) >= 0.8"},
	}
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	at := must(f.SearchSheet("About", "agents make up the days of the week"))[0]
	_, row, err := excelize.CellNameToCoordinates(at)
	if err != nil {
		t.Fatal(err)
	}
	if high := must(f.GetRowHeight("About", row)); high > 1.5*lineHeight {
		t.Errorf("the check's row is %v points high", high)
	}
	if got := must(f.SearchSheet("About", "Remarks")); len(got) != 0 {
		t.Errorf("remarks stand at %q", got)
	}
}

// TestTheCommitIsNoPartOfTheContent: two renders of the same figures are the same, whatever commit they are made at.
func TestTheCommitIsNoPartOfTheContent(t *testing.T) {
	digests := map[outputs.Digest]bool{}
	for _, commit := range []string{"", "6e2fdd1", "0123456789abcdef0123456789abcdef01234567"} {
		doc := adorned(t)
		doc.About.Commit = commit
		path, got := render(t, Renderer{}, doc)
		digests[got.Content] = true
		if said := must(open(t, path).SearchSheet("O raporcie", orElse(commit, "–"))); len(said) != 1 {
			t.Errorf("commit %q stands at %q", commit, said)
		}
	}
	if len(digests) != 1 {
		t.Errorf("the same figures have %d contents", len(digests))
	}
	doc := adorned(t)
	doc.About.Range = "2–8 lis 2026"
	if _, got := render(t, Renderer{}, doc); digests[got.Content] {
		t.Error("another range is the same content")
	}
}
