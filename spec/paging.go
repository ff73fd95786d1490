package spec

import "github.com/reportform/reportform/spec/tree"

// paging decodes how a source hands out many rows. The schema has seen to it that there is one way.
func (d *decoder) paging(n *tree.Node) Paging {
	var p Paging
	if o := n.Get("offset"); o != nil {
		p.Offset = &OffsetPaging{Offset: d.textOr(o.Get("offset"), "offset"), Pages: d.pages(o)}
		p.Offset.Limit = d.textOr(o.Get("limit"), "limit")
		if p.Offset.Size == 0 {
			p.Offset.Size = 100
		}
	}
	if o := n.Get("page"); o != nil {
		p.Page = &PagePaging{Page: d.textOr(o.Get("page"), "page"), First: 1, Pages: d.pages(o)}
		if first := o.Get("first"); first != nil {
			p.Page.First = int(d.whole(first))
		}
	}
	if o := n.Get("cursor"); o != nil {
		p.Cursor = &CursorPaging{Parameter: d.textOr(o.Get("parameter"), "cursor"), Next: d.text(o.Get("next")), Pages: d.pages(o)}
	}
	if o := n.Get("link"); o != nil {
		p.Link = &LinkPaging{Pages: d.pages(o)}
	}
	if o := n.Get("next_url"); o != nil {
		p.NextURL = &NextURLPaging{Path: d.text(o.Get("path")), Pages: d.pages(o)}
	}
	return p
}

// pages decodes what all ways of paging have in common.
func (d *decoder) pages(n *tree.Node) Pages {
	p := Pages{
		Limit: d.text(n.Get("limit")), Size: int(d.whole(n.Get("size"))), Total: d.text(n.Get("total")), More: d.text(n.Get("more")),
		MaxPages: int(d.whole(n.Get("max_pages"))),
	}
	if p.Size == 0 && p.Limit != "" {
		p.Size = 100
	}
	return p
}

// parameters are the names of those that paging sets by itself.
func (p Paging) parameters() []string {
	switch {
	case p.Offset != nil:
		return []string{p.Offset.Offset, p.Offset.Limit}
	case p.Page != nil:
		return []string{p.Page.Page, p.Page.Limit}
	case p.Cursor != nil:
		return []string{p.Cursor.Parameter, p.Cursor.Limit}
	case p.Link != nil:
		return []string{p.Link.Limit}
	case p.NextURL != nil:
		return []string{p.NextURL.Limit}
	}
	return nil
}
