package main

import (
	"container/heap"
	"math/rand/v2"
	"time"
)

// fleet is who makes the posts.
type fleet struct {
	Workers int // processes
	Jobs    int // episodes that each makes at a time
	Cores   int // of each

	// Divided gives each endpoint an equal part of the places and no more. Else
	// whoever waits gets them in turns, and slow endpoints end up with all.
	Divided bool
}

// result is what came out.
type result struct {
	Posts, Requests int
	Hours           float64       // of sound
	Took            time.Duration // in virtual time
	Endpoints       []use
	Slots           float64 // of the places for episodes, the part that was taken
	Processors      float64 // of the processors, the part that was busy
	Transactions    float64 // of the database, a second
}

// use is how much of an endpoint's limits was used while it had work.
type use struct {
	Posts, Requests int
	Flight, Starts  float64       // of its requests in flight, and of its starts a minute; 0 without such a limit
	Ended           time.Duration // when its last post was done
	Bound           string        // what kept it from being faster
}

// The kinds of events.
const (
	answered  = iota // a request of an episode
	startable        // an endpoint may start another request
	pressed          // an episode's sound is made
)

type event struct {
	at   time.Duration
	kind int
	of   int // endpoint
	who  *episode
}

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at < e[j].at }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

// episode is one that is being made.
type episode struct {
	post
	left, out int // segments that are not asked for yet, and requests in flight
}

// line is an endpoint at work.
type line struct {
	*endpoint
	waiting []post     // for a place at a worker
	asking  []*episode // that have segments to ask for, in turns
	held    int        // places
	flight  int
	next    time.Duration // when another request may start
	armed   bool          // an event will come for that
	busy    float64       // seconds of requests in flight
	stood   float64       // seconds of places
	since   time.Duration
	last    time.Duration
	use
}

// simulation is a fleet at work on posts.
type simulation struct {
	a        assumed
	f        fleet
	now      time.Duration
	events   events
	lines    []*line
	free     int // places for episodes
	turn     int // of the endpoints, for the next free place
	cores    int // free
	pressing []*episode
	rng      *rand.Rand
	taken    float64 // seconds of places, and of processors
	worked   float64
}

// simulate lets a fleet make n posts, all of which are there at the beginning.
func simulate(a assumed, all []endpoint, f fleet, n int, seed uint64) result {
	s := &simulation{a: a, f: f, free: f.Workers * f.Jobs, cores: f.Workers * f.Cores, rng: rand.New(rand.NewPCG(seed, 1))}
	r := result{Posts: n}
	for i := range all {
		s.lines = append(s.lines, &line{endpoint: &all[i]})
	}
	for range n {
		p := a.post(s.rng, all)
		l := s.lines[p.endpoint]
		l.waiting = append(l.waiting, p)
		l.Posts++
		l.Requests += p.segments
		r.Requests += p.segments
		r.Hours += p.seconds / 3600
	}
	s.fill()
	for len(s.events) > 0 {
		e := heap.Pop(&s.events).(event)
		s.taken += (e.at - s.now).Seconds() * float64(f.Workers*f.Jobs-s.free)
		s.worked += (e.at - s.now).Seconds() * float64(f.Workers*f.Cores-s.cores)
		s.now = e.at
		s.happen(e)
	}
	r.Took = s.now
	total := s.now.Seconds()
	for _, l := range s.lines {
		u := l.use
		u.Ended = l.last
		if l.last > 0 {
			u.Flight = l.busy / l.last.Seconds() / float64(l.Concurrency)
			if l.PerMinute > 0 {
				u.Starts = float64(l.Requests) / l.last.Minutes() / float64(l.PerMinute)
			}
		}
		places := s.taken / total / float64(f.Workers*f.Jobs)
		if f.Divided && l.last > 0 {
			places = l.stood / l.last.Seconds() / float64(s.part())
		}
		u.Bound = bound(u, places)
		r.Endpoints = append(r.Endpoints, u)
	}
	r.Slots = s.taken / total / float64(f.Workers*f.Jobs)
	r.Processors = s.worked / total / float64(f.Workers*f.Cores)
	shares := float64(f.Workers*len(all)) / a.Share.Seconds()
	r.Transactions = float64(n)*a.Transactions/total + float64(f.Workers)/a.Beat.Seconds() + shares
	return r
}

