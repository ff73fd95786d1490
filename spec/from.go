package spec

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/tree"
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
	at   *tree.Node
	// whole: the node says the name and nothing beside it, unlike DATASET.COLUMN.
	whole bool
}

// mentions are where a dataset's definition names others.
func (d *decoder) mentions(n *tree.Node) []mention {
	var out []mention
	add := func(n *tree.Node) {
		if name, ok := d.literal(n); ok {
			out = append(out, mention{name, n, true})
		}
	}
	add(n.Get("from"))
	if values := n.Get("for_each").Get("values"); values != nil && values.Kind == tree.String && !strings.Contains(values.Text, "${") {
		name, _, _ := strings.Cut(values.Text, ".")
		out = append(out, mention{name, values, false})
	}
	for _, step := range n.Get("transform").List() {
		add(step.Get("join").Get("with"))
		for _, other := range unionOf(step.Get("union")) {
			add(other)
		}
	}
	return out
}

// needs are the names of the datasets that a dataset needs, each once.
func (d *decoder) needs(e tree.Entry) []string {
	var names []string
	for _, ref := range d.mentions(e.Value) {
		if !slices.Contains(names, ref.name) {
			names = append(names, ref.name)
		}
	}
	return names
}

// datasets decodes a report's datasets, each behind those that it needs: in what order they are written does not matter.
func (d *decoder) datasets(n *tree.Node, r *Report, s scope) {
	d.siblings = siblings{names: n.Names(), decoded: map[string]*Dataset{}, misfit: r.misfit}
	decoded := d.siblings.decoded
	var under []string // those that are being decoded, each needed by the one before
	var decode func(e tree.Entry)
	decode = func(e tree.Entry) {
		under = append(under, e.Key)
		for _, ref := range d.mentions(e.Value) {
			if i := slices.Index(under, ref.name); i >= 0 {
				d.circle(e, ref, under[i:])
				decoded[ref.name] = &Dataset{Name: ref.name, Open: true, unknown: true}
			} else if i := slices.IndexFunc(n.All(), func(e tree.Entry) bool { return e.Key == ref.name }); i >= 0 && decoded[ref.name] == nil {
				decode(n.Entries[i])
			}
		}
		under = under[:len(under)-1]
		decoded[e.Key] = d.dataset(e, r, s)
	}
	for _, e := range n.All() {
		if decoded[e.Key] == nil {
			decode(e)
		}
	}
	for _, e := range n.All() {
		r.Datasets = append(r.Datasets, decoded[e.Key])
	}
}

// circle reports datasets that need each other, at the mention that closes the circle.
func (d *decoder) circle(e tree.Entry, ref mention, way []string) {
	defer d.in("datasets", e.Key)()
	at := ref.at.At
	if !ref.whole {
		at = ref.at.Span(0, runes(ref.name))
	}
	if len(way) == 1 {
		d.fault(at, "datasets-in-circle", "Datasets in a circle", "The dataset %q would have to be there before itself.", ref.name)
		return
	}
	d.fault(at, "datasets-in-circle", "Datasets in a circle", "Each of these datasets would have to be there before the others: %s.", strings.Join(append(slices.Clone(way), ref.name), ", which needs "))
}

// other finds the dataset that n names. Nil means that it was reported, or cannot be known.
func (d *decoder) other(n *tree.Node) *Dataset {
	name, ok := d.literal(n)
	if !ok {
		return nil
	}
	found := d.siblings.decoded[name]
	if found == nil && !d.siblings.misfit {
		d.fault(n.At, "unknown-dataset", "Unknown dataset", "The report has no dataset %q.%s", name, suggest(name, d.siblings.names))
	}
	return found
}

// onlyAsked are the keys of a dataset that say how a source is asked, or what its columns are.
var onlyAsked = []string{"filters", "for_each", "aggregate_by", "range", "slice", "columns", "compare"}

// from decodes a dataset whose rows are another's.
func (d *decoder) from(ds *Dataset, n, from *tree.Node) {
	ds.unknown = true
	for _, e := range n.Entries {
		if !slices.Contains(onlyAsked, e.Key) {
			continue
		}
		advice := "It stands in the dataset that asks the source."
		if e.Key == "columns" {
			advice = "Declare columns there, and give them other labels here by a transform step:\n\n    - derive: {answered: {value: answered, label: Answered chats}}"
		}
		d.fault(e.KeyAt, "asks-nothing", "Dataset asks no source", "The rows of this dataset are those of %q, and %q says how a source is asked. %s", d.text(from), e.Key, advice)
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
