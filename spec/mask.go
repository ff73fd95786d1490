package spec

import (
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
)

// mask blanks a stretch of a file as diagnostics show it, so that no snippet gives a secret away.
func (d *decoder) mask(at diag.Range) {
	data, ok := d.config.Files[at.File]
	if !ok {
		return
	}
	lines := strings.Split(string(data), "\n")
	for i := at.Start.Line - 1; i >= 0 && i < at.End.Line && i < len(lines); i++ {
		line := []rune(lines[i])
		from, to := 0, len(line)
		if i == at.Start.Line-1 {
			from = min(at.Start.Column-1, to)
		}
		if i == at.End.Line-1 {
			to = min(at.End.Column-1, to)
		}
		for k := from; k < to; k++ {
			line[k] = '*'
		}
		lines[i] = string(line)
	}
	d.config.Files[at.File] = []byte(strings.Join(lines, "\n"))
}

var likelySecret = regexp.MustCompile(`(?im)(?:password|bearer|secret|token)["']?[ \t]*:[ \t]*([^\s$#"'][^\n]*|["'][^$\n][^\n]*)$`)

// maskLikely blanks what stands behind the names of secrets, where a file is broken and its fields are not known.
func (d *decoder) maskLikely() {
	for name, data := range d.config.Files {
		out := slices.Clone(data)
		for _, at := range likelySecret.FindAllSubmatchIndex(data, -1) {
			for i := at[2]; i < at[3]; i++ {
				out[i] = '*'
			}
		}
		d.config.Files[name] = out
	}
}
