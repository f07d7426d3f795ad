package audio

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// sweep is sines, one after the other, each for a quarter of a second.
type sweep struct {
	from, to int
	hz       []float64
}

const (
	sweepPart   = 0.25 // s
	sweepHeight = 0.5
)

func newSweep(from, to int) *sweep {
	w := &sweep{from: from, to: to}
	nyquist := float64(min(from, to)) / 2
	for share := 0.02; share*nyquist < float64(from)/2*0.99; share += 0.01 {
		w.hz = append(w.hz, share*nyquist)
	}
	return w
}

func (w *sweep) samples() []float32 {
	var s []float32
	for _, hz := range w.hz {
		part := tone(Format{w.from, 1}, hz, 20*math.Log10(sweepHeight), sweepPart)
		fade := w.from / 100
		for i := range fade { // a sine that starts at once holds every frequency
			g := float32(0.5 - 0.5*math.Cos(math.Pi*float64(i)/float64(fade)))
			part[i] *= g
			part[len(part)-1-i] *= g
		}
		s = append(s, part...)
	}
	return s
}

// figures are what a resampler makes of a sweep.
type figures struct {
	ripple float64 // dB: greatest, up to 0.9 of the lower Nyquist frequency
	half   float64 // where the gain is -3 dB, as part of it
	images float64 // dB: the rest beside a sine up to 0.9
	alias  float64 // dB: what is left of a sine from 1.0 on
}

func (w *sweep) figures(t *testing.T, out []float32) figures {
	t.Helper()
	nyquist := float64(min(w.from, w.to)) / 2
	f := figures{images: math.Inf(-1), alias: math.Inf(-1)}
	part := sweepPart * float64(w.to)
	before, beforeAt := 0.0, 0.0
	for k, hz := range w.hz {
		from, to := int((float64(k)+0.3)*part), int((float64(k)+0.7)*part)
		if to > len(out) {
			t.Fatalf("%d samples of a sweep", len(out))
		}
		share := hz / nyquist
		if share >= 0.9999 && w.from > w.to {
			f.alias = max(f.alias, 20*math.Log10(rms(out[from:to])*math.Sqrt2/sweepHeight))
			continue
		}
		gain, rest := fitSine(out[from:to], hz/float64(w.to))
		gain, rest = 20*math.Log10(gain/sweepHeight), 20*math.Log10(rest*math.Sqrt2/sweepHeight)
		if share <= 0.9001 {
			f.ripple = max(f.ripple, math.Abs(gain))
			f.images = max(f.images, rest)
		}
		if share <= 1.1 && gain < -3 && f.half == 0 {
			f.half = beforeAt + (share-beforeAt)*(-3-before)/(gain-before)
		}
		before, beforeAt = gain, share
	}
	return f
}

// fitSine is the amplitude of the sine of f cycles a sample in s, of any phase,
// and the RMS of the rest.
func fitSine(s []float32, f float64) (amplitude, rest float64) {
	var cc, ss, cs, xc, xs float64
	for i, v := range s {
		sin, cos := math.Sincos(2 * math.Pi * f * float64(i))
		cc, ss, cs = cc+cos*cos, ss+sin*sin, cs+sin*cos
		xc, xs = xc+float64(v)*cos, xs+float64(v)*sin
	}
	det := cc*ss - cs*cs
	a, b := (xc*ss-xs*cs)/det, (xs*cc-xc*cs)/det
	for i, v := range s {
		sin, cos := math.Sincos(2 * math.Pi * f * float64(i))
		d := float64(v) - a*cos - b*sin
		rest += d * d
	}
	return math.Hypot(a, b), math.Sqrt(rest / float64(len(s)))
}

func rms(s []float32) float64 {
	sum := 0.0
	for _, v := range s {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(s)))
}

// TestResampleAgainstSoXR measures this resampler, and beside it those that
// are installed: SoX, whose rate effect libsoxr is made from, and ffmpeg's. The
// table is that of docs/sound.md.
func TestResampleAgainstSoXR(t *testing.T) {
	t.Parallel()
	others := map[string][]string{
		"SoX, high":       {"sox", "IN", "-b", "32", "-e", "float", "OUT", "rate", "-h", "RATE"},
		"SoX, medium":     {"sox", "IN", "-b", "32", "-e", "float", "OUT", "rate", "-m", "RATE"},
		"ffmpeg, soxr":    {"ffmpeg", "-loglevel", "error", "-i", "IN", "-af", "aresample=RATE:resampler=soxr", "-c:a", "pcm_f32le", "OUT"},
		"ffmpeg, its own": {"ffmpeg", "-loglevel", "error", "-i", "IN", "-af", "aresample=RATE", "-c:a", "pcm_f32le", "OUT"},
	}
	for _, pair := range [][2]int{{24000, 44100}, {22050, 44100}, {48000, 44100}} {
		w := newSweep(pair[0], pair[1])
		s := w.samples()
		ours := w.figures(t, all(t, Resample(Samples(Format{w.from, 1}, s), w.to)))
		t.Logf("%d to %d Hz: ours %+.4f", w.from, w.to, ours)
		if ours.ripple > 0.01 || ours.half < 0.93 || ours.images > -98 || ours.alias > -98 {
			t.Errorf("%d to %d Hz: %+.4f", w.from, w.to, ours)
		}
		in := filepath.Join(t.TempDir(), "in.wav")
		var pcm bytes.Buffer
		if err := binary.Write(&pcm, binary.LittleEndian, s); err != nil {
			t.Fatal(err)
		}
		file, err := WrapPCM(pcm.Bytes(), "pcm_f32le", w.from, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in, file, 0o600); err != nil {
			t.Fatal(err)
		}
		for name, args := range others {
			out := in + "." + args[0] + ".wav"
			_ = os.Remove(out)
			replaced := strings.Split(strings.NewReplacer("IN", in, "OUT", out, "RATE", fmt.Sprint(w.to)).Replace(strings.Join(args, "\x00")), "\x00")
			if said, err := exec.CommandContext(t.Context(), replaced[0], replaced[1:]...).CombinedOutput(); err != nil {
				t.Logf("%s was not compared: %v: %.200s", name, err, said)
				continue
			}
			d, err := DecodeFile(t.Context(), out)
			if err != nil {
				t.Fatal(err)
			}
			theirs := w.figures(t, all(t, d))
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d to %d Hz: %s %+.4f", w.from, w.to, name, theirs)
		}
	}
}
