package main

import (
	"math"
	"math/rand/v2"
)

const (
	rate = 44100
	beat = 0.66 // seconds: about 91 to the minute
)

// piece is a few bars: chords as pads, and a melody that is plucked. Pitches
// are semitones above A1 (55 Hz).
type piece struct {
	seconds float64
	chords  [][]int // three beats each
	melody  []note
}

type note struct {
	at    float64 // beats
	pitch int
	level float64
}

// Pitches of the key of D.
const (
	d2, g2, a2, b2                   = 5, 10, 12, 14
	d3, e3, fs3, g3, a3, b3, cs4     = 17, 19, 21, 22, 24, 26, 28
	d4, e4, fs4, a4, b4, d5, e5, fs5 = 29, 31, 33, 36, 38, 41, 43, 45
)

func intro() piece {
	return piece{
		seconds: 8,
		chords:  [][]int{{d2, a2, fs3, e4}, {b2, fs3, a3, d4}, {g2, d3, b3, fs4}},
		melody: []note{
			{0, d4, .8},
			{0.5, a4, .6},
			{1, fs4, .7},
			{2, e4, .6},
			{2.5, a4, .5},
			{3, b4, .8},
			{4, a4, .6},
			{4.5, fs4, .6},
			{5, d4, .6},
			{5.5, e4, .5},
			{6, fs4, .8},
			{6.5, a4, .6},
			{7, d5, .8},
			{8, b4, .5},
			{8.5, a4, .5},
			{9, d5, .7},
		},
	}
}

// sting is a bar of the intro, to turn a page by.
func sting() piece {
	return piece{
		seconds: 3,
		chords:  [][]int{{d2, a2, fs3, d4}},
		melody:  []note{{0, d4, .8}, {0.5, fs4, .6}, {1, a4, .7}, {1.5, d5, .8}},
	}
}

func credits() piece {
	return piece{
		seconds: 14,
		chords:  [][]int{{b2, fs3, a3, d4}, {g2, d3, b3, fs4}, {d2, a2, fs3, e4}, {a2, e3, b3, cs4}, {g2, d3, a3, b3}, {d2, a2, fs3, d4}},
		melody: []note{
			{0, fs4, .7},
			{1, b4, .7},
			{2, a4, .6},
			{2.5, fs4, .5},
			{3, d5, .8},
			{4, b4, .6},
			{5, a4, .6},
			{5.5, b4, .5},
			{6, a4, .7},
			{7, fs4, .6},
			{7.5, e4, .5},
			{8, d4, .6},
			{9, e4, .7},
			{10, a4, .7},
			{11, e5, .7},
			{11.5, fs5, .4},
			{12, d5, .7},
			{13, b4, .6},
			{14, a4, .5},
			{14.5, fs4, .5},
			{15, d4, .7},
			{15.5, a4, .5},
			{16, fs4, .5},
			{17, d5, .6},
		},
	}
}

// play renders the piece as interleaved 16-bit stereo.
func (p piece) play() []int {
	frames := int(p.seconds * rate)
	dry := [2][]float64{make([]float64, frames), make([]float64, frames)}
	for i, chord := range p.chords {
		for j, pitch := range chord {
			pan := 0.3 + 0.4*float64(j)/float64(len(chord)-1)
			mixIn(dry, pad(pitch, 3*beat+0.9), float64(i)*3*beat, 0.11, pan)
		}
	}
	for i, n := range p.melody {
		pan := 0.5 + 0.18*math.Sin(float64(i)*1.7)
		mixIn(dry, pluck(n.pitch, uint64(i)), n.at*beat+0.02, 0.42*n.level, pan)
	}
	left, right := room(dry[0], 0), room(dry[1], 23)
	peak := 0.0
	for i := range left {
		peak = max(peak, math.Abs(left[i]), math.Abs(right[i]))
	}
	out := make([]int, 0, 2*frames)
	for i := range left {
		// The end fades over a second and a half, so that nothing is cut off.
		gain := 0.7 / peak * min(1, float64(frames-1-i)/(1.5*rate))
		out = append(out, int(math.Round(left[i]*gain*32767)), int(math.Round(right[i]*gain*32767)))
	}
	return out
}

func hertz(pitch int) float64 { return 55 * math.Pow(2, float64(pitch)/12) }

func mixIn(dst [2][]float64, sound []float64, at, level, pan float64) {
	start := int(at * rate)
	l, r := level*math.Cos(pan*math.Pi/2), level*math.Sin(pan*math.Pi/2)
	for i, v := range sound {
		if start+i >= len(dst[0]) {
			return
		}
		dst[0][start+i] += l * v
		dst[1][start+i] += r * v
	}
}

// pad is a soft tone: a few detuned partials that swell and sink.
func pad(pitch int, seconds float64) []float64 {
	out := make([]float64, int(seconds*rate))
	f := hertz(pitch)
	for i := range out {
		t := float64(i) / rate
		v := 0.0
		for k := 1; k <= 4; k++ {
			w := 2 * math.Pi * f * float64(k) * t
			v += (math.Sin(w*0.9985) + math.Sin(w*1.0015)) / float64(2*k*k)
		}
		swell := math.Sin(math.Pi * math.Pow(t/seconds, 0.6))
		out[i] = v * swell * swell
	}
	return out
}

// pluck is a string after Karplus and Strong (Computer Music Journal 7(2),
// 1983): a burst of noise in a delay line that loses its edges.
func pluck(pitch int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1983))
	period := rate/hertz(pitch) - 0.5 // the average below delays by half a sample
	line := make([]float64, int(period))
	fraction := period - math.Floor(period)
	soft := 0.0
	for i := range line {
		soft += 0.35 * (rng.Float64()*2 - 1 - soft) // a fingertip, not a plectrum
		line[i] = soft
	}
	out := make([]float64, 2*rate)
	before, tuned := 0.0, 0.0
	for i := range out {
		at := i % len(line)
		v := line[at]
		out[i] = v
		average := 0.9975 * 0.5 * (v + before)
		before = v
		// Linear interpolation carries the fraction of a sample.
		line[at] = average*(1-fraction) + tuned*fraction
		tuned = average
	}
	return out
}

// room adds a small hall after Schroeder (J. Audio Eng. Soc. 10(3), 1962):
// parallel combs, then all-passes. spread moves the echoes of one side.
func room(dry []float64, spread int) []float64 {
	wet := make([]float64, len(dry))
	for _, delay := range []int{1557, 1617, 1491, 1422} {
		line := make([]float64, delay+spread)
		damp := 0.0
		for i, v := range dry {
			at := i % len(line)
			echo := line[at]
			damp += 0.6 * (echo - damp)
			line[at] = v + 0.82*damp
			wet[i] += echo / 4
		}
	}
	for _, delay := range []int{556, 341} {
		line := make([]float64, delay+spread)
		for i, v := range wet {
			at := i % len(line)
			echo := line[at]
			line[at] = v + 0.5*echo
			wet[i] = echo - 0.5*line[at]
		}
	}
	for i, v := range dry {
		wet[i] = v + 0.45*wet[i]
	}
	return wet
}
