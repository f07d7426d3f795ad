package cli

import "time"

// paceWindow is how far back the rate of a stage is measured: long enough to
// even out requests that come back in bursts, short enough to follow an
// endpoint that slows down.
const paceWindow = 30 * time.Second

// paceStep is the least time between two marks that are kept.
const paceStep = 100 * time.Millisecond

// pace estimates when a stage ends by its recent rate. What the store answers
// takes no time and is not counted.
type pace struct {
	marks []mark // by time
	count int
	total int
}

type mark struct {
	at    time.Duration // since the stage began
	fresh int           // units done that were not in the store
}

func (p *pace) observe(count, total, stored int, at time.Duration) {
	p.count, p.total = count, total
	m := mark{at: at, fresh: count - stored}
	if len(p.marks) == 0 {
		p.marks = append(p.marks, mark{})
	}
	last := &p.marks[len(p.marks)-1]
	switch {
	case m.fresh < last.fresh: // the stage went back: it does its work once more
		p.marks = append(p.marks[:0], m)
	case len(p.marks) > 1 && m.at-p.marks[len(p.marks)-2].at < paceStep:
		*last = m
	default:
		p.marks = append(p.marks, m)
	}
	for len(p.marks) > 2 && m.at-p.marks[1].at >= paceWindow {
		p.marks = p.marks[1:]
	}
}

// left is the estimated time to the end; ok is false while there is nothing
// to go by.
func (p *pace) left() (d time.Duration, ok bool) {
	if len(p.marks) < 2 || p.total == 0 {
		return 0, false
	}
	first, last := p.marks[0], p.marks[len(p.marks)-1]
	fresh, took := last.fresh-first.fresh, last.at-first.at
	if fresh <= 0 || took <= 0 {
		return 0, false
	}
	return time.Duration(float64(took) / float64(fresh) * float64(p.total-p.count)), true
}
