package cue

import (
	"math"
	"sort"
)

// The likelihood of a division of pauses among the ends of phrases, as costs:
// those that bring phrases of two engines nearest to where they begin
// (docs/publish-transcript.md).
const (
	unsung      = 2.0 // a sentence that ends without a pause
	unsungOf    = 0.7 // a clause
	stray       = 1.0 // a pause where no phrase ends, and
	strayOf     = 8.0 // more for each second of it
	spread      = 0.012
	leastSpread = 0.0025
	// How many ends and pauses may be passed over between two that belong
	// together, and how many pauses an end may choose from: with these the time
	// is linear.
	mostPassed  = 12
	mostChoices = 12
)

// phrase is the end of one: of unit i.
type phrase struct {
	unit int
	end  phraseEnd
}

// choice is a pause that an end of a phrase may have, and the best way there.
type choice struct {
	end, pause int
	cost       float64
	before     int // index of the choice before it; −1 is the beginning
}

// pausing gives measured pauses to the ends of phrases: the division that the
// speed of speech, the same throughout, makes the likeliest. It returns the
// moments that follow from it.
func pausing(all []unit, pauses []silence, from, to float64) []moment {
	var ends []phrase
	for i, u := range all[:len(all)-1] {
		if u.end != noEnd {
			ends = append(ends, phrase{i, u.end})
		}
	}
	if len(ends) == 0 || len(pauses) == 0 {
		return nil
	}
	m := newMatcher(all, ends, pauses, from, to)
	var out []moment
	for _, c := range m.best() {
		u, p := all[ends[c.end].unit], pauses[c.pause]
		next := all[ends[c.end].unit+1]
		out = append(out, moment{u.at + u.weight, p.from}, moment{next.at, p.to})
	}
	return out
}

// robust is the cost of being off, in the square of what is usual: words are
// not as long as their letters, and one that is far off says little more than
// one that is not.
func robust(square float64) float64 { return math.Log1p(square) }

type matcher struct {
	all    []unit
	ends   []phrase
	pauses []silence
	from   float64
	to     float64

	said    []float64 // weight of the units before each
	silent  []float64 // seconds of the pauses before each
	missing []float64 // cost of the ends before each
	strays  []float64 // cost of the pauses before each
	rate    float64   // seconds for one on the scale
	choices []choice
}

func newMatcher(all []unit, ends []phrase, pauses []silence, from, to float64) *matcher {
	m := &matcher{all: all, ends: ends, pauses: pauses, from: from, to: to}
	sum := func(n int, of func(int) float64) []float64 {
		out := make([]float64, n+1)
		for i := range n {
			out[i+1] = out[i] + of(i)
		}
		return out
	}
	m.said = sum(len(all), func(i int) float64 { return all[i].weight })
	m.silent = sum(len(pauses), func(i int) float64 { return pauses[i].to - pauses[i].from })
	m.strays = sum(len(pauses), func(i int) float64 { return stray + strayOf*(pauses[i].to-pauses[i].from) })
	m.missing = sum(len(ends), func(i int) float64 {
		if ends[i].end == sentenceEnd {
			return unsung
		}
		return unsungOf
	})
	m.rate = max(1e-6, to-from-m.silent[len(pauses)]) / m.said[len(all)]
	return m
}

// best is the likeliest division, in order.
func (m *matcher) best() []choice {
	for e := range m.ends {
		m.choose(e)
	}
	end, least := m.arrive(len(m.ends), len(m.pauses), m.said[len(m.all)], m.to)
	if math.IsInf(least, 1) {
		return nil
	}
	var out []choice
	for end >= 0 {
		out = append(out, m.choices[end])
		end = m.choices[end].before
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// choose finds the pauses that an end may have: those nearest to where it is
// when pauses are counted as they come.
func (m *matcher) choose(e int) {
	said := m.said[m.ends[e].unit+1]
	spoken := func(p int) float64 { return m.pauses[p].from - m.from - m.silent[p] } // before a pause
	at := sort.Search(len(m.pauses), func(p int) bool { return spoken(p) >= said*m.rate })
	for p := max(0, at-mostChoices/2); p < min(len(m.pauses), at+mostChoices/2); p++ {
		if before, cost := m.arrive(e, p, said, m.pauses[p].from); !math.IsInf(cost, 1) {
			m.choices = append(m.choices, choice{e, p, cost, before})
		}
	}
}

// arrive is the best way to an end and its pause, which begins at a time.
func (m *matcher) arrive(e, p int, said, at float64) (before int, cost float64) {
	before, cost = -1, math.Inf(1)
	try := func(i int, after, start, sum float64, ends, pauses int) {
		if e-ends > mostPassed || p-pauses > mostPassed {
			return
		}
		expected := (said - after) * m.rate
		off := at - start - (m.silent[p] - m.silent[pauses]) - expected
		sum += robust(off * off / (spread*expected + leastSpread))
		sum += m.missing[e] - m.missing[ends] + m.strays[p] - m.strays[pauses]
		if sum < cost {
			before, cost = i, sum
		}
	}
	try(-1, 0, m.from, 0, 0, 0)
	for i := len(m.choices) - 1; i >= 0 && m.choices[i].end >= e-mostPassed-1; i-- {
		c := m.choices[i]
		if c.end < e && c.pause < p {
			try(i, m.said[m.ends[c.end].unit+1], m.pauses[c.pause].to, c.cost, c.end+1, c.pause+1)
		}
	}
	return before, cost
}
