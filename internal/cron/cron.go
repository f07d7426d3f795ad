// Package cron answers when a cron expression comes next on the clock of a
// place, so that no time on it is lost or comes twice when the clock is changed.
//
// The expression is read by robfig/cron, which knows crontab's notation and has
// been read by many. The stepping is our own: that of robfig/cron leaves out the
// times in the hour that is skipped in spring, and comes twice in the hour that
// is repeated in autumn.
//
// Here the times of an expression are times of the clock on the wall, and each is
// mapped to one instant: one that is skipped to the first instant after the gap,
// one that comes twice to the first time. Times that are mapped to the same
// instant are one.
package cron

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zones, where the system has none, such as in a container

	robfig "github.com/robfig/cron/v3"
)

// Expression is what a cron expression says. Its zero value never comes.
type Expression struct {
	fields robfig.SpecSchedule
}

// Parse reads the five fields of crontab(5), minute, hour, day of the month,
// month and day of the week, or @hourly, @daily, @weekly, @monthly, @yearly. As
// there, a day need fit only one of its fields where both are given. An
// expression that never comes, such as 30 February, is an error.
func Parse(text string) (Expression, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Expression{}, errors.New("is empty: " + remedy)
	case strings.HasPrefix(text, "@every"):
		return Expression{}, errors.New("counts from when the program was started, so no time of it can be caught up: write, say, */30 * * * *")
	case strings.Contains(text, "="):
		return Expression{}, errors.New("names a time zone or a variable: the zone has a key of its own")
	}
	read, err := robfig.ParseStandard(text)
	if err != nil {
		return Expression{}, fmt.Errorf("%s: %s", reason(err), remedy)
	}
	spec, ok := read.(*robfig.SpecSchedule)
	if !ok {
		return Expression{}, errors.New("has no times of day: " + remedy)
	}
	e := Expression{*spec}
	if _, ok := e.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), time.UTC); !ok {
		return Expression{}, errors.New("never comes: there is no such day")
	}
	return e, nil
}

const remedy = "write minute, hour, day of month, month, day of week, such as 30 5 * * 1-5"

// reason is a parser's error without the parts that are of Go.
func reason(err error) string {
	text := err.Error()
	if before, _, ok := strings.Cut(text, ": strconv."); ok {
		text = before
	}
	return text
}

// star is the bit by which robfig/cron marks a field that was written as *.
const star = 1 << 63

// mostDays bounds the search: 29 February comes after at most 8 years, where a
// leap year is left out (2096 to 2104). Nothing is rarer, since a day need fit
// only one of its fields.
const mostDays = 9 * 366

// Next is the first instant after a time that the expression means at a place.
// There is none after it only where the expression is the zero value.
func (e *Expression) Next(after time.Time, at *time.Location) (time.Time, bool) {
	// What is mapped to an instant after this one is later on the wall: the map
	// from wall to instants never goes back.
	wall := after.In(at)
	year, month, day := wall.Date()
	from := wall.Hour()*60 + wall.Minute()
	for range mostDays {
		date := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		if e.day(date) {
			for minute := e.minute(from); minute < 24*60; minute = e.minute(minute + 1) {
				if t := instant(date.Add(time.Duration(minute)*time.Minute), at); t.After(after) {
					return t, true
				}
			}
		}
		date = date.AddDate(0, 0, 1)
		year, month, day = date.Date()
		from = 0
	}
	return time.Time{}, false
}

// day says whether the expression has a day, given as its midnight in UTC.
func (e *Expression) day(date time.Time) bool {
	if e.fields.Month&(1<<uint(date.Month())) == 0 {
		return false
	}
	dom := e.fields.Dom&(1<<uint(date.Day())) != 0
	dow := e.fields.Dow&(1<<uint(date.Weekday())) != 0
	if e.fields.Dom&star != 0 || e.fields.Dow&star != 0 {
		return dom && dow
	}
	return dom || dow
}

// minute is the expression's first minute of the day that is not before one;
// 24*60 if there is none.
func (e *Expression) minute(from int) int {
	hour, minute := from/60, from%60
	for ; hour < 24; hour, minute = hour+1, 0 {
		if e.fields.Hour&(1<<uint(hour)) == 0 {
			continue
		}
		for ; minute < 60; minute++ {
			if e.fields.Minute&(1<<uint(minute)) != 0 {
				return hour*60 + minute
			}
		}
	}
	return 24 * 60
}

// instant is when a clock at a place shows a time, which is given as if the
// place were UTC: the first such instant, or that at which the clock jumped over
// the time.
func instant(wall time.Time, at *time.Location) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, at)
	start, end := t.ZoneBounds()
	_, offset := t.Zone()
	switch shown := t.Unix() + int64(offset); {
	case shown > wall.Unix(): // time.Date counted from before the jump
		return start
	case shown < wall.Unix(): // or from after it
		return end
	case start.IsZero():
		return t
	}
	_, before := start.Add(-1).Zone()
	if first := time.Unix(wall.Unix()-int64(before), 0).In(at); first.Before(start) {
		return first
	}
	return t
}
