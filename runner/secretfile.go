package runner

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// maxSecretFile bounds a file that holds a secret, in bytes.
const maxSecretFile = 64 << 10

// file reads a secret from a file beneath the configuration's folder; a line break at its end is not part of it.
func (s *scope) file(path string) (expr.Value, error) {
	data, err := readBeneath(s.r.Root, path, maxSecretFile)
	if err != nil {
		return expr.Value{}, &expr.Fault{
			Code: "unreadable-file", Summary: "File cannot be read",
			Detail: fmt.Sprintf("The file %q, named beneath the configuration's folder, cannot be read: %v.", path, err),
		}
	}
	v := expr.TextValue(strings.TrimRight(string(data), "\r\n"))
	s.r.Secret(v.Str)
	v.Sensitive = true
	return v, nil
}

// readBeneath reads a file that lies in root, whatever links and dots say.
func readBeneath(root, path string, limit int64) ([]byte, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	f, err := dir.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("it is larger than %d bytes", limit)
	}
	return data, err
}
