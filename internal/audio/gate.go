package audio

import (
	"math"
	"slices"

	"github.com/narrapress/narrapress/pipeline/level"
)

// loudness of a weighted mean square (BS.1770-4, equation 2). The offset takes
// back what the shelf filter adds at 997 Hz.
func loudness(meanSquare float64) level.LUFS {
	return level.LUFS(-0.691 + 10*math.Log10(meanSquare))
}

func meanSquare(l level.LUFS) float64 { return math.Pow(10, (float64(l)+0.691)/10) }

// Gates: -70 LUFS absolute, then relative to the mean of what is left: -10 LU
// for loudness (BS.1770-4, equations 5 to 7), -20 LU for its range (Tech 3342).
const (
	absoluteGate = level.LUFS(-70)
	loudnessGate = 0.1
	rangeGate    = 0.01
)

// Sub-blocks of 100 ms in the blocks of integrated loudness and of its range.
const (
	gatingBlock = 4
	rangeBlock  = 30
)

// Gated is the integrated loudness of several runs of sub-blocks (see
// [Meter.Energies]) put together. Each run has its own grid: blocks of 400 ms,
// every 100 ms, that do not reach across its ends. A shorter run counts as one
// block of what it has.
func Gated(energies ...[]float32) level.LUFS {
	absolute := meanSquare(absoluteGate)
	mean := meanAbove(absolute, energies)
	return loudness(meanAbove(max(absolute, mean*loudnessGate), energies))
}

// meanAbove is the mean of the blocks of the runs that are above floor, 0 if
// there are none.
func meanAbove(floor float64, runs [][]float32) float64 {
	sum, n := 0.0, 0
	for _, run := range runs {
		for i := range max(len(run)-gatingBlock+1, min(len(run), 1)) {
			block := run[i:min(i+gatingBlock, len(run))]
			e := 0.0
			for _, v := range block {
				e += float64(v)
			}
			if e /= float64(len(block)); e > floor {
				sum += e
				n++
			}
		}
	}
	return sum / float64(max(n, 1))
}

// loudnessRange is the distance in LU between the 10th and the 95th percentile
// of the short-term loudness, gated (EBU Tech 3342).
func loudnessRange(run []float32) float64 {
	n := max(len(run)-rangeBlock+1, 0)
	blocks := make([]float64, 0, n)
	sum, floor := 0.0, meanSquare(absoluteGate)
	for i := range n {
		e := 0.0
		for _, v := range run[i : i+rangeBlock] {
			e += float64(v)
		}
		if e /= rangeBlock; e > floor {
			blocks = append(blocks, e)
			sum += e
		}
	}
	floor = max(floor, sum/float64(max(len(blocks), 1))*rangeGate)
	blocks = slices.DeleteFunc(blocks, func(e float64) bool { return e <= floor })
	if len(blocks) == 0 {
		return 0
	}
	slices.Sort(blocks)
	percentile := func(p float64) float64 {
		return float64(loudness(blocks[int(math.Round(p*float64(len(blocks)-1)))]))
	}
	return percentile(0.95) - percentile(0.10)
}
