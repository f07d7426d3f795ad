package mix

import (
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Room is the silence before and after a sting, in seconds: so much that
// neither voice seems to run into it. Judgement; it is never less than
// LeastPause.
const Room = 0.4

// CreditsLead is how long the music of the credits stands alone before
// somebody speaks over it, in seconds: long enough to be known as music, not as
// a fault. Judgement.
const CreditsLead = 3.0

// track lays a whole track and returns its clip, until another is laid.
func (a *arrangement) track(s *record.Sound, file string, gain level.DB, in, out time.Duration, start int64) *Clip {
	length := a.length(s)
	a.Clips = append(a.Clips, Clip{
		Track: file, Sound: s, Rate: s.Rate, From: s.In, To: s.Out, Start: start, Length: length,
		Gain:    trim(a.o.Loudness, s.Energies) + gain,
		FadeIn:  min(a.frames(in), length),
		FadeOut: min(a.frames(out), length),
	})
	return &a.Clips[len(a.Clips)-1]
}

// intro lays the intro: at the start, or in the pause after what is spoken
// before it.
func (a *arrangement) intro() {
	a.introAt, a.told = 0, false
	if len(a.Cues) > 0 {
		a.introAt = a.next
	}
	t := &a.o.Tracks.Intro
	clip := a.track(a.o.Intro, t.File, t.Gain, t.FadeIn, t.FadeOut, a.introAt)
	a.next = up(clip.End() - min(a.frames(t.Overlap), clip.Length/2))
	if t.Overlap <= 0 {
		a.next = up(clip.End() + LeastPause)
	}
}

// sting lays a sting, with digital silence around it, in place of the pause
// between two chapters.
func (a *arrangement) sting() {
	room := max(a.seconds(Room), LeastPause)
	t := &a.o.Tracks.Sting
	start := up(a.sounded() + room)
	a.stings = append(a.stings, start)
	clip := a.track(a.o.Sting, t.File, t.Gain, t.FadeIn, t.FadeOut, start)
	a.next = up(clip.End() + room)
}

// creditsStart is where the music of the credits starts: under the last voice,
// but in its chapter, of which something is left.
func (a *arrangement) creditsStart() int64 {
	overlap := a.frames(a.o.Tracks.Credits.Overlap)
	if overlap <= 0 || len(a.Cues) == 0 {
		return up(max(a.next, a.sounded()+LeastPause))
	}
	return up(max(a.voice-overlap, a.begun+Grid))
}

// creditsUnder makes room for the music that the credits, whose first segment
// has this place, are spoken over: it starts, goes down under them, comes up
// again and fades. A track that is too short for that sounds after them.
func (a *arrangement) creditsUnder(place script.Place) {
	start := a.creditsStart()
	first := up(max(a.next, max(a.voice, start)+a.seconds(CreditsLead)))
	end, next := first, first
	for i, seg := range a.script.Chapters[place.Chapter].Segments {
		end = next + a.length(&a.takes[place.Ordinal-1+i].Sound)
		next = a.after(end, seg.Pause)
	}
	t := &a.o.Tracks.Credits
	if start+a.length(a.o.Credits) < end+a.seconds(Release)+a.frames(t.FadeOut) {
		return
	}
	a.creditsAt, a.spoken, a.next = start, len(a.Cues), first
}

// credits lays the music of the credits.
func (a *arrangement) credits() {
	if a.o.Credits == nil {
		return
	}
	if a.creditsAt < 0 {
		a.creditsAt, a.spoken = a.creditsStart(), len(a.Cues)
	}
	t := &a.o.Tracks.Credits
	clip := a.track(a.o.Credits, t.File, t.Gain, t.FadeIn, t.FadeOut, a.creditsAt)
	clip.Envelope = within(a.duck(a.Cues[a.spoken:], t.Duck), clip.Start, clip.End())
}
