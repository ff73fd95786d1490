package email

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/reportform/reportform/outputs"
)

// longestLine is what RFC 5322 allows, without CRLF. Servers cut or refuse longer ones.
const longestLine = 998

// wire is the last look at a message before it leaves: it counts and digests what is written, and refuses what would
// not arrive as it is.
type wire struct {
	w      io.Writer
	digest hash.Hash
	size   int64
	line   int
	last   byte
	err    error // the first one: go-mail goes on writing after an error, and may forget it
}

func newWire(w io.Writer) *wire { return &wire{w: w, digest: sha256.New()} }

// Write implements io.Writer.
func (w *wire) Write(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	for _, c := range p {
		switch {
		case (c == '\n') != (w.last == '\r'):
			w.err = errors.New("a line ends without CRLF")
		case c == 0:
			w.err = errors.New("the message holds a zero byte")
		case c == '\n':
			w.line = 0
		case c != '\r':
			w.line++
		}
		if w.line > longestLine {
			w.err = fmt.Errorf("a line has more than %d characters", longestLine)
		}
		if w.err != nil {
			return 0, w.err
		}
		w.last = c
	}
	n, err := w.w.Write(p)
	w.size += int64(n)
	w.digest.Write(p[:n])
	w.err = err
	return n, err
}

// sum is the digest of what was written.
func (w *wire) sum() outputs.Digest {
	return outputs.Digest("sha256:" + hex.EncodeToString(w.digest.Sum(nil)))
}

// finish returns the first error. A message ends with its last line: the final dot stands on a line of its own.
func (w *wire) finish() error {
	if w.err == nil && w.last != '\n' {
		w.err = errors.New("the last line does not end")
	}
	return w.err
}
