package mix

import (
	"cmp"
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
	Sting      *record.Sound       //
	Bed        *record.Sound       //
	VoiceGains map[string]level.DB // the show's own, on top of the trims
	VoiceTrims map[string]level.DB // of an earlier build; nil without one
	Chapter    time.Duration       // least length of a chapter of the text
	Frozen     bool                // VoiceTrims hold whatever the takes say: not all of them are there yet
}

// channels of the episode.
func (o *Options) channels() int {
	if o.Channels != 0 {
		return o.Channels
	}
	for _, t := range []*record.Sound{o.Intro, o.Credits, o.Sting, o.Bed} {
		if t != nil && t.Channels == 2 {
			return 2
		}
	}
	return 1
}

// Arrange lays out a script's takes (one a segment, in order) and the tracks
// around them. Where the script has its intro chapter, the intro is.
func Arrange(sc *script.Script, takes []record.Take, o Options) (*Timeline, error) {
	if len(takes) != sc.Len() {
		return nil, fmt.Errorf("%d takes for %d segments", len(takes), sc.Len())
	}
	a := arrangement{
		Timeline: Timeline{Rate: o.Rate, Channels: o.channels(), VoiceTrims: trims(takes, o)},
		o:        o, script: sc, takes: takes, chapter: -1, introAt: -1, creditsAt: -1,
	}
	a.next = up(a.seconds(Lead))
	under := a.underBed()
	starts := make([]int64, len(sc.Chapters)) // of each chapter; −1 where nothing of it sounds
	for i := range starts {
		starts[i] = -1
	}
	for place, seg := range sc.Segments() {
		if place.Chapter != a.chapter {
			a.enter(place)
		}
		at := a.speak(&takes[place.Ordinal-1], seg.Pause)
		a.bedded = append(a.bedded, under(place))
		if starts[place.Chapter] < 0 {
			starts[place.Chapter], a.begun = at, at
		}
	}
	a.credits()
	a.bed()
	a.end()
	a.chapters(starts)
	slices.SortStableFunc(a.Clips, func(x, y Clip) int { return cmp.Compare(x.Start, y.Start) })
	return &a.Timeline, nil
}

// arrangement is a timeline in the making.
type arrangement struct {
	Timeline
	o      Options
	script *script.Script
	takes  []record.Take
	next   int64 // where the next voice may start
	voice  int64 // end of the last voice
	begun  int64 // start of the first voice in its chapter

	chapter   int     // index of the chapter whose segments are being laid
	told      bool    // a chapter that is listed has been heard, and nothing but voices since
	introAt   int64   // where the intro starts; −1 where there is none
	stings    []int64 // where stings start
	creditsAt int64   // where the music of the credits starts; −1 where there is none, or none yet
	spoken    int     // index of the first cue that is spoken over it
	bedded    []bool  // of each cue, whether it has a bed
}

// frames is d on the timeline.
func (a *arrangement) frames(d time.Duration) int64 { return a.seconds(d.Seconds()) }

func (a *arrangement) seconds(s float64) int64 { return int64(math.Round(s * float64(a.Rate))) }

// up rounds to the grid.
func up(frames int64) int64 { return (max(0, frames) + Grid - 1) / Grid * Grid }

// enter lays what stands before the first segment of a chapter.
func (a *arrangement) enter(place script.Place) {
	a.chapter = place.Chapter
	c := &a.script.Chapters[place.Chapter]
	listed := c.Kind == script.Body && !c.Hidden
	switch {
	case a.o.Intro != nil && a.introAt < 0 && place.Chapter >= a.introChapter():
		a.intro()
	case a.o.Sting != nil && a.told && listed:
		a.sting()
	case a.o.Credits != nil && a.creditsAt < 0 && c.Kind == script.Credits:
		a.creditsUnder(place)
	}
	a.told = a.told || listed
}

// introChapter is the index of the chapter before which the intro has its
// place: of the intro's own, else the first.
func (a *arrangement) introChapter() int {
	return max(0, slices.IndexFunc(a.script.Chapters, func(c script.Chapter) bool { return c.Kind == script.Intro }))
}

