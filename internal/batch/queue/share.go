package queue

import (
	"maps"
	"sync"
	"time"
)

const (
	// A share is settled with the other workers so often while it is used …
	exchangeEvery = 250 * time.Millisecond
	// … so often while something is owed to it …
	exchangeUrgent = 50 * time.Millisecond
	// … and given back when it was not used for so long.
	idleAfter = 500 * time.Millisecond

	// horizon is how far ahead starts are taken.
	horizon = time.Second
	// late is how late a start may still be used. Until a request that starts late
	// is counted by the provider it may take up to slack: starts are so far apart
	// that 60 s and slack hold no more of them than a minute may have.
	late  = 250 * time.Millisecond
	slack = time.Second
)

// share is a process's part of an endpoint's limits.
type share struct {
	queue    *Queue
	endpoint string

	wake       chan struct{}
	end, ended chan struct{}
	unsettled  rarely // told; of the goroutine that exchanges

	mu      sync.Mutex
	limits  Limits
	waiting lanes
	inUse   map[string]int // requests in flight, by show
	flying  int            // in all
	peak    map[string]int // most that were wanted since the last exchange
	started int            // since the last exchange
	used    time.Time      // when it was, by the clock of this machine
	epoch   int64          // the heart's, when the share was taken

	slots, target     int         // held; what would be fair
	asked             int         // what was wanted at the last exchange
	starts            []time.Time // to come, by the database's clock
	next              time.Time   // the first start that nobody has taken
	characters, money int64       // held
	day, month        string      // of them
	last              time.Time   // exchange
	shown             bool        // the others see the share
}

func newShare(q *Queue, endpoint string, limits Limits) *share {
	return &share{
		queue: q, endpoint: endpoint, limits: limits, epoch: q.heart.epoch.Load(),
		wake: make(chan struct{}, 1), end: make(chan struct{}), ended: make(chan struct{}),
		inUse: map[string]int{}, peak: map[string]int{},
	}
}

// set puts other limits in place. What is held of slots and starts by the old ones
// is used no further than the new ones have it; the next exchange settles it.
func (s *share) set(limits Limits) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limits == limits {
		return
	}
	if s.limits.PerMinute != limits.PerMinute {
		s.starts = nil
	}
	s.target = min(s.target, limits.Concurrency)
	s.limits = limits
	s.pump()
	s.call()
}

// enter lets w go, or wait.
func (s *share) enter(w *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting.push(w)
	s.used = time.Now()
	s.peak[w.show] = max(s.peak[w.show], s.inUse[w.show]+len(s.waiting.wait[w.show]))
	s.pump()
	if s.waiting.count > 0 {
		s.call()
	}
}

// withdraw takes w out of the line; false if it has had its turn meanwhile.
func (s *share) withdraw(w *waiter) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting.remove(w)
}

// leave ends w's request.
func (s *share) leave(w *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = time.Now()
	s.flying--
	if s.inUse[w.show]--; s.inUse[w.show] == 0 {
		delete(s.inUse, w.show)
	}
	s.pump()
	if s.slots > s.target && s.flying < s.slots { // others wait for it
		s.call()
	}
}

// call wakes the loop.
func (s *share) call() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// pump lets go whom it can. What is held is trusted only while the heart beats:
// past half the time after which others take this process for dead, it waits.
func (s *share) pump() {
	h := s.queue.heart
	if s.waiting.count == 0 || h.epoch.Load() != s.epoch || !h.fresh(s.queue.options.Stale/2) {
		return
	}
	now := s.queue.now()
	s.newPeriods(now)
	for len(s.starts) > 0 && now.Sub(s.starts[0]) > late {
		s.starts = s.starts[1:]
	}
	if len(s.starts) > 0 && s.starts[0].Sub(now) > horizon+slack { // the clock went back
		s.starts = nil
	}
	for w := s.waiting.first(); w != nil; w = s.waiting.first() {
		switch {
		case s.limits.Concurrency > 0 && s.flying >= min(s.slots, s.target):
			return
		case s.limits.PerMinute > 0 && (len(s.starts) == 0 || s.starts[0].After(now)):
			return
		case s.lacks(w):
			return
		}
		s.waiting.pop()
		if s.limits.PerMinute > 0 {
			s.starts = s.starts[1:]
		}
		s.characters -= w.characters
		s.money -= w.money
		s.flying++
		s.started++
		s.inUse[w.show]++
		close(w.ready)
	}
}

