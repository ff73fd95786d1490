package spec

import "github.com/reportform/reportform/spec/tree"

// OwnersDestination stands for a destination in the address under which the state remembers what a report's owners were told of.
const OwnersDestination = "on_failure"

// onFailure decodes who is told that a report could not be delivered. Nil means that nobody is.
func (d *decoder) onFailure(n *tree.Node, r *Report, datasets []string) *OnFailure {
	email := n.Get("email")
	if email == nil {
		return nil
	}
	defer d.in("on_failure", "email")()
	s := d.reportScope(r).withDatasetsAway(datasets, onlyFigures).with("datasets", away(onlyFigures))
	s.names["report"].Fields["title"] = away("It may be what could not be made. Write report.name.")
	if r.Split != nil {
		s = s.with("split", away(onlyWholes))
	}
	m := &EmailDestination{
		Via: d.via(email.Get("via")), To: d.addresses(email.Get("to"), s), Cc: d.addresses(email.Get("cc"), s),
		Subject: d.subject(email.Get("subject"), s),
	}
	d.checkRecipients(m, r)
	return &OnFailure{Email: m, Range: n.At}
}
