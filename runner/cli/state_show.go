package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/state"
)

func (p *program) stateShow() *cobra.Command {
	return p.keyCommand(&cobra.Command{
		Use:   "show KEY",
		Short: "Show the records of a delivery",
		Long: `Show prints what the records of a delivery come to, then each record: claimed by a run, intended just before it was handed
over, then delivered, failed or in doubt, with the server's answer for each recipient. Nobody's address is kept, so recipients
are numbered: reply 2 is that of the second. Times are in UTC.`,
	}, func(_ context.Context, d delivery) error {
		p.showDelivery(d)
		return nil
	})
}

// showing is the command that shows the records of a delivery.
func (p *program) showing(k state.Key) string {
	return commandLine(p.calling(p.Dir)+" state show", k.String())
}

func (p *program) showDelivery(d delivery) {
	p.lines("%s\n", d.key)
	for _, o := range p.keyObjects(d.key, d.records) {
		p.view.object("state_key", o)
		p.lines("%s", keyText(o))
	}
	p.lines("\n")
	for i, r := range d.records {
		p.view.object("record", r)
		p.lines("%s", recordText(i+1, r))
	}
}

// rows are names with values, those without a value left out.
type rows [][]string

func (r *rows) add(name, value string) {
	if value != "" {
		*r = append(*r, []string{name, value})
	}
}

// keyText says what the records of a key come to.
func keyText(o keyObject) string {
	var r rows
	status := o.words()
	if o.Rehearsal {
		status += " (rehearsal)"
	}
	r.add("status", status)
	r.add("reason", o.Reason)
	if o.Attempts > 0 {
		r.add("attempts", fmt.Sprint(o.Attempts))
	}
	if o.Recipients != nil {
		r.add("recipients", o.Recipients.String())
	}
	r.add("message", o.MessageID)
	return columns(r)
}

func recordText(n int, record state.Record) string {
	title := fmt.Sprintf("%d. %s %s", n, record.At.UTC().Format(stamp), strings.ReplaceAll(string(record.Kind), "_", " "))
	if record.Again {
		title += " again"
	}
	if record.Rehearsal {
		title += " (rehearsal)"
	}
	var r rows
	r.add("by", record.By)
	if record.Until != nil {
		r.add("until", record.Until.UTC().Format(stamp))
	}
	r.add("reason", record.Reason)
	r.add("plan", record.Plan)
	r.add("path", record.Path)
	r.add("file", record.File)
	r.add("content", record.Content)
	r.add("message", record.MessageID)
	if n := len(record.Recipients); n > 0 {
		r.add("recipients", fmt.Sprint(n))
	}
	for i, reply := range record.Replies {
		r.add(fmt.Sprintf("reply %d", i+1), replyText(reply))
	}
	r.add("parts", strings.Join(record.Parts, ", "))
	return title + "\n" + columns(r) + "\n"
}

// replyText is a server's answer; where there is none, what is known all the same.
func replyText(r state.Reply) string {
	switch {
	case r.Text != "" && r.InDoubt:
		return "in doubt: " + r.Text
	case r.Text != "":
		return r.Text
	case r.Accepted:
		return "served"
	case r.InDoubt:
		return "in doubt"
	case r.Temporary:
		return "open"
	}
	return "refused for good"
}
