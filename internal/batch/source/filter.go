package source

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/config"
)

// filter says which posts of a source are wanted.
type filter struct {
	s           config.Source
	since       time.Time // inclusive; zero is no bound
	until       time.Time // exclusive
	match, skip *regexp.Regexp
	name        func(location string) string // that match and skip see
}

func newFilter(s config.Source, now time.Time, name func(string) string) (*filter, error) {
	f := &filter{s: s, name: name}
	var err error
	day := func(text string) (t time.Time) {
		if text != "" && err == nil {
			t, err = time.Parse(time.DateOnly, text)
		}
		return t
	}
	expression := func(text string) (re *regexp.Regexp) {
		if text != "" && err == nil {
			re, err = regexp.Compile(text)
		}
		return re
	}
	f.since = day(s.Since)
	if until := day(s.Until); !until.IsZero() {
		f.until = until.AddDate(0, 0, 1)
	}
	if s.Newer > 0 {
		if newer := now.Add(-s.Newer); newer.After(f.since) {
			f.since = newer
		}
	}
	f.match, f.skip = expression(s.Match), expression(s.Skip)
	return f, err
}

// apply gives the posts that are wanted, in their order, in the place of items.
func (f *filter) apply(items []Item) []Item {
	out := items[:0]
	for i := range items {
		if f.wants(&items[i]) {
			out = append(out, items[i])
		}
	}
	if f.s.Limit == 0 || len(out) <= f.s.Limit {
		return out
	}
	newest := make([]int, len(out))
	for i := range newest {
		newest[i] = i
	}
	slices.SortStableFunc(newest, func(a, b int) int { return out[b].Date.Compare(out[a].Date) })
	newest = newest[:f.s.Limit]
	slices.SortFunc(newest, cmp.Compare[int])
	for i, n := range newest {
		out[i] = out[n]
	}
	return out[:f.s.Limit]
}

func (f *filter) wants(it *Item) bool {
	same := func(list []string, value string) bool {
		return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, value) })
	}
	words := f.s.Words
	switch {
	case len(f.s.Tags) > 0 && !slices.ContainsFunc(it.Tags, func(t string) bool { return same(f.s.Tags, t) }):
	case len(f.s.Author) > 0 && !same(f.s.Author, it.Author):
	case !f.since.IsZero() && it.Date.Before(f.since):
	case !f.until.IsZero() && (it.Date.IsZero() || !it.Date.Before(f.until)):
	case it.Words > 0 && (it.Words < words.Least || words.Most > 0 && it.Words > words.Most):
	case f.match != nil && !f.match.MatchString(it.Title) && !f.match.MatchString(f.name(it.Location)):
	case f.skips(it.Title), f.skips(f.name(it.Location)):
	default:
		return true
	}
	return false
}

// skips says whether a title or the name of a place is left out.
func (f *filter) skips(text string) bool { return f.skip != nil && f.skip.MatchString(text) }
