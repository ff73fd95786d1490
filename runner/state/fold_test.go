package state_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/state"
)

// recipients of a test: the digest of each is a letter.
func people(letters string) []string { return strings.Split(letters, "") }

// replies are written a letter each: S served, o open, r refused for good, ? in doubt.
func replies(letters string) []state.Reply {
	var out []state.Reply
	for _, l := range letters {
		out = append(out, map[rune]state.Reply{
			'S': {Accepted: true, Text: "250 ok"}, 'o': {Temporary: true, Text: "451 later"},
			'r': {Text: "550 no"}, '?': {InDoubt: true},
		}[l])
	}
	return out
}

func letters(s state.Status) string {
	var b strings.Builder
	for _, r := range s.Replies {
		switch {
		case r.Accepted:
			b.WriteByte('S')
		case r.InDoubt:
			b.WriteByte('?')
		case r.Temporary:
			b.WriteByte('o')
		default:
			b.WriteByte('r')
		}
	}
	return b.String()
}

func TestFoldRecipients(t *testing.T) {
	until := now.Add(state.ClaimTime)
	// mail is a record of the run a about three recipients.
	mail := func(kind state.Kind, known string) state.Record {
		return state.Record{Kind: kind, By: "a", At: now, Recipients: people("xyz"), Replies: replies(known)}
	}
	by := func(run string, r state.Record) state.Record { r.By = run; return r }
	about := func(whom string, r state.Record) state.Record { r.Recipients = people(whom); return r }
	bare := func(r state.Record) state.Record { r.Recipients = nil; return r }
	again := func(r state.Record) state.Record { r.Again = true; return r }
	practice := func(r state.Record) state.Record { r.Rehearsal = true; return r }
	first := mail(state.Intended, "")
	resolved := state.Record{Kind: state.Delivered, At: now, Resolved: true}
	resend := state.Record{Kind: state.Resend, At: now}
	claimed := state.Record{Kind: state.Claimed, By: "a", At: now, Until: &until}
	released := state.Record{Kind: state.Claimed, By: "a", At: until, Until: &until}

	for name, c := range map[string]struct {
		records []state.Record
		kind    state.Kind
		known   string
	}{
		"nothing":                     {nil, "", ""},
		"handed over":                 {[]state.Record{first}, state.InDoubt, "???"},
		"everybody served":            {[]state.Record{first, mail(state.Delivered, "SSS")}, state.Delivered, "SSS"},
		"some served":                 {[]state.Record{first, mail(state.Failed, "Soo")}, state.Failed, "Soo"},
		"served or refused for good":  {[]state.Record{first, mail(state.Delivered, "SrS")}, state.Delivered, "SrS"},
		"the kind follows the people": {[]state.Record{first, mail(state.Delivered, "Sro")}, state.Failed, "Sro"},
		"all refused for good":        {[]state.Record{first, mail(state.Failed, "rrr")}, state.Failed, "rrr"},
		"nobody was reached":          {[]state.Record{first, mail(state.Failed, "")}, state.Failed, "ooo"},
		"the answers stop":            {[]state.Record{first, mail(state.Failed, "r")}, state.Failed, "roo"},
		"in doubt but for one":        {[]state.Record{first, mail(state.InDoubt, "?r?")}, state.InDoubt, "?r?"},
		"in doubt, nobody named":      {[]state.Record{first, mail(state.InDoubt, "")}, state.InDoubt, "???"},
		"taken by RCPT, then silence": {[]state.Record{first, mail(state.InDoubt, "SrS")}, state.InDoubt, "?r?"},

		"written before there were replies: delivered": {[]state.Record{first, mail(state.Delivered, "")}, state.Delivered, "SSS"},
		"written before they were frozen":              {[]state.Record{first, mail(state.Failed, ""), about("xw", first), about("xw", mail(state.Delivered, "SS"))}, state.Delivered, "SS"},

		"resumed and served":          {[]state.Record{first, mail(state.Failed, "Sor"), mail(state.Intended, "Sor"), mail(state.Delivered, "SSr")}, state.Delivered, "SSr"},
		"died in a resume":            {[]state.Record{first, mail(state.Failed, "Sor"), mail(state.Intended, "Sor")}, state.InDoubt, "S?r"},
		"failed in a resume, silent":  {[]state.Record{first, mail(state.Failed, "Sor"), mail(state.Intended, "Sor"), mail(state.Failed, "")}, state.Failed, "Sor"},
		"doubt in a resume, silent":   {[]state.Record{first, mail(state.Failed, "Sor"), mail(state.Intended, "Sor"), mail(state.InDoubt, "")}, state.InDoubt, "S?r"},
		"doubt in a resume, as taken": {[]state.Record{first, mail(state.Failed, "Soo"), mail(state.Intended, "Soo"), mail(state.InDoubt, "SSo")}, state.InDoubt, "S?o"},
		"resumed without a word":      {[]state.Record{first, mail(state.Failed, "Soo"), first}, state.InDoubt, "S??"},
		"resumed for who is open":     {[]state.Record{first, mail(state.Failed, "Soo"), about("yz", first), about("yz", mail(state.Failed, "So"))}, state.Failed, "SSo"},
		"served is served":            {[]state.Record{first, mail(state.Failed, "Soo"), mail(state.Intended, "ooo"), mail(state.Failed, "ooo")}, state.Failed, "Soo"},

		"died in a resume, delivered":      {[]state.Record{first, mail(state.Failed, "Sor"), mail(state.Intended, "Sor"), resolved}, state.Delivered, "SSr"},
		"died in a resume, to be resent":   {[]state.Record{first, mail(state.Failed, "Sor"), mail(state.Intended, "Sor"), resend}, "", "Sor"},
		"resent after a doubt":             {[]state.Record{first, mail(state.InDoubt, "S??"), resend, mail(state.Intended, "Soo"), mail(state.Delivered, "SSS")}, state.Delivered, "SSS"},
		"delivered, and somebody is open":  {[]state.Record{first, mail(state.InDoubt, "?o?"), resolved}, state.Failed, "SoS"},
		"sent by hand to who was left":     {[]state.Record{first, mail(state.Failed, "Sor"), func() state.Record { r := mail(state.Delivered, "SSS"); r.By, r.Resolved = "", true; return r }()}, state.Delivered, "SSS"},
		"in_doubt: resend, by itself":      {[]state.Record{first, by("b", mail(state.Intended, "ooo")), by("b", mail(state.Delivered, "SSS"))}, state.Delivered, "SSS"},
		"some stay in doubt beside others": {[]state.Record{first, mail(state.InDoubt, "?oo"), mail(state.Intended, "?oo"), mail(state.Failed, "")}, state.InDoubt, "?oo"},

		"all refused, and corrected":     {[]state.Record{first, mail(state.Failed, "rrr"), about("uv", first), about("uv", mail(state.Delivered, "SS"))}, state.Delivered, "SS"},
		"all refused, and tried again":   {[]state.Record{first, mail(state.Failed, "rrr"), first}, state.InDoubt, "???"},
		"wanted again":                   {[]state.Record{first, mail(state.Delivered, "SSS"), again(first)}, state.InDoubt, "???"},
		"wanted again, and failed":       {[]state.Record{first, mail(state.Delivered, "SSS"), again(first), mail(state.Failed, "ooo")}, state.Failed, "ooo"},
		"wanted again, by others":        {[]state.Record{first, mail(state.Delivered, "SSS"), again(about("uv", first)), about("uv", mail(state.Delivered, "SS"))}, state.Delivered, "SS"},
		"a late word from before that":   {[]state.Record{first, resend, by("b", again(first)), mail(state.Delivered, "SSS")}, state.InDoubt, "???"},
		"forgotten":                      {[]state.Record{first, mail(state.Delivered, "SSS"), {Kind: state.Forgotten, At: now}}, "", ""},
		"forgotten, and for others":      {[]state.Record{first, mail(state.Delivered, "SSS"), {Kind: state.Forgotten, At: now}, about("uv", first)}, state.InDoubt, "??"},
		"imported":                       {[]state.Record{resolved}, state.Delivered, ""},
		"rehearsals are apart":           {[]state.Record{first, mail(state.Failed, "Soo"), practice(first), practice(mail(state.Delivered, "SSS"))}, state.Failed, "Soo"},
		"only rehearsed":                 {[]state.Record{practice(first), practice(mail(state.Delivered, "SSS"))}, "", ""},
		"a late success beside another":  {[]state.Record{first, resend, by("b", mail(state.Intended, "ooo")), mail(state.Delivered, "SSS")}, state.Delivered, "SSS"},
		"and the other's failure":        {[]state.Record{first, resend, by("b", mail(state.Intended, "ooo")), mail(state.Delivered, "SSS"), by("b", mail(state.Failed, "ooo"))}, state.Delivered, "SSS"},
		"a late success in part":         {[]state.Record{first, resend, by("b", mail(state.Intended, "ooo")), mail(state.Failed, "Sor")}, state.InDoubt, "S??"},
		"and the other's failure to all": {[]state.Record{first, resend, by("b", mail(state.Intended, "ooo")), mail(state.Failed, "Sor"), by("b", mail(state.Failed, ""))}, state.Failed, "Soo"},
		"a late success after a failure": {[]state.Record{first, resend, by("b", mail(state.Intended, "ooo")), by("b", mail(state.Failed, "Soo")), mail(state.Failed, "oSS")}, state.Delivered, "SSS"},
		"late, with few words":           {[]state.Record{first, resend, by("b", mail(state.Intended, "ooo")), bare(mail(state.Delivered, ""))}, state.Delivered, "SSS"},
		"late after the user's word":     {[]state.Record{first, resend, mail(state.Failed, "Soo")}, "", "Soo"},
		"released":                       {[]state.Record{claimed, released}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := state.Fold(c.records, false)
			if s.Kind != c.kind || letters(s) != c.known {
				t.Errorf("kind %q, replies %q; want %q, %q", s.Kind, letters(s), c.kind, c.known)
			}
			if strings.Contains(name, "released") && s.Claim != nil {
				t.Errorf("still claimed: %+v", s.Claim)
			}
		})
	}
}

