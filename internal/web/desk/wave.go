package desk

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
)

// The picture of a take: so many columns, so high, drawn from −48 dBFS up, which
// is about where the noise of a room ends.
const (
	waveColumns = 480
	waveHeight  = 64
	waveFloor   = -48.0
)

// drawWave draws the loudest sample of each stretch of a sound.
func drawWave(src audio.Source) ([]byte, error) {
	channels := src.Format().Channels
	buf := make([]float32, 8192*channels)
	var peaks []float32 // of 256 frames each
	const step = 256
	var peak float32
	n := 0
	for {
		got, err := src.ReadSamples(buf)
		for i := range got {
			if v := float32(math.Abs(float64(buf[i]))); v > peak {
				peak = v
			}
			if n++; n == step*channels {
				peaks, peak, n = append(peaks, peak), 0, 0
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if n > 0 {
		peaks = append(peaks, peak)
	}
	var path strings.Builder
	columns := min(waveColumns, len(peaks))
	for c := range columns {
		var v float32
		for _, p := range peaks[c*len(peaks)/columns : max(c*len(peaks)/columns+1, (c+1)*len(peaks)/columns)] {
			v = max(v, p)
		}
		h := 0.5
		if v > 0 {
			h = max(h, (20*math.Log10(float64(v))-waveFloor)/-waveFloor*waveHeight/2)
		}
		x := float64(c) * waveColumns / float64(columns)
		fmt.Fprintf(&path, "M%.1f %.1fV%.1f", x, waveHeight/2-h, waveHeight/2+h)
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" preserveAspectRatio="none">`+
		`<path d="%s" stroke="#8c3a10" stroke-width="1.1" fill="none"/></svg>`, waveColumns, waveHeight, path.String()), nil
}
