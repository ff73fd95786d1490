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

// fetch asks for a dataset's rows and transforms them. Others are the tables of the datasets that it needs, by name.
func (r *Runner) fetch(ctx context.Context, s *scope, d *spec.Dataset, others map[string]*table.Table) (*table.Table, diag.List, error) {
	at := place{subject: d.Range, context: fmt.Sprintf("report %q > datasets > %s", s.report.Address, d.Name)}
	asking := s.asking(d)
	rng, problem := s.window(asking, at)
	if problem != nil {
		return nil, diag.List{*problem}, nil
	}
	if d.From != "" {
		return r.transformed(ctx, s.of(asking, rng, others), d, others[d.From].Share(), at)
	}
	if d.Compare != nil {
		return r.compare(ctx, s, d, rng, others, at)
	}
	rows, o, problems, err := r.asked(ctx, s, d, rng, others, at)
	if rows != nil {
		s.origins.note(d.Name, o)
		problems = append(problems, o.warnings(d, at)...)
	}
	return rows, problems, err
}

// window is the range that a dataset's rows are of: the report's, or its own.
func (s *scope) window(d *spec.Dataset, at place) (calendar.Range, *diag.Diagnostic) {
	if d.Window == nil {
		return s.rng, nil
	}
	rng, err := d.Window.Resolve(s.at, s.report.Calendar)
	switch {
	case errors.Is(err, calendar.ErrNothing):
		return rng, at.problem("empty-range", "Range has no complete day yet",
			fmt.Sprintf("The dataset's range %q has no complete day at the run's moment.", d.Window.Text))
	case err != nil:
		return rng, at.problem("bad-range", "Range cannot be computed", sentence(err))
	}
	return rng, nil
}

// asked asks the source for a dataset's rows of a range, and transforms them.
func (r *Runner) asked(ctx context.Context, s *scope, d *spec.Dataset, rng calendar.Range, others map[string]*table.Table, at place) (*table.Table, origin, diag.List, error) {
	req, problems := r.request(s, d, rng)
	each, wrong, err := values(s, d, others)
	if wrong != nil {
		problems.Add(*wrong)
	}
	if len(problems) > 0 || err != nil {
		return nil, origin{}, problems, err
	}
	req.Each = each
	if each != nil && len(each.Values)*len(req.Slices) > mostSlices {
		return nil, origin{}, diag.List{*at.problem("too-many-requests", "Too many requests", fmt.Sprintf(
			"%d values in %d slices each make more than %d requests. Make the slices longer, or ask for fewer values.", len(each.Values), len(req.Slices), mostSlices))}, nil
	}
	rows, err := r.Client.Fetch(ctx, req)
	if err != nil {
		return nil, origin{}, sourceProblem(ctx, d, at, err), ctx.Err()
	}
	o := s.originOf(d, req, rows.Len())
	o.absent, o.quoted = s.absent(d, rng, rows), rows.Quoted
	out, problems, err := r.transformed(ctx, s.of(d, rng, others), d, rows, at)
	return out, o, problems, err
}

// transformed sends a dataset's rows through its steps, and closes them.
func (r *Runner) transformed(ctx context.Context, env *ranged, d *spec.Dataset, rows *table.Table, at place) (*table.Table, diag.List, error) {
	if len(d.Transform) == 0 {
		return rows, nil, nil
	}
	defer rows.Close()
	out, err := transform(ctx, env, d, rows, r.spool())
	var problem *stepProblem
	switch {
	case errors.As(err, &problem):
		return nil, diag.List{problem.Diagnostic}, nil
	case err != nil && ctx.Err() == nil:
		return nil, diag.List{*at.problem("transform", "Rows cannot be transformed", sentence(err))}, nil
	}
	return out, nil, err
}

func (r *Runner) spool() table.Spool { return table.Spool{Dir: r.Dir} }

