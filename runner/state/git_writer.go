package state

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"
	"unicode"
)

// gitWriter makes the objects of commits, and is how git takes them all at once: a pack, which one process unpacks.
// Made by git's own commands, each object would cost a process.
type gitWriter struct {
	hash    func() hash.Hash
	objects bytes.Buffer
	count   uint32
}

// writer makes one for the repository's kind of ids.
func (g *Git) writer() *gitWriter {
	if g.repo.sha256 {
		return &gitWriter{hash: sha256.New}
	}
	return &gitWriter{hash: sha1.New}
}

// gitTypes are the numbers of the kinds of object in a pack.
var gitTypes = map[string]uint64{"commit": 1, "tree": 2, "blob": 3}

// add adds an object and returns its id.
func (w *gitWriter) add(kind string, data []byte) string {
	w.count++
	// Its head is its type and size: four bits of the size in the first byte, seven in each that follows, the least first.
	size := uint64(len(data))
	head := gitTypes[kind]<<4 | size&15
	if size >>= 4; size > 0 {
		head |= 1 << 7
	}
	w.objects.WriteByte(byte(head))
	if size > 0 {
		w.objects.Write(binary.AppendUvarint(nil, size))
	}
	z := zlib.NewWriter(&w.objects)
	_, _ = z.Write(data) // into memory
	_ = z.Close()
	return w.id(kind, data)
}

// id is what git calls an object.
func (w *gitWriter) id(kind string, data []byte) string {
	h := w.hash()
	fmt.Fprintf(h, "%s %d\x00", kind, len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// tree adds a folder. Its entries are in git's order: by name, a folder as if a slash followed it.
func (w *gitWriter) tree(entries []gitEntry) string {
	order := func(e gitEntry) string {
		if e.mode == gitFolder {
			return e.name + "/"
		}
		return e.name
	}
	slices.SortFunc(entries, func(a, b gitEntry) int { return strings.Compare(order(a), order(b)) })
	var b []byte
	for _, e := range entries {
		b = fmt.Appendf(b, "%s %s\x00", e.mode, e.name)
		b, _ = hex.AppendDecode(b, []byte(e.id)) // ids are made here or came from git
	}
	return w.add("tree", b)
}

// commit adds a commit of a tree. An id tells what a commit says and when, and so two runners who say the same at the
// same moment make the same one: a push that finds it there was not the first.
func (w *gitWriter) commit(tree, parent, subject string, at time.Time) string {
	subject = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, subject)
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", tree)
	if parent != "" {
		fmt.Fprintf(&b, "parent %s\n", parent)
	}
	for _, role := range []string{"author", "committer"} {
		fmt.Fprintf(&b, "%s reportform <reportform@localhost> %d +0000\n", role, max(0, at.Unix()))
	}
	fmt.Fprintf(&b, "\n%s\n\n[skip ci]\n", subject)
	return w.add("commit", []byte(b.String()))
}

// write puts the objects into the repository.
func (g *Git) write(ctx context.Context, w *gitWriter) error {
	var pack bytes.Buffer
	pack.WriteString("PACK")
	_ = binary.Write(&pack, binary.BigEndian, [2]uint32{2, w.count})
	pack.Write(w.objects.Bytes())
	h := w.hash()
	h.Write(pack.Bytes())
	pack.Write(h.Sum(nil))
	if _, err := g.git(ctx, pack.Bytes(), "unpack-objects", "-q"); err != nil {
		return fmt.Errorf("write state %s: %w", g, err)
	}
	return nil
}
