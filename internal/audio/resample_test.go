package audio

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
)

var takeRates = []int{8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000}

func TestResampleLength(t *testing.T) {
	t.Parallel()
	for _, from := range append(takeRates, 12345, 192000) {
		for _, to := range []int{44100, 16000, 12347} {
			for _, n := range []int{0, 1, 47, 5003} {
				want := (int64(n)*int64(to) + int64(from) - 1) / int64(from)
				if got := ResampledFrames(int64(n), from, to); got != want {
					t.Errorf("ResampledFrames(%d, %d, %d) = %d, want %d", n, from, to, got, want)
				}
				src := Resample(Samples(Format{from, 1}, make([]float32, n)), to)
				if got := len(all(t, src)); int64(got) != want {
					t.Errorf("%d frames from %d to %d: %d, want %d", n, from, to, got, want)
				}
			}
		}
	}
}

func TestResampledFramesOfLongSounds(t *testing.T) {
	t.Parallel()
	const century = int64(100) * 366 * 86400
	if got, want := ResampledFrames(century*44100, 44100, 48000), century*48000; got != want {
		t.Errorf("%d, want %d", got, want)
	}
}

func TestResampleContract(t *testing.T) {
	t.Parallel()
	s := noise(20002, 0.5)
	for _, to := range []int{44100, 16000, 24000, 24001} {
		f := Format{24000, 2}
		checkSource(t, func() Source { return Resample(Samples(f, s), to) }, ResampledFrames(10001, 24000, to))
	}
}

func TestResampleSameRatePassesThrough(t *testing.T) {
	t.Parallel()
	src := Samples(Format{44100, 1}, nil)
	if Resample(src, 44100) != src {
		t.Error("another source")
	}
}

func TestResampleErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if _, err := Resample(&failed{Format{8000, 1}, broken}, 44100).ReadSamples(make([]float32, 8)); !errors.Is(err, broken) {
		t.Errorf("the source's error became %v", err)
	}
	if _, err := Resample(Samples(Format{8000, 1}, nil), 0).ReadSamples(make([]float32, 8)); err == nil {
		t.Error("0 Hz is no error")
	}
}

// Against the formula, each tap computed in float64.
func TestResampleAgainstNaive(t *testing.T) {
	t.Parallel()
	for _, from := range takeRates {
		for _, to := range []int{44100, 16000} {
			if from == to {
				continue
			}
			x := noise(400, 0.8)
			got := all(t, Resample(Samples(Format{from, 1}, x), to))
			stretch := max(1, float64(from)/float64(to))
			half := math.Ceil(resampleTaps*stretch/dotRun) * dotRun / 2
			worst := 0.0
			for m := range got {
				pos := float64(m) * float64(from) / float64(to)
				sum, gain := 0.0, 0.0
				for i := int(math.Ceil(pos - half)); float64(i) <= pos+half; i++ {
					h := lowPass(float64(i)-pos, (0.5-resampleStep/2)/stretch, half, resampleBeta)
					gain += h
					if i >= 0 && i < len(x) {
						sum += h * float64(x[i])
					}
				}
				worst = max(worst, math.Abs(sum/gain-float64(got[m])))
			}
			if worst > 2e-6 {
				t.Errorf("%d to %d Hz: off by %g", from, to, worst)
			}
		}
	}
}

// A sine of every frequency must come out with its amplitude and phase below
// 0.9 of the lower Nyquist frequency, and nothing else may come out: no image,
// no alias.
func TestResampleSines(t *testing.T) {
	t.Parallel()
	for _, from := range append(takeRates, 96000, 44101) {
		for _, to := range []int{44100, 48000} {
			if from == to {
				continue
			}
			t.Run(fmt.Sprint(from, "to", to), func(t *testing.T) {
				t.Parallel()
				nyquist := float64(min(from, to)) / 2
				for _, share := range []float64{0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9} {
					gain, rest := throughResampler(t, from, to, share*nyquist)
					if db := 20 * math.Log10(gain); math.Abs(db) > 0.02 {
						t.Errorf("%.2f of Nyquist: gain %.4f dB", share, db)
					}
					if db := 20 * math.Log10(rest); db > -97 {
						t.Errorf("%.2f of Nyquist: residue %.1f dB", share, db)
					}
				}
				for share := 1.0; share*nyquist < float64(from)/2; share += 0.02 {
					_, rest := throughResampler(t, from, to, share*nyquist)
					if db := 20 * math.Log10(rest); db > -97 {
						t.Errorf("%.2f of Nyquist: alias %.1f dB", share, db)
					}
				}
			})
		}
	}
}

