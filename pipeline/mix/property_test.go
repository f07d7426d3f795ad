package mix_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

// chance is a random script with takes and tracks.
func chance(r *rand.Rand) (*script.Script, []record.Take, mix.Options) {
	span := func(most float64) time.Duration { return time.Duration(r.Float64() * most * float64(time.Second)) }
	sound := func(most float64) record.Sound {
		s := tone(0.05+r.Float64()*most, level.LUFS(-30+20*r.Float64()), 1+r.IntN(2))
		s.Rate = []int{8000, 22050, 24000, 44100, 48000}[r.IntN(5)]
		return s
	}
	sc := &script.Script{}
	introAt := r.IntN(3)
	for i := range 1 + r.IntN(5) {
		if i == introAt && r.IntN(3) > 0 {
			sc.Chapters = append(sc.Chapters, intro(r.IntN(2)))
		}
		c := chapter(fmt.Sprint(i), r.IntN(5))
		c.Hidden = r.IntN(4) == 0
		sc.Chapters = append(sc.Chapters, c)
	}
	if r.IntN(2) == 0 {
		sc.Chapters = append(sc.Chapters, credits(r.IntN(3)))
	}
	var takes []record.Take
	for place, seg := range sc.Segments() {
		seg.Pause = []time.Duration{0, span(0.1), span(2), span(8)}[r.IntN(4)]
		seg.Role = []string{script.RoleTitle, script.RoleBody}[r.IntN(2)]
		t := take(place.Ordinal, fmt.Sprint("v", r.IntN(2)), 1, -20)
		t.Sound = sound([]float64{0.1, 2, 10}[r.IntN(3)])
		takes = append(takes, t)
	}
	o := mix.Options{Rate: []int{32000, 44100, 48000}[r.IntN(3)], Loudness: -16, Tracks: mix.DefaultTracks()}
	t := &o.Tracks
	if r.IntN(2) == 0 {
		t.Intro.FadeIn, t.Intro.FadeOut, t.Intro.Overlap = span(4), span(8), span(8)
		t.Credits.FadeIn, t.Credits.FadeOut, t.Credits.Overlap = span(4), span(8), span(8)
		t.Bed.FadeIn, t.Bed.FadeOut, t.Sting.FadeOut = span(8), span(8), span(2)
	}
	if r.IntN(4) == 0 {
		t.Intro.FadeOut, t.Intro.Overlap, t.Credits.FadeIn, t.Credits.Overlap, t.Bed.FadeIn, t.Bed.FadeOut = 0, 0, 0, 0, 0, 0
	}
	t.Bed.Under = []string{mix.UnderAll, mix.UnderBody, mix.UnderOpening, "1"}[r.IntN(4)]
	t.Intro.File, t.Credits.File, t.Sting.File, t.Bed.File = "intro", "credits", "sting", "bed"
	for _, track := range []struct {
		into **record.Sound
		most float64
	}{{&o.Intro, 10}, {&o.Credits, 60}, {&o.Sting, 4}, {&o.Bed, 20}} {
		if r.IntN(3) > 0 {
			s := sound(track.most)
			*track.into = &s
		}
	}
	return sc, takes, o
}

// TestTimelinesHold what the package promises, for scripts and tracks at random.
func TestTimelinesHold(t *testing.T) {
	t.Parallel()
	for seed := range uint64(1500) {
		sc, takes, o := chance(rand.New(rand.NewPCG(seed, 5)))
		tl, err := mix.Arrange(sc, takes, o)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		again, err := mix.Arrange(sc, takes, o)
		if err != nil || !cmp.Equal(tl, again) {
			t.Fatalf("seed %d: the same script gave another timeline", seed)
		}
		for _, fault := range faults(sc, takes, o, tl) {
			t.Errorf("seed %d: %s", seed, fault)
		}
		if t.Failed() {
			t.Fatalf("seed %d: %s", seed, sequence(tl))
		}
	}
}

