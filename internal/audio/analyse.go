package audio

import (
	"fmt"
	"io"
	"math"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Analysis is what one pass over a sound tells of it.
type Analysis struct {
	Format   Format
	Frames   int64
	In, Out  int64      // first frame above the threshold, and the one behind the last; equal if none
	Peak     level.DB   // sample peak of the whole, in dB of full scale; −∞ of silence
	TruePeak level.DBTP // of the frames from In on; −∞ if none
	// Energies are those of the frames [In, Out), on a grid that begins at In
	// (see [Meter.Energies]); one channel counts as heard on two loudspeakers. A
	// sound of less than 100 ms has one, filled up with what follows.
	Energies []float32
}

// Loudness is the integrated loudness of the frames [In, Out).
func (a *Analysis) Loudness() level.LUFS { return Gated(a.Energies) }

// Analyse reads src to its end.
func Analyse(src Source, threshold level.DB) (*Analysis, error) {
	f := src.Format()
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("analyse: %w", err)
	}
	a := &Analysis{Format: f}
	meter := NewMeter(f, true)
	peak, err := scan(src, threshold, a, meter.Write)
	if err != nil {
		return nil, fmt.Errorf("analyse: %w", err)
	}
	a.Peak = level.DB(20 * math.Log10(float64(peak)))
	a.TruePeak = meter.TruePeak()
	// The meter ran on to the last frame; what it said before Out holds.
	whole := (a.Out - a.In) * 10 / int64(f.Rate)
	if whole == 0 && a.Out > a.In {
		whole = 1
		meter.Write(make([]float32, (f.Rate/10+1)*f.Channels))
	}
	a.Energies = meter.Energies()[:whole]
	return a, nil
}

// Bounds reads src to its end and returns the first frame in which a sample
// exceeds the threshold, in dB of full scale, the frame behind the last such,
// and the number of frames. in and out are 0 if there is none.
func Bounds(src Source, threshold level.DB) (in, out, frames int64, err error) {
	if err := src.Format().check(); err != nil {
		return 0, 0, 0, fmt.Errorf("find bounds: %w", err)
	}
	var a Analysis
	if _, err := scan(src, threshold, &a, func([]float32) {}); err != nil {
		return 0, 0, 0, fmt.Errorf("find bounds: %w", err)
	}
	return a.In, a.Out, a.Frames, nil
}

// scan sets Frames, In and Out of a, gives the samples from In on to sound, and
// returns the sample peak.
func scan(src Source, threshold level.DB, a *Analysis, sound func([]float32)) (peak float32, err error) {
	ch := src.Format().Channels
	limit := float32(threshold.Factor())
	buf := make([]float32, 4096)
	for {
		n, err := src.ReadSamples(buf)
		if err == io.EOF {
			return peak, nil
		}
		if err != nil {
			return 0, err
		}
		s := buf[:n]
		from := a.Frames
		a.Frames += int64(n / ch)
		p := samplePeak(s)
		peak = max(peak, p)
		if p > limit {
			last := n - 1
			for abs(s[last]) <= limit {
				last--
			}
			if a.Out == 0 {
				first := 0
				for abs(s[first]) <= limit {
					first++
				}
				a.In = from + int64(first/ch)
			}
			a.Out = from + int64(last/ch) + 1
		}
		if a.Out > 0 {
			sound(s[max(0, a.In-from)*int64(ch):])
		}
	}
}
