package table

import (
	"context"
	"fmt"
	"hash/maphash"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// Proof reads a table and the parts that it was divided into, whoever did that, and returns an error where they do not
// agree: a key that appears twice, a row that is not of its part, a part that has more, fewer or other rows than the whole
// has with its key, or in another order, and sums that do not add up to the whole's, which are compared exactly but for
// percents and ratios.
//
// It is meant to be asked before anything leaves the house: a wrong part would show somebody the rows of another.
func Proof(ctx context.Context, whole *Table, column string, parts []Part) error {
	fields := whole.fields
	col, err := find(&fields, false, column, "")
	if err != nil {
		return err
	}
	p := &proof{fields: fields, col: col, seed: maphash.MakeSeed(), parts: make(map[string]*tally, len(parts))}
	for i, f := range fields {
		if f.Total.Kind == TotalSum && addable(f.Type) {
			p.summed = append(p.summed, i)
		}
	}
	p.whole, p.together = make([]grandTotal, len(p.summed)), make([]grandTotal, len(p.summed))
	for _, part := range parts {
		if p.parts[part.Key] != nil {
			return fmt.Errorf("two parts have the key %q", part.Key)
		}
		p.parts[part.Key] = &tally{}
	}
	if err := p.readWhole(ctx, whole); err != nil {
		return err
	}
	var other []string
	for _, part := range parts {
		same, err := p.readPart(ctx, part)
		if err != nil {
			return err
		}
		if !same {
			other = append(other, part.Key)
		}
	}
	if err := p.compareSums(); err != nil {
		return err
	}
	if len(other) > 0 {
		return fmt.Errorf("%d of %d parts have as many rows as the whole has with their key, and not the same ones: %s", len(other), len(parts), quoted(other[:min(len(other), 12)]))
	}
	return nil
}

// proof is what was read so far.
type proof struct {
	fields []Field
	col    int
	seed   maphash.Seed
	// summed are the columns that add up, whole and together their sums over the whole and over all parts.
	summed          []int
	whole, together []grandTotal
	parts           map[string]*tally // what the whole has of each key
}

// tally is some rows of one key: how many, and a digest of them in their order.
type tally struct {
	rows   int
	digest uint64
}

func (t *tally) add(row uint64) {
	t.rows++
	t.digest = mix(t.digest, row)
}

func (p *proof) readWhole(ctx context.Context, t *Table) error {
	row := 0
	return p.read(ctx, t, p.whole, func(key string, digest uint64) error {
		row++
		of := p.parts[key]
		if of == nil {
			return fmt.Errorf("row %d of the whole has the key %q, and there is no such part", row, key)
		}
		of.add(digest)
		return nil
	})
}

// readPart reports whether a part has the very rows that the whole has with its key; it is an error where it cannot.
func (p *proof) readPart(ctx context.Context, part Part) (same bool, err error) {
	if !slices.Equal(part.Table.fields, p.fields) {
		return false, fmt.Errorf("the part %q has other columns than the whole", part.Key)
	}
	var got tally
	err = p.read(ctx, part.Table, p.together, func(key string, digest uint64) error {
		got.add(digest)
		if key != part.Key {
			return fmt.Errorf("row %d of the part %q has the key %q", got.rows, part.Key, key)
		}
		return nil
	})
	want := p.parts[part.Key]
	switch {
	case err != nil:
		return false, err
	case got.rows != want.rows:
		return false, fmt.Errorf("the part %q has %s, and the whole has %d with that key", part.Key, rowCount(got.rows), want.rows)
	case got.rows != part.Table.Len():
		return false, fmt.Errorf("the part %q has %s, and says that it has %d", part.Key, rowCount(got.rows), part.Table.Len())
	}
	return got.digest == want.digest, nil
}

func rowCount(n int) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

// read goes through the rows of a table, adds up its columns and tells each row's key and digest.
func (p *proof) read(ctx context.Context, t *Table, totals []grandTotal, row func(key string, digest uint64) error) error {
	f := p.fields[p.col]
	var digests []uint64
	for b, err := range t.scan(nil) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		digests = slices.Grow(digests[:0], b.N)[:b.N]
		clear(digests)
		for i := range b.Cols {
			p.digest(digests, &b.Cols[i])
		}
		for i, c := range p.summed {
			totals[i].add(&b.Cols[c])
		}
		for i, digest := range digests {
			if err := row(expr.Plain(b.Cols[p.col].Value(f, i)), digest); err != nil {
				return err
			}
		}
	}
	return nil
}

