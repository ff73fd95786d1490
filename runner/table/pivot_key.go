package table

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// pivotKey is a value of the pivot's column as the name and the label of new columns. Names are the same in every
// locale, labels are what readers see.
type pivotKey struct{ name, label string }

// noneName is the key of rows without a value.
const noneName = "(none)"

// totalName is the key of the totals of all.
const totalName = "total"

func totalLabel(locale string) string {
	if locale == "pl" {
		return "Razem"
	}
	return "Total"
}

func keyFor(f Field, v expr.Value, locale string) pivotKey {
	if strings.TrimSpace(expr.Plain(v)) == "" {
		if locale == "pl" {
			return pivotKey{noneName, "(brak)"}
		}
		return pivotKey{noneName, noneName}
	}
	k := pivotKey{name: expr.Plain(v)}
	switch {
	case f.Type == expr.Period:
		k.name = periodName(v, f.Grain)
		k.label = expr.DisplayPeriod(v, f.Grain, locale)
		if f.Format != "" {
			k.label = expr.Display(v, f.Format, locale)
		}
	case f.Type == expr.Integer && f.Format == "":
		k.label = k.name // most are ids, or hours of a day
	default:
		k.label = expr.Display(v, f.Format, locale)
	}
	// What a NUL is in belongs to us.
	k.name = strings.ReplaceAll(k.name, "\x00", "\ufffd")
	return k
}

// periodNames are the layouts of time buckets by grain; other grains are days.
var periodNames = map[string]string{
	"minute": "2006-01-02 15:04", "hour": "2006-01-02 15:04", "hour_of_day": "15:04", "month": "2006-01", "year": "2006",
}

// periodName names a time bucket, the same in every locale: 2026-11-09, 2026-W46, 2026-11, 13:00.
func periodName(v expr.Value, grain string) string {
	if v.Int == expr.NoTime {
		return v.Str
	}
	if grain == "week" {
		if week, ok := expr.Week(v.Int); ok {
			return week
		}
	}
	layout := periodNames[grain]
	if layout == "" {
		layout = time.DateOnly
	}
	return expr.FromCivil(v.Int).Format(layout)
}

// declaredKeys are the keys that were declared; the fault is of one that no value of the column can have.
func (p *pivotPlan) declaredKeys() ([]pivotKey, error) {
	f := p.in[p.col]
	keys := make([]pivotKey, len(p.Keys))
	for i, name := range p.Keys {
		part := "columns." + strconv.Itoa(i)
		v, ok := valueNamed(f.Type, name)
		if !ok {
			return nil, &Fault{Part: part, Code: "wrong-type", Summary: "Wrong type",
				Detail: fmt.Sprintf("The column %q is of type %s and never has the value %q.", f.Name, expr.TypeName(f.Type), name)}
		}
		keys[i] = pivotKey{name, name}
		if f.Type != expr.Period && f.Type != expr.Any {
			keys[i] = keyFor(f, v, p.Locale)
		}
		if slices.Index(p.Keys, name) < i {
			return nil, duplicate(part, name)
		}
	}
	return keys, nil
}

// valueNamed returns the value of type t that has a name; a period's is not worked out.
func valueNamed(t expr.Type, name string) (expr.Value, bool) {
	if name == noneName {
		return expr.Missing(t), true
	}
	switch t {
	case expr.Integer:
		i, err := strconv.ParseInt(name, 10, 64)
		return expr.IntegerValue(i), err == nil && strconv.FormatInt(i, 10) == name
	case expr.Boolean:
		return expr.BooleanValue(name == "true"), name == "true" || name == "false"
	case expr.Date:
		day, err := time.Parse(time.DateOnly, name)
		return expr.DateValue(day), err == nil
	default:
		return expr.TextValue(name), true
	}
}

// foundKeys returns the keys of the values that were found, in order, and the place in that order of each of them.
func (p *pivotPlan) foundKeys(found *groupKeys) ([]pivotKey, []int, error) {
	f := found.fields[0]
	m := newKeyMaker([]keyColumn{{0, f.Type, false}}, p.Locale)
	order, sortKeys, all := make([]int, found.batch.N), make([][]byte, found.batch.N), make([]pivotKey, found.batch.N)
	for i := range order {
		order[i], sortKeys[i] = i, m.append(nil, &found.batch, i)
		all[i] = keyFor(f, found.value(0, i), p.Locale)
	}
	slices.SortStableFunc(order, func(a, b int) int { return bytes.Compare(sortKeys[a], sortKeys[b]) })
	keys, at := make([]pivotKey, len(order)), make([]int, len(order))
	shown := map[string]string{}
	for place, i := range order {
		k := all[i]
		keys[place], at[i] = k, place
		if other, ok := shown[alike(k.label)]; ok {
			return nil, nil, keysAlike(f.Name, other, k.name)
		}
		shown[alike(k.label)] = k.name
	}
	if p.Keys == nil {
		return keys, at, nil
	}
	return p.placed(keys, at)
}

// placed puts the keys that were found where the declared ones have their places.
func (p *pivotPlan) placed(found []pivotKey, at []int) ([]pivotKey, []int, error) {
	declared, err := p.declaredKeys()
	if err != nil {
		return nil, nil, err
	}
	var others []string
	for i, k := range at {
		name := found[k].name
		if at[i] = slices.Index(p.Keys, name); at[i] < 0 {
			others = append(others, name)
		} else {
			declared[at[i]] = found[k]
		}
	}
	if len(others) > 0 {
		return nil, nil, undeclaredKeys(p.Column, others)
	}
	return declared, at, nil
}

// undeclaredKeys says which values would be lost.
func undeclaredKeys(column string, others []string) *Fault {
	const most = 10
	slices.Sort(others)
	listed := quoted(others[:min(most, len(others))])
	if n := len(others) - most; n > 0 {
		listed += fmt.Sprintf(" and %d more", n)
	}
	return &Fault{Part: "columns", Code: "undeclared-value", Summary: "Value without a column",
		Detail: fmt.Sprintf("The column %q has values that are not declared: %s. Their rows would be lost. Add them, or leave their rows out by a where step before the pivot.", column, listed)}
}

func keysAlike(column, a, b string) *Fault {
	f := &Fault{Part: "columns", Code: "columns-alike", Summary: "Two columns look alike"}
	if a == noneName || b == noneName {
		f.Detail = fmt.Sprintf("The column %[1]q has missing values and others that are shown alike, and each would be a column. Give one of them a name, for example:\n\n    - derive: {%[1]q: 'coalesce(row[%[1]q], \"unknown\")'}", column)
		return f
	}
	f.Detail = fmt.Sprintf("The column %[1]q has the values %[2]q and %[3]q, which are shown alike, and each would be a column. Write them alike by a derive step before the pivot, for example:\n\n    - derive: {%[1]q: 'lower(trim(text(row[%[1]q])))'}", column, a, b)
	return f
}
