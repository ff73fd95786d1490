package outputs

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// WriteFile makes a new file of what write hands it, in pieces, and returns the digest of its bytes. What is not whole
// is removed.
func WriteFile(path string, write func(w *bufio.Writer) error) (_ Digest, err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("make the file: %w", err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	sum := sha256.New()
	const buffer = 1 << 16
	w := bufio.NewWriterSize(io.MultiWriter(f, sum), buffer)
	if err := write(w); err != nil {
		return "", err
	}
	if err := w.Flush(); err != nil {
		return "", fmt.Errorf("write the file: %w", err)
	}
	return DigestOf(sum.Sum(nil)), nil
}

// DigestOf is the digest that a SHA-256 sum stands for.
func DigestOf(sum []byte) Digest { return Digest("sha256:" + hex.EncodeToString(sum)) }
