package runner

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // pictures of a definition are of these three kinds
	_ "image/jpeg" // (see outputs.Image)
	_ "image/png"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/diag"
)

const (
	// maxPicture bounds a picture's file, in bytes, and maxPixels what it is when it is drawn.
	maxPicture = 1 << 20
	maxPixels  = 16 << 20
)

// picture reads an image beneath the configuration's folder.
func (r *Runner) picture(path string, at place) (outputs.Image, *diag.Diagnostic) {
	data, err := readBeneath(r.Root, path, maxPicture)
	if err != nil {
		return outputs.Image{}, at.problem("unreadable-file", "File cannot be read", fmt.Sprintf("The picture %q cannot be read: %v.", path, err))
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && config.Width*config.Height > maxPixels {
		err = errors.New("it has more than 16 million pixels")
	}
	if err != nil {
		return outputs.Image{}, at.problem("bad-picture", "Not a picture", fmt.Sprintf("The file %q is no picture of type PNG, JPEG or GIF that can be shown: %v.", path, err))
	}
	return outputs.Image{Data: data, MediaType: "image/" + format}, nil
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
