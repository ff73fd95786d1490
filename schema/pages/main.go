// Pages writes the reference pages beside the schema from what the program itself is made of: the language from its JSON Schema,
// the catalog, the commands, and what diagnostics there are. It is run by go generate.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// page is a file that is made from something else.
type page struct {
	name string
	make func() (string, error)
}

func main() {
	for _, p := range []page{
		{"reference.md", reference}, {"catalog.md", catalog}, {"commands.md", commands}, {"diagnostics.md", diagnostics},
	} {
		text, err := p.make()
		if err == nil {
			err = os.WriteFile(filepath.Join(".", p.name), []byte(text), 0o644)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "write %s: %v\n", p.name, err)
			os.Exit(1)
		}
	}
}

// made says at the head of a page where it comes from.
const made = "<!-- Made by go generate ./schema: change what it is made from. -->\n\n"
