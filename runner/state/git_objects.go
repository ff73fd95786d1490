package state

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// gitObjects reads objects by one process of git that stays, so that a thousand keys do not start a thousand processes.
type gitObjects struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// gitObject is what stands under a name.
type gitObject struct {
	id   string
	data []byte
}

// gitEntry is a line of a tree.
type gitEntry struct{ mode, name, id string }

// gitFile and gitFolder are the modes of entries.
const (
	gitFile   = "100644"
	gitFolder = "40000"
)

// readObject reads what has a name, such as TIP:records/p; nil where there is nothing.
func (g *Git) readObject(ctx context.Context, name string) (*gitObject, error) {
	if g.objects == nil {
		// It outlives the call that happens to be the first.
		cmd := g.command(context.WithoutCancel(ctx), "cat-file", "--batch")
		in, err := cmd.StdinPipe()
		if err != nil {
			return nil, fmt.Errorf("read state %s: %w", g, err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, fmt.Errorf("read state %s: %w", g, err)
		}
		if err := cmd.Start(); err != nil {
			return nil, fmt.Errorf("read state %s: %w", g, err)
		}
		g.objects = &gitObjects{cmd, in, bufio.NewReader(out)}
	}
	o, err := g.objects.read(name)
	if err != nil {
		g.closeObjects()
		return nil, fmt.Errorf("read state %s: %w", g, err)
	}
	return o, nil
}

func (o *gitObjects) read(name string) (*gitObject, error) {
	if _, err := io.WriteString(o.in, name+"\n"); err != nil {
		return nil, err
	}
	head, err := o.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	head = strings.TrimSuffix(head, "\n")
	if head == name+" missing" {
		return nil, nil
	}
	fields := strings.Fields(head) // id, type, size
	if len(fields) != 3 {
		return nil, fmt.Errorf("git cat-file answered %q", head)
	}
	size, err := strconv.Atoi(fields[2])
	if err != nil {
		return nil, fmt.Errorf("git cat-file answered %q", head)
	}
	data := make([]byte, size+1) // a line break follows
	if _, err := io.ReadFull(o.out, data); err != nil {
		return nil, err
	}
	return &gitObject{fields[0], data[:size]}, nil
}

func (g *Git) closeObjects() {
	if g.objects != nil {
		_ = g.objects.in.Close()
		_ = g.objects.cmd.Wait()
		g.objects = nil
	}
}

// readTree reads a folder's entries; none where there is no such folder.
func (g *Git) readTree(ctx context.Context, name string) ([]gitEntry, error) {
	o, err := g.readObject(ctx, name)
	if err != nil || o == nil {
		return nil, err
	}
	var out []gitEntry
	for rest := o.data; len(rest) > 0; {
		// An entry is its mode, a space, its name, a zero, and its id in as many bytes as the tree's own has.
		head, tail, found := bytes.Cut(rest, []byte{0})
		mode, entry, spaced := strings.Cut(string(head), " ")
		n := len(o.id) / 2
		if !found || !spaced || len(tail) < n {
			return nil, &DamagedError{Where: g.String() + ":" + name, Reason: "it is no folder"}
		}
		out = append(out, gitEntry{mode, entry, hex.EncodeToString(tail[:n])})
		rest = tail[n:]
	}
	return out, nil
}
