package outputs

import "testing"

// TestGrainsAreNamed in the document's language, and an API's own word as the API has it.
func TestGrainsAreNamed(t *testing.T) {
	for grain, want := range map[string][2]string{"week": {"week", "tydzień"}, "hour_of_day": {"hour of the day", "godzina dnia"}, "shift": {"shift", "shift"}} {
		if en, pl := Words("en").About().GrainOf(grain), Words("pl").About().GrainOf(grain); en != want[0] || pl != want[1] {
			t.Errorf("the grain %q is %q and %q", grain, en, pl)
		}
	}
}
