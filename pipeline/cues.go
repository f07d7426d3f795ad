package pipeline

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// cues are when the segments are heard, and their clocks when each word is.
func (r *release) cues(s speakers) ([]podcast.Cue, []*cue.Clock) {
	cues := make([]podcast.Cue, 0, len(r.timeline.Cues))
	clocks := make([]*cue.Clock, 0, len(r.timeline.Cues))
	for place, seg := range r.plan.Script.Segments() {
		i := len(cues)
		at, take := r.timeline.Cues[i], &r.takes[i]
		c := podcast.Cue{
			Segment: place.Ordinal, Role: seg.Role, Speaker: s.of(seg.Role), Announcement: seg.Announcement,
			Start: r.timeline.Seconds(at.Start), End: r.timeline.Seconds(at.End), Spoken: seg.Text,
		}
		clock := cue.NewClock(cue.Speech{
			Text: seg.Text, Length: float64(c.End - c.Start), Marks: take.Marks, Trimmed: float64(take.In) / float64(take.Rate),
			Energies: take.Energies, Guard: record.GuardSeconds,
		}, c.Start)
		original := cue.Original(seg)
		c.Text = original.Text
		if c.Spoken == c.Text {
			c.Spoken = ""
		}
		c.Words, c.Sentences = cue.Words(seg, take.Marks, clock), cue.Sentences(original, clock)
		cues, clocks = append(cues, c), append(clocks, clock)
	}
	return cues, clocks
}

// speakers are the names of who is heard.
type speakers struct {
	author string // whose words most are
	quote  string // who is quoted, where nobody is named
}

// speakers of a script: a listener wants to know whose words they are, not
// which voice the show has cast for them. What is quoted is called so in the
// script's language, by the word that would announce it.
func (p *Press) speakers(sc *script.Script) speakers {
	words := script.DefaultAnnouncements(cmp.Or(sc.Language, p.cfg.Show.Language))
	return speakers{
		author: cmp.Or(sc.Author, p.cfg.Show.Author, p.cfg.Show.Title),
		quote:  strings.TrimRightFunc(cmp.Or(p.cfg.Script.Announcements["quote"], words["quote"]), unicode.IsPunct),
	}
}

func (s speakers) of(role string) string {
	if name, ok := strings.CutPrefix(role, "speaker:"); ok && name != "" {
		return name
	}
	if role == script.RoleQuote {
		return s.quote
	}
	return s.author
}
