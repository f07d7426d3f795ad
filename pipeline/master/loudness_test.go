package master

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
)

// TestShortFileIsAsLoudAsIsSaid holds what is said of a few seconds against the file.
// By the steps of its one block it is further off: a stretch on the gate counts.
func TestShortFileIsAsLoudAsIsSaid(t *testing.T) {
	t.Parallel()
	tl, takes, o := random(t, rand.New(rand.NewPCG(28, 11)))
	m, err := Make(t.Context(), tl, takes, o, nil)
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
