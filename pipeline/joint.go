package pipeline

import (
	"context"
	"fmt"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Places where the music of an episode meets its voices.
const (
	JointIntro   = "intro"   // the intro, and the first of the text
	JointCredits = "credits" // the last of the text, and the music of the credits
)

// Joint is the sound around a place where music meets voices, under settings
// that a show does not have yet.
type Joint struct {
	Place    string     // JointIntro or JointCredits
	Tracks   mix.Tracks // their files are the show's
	Loudness level.LUFS // that the episode is brought to
}

// around is how many segments are heard beside the music, before or behind.
const around = 2

// Joint makes the sound around a joint: the whole of the music, and the segments
// beside it. At is where music and voices meet. It asks for nothing: a take that
// is not stored is a *MissingError.
func (p *Press) Joint(ctx context.Context, o Order, plan *Plan, j Joint) (x *Excerpt, at podcast.Seconds, err error) {
	from, to, err := plan.beside(j.Place)
	if err != nil {
		return nil, 0, err
	}
	part, err := plan.cut(from, to)
	if err != nil {
		return nil, 0, err
	}
	sc := part.Script
	has := func(k script.Kind) bool {
		for _, c := range sc.Chapters {
			if c.Kind == k {
				return true
			}
		}
		return false
	}
	// A chapter of music may have no words, by which it would have been found.
	switch whole := plan.Script.Chapters; {
	case j.Place == JointIntro && !has(script.Intro):
		sc.Chapters = append(empty(whole, script.Intro), sc.Chapters...)
	case j.Place == JointCredits && !has(script.Credits):
		sc.Chapters = append(sc.Chapters, empty(whole, script.Credits)...)
	}
	tracks, err := p.listen(ctx, o)
	if err != nil {
		return nil, 0, err
	}
	other := map[string]string{JointIntro: mix.CreditsName, JointCredits: mix.IntroName}[j.Place]
	delete(tracks, other)
	delete(tracks, mix.StingName)
	files := p.cfg.Tracks
	j.Tracks.Intro.File, j.Tracks.Credits.File, j.Tracks.Bed.File, j.Tracks.Sting.File = files.Intro.File, files.Credits.File, files.Bed.File, files.Sting.File
	x, err = p.excerpt(ctx, o, part, from, func(takes []record.Take, pl *place) (*mix.Timeline, error) {
		opts := p.mixOptions(tracks)
		opts.Tracks, opts.Loudness = j.Tracks, j.Loudness
		opts.VoiceGains, opts.VoiceTrims = p.voiceGains(part), p.levels(pl, o).gains.Voices
		return mix.Arrange(sc, takes, opts)
	}, func(c *store.Cache) master.Options {
		opts := p.masterOptions(c)
		opts.Loudness = j.Loudness
		return opts
	})
	if err != nil || len(x.Cues) == 0 {
		return x, 0, err
	}
	if j.Place == JointIntro {
		for _, c := range x.Cues {
			if at = c.Start; float64(at) > mix.Lead+0.05 { // the first that comes behind music
				break
			}
		}
		return x, at, nil
	}
	return x, x.Cues[len(x.Cues)-1].End, nil
}

// beside is which segments stand beside music.
func (p *Plan) beside(where string) (from, to int, err error) {
	n := len(p.Segments)
	i, first, last := 0, 0, 0 // of the text
	for _, c := range p.Script.Chapters {
		for range c.Segments {
			i++
			if c.Kind == script.Body {
				if first == 0 {
					first = i
				}
				last = i
			}
		}
	}
	if first == 0 {
		return 0, 0, fmt.Errorf("the episode has no text for music to stand beside")
	}
	switch where {
	case JointIntro:
		return 1, min(n, first+around-1), nil
	case JointCredits:
		return max(1, last-around+1), n, nil
	}
	return 0, 0, fmt.Errorf("there is no joint %q: it is %s or %s", where, JointIntro, JointCredits)
}

// empty are the chapters of a kind, without their words.
func empty(chapters []script.Chapter, k script.Kind) []script.Chapter {
	var out []script.Chapter
	for _, c := range chapters {
		if c.Kind == k {
			c.Segments = nil
			out = append(out, c)
		}
	}
	return out
}
