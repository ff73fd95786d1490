package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/html"
	"github.com/reportform/reportform/outputs/terminal"
	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec/diag"
)

func (p *program) previewCommand() *cobra.Command {
	var f planFlags
	var cache cacheFlags
	var out string
	var sendTo sendToFlag
	cmd := &cobra.Command{
		Use:   "preview [PATH] [REPORT]...",
		Short: "Build every report now, whatever was delivered, and show it; deliver nothing",
		Long: `Preview fetches and builds every report for the run's moment, writes the workbooks, mails (.eml) and pages (.html)
into a folder, and shows the tables in the terminal. It reads no state and delivers nothing: with --send-to the mails go to one address
alone, with the real recipients named at their head.` + aboutCache + aboutNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := sendTo.parse()
			if err != nil {
				return err
			}
			c, err := p.choose(cmd, args, f)
			if err != nil {
				return err
			}
			if err := p.openCache(cmd, cache); err != nil {
				return err
			}
			r, err := p.runner(c.configuration, nil, c.at)
			if err != nil {
				return err
			}
			plan, problems, err := r.Plan(cmd.Context(), runner.PlanOptions{Preview: true, SendTo: to, Selection: c.selection})
			if err != nil {
				return err
			}
			p.text.progress.clear()
			unshown, err := p.writePreview(plan, p.path(out))
			if err != nil {
				return err
			}
			problems.Extend(unshown)
			problems.Extend(p.sendTrials(cmd.Context(), r, plan, to))
			return p.shown(append(problems, c.warnings...), c.Files)
		},
	}
	f.variableFlags.add(cmd)
	f.selectionFlags.add(cmd)
	atFlag(cmd, &f.at)
	cache.add(cmd)
	sendTo.add(cmd)
	cmd.Flags().StringVar(&out, "out", "preview", "the folder to write into")
	return cmd
}

// writePreview shows the reports' tables, and copies what was built into a folder a report. Figures that cannot be shown are
// problems of their reports.
func (p *program) writePreview(plan *runner.Plan, out string) (problems diag.List, err error) {
	if info, err := os.Lstat(out); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("write preview: %s is %s; name another folder with --out", p.relative(out), outputs.KindOf(info))
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, fmt.Errorf("write preview: %w", err)
	}
	shown := map[string]bool{}
	for _, c := range plan.Changes {
		doc, built := plan.Documents[c.Report.Address]
		if !built {
			continue
		}
		err := p.previewChange(c, doc, out, !shown[c.Report.Address])
		if problem := runner.Unshown(c.Report, err); problem != nil {
			problems.Add(*problem)
		} else if err != nil {
			return nil, fmt.Errorf("write preview: %w", err)
		}
		shown[c.Report.Address] = true
	}
	return problems, nil
}

// previewChange writes one destination's artifact, and with first the report itself before it.
func (p *program) previewChange(c *runner.Change, doc outputs.Document, out string, first bool) error {
	name := safeName(c.Report.Address)
	folder, err := outputs.OpenFolder(out, name)
	if err != nil {
		return err
	}
	defer folder.Close()
	if first {
		if err := p.showDocument(doc, folder, filepath.Join(out, name, "report.html")); err != nil {
			return err
		}
	}
	if c.Artifact == nil {
		return nil
	}
	artifact := *c.Artifact
	artifact.Name = safeName(c.Destination.Name) + filepath.Ext(c.Artifact.Name)
	for _, part := range artifact.Parts() {
		if err := outputs.Place(folder, part.Name, part, 0o644); err != nil {
			return err
		}
		to := filepath.Join(out, name, part.Name)
		p.view.object("preview", map[string]string{"key": c.Key.String(), "path": to})
		p.lines("%s   %s   %s\n", p.relative(to), c.Target, c.Detail)
	}
	return nil
}

// showDocument prints a report as a terminal can show it and writes it as a page.
func (p *program) showDocument(doc outputs.Document, folder *os.Root, path string) error {
	text, err := terminal.Show(doc, terminal.Options{Width: p.Width, Color: p.text.paint})
	if err != nil {
		return err
	}
	p.lines("\n%s\n", styled(text))
	blocks, err := doc.Page()
	if err != nil {
		return err
	}
	page, err := html.Page(doc, blocks)
	if err != nil {
		return err
	}
	if err := folder.Remove(filepath.Base(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := folder.WriteFile(filepath.Base(path), page, 0o644); err != nil {
		return err
	}
	p.lines("%s\n", p.relative(path))
	return nil
}

// safeName makes a file name of an address.
func safeName(s string) string {
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(`"[]/\:<>|?*`, c) || c < ' ' {
			return '-'
		}
		return c
	}, s)
}

// createFile creates or empties a file that the user named.
func createFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
}
