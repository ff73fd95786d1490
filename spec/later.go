package spec

import (
	"fmt"
	"slices"
	"strings"
)

// later are the keys of the language that come in later versions of the program, by the schema's title of what they
// belong to: who takes them from its description is told so, rather than that they do not exist.
var later = map[string][]string{
	"Dataset":         {"compare", "from"},
	"Step":            {"join", "union", "fill", "top"},
	"File":            {"dataset"},
	"Mail":            {"individually", "oversize"},
	"Attachment":      {"dataset", "format"},
	"SMTP connection": {"oauth2", "bounce_to"},
}

// laterWords are values that come in later versions.
var laterWords = []string{"xoauth2"}

// laterEndings are file formats that come in later versions.
var laterEndings = []string{".csv", ".json", ".html", ".md"}

// standsFor is the required key that a later one takes the place of, so that it is not missed as well.
var standsFor = map[string]string{"from": "source"}

// notYet is what is said of them.
func notYet(name string) string {
	return fmt.Sprintf("%q is not in this version of reportform yet.", name)
}

// laterEnding returns the ending of a path whose format comes later.
func laterEnding(path string) (string, bool) {
	i := slices.IndexFunc(laterEndings, func(ending string) bool { return strings.HasSuffix(path, ending) })
	if i < 0 {
		return "", false
	}
	return laterEndings[i], true
}
