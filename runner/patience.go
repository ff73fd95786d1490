package runner

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errPatience says that an apply has waited as long as it may.
var errPatience = errors.New("the budget for waiting is used up")

// patience is the time that an apply may still spend on waiting.
type patience struct {
	mu    sync.Mutex
	left  time.Duration
	sleep func(ctx context.Context, d time.Duration) error
}

// lasts reports whether there is time left for a wait of d.
func (p *patience) lasts(d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return d <= p.left
}

// wait waits for d, or says that there is no time left for that.
func (p *patience) wait(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	enough := d <= p.left
	if enough {
		p.left -= d
	}
	p.mu.Unlock()
	if !enough {
		return errPatience
	}
	return p.sleep(ctx, d)
}
