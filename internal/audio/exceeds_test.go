package audio

import (
	"math"
	"testing"

	"github.com/narrapress/narrapress/pipeline/level"
)

// TestExceedsIsTheMeters asks for ceilings right below and above what a meter
// says, of sounds that peak between their samples and at their ends.
func TestExceedsIsTheMeters(t *testing.T) {
	t.Parallel()
	for name, samples := range map[string][]float32{
		"noise":        noise(30000, 0.7),
		"stereo":       noise(2*20000, 0.4),
		"at the start": append([]float32{0.9, 0.8, -0.9}, make([]float32, 9000)...),
		"at the end":   append(make([]float32, 9000), 0.5, 0.9, 0.9, -0.8),
		"short":        {0.3},
		"a quarter":    quarter(10000),
	} {
		f := Format{44100, 1}
		if name == "stereo" {
			f.Channels = 2
		}
		m := NewMeter(f, true)
		m.Write(samples)
		for _, d := range []level.DBTP{-0.001, 0.001} {
			if got := Exceeds(f, samples, m.TruePeak()+d); got != (d < 0) {
				t.Errorf("%s: %v dB beside its true peak of %v: %v", name, float64(d), m.TruePeak(), got)
			}
		}
	}
}

// quarter is a tone of a quarter of the rate, whose peaks lie between samples.
func quarter(n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(0.5 * math.Sin(math.Pi/2*float64(i)+math.Pi/4))
	}
	return out
}
