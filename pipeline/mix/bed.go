package mix

import (
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Joint is the crossfade between two rounds of a bed, in seconds; a quarter of
// the track at most. Judgement: long enough to hide a joint in a held chord.
const Joint = 2.0

// LeastBed is the shortest bed, in seconds: what is shorter is heard as its
// repetitions, thousands of them in an hour.
const LeastBed = 2.0

// Fits says whether a track that was listened to can be what the show wants it
// for. Its error is a *record.TrackError.
func (t NamedTrack) Fits(s *record.Sound) error {
	if t.Name == BedName && s.Seconds() < LeastBed {
		return &record.TrackError{File: t.File, Err: fmt.Errorf("it is %.1f s long: a bed, which is repeated, has at least %.0f s", s.Seconds(), LeastBed)}
	}
	return nil
}

// underBed says of each segment, by its ordinal, whether it has a bed.
func (a *arrangement) underBed() func(script.Place) bool {
	under := a.o.Tracks.Bed.Under
	if a.o.Bed == nil {
		return func(script.Place) bool { return false }
	}
	opening := a.opening()
	return func(p script.Place) bool {
		c := &a.script.Chapters[p.Chapter]
		switch under {
		case UnderAll:
			return c.Kind != script.Credits || a.o.Credits == nil
		case UnderBody:
			return c.Kind == script.Body
		case UnderOpening:
			return opening[p.Ordinal]
		default:
			return c.Kind == script.Body && strings.EqualFold(c.Title, under)
		}
	}
}

// opening is the ordinals of the segments in the role title that the script
// begins with, or that follow its intro.
func (a *arrangement) opening() map[int]bool {
	out := map[int]bool{}
	running, met := false, false
	for p, seg := range a.script.Segments() {
		if here := p.Chapter >= a.introChapter(); p.Ordinal == 1 || here && !met {
			running, met = true, here
		}
		running = running && seg.Role == script.RoleTitle
		out[p.Ordinal] = running
	}
	return out
}

// bed lays the bed under each run of voices that have one. Where an intro, a
// sting or a voice without a bed stands between two voices, the run ends.
func (a *arrangement) bed() {
	for i := 0; i < len(a.Cues); {
		if !a.bedded[i] {
			i++
			continue
		}
		from := i
		for i++; i < len(a.Cues) && a.bedded[i] && !a.parted(a.Cues[i-1].Start, a.Cues[i].Start); i++ {
		}
		a.bedRun(from, i)
	}
}

// parted says whether a track stands between two voices that start there.
func (a *arrangement) parted(one, other int64) bool {
	between := func(at int64) bool { return at > one && at <= other }
	for _, at := range a.stings {
		if between(at) {
			return true
		}
	}
	return a.introAt >= 0 && between(a.introAt)
}

// fade is how a bed begins or ends.
type fade struct {
	at     int64 // where it begins or ends
	length int64
	shape  FadeShape
}

// bedRun lays a bed under the cues [from, to).
func (a *arrangement) bedRun(from, to int) {
	in, out := a.bedIn(from), a.bedOut(to)
	if last := a.Cues[to-1].End; in.at >= last || out.at <= in.at {
		return // the music around it leaves no room
	}
	a.loop(in, out, a.duck(a.Cues[from:to], a.o.Tracks.Bed.Duck))
}

// bedIn is how a bed begins before the cue with this index: out of the music of
// the intro, or as long before the voice as its fade lasts, where nothing else
// is in the way.
func (a *arrangement) bedIn(first int) fade {
	in := fade{length: a.frames(a.o.Tracks.Bed.FadeIn)}
	voice := a.Cues[first].Start
	if first > 0 {
		in.at = a.Cues[first-1].End + LeastPause
	}
	for i := range a.Clips {
		c := &a.Clips[i]
		switch {
		case c.Track == "" || c.Start > voice || c.Start < in.at-LeastPause:
		case c.Start == a.introAt && c.FadeOut > 0:
			c.FadeOutShape = EqualPower
			return fade{at: c.End() - c.FadeOut, length: c.FadeOut, shape: EqualPower}
		default:
			in.at = max(in.at, c.End()+LeastPause)
		}
	}
	in.at = max(in.at, voice-in.length)
	return in
}

// bedOut is how a bed ends after the cue before this index: into the music of
// the credits, or as long after the voice as its fade lasts, where nothing else
// is in the way.
func (a *arrangement) bedOut(end int) fade {
	out := fade{length: a.frames(a.o.Tracks.Bed.FadeOut)}
	out.at = a.Cues[end-1].End + out.length
	if end < len(a.Cues) {
		out.at = min(out.at, a.Cues[end].Start-LeastPause)
	}
	for i := range a.Clips {
		c := &a.Clips[i]
		switch {
		case c.Track == "":
		case c.Start == a.creditsAt && end == a.spoken && c.FadeIn > 0:
			c.FadeInShape = EqualPower
			return fade{at: c.Start + c.FadeIn, length: c.FadeIn, shape: EqualPower}
		case c.Start == a.creditsAt && end == a.spoken, c.Start > a.Cues[end-1].Start:
			out.at = min(out.at, c.Start-LeastPause)
		}
	}
	return out
}

// loop lays as many rounds of the bed as there is time for, crossfaded with
// equal power where one follows the other.
func (a *arrangement) loop(in, out fade, envelope []Point) {
	t, s := &a.o.Tracks.Bed, a.o.Bed
	gain := trim(a.o.Loudness, s.Energies) + t.Gain
	round := a.length(s)
	joint := min(a.seconds(Joint), round/4)
	for start := in.at; ; start += round - joint {
		length := min(round, out.at-start)
		c := Clip{
			Track: t.File, Sound: s, Rate: s.Rate, From: s.In, Start: start, Length: length, Gain: gain,
			To:     min(s.Out, s.In+audio.ResampledFrames(length, a.Rate, s.Rate)),
			FadeIn: joint, FadeInShape: EqualPower, FadeOut: joint, FadeOutShape: EqualPower,
		}
		last := c.End() >= out.at
		if start == in.at {
			c.FadeIn, c.FadeInShape = in.length, in.shape
		}
		if last {
			c.FadeOut, c.FadeOutShape = out.length, out.shape
		}
		c.FadeIn, c.FadeOut = min(c.FadeIn, length), min(c.FadeOut, length)
		c.Envelope = within(envelope, c.Start, c.End())
		a.Clips = append(a.Clips, c)
		if last {
			return
		}
	}
}
