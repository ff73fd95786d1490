package runner

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// SaveOptions are what a saved plan says beside the plan itself.
type SaveOptions struct {
	// Configuration is the file or folder that was planned, seen from the working directory.
	Configuration string
	// Command are the words that make this plan: a command that plans, arguments, and flags of [Asked], each with its value.
	Command []string
	// Program is the version of this program.
	Program string
}

// Save writes a plan with its artifacts, so that [Runner.Resume] delivers just that. What is planned offline has nothing
// to be delivered, and cannot be saved. The file it is written to is its owner's alone: recipients and figures are in it.
func (r *Runner) Save(ctx context.Context, w io.Writer, p *Plan, o SaveOptions) (*Saved, error) {
	if p.Offline {
		return nil, errors.New("an offline plan has nothing to be delivered, and cannot be saved")
	}
	id := make([]byte, 16)
	r.Random(id)
	s := &Saved{
		Version: savedVersion, ID: hex.EncodeToString(id), Created: r.Clock().UTC(), Program: o.Program,
		Project: r.Config.Settings.Project, State: r.Config.State.Location, Configuration: o.Configuration, Command: o.Command, At: p.At,
		Complete: true, Variables: []savedVariable{}, Changes: []savedChange{}, Older: []savedOlder{}, Splits: []savedSplit{},
	}
	root, err := r.Store.Root(ctx)
	if err != nil && !errors.Is(err, state.ErrNoRoot) {
		return nil, fmt.Errorf("look at the state: %w", err)
	}
	s.Lineage = root.Lineage
	for _, v := range r.Config.Variables {
		if !v.Secret && v.Value.Valid {
			s.Variables = append(s.Variables, savedVariable{v.Name, argument(v.Value)})
		}
	}
	for _, c := range p.Changes {
		saved, err := r.saveChange(s, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Key, err)
		}
		s.Changes = append(s.Changes, saved)
		s.Complete = s.Complete && c.Action != Blocked
	}
	for _, o := range p.Older {
		s.Older = append(s.Older, savedOlder{Report: o.Report.Address, Address: o.Key.Address, Range: saveRange(o.Range), InDoubt: o.InDoubt})
	}
	for _, split := range p.splits {
		s.Splits = append(s.Splits, savedSplit{
			Report: split.key.Address, Range: split.key.Range, Column: split.column, Values: split.values, Rehearsal: split.rehearsal, Anew: split.anew,
		})
	}
	return s, s.write(ctx, w, p, root.Salt)
}

// saveChange notes a decision, and what the place looks like that it leads to.
func (r *Runner) saveChange(s *Saved, c *Change) (savedChange, error) {
	out := savedChange{
		Report: c.Report.Address, Destination: strings.TrimPrefix(c.Key.Address, c.Report.Address+"."), Action: c.Action,
		Target: c.Target, Detail: c.Detail, Reason: c.Reason, Rehearsal: c.Rehearsal,
		Definition: c.Destination.Digest, Attempt: c.attempt, Seen: c.seen, Skip: c.skip, Anew: c.anew,
	}
	if !c.Range.From.IsZero() {
		rng := saveRange(c.Range)
		out.Range = &rng
	}
	due := c.Due() && c.Artifact != nil
	var problem *diag.Diagnostic
	if c.Destination.File != nil {
		out.File = &savedFile{}
	} else {
		out.Mail = &savedMail{Via: c.Destination.Email.Via.Name}
	}
	switch at := changePlace(c); {
	case !due:
	case out.File != nil:
		out.File.Path = c.Target
		if c.replaces.Path == c.Target {
			out.File.Replaces = outputs.Digest(c.replaces.File)
		}
		stands, err := digestBeneath(r.Root, c.Target)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return out, fmt.Errorf("read %s: %w", c.Target, err)
		}
		out.File.Stands = stands
	case c.Destination.Email.Via.SMTP != nil:
		var server *outputs.MailServer
		if server, problem = r.mailServer(c.Destination.Email.Via, at); problem == nil {
			out.Mail.Server = s.server(*server)
		}
	default:
		var folder *outputs.Folder
		if folder, problem = r.outbox(c.Destination.Email.Via.Outbox, at); problem == nil {
			out.Mail.Outbox = folder.Path
		}
	}
	if problem != nil {
		return out, errors.New(clause(problem)) // it was evaluated a moment ago, when the mail was rendered
	}
	if due {
		out.Artifact = saveArtifact(c.Artifact)
	}
	return out, nil
}

func saveArtifact(a *outputs.Artifact) *savedArtifact {
	out := &savedArtifact{
		Name: a.Name, MediaType: a.MediaType, Size: a.Size, Digest: a.Digest, Content: a.Content,
		Sheets: a.Sheets, Rows: a.Rows, Notices: a.Notices,
	}
	if e := a.Envelope; e != nil {
		out.Envelope = &savedEnvelope{From: e.From, Recipients: e.Recipients, MessageID: e.MessageID, Attempt: e.Attempt, Date: e.Date, Subject: e.Subject}
		for _, to := range e.Individually {
			out.Envelope.Individually = append(out.Envelope.Individually, to.String())
		}
		for _, p := range e.Parts {
			out.Envelope.Parts = append(out.Envelope.Parts, savedPart(p))
		}
	}
	return out
}

// write writes the file: the plan first, then the artifacts in the order of the changes. Its comment is the seal.
func (s *Saved) write(ctx context.Context, w io.Writer, p *Plan, salt string) error {
	var plan bytes.Buffer
	enc := json.NewEncoder(&plan)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	first, err := addMember(z, planMember)
	if err == nil {
		_, err = first.Write(plan.Bytes())
	}
	if err == nil {
		err = z.SetComment(sealOf(plan.Bytes(), salt))
	}
	if err != nil {
		return err
	}
	for i := range s.Changes {
		if s.Changes[i].Artifact == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := copyMember(z, s.Changes[i].member(i), p.Changes[i].Artifact.Path); err != nil {
			return fmt.Errorf("%s: %w", p.Changes[i].Key, err)
		}
	}
	return z.Close()
}

func addMember(z *zip.Writer, name string) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
}

func copyMember(z *zip.Writer, name, from string) error {
	w, err := addMember(z, name)
	if err != nil {
		return err
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return errors.Join(err, f.Close())
}

// argument writes a value as --var takes it: a list as in the files, each text of it quoted.
func argument(v expr.Value) string {
	if v.Type != expr.List {
		return expr.Plain(v)
	}
	items := make([]string, len(v.Items))
	for i, item := range v.Items {
		items[i] = expr.Plain(item)
		switch item.Type {
		case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Boolean:
		default:
			quoted, _ := json.Marshal(items[i]) // a string always can
			items[i] = string(quoted)
		}
	}
	return "[" + strings.Join(items, ", ") + "]"
}
