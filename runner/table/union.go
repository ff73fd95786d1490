package table

import (
	"context"
	"fmt"
	"strconv"

	"github.com/reportform/reportform/spec/expr"
)

// Union puts the rows of other datasets below. Columns are one by their name; where a dataset has no column of a name, its
// rows have missing values. A column adds up by its rule where all that have it have the same kind of rule.
type Union struct {
	Others []UnionPart
	// As is a text column, the first, that has a label for the rows of each dataset; empty for none. Own is that of the
	// rows which come in.
	As, Own string
}

// UnionPart is a dataset whose rows are added.
type UnionPart struct {
	Name string
	// Label stands in the column As.
	Label string
	// Fields are its columns as far as they are known without data.
	Fields []Field

	table *Table
}

// Fields implements Step.
func (u Union) Fields(in []Field, _ bool) ([]Field, error) {
	p, err := u.plan(in)
	if err != nil {
		return nil, err
	}
	return p.fields, nil
}

func (u Union) bind(_ Spool, env expr.Env) Step {
	t, ok := env.(Tables)
	if !ok {
		return u
	}
	others := make([]UnionPart, len(u.Others))
	for i, part := range u.Others {
		if part.table = t.Table(part.Name); part.table != nil {
			part.Fields = part.table.fields
		}
		others[i] = part
	}
	u.Others = others
	return u
}

// unionPlan is a union worked out for given columns.
type unionPlan struct {
	Union
	// parts are the columns of each dataset, those of the rows that come in first.
	parts [][]Field
	// layout has a slot for each set of columns that become one, and from the place of each in its dataset, -1 where that
	// has none. The slot of As has none.
	layout layout
	from   [][]int
	known  map[string]int
	fields []Field
	slots  []int
}

func (u Union) plan(in []Field) (*unionPlan, error) {
	p := &unionPlan{Union: u, parts: [][]Field{in}, known: map[string]int{}}
	for _, part := range u.Others {
		p.parts = append(p.parts, part.Fields)
	}
	var shown []column
	seen := map[string]bool{}
	if u.As != "" {
		p.from = append(p.from, nil)
		shown, seen[u.As] = append(shown, p.layout.add(Field{Name: u.As, Type: expr.Text})), true
	}
	for at, fields := range p.parts {
		for _, f := range fields {
			if f.Hidden {
				continue
			}
			if u.As == f.Name {
				return nil, &Fault{Part: "as", Code: "duplicate-column", Summary: "Duplicate column", Detail: fmt.Sprintf(
					"%s has a column %q already. Give the one with the names of the datasets another name.", p.named(at), f.Name)}
			}
			if seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			from := make([]int, len(p.parts))
			for i, part := range p.parts {
				from[i] = visible(part, f.Name)
			}
			c, err := p.slot(from)
			if err != nil {
				return nil, err
			}
			shown = append(shown, c)
		}
	}
	p.fields, p.slots = p.layout.arrange(shown)
	return p, nil
}

// named is how a part is spoken of.
func (p *unionPlan) named(part int) string {
	if part == 0 {
		return "The dataset itself"
	}
	return fmt.Sprintf("The dataset %q", p.Others[part-1].Name)
}

// slot is what columns of the parts become together, with what their totals need.
func (p *unionPlan) slot(from []int) (column, error) {
	key := fmt.Sprint(from)
	if slot, ok := p.known[key]; ok {
		return p.layout.slots[slot], nil
	}
	f, err := p.field(from)
	if err != nil {
		return column{}, err
	}
	needs, ok, err := p.needs(f.Total, from)
	if err != nil {
		return column{}, err
	}
	if !ok {
		f.Total = Total{}
	}
	c := p.layout.add(f, needs...)
	p.from = append(p.from, from)
	p.known[key] = c.slot
	return c, nil
}

// field is that of the first part that has the column. Types agree.
func (p *unionPlan) field(from []int) (Field, error) {
	var f Field
	first := -1
	for part, i := range from {
		if i < 0 {
			continue
		}
		other := p.parts[part][i]
		switch {
		case first < 0:
			f, first = other, part
		case f.Type == expr.Any:
			f.Type = other.Type
		case other.Type != f.Type && other.Type != expr.Any:
			at := strconv.Itoa(part - 1)
			return f, &Fault{Part: at, Code: "wrong-type", Summary: "Wrong type", Detail: fmt.Sprintf(
				"The column %q is of type %s in %q and of type %s above. Make it of one type there, such as by a step derive, or leave it out by select.",
				other.Name, expr.TypeName(other.Type), p.Others[part-1].Name, expr.TypeName(f.Type))}
		}
		f.Unasked = f.Unasked && other.Unasked
		if other.Grain != f.Grain {
			f.Grain = ""
		}
		if other.Total.Kind != f.Total.Kind {
			f.Total = Total{}
		}
	}
	return f, nil
}

// needs are the slots of what the rule of columns needs, of each part what its own names. Ok is false where one is not there.
func (p *unionPlan) needs(t Total, from []int) (needs []int, ok bool, err error) {
	for role := range t.names() {
		of := make([]int, len(from))
		for part, i := range from {
			if of[part] = -1; i < 0 {
				continue
			}
			fields := p.parts[part]
			if of[part] = index(fields, fields[i].Total.names()[role]); of[part] < 0 {
				return nil, false, nil
			}
		}
		c, err := p.slot(of)
		if err != nil {
			return nil, false, err
		}
		needs = append(needs, c.slot)
	}
	return needs, true, nil
}

// Apply implements Step.
func (u Union) Apply(ctx context.Context, in Rows) Rows {
	for _, part := range u.Others {
		if part.table == nil {
			return failed(fmt.Errorf("union: there are no rows of %q", part.Name))
		}
	}
	p, err := u.plan(in.Fields)
	if err != nil {
		return failed(err)
	}
	return Rows{Fields: p.fields, Seq: func(yield func(*Batch, error) bool) {
		for part := range p.parts {
			rows, label := in, u.Own
			if part > 0 {
				rows, label = u.Others[part-1].table.Rows(), u.Others[part-1].Label
			}
			shaped := mapped(ctx, rows, p.fields, func(b *Batch) (*Batch, error) { return p.batch(b, part, label), nil })
			for b, err := range shaped.Seq {
				if !yield(b, err) || err != nil {
					return
				}
			}
		}
	}}
}

// batch is one of a part with the columns of all.
func (p *unionPlan) batch(b *Batch, part int, label string) *Batch {
	out := &Batch{Cols: make([]Vector, len(p.slots)), N: b.N}
	for i, slot := range p.slots {
		switch from := p.from[slot]; {
		case from == nil:
			out.Cols[i] = repeated(p.fields[i], expr.TextValue(label), b.N)
		case from[part] < 0:
			out.Cols[i] = repeated(p.fields[i], expr.Value{}, b.N)
		default:
			out.Cols[i] = b.Cols[from[part]]
		}
	}
	return out
}

// repeated is a column that has one value in all of its rows.
func repeated(f Field, x expr.Value, n int) Vector {
	v := NewVector(f, n)
	for range n {
		v.Append(f, x)
	}
	return v
}
