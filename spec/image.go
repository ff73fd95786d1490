package spec

import (
	"path"
	"slices"
	"strings"
)

// pictures are the endings of the pictures that workbooks and mails show.
var pictures = []string{".png", ".jpg", ".jpeg", ".gif"}

// image decodes a picture beneath the configuration's folder.
func (d *decoder) image(n *node, s scope) *Image {
	defer d.in("image")()
	return &Image{Path: d.picture(n.get("path")), Alt: d.prose(n.get("alt"), s), Width: int(d.whole(n.get("width"))), Range: n.at}
}

// picture reads the name of a picture that must be there.
func (d *decoder) picture(n *node) string {
	name := d.inputFile(n)
	if name != "" && !slices.Contains(pictures, strings.ToLower(path.Ext(name))) {
		d.fault(n.at, "unknown-format", "Not a picture", "%q is no picture that mails and workbooks show: its name ends in one of .png, .jpg and .gif.", name)
	}
	return name
}
