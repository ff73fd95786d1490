package state

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
)

// encodeName makes a name of a key fit for a file system, also one that does not tell capitals apart:
// all but small letters, digits, '-', '_' and inner dots is written as %XX.
func encodeName(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c == '.' && i > 0 && i < len(s)-1:
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// decodeName undoes encodeName; false for a name that it would not have made.
func decodeName(s string) (string, bool) {
	name, err := url.PathUnescape(s)
	return name, err == nil && encodeName(name) == s
}

// folder is where a key's records lie in a state, with slashes.
func (k Key) folder() string {
	return "records/" + encodeName(k.Project) + "/" + encodeName(k.Address) + "/" + encodeName(k.Range)
}

// longestName is what file systems take for one name, in bytes.
const longestName = 255

// Fits reports whether a state can have records of a key: its address is one name there, in which all but small letters,
// digits, '-', '_' and '.' take three bytes each.
func (k Key) Fits() bool { return len(encodeName(k.Address)) <= longestName }

// recordName is the name of record number seq in its key's folder.
func recordName(seq int) string { return fmt.Sprintf("%06d.json", seq) }

// Compare orders keys by project, address and range.
func (k Key) Compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Project, o.Project), cmp.Compare(k.Address, o.Address), cmp.Compare(k.Range, o.Range))
}