// speak places a take and returns where it starts.
func (a *arrangement) speak(t *record.Take, pause time.Duration) int64 {
	edge := a.seconds(Edge)
	clip := Clip{
		Take: t.Key, Sound: &t.Sound, Rate: t.Rate, From: t.In, To: t.Out, Start: a.next,
		Length: a.length(&t.Sound),
		Gain:   a.VoiceTrims[t.Voice] + a.o.VoiceGains[t.Voice],
	}
	clip.FadeIn, clip.FadeOut = min(edge, clip.Length/2), min(edge, clip.Length/2)
	a.Clips = append(a.Clips, clip)
	a.Cues = append(a.Cues, Cue{Segment: t.Ordinal, Start: clip.Start, End: clip.End()})
	a.voice = clip.End()
	a.next = a.after(a.voice, pause)
	return clip.Start
}

// length of a sound on the timeline.
func (a *arrangement) length(s *record.Sound) int64 {
	return audio.ResampledFrames(s.Out-s.In, s.Rate, a.Rate)
}

// after is where the next voice starts when one ends.
func (a *arrangement) after(end int64, pause time.Duration) int64 {
	return up(end + max(a.frames(pause), LeastPause))
}

// sounded is the frame after the last that sounds so far.
func (a *arrangement) sounded() int64 {
	var end int64
	for i := range a.Clips {
		end = max(end, a.Clips[i].End())
	}
	return end
}

// end sets the length of the timeline: silence fills up its last second. A feed
// counts in whole seconds (itunes:duration), and is to say what is heard.
func (a *arrangement) end() {
	end := a.sounded()
	if a.creditsAt < 0 {
		end = max(end, a.voice+a.seconds(Tail))
	}
	a.Frames = wholeSeconds(end, int64(a.Rate))
}

// wholeSeconds is the least length from end on, a multiple of [Grid], that is nearer
// than half of it to a whole second.
func wholeSeconds(end, rate int64) int64 {
	for seconds := end / rate; ; seconds++ {
		if n := (seconds*rate + Grid/2) / Grid * Grid; n >= end {
			return n
		}
	}
}

// chapters closes the gaps: each chapter lasts until the next, the first
// begins with the episode. A hidden chapter's time belongs to the one before.
// The intro's and the credits' chapters begin with their music; a chapter after
// a sting begins with its first word, where who jumps to it wants to be.
func (a *arrangement) chapters(starts []int64) {
	var kinds []script.Kind // of the chapters that are listed
	for i, c := range a.script.Chapters {
		at := starts[i]
		switch {
		case c.Kind == script.Intro && a.introAt >= 0:
			at = a.introAt
		case c.Kind == script.Credits && a.creditsAt >= 0 && (at < 0 || a.creditsAt < at):
			at = a.creditsAt
		}
		if at < 0 || c.Hidden {
			continue
		}
		if len(a.Chapters) == 0 {
			at = 0
		}
		a.Chapters = append(a.Chapters, Chapter{Title: c.Title, Start: at, Link: c.Link, Image: c.Image})
		kinds = append(kinds, c.Kind)
	}
	a.join(kinds)
	for i := range a.Chapters {
		a.Chapters[i].End = a.Frames
		if i+1 < len(a.Chapters) {
			a.Chapters[i].End = a.Chapters[i+1].Start
		}
	}
}

// join takes out the chapters of the text that are too short.
func (a *arrangement) join(kinds []script.Kind) {
	least := a.frames(a.o.Chapter)
	kept := a.Chapters[:0]
	before := script.Intro // kind of the last that is kept
	for i, c := range a.Chapters {
		end := a.Frames
		if i+1 < len(a.Chapters) {
			end = a.Chapters[i+1].Start
		}
		if kinds[i] == script.Body && before == script.Body && end-c.Start < least {
			continue
		}
		kept, before = append(kept, c), kinds[i]
	}
	a.Chapters = kept
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
		if last, ok := o.VoiceTrims[voice]; ok && (o.Frozen || math.Abs(float64(last-t)) <= TrimDrift) {
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