func TestFoldTells(t *testing.T) {
	record := func(kind state.Kind) state.Record {
		return state.Record{Kind: kind, By: "a", At: now, Recipients: people("xyz")}
	}
	failed, late := record(state.Failed), record(state.Intended)
	failed.Replies = replies("Sro")
	late.Replies, late.Content, late.Attempt = replies("Sro"), "sha256:two", 2
	s := state.Fold([]state.Record{record(state.Intended), failed, late, failed}, false)
	if s.Served() != 1 || !slices.Equal(s.Open(), people("z")) || !slices.Equal(s.RefusedForGood(), people("y")) || s.Doubtful() != nil {
		t.Errorf("%d served, open %q, refused %q, in doubt %q", s.Served(), s.Open(), s.RefusedForGood(), s.Doubtful())
	}
	if s.Last == nil || s.Last.Content != "sha256:two" || s.Attempts != 2 {
		t.Errorf("the last attempt is %+v of %d", s.Last, s.Attempts)
	}

	one, two := record(state.Delivered), record(state.Delivered)
	one.Causes, two.Causes = []string{"c1", "c2"}, []string{"c2", "c3"}
	s = state.Fold([]state.Record{{Kind: state.Parts, By: "a", At: now, Parts: []string{"n", "s"}}, one, two}, false)
	if !slices.Equal(s.Parts, []string{"n", "s"}) || !slices.Equal(s.Causes, []string{"c1", "c2", "c3"}) {
		t.Errorf("parts %q, causes %q", s.Parts, s.Causes)
	}
}

