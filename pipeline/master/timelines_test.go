package master

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
)

var timelines = flag.Int("timelines", 2, "how many timelines TestRandomTimelines makes; make joints makes 40")

// random is a timeline of clips, some of them on others, with and without a
// bed, and how it is encoded. Clips begin anywhere, click, and are of any
// rate and level.
func random(t testing.TB, r *rand.Rand) (*mix.Timeline, files, Options) {
	t.Helper()
	o := options(t)
	o.Loudness = level.LUFS(-24 + r.IntN(16))
	o.Peak = level.DBTP(-1 - 0.5*float64(r.IntN(3)))
	o.MP3.Bitrate = []int{32, 40, 64, 96, 128, 160, 192, 256, 320}[r.IntN(9)]
	tl := &mix.Timeline{Rate: []int{32000, 44100, 48000}[r.IntN(3)], Channels: 1 + r.IntN(2)}
	takes := files{}
	for i := range 5 {
		rate := []int{8000, 16000, 22050, 24000, 44100, 48000}[r.IntN(6)]
		samples := babble(r.Uint64(), rate/2+r.IntN(2*rate), 0.1+0.8*r.Float64())
		for range r.IntN(8) {
			samples[r.IntN(len(samples))] = 0.99 // a click
		}
		takes[fmt.Sprint(i)] = wav(t, rate, 1, samples)
	}
	heard := map[string]*record.Sound{}
	for key, b := range takes {
		s, err := record.Listen(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		heard[key] = &s
	}
	lay := func(key string, start int64, gain level.DB) *mix.Clip {
		s := heard[key]
		c := mix.Clip{Take: key, Sound: s, Rate: s.Rate, From: s.In, To: s.Out, Start: start, Gain: gain, Length: audio.ResampledFrames(s.Out-s.In, s.Rate, tl.Rate)}
		c.FadeIn, c.FadeOut = r.Int64N(c.Length), r.Int64N(c.Length)
		if r.IntN(3) > 0 {
			c.FadeIn, c.FadeOut = 200, 200
		}
		tl.Clips = append(tl.Clips, c)
		return &tl.Clips[len(tl.Clips)-1]
	}
	at := r.Int64N(5 * mix.Grid)
	for range 4 + r.IntN(8) {
		c := lay(fmt.Sprint(r.IntN(5)), at, level.DB(-12*r.Float64()))
		at = c.End() + []int64{0, 3, mix.LeastPause, r.Int64N(20 * mix.Grid)}[r.IntN(4)]
		if r.IntN(3) == 0 {
			at = max(0, at-r.Int64N(c.Length)) // on top of each other
		}
	}
	if r.IntN(2) == 0 { // a bed over all of it, longer than a block
		for start := int64(0); start < max(at, 1400*mix.Grid); {
			c := lay(fmt.Sprint(r.IntN(5)), start, -6)
			c.FadeIn, c.FadeOut = 100, 100
			c.Envelope = []mix.Point{{At: 0, Gain: -3}, {At: c.Length / 2, Gain: level.DB(-6 * r.Float64())}, {At: c.Length, Gain: -3}}
			start = c.End() - 50
		}
	}
	slices.SortStableFunc(tl.Clips, func(a, b mix.Clip) int { return int(a.Start - b.Start) })
	for i := range tl.Clips {
		tl.Frames = max(tl.Frames, (tl.Clips[i].End()+mix.Grid-1)/mix.Grid*mix.Grid)
	}
	tl.Frames += r.Int64N(4) * mix.Grid
	return tl, takes, o
}

// TestRandomTimelines wants files that play exactly as long as their
// timelines, under the peak, as loud as their blocks say, and the same again.
func TestRandomTimelines(t *testing.T) {
	t.Parallel()
	for seed := range *timelines {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			tl, takes, o := random(t, rand.New(rand.NewPCG(uint64(seed), 11)))
			m, err := Make(t.Context(), tl, takes, o, nil)
			if err != nil {
				t.Fatal(err)
			}
			path, own := file(t, m)
			inOrder(t, m, path)
			got := plays(t, path, tl.Channels)
			what := fmt.Sprintf("%d Hz, %d channels, %d kb/s, %v and %v, %d blocks", tl.Rate, tl.Channels, m.Bitrate, o.Loudness, o.Peak, m.Blocks)
			if int64(len(got)) != tl.Frames*int64(tl.Channels) {
				t.Errorf("%s: %d samples play, the timeline has %d", what, len(got), tl.Frames*int64(tl.Channels))
			}
			meter := audio.NewMeter(format(tl), true)
			meter.Write(got)
			if peak := meter.TruePeak(); peak > o.Peak+0.1 {
				t.Errorf("%s: a true peak of %.2f dBTP", what, float64(peak))
			}
			if d := math.Abs(float64(own.Integrated - m.Loudness.Integrated)); d > 0.05 {
				t.Errorf("%s: %.2f LUFS by the blocks, %.2f by the file", what, float64(m.Loudness.Integrated), float64(own.Integrated))
			}
			unbroken(t, m, before(t, m), got)
		})
	}
}
