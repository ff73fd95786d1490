package state

import "time"

// Status is what a key's records come to, for real deliveries or for rehearsals; each ignores the other.
type Status struct {
	// Kind is Delivered, InDoubt, Failed, Skipped or "" for a key that is simply due. A mail is Delivered when at least
	// one recipient was served and nobody is open any more, and Failed while somebody is.
	Kind Kind
	// Record is the one that Kind rests on; the intended record for what a dead runner left in doubt.
	Record Record
	// Claim is the last claim that nobody has closed yet, expired or not.
	Claim *Record
	// Returned: the last run that claimed the key gave it back without an outcome.
	Returned bool
	// Attempts counts intended records; Seq is how many records there are.
	Attempts, Seq int
	// Recipients are frozen by the first intended record: their salted digests, nil before. Replies say what is known of each.
	Recipients []string
	Replies    []Reply
	// Last is the last intended record; nil before the first.
	Last *Record
	// Parts are the values that a split found, and Column where, if that is known; Causes what the owners were told of.
	Parts, Causes []string
	Column        string
}

// Held reports whether another run than by holds the key at now.
func (s Status) Held(now time.Time, by string) bool {
	return s.Claim != nil && s.Claim.By != by && s.Claim.Until != nil && now.Before(*s.Claim.Until)
}

// Served counts the recipients who have the message.
func (s Status) Served() int { return len(s.of(Reply.served)) }

// Open returns the digests of the recipients who are still to be served, in their order.
func (s Status) Open() []string { return s.of(Reply.open) }

// RefusedForGood returns the digests of the recipients whom the server will never take, in their order.
func (s Status) RefusedForGood() []string { return s.of(Reply.refused) }

// Doubtful returns the digests of the recipients of whom nobody knows whether they have the message, in their order.
func (s Status) Doubtful() []string { return s.of(Reply.doubtful) }

func (s Status) of(is func(Reply) bool) []string {
	var out []string
	for i, r := range s.Replies {
		if is(r) {
			out = append(out, s.Recipients[i])
		}
	}
	return out
}

// Exactly one of these holds, whatever a record claims at once.
func (r Reply) served() bool   { return r.Accepted }
func (r Reply) doubtful() bool { return !r.Accepted && r.InDoubt }
func (r Reply) open() bool     { return !r.Accepted && !r.InDoubt && r.Temporary }
func (r Reply) refused() bool  { return !r.Accepted && !r.InDoubt && !r.Temporary }
