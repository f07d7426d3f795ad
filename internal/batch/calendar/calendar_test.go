package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/config"
)

func schedule(t testing.TB, s config.Schedule) *Schedule {
	t.Helper()
	out, err := New("nightly", s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// minute is one of a year, and what the clock of a place shows in it.
type minute struct {
	at   time.Time
	wall time.Time // as if the place were UTC
}

// minutes of a year at a place.
func minutes(at *time.Location, year int) []minute {
	var out []minute
	end := time.Date(year+1, 1, 1, 0, 0, 0, 0, at)
	for now := time.Date(year, 1, 1, 0, 0, 0, 0, at); now.Before(end); now = now.Add(time.Minute) {
		out = append(out, minute{now, time.Date(now.Year(), now.Month(), now.Day(), now.Hour(), now.Minute(), 0, 0, time.UTC)})
	}
	return out
}

// numbers are those that a field of an expression means.
func numbers(field string, most int) []bool {
	out := make([]bool, most+1)
	for _, part := range strings.Split(field, ",") {
		part, step, stepped := strings.Cut(part, "/")
		every, from, to := 1, 0, most
		if stepped {
			every, _ = strconv.Atoi(step)
		}
		if part != "*" {
			low, high, isRange := strings.Cut(part, "-")
			from, _ = strconv.Atoi(low)
			to = from
			if isRange {
				to, _ = strconv.Atoi(high)
			}
		}
		for n := from; n <= to; n += every {
			out[n] = true
		}
	}
	return out
}

// oracle finds the slots of a year by looking at a clock each minute. A time is
// a slot when the clock shows it for the first time, or when the clock has just
// jumped over it.
func oracle(expression string, year []minute) []time.Time {
	fields := strings.Fields(expression)
	var sets [5][]bool
	for i, most := range []int{59, 23, 31, 12, 6} {
		sets[i] = numbers(fields[i], most)
	}
	meant := func(wall time.Time) bool {
		hour, minute, _ := wall.Clock()
		if !sets[0][minute] || !sets[1][hour] || !sets[3][wall.Month()] {
			return false
		}
		day, weekday := sets[2][wall.Day()], sets[4][wall.Weekday()]
		if fields[2] != "*" && fields[4] != "*" {
			return day || weekday
		}
		return day && weekday
	}
	var out []time.Time
	latest := year[0].wall.Add(-time.Minute) // that the clock has shown so far
	for _, m := range year {
		slot := false
		for w := latest.Add(time.Minute); !w.After(m.wall); w = w.Add(time.Minute) {
			slot = slot || meant(w)
		}
		if slot {
			out = append(out, m.at)
		}
		if m.wall.After(latest) {
			latest = m.wall
		}
	}
	return out
}

// A year of schedules: a scheduler that sleeps until the next slot runs each
// that the oracle finds, exactly once.
func TestYear(t *testing.T) {
	t.Parallel()
	const year = 2026
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"} {
		at, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		shown := minutes(at, year)
		for _, expression := range []string{
			"30 2 * * *", "15 1 * * *", "*/15 * * * *", "0 * * * *", "59 1-3 * * *", "10,40 2 * 3,4,10,11 0", "0 0 1 * *", "5 2 13 * 5", "0 12 * * 1-5", "7 */6 * * *",
		} {
			t.Run(zone+" "+expression, func(t *testing.T) {
				t.Parallel()
				want := oracle(expression, shown)
				s := schedule(t, config.Schedule{Cron: expression, Zone: zone})
				now := time.Date(year, 1, 1, 0, 0, 0, 0, at)
				end := time.Date(year+1, 1, 1, 0, 0, 0, 0, at)
				last := now.Add(-time.Second)
				var got []time.Time
				for {
					next, ok := s.Next(last)
					if now = next.Start; !ok || !now.Before(end) {
						break
					}
					d := s.Due(last, now)
					if early := s.Due(last, now.Add(-time.Second)); len(d.Run) != 1 || d.Missed > 0 || len(early.Run) > 0 {
						t.Fatalf("at %v: %+v, a second before: %+v", now, d, early)
					}
					got, last = append(got, d.Run[0].Time), d.Through.Time
				}
				if len(want) == 0 || !slices.EqualFunc(want, got, time.Time.Equal) {
					t.Errorf("%d slots, want %d; the first that differ: %s", len(got), len(want), differ(want, got))
				}
			})
		}
	}
}

func differ(want, got []time.Time) string {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			return fmt.Sprintf("%v is too much", got[i])
		case i >= len(got):
			return fmt.Sprintf("%v is missing", want[i])
		case !want[i].Equal(got[i]):
			return fmt.Sprintf("%v, want %v", got[i], want[i])
		}
	}
	return "none"
}

