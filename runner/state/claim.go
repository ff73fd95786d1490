package state

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ClaimTime is how long a claim stands without renewal.
const ClaimTime = 2 * time.Minute

// Claimer takes keys for one run.
type Claimer struct {
	Store Store
	// By names the run.
	By string
	// Now is the real clock.
	Now func() time.Time
	// Sleep waits, or returns the context's error; nil waits by the real clock.
	Sleep func(ctx context.Context, d time.Duration) error
	// Wait waits in Acquire for another run, or returns an error to wait no longer; nil is Sleep.
	Wait func(ctx context.Context, d time.Duration) error
	// Waiting is told, once for each Acquire, that another run holds the key and until when.
	Waiting func(k Key, until time.Time)
}

// Claim is the right to deliver a key, held by one run at a time. It is renewed in the background until Close.
type Claim struct {
	c         *Claimer
	key       Key
	rehearsal bool

	mu     sync.Mutex
	seq    int // records seen
	until  time.Time
	lost   error
	stop   context.CancelFunc
	closed chan struct{}
}

func (c *Claimer) sleep(ctx context.Context, d time.Duration) error {
	if c.Sleep == nil {
		return Sleep(ctx, d)
	}
	return c.Sleep(ctx, d)
}

// ErrLost says that another run took the key over: this one must not deliver.
var ErrLost = errors.New("the claim was lost to another run")

// Acquire claims a key. While another run holds it, Acquire waits until that run is done or its claim expires,
// and no longer than ctx allows. A claim that nobody has renewed for as long as one stands has expired, whatever it says:
// the clock of the run that made it may have been ahead. decide is given the key's status and says whether there is still something to do;
// where there is not, the claim is nil.
func (c *Claimer) Acquire(ctx context.Context, k Key, rehearsal bool, decide func(Status) bool) (*Claim, Status, error) {
	told := false
	var watched, dead int // numbers of the last record: of a claim that is waited for, and of one that has expired
	var since time.Time
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		claim, s, held, err := c.try(ctx, k, rehearsal, dead, decide)
		if !held || err != nil {
			return claim, s, err
		}
		now := c.Now()
		if s.Seq != watched {
			watched, since = s.Seq, now
		} else if now.Sub(since) >= ClaimTime {
			dead = s.Seq
			continue
		}
		if !told && c.Waiting != nil {
			until := *s.Claim.Until
			if latest := since.Add(ClaimTime); until.After(latest) {
				until = latest
			}
			c.Waiting(k, until)
			told = true
		}
		pause := c.Wait
		if pause == nil {
			pause = c.sleep
		}
		if err := pause(ctx, wait); err != nil {
			return nil, s, fmt.Errorf("%s is being delivered by another run, whose claim stands until %s: %w", k, s.Claim.Until.Format(time.RFC3339), err)
		}
	}
}

// Try is Acquire without the wait: where another run holds the key, the claim is nil and the status says so.
func (c *Claimer) Try(ctx context.Context, k Key, rehearsal bool, decide func(Status) bool) (*Claim, Status, error) {
	claim, s, _, err := c.try(ctx, k, rehearsal, 0, decide)
	return claim, s, err
}

// try claims a key unless another run held it at that moment, or decide is against it. The claim whose record is number
// dead holds nothing; where decide is against it, it is taken over and given back, so that nobody else waits for it.
func (c *Claimer) try(ctx context.Context, k Key, rehearsal bool, dead int, decide func(Status) bool) (_ *Claim, _ Status, held bool, _ error) {
	for {
		records, err := c.Store.Records(ctx, k)
		if err != nil {
			return nil, Status{}, false, err
		}
		s := Fold(records, rehearsal)
		now := c.Now()
		held := s.Held(now, c.By)
		if held && s.Seq != dead {
			return nil, s, true, nil
		}
		wanted := decide(s)
		if !wanted && !held {
			return nil, s, false, nil
		}
		until := now.Add(ClaimTime)
		err = c.Store.Append(ctx, k, len(records)+1, Record{Version: version, Kind: Claimed, At: now, By: c.By, Until: &until, Rehearsal: rehearsal})
		if errors.Is(err, ErrTaken) {
			continue // somebody else was first
		}
		if err != nil {
			return nil, s, false, err
		}
		claim := &Claim{c: c, key: k, rehearsal: rehearsal, seq: len(records) + 1, until: until, closed: make(chan struct{})}
		renew, stop := context.WithCancel(context.WithoutCancel(ctx))
		claim.stop = stop
		go claim.renew(renew)
		if !wanted {
			return nil, s, false, claim.Release(ctx)
		}
		return claim, s, false, nil
	}
}

