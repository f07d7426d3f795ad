package mix

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Grid is the length of an MPEG-1 layer III frame in samples
// (ISO/IEC 11172-3, 2.4.2.1): spoken clips start on multiples of it.
const Grid = 1152

// LeastPause is the least digital silence between two spoken clips: two MPEG
// frames, so that an encoder's filters have settled where a block begins.
const LeastPause = 2 * Grid

// Edge is the fade at both ends of every take, in seconds: too short to be
// heard, long enough that no joint clicks.
const Edge = 0.006

// Lead is the silence before a voice that begins an episode, Tail the one
// after a voice that ends it, in seconds.
const (
	Lead = 0.3
	Tail = 0.8
)

// TrimDrift is how far a voice's loudness may move from where its trim was
// set before the trim is set anew, in LU: so that an edit does not move
// everything else.
const TrimDrift = 1.0

// Options are what a mix depends on beside the script and its takes.
type Options struct {
	Rate       int                 // of the episode, Hz
	Channels   int                 // 1, 2, or 0: stereo where a track is
	Loudness   level.LUFS          // that every voice and track is brought to
	Tracks     Tracks              // settings
	Intro      *record.Sound       // the track, listened to; nil without one
	Credits    *record.Sound       //
	VoiceGains map[string]level.DB // the show's own, on top of the trims
	VoiceTrims map[string]level.DB // of the episode's last build; nil without one
}

// Arrange lays out a script's takes (one a segment, in order).
func Arrange(sc *script.Script, takes []record.Take, o Options) (*Timeline, error) {
	if len(takes) != sc.Len() {
		return nil, fmt.Errorf("%d takes for %d segments", len(takes), sc.Len())
	}
	a := arrangement{
		Timeline: Timeline{Rate: o.Rate, Channels: o.Channels, VoiceTrims: trims(takes, o)},
		o:        o,
	}
	if a.Channels == 0 {
		a.Channels = 1
		if (o.Intro != nil && o.Intro.Channels == 2) || (o.Credits != nil && o.Credits.Channels == 2) {
			a.Channels = 2
		}
	}
	a.intro()
	starts := make([]int64, len(sc.Chapters)) // of each chapter; −1 where nothing of it sounds
	for i := range starts {
		starts[i] = -1
	}
	for place, seg := range sc.Segments() {
		at := a.speak(&takes[place.Ordinal-1], seg.Pause)
		if starts[place.Chapter] < 0 {
			starts[place.Chapter] = at
		}
	}
	credits := a.credits()
	a.chapters(sc, starts, credits)
	slices.SortStableFunc(a.Clips, func(x, y Clip) int { return int(x.Start - y.Start) })
	return &a.Timeline, nil
}

// arrangement is a timeline in the making.
type arrangement struct {
	Timeline
	o     Options
	next  int64 // where the next voice may start
	voice int64 // end of the last voice
}

// frames is d on the timeline.
func (a *arrangement) frames(d time.Duration) int64 {
	return int64(math.Round(d.Seconds() * float64(a.Rate)))
}

func (a *arrangement) seconds(s float64) int64 { return int64(math.Round(s * float64(a.Rate))) }

// up rounds to the grid.
func up(frames int64) int64 { return (max(0, frames) + Grid - 1) / Grid * Grid }

func (a *arrangement) intro() {
	if a.o.Intro == nil {
		a.next = up(a.seconds(Lead))
		return
	}
	end := a.track(a.o.Intro, a.o.Tracks.Intro, 0)
	a.next = up(end - min(a.frames(a.o.Tracks.Intro.Overlap), end/2))
	if a.o.Tracks.Intro.Overlap <= 0 {
		a.next = up(end + LeastPause)
	}
}

