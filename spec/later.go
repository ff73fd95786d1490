package spec

import "fmt"

// later are the keys of the language that come in later versions of the program, by the schema's title of what they
// belong to: who takes them from its description is told so, rather than that they do not exist.
var later = map[string][]string{}

// notYet is what is said of them.
func notYet(name string) string {
	return fmt.Sprintf("%q is not in this version of reportform yet.", name)
}
