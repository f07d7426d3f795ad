package audio

import "math"

// envelope turns the gain that each frame needs into a smooth one that is
// nowhere above it: the least of the coming frames and of those held from
// before, an exponential release, and two moving averages in a row, which ramp
// down over the look-ahead.
//
// Gains are whole numbers of 1/unity: sums of whole numbers are exact, so a
// gain of 1 comes out as exactly 1 and nothing drifts over hours.
type envelope struct {
	ahead    int   // frames of look-ahead
	span     int64 // frames of look-ahead and hold
	release  int64 // part of the way to unity that is gone per frame, of unity
	now      int64 // frames that came in
	least    []point
	current  int64 // after the release
	averages [2]average
	atRest   int // frames since everything was unity
	skip     int // frames that come out of the look-ahead's start, before frame 0
}

const unity = 1 << 30

// point is the gain that a frame needs.
type point struct {
	at   int64
	gain int64
}

// average is a moving sum.
type average struct {
	ring []int64
	at   int
	sum  int64
}

func (a *average) next(v int64) int64 {
	a.sum += v - a.ring[a.at]
	a.ring[a.at] = v
	if a.at++; a.at == len(a.ring) {
		a.at = 0
	}
	return a.sum
}

func newEnvelope(rate int) *envelope {
	half := max(int(limitAttack*float64(rate)/2), peakHalf)
	e := &envelope{
		ahead:   2 * half,
		span:    int64(2*half) + int64(limitHold*float64(rate)),
		release: int64(math.Round(unity * (1 - math.Exp(-1/(limitRelease*float64(rate)))))),
		current: unity,
	}
	e.skip = e.ahead
	e.atRest = e.ahead + 1
	for i := range e.averages {
		n := half + i // together they span ahead frames
		e.averages[i].ring = make([]int64, n)
		for k := range e.averages[i].ring {
			e.averages[i].ring[k] = unity
			if i == 1 {
				e.averages[i].ring[k] = unity * int64(half)
			}
			e.averages[i].sum += e.averages[i].ring[k]
		}
	}
	return e
}

// settled are the gains of a run of frames: first some of 1, then others.
type settled struct {
	ones  int
	gains []float64
	taken int // of gains
}

func (s *settled) empty() bool { return s.ones == 0 && s.taken == len(s.gains) }

// take returns the gains of the next n frames, at most most; nil where all are 1.
func (s *settled) take(most int) (gains []float64, n int) {
	if s.ones > 0 {
		n = min(most, s.ones)
		s.ones -= n
		return nil, n
	}
	gains = s.gains[s.taken:min(s.taken+most, len(s.gains))]
	s.taken += len(gains)
	if s.taken == len(s.gains) {
		s.gains, s.taken = s.gains[:0], 0
	}
	return gains, len(gains)
}

// follow settles the gains that the needs of the next frames decide: those of
// the frames ahead frames before them. loud says whether any need is above the
// ceiling. into is empty.
func (e *envelope) follow(into *settled, need []float32, ceiling float32, loud bool) {
	if !loud && e.atRest > e.ahead {
		e.now += int64(len(need))
		drop := min(e.skip, len(need))
		e.skip -= drop
		into.ones = len(need) - drop
		return
	}
	for _, p := range need {
		g := int64(unity)
		if p > ceiling {
			g = int64(unity * float64(ceiling) / float64(p))
		}
		e.give(into, e.next(g))
	}
}

// flush settles the gains of the last frames: behind the end nothing is loud.
func (e *envelope) flush(into *settled) {
	if e.atRest > e.ahead && len(into.gains) == 0 {
		into.ones += max(e.ahead-e.skip, 0)
		return
	}
	for range e.ahead {
		e.give(into, e.next(unity))
	}
}

func (e *envelope) give(into *settled, g float64) {
	if e.skip > 0 {
		e.skip--
		return
	}
	into.gains = append(into.gains, g)
}

// next takes the gain of a frame and returns that of the frame ahead before.
func (e *envelope) next(g int64) float64 {
	// least holds, in rising order, the gains that may yet be the least.
	for len(e.least) > 0 && e.least[len(e.least)-1].gain >= g {
		e.least = e.least[:len(e.least)-1]
	}
	e.least = append(e.least, point{e.now, g})
	if e.least[0].at < e.now-e.span {
		e.least = e.least[1:]
	}
	e.now++
	e.current += ((unity-e.current)*e.release + unity - 1) / unity
	e.current = min(e.current, e.least[0].gain)
	if e.current == unity {
		e.atRest++
	} else {
		e.atRest = 0
	}
	a, b := &e.averages[0], &e.averages[1]
	sum := b.next(a.next(e.current))
	return float64(sum) / float64(unity*int64(len(a.ring))*int64(len(b.ring)))
}
