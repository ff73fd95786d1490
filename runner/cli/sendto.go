package cli

import (
	"context"
	"fmt"
	"net/mail"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec/diag"
)

// sendToFlag is who a preview is mailed to.
type sendToFlag struct{ address string }

func (f *sendToFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.address, "send-to", "", "mail each report to this address alone, by its own connection; the mail says whom the real one is for")
}

// parse returns the address; nil where nothing is to be mailed.
func (f *sendToFlag) parse() (*mail.Address, error) {
	if f.address == "" {
		return nil, nil
	}
	to, err := mail.ParseAddress(f.address)
	if err != nil {
		return nil, fmt.Errorf("--send-to wants one mail address, such as me@example.com, and not %q", f.address)
	}
	return to, nil
}

// sendTrials mails what a preview has made ready.
func (p *program) sendTrials(ctx context.Context, r *runner.Runner, plan *runner.Plan, to *mail.Address) diag.List {
	var problems diag.List
	for _, sent := range r.SendTrials(ctx, plan) {
		if sent.Problem != nil {
			problems.Add(*sent.Problem)
			continue
		}
		p.view.object("preview_sent", map[string]string{"key": sent.Change.Key.String(), "to": to.Address, "where": sent.Where})
		p.lines("%s   sent to %s alone\n", sent.Change.Key, to.Address)
	}
	return problems
}
