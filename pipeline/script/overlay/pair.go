package overlay

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// pair finds for each segment of an edited script, by ordinal, the one of the
// automatic script that it was; 0 for those that were put in. The pairs are in
// order: what was moved was left out in one place and put in in another.
func pair(auto, edited []placed) []int {
	out := make([]int, len(edited))
	for _, key := range []func(placed) string{
		func(s placed) string { return at(s) + "\x00" + on(s.Segment) },
		func(s placed) string { return "\x00" + on(s.Segment) },
		at, // its words are others
	} {
		pairBetween(auto, edited, out, key)
	}
	pairAlike(auto, edited, out)
	return out
}

// at is where a segment stands in the source; "" where that is not known.
func at(s placed) string {
	var b strings.Builder
	for _, a := range s.Anchors {
		fmt.Fprintf(&b, "%s:%d:%d ", a.File, a.Line, a.Col)
	}
	return b.String()
}

// pairBetween pairs segments with the same key that stand between the same
// pairs, as many as can be without one passing another.
func pairBetween(auto, edited []placed, out []int, key func(placed) string) {
	gaps(auto, out, func(a0, a1, e0, e1 int) {
		there := map[string][]int{}
		for m := a0; m < a1; m++ {
			if k := key(auto[m]); k != "" {
				there[k] = append(there[k], m)
			}
		}
		var pairs [][2]int // of edited and auto
		for n := e0; n < e1; n++ {
			k := key(edited[n])
			if ms := there[k]; len(ms) > 0 {
				pairs = append(pairs, [2]int{n, ms[0]})
				there[k] = ms[1:]
			}
		}
		for _, p := range rising(pairs) {
			out[p[0]] = p[1]
		}
	})
}

// gaps calls do for the stretches of both scripts between what is paired.
func gaps(auto []placed, out []int, do func(a0, a1, e0, e1 int)) {
	was := slices.Clone(out)
	a, e := 1, 1
	for n := 1; n <= len(was); n++ {
		m := len(auto)
		if n < len(was) {
			if m = was[n]; m == 0 {
				continue
			}
		}
		if a < m && e < n {
			do(a, m, e, n)
		}
		a, e = m+1, n+1
	}
}

// rising is a longest run of pairs that rise on both sides; they rise on the
// first (patience sorting).
func rising(pairs [][2]int) [][2]int {
	var piles []int // index of the pair on top of each
	before := make([]int, len(pairs))
	for i, p := range pairs {
		at := sort.Search(len(piles), func(k int) bool { return pairs[piles[k]][1] >= p[1] })
		before[i] = -1
		if at > 0 {
			before[i] = piles[at-1]
		}
		if at == len(piles) {
			piles = append(piles, i)
		} else {
			piles[at] = i
		}
	}
	if len(piles) == 0 {
		return nil
	}
	var out [][2]int
	for i := piles[len(piles)-1]; i >= 0; i = before[i] {
		out = append(out, pairs[i])
	}
	slices.Reverse(out)
	return out
}

// mostAlike bounds the stretches, in segments of one by segments of the other,
// in which words are compared; in a larger one another text was put in.
const mostAlike = 2500

// pairAlike pairs what is left by its words, in order, so that as much as
// possible is alike.
func pairAlike(auto, edited []placed, out []int) {
	gaps(auto, out, func(a0, a1, e0, e1 int) {
		rows, cols := e1-e0, a1-a0
		if rows*cols > mostAlike {
			return
		}
		ix := &index{words: map[string]int32{}}
		words := func(s placed) []int32 { return ix.split(on(s.Segment), true) }
		autos := make([][]int32, cols)
		for j := range autos {
			autos[j] = words(auto[a0+j])
		}
		best := make([][]float64, rows+1) // of what is left from there
		best[rows] = make([]float64, cols+1)
		alike := make([][]float64, rows)
		for i := rows - 1; i >= 0; i-- {
			best[i], alike[i] = make([]float64, cols+1), make([]float64, cols)
			ws := words(edited[e0+i])
			for j := cols - 1; j >= 0; j-- {
				alike[i][j] = 2 * float64(common(ws, autos[j])) / float64(max(1, len(ws)+len(autos[j])))
				best[i][j] = max(best[i+1][j], best[i][j+1])
				if alike[i][j] >= alikeHere {
					best[i][j] = max(best[i][j], best[i+1][j+1]+alike[i][j])
				}
			}
		}
		for i, j := 0, 0; i < rows && j < cols; {
			switch {
			case alike[i][j] >= alikeHere && best[i][j] == best[i+1][j+1]+alike[i][j]:
				out[e0+i] = a0 + j
				i, j = i+1, j+1
			case best[i][j] == best[i+1][j]:
				i++
			default:
				j++
			}
		}
	})
}
