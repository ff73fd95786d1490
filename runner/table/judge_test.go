package table

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	_ "modernc.org/sqlite" // the judge

	"github.com/reportform/reportform/spec/expr"
)

// SQLite judges what steps make of random tables. Decimals stand there as thousandths and durations as microseconds, so
// that both sides are exact. Texts are small letters, whose order is the same everywhere.

// judge is a table here and in SQLite.
type judge struct {
	*testing.T
	in *Table
	db *sql.DB
}

var judged = []Field{
	{Name: "i", Type: expr.Integer}, {Name: "g", Type: expr.Text}, {Name: "h", Type: expr.Integer},
	{Name: "n", Type: expr.Integer, Total: Total{Kind: TotalSum}}, {Name: "x", Type: expr.Decimal, Total: Total{Kind: TotalSum}},
	{Name: "d", Type: expr.Duration, Total: Total{Kind: TotalSum}}, {Name: "level", Type: expr.Decimal, Total: Total{Kind: TotalWeighted, Weight: "w"}},
	{Name: "w", Type: expr.Integer, Total: Total{Kind: TotalSum}},
}

// newJudge makes a table of up to 200 rows; the first has none.
func newJudge(t *testing.T, seed uint64) *judge {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 21))
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	exec := func(query string, args ...any) {
		if _, err := tx.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE t (i INTEGER, g TEXT, h INTEGER, n INTEGER, x INTEGER, d INTEGER, level INTEGER, w INTEGER)")
	var rows [][]expr.Value
	for i := range r.IntN(200) * min(int(seed), 1) {
		row := []expr.Value{num(int64(i)), txt(string(rune('a' + r.IntN(4)))), num(r.Int64N(3)), num(r.Int64N(40) - 10),
			expr.DecimalValue(decimal.MustNew(r.Int64N(100_000)-20_000, r.IntN(4))), {Type: expr.Duration, Valid: true, Int: r.Int64N(1e10)},
			expr.DecimalValue(decimal.MustNew(r.Int64N(100_000), 3)), num(r.Int64N(20))}
		args := make([]any, len(row))
		for c := range row {
			if c > 0 && r.IntN(5) == 0 {
				row[c] = expr.Missing(row[c].Type)
			}
			switch text := cell(row[c]); text {
			case "-":
				args[c] = nil
			default:
				args[c] = text
			}
		}
		exec("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?)", args...)
		rows = append(rows, row)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return &judge{t, FromValues(judged, rows), db}
}

// cell is a value as SQLite has it.
func cell(v expr.Value) string {
	switch {
	case !v.Valid:
		return "-"
	case v.Type == expr.Decimal:
		f := exactly(v)
		return trimmed(f.Mul(f, exactly(num(1000))).FloatString(9))
	case v.Type == expr.Duration:
		return strconv.FormatInt(v.Int, 10)
	default:
		return expr.Plain(v)
	}
}

func trimmed(digits string) string {
	return strings.TrimSuffix(strings.TrimRight(digits, "0"), ".")
}

// agree compares what steps make of the table with what a query gives, row by row; figures that were divided within a
// billionth.
func (j *judge) agree(what, query string, ss ...Step) {
	j.Helper()
	out := steps(j.T, j.in, ss...)
	var got [][]string
	for b := range out.Rows().Seq {
		for i := range b.N {
			var row []string
			for c, f := range out.Fields() {
				if !f.Hidden {
					row = append(row, cell(b.Cols[c].Value(f, i)))
				}
			}
			got = append(got, row)
		}
	}
	want := j.query(query)
	if len(got) != len(want) {
		j.Fatalf("%s: %d rows, SQLite has %d", what, len(got), len(want))
	}
	for i := range got {
		for c := range got[i] {
			if a, b := got[i][c], want[i][c]; a != b && !close(a, b) {
				j.Errorf("%s: row %d, column %d: %s, SQLite has %s", what, i, c, a, b)
			}
		}
	}
}

func close(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && strings.ContainsAny(a+b, ".e") && math.Abs(x-y) <= 1e-9*math.Max(1, math.Abs(x))
}

func (j *judge) query(query string) (out [][]string) {
	j.Helper()
	rows, err := j.db.Query(query)
	if err != nil {
		j.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		j.Fatal(err)
	}
	for rows.Next() {
		cells, to := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := rows.Scan(to...); err != nil {
			j.Fatal(err)
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			if row[i] = c.String; !c.Valid {
				row[i] = "-"
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		j.Fatal(err)
	}
	return out
}

// judging runs a test on many random tables.
func judging(t *testing.T, f func(j *judge)) {
	t.Helper()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { f(newJudge(t, seed)) })
	}
}

func TestSQLiteAgreesOnGroups(t *testing.T) {
	judging(t, func(j *judge) {
		measures := []string{"a", "sum(n)", "b", "avg(n)", "c", "min(n)", "e", "max(n)", "f", "count(n)", "k", "count()", "l", "sum(x)", "m", "avg(x)", "o", "min(x)", "p", "sum(d)", "q", "max(d)", "r", "first(i)"}
		sums := "SUM(n), 1000 * AVG(n), MIN(n), MAX(n), COUNT(n), COUNT(*), SUM(x), AVG(x), MIN(x), SUM(d), MAX(d), MIN(i)"
		j.agree("group", "SELECT g, "+sums+" FROM t GROUP BY g ORDER BY MIN(i)", group(j.T, "g", measures...))
		j.agree("shares", "SELECT g, 1.0 * SUM(n) / SUM(h), 1.0 * SUM(w) / SUM(n) FROM t GROUP BY g ORDER BY MIN(i)", group(j.T, "g", "s", "ratio(sum(n), sum(h))", "r", "ratio(sum(w), sum(n))"))
		j.agree("group by two", "SELECT h, g, "+sums+" FROM t GROUP BY h, g ORDER BY MIN(i)", group(j.T, "h g", measures...))
		j.agree("group of all", "SELECT "+sums+" FROM t", group(j.T, "", measures...))
		j.agree("own rules", "SELECT x, SUM(n), SUM(d), 1.0 * SUM(level * w) / SUM(CASE WHEN level IS NOT NULL THEN w END), SUM(w) FROM t GROUP BY x ORDER BY MIN(i)", Group{By: []string{"x"}})
	})
}

func TestSQLiteAgreesOnRows(t *testing.T) {
	judging(t, func(j *judge) {
		j.agree("where", "SELECT * FROM t WHERE n > 3 AND g <> 'b' OR h = 1 ORDER BY i", Where{Cond: parse(j.T, `n > 3 and g != "b" or h == 1`)})
		j.agree("where not", "SELECT * FROM t WHERE NOT (n > 3) ORDER BY i", Where{Cond: parse(j.T, `not (n > 3)`)})
		j.agree("sort", "SELECT * FROM t ORDER BY g NULLS LAST, x DESC NULLS LAST, i", Sort{Keys: []SortKey{{Name: "g"}, {Name: "x", Desc: true}}})
		j.agree("limit", "SELECT * FROM t ORDER BY d NULLS LAST, i LIMIT 7", Sort{Keys: []SortKey{{Name: "d"}}}, Limit{N: 7})
		ranked := "WITH r AS (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC NULLS LAST, i) AS place FROM t) "
		top := Top{N: 5, By: []SortKey{{Name: "n", Desc: true}}}
		j.agree("top", ranked+"SELECT i, g, h, n, x, d, level, w FROM r WHERE place <= 5 ORDER BY place", top)
		top.Others = "others"
		j.agree("top with others", ranked+`SELECT g, n, x, d, 1.0 * level FROM r WHERE place <= 5 UNION ALL
			SELECT * FROM (SELECT 'others', SUM(n), SUM(x), SUM(d), 1.0 * SUM(level * w) / SUM(CASE WHEN level IS NOT NULL THEN w END) FROM r WHERE place > 5 HAVING COUNT(*) > 0)`,
			top, Select{Names: []string{"g", "n", "x", "d", "level"}})
	})
}

func TestSQLiteAgreesOnPivots(t *testing.T) {
	judging(t, func(j *judge) {
		var cells []string
		for _, of := range []string{"h = 2", "h = 0", "h = 1", "h IS NULL", "TRUE"} {
			cells = append(cells, fmt.Sprintf("SUM(CASE WHEN %[1]s THEN x END), 1.0 * SUM(CASE WHEN %[1]s THEN level * w END) / SUM(CASE WHEN %[1]s AND level IS NOT NULL THEN w END)", of))
		}
		pivot := Pivot{Rows: []string{"g"}, Column: "h", Keys: []string{"2", "0", "1", noneName}, Values: []string{"x", "level"}, Totals: true}
		j.agree("pivot", "SELECT g, "+strings.Join(cells, ", ")+" FROM t GROUP BY g ORDER BY MIN(i)", pivot)
		// Added up on, the cells come to those of coarser rows.
		pivot.Rows = []string{"g", "d"}
		j.agree("pivot, then group", "SELECT g, "+strings.Join(cells, ", ")+" FROM t GROUP BY g ORDER BY MIN(i)", pivot, Group{By: []string{"g"}})
		j.agree("counts", "SELECT g, COUNT(CASE WHEN h = 0 THEN n END), COUNT(CASE WHEN h = 1 THEN n END) FROM t WHERE h < 2 GROUP BY g ORDER BY MIN(i)",
			Where{Cond: parse(j.T, "h < 2")}, Pivot{Rows: []string{"g"}, Column: "h", Keys: []string{"0", "1"}, Measures: group(j.T, "", "n", "count(n)").Measures})
	})
}

func TestSQLiteAgreesOnPercentiles(t *testing.T) {
	judging(t, func(j *judge) {
		for _, rank := range []int{0, 50, 90, 99} {
			for _, column := range []string{"n", "x", "d"} {
				query := fmt.Sprintf(`WITH o AS (SELECT g, i, %[1]s AS v, ROW_NUMBER() OVER (PARTITION BY g ORDER BY %[1]s) - 1 AS r, COUNT(*) OVER (PARTITION BY g) - 1 AS c FROM t WHERE %[1]s IS NOT NULL)
					SELECT g, (SELECT SUM(CASE WHEN r = c * %[2]d / 100 THEN v * (100 - c * %[2]d %% 100) ELSE v * (c * %[2]d %% 100) END) / 100.0 FROM o
						WHERE o.g IS t.g AND (r = c * %[2]d / 100 OR r = c * %[2]d / 100 + 1)) FROM t GROUP BY g ORDER BY MIN(i)`, column, rank)
				if column == "n" {
					query = strings.Replace(query, "/ 100.0", "* 10.0", 1) // a decimal, in thousandths
				}
				if column == "d" {
					query = strings.Replace(query, "SELECT SUM", "SELECT ROUND(SUM", 1)
					query = strings.Replace(query, "/ 100.0", "/ 100.0)", 1)
				}
				j.agree(fmt.Sprint("p", rank, " of ", column), query, group(j.T, "g", "p", fmt.Sprintf("percentile(%s, %d)", column, rank)))
			}
		}
	})
}
