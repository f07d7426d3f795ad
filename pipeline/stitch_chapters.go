package pipeline

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// marked are the chapters of a stitching, without gaps: those that were marked,
// and those of the tracks. Without marks there are none.
func (p *Press) marked(tl *mix.Timeline, marks []Mark, pieces []heard, title string, m music) ([]mix.Chapter, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	var out []mix.Chapter
	begins := map[int64]string{}
	for _, mark := range marks {
		at, err := standing(tl, mark, pieces)
		if err != nil {
			return nil, err
		}
		if other, ok := begins[at]; ok {
			return nil, fmt.Errorf("the chapters %q and %q begin at the same place: leave one of them out", other, mark.Title)
		}
		begins[at] = mark.Title
		out = append(out, mix.Chapter{Title: mark.Title, Start: at, Link: mark.Link})
	}
	slices.SortFunc(out, func(a, b mix.Chapter) int { return int(a.Start - b.Start) })
	switch intro := p.cfg.Script.Chapters.Intro; {
	case m[mix.IntroName] != nil && intro != "":
		out = slices.Insert(out, 0, mix.Chapter{Title: intro})
	case m[mix.IntroName] == nil && out[0].Start > tl.Cues[0].Start:
		out = slices.Insert(out, 0, mix.Chapter{Title: title})
	}
	out[0].Start = 0
	if credits := p.cfg.Script.Chapters.Credits; m[mix.CreditsName] != nil && credits != "" {
		start := tl.Frames
		for _, c := range tl.Clips {
			if c.Sound == m[mix.CreditsName] {
				start = c.Start
			}
		}
		if start > out[len(out)-1].Start {
			out = append(out, mix.Chapter{Title: credits, Start: start})
		}
	}
	for i := range out {
		out[i].End = tl.Frames
		if i+1 < len(out) {
			out[i].End = out[i+1].Start
		}
	}
	return out, nil
}

// standing is where a mark stands on the timeline. Silence that was left out at
// the ends of a file is where its sound begins or ends.
func standing(tl *mix.Timeline, m Mark, pieces []heard) (int64, error) {
	i, at := m.Piece, m.At
	if i == AllPieces {
		var all time.Duration
		for i = 0; i < len(pieces); i++ { //nolint:intrange // i is used below
			long := lasts(&pieces[i])
			if at = m.At - all; at < long {
				break
			}
			all += long
		}
		if i == len(pieces) {
			return 0, fmt.Errorf("the chapter %q begins at %s, and all the audio together is %s long", m.Title, m.At, all.Round(time.Millisecond))
		}
	}
	sound := &pieces[i].Sound
	frame := int64(math.Round(at.Seconds() * float64(sound.Rate)))
	frame = min(max(frame, sound.In), sound.Out) - sound.In
	cue := tl.Cues[i]
	return min(cue.Start+int64(math.Round(float64(frame)*float64(tl.Rate)/float64(sound.Rate))), cue.End), nil
}

// lasts is how long the file of a piece is, with its silence.
func lasts(h *heard) time.Duration {
	return time.Duration(float64(h.Sound.Frames) / float64(h.Sound.Rate) * float64(time.Second))
}

// chaptersOf are a timeline's chapters in seconds.
func chaptersOf(tl *mix.Timeline) []podcast.Chapter {
	out := []podcast.Chapter{}
	for _, c := range tl.Chapters {
		out = append(out, podcast.Chapter{
			Title: c.Title, Start: tl.Seconds(c.Start), End: tl.Seconds(c.End), Link: c.Link, Image: c.Image,
		})
	}
	return out
}
