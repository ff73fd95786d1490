package outputs

import "github.com/reportform/reportform/runner/table"

// ChartType is how a chart draws its series.
type ChartType string

// The kinds of charts. In all but pie and doughnut, Y2 are drawn as lines against a second axis at the right.
const (
	ChartLine          ChartType = "line"
	ChartColumn        ChartType = "column"
	ChartBar           ChartType = "bar" // lying columns, the first row at the top
	ChartArea          ChartType = "area"
	ChartStackedColumn ChartType = "stacked_column"
	ChartStackedBar    ChartType = "stacked_bar"
	ChartStackedArea   ChartType = "stacked_area"
	ChartPie           ChartType = "pie"
	ChartDoughnut      ChartType = "doughnut"
	ChartCombo         ChartType = "combo" // Y as columns, Y2 as lines
)

// Round reports whether the chart shows shares of one series.
func (t ChartType) Round() bool { return t == ChartPie || t == ChartDoughnut }

// Lying reports whether values run from left to right.
func (t ChartType) Lying() bool { return t == ChartBar || t == ChartStackedBar }

// Stacked reports whether series stand upon each other.
func (t ChartType) Stacked() bool {
	return t == ChartStackedColumn || t == ChartStackedBar || t == ChartStackedArea
}

// Chart draws columns of a dataset against another one of its columns.
type Chart struct {
	Dataset string
	Table   *table.Table
	Type    ChartType
	Title   string
	// X is the key of the column that names the points.
	X string
	// Y are the columns drawn, in order; a pie and a doughnut have one. Y2 stand against a second axis.
	Y, Y2 []TableColumn
	// Height in CSS pixels (1/96 inch); 0 means ChartHeight.
	Height int
	// Half: where there is room, the chart takes half of the width, so that two stand side by side.
	Half bool
}

// ChartHeight is how high a chart is whose block does not say, in CSS pixels.
const ChartHeight = 280

// MostPoints is how many points of a dataset a chart shows; more cannot be told apart, and are refused.
const MostPoints = 2000

func (Chart) block() {}
