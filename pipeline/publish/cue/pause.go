package cue

import (
	"math"
	"slices"
)

// step is the length of a measurement of loudness, in seconds.
const step = 0.1

// silence is a stretch of a take in which nobody speaks, in seconds.
type silence struct{ from, to float64 }

// What counts as silence lies in the middle, in dB, between the level of
// speech and that of the quietest steps, and at least and at most so far below
// speech. Where the two are too near, nothing can be told.
const (
	leastBelow = 9.0 // dB
	mostBelow  = 25.0
)

// silences finds them in a take's loudness: at least one step, with its edges
// inside of the steps beside it by how loud these are.
func silences(energies []float32, from float64) []silence {
	if len(energies) < 3 {
		return nil
	}
	sorted := slices.Clone(energies)
	slices.Sort(sorted)
	speech := float64(sorted[len(sorted)*7/10])
	quiet := max(float64(sorted[len(sorted)/50]), speech*1e-7)
	if !(speech > 0) || math.IsInf(speech, 0) {
		return nil
	}
	below := 10 * math.Log10(speech/quiet) / 2
	if below < leastBelow/2 {
		return nil
	}
	limit := speech * math.Pow(10, -min(max(below, leastBelow), mostBelow)/10)
	// share is how much of a step is speech: what is heard of it is mostly soft.
	share := func(i int) float64 { return min(1, math.Pow(float64(energies[i])/speech, 0.25)) }
	var out []silence
	for i := 1; i < len(energies)-1; i++ {
		if float64(energies[i]) >= limit {
			continue
		}
		a := i
		for i < len(energies) && float64(energies[i]) < limit {
			i++
		}
		if i == len(energies) {
			break // it is the end of the take
		}
		out = append(out, silence{
			from: from + step*(float64(a-1)+share(a-1)),
			to:   from + step*(float64(i)+1-share(i)),
		})
	}
	return out
}
