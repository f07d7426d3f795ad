package page

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// seconds is a time to the millisecond.
func seconds(s podcast.Seconds) string {
	return strconv.FormatFloat(math.Round(float64(s)*1000)/1000, 'f', -1, 64)
}

// clock is a time as players show it: 1:02:03.
func clock(s podcast.Seconds) string {
	n := int(s)
	if n >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", n/3600, n/60%60, n%60)
	}
	return fmt.Sprintf("%d:%02d", n/60, n%60)
}

// wave is the loudness of an episode as a path: a bar for each of its parts.
type wave struct {
	Width int
	Path  string
}

// bars are those of a wave at most; a bar takes barWidth units of its width,
// one of them empty, of a height of 100.
const (
	bars     = 320
	barWidth = 3
)

// draw draws the energies of a sound: a bar is as high as the amplitude of its
// part, to that which one in twenty is above.
func draw(energies []float32) wave {
	n := min(bars, len(energies))
	heights := make([]float64, n)
	for i := range heights {
		part := energies[i*len(energies)/n : (i+1)*len(energies)/n]
		sum := 0.0
		for _, e := range part {
			sum += float64(e)
		}
		heights[i] = math.Sqrt(sum / float64(len(part)))
	}
	w := wave{Width: max(1, n*barWidth)}
	if n == 0 {
		return w
	}
	sorted := slices.Sorted(slices.Values(heights))
	full := sorted[len(sorted)-1-len(sorted)/20]
	var b strings.Builder
	for i, h := range heights {
		size := 2
		if full > 0 {
			size = max(2, int(min(1, h/full)*96))
		}
		fmt.Fprintf(&b, "M%d %dh%dv%dh-%dz", i*barWidth, 50-size/2, barWidth-1, size, barWidth-1)
	}
	w.Path = b.String()
	return w
}
