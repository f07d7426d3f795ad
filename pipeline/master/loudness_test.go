package master

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// TestShortFileIsAsLoudAsIsSaid holds what is said of a few seconds against the file: three seconds of
// something quiet and something loud that ends where a stretch
// of 400 ms begins, in the middle of an MPEG frame. By the steps of the block half of
// that frame's energy is in the stretch, which is enough for the gate to take it.
func TestShortFileIsAsLoudAsIsSaid(t *testing.T) {
	t.Parallel()
	const rate, end, loud = 44100, 141120, 8820 // the end is 32 × 100 ms and 122.5 frames
	r := rand.New(rand.NewPCG(1, 3))
	samples := make([]float64, end-mix.Grid)
	for i := range samples {
		amplitude := 0.5
		if i < len(samples)-loud {
			amplitude *= math.Sqrt(0.03)
		}
		samples[i] = amplitude * (2*r.Float64() - 1)
	}
	takes := files{"a": wav(t, rate, 1, samples)}
	n := int64(len(samples))
	tl := &mix.Timeline{Rate: rate, Channels: 1, Frames: 170 * mix.Grid, Clips: []mix.Clip{{Take: "a", Rate: rate, To: n, Start: mix.Grid, Length: n}}}
	o := options(t)
	o.Loudness = -24
	m, err := Make(t.Context(), heard(t, tl, takes), takes, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, own := file(t, m)
	if d := math.Abs(float64(own.Integrated - m.Loudness.Integrated)); d > Agreement {
		t.Errorf("%.2f LUFS are said, the file has %.2f", float64(m.Loudness.Integrated), float64(own.Integrated))
	}
	if d := math.Abs(float64(own.Integrated - m.as.sum(m.pieces).Integrated)); d <= Agreement {
		t.Errorf("its steps are within %.2f LU: it does not show what short files are like", d)
	}
}

// TestStepsOfAMinute wants the steps of blocks to say of a minute and more what a
// meter says.
func TestStepsOfAMinute(t *testing.T) {
	t.Parallel()
	furthest := 0.0
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 60))
		f := audio.Format{Rate: []int{24000, 44100, 48000}[seed%3], Channels: 1}
		samples := bursts(r, f.Rate, short)
		meter, steps := audio.NewMeter(f, true), audio.NewStepMeter(f)
		meter.Write(samples)
		steps.Write(samples)
		programme := audio.NewProgramme(audio.StepFrames, f.Rate)
		programme.Add(steps.Steps(), 0)
		furthest = max(furthest, math.Abs(float64(programme.Integrated()-meter.Integrated())))
	}
	t.Logf("%.3f LU apart at most", furthest)
	if furthest > Agreement-0.01 { // rounding
		t.Errorf("%.3f LU apart", furthest)
	}
}

// bursts are sounds between pauses, as words and sentences are, in whole steps.
func bursts(r *rand.Rand, rate, seconds int) []float32 {
	n := rate * seconds / audio.StepFrames * audio.StepFrames
	samples := make([]float32, n)
	for at := 0; at < n; {
		length := rate/10 + r.IntN(2*rate)
		loud := float32(0.1 + 0.2*r.Float64())
		for i := at; i < min(at+length, n); i++ {
			samples[i] = loud * (2*r.Float32() - 1)
		}
		at += length + rate/5 + r.IntN(rate)
	}
	return samples
}
