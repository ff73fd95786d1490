package xlsx

import "testing"

func TestFormulasFollowWhatMoves(t *testing.T) {
	// Rows 5 to 7 of B to D are data, and become 10 rows; what stands below in these columns moves by 7.
	grow := newShift("My sheet", must(parseArea("B5:D7")), 7)
	shrink := newShift("My sheet", must(parseArea("B5:D7")), -2)
	cases := []struct{ formula, grown, shrunk string }{
		{"SUM(B5:B7)", "SUM(B5:B14)", "SUM(B5:B5)"},
		{"SUM(B4:B7)", "SUM(B4:B14)", "SUM(B4:B5)"},
		{"SUM(B6:B7)", "SUM(B6:B14)", "SUM(B5:B5)"},
		{"SUM(B5:B8)", "SUM(B5:B15)", "SUM(B5:B6)"},
		{"SUM(A5:A7)", "SUM(A5:A7)", "SUM(A5:A7)"},
		{"SUM(A1:Z20)", "SUM(A1:Z27)", "SUM(A1:Z20)"},
		{"SUM(A5:E7)", "SUM(A5:E14)", "SUM(A5:E5)"},
		{"B8+$C$9+D$1", "B15+$C$16+D$1", "B6+$C$7+D$1"},
		{"B5*B7", "B5*B7", "B5*#REF!"},
		{"B6:B6", "B6:B6", "#REF!"},
		{"A8+E8", "A8+E8", "A8+E8"},
		{"'My sheet'!B8+Other!B8+'Other one'!B8", "'My sheet'!B15+Other!B8+'Other one'!B8", "'My sheet'!B6+Other!B8+'Other one'!B8"},
		{`"B8 ""B9"" text"&B8`, `"B8 ""B9"" text"&B15`, `"B8 ""B9"" text"&B6`},
		{"Table1[[#This Row],[B8]]+Table1[it's'[B9]]", "Table1[[#This Row],[B8]]+Table1[it's'[B9]]", "Table1[[#This Row],[B8]]+Table1[it's'[B9]]"},
		{"LOG10(B8)+LOG10", "LOG10(B15)+LOG10", "LOG10(B6)+LOG10"},
		{"B:B+5:7+B8", "B:B+5:7+B15", "B:B+5:7+B6"},
		{"First:Last!B8+B8", "First:Last!B8+B15", "First:Last!B8+B6"},
		{"#REF!+B8+XFD8+ZZZ8", "#REF!+B15+XFD8+ZZZ8", "#REF!+B6+XFD8+ZZZ8"},
		{"Name.B8+_B8+żółćB8", "Name.B8+_B8+żółćB8", "Name.B8+_B8+żółćB8"},
		{"B8:INDEX(B:B,3)", "B15:INDEX(B:B,3)", "B6:INDEX(B:B,3)"},
		{"1.5E3+B8%", "1.5E3+B15%", "1.5E3+B6%"},
		{"'it''s'!B8&'", "'it''s'!B8&'", "'it''s'!B8&'"},
		{"", "", ""},
	}
	for _, c := range cases {
		if got := grow.formula(c.formula, "my SHEET", false); got != c.grown {
			t.Errorf("%s grows to %s, want %s", c.formula, got, c.grown)
		}
		if got := shrink.formula(c.formula, "my SHEET", false); got != c.shrunk {
			t.Errorf("%s shrinks to %s, want %s", c.formula, got, c.shrunk)
		}
	}
	one := newShift("My sheet", must(parseArea("B5:D5")), 3)
	if got := one.formula("'My sheet'!$B$5", "", true); got != "'My sheet'!$B$5:$B$8" {
		t.Errorf("the data of a chart over one row becomes %s", got)
	}
	if got := one.formula("B5*2", "My sheet", false); got != "B5*2" {
		t.Errorf("a formula of one cell becomes %s", got)
	}
}

func TestFormulasAreCopied(t *testing.T) {
	for formula, want := range map[string]string{
		"B5/$B$5+B$5+$B5":     "C7/$B$5+C$5+$B7",
		"SUM(B$5:B5)":         "SUM(C$5:C7)",
		"XFD1":                "#REF!",
		`"B5"&'B5'!B5&T[B5]`:  `"B5"&'B5'!C7&T[B5]`,
		"SUM(Agents[Chats])":  "SUM(Agents[Chats])",
		"OFFSET(B5,1,1)+B5()": "OFFSET(C7,1,1)+B5()",
	} {
		if got := copied(formula, 2, 1); got != want {
			t.Errorf("%s is copied as %s, want %s", formula, got, want)
		}
	}
}

// FuzzFormulas: a formula that nothing moves stays what it is.
func FuzzFormulas(f *testing.F) {
	f.Add(`SUM('a b'!$A$1:B2,"x""y",T[[#All],[c]])+#REF!`)
	f.Fuzz(func(t *testing.T, formula string) {
		if same := mapReferences(formula, func(r cellRef) string { return r.String() }); len(same) != len(formula) {
			t.Errorf("%q becomes %q", formula, same)
		}
	})
}
