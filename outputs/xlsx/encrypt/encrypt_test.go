package encrypt

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/spec/expr"
)

// TestPackagesOfEverySizeAreSealed has sizes at the edges of blocks, segments, sectors and of what the header's table holds.
func TestPackagesOfEverySizeAreSealed(t *testing.T) {
	const password = "Zażółć gęślą 🗝"
	const table = inHeader * sectorSize / 4 * sectorSize
	for _, size := range []int{1, 16, 4087, 4088, 4089, 4096, 4097, 12_288, 65_536 - 8, table - 40*sectorSize, table, table + 3*sectorSize, 5 * table / 2} {
		path := filepath.Join(t.TempDir(), "out")
		plain := bytes.Repeat([]byte("0123456789abcde\n"), size/16+1)[:size]
		if err := os.WriteFile(path, plain, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := File(path, expr.NewSecret(password)); err != nil {
			t.Fatal(err)
		}
		encrypted, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := excelize.Decrypt(encrypted, &excelize.Options{Password: password})
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes come back as %d, %v", size, len(got), err)
		}
	}
}
