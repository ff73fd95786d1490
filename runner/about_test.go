package runner

import (
	"reflect"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// TestChosenRows tells readers the lists, texts and names that a dataset was asked for, and not how it counts.
func TestChosenRows(t *testing.T) {
	parameter := func(name string) *spec.Parameter { return &spec.Parameter{Name: name} }
	req := source.Request{
		Each: &source.Each{
			Parameter: parameter("chat_queue_ids"), Field: table.Field{Name: "queue"},
			Values: []source.EachValue{{Value: expr.IntegerValue(1), Label: "Sales"}, {Value: expr.IntegerValue(3), Label: "Orders"}},
		},
		Arguments: []source.Argument{
			{Parameter: parameter("logins"), Value: expr.ListValue(expr.TextValue("anna"), expr.TextValue("jan"))},
			{Parameter: parameter("status"), Value: expr.TextValue("open")},
			{Parameter: parameter("response_threshold"), Value: expr.IntegerValue(30)},
			{Parameter: parameter("sum_users"), Value: expr.BooleanValue(true)},
		},
	}
	dataset := &spec.Dataset{Each: &spec.Values{Parameter: req.Each.Parameter}}
	got := (&scope{}).originOf(dataset, req, 7)
	want := []outputs.AboutFilter{
		{Label: "Queue", Values: []string{"Sales", "Orders"}}, {Label: "Logins", Values: []string{"anna", "jan"}}, {Label: "Status", Values: []string{"open"}},
	}
	if !reflect.DeepEqual(got.chosen, want) {
		t.Errorf("chosen %+v, want %+v", got.chosen, want)
	}
	if want := []string{"for_each: chat_queue_ids", "logins: anna, jan", "status: open", "response_threshold: 30", "sum_users: true"}; !reflect.DeepEqual(got.filters, want) {
		t.Errorf("filters %q", got.filters)
	}
}