// bound names what kept an endpoint from being faster: the limit of which it
// used nine tenths and more.
func bound(u use, slots float64) string {
	switch {
	case u.Starts >= 0.9:
		return "requests a minute"
	case u.Flight >= 0.9:
		return "requests in flight"
	case slots >= 0.9:
		return "places at workers"
	}
	return "its last posts, which were few at a time"
}

func (s *simulation) at(d time.Duration, kind, of int, who *episode) {
	heap.Push(&s.events, event{s.now + d, kind, of, who})
}

func (s *simulation) happen(e event) {
	l := s.lines[e.of]
	switch e.kind {
	case answered:
		l.spend(s.now)
		l.flight--
		e.who.out--
		if e.who.left == 0 && e.who.out == 0 {
			s.pressing = append(s.pressing, e.who)
			s.press()
		}
		s.ask(e.of)
	case startable:
		l.armed = false
		s.ask(e.of)
	case pressed:
		s.cores++
		s.free++
		l.spend(s.now)
		l.held--
		l.last = s.now
		s.press()
		s.fill()
	}
}

// part is how many places an endpoint can have.
func (s *simulation) part() int {
	places := s.f.Workers * s.f.Jobs
	if s.f.Divided {
		return max(1, places/len(s.lines))
	}
	return places
}

// fill gives free places to waiting posts, the endpoints in turns.
func (s *simulation) fill() {
	for empty := 0; s.free > 0 && empty < len(s.lines); s.turn = (s.turn + 1) % len(s.lines) {
		l := s.lines[s.turn]
		if len(l.waiting) == 0 || l.held >= s.part() {
			empty++
			continue
		}
		empty = 0
		p := l.waiting[0]
		l.waiting = l.waiting[1:]
		s.free--
		l.spend(s.now)
		l.held++
		l.asking = append(l.asking, &episode{post: p, left: p.segments})
		s.ask(s.turn)
	}
}

// ask starts what an endpoint's limits allow now, its episodes in turns.
func (s *simulation) ask(of int) {
	l := s.lines[of]
	for len(l.asking) > 0 && l.flight < l.Concurrency {
		if l.next > s.now {
			if !l.armed {
				l.armed = true
				s.at(l.next-s.now, startable, of, nil)
			}
			return
		}
		e := l.asking[0]
		l.asking = l.asking[1:]
		e.left--
		e.out++
		if e.left > 0 {
			l.asking = append(l.asking, e)
		}
		l.spend(s.now)
		l.flight++
		if l.PerMinute > 0 {
			l.next = max(l.next, s.now-time.Second) + time.Minute/time.Duration(l.PerMinute)
		}
		s.at(l.answer(e.seconds/float64(e.segments), s.rng), answered, of, e)
	}
}

// spend counts the requests in flight until now.
func (l *line) spend(now time.Duration) {
	l.busy += (now - l.since).Seconds() * float64(l.flight)
	l.stood += (now - l.since).Seconds() * float64(l.held)
	l.since = now
}

// press makes the sound of recorded episodes, one a processor.
func (s *simulation) press() {
	for s.cores > 0 && len(s.pressing) > 0 {
		e := s.pressing[0]
		s.pressing = s.pressing[1:]
		s.cores--
		work := s.a.Press*e.seconds/3600 + s.a.Take*float64(e.segments) + s.a.Job
		s.at(time.Duration(work*float64(time.Second)), pressed, e.endpoint, e)
	}
}
