package runner

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

// Audience is who gets a mail, as far as that is known without rows.
type Audience struct {
	// Addresses are those known, each once, in the order to, cc, bcc and as they are written.
	Addresses []string
	// Later are recipients, as written, that are known when rows or the parts of a split are.
	Later []string
}

// Audience works out who gets the mail of a destination or of on_failure at the run's moment. It needs neither secrets nor
// data, and asks nobody; what cannot be worked out stands in Later.
func (r *Runner) Audience(rep *spec.Report, e *spec.EmailDestination) Audience {
	var out Audience
	rng, err := rep.Window.Resolve(r.At, rep.Calendar)
	if err != nil {
		rng = calendar.Range{} // recipients seldom depend on it; those that do are named as written
	}
	s := &scope{r: r, report: rep, rng: rng, at: r.At, title: rep.Name, origins: &origins{}}
	if rep.Title != nil && !rep.Title.NeedsParts() {
		if title, problem := rep.Title.Str(s); problem == nil {
			s.title = title
		}
	}
	for _, t := range slices.Concat(e.To, e.Cc, e.Bcc) {
		if t.NeedsParts() {
			out.Later = append(out.Later, t.Text)
			continue
		}
		addresses, problem := r.addresses(s, t, place{})
		if problem != nil {
			out.Later = append(out.Later, t.Text)
			continue
		}
		for _, a := range addresses {
			if !slices.ContainsFunc(out.Addresses, func(known string) bool { return strings.EqualFold(known, a.Address) }) {
				out.Addresses = append(out.Addresses, a.Address)
			}
		}
	}
	return out
}
