package cli

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/reportform/reportform/runner"
)

// inFlight knows which deliveries have begun and not ended.
type inFlight struct {
	mu   sync.Mutex
	keys map[string]bool
}

func (f *inFlight) observe(e runner.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch e := e.(type) {
	case runner.DeliverStart:
		if f.keys == nil {
			f.keys = map[string]bool{}
		}
		f.keys[e.Change.Key.String()] = e.Change.Destination.Email != nil
	case runner.DeliverComplete:
		delete(f.keys, e.Change.Key.String())
	case runner.DeliverErrored:
		delete(f.keys, e.Change.Key.String())
	}
}

// mails are the keys of mails in flight, sorted.
func (f *inFlight) mails() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	keys := maps.Clone(f.keys)
	maps.DeleteFunc(keys, func(_ string, mail bool) bool { return !mail })
	return slices.Sorted(maps.Keys(keys))
}

// interrupted says what the first Ctrl-C does.
func (p *program) interrupted() {
	p.text.say("Stopping after what is in flight; Ctrl-C again stops at once.\n")
}

// stopped says what the second Ctrl-C has left in doubt.
func (p *program) stopped() {
	keys := p.flight.mails()
	if len(keys) == 0 {
		p.view.failure(errors.New("stopped: what was delivered is recorded, the rest is due for the next apply"))
		return
	}
	var text strings.Builder
	for _, k := range keys {
		text.WriteString("\n    " + strings.Join(runner.Resolving(p.call, k), "\n    "))
	}
	p.view.failure(fmt.Errorf("stopped in the middle of a delivery\nWhether it arrived may not be known, and it is not sent again by itself. "+
		"In two minutes, ask a recipient and say which it is:%s", &text))
}
