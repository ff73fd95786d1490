package spec

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

const (
	// maxInstances bounds the instances of one report: each is planned, fetched and remembered by itself.
	maxInstances = 1000
	// maxKey bounds an instance's key, in characters: it stands in addresses, and mostly in paths.
	maxKey = 100
)

// forEach is what a report's for_each says. The zero value is of a report without one.
type forEach struct {
	// given: the report has a for_each, which may have no keys.
	given bool
	// broken: a fault that was reported hides what the instances are.
	broken bool
	all    []*Each
	// value is what each.value is, the same for all instances.
	value expr.Name
	// first is where the first value is written.
	first diag.Range
}

// name describes each.
func (f forEach) name() expr.Name {
	if !f.given {
		return away(onlyForEach)
	}
	return expr.Name{Type: expr.Map, Fields: expr.Names{"key": {Type: expr.Text}, "value": f.value}}
}

// forEach decodes the keys and values of a report's instances.
func (d *decoder) forEach(n *tree.Node) forEach {
	if n == nil {
		return forEach{}
	}
	defer d.in("for_each")()
	f := forEach{given: true}
	faults := len(d.diags)
	switch {
	case d.misfit(n):
		f.broken = true
	case n.Kind == tree.Map:
		for _, e := range n.Entries {
			if v, ok := d.loadValue(e.Value); ok {
				d.instance(&f, e.Key, e.KeyAt, v, e.Value)
			}
		}
	case n.Kind == tree.List:
		d.instancesOfList(&f, n)
	default:
		// A whole ${var.NAME} with a list was put in before.
		if v, ok := d.loadValue(n); ok {
			d.fault(n.At, "wrong-type", "Wrong type", "\"for_each\" takes a mapping of keys to values, or a list of keys, and what comes out here is %s.", ofType(v.Type))
		}
	}
	if len(f.all) > maxInstances {
		d.fault(n.At, "too-many-instances", "Too many instances", "The report would have %d instances, and the most is %d. Instances that differ in one column's value alone are what \"split\" is for.", len(f.all), maxInstances)
	}
	if f.broken = f.broken || len(d.diags) > faults; f.broken {
		f.all, f.value = nil, expr.Name{Type: expr.Any, Open: true}
		return f
	}
	for _, each := range f.all {
		each.Value = widened(each.Value, f.value)
	}
	return f
}

// instancesOfList decodes a list, whose items are keys and values at once.
func (d *decoder) instancesOfList(f *forEach, n *tree.Node) {
	first := map[string]diag.Range{}
	for i, item := range n.Items {
		v, ok := d.loadValue(item)
		if given := d.filled[n]; given != nil {
			v = given.Value.Items[i]
		}
		switch {
		case !ok:
			continue
		case v.Type != expr.Text && v.Type != expr.Integer && v.Type != expr.Date:
			d.fault(item.At, "bad-key", "Not a key", "A list under \"for_each\" holds keys: texts, whole numbers or dates, and this is %s. Keys with values are a mapping:\n\n    for_each: {north: VALUE, south: VALUE}", item.Describe())
			continue
		}
		if len(f.all) > 0 && f.value.Type != v.Type {
			d.fault(item.At, "wrong-type", "Wrong type", "The keys of a list are of one type, and this is %s while the first, %q, is %s. Put numbers in quotes to make texts of them.", ofType(v.Type), f.all[0].Key, ofType(f.value.Type))
			continue
		}
		key := expr.Plain(v)
		if at, twice := first[key]; twice {
			found := d.diagnostic(item.At, "duplicate-key", "Duplicate key", "%q stands twice in the list, and each key makes one instance. Remove one.", key)
			found.Related = []diag.Related{{Message: fmt.Sprintf("%q stands here first.", key), Range: at}}
			d.diags.Add(found)
			continue
		}
		first[key] = item.At
		d.instance(f, key, item.At, v, item)
	}
}

// instance takes one key with its value, written at n, and holds the value's shape against that of the first.
func (d *decoder) instance(f *forEach, key string, at diag.Range, v expr.Value, n *tree.Node) {
	if problem := keyProblem(key); problem != "" {
		d.fault(at, "bad-key", "Not a key", "%q cannot be an instance's key: %s. Deliveries are remembered under it, so it is a short name that lasts, such as \"north\".", key, problem)
		return
	}
	f.all = append(f.all, &Each{Key: key, Value: v})
	if len(f.all) == 1 {
		f.value, f.first = shapeOf(v), n.At
		return
	}
	joint, odd := jointShape(f.value, shapeOf(v), n, "each.value")
	if odd == nil {
		f.value = joint
		return
	}
	found := d.diagnostic(odd.at, "odd-value", "Values differ in shape",
		"The values of all instances have one shape, so that an expression means the same in each. That of %q is not as the first, that of %q: %s", key, f.all[0].Key, odd.how)
	found.Related = []diag.Related{{Message: "the first is here", Range: f.first}}
	d.diags.Add(found)
}

