package script

import (
	"maps"
	"slices"
)

// Change says what became of a segment between two scripts.
type Change int

// The changes.
const (
	Kept Change = iota
	Removed
	Added
)

// Changed is a segment of one of two scripts that were compared.
type Changed struct {
	Change  Change
	Ordinal int // in the new script, or of a removed one in the old
	Segment *Segment
}

// sound is what a segment's take depends on.
type sound struct {
	part, text string
	take       int
}

// Diff compares what two scripts say, segment by segment: a segment is kept if
// its text, its part and its take number are. What is removed comes before what
// is added in its place. It takes time in proportion to the scripts' length and
// the number of differences (Myers, "An O(ND) Difference Algorithm", 1986), and
// after mostDifferences of them says that all the rest was replaced.
func Diff(before, after *Script) []Changed {
	a, b := list(before), list(after)
	var out []Changed
	i, j := 0, 0
	for _, m := range matches(a, b) {
		for ; i < m[0]; i++ {
			out = append(out, Changed{Removed, i + 1, a[i]})
		}
		for ; j < m[1]; j++ {
			out = append(out, Changed{Added, j + 1, b[j]})
		}
		out = append(out, Changed{Kept, j + 1, b[j]})
		i, j = i+1, j+1
	}
	for ; i < len(a); i++ {
		out = append(out, Changed{Removed, i + 1, a[i]})
	}
	for ; j < len(b); j++ {
		out = append(out, Changed{Added, j + 1, b[j]})
	}
	return out
}

func list(s *Script) []*Segment {
	var out []*Segment
	for _, g := range s.Segments() {
		out = append(out, g)
	}
	return out
}

func soundOf(g *Segment) sound { return sound{g.Part(), g.Text, g.Take} }

// mostDifferences bounds the work of a comparison: of scripts that differ in
// more, what follows is taken for another text.
const mostDifferences = 500

// matches are the pairs of segments that are in both, in order.
func matches(a, b []*Segment) [][2]int {
	var out [][2]int
	head := 0
	for head < min(len(a), len(b)) && soundOf(a[head]) == soundOf(b[head]) {
		out = append(out, [2]int{head, head})
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && soundOf(a[len(a)-1-tail]) == soundOf(b[len(b)-1-tail]) {
		tail++
	}
	for _, m := range longest(a[head:len(a)-tail], b[head:len(b)-tail]) {
		out = append(out, [2]int{m[0] + head, m[1] + head})
	}
	for k := tail; k > 0; k-- {
		out = append(out, [2]int{len(a) - k, len(b) - k})
	}
	return out
}

// longest is a longest common subsequence, by the greedy algorithm of Myers.
func longest(a, b []*Segment) [][2]int {
	n, m := len(a), len(b)
	most := min(n+m, mostDifferences)
	v := map[int]int{1: 0} // furthest reach in a, by diagonal
	var trail []map[int]int
	for d := 0; d <= most; d++ {
		trail = append(trail, maps.Clone(v))
		for k := -d; k <= d; k += 2 {
			x := v[k-1] + 1
			if k == -d || k != d && v[k-1] < v[k+1] {
				x = v[k+1]
			}
			y := x - k
			for x < n && y < m && soundOf(a[x]) == soundOf(b[y]) {
				x, y = x+1, y+1
			}
			v[k] = x
			if x >= n && y >= m {
				return back(trail, n, m)
			}
		}
	}
	return nil
}

// back follows the trail of an edit script to its beginning.
func back(trail []map[int]int, x, y int) [][2]int {
	var out [][2]int
	for d := len(trail) - 1; d >= 0; d-- {
		v, k := trail[d], x-y
		from := k - 1
		if k == -d || k != d && v[k-1] < v[k+1] {
			from = k + 1
		}
		px := v[from]
		py := px - from
		for x > px && y > py && x > 0 && y > 0 {
			x, y = x-1, y-1
			out = append(out, [2]int{x, y})
		}
		x, y = px, py
	}
	slices.Reverse(out)
	return out
}
