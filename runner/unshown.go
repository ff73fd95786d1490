package runner

import (
	"errors"
	"fmt"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// Unshown says of figures that cannot be shown, such as a total that is too large, where their dataset is defined. It is nil
// where something else is the matter.
func Unshown(rep *spec.Report, err error) *diag.Diagnostic {
	var fault *table.Fault
	if !errors.As(err, &fault) || fault.Code == "" {
		return nil
	}
	at := place{rep.Range, fmt.Sprintf("report %q", rep.Address)}
	var shown *outputs.TableError
	if errors.As(err, &shown) {
		for _, d := range rep.Datasets {
			if d.Name == shown.Dataset {
				at = place{d.Range, fmt.Sprintf("report %q > datasets > %s", rep.Address, d.Name)}
			}
		}
	}
	return at.problem(fault.Code, fault.Summary, fault.Detail)
}