// keyProblem says what makes a text no key; "" means that it is one.
func keyProblem(key string) string {
	switch {
	case strings.TrimSpace(key) == "":
		return "it is empty"
	case runes(key) > maxKey:
		return fmt.Sprintf("it has more than %d characters", maxKey)
	case strings.Contains(key, "${"):
		return "keys are not computed. A list's items may be, and so may values"
	case strings.ContainsFunc(key, func(r rune) bool { return !strconv.IsPrint(r) }):
		return "it has a character that cannot be seen"
	}
	return ""
}

// loadValue takes a value of any kind that is known while loading. False means that it was reported.
func (d *decoder) loadValue(n *tree.Node) (expr.Value, bool) {
	if v := d.filled[n]; v != nil {
		return v.Value, v.Value.Valid
	}
	switch n.Kind {
	case tree.Null:
		d.fault(n.At, "empty-value", "Empty value", "There is no value here. All instances' values have one shape: give this one a value, or leave it out of all.")
		return expr.Value{}, false
	case tree.Map:
		out, sound := expr.Value{Type: expr.Map, Valid: true, Fields: make(map[string]expr.Value, len(n.Entries))}, true
		for _, e := range n.Entries {
			v, ok := d.loadValue(e.Value)
			out.Fields[e.Key], sound = v, sound && ok
		}
		return out, sound
	case tree.List:
		items, sound := make([]expr.Value, len(n.Items)), true
		for i, item := range n.Items {
			v, ok := d.loadValue(item)
			if ok && !isSingle(v.Type) {
				d.fault(item.At, "wrong-type", "Wrong type", "A list holds single values, and this is %s.", item.Describe())
				ok = false
			}
			items[i], sound = v, sound && ok
		}
		return expr.ListValue(items...), sound && d.sameTypes(n, items)
	case tree.String:
		if strings.Contains(n.Text, "${") {
			return d.loadTemplate(n)
		}
	}
	return untypedValue(n), true
}

// loadTemplate computes a value from variables.
func (d *decoder) loadTemplate(n *tree.Node) (expr.Value, bool) {
	t := d.template(n, d.loadScope())
	if t == nil {
		return expr.Value{}, false
	}
	v, fault := t.Eval(loadEnv{variables: d.values})
	if fault != nil {
		d.diags.Add(*fault)
		return expr.Value{}, false
	}
	// A variable without a value was reported where it is declared.
	return v, v.Valid
}

// sameTypes reports a list's item that is of another type than those before it.
func (d *decoder) sameTypes(n *tree.Node, items []expr.Value) bool {
	all := expr.Name{Type: expr.Any}
	for i, v := range items {
		joint, odd := jointShape(all, shapeOf(v), n.Items[i], fmt.Sprintf("item %d", i+1))
		if odd != nil {
			d.fault(odd.at, "wrong-type", "Wrong type", "The items of a list are of one type, and %s", odd.how)
			return false
		}
		all = joint
	}
	return true
}

// shapeOf describes a value as an expression's names do.
func shapeOf(v expr.Value) expr.Name {
	out := expr.Name{Type: v.Type}
	switch v.Type {
	case expr.Map:
		out.Fields = make(expr.Names, len(v.Fields))
		for name, field := range v.Fields {
			out.Fields[name] = shapeOf(field)
		}
	case expr.List:
		for _, item := range v.Items {
			out.Elem, _ = jointType(out.Elem, item.Type)
		}
	}
	return out
}

// jointType is the type that covers two; Any is that of nothing, such as an empty list's items.
func jointType(one, other expr.Type) (expr.Type, bool) {
	switch {
	case one == other || other == expr.Any:
		return one, true
	case one == expr.Any:
		return other, true
	case one == expr.Integer && other == expr.Decimal, one == expr.Decimal && other == expr.Integer:
		return expr.Decimal, true
	}
	return expr.Any, false
}

// oddity is where a value differs in shape from those before it, and how.
type oddity struct {
	at  diag.Range
	how string
}

