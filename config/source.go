package config

import "time"

// Source is where posts come from: what is found there, and which of it is made
// into episodes. In a show's file it may be a text, which is From.
type Source struct {
	Name    string        `yaml:"name" json:"name,omitempty"`       // for schedules and reports; else From is its name
	From    string        `yaml:"from" json:"from"`                 // a file, a pattern, a folder, or an address
	Kind    string        `yaml:"kind" json:"kind,omitempty"`       // one of SourceKinds; empty is auto
	Content string        `yaml:"content" json:"content,omitempty"` // one of SourceContents: what is read of a feed's item; empty is auto
	Watch   bool          `yaml:"watch" json:"watch,omitempty"`     // of files: they may be written at any time
	Tags    []string      `yaml:"tags" json:"tags,omitempty"`       // at least one of them; of none, all posts
	Author  []string      `yaml:"author" json:"author,omitempty"`   // one of them
	Since   string        `yaml:"since" json:"since,omitempty"`     // first day, 2006-01-02, UTC
	Until   string        `yaml:"until" json:"until,omitempty"`     // last day
	Newer   time.Duration `yaml:"newer" json:"newer,omitempty"`     // than so long ago
	Words   WordCount     `yaml:"words" json:"words,omitzero"`
	Match   string        `yaml:"match" json:"match,omitempty"` // regular expression for title, path or address
	Skip    string        `yaml:"skip" json:"skip,omitempty"`   // likewise, of what is left out
	Limit   int           `yaml:"limit" json:"limit,omitempty"` // most posts, the newest first; 0 is no limit

	Gone     string        `yaml:"gone" json:"gone,omitempty"`         // one of SourceGone: what becomes of episodes whose posts are gone; empty is keep
	Debounce time.Duration `yaml:"debounce" json:"debounce,omitempty"` // that a post must have been left alone after a change; 0 is a minute for what is watched, else none

	Dir string `yaml:"-" json:"-"` // folder that a path in From is relative to
}

// What becomes of episodes whose posts are gone.
const (
	GoneKeep     = "keep"
	GoneWithdraw = "withdraw" // out of the feed; the files stay
)

// SourceGone are what may become of episodes whose posts are gone.
func SourceGone() []string { return []string{GoneKeep, GoneWithdraw} }

// watchedDebounce is that of watched files, which are saved again and again
// while somebody writes.
const watchedDebounce = time.Minute

// Settles is how long a changed post is left alone before it is made again.
func (s *Source) Settles() time.Duration {
	if s.Debounce == 0 && s.Watch {
		return watchedDebounce
	}
	return s.Debounce
}

// WordCount bounds the length of posts; 0 is no bound.
type WordCount struct {
	Least int `yaml:"least" json:"least,omitempty"`
	Most  int `yaml:"most" json:"most,omitempty"`
}

// The kinds of sources.
const (
	KindAuto    = "auto"
	KindFiles   = "files"
	KindFeed    = "feed"
	KindSitemap = "sitemap"
	KindPage    = "page"
)

// SourceKinds are the kinds of sources.
func SourceKinds() []string { return []string{KindAuto, KindFiles, KindFeed, KindSitemap, KindPage} }

// What is read of a feed's item.
const (
	ContentAuto = "auto"
	ContentItem = "item"
	ContentPage = "page"
)

// SourceContents are what may be read of a feed's item.
func SourceContents() []string { return []string{ContentAuto, ContentItem, ContentPage} }

// UnmarshalText reads a source that is only a place.
func (s *Source) UnmarshalText(b []byte) error { s.From = string(b); return nil }

// Title is how reports call the source.
func (s *Source) Title() string {
	if s.Name != "" {
		return s.Name
	}
	return s.From
}

// Schedule says when sources are looked through and what is new is made.
type Schedule struct {
	Cron    string        `yaml:"cron" json:"cron"`                   // minute, hour, day of month, month, day of week
	Zone    string        `yaml:"zone" json:"zone,omitempty"`         // of the clock that it means; empty is UTC
	Jitter  time.Duration `yaml:"jitter" json:"jitter,omitempty"`     // most that a run begins later
	CatchUp string        `yaml:"catch_up" json:"catch_up,omitempty"` // one of CatchUps; empty is once
	Overlap string        `yaml:"overlap" json:"overlap,omitempty"`   // one of Overlaps; empty is skip
	Sources []string      `yaml:"sources" json:"sources,omitempty"`   // names; none is all
	Limit   int           `yaml:"limit" json:"limit,omitempty"`       // most episodes of a run; 0 is no limit
	MaxCost float64       `yaml:"max_cost" json:"max_cost,omitempty"` // of a run, in the endpoints' currency; 0 is limits.cost.run alone
}

// What becomes of the times that nobody was there for.
const (
	CatchUpOnce = "once"
	CatchUpAll  = "all"
	CatchUpNone = "none"
)

// CatchUps are the rules for times that nobody was there for.
func CatchUps() []string { return []string{CatchUpOnce, CatchUpAll, CatchUpNone} }

// What becomes of a time that comes while the last run is still going.
const (
	OverlapSkip    = "skip"
	OverlapQueue   = "queue"
	OverlapReplace = "replace"
)

// Overlaps are the rules for times that come while the last run is still going.
func Overlaps() []string { return []string{OverlapSkip, OverlapQueue, OverlapReplace} }

// SourcesOf are the sources of a schedule, in the order of the file; without a
// name, all of the show.
func (c *Config) SourcesOf(schedule string) []Source {
	wanted := c.Schedules[schedule].Sources
	if len(wanted) == 0 {
		return c.Sources
	}
	var out []Source
	for _, s := range c.Sources {
		for _, w := range wanted {
			if s.Name == w {
				out = append(out, s)
				break
			}
		}
	}
	return out
}
