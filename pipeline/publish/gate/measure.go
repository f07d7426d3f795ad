package gate

import (
	"math"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Quiet is the momentary level below which a stretch is silence: digital
// silence and the noise of an encoder are under it, the softest speech of an
// episode at −16 LUFS is far over it.
const Quiet level.LUFS = -60

// steps are how many energies a second has.
const steps = 10

// energyOf a level: ITU-R BS.1770-4, equation 2.
func energyOf(l level.LUFS) float32 { return float32(math.Pow(10, (float64(l)+0.691)/10)) }

// LongestSilence is the longest stretch of silence between the first and the
// last sound of an episode, to a tenth of a second. Energies are 100 ms each,
// mean squares after the filter of ITU-R BS.1770-4.
func LongestSilence(energies []float32) Silent {
	quiet := energyOf(Quiet)
	last := -1 // step that sounds
	from, length := 0, 0
	for i, e := range energies {
		if e < quiet {
			continue
		}
		if run := i - last - 1; last >= 0 && run > length {
			from, length = last+1, run
		}
		last = i
	}
	return Silent{At: podcast.Seconds(float64(from) / steps), Length: podcast.Seconds(float64(length) / steps)}
}

// Unheard are the ordinals of the segments of which nothing is heard: whose
// cue is silence.
func Unheard(energies []float32, cues []podcast.Cue) []int {
	var out []int
	quiet := energyOf(Quiet)
	for _, c := range cues {
		from := max(0, int(float64(c.Start)*steps))
		to := min(len(energies), int(math.Ceil(float64(c.End)*steps)))
		heard := false
		for i := from; i < to && !heard; i++ {
			heard = energies[i] >= quiet
		}
		if n := len(out); !heard && (n == 0 || out[n-1] != c.Segment) {
			out = append(out, c.Segment)
		}
	}
	return out
}
