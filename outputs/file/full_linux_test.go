package file

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/outputstest"
	"github.com/reportform/reportform/outputs/xlsx"
)

// smallDisk mounts a disk of some bytes, where the test may.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	root := t.TempDir()
	if err := syscall.Mount("tmpfs", root, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(root, 0) })
	return root
}

func TestAFullDiskLeavesNothing(t *testing.T) {
	root := smallDisk(t, "64k")
	o, err := New(outputs.FileTarget{Root: root, Path: "out/c.fake"}, map[string]outputs.Renderer{".fake": fake(strings.Repeat("x", 1<<20))})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	a, err := o.Render(t.Context(), outputs.Document{}, outputstest.Key(), t.TempDir())
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	if _, err := o.Deliver(t.Context(), a, outputstest.Key()); !errors.Is(err, syscall.ENOSPC) || outputs.IsInDoubt(err) {
		t.Fatalf("Deliver: %v, want no space left", err)
	}
	if got := files(t, root); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
}

func TestRenderingOntoAFullDiskLeavesNothing(t *testing.T) {
	dir := smallDisk(t, "8k")
	path := dir + "/out.xlsx"
	if _, err := (xlsx.Renderer{}).Render(t.Context(), outputstest.Document(), path); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("Render: %v, want no space left", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("half a workbook was left")
	}
	if got := files(t, dir); len(got) != 0 {
		t.Errorf("left behind: %q", got)
	}
}
