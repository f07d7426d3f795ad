package script

import (
	"cmp"
	"slices"
)

// aside is what is said after the sentence that an offset of said is in.
type aside struct {
	exact    bool  // not after the sentence, but at the offset
	wait     edges // silence that is asked for at the offset
	off      int
	passages []passage
}

// settled are the line's asides in the order of where they are said: those
// that do not stand exactly where they are come after the sentence.
func (l *line) settled() []aside {
	if len(l.asides) == 0 {
		return nil
	}
	out := slices.Clone(l.asides)
	slices.SortStableFunc(out, func(a, b aside) int { return cmp.Compare(a.off, b.off) })
	ends := sentences(string(l.said))
	for i := range out {
		x := &out[i]
		for len(ends) > 0 && ends[0].to < x.off {
			ends = ends[1:]
		}
		switch {
		case x.exact:
			x.off = min(x.off, len(l.said))
		case len(ends) > 0:
			x.off = ends[0].to
		default:
			x.off = len(l.said)
		}
	}
	slices.SortStableFunc(out, func(a, b aside) int { return cmp.Compare(a.off, b.off) })
	return out
}

// divide divides the line at offsets of what is said, which are in order, into
// one line more than there are offsets. It halves the offsets, so that no part
// of a long line is copied for each of them.
func (l *line) divide(offs []int) []*line {
	if len(offs) == 0 {
		return []*line{l}
	}
	mid := len(offs) / 2
	before, after := l.split(offs[mid])
	rest := make([]int, 0, len(offs)-mid-1)
	for _, off := range offs[mid+1:] {
		rest = append(rest, off-offs[mid])
	}
	return append(before.divide(offs[:mid]), after.divide(rest)...)
}