// lacks says whether w needs more characters or money than are held.
func (s *share) lacks(w *waiter) bool {
	return s.limits.CharactersPerDay > 0 && s.characters < w.characters || s.limits.MoneyPerMonth > 0 && s.money < w.money
}

// newPeriods drops what is held of a day or a month that is over. Without a limit
// the numbers mean nothing.
func (s *share) newPeriods(now time.Time) {
	if day := dayOf(now); s.day != day {
		s.day, s.characters = day, 0
	}
	if month := monthOf(now); s.month != month {
		s.month, s.money = month, 0
	}
}

func dayOf(t time.Time) string   { return t.UTC().Format("2006-01-02") }
func monthOf(t time.Time) string { return t.UTC().Format("2006-01") }

// run settles the share with the others until the limiter is closed.
func (s *share) run() {
	defer close(s.ended)
	for {
		s.mu.Lock()
		s.pump()
		wait, due := s.plan(time.Now())
		s.mu.Unlock()
		if due {
			s.exchange(false)
			select {
			case <-s.end:
				s.exchange(true)
				return
			default:
			}
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-s.wake:
		case <-timer.C:
		case <-s.end:
			timer.Stop()
			s.exchange(true)
			return
		}
		timer.Stop()
	}
}

// plan says whether an exchange is due, or how long there is nothing to do.
func (s *share) plan(now time.Time) (wait time.Duration, due bool) {
	idle := s.waiting.count == 0 && s.flying == 0
	if idle && !s.holds() {
		return time.Hour, false
	}
	at := s.last.Add(exchangeEvery)
	if !idle && s.urgent() {
		at = s.last.Add(exchangeUrgent)
	}
	wait = at.Sub(now)
	if wait <= 0 {
		return 0, true
	}
	if s.waiting.count > 0 && len(s.starts) > 0 {
		wait = min(wait, max(s.starts[0].Sub(s.queue.now()), time.Millisecond))
	}
	return wait, false
}

func (s *share) holds() bool {
	return s.shown || s.slots > 0 || s.day != "" && s.characters > 0 || s.month != "" && s.money > 0
}

// urgent says whether somebody waits for what the others may have for it, or
// others for what is not used here.
func (s *share) urgent() bool {
	if s.slots > s.target && s.flying < s.slots {
		return true
	}
	if s.waiting.count == 0 {
		return false
	}
	if s.queue.heart.epoch.Load() != s.epoch || s.lacks(s.waiting.first()) {
		return true
	}
	if s.limits.Concurrency > 0 && s.flying >= min(s.slots, s.target) {
		return s.slots < s.target || s.wanted() > s.asked && s.target >= s.asked
	}
	return s.limits.PerMinute > 0 && len(s.starts) == 0 && s.next.Sub(s.queue.now()) <= horizon
}

// usable is how many of those that wait there is a slot for.
func (s *share) usable() int {
	if s.limits.Concurrency > 0 {
		return min(s.waiting.count, max(0, s.target-s.flying))
	}
	return s.waiting.count
}

// wanted is how many requests would be in flight if all could.
func (s *share) wanted() int { return s.flying + s.waiting.count }

// wants is what was wanted at most since it was asked last, by show.
func (s *share) wants() map[string]int {
	wants := s.peak
	s.peak = maps.Clone(s.inUse)
	for show, lane := range s.waiting.wait {
		s.peak[show] += len(lane)
	}
	for show, n := range s.peak {
		wants[show] = max(wants[show], n)
	}
	return wants
}
