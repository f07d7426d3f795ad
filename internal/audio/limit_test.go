package audio

import (
	"errors"
	"fmt"
	"io"
	"math"
	"testing"

	"github.com/narrapress/narrapress/pipeline/level"
)

func amplified(s []float32, db float64) []float32 {
	out := make([]float32, len(s))
	for i, v := range s {
		out[i] = v * float32(math.Pow(10, db/20))
	}
	return out
}

func sine(rate int, divide, phase, amp float64) []float32 {
	s := make([]float32, rate)
	for i := range s {
		s[i] = float32(amp * math.Sin(2*math.Pi*float64(i)/divide+phase))
	}
	return s
}

// loudSignals are mono signals that exceed full scale in every way.
func loudSignals(rate int) map[string][]float32 {
	square := make([]float32, rate)
	clicks := make([]float32, rate)
	for i := range square {
		square[i] = float32(2 - 4*(i/37%2))
		if i%3001 < 2 {
			clicks[i] = float32(4 - 8*(i%2))
		}
	}
	bursts := noise(rate, 4)
	for i := range bursts {
		if i/1500%3 > 0 {
			bursts[i] *= 0.05
		}
	}
	alternate := make([]float32, rate) // steps of sign at Nyquist: the worst for interpolation
	for i := range alternate {
		alternate[i] = float32(2 - 4*(i%2))
		if i/97%2 == 1 {
			alternate[i] *= -1
		}
	}
	return map[string][]float32{
		"fs/4 at 45°, +3":   sine(rate, 4, math.Pi/4, math.Sqrt2),
		"fs/4, +12":         sine(rate, 4, 0, 4),
		"fs/3, +12":         sine(rate, 3, 0.1, 4),
		"near Nyquist, +12": sine(rate, 2.05, 0.1, 4),
		"50 Hz, +12":        sine(rate, float64(rate)/50, 0, 4),
		"noise, +12":        noise(rate, 4),
		"noise, just over":  noise(rate, 0.9),
		"square":            square,
		"clicks":            clicks,
		"bursts":            bursts,
		"alternating":       alternate,
		"one sample":        {5},
		"start and end":     append(append([]float32{3}, make([]float32, 2000)...), -3),
		"+60 dB":            amplified(noise(rate, 1), 60),
		"short noise":       noise(300, 4),
		"nothing":           nil,
		"silence":           make([]float32, 5000),
	}
}

func TestLimitCeiling(t *testing.T) {
	t.Parallel()
	for _, rate := range []int{24000, 44100} {
		for name, s := range loudSignals(rate) {
			t.Run(fmt.Sprint(name, " at ", rate), func(t *testing.T) {
				t.Parallel()
				for _, ceiling := range []level.DBTP{-1, -3} {
					f := Format{rate, 1}
					got := all(t, Limit(Samples(f, s), ceiling))
					if len(got) != len(s) {
						t.Fatalf("%d frames of %d", len(got), len(s))
					}
					m := NewMeter(f, false)
					m.Write(got)
					if over := m.TruePeak() - ceiling; over > 0.05 {
						t.Errorf("true peak %.3f dB above %v", float64(over), ceiling)
					}
				}
			})
		}
	}
}

func TestLimitContract(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 5, 2047, 2048, 2049, 30011} {
		s := noise(2*n, 1.3)
		checkSource(t, func() Source { return Limit(Samples(Format{44100, 2}, s), -1) }, int64(n))
	}
}

// What needs no reduction passes bit by bit, around a loud place too.
func TestLimitLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	f := Format{44100, 2}
	quiet := noise(2*44100*3, 0.2)
	if got := all(t, Limit(Samples(f, quiet), -1)); snr(quiet, got) != math.Inf(1) {
		t.Error("a quiet signal was changed")
	}
	loud := append([]float32(nil), quiet...)
	const at = 44100
	loud[2*at] = 2
	got := all(t, Limit(Samples(f, loud), -1))
	first, last := -1, 0
	for i := range got {
		if got[i] != loud[i] {
			if first < 0 {
				first = i / 2
			}
			last = i / 2
		}
	}
	// Each pass looks the attack and the interpolator's half ahead.
	if attack := int(limitAttack * 44100); first < at-limitPasses*(attack+peakTaps) || first > at {
		t.Errorf("reduction begins at frame %d, the peak is at %d", first, at)
	}
	if last > at+2*44100 {
		t.Errorf("reduction ends at frame %d, %d after the peak", last, last-at)
	}
	if l, r := got[2*at]/loud[2*at], got[2*at+1]/loud[2*at+1]; math.Abs(float64(l/r)-1) > 1e-5 {
		t.Errorf("gain %v left, %v right", l, r)
	}
}

// The gain must neither jump nor be lower than the signal asks for.
func TestLimitGainIsSmooth(t *testing.T) {
	t.Parallel()
	f := Format{44100, 1}
	s := make([]float32, 44100)
	for i := range s {
		s[i] = 0.1
	}
	s[20000], s[20300] = 1.7, 3
	got := all(t, Limit(Samples(f, s), -1))
	step := 0.0
	for i := 1; i < len(got); i++ {
		step = max(step, math.Abs(float64(got[i]/s[i]-got[i-1]/s[i-1])))
	}
	if step > 0.02 {
		t.Errorf("the gain moves by %.3f in one frame", step)
	}
	if want := float32(math.Pow(10, -1.0/20)); got[20300] < want*0.97 {
		t.Errorf("the peak came out at %v, the ceiling is %v", got[20300], want)
	}
}

func TestLimitIsLinked(t *testing.T) {
	t.Parallel()
	s := make([]float32, 20000)
	for i := range s {
		s[i] = 0.25
	}
	s[10000] = 4 // left
	got := all(t, Limit(Samples(Format{44100, 2}, s), -1))
	for i := 0; i < len(s); i += 2 {
		if i != 10000 && got[i] != got[i+1] {
			t.Fatalf("frame %d is %v, %v", i/2, got[i], got[i+1])
		}
	}
}

func TestLimitErrors(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	src := Limit(&failed{Format{44100, 1}, broken}, -1)
	for range 2 {
		if n, err := src.ReadSamples(make([]float32, 100)); n != 0 || !errors.Is(err, broken) {
			t.Errorf("%d, %v", n, err)
		}
	}
	if _, err := Limit(Samples(Format{44100, 7}, nil), -1).ReadSamples(make([]float32, 100)); err == nil || err == io.EOF {
		t.Errorf("7 channels: %v", err)
	}
}
