package audio

import (
	"fmt"
	"math"
	"os/exec"
	"testing"
)

// reduced sends a mono signal through the limiter, so loud that the highest
// peak is brought down by 2 dB, and returns it with the gain of each frame. The
// second channel is steady: the limiter links channels, so it tells the gain.
func reduced(t *testing.T, f Format, s []float32) (loud []float32, gain []float64) {
	t.Helper()
	m := NewMeter(Format{f.Rate, 1}, false)
	m.Write(s)
	const ceiling = -1
	loud = amplified(s, ceiling+2-float64(m.TruePeak()))
	const steady = 1.0 / 1024
	both := make([]float32, 0, 2*len(loud))
	for _, v := range loud {
		both = append(both, v, steady)
	}
	out := all(t, Limit(Samples(Format{f.Rate, 2}, both), ceiling))
	least := 1.0
	for i := range loud {
		g := float64(out[2*i+1]) / steady
		if d := math.Abs(float64(loud[i])*g - float64(out[2*i])); d > 1e-6 {
			t.Fatalf("frame %d: %v in, %v out, gain %v", i, loud[i], out[2*i], g)
		}
		gain = append(gain, g)
		least = min(least, g)
	}
	if db := 20 * math.Log10(least); math.Abs(db+2) > 0.2 {
		t.Fatalf("%.2f dB of reduction, want 2", db)
	}
	return loud, gain
}

// products is how far below the signal lies what a smooth gain does not
// explain, in dB. A gain is smooth as its mean over the given time is (a Hann
// window): what moves faster is modulation, and makes sounds of its own.
func products(f Format, s []float32, gain []float64, seconds float64, from, to int) float64 {
	half := int(seconds * float64(f.Rate) / 2)
	window := make([]float64, 2*half+1)
	sum := 0.0
	for i := range window {
		window[i] = 0.5 + 0.5*math.Cos(math.Pi*float64(i-half)/float64(half+1))
		sum += window[i]
	}
	var signal, rest float64
	const stride = 7 // of the frames that are looked at
	for i := max(from, half); i < min(to, len(s)-half); i += stride {
		smooth := 0.0
		for k, w := range window {
			smooth += w * gain[i-half+k]
		}
		smooth /= sum
		d := float64(s[i]) * (gain[i] - smooth)
		e := float64(s[i]) * smooth
		signal, rest = signal+e*e, rest+d*d
	}
	return 10 * math.Log10(signal/rest)
}

func TestLimitDistortion(t *testing.T) {
	t.Parallel()
	f := Format{44100, 1}
	sum := func(parts ...[]float32) []float32 {
		out := make([]float32, len(parts[0]))
		for _, p := range parts {
			for i, v := range p {
				out[i] += v
			}
		}
		return out
	}
	signals := map[string][]float32{}
	for _, hz := range []float64{50, 70, 100, 120, 150, 200, 313, 500, 777, 1000} {
		signals[fmt.Sprint(hz, " Hz")] = tone(f, hz, -6, 1)
	}
	for _, pair := range [][2]float64{{100, 150}, {100, 1000}, {150, 1000}, {60, 7000}, {400, 450}, {440, 660}, {900, 1000}, {1000, 1100}} {
		signals[fmt.Sprint(pair[0], " and ", pair[1], " Hz")] = sum(tone(f, pair[0], -12, 1), tone(f, pair[1], -12, 1))
	}
	// A vowel: 20 harmonics, falling 6 dB an octave.
	for _, hz := range []float64{85, 120, 210} {
		var parts [][]float32
		for k := range 20 {
			parts = append(parts, tone(f, hz*float64(k+1), -20*math.Log10(float64(k+1))-12, 1))
		}
		signals[fmt.Sprint("vowel at ", hz, " Hz")] = sum(parts...)
	}
	for name, s := range signals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loud, gain := reduced(t, f, s)
			below := products(f, loud, gain, 0.1, f.Rate/4, 3*f.Rate/4)
			t.Logf("products %.1f dB below", below)
			if !(below >= 60) {
				t.Errorf("products %.1f dB below the signal, want 60 or more", below)
			}
		})
	}
}

// lowVoice is the time in seconds in which nothing faster than 100 Hz, the pitch
// of a low voice, moves.
const lowVoice = 0.020

// Real speech, whose peaks come and go: where each stands alone the gain has to
// move, as slowly as the voice itself.
func TestLimitDistortionOfSpeech(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"espeak-ng":       {"espeak-ng", "--stdout"},
		"espeak-ng, deep": {"espeak-ng", "--stdout", "-p", "10"},
		"espeak-ng, high": {"espeak-ng", "--stdout", "-p", "90"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const text = "The ferry leaves at a quarter past seven, whatever the weather does. Who told you that? Nobody knows it, and nobody is going to."
			out, err := exec.CommandContext(t.Context(), args[0], append(args[1:], text)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			d, err := Decode(t.Context(), out)
			if err != nil {
				t.Fatal(err)
			}
			f := Format{44100, 1}
			loud, gain := reduced(t, f, all(t, Resample(d, f.Rate)))
			below := products(f, loud, gain, lowVoice, 0, len(loud))
			t.Logf("products %.1f dB below", below)
			if !(below >= 60) {
				t.Errorf("products %.1f dB below the voice, want 60 or more", below)
			}
		})
	}
}

// Blocks of an episode begin and end in silence and are limited one by one.
func TestLimitBlocks(t *testing.T) {
	t.Parallel()
	f := Format{44100, 1}
	voice := func(n int) []float32 {
		s := make([]float32, n)
		for i := range s {
			hz := 2 * math.Pi * 140 / float64(f.Rate)
			swell := math.Sin(math.Pi * float64(i) / float64(n))
			s[i] = float32(1.1 * swell * swell * (math.Sin(hz*float64(i)) + 0.3*math.Sin(5*hz*float64(i))))
		}
		return s
	}
	const silence = 44100 / 4
	var blocks, whole []float32
	for k := range 5 {
		block := make([]float32, silence, 10*silence)
		block = append(append(block, voice(5000*(k+1))...), make([]float32, silence)...)
		got := all(t, Limit(Samples(f, block), -1))
		for i := range silence {
			if got[i] != 0 || got[len(got)-1-i] != 0 {
				t.Fatalf("block %d: silence came out as %v and %v", k, got[i], got[len(got)-1-i])
			}
		}
		blocks, whole = append(blocks, got...), append(whole, block...)
	}
	limited := all(t, Limit(Samples(f, whole), -1))
	if got := snr(limited, blocks); !(got > 60) {
		t.Errorf("blocks differ from the whole by %.1f dB below it", got)
	}
	m := NewMeter(f, false)
	m.Write(blocks)
	if m.TruePeak() > -0.95 {
		t.Errorf("true peak %v", m.TruePeak())
	}
	if snr(whole, blocks) > 40 {
		t.Error("nothing was limited")
	}
}

// A peak at the very start, or end, of a block comes out as one in its middle.
func TestLimitAtTheEnds(t *testing.T) {
	t.Parallel()
	f := Format{44100, 1}
	s := make([]float32, 30000)
	s[5], s[len(s)-5] = 1.5, 1.5
	padded := append(append(make([]float32, 20000), s...), make([]float32, 20000)...)
	alone := all(t, Limit(Samples(f, s), -1))
	middle := all(t, Limit(Samples(f, padded), -1))[20000:50000]
	for i := range alone {
		if alone[i] != middle[i] {
			t.Fatalf("frame %d is %v, %v where silence surrounds it", i, alone[i], middle[i])
		}
	}
}
