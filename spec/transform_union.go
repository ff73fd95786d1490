package spec

// unionOf are the names of the datasets that a union adds.
func unionOf(n *node) []*node {
	if n != nil && n.kind == mapNode {
		n = n.get("with")
	}
	if n != nil && n.kind == stringNode {
		return []*node{n}
	}
	return n.list()
}