func faults(sc *script.Script, takes []record.Take, o mix.Options, tl *mix.Timeline) (out []string) {
	find := func(ok bool, format string, args ...any) {
		if !ok {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	find(tl.Frames%mix.Grid == 0, "%d frames are off the grid", tl.Frames)
	rest := tl.Frames % int64(tl.Rate)
	find(min(rest, int64(tl.Rate)-rest) <= mix.Grid/2, "%d frames at %d Hz are no whole seconds", tl.Frames, tl.Rate)
	sounded := int64(0)
	for i := range tl.Clips {
		sounded = max(sounded, tl.Clips[i].End())
	}
	find(tl.Frames < sounded+int64(tl.Rate)+int64(mix.Tail*float64(tl.Rate))+2*mix.Grid, "%d frames end long after the last sound at %d", tl.Frames, sounded)
	voices, stings := 0, 0
	for i := range tl.Clips {
		c := &tl.Clips[i]
		find(i == 0 || tl.Clips[i-1].Start <= c.Start, "clip %d starts before the one before it", i)
		find(c.Start >= 0 && c.Length > 0 && c.End() <= tl.Frames, "clip %d, %d + %d, is not within %d", i, c.Start, c.Length, tl.Frames)
		find(c.FadeIn >= 0 && c.FadeOut >= 0 && max(c.FadeIn, c.FadeOut) <= c.Length, "clip %d of %d has fades of %d and %d", i, c.Length, c.FadeIn, c.FadeOut)
		find(audio.ResampledFrames(c.To-c.From, c.Rate, tl.Rate) >= c.Length, "clip %d is longer than its sound", i)
		for k := 1; k < len(c.Envelope); k++ {
			find(c.Envelope[k-1].At < c.Envelope[k].At, "clip %d: points %d and %d of its envelope are out of order", i, k-1, k)
		}
		if c.Track == "" {
			voices++
			find(c.Start%mix.Grid == 0, "voice %s starts at %d, off the grid", c.Take, c.Start)
		}
		if c.Track == "sting" {
			stings++
		}
		for k := range tl.Clips {
			d := &tl.Clips[k]
			near := d.Start < c.End()+mix.LeastPause && c.Start-mix.LeastPause < d.End()
			switch {
			case k == i:
			case c.Track == "sting":
				find(!near, "%s%s, %d to %d, is not apart from the sting, %d to %d", d.Track, d.Take, d.Start, d.End(), c.Start, c.End())
			case c.Track == "" && d.Track == "":
				find(!near, "the voices %s and %s are not apart", c.Take, d.Take)
			}
		}
	}
	find(voices == len(takes), "%d voices of %d", voices, len(takes))
	find(len(tl.Cues) == len(takes), "%d cues of %d", len(tl.Cues), len(takes))
	listed := 0
	for place := range sc.Segments() {
		if c := sc.Chapters[place.Chapter]; place.Index == 0 && c.Kind == script.Body && !c.Hidden {
			listed++
		}
		find(place.Ordinal == 1 || tl.Cues[place.Ordinal-1].Start > tl.Cues[place.Ordinal-2].Start, "cue %d is out of order", place.Ordinal)
	}
	find(o.Sting != nil && stings <= max(0, listed-1) && stings >= listed-2 || stings == 0 && (o.Sting == nil || listed < 3), "%d stings between %d chapters", stings, listed)
	for i, c := range tl.Chapters {
		find(c.End > c.Start, "chapter %d, %d to %d, has no time", i, c.Start, c.End)
		find(i > 0 || c.Start == 0, "the first chapter starts at %d", c.Start)
		find(i == 0 || tl.Chapters[i-1].End == c.Start, "a gap before chapter %d", i)
		find(i < len(tl.Chapters)-1 || c.End == tl.Frames, "the last chapter ends at %d of %d", c.End, tl.Frames)
	}
	return append(out, bedFaults(o, tl)...)
}

// bedFaults looks for beds that are not down under a voice, and rounds that do
// not cross.
func bedFaults(o mix.Options, tl *mix.Timeline) (out []string) {
	var last *mix.Clip
	for i := range tl.Clips {
		c := &tl.Clips[i]
		if c.Track != "bed" {
			continue
		}
		down := (c.Gain + o.Tracks.Bed.Duck).Factor() * 1.0001
		var gain [1]float32
		for _, cue := range tl.Cues {
			for _, at := range []int64{cue.Start, (cue.Start + cue.End) / 2, cue.End - 1, c.Start, c.End() - 1} {
				if at < max(cue.Start, c.Start) || at >= min(cue.End, c.End()) {
					continue
				}
				if c.Gains(gain[:], at-c.Start); float64(gain[0]) > down {
					out = append(out, fmt.Sprintf("at %d the bed is %.1f dB louder than it may be under segment %d", at, 20*math.Log10(float64(gain[0])/down), cue.Segment))
				}
			}
		}
		if last != nil && last.End() > c.Start {
			both := last.End() - c.Start
			if last.FadeOut != both || c.FadeIn != both || last.FadeOutShape != mix.EqualPower || c.FadeInShape != mix.EqualPower {
				out = append(out, fmt.Sprintf("two rounds of the bed sound together for %d frames and do not cross", both))
			}
		}
		last = c
	}
	return out
}
