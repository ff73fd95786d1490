package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// condition knows [disks]: whether small disks can be mounted here.
func condition(name string) (bool, error) {
	if name != "disks" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	dir, err := os.MkdirTemp("", "reportform-disk-")
	if err != nil {
		return false, err
	}
	defer os.Remove(dir)
	if exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).Run() != nil {
		return false, nil
	}
	return true, exec.Command("umount", dir).Run()
}

// disk DIR SIZE puts a disk of that size into its place until the script ends.
func disk(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	ts.Check(exec.Command("mount", "-t", "tmpfs", "-o", "size="+args[1], "tmpfs", dir).Run())
	ts.Defer(func() { _ = exec.Command("umount", "-l", dir).Run() })
}

type apiKey struct{}

// asked N checks how many requests the API has had.
func asked(ts *testscript.TestScript, _ bool, args []string) {
	if got := fmt.Sprint(ts.Value(apiKey{}).(*atomic.Int32).Load()); got != args[0] {
		ts.Fatalf("the API was asked %s times, want %s", got, args[0])
	}
}

// get FILE PATH TO [USER PASSWORD] asks a server over HTTP: FILE begins to hold its base_url as soon as it serves.
func get(ts *testscript.TestScript, _ bool, args []string) {
	var base string
	for range 1000 {
		data, _ := os.ReadFile(ts.MkAbs(args[0]))
		if _, after, ok := strings.Cut(string(data), `"base_url":"`); ok {
			base, _, _ = strings.Cut(after, `"`)
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	req, err := http.NewRequest(http.MethodGet, base+args[1], nil)
	ts.Check(err)
	if len(args) > 3 {
		req.SetBasicAuth(args[3], args[4])
	}
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strconv.Itoa(resp.StatusCode)+"\n"+string(body)), 0o644))
}
