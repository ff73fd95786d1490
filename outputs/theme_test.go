package outputs_test

import (
	"reflect"
	"testing"

	"github.com/reportform/reportform/outputs"
)

// TestSeriesAreSeen whatever palette a project has, and a palette that is seen stays as it is.
func TestSeriesAreSeen(t *testing.T) {
	pale := []string{"FFFFFF", "FEFEFE", "777777"}
	theme := outputs.Theme{Accent: "FFFFFF", Palette: pale}.Whole()
	for _, colour := range []string{theme.Accent, theme.Series(0), theme.Series(1)} {
		if c := outputs.Contrast(colour, "FFFFFF"); c < 1.5 {
			t.Errorf("%s has a contrast of %v", colour, c)
		}
	}
	if theme.Series(2) != "777777" || pale[0] != "FFFFFF" {
		t.Errorf("series %s; the definition's palette is now %v", theme.Series(2), pale)
	}
	if usual := outputs.DefaultTheme(); !reflect.DeepEqual(outputs.Theme{}.Whole(), usual) || !reflect.DeepEqual(theme.Whole(), theme) {
		t.Errorf("the usual theme is %+v; twice %+v", outputs.Theme{}.Whole(), theme.Whole())
	}
}