// Whatever the moments at which schedulers look, are killed and come back, no
// slot is run twice, and with catch_up: all none is lost.
func TestDowntime(t *testing.T) {
	t.Parallel()
	day := func(hour, minute int) time.Time { return time.Date(2026, 3, 29, hour, minute, 0, 0, time.UTC) }
	name := func(hours ...int) []string {
		var out []string
		for _, h := range hours {
			out = append(out, Slot{Schedule: "nightly", Time: day(h, 0)}.Name())
		}
		return out
	}
	type want struct {
		run     []string
		missed  int
		through time.Time
	}
	for _, c := range []struct {
		name, catchUp string
		now           time.Time
		want          want
	}{
		{"nothing has come", "", day(4, 59), want{}},
		{"on time", "", day(5, 0), want{name(5), 0, day(5, 0)}},
		{"still on time", config.CatchUpNone, day(5, 1), want{name(5), 0, day(5, 0)}},
		{"late", config.CatchUpNone, day(5, 2), want{nil, 1, day(5, 0)}},
		{"late, once", config.CatchUpOnce, day(5, 2), want{name(5), 0, day(5, 0)}},
		{"a night, once", config.CatchUpOnce, day(8, 30), want{name(8), 3, day(8, 0)}},
		{"a night, all", config.CatchUpAll, day(8, 30), want{name(5, 6, 7, 8), 0, day(8, 0)}},
		{"a night, none", config.CatchUpNone, day(8, 30), want{nil, 4, day(8, 0)}},
		{"back on the hour, once", config.CatchUpOnce, day(8, 0), want{name(8), 3, day(8, 0)}},
		{"back on the hour, none", config.CatchUpNone, day(8, 0), want{name(8), 3, day(8, 0)}},
		{"the clock was set back", config.CatchUpAll, day(2, 0), want{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := schedule(t, config.Schedule{Cron: "0 * * * *", CatchUp: c.catchUp})
			d := s.Due(day(4, 0), c.now)
			got := want{missed: d.Missed, through: d.Through.Time}
			for _, slot := range d.Run {
				got.run = append(got.run, slot.Name())
			}
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(want{})); diff != "" || d.More {
				t.Errorf("more: %v; (-want +got):\n%s", d.More, diff)
			}
		})
	}
}

func TestLongDowntime(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	now := begin.AddDate(0, 0, 1)
	s := schedule(t, config.Schedule{Cron: "*/2 * * * *", CatchUp: config.CatchUpAll})
	last, seen := begin, map[string]bool{}
	for more := true; more; {
		d := s.Due(last, now)
		for _, slot := range d.Run {
			if seen[slot.Name()] {
				t.Fatalf("%s is run twice", slot.Name())
			}
			seen[slot.Name()] = true
		}
		if len(d.Run) > mostAtOnce {
			t.Fatalf("%d runs at once", len(d.Run))
		}
		last, more = d.Through.Time, d.More
	}
	if len(seen) != 720 {
		t.Errorf("%d slots, want 720", len(seen))
	}
}

func TestJitter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cron   string
		jitter time.Duration
		most   time.Duration // that a slot is late
	}{
		{"*/10 * * * *", 5 * time.Minute, 5 * time.Minute},
		{"*/10 * * * *", time.Hour, 10 * time.Minute},
		{"0 3 * * *", time.Hour, time.Hour},
	} {
		s := schedule(t, config.Schedule{Cron: c.cron, Jitter: c.jitter, Zone: "Europe/Berlin"})
		again := schedule(t, config.Schedule{Cron: c.cron, Jitter: c.jitter, Zone: "Europe/Berlin"})
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		var before Slot
		const slots = 500
		quarters := [4]int{}
		for range slots {
			slot, ok := s.Next(at)
			same, _ := again.Next(at)
			late := slot.Start.Sub(slot.Time)
			if !ok || slot.Name() != same.Name() || !slot.Start.Equal(same.Start) || late < 0 || late >= c.most || !slot.Start.After(before.Start) {
				t.Fatalf("%s: %v after %v, %v late; once more %v", c.cron, slot, before, late, same)
			}
			quarters[4*late/c.most]++
			before, at = slot, slot.Time
		}
		for i, n := range quarters {
			if n < slots/8 {
				t.Errorf("%s: only %d of %d slots are in quarter %d of the jitter", c.cron, n, slots, i)
			}
		}
		if d := s.Due(before.Time.Add(-time.Second), before.Start.Add(-time.Second)); len(d.Run) != 0 {
			t.Errorf("%s: %v runs before its start", c.cron, d.Run)
		}
		if d := s.Due(before.Time.Add(-time.Second), before.Start); len(d.Run) != 1 {
			t.Errorf("%s: %v does not run at its start", c.cron, before)
		}
	}
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string][4]Decision{ // nothing is going; runs; runs and waits; waits
		"":                    {Start, Skip, Skip, Skip},
		config.OverlapSkip:    {Start, Skip, Skip, Skip},
		config.OverlapQueue:   {Start, Wait, Skip, Skip},
		config.OverlapReplace: {Start, Replace, Replace, Skip},
	} {
		s := schedule(t, config.Schedule{Cron: "@daily", Overlap: rule})
		got := [4]Decision{s.Overlap(false, false), s.Overlap(true, false), s.Overlap(true, true), s.Overlap(false, true)}
		if got != want {
			t.Errorf("%q: %v, want %v", rule, got, want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []config.Schedule{{Cron: "x"}, {Cron: "@daily", Zone: "Nowhere/None"}} {
		if _, err := New("nightly", s); err == nil || !strings.Contains(err.Error(), "schedule nightly: ") {
			t.Errorf("%v: %v", s, err)
		}
	}
}

// TestNoSchedule: the zero value is never due, and says so.
func TestNoSchedule(t *testing.T) {
	t.Parallel()
	s := &Schedule{}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if slot, ok := s.Next(now); ok {
		t.Errorf("its next slot is %v", slot)
	}
	if d := s.Due(now, now.AddDate(1, 0, 0)); len(d.Run) > 0 || d.More {
		t.Errorf("it is due: %+v", d)
	}
}

func TestDecisionString(t *testing.T) {
	t.Parallel()
	for d, want := range map[Decision]string{Start: "start", Skip: "skip", Wait: "wait", Replace: "replace"} {
		if got := d.String(); got != want {
			t.Errorf("%d is %q, want %q", d, got, want)
		}
	}
}
