package voices

import (
	"errors"
	"time"
)

// tuner finds how many requests an endpoint takes at once, where nobody says.
//
// It begins with few and takes one more with every answer, so that their
// number doubles in the time of one, until a request is refused for haste.
// Then as many as are in flight beside the refused one is the limit: the
// server takes them. From there on one more is tried after some rounds of
// answers, fewer after one that went well, twice as many after one that was
// refused, so that a limit that was raised is found, and one that stands is
// not run against all the time: an increase that adds and a decrease at once,
// as in TCP (RFC 5681, section 3.1), but to a number that is known to hold.
//
// A server may also take all and have them wait. That is seen by the time
// that answers take: twice as long as at best, both each and for the length of
// their texts, and there are fewer. With one at a time nothing waits: what
// that takes is the best that there is.
//
// Its owner guards it.
type tuner struct {
	most   int       // never more
	rising bool      // nothing was refused yet
	tried  bool      // the last change was one more
	good   int       // answers of a full house since the last change
	rounds int       // of good answers before one more is tried
	cut    time.Time // when the limit was lowered last

	window window
	best   struct{ answer, character float64 } // least seconds of each, in a window
}

// window gathers what answers took.
type window struct {
	answers    int
	took       time.Duration
	characters int
}

const (
	fewestRounds = 1
	mostRounds   = 32

	// fewestAnswers are as many as it takes to tell what is usual: the mean
	// of 20 latencies is within a quarter of the true one, nine times of ten,
	// where single ones differ as the providers' do (log-normal, σ 0.5).
	fewestAnswers = 20
	// firstAnswers come before there is more than at first, to know what they
	// take when nothing waits. More of them would take too much of an episode.
	firstAnswers = 8
	// queueing is how many times longer than at best answers take where they
	// wait for one another.
	queueing = 2
)

func newTuner(most int) *tuner {
	return &tuner{most: most, rising: true, rounds: fewestRounds}
}

// outcome is how a request ended.
type outcome struct {
	began, ended time.Time
	characters   int
	err          error
}

// judge is the new limit after a request, which is still among those inside.
func (t *tuner) judge(limit, inside int, o outcome) int {
	e, failed := errors.AsType[*Error](o.err)
	switch {
	case failed && e.Advice == Wait:
		return t.refused(limit, inside, o)
	case failed && errors.As(e.Err, new(*TimeoutError)):
		return t.late(limit, o)
	case o.err == nil:
		return t.answered(limit, inside, o)
	}
	return limit // it says nothing about haste
}

// refused for haste: the others in flight are as many as it takes.
func (t *tuner) refused(limit, inside int, o outcome) int {
	if t.tried && o.began.After(t.cut) {
		t.rounds = min(2*t.rounds, mostRounds)
	}
	t.lowered(o)
	return max(1, min(limit, inside-1))
}

// late is an answer that was not waited for: it takes much too many.
func (t *tuner) late(limit int, o outcome) int {
	if !o.began.After(t.cut) {
		return limit // of those before
	}
	t.lowered(o)
	return max(1, limit/2)
}

func (t *tuner) lowered(o outcome) {
	t.rising, t.tried, t.good, t.cut = false, false, 0, o.ended
}

func (t *tuner) answered(limit, inside int, o outcome) int {
	if inside < limit {
		return limit // there is not enough to do to learn from it
	}
	t.window.answers++
	t.window.took += o.ended.Sub(o.began)
	t.window.characters += max(1, o.characters)
	enough := max(fewestAnswers, limit)
	if t.best.answer == 0 {
		if enough = firstAnswers; t.window.answers < enough {
			return limit
		}
	}
	if t.window.answers >= enough {
		if slower := t.slower(limit); slower > queueing {
			t.lowered(o)
			return max(1, min(limit-1, int(float64(limit)*queueing/slower)))
		}
	}
	t.good++
	switch {
	case limit >= t.most:
		return limit
	case t.rising:
		t.good = 0
		return limit + 1
	case t.good < t.rounds*limit:
		return limit
	}
	if t.tried { // the last one more was taken well
		t.rounds = max(fewestRounds, t.rounds/2)
	}
	t.tried, t.good = true, 0
	return limit + 1
}

// slower ends a window: how many times longer it took than the best.
func (t *tuner) slower(limit int) float64 {
	took := t.window.took.Seconds()
	answer, character := took/float64(t.window.answers), took/float64(t.window.characters)
	t.window = window{}
	if took == 0 {
		return 1
	}
	if t.best.answer == 0 || limit == 1 {
		t.best.answer, t.best.character = answer, character
	}
	t.best.answer, t.best.character = min(t.best.answer, answer), min(t.best.character, character)
	return min(answer/t.best.answer, character/t.best.character)
}
