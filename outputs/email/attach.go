package email

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// attached is a file that goes along with a message.
type attached struct {
	name, mediaType string
	// path is where its bytes are, content the digest of what they say.
	path    string
	content outputs.Digest
}

// attachments are all of a message's, with what a plan says of them.
type attachments struct {
	files []attached
	// workbook: one of them is the report's workbook, so that the mail may say that all is in it.
	workbook bool
	// beneath is what the names of their files begin with.
	beneath      string
	sheets, rows int
	notices      []string
}

// checkAttachments refuses names under which nothing can be saved, and formats that there are not.
func checkAttachments(all []outputs.Attachment, formats Formats) error {
	seen := map[string]bool{}
	for _, a := range all {
		if err := checkAttachmentName(a.Name); err != nil {
			return err
		}
		if formats == nil || formats(a.Data)[filepath.Ext(a.Name)] == nil {
			return fmt.Errorf("nothing writes the format of the attachment %q", a.Name)
		}
		same := strings.ToLower(a.Name)
		if seen[same] {
			return fmt.Errorf("two attachments are named %q", a.Name)
		}
		seen[same] = true
	}
	return nil
}

// attach renders what goes along: the workbook once, under however many names.
func (s *Sender) attach(ctx context.Context, doc outputs.Document, beneath string) (*attachments, error) {
	out := &attachments{beneath: beneath}
	done := map[outputs.Attachment]attached{}
	for i, a := range s.target.Attachments {
		what := outputs.Attachment{Name: filepath.Ext(a.Name), Data: a.Data}
		file, known := done[what]
		if !known {
			to := beneath + ".attachment-" + strconv.Itoa(i+1)
			renderer := s.formats(a.Data)[filepath.Ext(a.Name)]
			rendered, err := render(ctx, renderer, doc, a, to)
			if err != nil {
				out.remove()
				return nil, fmt.Errorf("render the attachment %s: %w", a.Name, err)
			}
			file = attached{mediaType: renderer.MediaType(), path: to, content: rendered.Content}
			done[what] = file
			out.sheets, out.rows, out.notices = out.sheets+rendered.Sheets, out.rows+rendered.Rows, append(out.notices, rendered.Notices...)
		}
		file.name = a.Name
		out.files = append(out.files, file)
		out.workbook = out.workbook || a.Data.Dataset == ""
	}
	return out, nil
}

// render writes one attachment. A format that shows sheets gets one with the dataset alone.
func render(ctx context.Context, r outputs.Renderer, doc outputs.Document, a outputs.Attachment, to string) (outputs.Rendered, error) {
	if a.Data.Dataset != "" {
		d, err := doc.Dataset(a.Data.Dataset)
		if err != nil {
			return outputs.Rendered{}, err
		}
		doc.Sheets = []outputs.Sheet{{
			Name: outputs.Label(d.Name), Blocks: []outputs.Block{outputs.TableBlock{Dataset: d.Name, Table: d.Table}},
		}}
		doc.Template, doc.AboutSheet = nil, false
	}
	rendered, err := r.Render(ctx, doc, to)
	if err != nil {
		err = errors.Join(err, removed(to))
	}
	return rendered, err
}

// removed takes away what is left of a file; that there is none is well.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// remove takes the files away; what cannot be removed goes with the folder that it is in.
func (a *attachments) remove() {
	for _, f := range a.files {
		_ = removed(f.path)
	}
}

// names are what readers would save.
func (a *attachments) names() []string {
	out := make([]string, len(a.files))
	for i, f := range a.files {
		out[i] = f.name
	}
	return out
}
