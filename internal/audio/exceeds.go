package audio

import (
	"math"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Exceeds says whether the true peak of samples, interleaved, silent before and
// after, is above the ceiling: whether [Limit] would change any of them. It
// costs a fraction of limiting.
func Exceeds(f Format, samples []float32, ceiling level.DBTP) bool {
	p := newInterpolator()
	limit := float32(math.Pow(10, float64(ceiling)/20))
	if samplePeak(samples)*p.gain <= limit {
		return false
	}
	const block = 4096 // frames
	buf := make([]float32, 0, 2*peakTaps+block)
	for c := range f.Channels {
		buf = append(buf[:0], make([]float32, peakTaps-1)...)
		for at := c; at < len(samples); {
			for ; at < len(samples) && len(buf) < block; at += f.Channels {
				buf = append(buf, samples[at])
			}
			if at >= len(samples) {
				buf = append(buf, make([]float32, peakTaps-1)...)
			}
			if p.peakOver(buf, limit) > limit {
				return true
			}
			buf = buf[:copy(buf, buf[max(0, len(buf)-(peakTaps-1)):])]
		}
	}
	return false
}
