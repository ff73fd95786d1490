package table

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// byUser are the rows of a table as hand-made parts would have them.
type byUser map[string][][]expr.Value

func (rows byUser) parts(fields []Field) []Part {
	var parts []Part
	for _, key := range []string{"Ewa", "Łucja"} {
		if rows[key] != nil {
			parts = append(parts, Part{key, FromValues(fields, rows[key])})
		}
	}
	return parts
}

func TestProofFindsWhatIsWrong(t *testing.T) {
	fields, all := chats(), chatRows()[:4]
	whole := FromValues(fields, all)
	const ewa, lucja = "Ewa", "Łucja"
	// changed returns a row with another value in one column.
	changed := func(row []expr.Value, column string, v expr.Value) []expr.Value {
		row = slices.Clone(row)
		row[index(fields, column)] = v
		return row
	}
	for _, c := range []struct {
		name   string
		damage func(rows byUser, parts []Part) []Part
		want   string
	}{
		{"nothing", nil, ""},
		{"a dropped row", func(rows byUser, _ []Part) []Part {
			rows[ewa] = rows[ewa][1:]
			return rows.parts(fields)
		}, `the part "Ewa" has 1 row, and the whole has 2 with that key`},
		{"a row twice", func(rows byUser, _ []Part) []Part {
			rows[ewa] = append(rows[ewa], rows[ewa][0])
			return rows.parts(fields)
		}, `the part "Ewa" has 3 rows, and the whole has 2 with that key`},
		{"a row in another's part", func(rows byUser, _ []Part) []Part {
			rows[ewa], rows[lucja] = rows[ewa][:1], append(rows[lucja], rows[ewa][1])
			return rows.parts(fields)
		}, `the part "Ewa" has 1 row, and the whole has 2 with that key`},
		{"two rows in each other's parts", func(rows byUser, _ []Part) []Part {
			rows[ewa][0], rows[lucja][1] = rows[lucja][1], rows[ewa][0]
			return rows.parts(fields)
		}, `row 1 of the part "Ewa" has the key "Łucja"`},
		{"a row in another's part under its name", func(rows byUser, _ []Part) []Part {
			rows[lucja][0] = changed(rows[ewa][0], "user_name", txt(lucja))
			return rows.parts(fields)
		}, `the column "incoming" comes to 65 in the parts together, and to 45 in the whole`},
		{"one row for another of the same part", func(rows byUser, _ []Part) []Part {
			rows[ewa][1] = rows[ewa][0]
			return rows.parts(fields)
		}, `the column "incoming" comes to 70 in the parts together, and to 45 in the whole`},
		{"rows in another order", func(rows byUser, _ []Part) []Part {
			slices.Reverse(rows[ewa])
			return rows.parts(fields)
		}, `1 of 2 parts have as many rows as the whole has with their key, and not the same ones: "Ewa"`},
		{"another integer", func(rows byUser, _ []Part) []Part {
			rows[ewa][0] = changed(rows[ewa][0], "answered", num(31))
			return rows.parts(fields)
		}, `the column "answered" comes to 43 in the parts together, and to 42 in the whole`},
		{"another duration", func(rows byUser, _ []Part) []Part {
			rows[ewa][0] = changed(rows[ewa][0], "time_sum", dur("29h59m59.999999s"))
			return rows.parts(fields)
		}, `the column "time_sum" comes to 31:23:59.999999 in the parts together, and to 31:24:00 in the whole`},
		{"another decimal", func(rows byUser, _ []Part) []Part {
			rows[ewa][1] = changed(rows[ewa][1], "gross", dec("1000000.050000000001"))
			return rows.parts(fields)
		}, `the column "gross" comes to 1000000.350000000001 in the parts together, and to 1000000.35 in the whole`},
		{"a value that is gone", func(rows byUser, _ []Part) []Part {
			rows[lucja][1] = changed(rows[lucja][1], "incoming", none)
			return rows.parts(fields)
		}, `1 of 2 parts have as many rows as the whole has with their key, and not the same ones: "Łucja"`},
		{"another percent, which has no sum", func(rows byUser, _ []Part) []Part {
			rows[ewa][0] = changed(rows[ewa][0], "level", pct(50.5))
			return rows.parts(fields)
		}, `1 of 2 parts have as many rows as the whole has with their key, and not the same ones: "Ewa"`},
		{"two values of a row in each other's columns", func(rows byUser, _ []Part) []Part {
			row := rows[ewa][0]
			rows[ewa][0] = changed(changed(row, "time_max", row[index(fields, "time_avg")]), "time_avg", row[index(fields, "time_max")])
			return rows.parts(fields)
		}, `1 of 2 parts have as many rows as the whole has with their key, and not the same ones: "Ewa"`},
		{"a missing part", func(rows byUser, _ []Part) []Part {
			delete(rows, ewa)
			return rows.parts(fields)
		}, `row 2 of the whole has the key "Ewa", and there is no such part`},
		{"an empty part, which takes nothing from anybody", func(_ byUser, parts []Part) []Part {
			return append(parts, Part{"Ola", FromValues(fields, nil)})
		}, ""},
		{"a part too many", func(rows byUser, parts []Part) []Part {
			return append(parts, Part{"Ola", FromValues(fields, [][]expr.Value{changed(rows[ewa][0], "user_name", txt("Ola"))})})
		}, `the part "Ola" has 1 row, and the whole has 0 with that key`},
		{"a key twice", func(_ byUser, parts []Part) []Part {
			return append(parts, parts[0])
		}, `two parts have the key "Ewa"`},
		{"other columns", func(_ byUser, parts []Part) []Part {
			parts[0].Table = steps(t, parts[0].Table, Select{Names: []string{"incoming", "user_name"}})
			return parts
		}, `the part "Ewa" has other columns than the whole`},
		{"a wrong length", func(_ byUser, parts []Part) []Part {
			parts[0].Table.n++
			return parts
		}, `the part "Ewa" has 2 rows, and says that it has 3`},
	} {
		rows := byUser{}
		for _, row := range all {
			rows[row[1].Str] = append(rows[row[1].Str], row)
		}
		parts := rows.parts(fields)
		if c.damage != nil {
			parts = c.damage(rows, parts)
		}
		got := ""
		if err := Proof(context.Background(), whole, "user_name", parts); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// Sums beyond what any type holds are compared all the same.
func TestProofAddsUpExactly(t *testing.T) {
	for seed, f := range everyType() {
		if !addable(f.Type) {
			continue
		}
		r := rand.New(rand.NewPCG(uint64(seed), 13))
		f.Total = Total{Kind: TotalSum}
		fields := []Field{{Name: "key", Type: expr.Integer}, f}
		rows := make([][]expr.Value, 500)
		for i := range rows {
			rows[i] = []expr.Value{num(r.Int64N(3)), random(r, f.Type)}
		}
		whole := FromValues(fields, rows)
		parts := split(t, whole, "key", Spool{})
		if err := Proof(context.Background(), whole, "key", parts); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		p := &proof{fields: fields, summed: []int{1}, whole: make([]grandTotal, 1), together: make([]grandTotal, 1)}
		for b := range whole.Rows().Seq {
			p.whole[0].add(&b.Cols[1])
			p.together[0].add(&b.Cols[1])
		}
		least := expr.Value{Type: f.Type, Valid: true, Int: 1, Float: 1e297, Dec: dec("0.0000000000000000001").Dec}
		v := NewVector(f, 1)
		v.Append(f, least)
		p.together[0].add(&v)
		if err := p.compareSums(); err == nil {
			t.Errorf("%s: the sums are the same with %s more", f.Name, plain(least))
		}
	}
}
