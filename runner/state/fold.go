package state

import (
	"maps"
	"slices"
)

// Fold reads records to their sum. An intended record without an outcome is in doubt:
// the runner may have died after the message was handed over. (Whoever still holds the key is told apart by Held.)
//
// An outcome belongs to the run that intended it. A run that was stopped for longer than its claim stood may wake and
// write after another has taken over: whom it served is served all the same, but that it failed says nothing of the
// other's delivery, and it gives back no claim but its own.
//
// What is known is known of each recipient, and who was served stays so until the key is forgotten or wanted again.
func Fold(records []Record, rehearsal bool) Status {
	f := folding{}
	for i := range records {
		r := &records[i]
		held := f.Claim != nil && f.Claim.By == r.By
		switch r.Kind {
		case Claimed:
			f.claim(r, held)
			continue
		case Intended:
			f.Returned = false
		case Forgotten, Resend: // the user's word; it is taken only while nobody holds the key
			f.Claim = nil
		default:
			if held || r.By == "" {
				f.Claim = nil
			}
		}
		if r.Kind == Forgotten {
			f = folding{Status: Status{Attempts: f.Attempts}}
			continue
		}
		if r.Rehearsal != rehearsal {
			continue
		}
		switch r.Kind {
		case Intended:
			f.intend(r)
		case Delivered, Failed, InDoubt:
			f.outcome(r)
		case Skipped:
			if held {
				f.Kind, f.Record = Skipped, *r
			}
		case Resend:
			f.change(Reply.doubtful, Reply{Temporary: true})
			f.Kind, f.Record = "", *r
		case Parts:
			f.Parts, f.Column = r.Parts, r.Column
		}
	}
	f.Seq = len(records)
	return f.Status
}

// folding is a Fold under way.
type folding struct {
	Status
	// intender wrote the last intended record.
	intender string
	// given tells whom that record handed the message to, by their place in Recipients.
	given []bool
	// runs intended something since the key was last wanted again; past ones did so before, and what they still say is
	// of another delivery.
	runs, past map[string]bool
}

// claim takes over, prolongs or, where it ends as soon as it begins, gives back.
func (f *folding) claim(r *Record, held bool) {
	switch {
	case r.Until == nil || r.Until.After(r.At):
		f.Claim, f.Returned = r, false
	case held:
		f.Claim, f.Returned = nil, true
	}
}

func (f *folding) intend(r *Record) {
	if r.Again {
		f.Recipients, f.Replies, f.Causes = nil, nil, nil
		if f.past == nil {
			f.past = map[string]bool{}
		}
		maps.Copy(f.past, f.runs)
		f.runs = nil
	}
	if f.runs == nil {
		f.runs = map[string]bool{}
	}
	f.runs[r.By] = true
	delete(f.past, r.By)

	f.Attempts++
	f.Last, f.intender = r, r.By
	f.Kind, f.Record = InDoubt, *r
	f.freeze(r)
	listed, told := f.said(r)
	f.given = make([]bool, len(f.Recipients))
	for i := range f.Replies {
		if f.Replies[i].served() || !listed[i] {
			continue
		}
		f.Replies[i] = Reply{Temporary: true}
		if told[i] != nil {
			f.Replies[i] = *told[i]
		}
		if f.Replies[i].open() {
			f.given[i], f.Replies[i] = true, Reply{InDoubt: true}
		}
	}
	if len(f.Recipients) > 0 {
		f.Kind = f.sum()
	}
}

// freeze takes the recipients of a first attempt. A later one is for the same, unless all of them were refused for
// good, or it names others: programs before this one did not freeze them.
func (f *folding) freeze(r *Record) {
	closed := !slices.ContainsFunc(f.Replies, func(r Reply) bool { return !r.refused() })
	stranger := slices.ContainsFunc(r.Recipients, func(d string) bool { return !slices.Contains(f.Recipients, d) })
	if len(r.Recipients) == 0 || !closed && !stranger {
		return
	}
	served := f.of(Reply.served)
	f.Recipients, f.Replies = r.Recipients, make([]Reply, len(r.Recipients))
	for i, d := range f.Recipients {
		has := slices.Contains(served, d)
		f.Replies[i] = Reply{Accepted: has, Temporary: !has}
	}
}