// digest adds a column to the digests of rows.
func (p *proof) digest(rows []uint64, v *Vector) {
	for i := range rows {
		var x uint64
		switch {
		case !v.Valid[i]:
		case v.Ints != nil && v.understood(i):
			x = uint64(v.Ints[i])
		case v.Floats != nil:
			x = math.Float64bits(v.Floats[i])
		case v.Decs != nil:
			d := v.Decs[i]
			x = mix(d.Coef(), uint64(d.Scale())<<1|uint64(bit(d.IsNeg())))
		default:
			x = maphash.String(p.seed, v.Strs[i])
		}
		rows[i] = mix(rows[i], mix(x, uint64(bit(v.Valid[i]))))
	}
}

// mix makes one number of two, a different one for almost every pair and order.
func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0x9e3779b97f4a7c15, b^0xd1b54a32d192ed03)
	return hi ^ lo
}

func (p *proof) compareSums() error {
	for i, c := range p.summed {
		f := p.fields[c]
		if whole, together := &p.whole[i], &p.together[i]; !whole.equals(together) {
			return fmt.Errorf("the column %q comes to %s in the parts together, and to %s in the whole", f.Name, together.text(f.Type), whole.text(f.Type))
		}
	}
	return nil
}

// grandTotal is the sum of a column, however large. It adds up in its own way and not in that of a report's totals, since
// it is to prove them.
type grandTotal struct {
	// exact is the sum of whole numbers, or of decimals times 10^19; what would not fit into it is moved to over.
	exact int128
	over  big.Int
	// float is the sum of percents or ratios, and size that of their magnitudes, by which rounding is judged.
	float, size float64
}

// mostPlaces is how many digits after the point a decimal can have.
const mostPlaces = decimal.MaxScale

func (t *grandTotal) add(v *Vector) {
	for i, ok := range v.Valid {
		switch {
		case !ok:
		case v.Floats != nil:
			t.float += v.Floats[i]
			t.size += math.Abs(v.Floats[i])
		case v.Decs != nil:
			d := v.Decs[i]
			shift := uint64(1)
			for range mostPlaces - d.Scale() {
				shift *= 10
			}
			hi, lo := bits.Mul64(d.Coef(), shift)
			t.addExact(signed(hi, lo, d.IsNeg()))
		default:
			t.addExact(int128{v.Ints[i] >> 63, uint64(v.Ints[i])})
		}
	}
}

func (t *grandTotal) addExact(x int128) {
	sum, ok := t.exact.plus(x)
	if !ok {
		t.over = *t.whole()
		sum = x
	}
	t.exact = sum
}

// whole returns the sum as one number.
func (t *grandTotal) whole() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(t.exact.hi), 64)
	n.Add(n, new(big.Int).SetUint64(t.exact.lo))
	return n.Add(n, &t.over)
}

// equals reports whether two sums are of the same values: floats may be off by what adding in another order rounds.
func (t *grandTotal) equals(other *grandTotal) bool {
	if t.whole().Cmp(other.whole()) != 0 {
		return false
	}
	// Two infinite sums have no difference, and pass.
	return !(math.Abs(t.float-other.float) > 1e-9*t.size)
}

// text shows the sum of a column of that type.
func (t *grandTotal) text(of expr.Type) string {
	n := t.whole()
	switch {
	case storageOf(of) == floats:
		return strconv.FormatFloat(t.float, 'g', -1, 64)
	case storageOf(of) == decimals:
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(mostPlaces), nil)
		text := new(big.Rat).SetFrac(n, scale).FloatString(mostPlaces)
		return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	case n.IsInt64():
		return expr.Plain(expr.Value{Type: of, Valid: true, Int: n.Int64()})
	default:
		return n.String()
	}
}
