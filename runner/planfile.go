package runner

import (
	"archive/zip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

// savedVersion is of the plan files that this program writes and understands.
const savedVersion = 1

// planMember is the first member of a plan file: what was decided. The artifacts follow it in the order of the changes.
// All members are stored as they are: a workbook is compressed already, and what is not compressed cannot be a bomb.
const planMember = "plan.json"

// Saved is a plan with all that apply needs to deliver just that: schema/plan.v1.schema.json says what each key means.
// It holds no secrets, though it does hold who gets what.
type Saved struct {
	Version int `json:"version"`
	// ID is random. Records of what is delivered from this plan bear it.
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Program string    `json:"reportform"`
	Project string    `json:"project"`
	// State is the state's location, and Lineage its own; empty where nothing was recorded in it yet.
	State   string `json:"state"`
	Lineage string `json:"lineage,omitempty"`
	// Configuration is the file or folder that was planned, seen from the working directory.
	Configuration string `json:"configuration"`
	// Command are the words behind the program's name that made the plan, and make it anew; without the file and without
	// the values of secret variables.
	Command []string `json:"command"`
	// At is the run's moment.
	At time.Time `json:"at"`
	// Complete: no delivery was blocked.
	Complete  bool            `json:"complete"`
	Variables []savedVariable `json:"variables"`
	Changes   []savedChange   `json:"changes"`
	Older     []savedOlder    `json:"older"`
	Splits    []savedSplit    `json:"splits"`

	members map[string]*zip.File
	// plan are the bytes that seal is of.
	plan []byte
	seal string
}

// sealOf makes a plan's seal. Its salt is that of the state's root, which whoever passes the file on does not have: so who
// gets what, and for which range, is what was reviewed. The digests of the artifacts are in the plan.
func sealOf(plan []byte, salt string) string {
	mac := hmac.New(sha256.New, []byte("reportform plan\x00"+salt))
	mac.Write(plan)
	return hex.EncodeToString(mac.Sum(nil))
}

// sealed reports whether the plan is what was saved over a state with that salt.
func (s *Saved) sealed(salt string) bool {
	return hmac.Equal([]byte(s.seal), []byte(sealOf(s.plan, salt)))
}

// savedVariable is a variable's value as --var takes it. Secret ones are not saved.
type savedVariable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type savedRange struct {
	Key     string    `json:"key"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Zone    string    `json:"timezone"`
	Partial bool      `json:"partial,omitempty"`
}

// savedChange is a Change. One of File and Mail is set.
type savedChange struct {
	Report      string `json:"report"`
	Destination string `json:"destination"`
	Action      Action `json:"action"`
	// Range is nil where the range could not be computed.
	Range     *savedRange `json:"range,omitempty"`
	Target    string      `json:"target,omitempty"`
	Detail    string      `json:"detail,omitempty"`
	Reason    string      `json:"reason,omitempty"`
	Rehearsal bool        `json:"rehearsal,omitempty"`
	// Definition is the digest of what was planned.
	Definition string `json:"definition"`
	Attempt    int    `json:"attempt"`
	// Seen is how many records the plan has read.
	Seen int `json:"seen"`
	// Skip: the decision to skip is recorded, for good.
	Skip bool `json:"skip,omitempty"`
	// Anew: what was delivered before, or whom it was for, no longer counts.
	Anew     bool           `json:"anew,omitempty"`
	File     *savedFile     `json:"file,omitempty"`
	Mail     *savedMail     `json:"mail,omitempty"`
	Artifact *savedArtifact `json:"artifact,omitempty"`
}

type savedFile struct {
	Path string `json:"path,omitempty"`
	// Stands is the digest of the file that stood there, empty where none did; Replaces that of one to be written over.
	Stands   outputs.Digest `json:"stands,omitempty"`
	Replaces outputs.Digest `json:"replaces,omitempty"`
}

// savedMail says where a mail goes, so that another place is noticed. One of Server and Outbox is set where it is due.
type savedMail struct {
	Via    string       `json:"via"`
	Server *savedServer `json:"server,omitempty"`
	Outbox string       `json:"outbox,omitempty"`
}

type savedServer struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"`
	// Username is a digest, salted with the plan's id; empty where there is none.
	Username string `json:"username,omitempty"`
}

type savedArtifact struct {
	Name      string         `json:"name"`
	MediaType string         `json:"media_type"`
	Size      int64          `json:"size"`
	Digest    outputs.Digest `json:"digest"`
	Content   outputs.Digest `json:"content"`
	Sheets    int            `json:"sheets"`
	Rows      int            `json:"rows"`
	Notices   []string       `json:"notices,omitempty"`
	Envelope  *savedEnvelope `json:"envelope,omitempty"`
}

type savedEnvelope struct {
	From       string    `json:"from"`
	Recipients []string  `json:"recipients"`
	MessageID  string    `json:"message_id"`
	Attempt    int       `json:"attempt"`
	Date       time.Time `json:"date"`
	Subject    string    `json:"subject"`
	// Individually are those who get a message of their own, as the header names them.
	Individually []string `json:"individually,omitempty"`
	// Parts are the messages that it was split into, one behind the other in the artifact.
	Parts []savedPart `json:"parts,omitempty"`
}

type savedPart struct {
	MessageID string         `json:"message_id"`
	Size      int64          `json:"size"`
	Digest    outputs.Digest `json:"digest"`
}

type savedOlder struct {
	Report  string     `json:"report"`
	Address string     `json:"address"`
	Range   savedRange `json:"range"`
	InDoubt bool       `json:"in_doubt,omitempty"`
}

// savedSplit is what a split found, to be recorded before anything is delivered.
type savedSplit struct {
	Report    string   `json:"report"`
	Range     string   `json:"range"`
	Column    string   `json:"column"`
	Values    []string `json:"values"`
	Rehearsal bool     `json:"rehearsal,omitempty"`
	// Anew: what was found in another column before no longer counts.
	Anew bool `json:"anew,omitempty"`
}

func (c *savedChange) due() bool { return (&Change{Action: c.Action}).Due() }

// address is the destination's, as keys have it.
func (c *savedChange) address() string { return c.Report + "." + c.Destination }

// member is the name of the artifact of change number i.
func (c *savedChange) member(i int) string {
	return fmt.Sprintf("artifacts/%d/%s", i+1, c.Artifact.Name)
}

func saveRange(r calendar.Range) savedRange {
	return savedRange{Key: r.Key(), From: r.From, Until: r.Until, Zone: r.From.Location().String(), Partial: r.Partial}
}

// restore returns the range in its zone; its key is what it was.
func (s savedRange) restore() (calendar.Range, error) {
	if s.Zone == "" || s.Zone == "Local" {
		return calendar.Range{}, fmt.Errorf("the range %s has no time zone", s.Key)
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return calendar.Range{}, fmt.Errorf("the time zone %q is not known here", s.Zone)
	}
	r := calendar.Range{From: s.From.In(zone), Until: s.Until.In(zone), Partial: s.Partial}
	if !r.From.Before(r.Until) || r.Key() != s.Key {
		return calendar.Range{}, fmt.Errorf("the range %q is not that from %s until %s", s.Key, s.From, s.Until)
	}
	return r, nil
}

func (a *savedArtifact) restore() *outputs.Artifact {
	out := &outputs.Artifact{
		Name: a.Name, MediaType: a.MediaType, Size: a.Size, Digest: a.Digest, Content: a.Content,
		Sheets: a.Sheets, Rows: a.Rows, Notices: a.Notices,
	}
	if e := a.Envelope; e != nil {
		out.Envelope = &outputs.Envelope{From: e.From, Recipients: slices.Clone(e.Recipients), MessageID: e.MessageID, Attempt: e.Attempt, Date: e.Date, Subject: e.Subject}
		for _, text := range e.Individually {
			if to, err := mail.ParseAddress(text); err == nil { // looked at when it was read
				out.Envelope.Individually = append(out.Envelope.Individually, to)
			}
		}
		for _, p := range e.Parts {
			out.Envelope.Parts = append(out.Envelope.Parts, outputs.MailPart(p))
		}
	}
	return out
}

// Plan returns what was planned, to be shown: its reports and destinations have their names alone, and nothing of it can
// be delivered before it is resumed.
func (s *Saved) Plan() *Plan {
	p := &Plan{At: s.At}
	for i := range s.Changes {
		p.Changes = append(p.Changes, s.change(&s.Changes[i]))
	}
	for _, o := range s.Older {
		r, _ := o.Range.restore() // looked at when it was read
		p.Older = append(p.Older, Older{
			Key:    state.Key{Project: s.Project, Address: o.Address, Range: o.Range.Key},
			Report: &spec.Report{Name: o.Report, Address: o.Report}, Range: r, InDoubt: o.InDoubt,
		})
	}
	return p
}

func (s *Saved) change(c *savedChange) *Change {
	out := &Change{
		Key: state.Key{Project: s.Project, Address: c.address()}, Action: c.Action,
		Report:      &spec.Report{Name: c.Report, Address: c.Report},
		Destination: &spec.Destination{Name: c.Destination, Digest: c.Definition},
		Target:      c.Target, Detail: c.Detail, Reason: c.Reason, Rehearsal: c.Rehearsal,
		attempt: c.Attempt, seen: c.Seen, skip: c.Skip, anew: c.Anew,
	}
	if c.Range != nil {
		out.Key.Range = c.Range.Key
		out.Range, _ = c.Range.restore() // looked at when it was read
	}
	if c.File != nil {
		out.Destination.File = &spec.FileDestination{}
	} else {
		out.Destination.Email = &spec.EmailDestination{Via: &spec.Connection{Name: c.Mail.Via}}
	}
	if c.Artifact != nil {
		out.Artifact = c.Artifact.restore()
	}
	return out
}

// folder is where a change's artifact lies among those that were taken out of a plan: REPORT.DESTINATION@RANGE.
func (c *savedChange) folder() string {
	return fileName(c.address()) + "@" + strings.ReplaceAll(c.Range.Key, ":", "-")
}

// usernameDigest tells accounts apart in a plan without naming them there.
func (s *Saved) usernameDigest(username string) string {
	if username == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(s.ID + "\x00" + username))
	return hex.EncodeToString(sum[:16])
}

// server is what a plan remembers of a mail server.
func (s *Saved) server(m outputs.MailServer) *savedServer {
	return &savedServer{Host: m.Host, Port: m.StandardPort(), Security: m.Security, Username: s.usernameDigest(m.Username)}
}

// isMemberName reports whether an artifact's name is a plain file's, so that it is written where it belongs.
func isMemberName(name string) bool {
	return isLocal(name) && path.Base(name) == name && checkPath(name, place{}) == nil
}
