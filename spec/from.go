package spec

import (
	"slices"
	"strings"
)

// siblings are the datasets of a report, while they are decoded.
type siblings struct {
	names []string
	// decoded are those that are: what a dataset needs is decoded before it.
	decoded map[string]*Dataset
	// misfit: which datasets there are meant to be is not known.
	misfit bool
}

// mention is where a dataset names another one.
type mention struct {
	name string
	at   *node
	// whole: the node says the name and nothing beside it, unlike DATASET.COLUMN.
	whole bool
}

// mentions are where a dataset's definition names others.
func (d *decoder) mentions(n *node) []mention {
	var out []mention
	add := func(n *node) {
		if name, ok := d.literal(n); ok {
			out = append(out, mention{name, n, true})
		}
	}
	add(n.get("from"))
	if values := n.get("for_each").get("values"); values != nil && values.kind == stringNode && !strings.Contains(values.text, "${") {
		name, _, _ := strings.Cut(values.text, ".")
		out = append(out, mention{name, values, false})
	}
	for _, step := range n.get("transform").list() {
		add(step.get("join").get("with"))
		for _, other := range unionOf(step.get("union")) {
			add(other)
		}
	}
	return out
}

// needs are the names of the datasets that a dataset needs, each once.
func (d *decoder) needs(e entry) []string {
	var names []string
	for _, ref := range d.mentions(e.value) {
		if !slices.Contains(names, ref.name) {
			names = append(names, ref.name)
		}
	}
	return names
}

// datasets decodes a report's datasets, each behind those that it needs: in what order they are written does not matter.
func (d *decoder) datasets(n *node, r *Report, s scope) {
	d.siblings = siblings{names: n.names(), decoded: map[string]*Dataset{}, misfit: r.misfit}
	decoded := d.siblings.decoded
	var under []string // those that are being decoded, each needed by the one before
	var decode func(e entry)
	decode = func(e entry) {
		under = append(under, e.key)
		for _, ref := range d.mentions(e.value) {
			if i := slices.Index(under, ref.name); i >= 0 {
				d.circle(e, ref, under[i:])
				decoded[ref.name] = &Dataset{Name: ref.name, Open: true, unknown: true}
			} else if i := slices.IndexFunc(n.all(), func(e entry) bool { return e.key == ref.name }); i >= 0 && decoded[ref.name] == nil {
				decode(n.entries[i])
			}
		}
		under = under[:len(under)-1]
		decoded[e.key] = d.dataset(e, r, s)
	}
	for _, e := range n.all() {
		if decoded[e.key] == nil {
			decode(e)
		}
	}
	for _, e := range n.all() {
		r.Datasets = append(r.Datasets, decoded[e.key])
	}
}

// circle reports datasets that need each other, at the mention that closes the circle.
func (d *decoder) circle(e entry, ref mention, way []string) {
	defer d.in("datasets", e.key)()
	at := ref.at.at
	if !ref.whole {
		at = ref.at.span(0, runes(ref.name))
	}
	if len(way) == 1 {
		d.fault(at, "datasets-in-circle", "Datasets in a circle", "The dataset %q would have to be there before itself.", ref.name)
		return
	}
	d.fault(at, "datasets-in-circle", "Datasets in a circle", "Each of these datasets would have to be there before the others: %s.", strings.Join(append(slices.Clone(way), ref.name), ", which needs "))
}

// other finds the dataset that n names. Nil means that it was reported, or cannot be known.
func (d *decoder) other(n *node) *Dataset {
	name, ok := d.literal(n)
	if !ok {
		return nil
	}
	found := d.siblings.decoded[name]
	if found == nil && !d.siblings.misfit {
		d.fault(n.at, "unknown-dataset", "Unknown dataset", "The report has no dataset %q.%s", name, suggest(name, d.siblings.names))
	}
	return found
}

// onlyAsked are the keys of a dataset that say how a source is asked, or what its columns are.
var onlyAsked = []string{"filters", "for_each", "aggregate_by", "range", "slice", "columns", "compare"}

// from decodes a dataset whose rows are another's.
func (d *decoder) from(ds *Dataset, n, from *node) {
	ds.unknown = true
	for _, e := range n.entries {
		if !slices.Contains(onlyAsked, e.key) {
			continue
		}
		advice := "It stands in the dataset that asks the source."
		if e.key == "columns" {
			advice = "Declare columns there, and give them other labels here by a transform step:\n\n    - derive: {answered: {value: answered, label: Answered chats}}"
		}
		d.fault(e.keyAt, "asks-nothing", "Dataset asks no source", "The rows of this dataset are those of %q, and %q says how a source is asked. %s", d.text(from), e.key, advice)
	}
	other := d.other(from)
	if other == nil || d.misfit(n) {
		return
	}
	ds.From, ds.Open, ds.unknown = other.Name, other.Open, other.unknown
	ds.Fields = slices.Clone(other.Fields)
	ds.renamed = other.renamed
	if !ds.unknown {
		d.steps(ds, n)
	}
}
