package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"net/mail"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/diag"
)

// target is where a delivery goes, as today's configuration says; not ok where that is not where it was planned to go.
func (re *resuming) target(c *Change, saved *savedChange) (target outputs.Target, ok bool) {
	if c.Destination.File != nil {
		return re.file(c, saved.File)
	}
	before := len(re.refused)
	via, at := re.connection(saved.Mail.Via), changePlace(c)
	if via == nil {
		re.refuse("plan-connection", "Connection is missing", "%s is to be sent by the connection %q, and %s has no mail connection of that name now. Bring it back, or plan anew:\n    %s",
			c.Key, saved.Mail.Via, re.saved.Configuration, re.anew())
		return target, false
	}
	m := &outputs.MailTarget{From: &mail.Address{Address: c.Artifact.Envelope.From}, Subject: c.Artifact.Envelope.Subject}
	for _, address := range c.Artifact.Envelope.Recipients {
		m.To = append(m.To, &mail.Address{Address: address})
		if !re.Policy.AllowsRecipient(address) {
			re.refused.Add(*at.problem("policy-recipient", "Recipient is not allowed", fmt.Sprintf("The policy does not let definitions send to %q.", address)))
		}
	}
	if problem := allowed(via, m.To, connectionPlace(via)); problem != nil {
		re.refused.Add(*problem)
	}
	was, now := saved.Mail, &savedMail{}
	var problem *diag.Diagnostic
	if via.SMTP != nil {
		if back := re.comesBack(m.From.Address, connectionPlace(via)); back != nil {
			re.refused.Add(*back)
		}
		if m.Server, problem = re.mailServer(via, connectionPlace(via)); problem == nil {
			now.Server = re.saved.server(*m.Server)
		}
	} else if m.Outbox, problem = re.outbox(via.Outbox, connectionPlace(via)); problem == nil {
		now.Outbox = m.Outbox.Path
	}
	if problem != nil {
		re.refused.Add(*problem)
	} else if was.where() != now.where() {
		re.refused.Add(*connectionPlace(via).problem("plan-connection-changed", "Connection leads elsewhere", fmt.Sprintf(
			"The plan sends by the connection %q to %s, and it leads to %s now. Set it back, or plan anew:\n    %s", via.Name, was.where(), now.where(), re.anew())))
	} else if was.Server != nil && was.Server.Username != now.Server.Username {
		re.refused.Add(*connectionPlace(via).problem("plan-connection-changed", "Connection leads elsewhere", fmt.Sprintf(
			"The plan sends by the connection %q to %s, and it signs in there with another username now. Set it back, or plan anew:\n    %s", via.Name, was.where(), re.anew())))
	}
	return outputs.Target{Mail: m}, len(re.refused) == before
}

// where says where a mail goes, but for the account.
func (m *savedMail) where() string {
	if m.Server == nil {
		return fmt.Sprintf("the folder %q", m.Outbox)
	}
	return fmt.Sprintf("%s:%d (security %s)", m.Server.Host, m.Server.Port, m.Server.Security)
}

// file is where a file is written, if there stands what stood there when the plan was made, or what is to stand there.
func (re *resuming) file(c *Change, saved *savedFile) (target outputs.Target, ok bool) {
	f := &outputs.FileTarget{Root: re.Root, Path: saved.Path, Replaces: saved.Replaces}
	if c.replaces.File != "" && c.replaces.Path == saved.Path {
		f.Replaces = outputs.Digest(c.replaces.File)
	}
	stands, err := digestBeneath(re.Root, saved.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && (stands == saved.Stands || stands == c.Artifact.Digest || stands == f.Replaces):
		return outputs.Target{File: f}, true
	case err != nil:
		re.refuse("plan-file-changed", "File at the destination has changed", "What stands at %q now cannot be read: %v.", saved.Path, err)
		return target, false
	}
	change := "Another file has stood there"
	if saved.Stands == "" {
		change = "No file stood there"
	}
	re.refuse("plan-file-changed", "File at the destination has changed",
		"%s when the plan was made, and %q is not what the plan writes for %s. It is left alone: move it away and apply the plan again, or plan anew:\n    %s", change, saved.Path, c.Key, re.anew())
	return target, false
}
