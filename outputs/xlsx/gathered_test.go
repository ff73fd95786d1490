package xlsx

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	commandline "flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Every workbook that a test renders is shown to programs that nobody here wrote, once all tests have run: LibreOffice
// computes its formulas again and saves it, openpyxl compares, and Microsoft's validator reads it. One LibreOffice opens
// them all, since it takes longer to start than to open a workbook.

// gathered are the workbooks, each once, by what they say.
var gathered struct {
	sync.Mutex
	dir   string
	paths map[[sha256.Size]byte]string
	// secret is an encrypted one, under [opensesame].
	secret string
}

// maxGathered leaves out workbooks that test how much fits, in bytes.
const maxGathered = 150_000

func TestMain(m *testing.M) {
	commandline.Parse()
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "gathered-")
	if err != nil {
		panic(err)
	}
	gathered.dir, gathered.paths = dir, map[[sha256.Size]byte]string{}
	code := m.Run()
	if code == 0 && len(gathered.paths) > 0 {
		if err := showGathered(office); err != nil {
			fmt.Println("--- FAIL: the gathered workbooks:", err)
			code = 1
		}
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// gather keeps a workbook of a test for the end.
func gather(path string) {
	gathered.Lock()
	defer gathered.Unlock()
	if gathered.dir == "" {
		return
	}
	data, err := os.ReadFile(path)
	if err != nil || len(data) > maxGathered || len(data) > 0 && data[0] != 'P' { // an encrypted one
		return
	}
	digest := sha256.Sum256(data)
	if gathered.paths[digest] != "" {
		return
	}
	kept := filepath.Join(gathered.dir, fmt.Sprintf("%03d.xlsx", len(gathered.paths)))
	if os.WriteFile(kept, data, 0o600) == nil {
		gathered.paths[digest] = kept
	}
}

// gatherSecret keeps an encrypted workbook.
func gatherSecret(path string) {
	gathered.Lock()
	defer gathered.Unlock()
	data, err := os.ReadFile(path)
	if gathered.dir == "" || err != nil {
		return
	}
	if kept := filepath.Join(gathered.dir, "secret"); os.WriteFile(kept, data, 0o600) == nil {
		gathered.secret = kept
	}
}

// openWith is a macro that opens a workbook with a password and saves it again; LibreOffice has no option for one.
const openWith = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Again(source, target, word)
 Dim how(1) As New com.sun.star.beans.PropertyValue
 how(0).Name = "Hidden"
 how(0).Value = True
 how(1).Name = "Password"
 how(1).Value = word
 book = StarDesktop.loadComponentFromURL(source, "_blank", 0, how())
 Dim form(0) As New com.sun.star.beans.PropertyValue
 form(0).Name = "FilterName"
 form(0).Value = "Calc MS Excel 2007 XML"
 book.storeToURL(target, form())
 book.close(True)
End Sub
</script:module>`

// openSecret has LibreOffice open the encrypted workbook. A wrong password is tried elsewhere: LibreOffice would ask for
// another one, and wait.
func openSecret(ctx context.Context, office, profile string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	// The profile's own module, which it made when it began.
	if err := os.WriteFile(filepath.Join(profile, "user", "basic", "Standard", "Module1.xba"), []byte(openWith), 0o600); err != nil {
		return err
	}
	target := gathered.secret + ".xlsx"
	call := fmt.Sprintf(`macro:///Standard.Module1.Again("file://%s","file://%s","%s")`, gathered.secret, target, opensesame)
	open := exec.CommandContext(ctx, office, "-env:UserInstallation=file://"+profile, "--headless", call)
	open.WaitDelay = time.Second // for what it started
	said, err := open.CombinedOutput()
	if err != nil {
		return fmt.Errorf("soffice: %w\n%s", err, said)
	}
	if _, err := os.Stat(target); err != nil {
		return fmt.Errorf("LibreOffice does not open the encrypted workbook: %w\n%s", err, said)
	}
	return nil
}

// sameCells is told the paths of workbooks and of what LibreOffice made of them. It prints what differs: a cell's type or
// value, where a formula without a stored value has to have one.
const sameCells = `
import json, math, sys, warnings, openpyxl
warnings.simplefilter("ignore")
number = (int, float)
for before, after in json.load(sys.stdin):
    stored, again = openpyxl.load_workbook(before, data_only=True), openpyxl.load_workbook(after, data_only=True)
    formulas = openpyxl.load_workbook(before)
    if stored.sheetnames != again.sheetnames:
        print(before, "has the sheets", stored.sheetnames, "and then", again.sheetnames)
        continue
    for sheet in stored.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                a, b = cell.value, again[sheet.title][cell.coordinate].value
                if isinstance(a, str):
                    a = a.replace("_x005F_", "_")  # openpyxl reads an escape in a shared string alone
                live = formulas[sheet.title][cell.coordinate].data_type == "f"
                if live and a is None and b is not None and not str(b).startswith("#"):
                    continue
                if isinstance(a, bool) == isinstance(b, bool) and isinstance(a, number) and isinstance(b, number):
                    if math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9):
                        continue
                elif type(a) is type(b) and (a == b or hasattr(a, "total_seconds") and abs((a - b).total_seconds()) < 1e-3):
                    continue
                elif a in (None, "") and b in (None, ""):
                    continue
                print(before, sheet.title, cell.coordinate, repr(a), "is", repr(b), "then", "formula" if live else "")
`

// showGathered asks the others.
func showGathered(office string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	profile, out := filepath.Join(gathered.dir, "profile"), filepath.Join(gathered.dir, "again")
	if err := recalculateAlways(profile); err != nil {
		return err
	}
	args := []string{"-env:UserInstallation=file://" + profile, "--headless", "--convert-to", "xlsx", "--outdir", out}
	var pairs [][2]string
	for _, path := range gathered.paths {
		args = append(args, path)
		pairs = append(pairs, [2]string{path, filepath.Join(out, filepath.Base(path))})
	}
	if said, err := exec.CommandContext(ctx, office, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("soffice: %w\n%s", err, said)
	}
	if gathered.secret != "" {
		if err := openSecret(ctx, office, profile); err != nil {
			return err
		}
	}
	const python = "/usr/bin/python3"
	if exec.CommandContext(ctx, python, "-c", "import openpyxl").Run() != nil {
		return nil
	}
	list, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	compare := exec.CommandContext(ctx, python, "-c", sameCells)
	compare.Stdin = bytes.NewReader(list)
	said, err := compare.CombinedOutput()
	if err != nil {
		return fmt.Errorf("openpyxl: %w\n%s", err, said)
	}
	if len(said) > 0 {
		return fmt.Errorf("of %d workbooks, LibreOffice makes something else of these cells:\n%s", len(pairs), said)
	}
	return validateGathered(ctx)
}

// validateGathered runs Microsoft's validator, where OOXML_VALIDATOR names it.
func validateGathered(ctx context.Context) error {
	program := os.Getenv("OOXML_VALIDATOR")
	if program == "" {
		return nil
	}
	for _, path := range gathered.paths {
		said, _ := exec.CommandContext(ctx, program, path).Output()
		var verdict struct {
			OK     bool
			Errors []struct{ Description, Path, XPath string }
		}
		if err := json.Unmarshal(said, &verdict); err != nil {
			return fmt.Errorf("ooxml-validator: %w in %s", err, said)
		}
		if !verdict.OK {
			return fmt.Errorf("%s is not valid: %+v", filepath.Base(path), verdict.Errors)
		}
	}
	return nil
}
