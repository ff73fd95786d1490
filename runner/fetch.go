package runner

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// fetch asks for a dataset's rows and transforms them.
func (r *Runner) fetch(ctx context.Context, s *scope, d *spec.Dataset) (*table.Table, *diag.Diagnostic, error) {
	place := place{subject: d.Range, context: fmt.Sprintf("report %q > datasets > %s", s.report.Address, d.Name)}
	req, problem := r.request(s, d, place)
	if problem != nil {
		return nil, problem, nil
	}
	rows, err := r.Client.Fetch(ctx, req)
	if err != nil {
		return nil, place.sourceProblem(ctx, err), ctx.Err()
	}
	if len(d.Transform) == 0 {
		return rows, nil, nil
	}
	defer rows.Close()
	out, problem, err := transform(ctx, s, d, rows, req.Spool)
	if err != nil && ctx.Err() == nil {
		problem, err = place.problem("transform", "Rows cannot be transformed", sentence(err)), nil
	}
	return out, problem, err
}

// transform sends rows through the dataset's steps. What is wrong with a value is told at the step that met it.
func transform(ctx context.Context, s *scope, d *spec.Dataset, rows *table.Table, spool table.Spool) (*table.Table, *diag.Diagnostic, error) {
	stream := rows.Rows()
	for _, step := range d.Transform {
		stream = told(table.Bind(step.Step, spool, s).Apply(ctx, stream), step)
	}
	out, err := table.Collect(ctx, stream, spool)
	var problem *stepProblem
	if errors.As(err, &problem) {
		return nil, &problem.Diagnostic, nil
	}
	return out, nil, err
}

// stepProblem is a fault of a step with its place.
type stepProblem struct{ diag.Diagnostic }

func (p *stepProblem) Error() string { return p.Detail }

// told gives the faults of a step their place; those of earlier steps have theirs.
func told(rows table.Rows, step spec.Step) table.Rows {
	return table.Rows{Fields: rows.Fields, Seq: func(yield func(*table.Batch, error) bool) {
		for b, err := range rows.Seq {
			var fault *table.Fault
			var known *stepProblem
			if errors.As(err, &fault) && !errors.As(err, &known) {
				err = &stepProblem{step.Diagnose(fault)}
			}
			if !yield(b, err) {
				return
			}
		}
	}}
}

// request puts together what the source engine needs to know of a dataset.
func (r *Runner) request(s *scope, d *spec.Dataset, at place) (source.Request, *diag.Diagnostic) {
	req := source.Request{
		Connection: d.Connection.Name, Kind: d.Connection.Type,
		Zone: d.Connection.API.Timezone, ReportZone: s.location(), Transport: d.Connection.API.Transport,
		Source: d.Source, Columns: d.Columns, Grain: d.Grain, Range: s.rng,
		Locale: r.Config.Settings.Locale, Spool: table.Spool{Dir: r.Dir},
		Report: s.report.Address, Dataset: d.Name,
	}
	if d.Window != nil {
		rng, err := d.Window.Resolve(r.At, s.report.Calendar)
		if errors.Is(err, calendar.ErrNothing) {
			return req, at.problem("empty-range", "Range has no complete day yet",
				fmt.Sprintf("The dataset's range %q has no complete day at the run's moment.", d.Window.Text))
		}
		if err != nil {
			return req, at.problem("bad-range", "Range cannot be computed", sentence(err))
		}
		req.Range = rng
	}
	for _, f := range d.Filters {
		v, problem := f.Value.Eval(s)
		if problem != nil {
			return req, problem
		}
		if v.Valid {
			req.Arguments = append(req.Arguments, source.Argument{Parameter: f.Parameter, Value: v})
		}
	}
	return req, r.endpoint(d.Connection, &req)
}

// endpoint fills in where a connection is and who asks, which is known only now: secrets come last.
func (r *Runner) endpoint(c *spec.Connection, req *source.Request) *diag.Diagnostic {
	if c.Type == "demo" {
		return nil
	}
	s := &scope{r: r}
	at := place{subject: c.Range, context: "connections > " + c.Name}
	var problem *diag.Diagnostic
	text := func(t *spec.Template) (v string) {
		if problem == nil {
			v, problem = t.Str(s)
		}
		return v
	}
	secret := func(t *spec.Template) (v expr.Secret) {
		if problem == nil {
			v, problem = r.secret(s, t)
		}
		return v
	}
	api := c.API
	req.BaseURL, req.Proxy = text(api.BaseURL), text(api.Transport.Proxy)
	if a := api.Auth; a != nil {
		req.Username, req.Password, req.Bearer = text(a.Username), secret(a.Password), secret(a.Bearer)
	}
	req.Headers = map[string]string{}
	for _, h := range api.Headers {
		req.Headers[h.Name] = text(h.Value)
	}
	if problem != nil {
		return problem
	}
	u, err := url.Parse(req.BaseURL)
	if err != nil || u.Hostname() == "" {
		return at.problem("bad-url", "Base URL is not a URL", fmt.Sprintf("The base URL of connection %q must be a whole URL, such as https://api.example.com/v2.", c.Name))
	}
	if !r.Policy.AllowsHost(u.Hostname()) {
		return at.problem("policy-host", "Host is not allowed", fmt.Sprintf("The policy does not let definitions ask the host %q.", u.Hostname()))
	}
	if api.Transport.CAFile != "" {
		req.CAs, err = readBeneath(r.Root, api.Transport.CAFile, 1<<20)
		if err != nil {
			return at.problem("unreadable-file", "File cannot be read", fmt.Sprintf("The ca_file %q cannot be read: %v.", api.Transport.CAFile, err))
		}
	}
	return nil
}

// secret evaluates a field that takes a secret, and tells the streams to hide it.
func (r *Runner) secret(s *scope, t *spec.Template) (expr.Secret, *diag.Diagnostic) {
	v, problem := t.Str(s)
	if problem != nil || v == "" {
		return expr.Secret{}, problem
	}
	r.Secret(v)
	return expr.NewSecret(v), nil
}

// place is where a problem of a run belongs in the configuration.
type place struct {
	subject diag.Range
	context string
}

func (p place) problem(code, summary, detail string) *diag.Diagnostic {
	return &diag.Diagnostic{Code: code, Summary: summary, Detail: detail, Subject: p.subject, Context: p.context}
}

// sourceProblem says in a diagnostic what a request ended in. A run that was stopped has none.
func (p place) sourceProblem(ctx context.Context, err error) *diag.Diagnostic {
	if ctx.Err() != nil {
		return nil
	}
	var e *source.Error
	if errors.As(err, &e) {
		return p.problem(e.Diagnose())
	}
	return p.problem("fetch", "Rows cannot be fetched", sentence(err))
}
