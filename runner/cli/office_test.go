package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// office IN OUT has LibreOffice open a workbook, compute every formula again and save it as another.
func office(ts *testscript.TestScript, _ bool, args []string) {
	const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`
	profile := ts.MkAbs("office-profile")
	ts.Check(os.MkdirAll(filepath.Join(profile, "user"), 0o700))
	ts.Check(os.WriteFile(filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(settings), 0o600))
	in, dir := ts.MkAbs(args[0]), ts.MkAbs("office-out")
	cmd := exec.Command("soffice", "-env:UserInstallation=file://"+profile, "--headless", "--convert-to", "xlsx", "--outdir", dir, in)
	cmd.Env = append(os.Environ(), "HOME="+profile)
	if out, err := cmd.CombinedOutput(); err != nil {
		ts.Fatalf("soffice: %v\n%s", err, out)
	}
	ts.Check(os.Rename(filepath.Join(dir, filepath.Base(in)), ts.MkAbs(args[1])))
}