// speak places a take and returns where it starts.
func (a *arrangement) speak(t *record.Take, pause time.Duration) int64 {
	edge := a.seconds(Edge)
	clip := Clip{
		Take: t.Key, Sound: &t.Sound, Rate: t.Rate, From: t.In, To: t.Out, Start: a.next,
		Length: audio.ResampledFrames(t.Out-t.In, t.Rate, a.Rate),
		Gain:   a.VoiceTrims[t.Voice] + a.o.VoiceGains[t.Voice],
	}
	clip.FadeIn, clip.FadeOut = min(edge, clip.Length/2), min(edge, clip.Length/2)
	a.Clips = append(a.Clips, clip)
	a.Cues = append(a.Cues, Cue{Segment: t.Ordinal, Start: clip.Start, End: clip.End()})
	a.voice = clip.End()
	a.next = up(clip.End() + max(a.frames(pause), LeastPause))
	return clip.Start
}

// track places a track and returns its end.
func (a *arrangement) track(s *record.Sound, t Track, start int64) int64 {
	length := audio.ResampledFrames(s.Out-s.In, s.Rate, a.Rate)
	a.Clips = append(a.Clips, Clip{
		Track: t.File, Sound: s, Rate: s.Rate, From: s.In, To: s.Out, Start: start, Length: length,
		Gain:    trim(a.o.Loudness, s.Energies) + t.Gain,
		FadeIn:  min(a.frames(t.FadeIn), length),
		FadeOut: min(a.frames(t.FadeOut), length),
	})
	return start + length
}

// credits places the credits track, ends the timeline and returns where the
// track starts, or −1.
func (a *arrangement) credits() int64 {
	if a.o.Credits == nil {
		end := a.voice + a.seconds(Tail)
		for _, c := range a.Clips {
			end = max(end, c.End()) // an intro longer than everything spoken
		}
		a.Frames = up(end)
		return -1
	}
	start := up(a.voice - a.frames(a.o.Tracks.Credits.Overlap))
	if a.o.Tracks.Credits.Overlap <= 0 {
		start = a.next
	}
	a.Frames = up(a.track(a.o.Credits, a.o.Tracks.Credits, start))
	for _, c := range a.Clips {
		a.Frames = max(a.Frames, up(c.End()))
	}
	return start
}

// chapters closes the gaps: each chapter lasts until the next, the first
// begins with the episode. A hidden chapter's time belongs to the one before.
func (a *arrangement) chapters(sc *script.Script, starts []int64, credits int64) {
	for i, c := range sc.Chapters {
		at := starts[i]
		switch {
		case c.Kind == script.Intro && a.o.Intro != nil:
			at = 0
		case c.Kind == script.Credits && at < 0:
			at = credits
		}
		if at < 0 || c.Hidden {
			continue
		}
		if len(a.Chapters) == 0 {
			at = 0
		}
		a.Chapters = append(a.Chapters, Chapter{Title: c.Title, Start: at, Link: c.Link, Image: c.Image})
	}
	for i := range a.Chapters {
		a.Chapters[i].End = a.Frames
		if i+1 < len(a.Chapters) {
			a.Chapters[i].End = a.Chapters[i+1].Start
		}
	}
}

// trims brings each voice to the loudness of the show by what it recorded in
// this episode. A trim of the last build stays while it is near enough.
func trims(takes []record.Take, o Options) map[string]level.DB {
	energies := map[string][][]float32{}
	for i := range takes {
		energies[takes[i].Voice] = append(energies[takes[i].Voice], takes[i].Energies)
	}
	out := map[string]level.DB{}
	for voice, runs := range energies {
		t := trim(o.Loudness, runs...)
		if last, ok := o.VoiceTrims[voice]; ok && math.Abs(float64(last-t)) <= TrimDrift {
			t = last
		}
		out[voice] = t
	}
	return out
}

// trim is the gain from a measured loudness to the target, in steps of 0.1 dB;
// none for what is too quiet to measure.
func trim(target level.LUFS, energies ...[]float32) level.DB {
	measured := audio.Gated(energies...)
	if math.IsInf(float64(measured), 0) || math.IsNaN(float64(measured)) {
		return 0
	}
	return level.DB(math.Round(float64(target-measured)*10) / 10)
}
