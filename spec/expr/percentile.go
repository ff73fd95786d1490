package expr

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/govalues/decimal"
)

const percentileDoc = "exact, over all values that are not missing, between two of them in proportion, as percentile_cont of SQL and PERCENTILE.INC of Excel have it. As a measure it has no total: percentiles do not add up."

// percentiles are aggregates whose rank is in their name, and the one that takes any rank: whoever computes aggregates is
// asked for "p" and the rank by both.
var percentiles = []*function{
	{name: "p50", signature: "p50(dataset.column)", doc: "The median, below which half of a column's values lie: " + percentileDoc, params: []set{figures | types(Duration)}},
	{name: "p90", signature: "p90(dataset.column)", doc: "The 90th percentile, below which nine tenths of a column's values lie: " + percentileDoc, params: []set{figures | types(Duration)}},
	{name: "p95", signature: "p95(dataset.column)", doc: "The 95th percentile: " + percentileDoc, params: []set{figures | types(Duration)}},
	{name: "p99", signature: "p99(dataset.column)", doc: "The 99th percentile: " + percentileDoc, params: []set{figures | types(Duration)}},
	{name: "percentile", signature: "percentile(dataset.column, 90)", doc: "A percentile of any rank from 0 to 100: " + percentileDoc,
		params: []set{figures | types(Duration), numbers}},
}

// rankPlaces is how many digits a rank has behind the point at most: a hundred million rows have no use for more.
const rankPlaces = 6

// aggregateName is the word by which an aggregate function is asked for.
func (c *compiler) aggregateName(f *function, args []ast.Node) (string, *Fault) {
	if f.name != "percentile" {
		return f.name, nil
	}
	x, fault := c.node(args[1])
	if fault != nil {
		return "", fault
	}
	rank, ok := x.(*literal)
	if !ok || !rank.v.Valid || !numbers.has(rank.v.Type) {
		return "", x.at().fault(wrongArguments, "The rank is a number from 0 to 100, known before there are rows: write %s.", f.signature)
	}
	d, _ := Convert(rank.v, Decimal)
	hundred := decimal.MustNew(100, 0)
	if d.Dec = d.Dec.Trim(0); d.Dec.IsNeg() || d.Dec.Cmp(hundred) > 0 || d.Dec.Scale() > rankPlaces {
		return "", x.at().fault(badValue, "%s is no rank of a percentile: it is a number from 0 to 100, with six digits behind the point at most. For the value below which 90 of 100 lie write 90.", Plain(d))
	}
	return "p" + Plain(d), nil
}

// ofAverages doubts percentiles of averages: they are percentiles, but not those of what was averaged.
func (n *aggregate) ofAverages(names Names) *Fault {
	if n.arg == nil || !slices.Contains(percentiles, n.f) {
		return nil
	}
	found, _, f := n.arg.resolve(names)
	if f != nil || !found.Recomputed {
		return nil //nolint:nilerr // check has told it
	}
	return n.fault(averaged, "The rows of %s are averages or shares: this is the percentile of those, each of which counts once, and not that of what they were made of. Ask a source that gives single values, or compare with total(%s).", n.arg, n.arg)
}