// transform sends rows through the dataset's steps. What is wrong with a value is told at the step that met it.
func transform(ctx context.Context, env expr.Env, d *spec.Dataset, rows *table.Table, spool table.Spool) (*table.Table, error) {
	stream := rows.Rows()
	for _, step := range d.Transform {
		out := table.Bind(step.Step, spool, env).Apply(ctx, stream)
		stream = told(out, step)
		if out.Failed {
			break // the steps behind it would only miss its columns
		}
	}
	return table.Collect(ctx, stream, spool)
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
func (r *Runner) request(s *scope, d *spec.Dataset, rng calendar.Range) (source.Request, diag.List) {
	req := source.Request{
		Connection: d.Connection.Name, Kind: d.Connection.Type,
		Zone: d.Connection.API.Timezone, ReportZone: s.location(), Transport: d.Connection.API.Transport,
		Source: d.Source, Columns: d.SourceColumns(), Grain: d.Grain, Range: rng,
		Locale: r.Config.Settings.Locale, Spool: r.spool(),
		Report: s.report.Address, Dataset: d.Name,
	}
	if s.earlier {
		req.Dataset += " (" + rng.Key() + ")" // two fetches of one name would be taken for one
	}
	var problems diag.List
	if !d.Slice.IsZero() {
		var problem *diag.Diagnostic
		if req.Slices, problem = slicesOf(s, d, rng); problem != nil {
			problems.Add(*problem)
		}
	}
	for _, f := range d.Filters {
		v, problem := f.Value.Eval(s)
		switch {
		case problem != nil:
			problems.Add(*problem)
		case v.Valid:
			req.Arguments = append(req.Arguments, source.Argument{Parameter: f.Parameter, Value: v})
		}
	}
	switch {
	case d.Connection.Type == "demo":
	case r.Recorded:
		problems.Extend(r.recordedEndpoint(d.Connection, &req))
	default:
		problems.Extend(r.endpoint(d.Connection, &req))
	}
	return req, problems
}

// endpoint fills in where a connection is and who asks, which is known only now: secrets come last.
// All that is missing is told at once.
func (r *Runner) endpoint(c *spec.Connection, req *source.Request) diag.List {
	s := &scope{r: r}
	at := connectionPlace(c)
	e := &evaluation{scope: s}
	text, secret := e.text, e.secret
	api := c.API
	req.BaseURL, req.Proxy = text(api.BaseURL), text(api.Transport.Proxy)
	if v, _ := api.BaseURL.Eval(s); v.Sensitive {
		req.RecordedAs = recordedHost(c)
	}
	if a := api.Auth; a != nil {
		req.Username, req.Password, req.Bearer = text(a.Username), secret(a.Password), secret(a.Bearer)
		r.Secret(req.Username + ":" + req.Password.Reveal()) // as HTTP Basic writes them, in base64
		if a.Header != nil {
			req.HeaderAuth = source.Credential{Name: a.Header.Name, Value: secret(a.Header.Value)}
		}
		if a.Query != nil {
			req.QueryAuth = source.Credential{Name: a.Query.Name, Value: secret(a.Query.Value)}
		}
		if o := a.OAuth2; o != nil {
			grant, unknown := r.grant(s, o, c)
			req.OAuth2 = grant
			e.problems.Extend(unknown)
		}
		req.Secret = r.Secret
	}
	if c := api.Certificate; c != nil {
		req.Certificate, req.CertificateKey = []byte(text(c.Cert)), secret(c.Key)
	}
	req.Headers = map[string]string{}
	for _, h := range api.Headers {
		req.Headers[h.Name] = text(h.Value)
		if v, _ := h.Value.Eval(s); v.Sensitive {
			r.Secret(req.Headers[h.Name])
		}
	}
	if len(e.problems) > 0 {
		return e.problems
	}
	u, err := url.Parse(req.BaseURL)
	if err != nil || u.Hostname() == "" {
		return diag.List{*at.problem("bad-url", "Base URL is not a URL",
			fmt.Sprintf("The base URL of connection %q must be a whole URL, such as https://api.example.com/v2.", c.Name))}
	}
	if !r.Policy.AllowsHost(u.Hostname()) {
		e.problems.Add(*at.problem("policy-host", "Host is not allowed", fmt.Sprintf("The policy does not let definitions ask the host %q.", u.Hostname())))
	}
	if proxy, err := url.Parse(req.Proxy); err != nil || req.Proxy != "" && proxy.Hostname() == "" {
		e.problems.Add(*at.problem("bad-url", "Proxy is not a URL", fmt.Sprintf("The proxy of connection %q must be a whole URL, such as http://proxy.example.com:3128.", c.Name)))
	} else if req.Proxy != "" && !r.Policy.AllowsHost(proxy.Hostname()) {
		// A proxy sees who asks, and with a ca_file of its own what is asked, too.
		e.problems.Add(*at.problem("policy-host", "Host is not allowed", fmt.Sprintf("The policy does not let definitions ask through the proxy %q.", proxy.Hostname())))
	}
	file := func(key, name string) []byte {
		data, err := readBeneath(r.Root, name, 1<<20)
		if err != nil {
			e.problems.Add(*at.problem("unreadable-file", "File cannot be read", fmt.Sprintf("The %s %q cannot be read: %v.", key, name, err)))
		}
		return data
	}
	if name := api.Transport.CAFile; name != "" {
		req.CAs = file("ca_file", name)
	}
	if c := api.Certificate; c != nil && c.CertFile != "" {
		req.Certificate = file("client_certificate", c.CertFile)
	}
	if c := api.Certificate; c != nil && c.KeyFile != "" {
		key := string(file("client_certificate's key", c.KeyFile))
		r.Secret(key)
		req.CertificateKey = expr.NewSecret(key)
	}
	return e.problems
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

func connectionPlace(c *spec.Connection) place {
	return place{subject: c.Range, context: "connections > " + c.Name}
}

// sourceProblem says in a diagnostic what a request ended in. A run that was stopped has none.
func sourceProblem(ctx context.Context, d *spec.Dataset, at place, err error) diag.List {
	if ctx.Err() != nil {
		return nil
	}
	var e *source.Error
	if !errors.As(err, &e) {
		return diag.List{*at.problem("fetch", "Rows cannot be fetched", sentence(err))}
	}
	if e.OfConnection() {
		at = connectionPlace(d.Connection) // once for all datasets that ask it
	}
	return diag.List{*at.problem(e.Diagnose())}
}
