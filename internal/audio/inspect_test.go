package audio_test

import (
	"math"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
)

// tone is a second of 440 Hz, shaped by f.
func tone(channels int, f func(v float64) float64) []float32 {
	var s []float32
	for i := range 16000 {
		v := float32(f(math.Sin(2 * math.Pi * 440 * float64(i) / 16000)))
		for range channels {
			s = append(s, v)
		}
	}
	return s
}

func TestInspect(t *testing.T) {
	t.Parallel()
	half := func(v float64) float64 { return v / 2 }
	for name, test := range map[string]struct {
		shape               func(float64) float64
		peak, offset, clips float64
	}{
		"as it is":              {half, 0.5, 0, 0},
		"off the middle":        {func(v float64) float64 { return v/2 + 0.1 }, 0.6, 0.1, 0},
		"clipped":               {func(v float64) float64 { return max(-1, min(1, 4*v)) }, 1, 0, 0.84},
		"clipped, then quieter": {func(v float64) float64 { return max(-1, min(1, 4*v)) / 3 }, 1.0 / 3, 0, 0.84},
	} {
		for channels := 1; channels <= 2; channels++ {
			in, err := audio.Inspect(audio.Samples(audio.Format{Rate: 16000, Channels: channels}, tone(channels, test.shape)))
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(in.Peak-test.peak) > 0.001 || math.Abs(in.Offset-test.offset) > 0.001 || math.Abs(in.Clipped-test.clips) > 0.05 {
				t.Errorf("%s, %d channels: peak %.3f, offset %.3f, clipped %.3f", name, channels, in.Peak, in.Offset, in.Clipped)
			}
			if in.Frames != 16000 || len(in.Steps) != 100 || in.Seconds() != 1 {
				t.Errorf("%s, %d channels: %d frames, %d steps", name, channels, in.Frames, len(in.Steps))
			}
		}
	}
	in, err := audio.Inspect(audio.Samples(audio.Format{Rate: 16000, Channels: 1}, tone(1, half)))
	if err != nil {
		t.Fatal(err)
	}
	if st := in.Steps[50]; math.Abs(float64(st.Energy)-0.125) > 0.01 || math.Abs(float64(st.Turns)-0.055) > 0.01 {
		t.Errorf("a step has energy %.3f and turns %.3f, want those of a sine of 440 Hz", st.Energy, st.Turns)
	}
}

// TestInspectOfNoFormat says so of a source that cannot be measured.
func TestInspectOfNoFormat(t *testing.T) {
	t.Parallel()
	for _, f := range []audio.Format{{Rate: 0, Channels: 1}, {Rate: 16000, Channels: 0}, {Rate: -1, Channels: 2}} {
		if in, err := audio.Inspect(audio.Samples(f, nil)); err == nil || in != nil {
			t.Errorf("%+v: %+v, %v", f, in, err)
		}
	}
}

// BenchmarkInspect is of ten seconds at 24 kHz, as a take of a paragraph.
func BenchmarkInspect(b *testing.B) {
	s := make([]float32, 240_000)
	for i := range s {
		s[i] = float32(math.Sin(float64(i)/10) * math.Sin(float64(i)/9000) / 2)
	}
	for b.Loop() {
		if _, err := audio.Inspect(audio.Samples(audio.Format{Rate: 24000, Channels: 1}, s)); err != nil {
			b.Fatal(err)
		}
	}
}
