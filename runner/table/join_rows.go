package table

import (
	"fmt"

	"github.com/reportform/reportform/spec/expr"
)

// partners finds the rows of the other dataset that belong to a row.
type partners struct {
	Join
	plan *joinPlan
	// rows are the other dataset's, with one of missing values behind them for rows without a partner.
	rows *Batch
	// first is the first row of a key, and next the one behind it that has the same, 0 where there is none.
	first map[string]int32
	next  []int32
	// met is the row that has met the rows of a key, counted from 1, by the first of them, where only one may.
	met []int32
	n   int32 // rows that came in so far
	key []byte
}

// partners reads the other dataset.
func (j Join) partners(p *joinPlan) (*partners, error) {
	rows, err := held(j.table, p.only)
	if err != nil {
		return nil, err
	}
	x := &partners{Join: j, plan: p, rows: rows, first: make(map[string]int32, rows.N), next: make([]int32, rows.N)}
	if !j.Relation.rightRepeats() {
		x.met = make([]int32, rows.N)
	}
	last := make([]int32, rows.N) // of each key, by its first row
	for i := range rows.N - 1 {
		var whole bool
		if x.key, whole = p.right.append(x.key[:0], rows, i); !whole {
			continue
		}
		first, twice := x.first[string(x.key)]
		switch {
		case twice && !j.Relation.leftRepeats():
			return nil, x.repeated(int(first), i)
		case twice:
			x.next[last[first]] = int32(i)
		default:
			first = int32(i)
			x.first[string(x.key)] = first
		}
		last[first] = int32(i)
	}
	return x, nil
}

// repeated says that two rows of the other dataset have one key.
func (x *partners) repeated(one, other int) *Fault {
	differs := ""
	for _, c := range x.plan.added {
		f := x.plan.right.fields[c]
		a, b := expr.Plain(x.rows.Cols[c].Value(f, one)), expr.Plain(x.rows.Cols[c].Value(f, other))
		if a != b {
			differs = fmt.Sprintf("; %s is %q in the one and %q in the other", f.Name, a, b)
			break
		}
	}
	return &Fault{Part: "with", Code: "repeated-key", Summary: "Key stands twice", Detail: fmt.Sprintf(
		"The rows %d and %d of %q have the same %s%s. A row here would come once for each of them. Leave one out in %q, such as by a group, or say that several are meant:\n\n    relationship: many_to_many",
		one+1, other+1, x.With, x.plan.right.describe(x.rows, one), differs, x.With)}
}

// join makes the rows of a batch with their partners.
func (x *partners) join(b *Batch) (*Batch, error) {
	left, right := make([]int32, 0, b.N), make([]int32, 0, b.N)
	none := int32(x.rows.N - 1)
	for i := range b.N {
		x.n++
		x.key, _ = x.plan.left.append(x.key[:0], b, i)
		row, ok := x.first[string(x.key)]
		if !ok { // nor where a value is missing: no key of the other dataset has one
			if !x.Inner {
				left, right = append(left, int32(i)), append(right, none)
			}
			continue
		}
		if x.met != nil {
			if x.met[row] > 0 {
				return nil, x.metTwice(b, i, row)
			}
			x.met[row] = x.n
		}
		left, right = append(left, int32(i)), append(right, row)
		for row = x.next[row]; row > 0; row = x.next[row] {
			left, right = append(left, int32(i)), append(right, row)
		}
	}
	if len(left) == 0 {
		return nil, nil
	}
	wide := b.gather(left)
	wide.Cols = append(wide.Cols, x.rows.gather(right).Cols...)
	return project(wide, x.plan.slots), nil
}

// metTwice says that two rows have the key that only one may have.
func (x *partners) metTwice(b *Batch, i int, row int32) *Fault {
	word := map[Relation]string{OneToOne: "many_to_one", OneToMany: "many_to_many"}[x.Relation]
	return &Fault{Part: "relationship", Code: "repeated-key", Summary: "Key stands twice", Detail: fmt.Sprintf(
		"The rows %d and %d here have the same %s, so that what %q has of it would count twice in a total. Say that rows here may share it, which takes the totals from the columns of %q:\n\n    relationship: %s",
		x.met[row], x.n, x.plan.left.describe(b, i), x.With, x.With, word)}
}
