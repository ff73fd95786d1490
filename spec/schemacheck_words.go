package spec

// phrase names what a value is, as the end of "but here stands …" or "but is …".
func (n *node) phrase() string {
	switch n.kind {
	case nullNode:
		return "nothing"
	case boolNode:
		return "a boolean"
	case intNode:
		return "a whole number"
	case floatNode:
		return "a number"
	case stringNode:
		return "a text"
	case listNode:
		return "a list"
	}
	return "a mapping"
}