// renew prolongs the claim past half of its time, for as long as it is open.
func (c *Claim) renew(ctx context.Context) {
	defer close(c.closed)
	for c.c.sleep(ctx, ClaimTime/2) == nil {
		c.mu.Lock()
		if c.lost == nil {
			until := c.c.Now().Add(ClaimTime)
			if c.append(ctx, Record{Kind: Claimed, Until: &until}) == nil {
				c.until = until
			}
		}
		c.mu.Unlock()
	}
}

// Intend records what is about to be handed over. It is the fence: it succeeds only while the claim is this run's,
// with no record of anybody else after it.
func (c *Claim) Intend(ctx context.Context, r Record) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.fence(); err != nil {
		return err
	}
	r.Kind = Intended
	return c.append(ctx, r)
}

// fence says that the claim was lost, as far as this run knows.
func (c *Claim) fence() error {
	if c.lost == nil && !c.c.Now().Before(c.until) {
		c.lost = ErrLost
	}
	return c.lost
}

// Finish records the outcome and gives the key back. It is recorded whoever has written since:
// what happened is true whether or not the claim was still held.
func (c *Claim) Finish(ctx context.Context, r Record) error {
	c.Close()
	for {
		err := c.append(ctx, r)
		if !errors.Is(err, ErrLost) {
			return err
		}
		records, err := c.c.Store.Records(ctx, c.key)
		if err != nil {
			return err
		}
		c.seq, c.lost = len(records), nil
	}
}

// Release gives the key back without an outcome: nothing was handed over, and others need not wait until the claim
// expires. Where another run has written since, there is nothing to give back.
func (c *Claim) Release(ctx context.Context) error {
	c.Close()
	now := c.c.Now()
	if err := c.append(ctx, Record{Kind: Claimed, Until: &now}); !errors.Is(err, ErrLost) {
		return err
	}
	return nil
}

// Close stops renewing; without Finish or Release, the claim expires by itself.
func (c *Claim) Close() {
	c.stop()
	<-c.closed
}

// append adds a record after those that the claim has seen; ErrLost when somebody else has written.
func (c *Claim) append(ctx context.Context, r Record) error {
	a := c.addition(r)
	return c.added(c.c.Store.Append(ctx, a.Key, a.Seq, a.Record))
}

// addition is a record of this run's as the claim's next.
func (c *Claim) addition(r Record) Addition {
	r.Version, r.At, r.By, r.Rehearsal = version, c.c.Now(), c.c.By, c.rehearsal
	return Addition{c.key, c.seq + 1, r}
}

// added notes whether the claim's next record was added.
func (c *Claim) added(err error) error {
	switch {
	case errors.Is(err, ErrTaken):
		c.lost = ErrLost
		return ErrLost
	case err != nil:
		return err
	}
	c.seq++
	return nil
}

// Add appends a record of the user's own decision, such as a resolution, after the records that were seen.
func Add(ctx context.Context, s Store, k Key, seen int, r Record) (Record, error) {
	r.Version = version
	return r, s.Append(ctx, k, seen+1, r)
}

// NewRoot makes a root record; random has at least 32 bytes.
func NewRoot(at time.Time, random func([]byte)) Root {
	b := make([]byte, 32)
	random(b)
	return Root{Version: version, Lineage: fmt.Sprintf("%x", b[:16]), Salt: fmt.Sprintf("%x", b[16:]), Created: at.UTC()}
}
