package spec

// Policy is what the operator lets definitions ask for, kept outside the tree that authors can change.
// A nil list allows everything, an empty one nothing.
type Policy struct {
	Hosts            []string // that may be asked, "*.thulium.com", "smtp.example.com"; with private addresses where they are named
	Environment      []string // names that may be read, with globs
	RecipientDomains []string
	StateLocations   []string // globs
}