// TestFoldAnything: whatever the records say, everybody is in one of four states, and the kind agrees with them.
func TestFoldAnything(t *testing.T) {
	kinds := []state.Kind{
		state.Claimed, state.Intended, state.Intended, state.Delivered, state.Failed, state.InDoubt,
		state.Skipped, state.Forgotten, state.Resend, state.Parts, "unheard_of",
	}
	lists := []string{"", "x", "xyz", "xyz", "xyz", "yz", "xw", "xx", "uv"}
	for seed := range uint64(5000) {
		random := rand.New(rand.NewPCG(seed, 0))
		var records []state.Record
		for range random.IntN(12) {
			r := state.Record{
				Kind: kinds[random.IntN(len(kinds))], By: []string{"", "a", "b"}[random.IntN(3)], At: now,
				Again: random.IntN(8) == 0, Resolved: random.IntN(8) == 0, Rehearsal: random.IntN(8) == 0,
			}
			if list := lists[random.IntN(len(lists))]; list != "" {
				r.Recipients = people(list)
			}
			for range random.IntN(5) {
				r.Replies = append(r.Replies, state.Reply{Accepted: random.IntN(3) == 0, Temporary: random.IntN(2) == 0, InDoubt: random.IntN(4) == 0})
			}
			records = append(records, r)
		}
		before := fmt.Sprintf("%+v", records)
		for _, rehearsal := range []bool{false, true} {
			s := state.Fold(records, rehearsal)
			served, open, refused, doubt := s.Served(), len(s.Open()), len(s.RefusedForGood()), len(s.Doubtful())
			if served+open+refused+doubt != len(s.Recipients) || len(s.Replies) != len(s.Recipients) {
				t.Fatalf("seed %d: %d + %d + %d + %d of %d: %s", seed, served, open, refused, doubt, len(s.Recipients), before)
			}
			if len(s.Recipients) == 0 {
				continue
			}
			wrong := false
			switch s.Kind {
			case state.Delivered:
				wrong = served == 0 || open+doubt > 0
			case state.InDoubt:
				wrong = doubt == 0
			case state.Failed:
				wrong = doubt > 0 || open == 0 && served > 0
			case "":
				wrong = doubt > 0
			}
			if wrong {
				t.Fatalf("seed %d: %q with %d served, %d open, %d refused, %d in doubt: %s", seed, s.Kind, served, open, refused, doubt, before)
			}
		}
		if after := fmt.Sprintf("%+v", records); after != before {
			t.Fatalf("seed %d: the records were changed", seed)
		}
	}
}
