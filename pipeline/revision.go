package pipeline

import (
	"fmt"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// revision is the number of the episode's text: 1 when it is first made, and
// one more each time that its source is another one than before, or what a person
// changed about how it is spoken. Music, levels and settings make no new revision.
func (r *release) revision() int {
	last := r.place.last
	if last == nil {
		return 1
	}
	n := max(1, last.Revision) // an older program did not count
	if last.Source.SHA256 != r.plan.SHA256 || reedited(last.Source.Overlay, r.plan.overlaid()) != "" {
		n++
	}
	return n
}

// backwards is how far a clock is believed to have gone back: a day, for the zones of
// the world are as far apart. Who is further ahead had a clock that was wrong.
const backwards = 24 * time.Hour

// released is when an episode without a date of its own was first made. Once
// it is known it stays, whatever the clock says: a feed is in its order. For that it
// is also after those that were made before it, where the clock went back since.
func (r *release) released() time.Time {
	last := r.place.last
	switch {
	case !r.plan.Script.Date.IsZero():
		return time.Time{}
	case last != nil && !last.Episode.Released.IsZero():
		return last.Episode.Released
	case last != nil && !last.Episode.Date.IsZero():
		return last.Episode.Date // which its source has lost since
	}
	now := r.run.Started.UTC().Truncate(time.Second)
	if ahead := r.place.latest.Sub(now); ahead > 0 && ahead <= backwards {
		return r.place.latest.UTC().Add(time.Second)
	}
	return now
}

// links are those of the article. Where there is none at hand, as in a plan or
// the episode's own folder, they are as they were.
func links(plan *Plan, pl *place) []podcast.Link {
	if c := plan.content; c != nil && c.doc != nil {
		return c.doc.Links()
	}
	if pl.last != nil {
		return pl.last.Episode.Links
	}
	return nil
}

// revised says, in lines, what is not as it was when the episode was last
// made: its text first, then what the show has for it.
func revised(plan *Plan, pl *place, in *inputs) []string {
	if pl.last == nil {
		return nil
	}
	var out []string
	was, is := pl.last.Episode, plan.Script
	for _, f := range []struct{ name, was, is string }{
		{"title", was.Title, is.Title},
		{"author", was.Author, is.Author},
		{"language", was.Language, is.Language},
		{"link", was.Link, is.Link},
		{"description", was.Description, is.Summary},
		{"source", pl.last.Source.Path, is.Source},
	} {
		if f.was != f.is {
			out = append(out, fmt.Sprintf("%s: %s → %s", f.name, orNone(cutText(f.was)), orNone(cutText(f.is))))
		}
	}
	if said := reedited(pl.last.Source.Overlay, plan.overlaid()); said != "" {
		out = append(out, said)
	}
	if said := retaken(pl.last, plan); said != "" {
		out = append(out, said)
	}
	if before, err := publish.ReadScript(pl.dir, pl.last); err == nil {
		if added, removed := script.Words(before, plan.Script); added+removed > 0 {
			out = append(out, fmt.Sprintf("%s added, %s removed", number(added, "word"), number(removed, "word")))
		}
	}
	settings := changes(pl.last, in)
	if len(out) > 0 && len(settings) == 1 && settings[0] == otherChange {
		return out
	}
	return append(out, settings...)
}

// retaken counts the segments that other takes speak than before.
func retaken(last *publish.Manifest, plan *Plan) string {
	before, now := map[string]int{}, map[string]int{}
	for _, t := range last.Takes {
		before[t.Key]++
	}
	for _, s := range plan.Segments {
		now[s.Key]++
	}
	beyond := func(a, b map[string]int) (n int) {
		for key, count := range a {
			n += max(0, count-b[key])
		}
		return n
	}
	var parts []string
	if n := beyond(now, before); n > 0 {
		parts = append(parts, number(n, "segment")+" spoken anew")
	}
	if n := beyond(before, now); n > 0 {
		parts = append(parts, number(n, "segment")+" no longer in it")
	}
	return strings.Join(parts, ", ")
}

func number(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
