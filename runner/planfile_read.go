package runner

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// maxPlan bounds the part of a plan file that is read into memory, in bytes: 1 MB is about a thousand deliveries.
const maxPlan = 64 << 20

// ErrNoPlan says that a file is none that [Runner.Save] has written.
var ErrNoPlan = errors.New("it is no plan file")

// DamagedPlanError says that a plan file cannot be trusted.
type DamagedPlanError struct{ Reason string }

func (e *DamagedPlanError) Error() string { return "it is damaged: " + e.Reason }

// PlanVersionError says that a plan was saved by another version of this program, in a form that this one does not know.
type PlanVersionError struct{ Version int }

func (e *PlanVersionError) Error() string {
	than := "a newer"
	if e.Version < savedVersion {
		than = "an older"
	}
	return fmt.Sprintf("it has format version %d and was saved by %s reportform; this one knows version %d", e.Version, than, savedVersion)
}

// IsPlan reports whether what a file begins with is the beginning of a plan file. 39 bytes tell it.
func IsPlan(beginning []byte) bool {
	// The header of a zip's member has 30 bytes, and the name follows it.
	return len(beginning) >= 39 && bytes.HasPrefix(beginning, []byte("PK\x03\x04")) && string(beginning[30:39]) == planMember
}

// ReadPlan reads a plan file of size bytes. The error is [ErrNoPlan], a [*DamagedPlanError], a [*PlanVersionError], or
// what reading ended in. The artifacts are read, and checked against their digests, when they are taken out.
func ReadPlan(file io.ReaderAt, size int64) (*Saved, error) {
	beginning := make([]byte, 39)
	if n, err := file.ReadAt(beginning, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	} else if !IsPlan(beginning[:n]) {
		return nil, ErrNoPlan
	}
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, &DamagedPlanError{"its end is missing, or its list of members cannot be read"}
	}
	// A workbook within, which is a zip as well, can be taken for the whole where the end is cut off.
	if len(z.File) == 0 || z.File[0].Name != planMember {
		return nil, &DamagedPlanError{"its end is missing, or " + planMember + " is not its first member"}
	}
	members := map[string]*zip.File{}
	left := size
	for _, f := range z.File {
		if members[f.Name] != nil {
			return nil, &DamagedPlanError{fmt.Sprintf("it has the member %q twice", f.Name)}
		}
		if f.Method != zip.Store || f.UncompressedSize64 != f.CompressedSize64 || f.UncompressedSize64 > uint64(left) {
			return nil, &DamagedPlanError{fmt.Sprintf("its member %q is not stored as a plan's are", f.Name)}
		}
		left -= int64(f.UncompressedSize64)
		members[f.Name] = f
	}
	s, err := decodePlan(members[planMember])
	if err != nil {
		return nil, err
	}
	s.members, s.seal = members, z.Comment
	return s, s.check()
}

