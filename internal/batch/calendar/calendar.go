// Package calendar answers when a schedule is due, and what becomes of the times
// that were missed or that come while a run is still going. It decides; it does
// not wait, and has no clock: the time is passed in.
//
// A schedule's times are its slots. A slot is an instant, the same for everyone
// who computes it, and so is its name: a batch that is entered under the name of
// its slot is entered once, by however many schedulers.
package calendar

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/cron"
)

// Schedule is one schedule of a show. It is safe for concurrent use.
type Schedule struct {
	name    string
	cron    cron.Expression
	zone    *time.Location
	jitter  time.Duration
	catchUp string
	overlap string
}

// New makes a schedule of what the show's file has under its name.
func New(name string, s config.Schedule) (*Schedule, error) {
	out := &Schedule{name: name, zone: time.UTC, jitter: s.Jitter, catchUp: s.CatchUp, overlap: s.Overlap}
	var err error
	if out.cron, err = cron.Parse(s.Cron); err != nil {
		return nil, fmt.Errorf("schedule %s: cron %w", name, err)
	}
	if s.Zone != "" {
		if out.zone, err = time.LoadLocation(s.Zone); err != nil {
			return nil, fmt.Errorf("schedule %s: zone: %w", name, err)
		}
	}
	if out.catchUp == "" {
		out.catchUp = config.CatchUpOnce
	}
	if out.overlap == "" {
		out.overlap = config.OverlapSkip
	}
	return out, nil
}

// Name of the schedule in the show's file.
func (s *Schedule) Name() string { return s.name }

// Slot is a time of a schedule.
type Slot struct {
	Schedule string
	Time     time.Time // that the expression means, in the schedule's zone
	Start    time.Time // with the slot's jitter: when the run begins
}

// Name of the slot, the same on every machine: nightly/2026-03-29T01:00:00Z.
func (s Slot) Name() string { return s.Schedule + "/" + s.Time.UTC().Format(time.RFC3339) }

// Next is the first slot whose time is after a time. There is none only where
// the schedule is the zero value.
func (s *Schedule) Next(after time.Time) (Slot, bool) {
	if s.zone == nil {
		return Slot{}, false
	}
	t, ok := s.cron.Next(after, s.zone)
	if !ok {
		return Slot{}, false
	}
	slot := Slot{Schedule: s.name, Time: t, Start: t}
	if s.jitter > 0 {
		slot.Start = t.Add(s.delay(slot))
	}
	return slot, true
}

// delay is the slot's share of the jitter, in whole seconds. It comes from the
// slot's name, so that every scheduler computes the same and the shows of one
// machine, or the machines of one show, do not begin together. It ends before
// the next slot: the order of slots is that of their starts.
func (s *Schedule) delay(slot Slot) time.Duration {
	most := s.jitter
	if next, ok := s.cron.Next(slot.Time, s.zone); ok {
		most = min(most, next.Sub(slot.Time))
	}
	h := fnv.New64a()
	h.Write([]byte(slot.Name()))
	return time.Duration(mixed(h.Sum64())%uint64(max(1, most/time.Second))) * time.Second
}

// mixed spreads what differs in the last characters of a name over all bits, by
// the finalizer of MurmurHash3 (fmix64).
func mixed(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return h
}
