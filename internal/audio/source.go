package audio

import (
	"fmt"
	"io"
	"math"
)

// Format is the shape of a stream of samples.
type Format struct {
	Rate     int // frames a second, in Hz
	Channels int // 1 or 2; decoding mixes more down to 2
}

// Rates that are believed, in Hz. What is outside is a broken header.
const (
	minRate = 1000
	maxRate = 768000
)

func (f Format) check() error {
	if f.Rate < minRate || f.Rate > maxRate {
		return fmt.Errorf("sample rate %d Hz is outside %d to %d Hz", f.Rate, minRate, maxRate)
	}
	if f.Channels < 1 || f.Channels > 2 {
		return fmt.Errorf("%d channels; 1 and 2 can be done", f.Channels)
	}
	return nil
}

// Source is a stream of samples.
type Source interface {
	// Format does not change during the stream.
	Format() Format
	// ReadSamples fills dst, interleaved, full scale ±1, and returns how many
	// samples it wrote: a multiple of Channels, more than 0 with a nil error,
	// or 0 with an error. io.EOF ends the stream; any other error is final
	// too. A dst shorter than a frame is io.ErrShortBuffer.
	ReadSamples(dst []float32) (n int, err error)
}

// Decoder is the Source that decoding gives. Close ends what stands behind it,
// such as a process, and may be called at any time and more than once.
type Decoder interface {
	Source
	Close() error
}

// Samples is a Source of samples that are in memory. s is not copied; an
// incomplete frame at its end is not read.
func Samples(f Format, s []float32) Source {
	return &memory{format: f, rest: s[:len(s)-len(s)%max(f.Channels, 1)]}
}

type memory struct {
	format Format
	rest   []float32
}

func (m *memory) Format() Format { return m.format }

func (m *memory) ReadSamples(dst []float32) (int, error) {
	if len(dst) < m.format.Channels {
		return 0, io.ErrShortBuffer
	}
	if len(m.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(dst[:len(dst)-len(dst)%m.format.Channels], m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

// failed is a Source that has nothing but an error.
type failed struct {
	format Format
	err    error
}

func (f *failed) Format() Format                     { return f.format }
func (f *failed) ReadSamples([]float32) (int, error) { return 0, f.err }

// fill reads until dst is full or the stream ends. Unlike ReadSamples it may
// return samples together with the error.
func fill(src Source, dst []float32) (n int, err error) {
	idle := 0
	for n < len(dst) && err == nil {
		var k int
		k, err = src.ReadSamples(dst[n:])
		n += k
		if k > 0 {
			idle = 0
		} else if idle++; err == nil && idle > 100 {
			err = io.ErrNoProgress
		}
	}
	return n, err
}

// loudestSample is what decoding believes: 120 dB above full scale. Beyond it,
// and with values that are no numbers, the data is not audio; let through, one
// such sample would silence every filter behind it for good.
const loudestSample = 1e6

func checkFinite(s []float32) error {
	for _, v := range s {
		// One comparison is false for NaN and for both infinities.
		if !(v < loudestSample && v > -loudestSample) {
			return fmt.Errorf("a sample of value %v is not audio", v)
		}
	}
	return nil
}

// EqualPower is the gain of a fade-in at x, from 0 (silent) to 1 (full). The
// squares of a fade-in and of the fade-out over the same stretch, EqualPower(x)
// and EqualPower(1-x), add up to 1: sounds that have nothing to do with each
// other stay equally loud through a crossfade.
func EqualPower(x float64) float64 {
	return math.Sin(math.Pi / 2 * min(max(x, 0), 1))
}