// jointShape is the shape that covers what there is and one more value, which is written at n and called name.
func jointShape(have, more expr.Name, n *tree.Node, name string) (expr.Name, *oddity) {
	if have.Type == expr.Map && more.Type == expr.Map {
		return jointFields(have, more, n, name)
	}
	t, ok := jointType(have.Type, more.Type)
	if !ok {
		return have, &oddity{n.At, fmt.Sprintf("%s is %s; the first is %s.", name, ofType(more.Type), ofType(have.Type))}
	}
	elem, ok := jointType(have.Elem, more.Elem)
	if !ok {
		return have, &oddity{n.At, fmt.Sprintf("%s is a list, each item %s; those of the first are each %s.", name, ofType(more.Elem), ofType(have.Elem))}
	}
	return expr.Name{Type: t, Elem: elem}, nil
}

func jointFields(have, more expr.Name, n *tree.Node, name string) (expr.Name, *oddity) {
	out := expr.Name{Type: expr.Map, Fields: make(expr.Names, len(have.Fields))}
	for _, e := range n.Entries {
		of := name + "." + e.Key
		there, ok := have.Fields[e.Key]
		if !ok {
			return have, &oddity{e.KeyAt, fmt.Sprintf("the first has no %s.%s", of, suggest(e.Key, slices.Sorted(maps.Keys(have.Fields))))}
		}
		joint, odd := jointShape(there, more.Fields[e.Key], e.Value, of)
		if odd != nil {
			return have, odd
		}
		out.Fields[e.Key] = joint
	}
	for _, field := range slices.Sorted(maps.Keys(have.Fields)) {
		if _, ok := more.Fields[field]; !ok {
			return have, &oddity{n.At, fmt.Sprintf("%s.%s is missing.", name, field)}
		}
	}
	return out, nil
}

// ofType names a type within a sentence.
func ofType(t expr.Type) string {
	switch t {
	case expr.List, expr.Map, expr.Text:
		return "a " + expr.TypeName(t)
	default:
		return wanted(t)
	}
}

// widened is a value in the shape that all instances have: whole numbers beside decimals are decimals. What it is made
// of may be a variable's, and is left as it is.
func widened(v expr.Value, shape expr.Name) expr.Value {
	switch v.Type {
	case expr.Map:
		fields := make(map[string]expr.Value, len(v.Fields))
		for name, field := range v.Fields {
			fields[name] = widened(field, shape.Fields[name])
		}
		v.Fields = fields
	case expr.List:
		items := make([]expr.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = widened(item, expr.Name{Type: shape.Elem})
		}
		v.Items = items
	default:
		v, _ = expr.Convert(v, shape.Type)
	}
	return v
}

// lookup finds each.key, each.value, or a field in it.
func (e *Each) lookup(path []string) (expr.Value, error) {
	if len(path) == 1 && path[0] == "key" {
		return expr.TextValue(e.Key), nil
	}
	if len(path) == 0 || path[0] != "value" {
		return expr.Value{}, errors.New("each has key and value alone")
	}
	v := e.Value
	for _, name := range path[1:] {
		field, ok := v.Fields[name]
		if !ok {
			return expr.Value{}, fmt.Errorf("each.value has no %q", name)
		}
		v = field
	}
	return v, nil
}

// instances are the reports that a decoded one stands for: itself, or one for each key, which share all but their key.
func (r *Report) instances() []*Report {
	if !r.each.given || r.each.broken {
		return []*Report{r}
	}
	out := make([]*Report, len(r.each.all))
	for i, each := range r.each.all {
		one := *r
		one.Each, one.Address = each, r.instanceAddress(each)
		one.Destinations = make([]*Destination, len(r.Destinations))
		for j, shared := range r.Destinations {
			dest := *shared
			dest.Digest = each.digest(shared.Digest)
			one.Destinations[j] = &dest
		}
		out[i] = &one
	}
	return out
}

func (r *Report) instanceAddress(e *Each) string {
	return address{report: r.Name, key: e.Key, keyed: true}.String()
}

// environments are what is known while loading of each of a report's instances.
func (d *decoder) environments(r *Report) []loadEnv {
	if !r.each.given || r.each.broken {
		return []loadEnv{{variables: d.values, report: r.Name}}
	}
	out := make([]loadEnv, len(r.each.all))
	for i, each := range r.each.all {
		out[i] = loadEnv{d.values, r.Name, each}
	}
	return out
}
