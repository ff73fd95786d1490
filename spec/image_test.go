package spec

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/reportform/reportform/spec/diag"
)

// TestFilesThatAreTooLarge: what a run would refuse to read is told while loading.
func TestFilesThatAreTooLarge(t *testing.T) {
	t.Parallel()
	const config = `version: 1
settings: {theme: {logo: logo.png}}
connections: {demo: {type: demo}}
reports:
  weekly:
    range: last_week
    datasets: {d: {source: demo.chats_summary}}
    workbook: {template: weekly.xlsx}
    destinations: {archive: {file: {path: "out/x-${range.from}.xlsx"}}}
`
	folder := fstest.MapFS{
		"reports.yaml": {Data: []byte(config)}, "logo.png": {Data: make([]byte, MaxPicture+1)}, "weekly.xlsx": {Data: make([]byte, MaxTemplate+1)},
	}
	_, found, err := Load(folder, "reports.yaml", Options{Catalogs: catalog(t)})
	if err != nil {
		t.Fatal(err)
	}
	large := slices.DeleteFunc(slices.Clone(found), func(d diag.Diagnostic) bool { return d.Code != "large-file" })
	if len(large) != 2 || large[0].Subject.Start.Line != 2 || large[1].Subject.Start.Line != 8 {
		t.Errorf("found %+v", found)
	}
}
