package spec

import (
	"bytes"
	"errors"
	"image"
	_ "image/gif"  // pictures of a definition are of these three kinds
	_ "image/jpeg" // (see outputs.Image)
	_ "image/png"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// pictures are the endings of the pictures that workbooks and mails show.
var pictures = []string{".png", ".jpg", ".jpeg", ".gif"}

// image decodes a picture beneath the configuration's folder.
func (d *decoder) image(n *tree.Node, s scope) *Image {
	defer d.in("image")()
	return &Image{Path: d.picture(n.Get("path")), Alt: d.prose(n.Get("alt"), s), Width: int(d.whole(n.Get("width"))), Range: n.At}
}

// picture reads the name of a picture that must be there, and be one.
func (d *decoder) picture(n *tree.Node) string {
	name := d.inputFile(n)
	if name != "" && !slices.Contains(pictures, strings.ToLower(path.Ext(name))) {
		d.fault(n.At, "unknown-format", "Not a picture", "%q is no picture that mails and workbooks show: its name ends in one of .png, .jpg and .gif.", name)
		return name
	}
	if !d.fits(n, name, "picture", MaxPicture) {
		return name
	}
	if data, err := fs.ReadFile(d.folder, name); err == nil {
		if _, err := PictureType(data); err != nil {
			d.fault(n.At, "bad-picture", "Not a picture", "The file %q is no picture of type PNG, JPEG or GIF that can be shown: %v.", name, err)
		}
	}
	return name
}

// fits checks that a file is no larger than what is read of its kind, in bytes. It is false for one that is not there, too,
// which was told.
func (d *decoder) fits(n *tree.Node, name, kind string, most int64) bool {
	info, err := fs.Stat(d.folder, name)
	if name == "" || err != nil {
		return false
	}
	if info.Size() > most {
		d.fault(n.At, "large-file", "File is too large", "The %s %q has %d bytes, and at most %d are read. Make it smaller.", kind, name, info.Size(), most)
		return false
	}
	return true
}

const (
	// MaxPicture bounds a picture's file, in bytes, and maxPixels what it is when it is drawn.
	MaxPicture = 1 << 20
	maxPixels  = 16 << 20
)

// PictureType returns the media type of a picture, such as image/png; the error says why it cannot be shown.
func PictureType(data []byte) (string, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil && config.Width*config.Height > maxPixels {
		err = errors.New("it has more than 16 million pixels")
	}
	return "image/" + format, err
}
