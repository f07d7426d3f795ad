package master

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
)

// TestAgreementOfShortFiles holds what blocks say of speech with pauses against a
// meter: of ten seconds they are further apart than of a minute, and no further than
// is said.
func TestAgreementOfShortFiles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		seconds int
		files   int
	}{{"ten seconds", 10, 40}, {"a minute", 60, 3}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, uint64(tt.seconds)))
			f := audio.Format{Rate: 44100, Channels: 1}
			furthest := 0.0
			for range tt.files {
				samples := bursts(r, f.Rate, tt.seconds)
				meter, steps := audio.NewMeter(f, true), audio.NewStepMeter(f)
				meter.Write(samples)
				steps.Write(samples)
				programme := audio.NewProgramme(audio.StepFrames, f.Rate)
				programme.Add(steps.Steps(), 0)
				furthest = max(furthest, math.Abs(float64(programme.Integrated()-meter.Integrated())))
			}
			t.Logf("%.3f LU apart at most; %.3f are said", furthest, AgreementOf(float64(tt.seconds)))
			if furthest > AgreementOf(float64(tt.seconds)) {
				t.Errorf("%.3f LU apart", furthest)
			}
			if tt.seconds == 10 && furthest < Agreement {
				t.Errorf("%.3f LU apart: no file shows what short ones are like", furthest)
			}
		})
	}
	if d := AgreementOf(3600) - Agreement; d > 0.001 {
		t.Errorf("an hour may be %.4f LU further apart", d)
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
