package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
)

// resume takes over what earlier attempts at a mail have come to: whom it is for, who has it, and what it said.
// Where nobody of those can be served any more, since all were refused for good, it begins anew.
func (c *Change) resume(s state.Status) {
	if s.Last == nil {
		return
	}
	c.last = &outputs.Attempt{Number: s.Last.Attempt, Content: outputs.Digest(s.Last.Content), Date: s.Last.Date}
	if len(s.Recipients) == 0 || len(s.RefusedForGood()) == len(s.Recipients) {
		c.anew = len(s.Recipients) > 0
		return
	}
	c.recipients, c.known = s.Recipients, reopened(s)
	switch served := s.Served(); {
	case s.Kind == state.InDoubt:
		c.Reason = "it is in doubt, and the destination says in_doubt: resend"
	case served > 0:
		c.Reason = fmt.Sprintf("%d of %s have it already", served, count(len(s.Recipients), "recipient", "recipients"))
		if closed := len(s.RefusedForGood()); closed > 0 {
			c.Reason += fmt.Sprintf(", %d refused for good", closed)
		}
	}
}

// reopened has everybody to be served of whom nobody knows.
func reopened(s state.Status) []state.Reply {
	known := slices.Clone(s.Replies)
	for i := range known {
		if known[i].InDoubt {
			known[i] = state.Reply{Temporary: true}
		}
	}
	return known
}

// unserved reports whether a recipient is still to be served. Before the first attempt everybody is.
func (c *Change) unserved(digest string) bool {
	if c.recipients == nil {
		return true
	}
	i := slices.Index(c.recipients, digest)
	return i >= 0 && (i >= len(c.known) || c.known[i].Temporary)
}

// narrow leaves of a message's recipients those that the first attempt was for, so that somebody who was added since
// begins with the next range, and notes who is served already. It returns how many are left out and how many are to be served.
func (c *Change) narrow(m *outputs.MailTarget, salt string) (added, open int) {
	later, now := map[string]bool{}, map[string]bool{} // people may be named twice
	frozen := func(list []*mail.Address) []*mail.Address {
		return slices.DeleteFunc(list, func(a *mail.Address) bool {
			digest := recipientDigest(salt, a.Address)
			if c.recipients != nil && !slices.Contains(c.recipients, digest) {
				later[digest] = true
				return true
			}
			if c.unserved(digest) {
				now[digest] = true
			} else {
				m.Served = append(m.Served, a.Address)
			}
			return false
		})
	}
	m.To, m.Cc, m.Bcc = frozen(m.To), frozen(m.Cc), frozen(m.Bcc)
	return len(later), len(now)
}

// narrowEnvelope leaves only those in an envelope who are still to be served, after another run or an earlier try has
// served some.
func (c *Change) narrowEnvelope(s state.Status, salt string) {
	if c.Artifact == nil || c.Artifact.Envelope == nil || len(s.Recipients) == 0 {
		return
	}
	c.recipients, c.known = s.Recipients, reopened(s)
	c.Artifact.Envelope.Recipients = slices.DeleteFunc(c.Artifact.Envelope.Recipients, func(address string) bool {
		return !c.unserved(recipientDigest(salt, address))
	})
}

// recipientDigest tells recipients apart in the state without naming them there.
func recipientDigest(salt, address string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + strings.ToLower(address)))
	return hex.EncodeToString(sum[:16])
}
