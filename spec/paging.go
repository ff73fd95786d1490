package spec

// paging decodes how a source hands out many rows. The schema has seen to it that there is one way.
func (d *decoder) paging(n *node) Paging {
	var p Paging
	if o := n.get("offset"); o != nil {
		p.Offset = &OffsetPaging{Offset: d.textOr(o.get("offset"), "offset"), Pages: d.pages(o)}
		p.Offset.Limit = d.textOr(o.get("limit"), "limit")
		if p.Offset.Size == 0 {
			p.Offset.Size = 100
		}
	}
	if o := n.get("page"); o != nil {
		p.Page = &PagePaging{Page: d.textOr(o.get("page"), "page"), First: 1, Pages: d.pages(o)}
		if first := o.get("first"); first != nil {
			p.Page.First = int(d.whole(first))
		}
	}
	if o := n.get("cursor"); o != nil {
		p.Cursor = &CursorPaging{Parameter: d.textOr(o.get("parameter"), "cursor"), Next: d.text(o.get("next")), Pages: d.pages(o)}
	}
	if o := n.get("link"); o != nil {
		p.Link = &LinkPaging{Pages: d.pages(o)}
	}
	if o := n.get("next_url"); o != nil {
		p.NextURL = &NextURLPaging{Path: d.text(o.get("path")), Pages: d.pages(o)}
	}
	return p
}

// pages decodes what all ways of paging have in common.
func (d *decoder) pages(n *node) Pages {
	p := Pages{
		Limit: d.text(n.get("limit")), Size: int(d.whole(n.get("size"))), Total: d.text(n.get("total")), More: d.text(n.get("more")),
		MaxPages: int(d.whole(n.get("max_pages"))),
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
