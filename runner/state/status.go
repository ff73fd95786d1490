package state

import "time"

// Status is what a key's records come to, for real deliveries or for rehearsals; each ignores the other.
type Status struct {
	// Kind is Delivered, InDoubt, Failed, Skipped or "" for a key that is simply due.
	Kind Kind
	// Record is the one that Kind rests on; the intended record for what a dead runner left in doubt.
	Record Record
	// Claim is the last claim that nobody has closed yet, expired or not.
	Claim *Record
	// Attempts counts intended records; Seq is how many records there are.
	Attempts, Seq int
	// Recipients are frozen by the first intended record: their salted digests, nil before. Replies say what is known of each.
	Recipients []string
	Replies    []Reply
	// Last is the last intended record; nil before the first.
	Last *Record
	// Parts are the values that a split found; Causes what the owners were told of.
	Parts, Causes []string
}

// Held reports whether another run than by holds the key at now.
func (s Status) Held(now time.Time, by string) bool {
	return s.Claim != nil && s.Claim.By != by && s.Claim.Until != nil && now.Before(*s.Claim.Until)
}

// Fold reads records to their sum. An intended record without an outcome is in doubt:
// the runner may have died after the message was handed over. (Whoever still holds the key is told apart by Held.)
//
// An outcome belongs to the run that intended it. A run that was stopped for longer than its claim stood may wake and
// write after another has taken over: that it delivered is true all the same, but that it failed says nothing of the
// other's delivery, and it gives back no claim but its own.
func Fold(records []Record, rehearsal bool) Status {
	s := Status{Seq: len(records)}
	intender := "" // who wrote the last intended record
	for i := range records {
		r := &records[i]
		held := s.Claim != nil && s.Claim.By == r.By
		switch r.Kind {
		case Claimed:
			s.Claim = r
			continue
		case Intended:
		case Forgotten, Resend: // the user's word; it is taken only while nobody holds the key
			s.Claim = nil
		default:
			if held || r.By == "" {
				s.Claim = nil
			}
		}
		if r.Kind == Forgotten {
			s = Status{Seq: len(records), Attempts: s.Attempts}
			continue
		}
		if r.Rehearsal != rehearsal {
			continue
		}
		switch r.Kind {
		case Intended:
			s.Attempts++
			intender = r.By
			s.Kind, s.Record = InDoubt, *r
		case Delivered:
			s.Kind, s.Record = Delivered, *r
		case Failed, InDoubt:
			if r.By == intender && s.Kind == InDoubt {
				s.Kind, s.Record = r.Kind, *r
			}
		case Skipped:
			if held {
				s.Kind, s.Record = Skipped, *r
			}
		case Resend:
			s.Kind, s.Record = "", *r
		}
	}
	return s
}