// throughResampler sends a sine through and returns the gain of the same sine
// in what comes out (in phase: a delay shows as residue), and the RMS of the
// rest relative to the input. Above the new Nyquist frequency all is rest.
func throughResampler(t *testing.T, from, to int, hz float64) (gain, rest float64) {
	t.Helper()
	x := make([]float32, from/10)
	for i := range x {
		x[i] = float32(math.Sin(2 * math.Pi * hz * float64(i) / float64(from)))
	}
	y := all(t, Resample(Samples(Format{from, 1}, x), to))
	edge := len(y) / 4 // past the filter's reach from both ends
	var dot, ref float64
	pass := hz < float64(min(from, to))/2
	for m := edge; m < len(y)-edge; m++ {
		s := math.Sin(2 * math.Pi * hz * float64(m) / float64(to))
		dot += s * float64(y[m])
		ref += s * s
	}
	if pass {
		gain = dot / ref
	}
	var sum float64
	for m := edge; m < len(y)-edge; m++ {
		s := math.Sin(2 * math.Pi * hz * float64(m) / float64(to))
		d := float64(y[m]) - gain*s
		sum += d * d
	}
	return gain, math.Sqrt(sum / float64(len(y)-2*edge) * 2)
}

func TestRemix(t *testing.T) {
	t.Parallel()
	mono, stereo := Format{8000, 1}, Format{8000, 2}
	s := noise(10000, 1)
	two := checkSource(t, func() Source { return Remix(Samples(mono, s), 2) }, 10000)
	for i, v := range s {
		if two[2*i] != v || two[2*i+1] != v {
			t.Fatalf("frame %d is %v, %v; want %v twice", i, two[2*i], two[2*i+1], v)
		}
	}
	one := checkSource(t, func() Source { return Remix(Samples(stereo, s), 1) }, 5000)
	for i, v := range one {
		if v != (s[2*i]+s[2*i+1])/2 {
			t.Fatalf("frame %d is %v, want the mean of %v", i, v, s[2*i:2*i+2])
		}
	}
	if src := Samples(mono, s); Remix(src, 1) != src {
		t.Error("the same number of channels gives another source")
	}
	if _, err := Remix(Samples(mono, s), 3).ReadSamples(make([]float32, 9)); err == nil {
		t.Error("3 channels are no error")
	}
}

// Sounds that share a Resampler come out as alone, at once too.
func TestResamplerIsShared(t *testing.T) {
	t.Parallel()
	var r Resampler
	var wg sync.WaitGroup
	for _, rate := range append(takeRates, takeRates...) {
		wg.Go(func() {
			s := noise(rate, 0.7)
			got, want := all(t, r.Resample(Samples(Format{rate, 1}, s), 44100)), all(t, Resample(Samples(Format{rate, 1}, s), 44100))
			if !slices.Equal(got, want) {
				t.Errorf("%d Hz: another sound than alone", rate)
			}
		})
	}
	wg.Wait()
	if got, want := len(r.filters), len(takeRates)-1; got != want {
		t.Errorf("%d filters, want %d", got, want)
	}
	for rate := range 2 * maxFilters {
		r.Resample(Samples(Format{9000 + rate, 1}, nil), 44100)
	}
	if got := len(r.filters); got != maxFilters {
		t.Errorf("%d filters, want no more than %d", got, maxFilters)
	}
}
