package diag

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

// Nearest returns the known name that name was probably meant to be, for "Did you mean …?", or "" where none is near.
// Case, and what joins words (space, hyphen, underscore), do not count. A name that another begins with is near as well,
// because people leave out what is obvious to them: answer for answered. Of equally near names the alphabet decides,
// so that the message does not depend on the order of a map.
func Nearest(name string, known []string) string {
	wanted := foldName(name)
	length := utf8.RuneCountInString(wanted)
	// Short names are a few letters from everything; they must be nearer.
	limit := 0
	switch {
	case length >= 9:
		limit = 3
	case length >= 4:
		limit = 2
	case length >= 2:
		limit = 1
	}
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, k := range known {
		folded := foldName(k)
		distance := levenshtein.Distance(wanted, folded, nil)
		switch {
		case distance <= limit && distance < utf8.RuneCountInString(folded):
			near = append(near, candidate{k, distance})
		case length >= 3 && strings.HasPrefix(folded, wanted):
			near = append(near, candidate{k, limit + distance})
		}
	}
	if len(near) == 0 {
		return ""
	}
	return slices.MinFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	}).name
}

// foldName is a name without what people confuse in it.
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return '_'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}
