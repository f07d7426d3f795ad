package audio

import (
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// Step is the grain in which an Inspection follows a sound.
const Step = 10 * time.Millisecond

// Inspection is what one cheap pass over a sound tells of its health.
type Inspection struct {
	Format  Format
	Frames  int64
	Peak    float64 // highest magnitude of a sample, full scale 1
	Offset  float64 // mean of the samples: the direct current in it
	Clipped float64 // part of the samples that stand in flat tops, 0 to 1: see clipping
	Steps   []Stretch
}

// Stretch is what an Inspection tells of one Step.
type Stretch struct {
	Energy float32 // mean square of the samples, less the direct current in them
	Turns  float32 // part of the samples of the first channel that have another sign than the one before
}

// Seconds that the sound lasts.
func (i *Inspection) Seconds() float64 { return float64(i.Frames) / float64(i.Format.Rate) }

// Inspect reads src to its end. The last, incomplete step counts as one.
func Inspect(src Source) (*Inspection, error) {
	f := src.Format()
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	in := &Inspection{Format: f}
	w := stepper{channels: f.Channels, rate: int64(f.Rate), into: in}
	w.end = w.rate / 100
	buf := make([]float32, 4096)
	for {
		n, err := src.ReadSamples(buf)
		w.write(buf[:n])
		if errors.Is(err, io.EOF) {
			w.close()
			return in, nil
		}
		if err != nil {
			return nil, fmt.Errorf("inspect: %w", err)
		}
	}
}

// stepper cuts a sound into steps.
type stepper struct {
	channels  int
	rate      int64
	into      *Inspection
	end       int64 // frame at which the step under way ends
	from      int64 // and that at which it began
	sum, mean float64
	turns     int
	last      float32
	total     float64 // of all samples
	top       clipping
}

func (w *stepper) write(s []float32) {
	ch := w.channels
	for len(s) >= ch {
		n := min(len(s)/ch, int(w.end-w.into.Frames))
		run := s[:n*ch]
		sum, mean := moments(run)
		w.sum, w.mean = w.sum+sum, w.mean+mean
		w.turn(run)
		w.top.write(run)
		w.into.Frames += int64(n)
		s = s[n*ch:]
		if w.into.Frames == w.end {
			w.step()
		}
	}
}

// moments are the sums of the squares and of the samples, each in four parts,
// which do not wait for each other.
func moments(s []float32) (squares, sum float64) {
	var q, m [4]float64
	for len(s) >= 4 {
		x := (*[4]float32)(s)
		a, b, c, d := float64(x[0]), float64(x[1]), float64(x[2]), float64(x[3])
		q[0], q[1], q[2], q[3] = q[0]+a*a, q[1]+b*b, q[2]+c*c, q[3]+d*d
		m[0], m[1], m[2], m[3] = m[0]+a, m[1]+b, m[2]+c, m[3]+d
		s = s[4:]
	}
	for _, v := range s {
		q[0], m[0] = q[0]+float64(v)*float64(v), m[0]+float64(v)
	}
	return q[0] + q[1] + q[2] + q[3], m[0] + m[1] + m[2] + m[3]
}

// turn counts changes of sign, without a branch that a processor cannot foresee.
func (w *stepper) turn(run []float32) {
	last, turns := math.Float32bits(w.last), uint32(0)
	for i := 0; i < len(run); i += w.channels {
		b := math.Float32bits(run[i])
		turns += (b ^ last) >> 31
		last = b
	}
	w.turns += int(turns)
	w.last = math.Float32frombits(last)
}

func (w *stepper) step() {
	frames := w.into.Frames - w.from
	if n := float64(frames) * float64(w.channels); n > 0 {
		mean := w.mean / n
		w.into.Steps = append(w.into.Steps, Stretch{
			Energy: float32(max(0, w.sum/n-mean*mean)), Turns: float32(w.turns) / float32(frames),
		})
	}
	w.total += w.mean
	w.sum, w.mean, w.turns, w.from = 0, 0, 0, w.into.Frames
	// A rate that 100 does not divide has steps that differ by a frame.
	w.end = int64(len(w.into.Steps)+1) * w.rate / 100
}

func (w *stepper) close() {
	w.step()
	in := w.into
	in.Peak = float64(w.top.peak)
	if n := float64(in.Frames) * float64(w.channels); n > 0 {
		in.Offset, in.Clipped = w.total/n, float64(w.top.flat)/n
	}
}

// clipping counts samples in flat tops: three or more in a row that are alike
// and within flatness of the highest of the whole sound. So it finds a sound
// that was clipped and then made quieter, too; a wave's own crest turns at
// once, or is not the highest.
type clipping struct {
	peak float32
	flat int
	run  int     // samples alike so far
	last float32 // their value
}

// flatness is how near to the peak a flat top is: a tenth of a decibel. Eight
// bits, the coarsest that is answered, have steps of 0.07 dB at full scale.
const flatness = 0.9886

func (c *clipping) write(s []float32) {
	if samplePeak(s) < c.peak*flatness { // as nearly all of a sound is
		c.run = 0
		return
	}
	for _, v := range s {
		a := abs(v)
		if a < c.peak*flatness {
			c.run = 0
			continue
		}
		if a*flatness > c.peak { // what was flat before was no top
			c.flat = 0
		}
		c.peak = max(c.peak, a)
		if v != c.last || c.run == 0 {
			c.run, c.last = 1, v
			continue
		}
		if c.run++; c.run == 3 {
			c.flat += 3
		} else if c.run > 3 {
			c.flat++
		}
	}
}
