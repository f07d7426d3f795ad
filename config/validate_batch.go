package config

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/internal/cron"
)

// isAddress says whether a place is on the web.
func isAddress(from string) bool {
	scheme, _, ok := strings.Cut(from, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// judgePlace says what is wrong with where a source is. Whether a file is there
// is known when it is looked for: it may come later.
func judgePlace(from string) string {
	if scheme, _, ok := strings.Cut(from, "://"); ok && !isAddress(from) {
		return fmt.Sprintf("%s: is not read: name a path, or an address that begins with https://", word(scheme))
	}
	if isAddress(from) {
		u, err := url.Parse(from)
		switch {
		case err != nil || u.Hostname() == "":
			return "is no address: write it as https://host/path"
		case u.User != nil:
			return "a password in it would stand in every file of the episode"
		}
		return ""
	}
	for _, element := range strings.Split(filepath.ToSlash(from), "/") {
		if _, err := path.Match(element, ""); err != nil {
			return word(element) + " is no pattern: a [ has no ]"
		}
	}
	return ""
}

// judgeText says what is wrong with a text that has a notation of its own.
func judgeText(is meaning, text string) string {
	switch is {
	case place:
		return judgePlace(text)
	case date:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return "is no day: write it as 2006-01-02"
		}
	case pattern:
		if _, err := regexp.Compile(text); err != nil {
			return "is no regular expression: " + strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		}
	case cronTime:
		if _, err := cron.Parse(text); err != nil {
			return err.Error()
		}
	case zone:
		if _, err := time.LoadLocation(text); err != nil || text == "Local" {
			return "is no time zone: name one of the IANA database, such as Europe/Berlin or UTC"
		}
	}
	return ""
}

// sources judges each source by its own keys, and that its name is its alone.
func (d *decoder) sources(c *Config) {
	named := map[string]pos{}
	for i, s := range c.Sources {
		at := fmt.Sprintf("sources[%d]", i)
		if d.bad[at] {
			continue
		}
		say := func(key, format string, args ...any) {
			if p := join(at, key); key != "" {
				d.fault(p, d.from.values[p].at, key+": "+format, args...)
				return
			}
			d.fault(at, d.from.values[at].at, format, args...)
		}
		web := isAddress(s.From)
		switch {
		case s.From == "":
			say("", "the source has no from: name a file, a pattern, a folder or an address")
		case web && s.Kind == KindFiles:
			say("kind", "an address is no file: write feed, sitemap or page, or leave it out")
		case !web && s.Kind != "" && s.Kind != KindAuto && s.Kind != KindFiles:
			say("kind", "%s is read from an address, which begins with https://", s.Kind)
		case web && s.Watch:
			say("watch", "only files are watched: a schedule looks through what is on the web")
		case s.Content != "" && s.Content != ContentAuto && s.Kind != "" && s.Kind != KindAuto && s.Kind != KindFeed:
			say("content", "only the items of a feed have a text of their own")
		case s.Since != "" && s.Until != "" && s.Until < s.Since:
			say("until", "it is before since: no post is between them")
		case s.Words.Most > 0 && s.Words.Most < s.Words.Least:
			say("words.most", "it is less than least: no post is between them")
		case s.Name == "":
		case !named[s.Name].equal(pos{}):
			say("name", "%s is the name of the source at %s, too", word(s.Name), named[s.Name])
		default:
			named[s.Name] = d.from.values[join(at, "name")].at
		}
	}
}

func (p pos) equal(other pos) bool { return p == other }

// schedules judges that each has a time, and sources that there are.
func (d *decoder) schedules(c *Config) {
	var known []string
	for _, s := range c.Sources {
		if s.Name != "" {
			known = append(known, s.Name)
		}
	}
	for _, name := range names(c.Schedules) {
		at := join("schedules", name)
		s := c.Schedules[name]
		if s.Cron == "" && !d.bad[join(at, "cron")] {
			d.fault(at, d.from.values[at].key, "the schedule %s has no cron: write, say, cron: 30 5 * * *", word(name))
		}
		for i, source := range s.Sources {
			p := fmt.Sprintf("%s.sources[%d]", at, i)
			switch {
			case d.bad[p] || slices.Contains(known, source):
			case len(known) == 0 && len(c.Sources) > 0:
				d.fault(p, d.from.values[p].at, "sources: no source has a name: give %s one, with name:", word(source))
			default:
				d.absent(p, "source", source, known)
			}
		}
	}
}
