package calendar

import (
	"time"

	"github.com/narrapress/narrapress/config"
)

// Grace is how late a slot may be found due and still be on time. A scheduler
// looks every few seconds; what it finds later than this it was not there for.
const Grace = time.Minute

// mostAtOnce bounds the slots of one Due: a schedule of every minute that was
// down for a year has half a million.
const mostAtOnce = 100

// Due is what is to be done about the slots that have come.
type Due struct {
	Run     []Slot // begin a run for each, in order
	Missed  int    // slots that nobody was there for and that are given up
	Through Slot   // the last slot that this decides; its Time is the next call's last. Zero where none has come
	More    bool   // others have come, too: call again with Through
}

// Due decides about the slots after last whose start has come. The caller keeps
// Through with the runs that it enters, in one transaction. For a schedule that it
// has never seen last is when it first sees it: what was before that was not
// missed.
//
// What is late by more than Grace was missed. The schedule's catch_up says what
// becomes of it: `all` runs every slot, `once` the last one for all of them, and
// none of the missed where one on time follows, which does the same work; `none`
// gives them up.
func (s *Schedule) Due(last, now time.Time) Due {
	var d Due
	for {
		slot, ok := s.Next(last)
		if !ok || slot.Start.After(now) {
			return d
		}
		if len(d.Run) == mostAtOnce {
			d.More = true
			return d
		}
		missed := now.Sub(slot.Start) > Grace
		switch {
		case missed && s.catchUp == config.CatchUpNone:
			d.Missed++
		case s.catchUp == config.CatchUpOnce && len(d.Run) > 0 && now.Sub(d.Run[0].Start) > Grace:
			d.Run[0] = slot // does the work of the missed one before it
			d.Missed++
		default:
			d.Run = append(d.Run, slot)
		}
		d.Through, last = slot, slot.Time
	}
}

// Decision is what becomes of a slot that comes while the schedule's last run
// may still be going.
type Decision int

// The decisions.
const (
	Start   Decision = iota // begin the run
	Skip                    // leave the slot out
	Wait                    // begin the run when the one before it has ended
	Replace                 // end the run that is going, then begin
)

func (d Decision) String() string {
	return [...]string{"start", "skip", "wait", "replace"}[d]
}

// Overlap decides about a slot that has come, by the schedule's overlap rule.
// Running says that a run of the schedule is going, waiting that another one
// waits for its end. At most one waits: it finds what a second one would find.
func (s *Schedule) Overlap(running, waiting bool) Decision {
	switch {
	case !running && !waiting:
		return Start
	case s.overlap == config.OverlapReplace && running:
		return Replace
	case s.overlap == config.OverlapQueue && !waiting:
		return Wait
	}
	return Skip
}