// decodePlan looks at the version first, so that a newer plan with keys unknown here is called newer, not damaged.
func decodePlan(f *zip.File) (*Saved, error) {
	if f.UncompressedSize64 > maxPlan {
		return nil, &DamagedPlanError{fmt.Sprintf("%s has more than %s", planMember, size(maxPlan))}
	}
	r, err := f.Open()
	if err != nil {
		return nil, &DamagedPlanError{planMember + " cannot be read"}
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, &DamagedPlanError{planMember + " is not what was written"}
	}
	var v struct {
		Version *int `json:"version"`
	}
	if json.Unmarshal(data, &v) != nil || v.Version == nil {
		return nil, &DamagedPlanError{planMember + " is no JSON object with a version"}
	}
	if *v.Version != savedVersion {
		return nil, &PlanVersionError{*v.Version}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	s := &Saved{plan: data}
	if err := d.Decode(s); err != nil {
		return nil, &DamagedPlanError{planMember + ": " + strings.TrimPrefix(err.Error(), "json: ")}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &DamagedPlanError{"something follows the plan in " + planMember}
	}
	return s, nil
}

// check refuses what Save would not have written: what is not whole, members that no change has, and names that lead elsewhere.
func (s *Saved) check() error {
	if s.ID == "" || s.Project == "" || s.State == "" || s.Configuration == "" || s.Created.IsZero() || s.At.IsZero() {
		return &DamagedPlanError{"it does not say what it is a plan of"}
	}
	if !isCommand(s.Command) {
		return &DamagedPlanError{"it does not say by what command it was made"}
	}
	wanted := map[string]bool{planMember: true}
	keys := map[string]bool{}
	for i := range s.Changes {
		c := &s.Changes[i]
		if reason := s.checkChange(i, c); reason != "" {
			return &DamagedPlanError{c.address() + ": " + reason}
		}
		if c.Range == nil {
			continue
		}
		key := c.address() + "@" + c.Range.Key
		if keys[key] {
			return &DamagedPlanError{key + " is in it twice"}
		}
		keys[key] = true
		if c.Artifact != nil {
			wanted[c.member(i)] = true
		}
	}
	for _, o := range s.Older {
		if _, err := o.Range.restore(); err != nil {
			return &DamagedPlanError{o.Address + ": " + err.Error()}
		}
	}
	for name := range s.members {
		if !wanted[name] {
			return &DamagedPlanError{fmt.Sprintf("it has the member %q, which belongs to nothing", name)}
		}
	}
	return nil
}

// Asked are the flags that decide what a plan is of.
var Asked = []string{"var", "var-file", "at", "target", "tag", "again", "from", "through"}

// isCommand reports whether words are a command that plans, and nothing else: they are shown to be copied.
func isCommand(words []string) bool {
	if len(words) == 0 || words[0] != "plan" && words[0] != "backfill" {
		return false
	}
	for i := 1; i < len(words); i++ {
		flag, ok := strings.CutPrefix(words[i], "-")
		if !ok {
			continue
		}
		if i++; i == len(words) || !slices.Contains(Asked, strings.TrimPrefix(flag, "-")) {
			return false
		}
	}
	return true
}

var actions = []Action{Write, Send, Again, Changed, Doubt, Blocked, Skip, Wait, UpToDate}

// checkChange says what is wrong with a change; nothing where it is whole.
func (s *Saved) checkChange(i int, c *savedChange) string {
	if c.Report == "" || c.Destination == "" || !slices.Contains(actions, c.Action) || c.Attempt < 0 || c.Seen < 0 {
		return "it is not whole"
	}
	if (c.File == nil) == (c.Mail == nil) {
		return "it is neither a file nor a mail"
	}
	if c.Range != nil {
		if _, err := c.Range.restore(); err != nil {
			return err.Error()
		}
	}
	a := c.Artifact
	if c.due() && (a == nil || c.Range == nil) {
		return "what is to be delivered is missing"
	}
	switch {
	case a == nil:
		return ""
	case !isMemberName(a.Name):
		return fmt.Sprintf("%q is not a name for a file", a.Name)
	case c.Mail != nil && (a.Envelope == nil || len(a.Envelope.Recipients) == 0 || (c.Mail.Server == nil) == (c.Mail.Outbox == "")):
		return "it does not say where the mail goes"
	case c.Mail != nil && !a.Envelope.personal():
		return "it does not say whose each message is"
	case c.Mail != nil && !a.restore().Whole():
		return "its mails are not all of it"
	case c.File != nil && checkPath(c.File.Path, place{}) != nil:
		return fmt.Sprintf("the path %q does not name a file in the configuration's folder", c.File.Path)
	}
	f := s.members[c.member(i)]
	if f == nil || a.Size < 0 || f.UncompressedSize64 != uint64(a.Size) {
		return fmt.Sprintf("its %s is missing or has another size", a.Name)
	}
	return ""
}

// personal reports whether everybody has a message who is to have one of their own.
func (e *savedEnvelope) personal() bool {
	if e.Individually == nil {
		return true
	}
	var named []string
	for _, text := range e.Individually {
		to, err := mail.ParseAddress(text)
		if err != nil {
			return false
		}
		named = append(named, strings.ToLower(to.Address))
	}
	return !slices.ContainsFunc(e.Recipients, func(r string) bool { return !slices.Contains(named, strings.ToLower(r)) })
}

// extract writes the artifact of change number i into dir, a private folder, and checks it against its digest.
func (s *Saved) extract(i int, dir string) (string, error) {
	c := &s.Changes[i]
	to := filepath.Join(dir, c.Artifact.Name)
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	err = s.copy(i, f)
	return to, errors.Join(err, f.Close())
}

// copy writes the artifact of change number i.
func (s *Saved) copy(i int, w io.Writer) error {
	c := &s.Changes[i]
	changed := &DamagedPlanError{fmt.Sprintf("the digest of %s of %s@%s does not match: it is not what was planned", c.Artifact.Name, c.address(), c.Range.Key)}
	r, err := s.members[c.member(i)].Open()
	if err != nil {
		return changed
	}
	defer r.Close()
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, sum), r); errors.Is(err, zip.ErrChecksum) {
		return changed
	} else if err != nil {
		return err
	}
	if outputs.Digest("sha256:"+hex.EncodeToString(sum.Sum(nil))) != c.Artifact.Digest {
		return changed
	}
	return nil
}