// said returns who of Recipients a record is about, and what it tells of each; nil where it tells nothing.
func (f *folding) said(r *Record) (listed []bool, told []*Reply) {
	listed, told = make([]bool, len(f.Recipients)), make([]*Reply, len(f.Recipients))
	about := r.Recipients
	if len(about) == 0 {
		about = f.Recipients
	}
	for i, d := range f.Recipients {
		at := slices.Index(about, d)
		listed[i] = at >= 0
		if listed[i] && at < len(r.Replies) {
			told[i] = &r.Replies[at]
		}
	}
	return listed, told
}

// outcome reads what became of an attempt.
func (f *folding) outcome(r *Record) {
	if f.past[r.By] {
		return
	}
	if r.Kind == Delivered {
		for _, cause := range r.Causes {
			if !slices.Contains(f.Causes, cause) {
				f.Causes = append(f.Causes, cause)
			}
		}
	}
	own := r.By == f.intender && f.Kind == InDoubt
	switch {
	case len(f.Recipients) == 0: // a file, or what was sent by hand: it has arrived as a whole or not at all
		if own || r.Kind == Delivered {
			f.Kind, f.Record = r.Kind, *r
		}
	case r.Resolved:
		f.change(Reply.doubtful, Reply{Accepted: true})
		_, told := f.said(r)
		for i := range f.Replies {
			if told[i] != nil && !f.Replies[i].served() {
				f.Replies[i] = *told[i]
			}
		}
		f.Kind, f.Record = f.sum(), *r
	case own:
		f.answered(r)
		f.Kind, f.Record = f.sum(), *r
	default:
		f.late(r)
	}
}

// answered reads the outcome of the last attempt. Whom it says nothing of has fared as the record's kind says.
func (f *folding) answered(r *Record) {
	_, told := f.said(r)
	var taken []int // by the server, in this attempt
	for i, given := range f.given {
		switch {
		case f.Replies[i].served():
		case told[i] != nil:
			f.Replies[i] = *told[i]
			if given && told[i].served() {
				taken = append(taken, i)
			}
		case given && r.Kind == Delivered:
			f.Replies[i] = Reply{Accepted: true}
		case given && r.Kind == Failed:
			f.Replies[i] = Reply{Temporary: true}
		}
	}
	if r.Kind != InDoubt || slices.ContainsFunc(f.Replies, Reply.doubtful) {
		return
	}
	// It names nobody, and so means everybody whom the server had taken until then.
	for _, i := range taken {
		f.Replies[i] = Reply{InDoubt: true, Text: f.Replies[i].Text}
	}
}

// late reads what a run says after another has taken over or the user has decided: whom it served.
func (f *folding) late(r *Record) {
	listed, told := f.said(r)
	for i := range f.Replies {
		switch {
		case told[i] != nil && told[i].served():
			f.Replies[i] = *told[i]
		case listed[i] && r.Kind == Delivered && len(r.Replies) == 0:
			f.Replies[i] = Reply{Accepted: true}
		}
	}
	if sum := f.sum(); sum == Delivered || f.Kind == InDoubt && sum != InDoubt {
		f.Kind, f.Record = sum, *r
	}
}

// change gives those for whom is holds another reply.
func (f *folding) change(is func(Reply) bool, to Reply) {
	for i := range f.Replies {
		if is(f.Replies[i]) {
			to.Text = f.Replies[i].Text
			f.Replies[i] = to
		}
	}
}

// sum is what the replies come to.
func (f *folding) sum() Kind {
	switch {
	case slices.ContainsFunc(f.Replies, Reply.doubtful):
		return InDoubt
	case slices.ContainsFunc(f.Replies, Reply.open), !slices.ContainsFunc(f.Replies, Reply.served):
		return Failed
	}
	return Delivered
}
