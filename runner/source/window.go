package source

import (
	"fmt"
	"time"
)

// window writes the range as the source wants it: in the API's zone, in the source's layout.
//
// Both ends must be sayable. A layout of whole days cannot say 14:00, and an hour that the zone's clocks show twice
// names two moments: asking for either would fetch other rows than the report is about.
func window(r Request) ([]pair, error) {
	w := r.Source.Window
	if w == nil {
		return nil, nil
	}
	from, err := boundary(r.Range.From, r.Zone, w.Layout)
	if err != nil {
		return nil, err
	}
	until, err := boundary(r.Range.Until, r.Zone, w.Layout)
	if err != nil {
		return nil, err
	}
	if w.Inclusive {
		until = r.Range.Until.Add(-time.Second).In(r.Zone).Format(w.Layout)
	}
	return []pair{{name: w.From, value: from}, {name: w.Until, value: until}}, nil
}

// boundary writes the moment t, at which the text in layout must begin: it would otherwise be cut to its day or hour.
func boundary(t time.Time, zone *time.Location, layout string) (string, error) {
	t = t.In(zone)
	text := t.Format(layout)
	if t.Add(-time.Nanosecond).Format(layout) == text {
		return "", &Error{Kind: KindRange, Messages: []string{fmt.Sprintf(
			"The API is asked by %q, which cannot say %s in %s.",
			layout, t.Format("2006-01-02 15:04:05"), zone)}}
	}
	if twin, ok := repeated(t); ok && twin.Format(layout) == text {
		return "", &Error{Kind: KindRange, Messages: []string{fmt.Sprintf(
			"The clocks of %s show %s twice, and the API's dates have no offset that would tell which is meant.",
			zone, t.Format("2006-01-02 15:04:05"))}}
	}
	return text, nil
}

// repeated returns the other moment at which the clocks of t's zone show the same, where clocks are set back.
func repeated(t time.Time) (time.Time, bool) {
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	if !end.IsZero() {
		_, next := end.Zone()
		if twin := t.Add(time.Duration(offset-next) * time.Second); next < offset && !twin.Before(end) {
			return twin, true
		}
	}
	if !start.IsZero() {
		_, previous := start.Add(-time.Nanosecond).Zone()
		if twin := t.Add(time.Duration(offset-previous) * time.Second); previous > offset && twin.Before(start) {
			return twin, true
		}
	}
	return time.Time{}, false
}
