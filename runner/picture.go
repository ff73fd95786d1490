package runner

import (
	"fmt"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// picture reads an image beneath the configuration's folder.
func (r *Runner) picture(path string, at place) (outputs.Image, *diag.Diagnostic) {
	data, err := readBeneath(r.Root, path, spec.MaxPicture)
	if err != nil {
		return outputs.Image{}, at.problem("unreadable-file", "File cannot be read", fmt.Sprintf("The picture %q cannot be read: %v.", path, err))
	}
	mediaType, err := spec.PictureType(data)
	if err != nil {
		return outputs.Image{}, at.problem("bad-picture", "Not a picture", fmt.Sprintf("The file %q is no picture of type PNG, JPEG or GIF that can be shown: %v.", path, err))
	}
	return outputs.Image{Data: data, MediaType: mediaType}, nil
}

// theme is how the project's reports look.
func (r *Runner) theme() (outputs.Theme, *diag.Diagnostic) {
	t := r.Config.Settings.Theme
	out := outputs.Theme{Accent: t.Accent, Palette: t.Palette, Good: t.Good, Warning: t.Warning, Bad: t.Bad, Font: t.Font}
	if t.Logo == "" {
		return out, nil
	}
	logo, problem := r.picture(t.Logo, place{subject: r.Config.Settings.Range, context: "settings > theme > logo"})
	out.Logo = &logo
	return out, problem
}
