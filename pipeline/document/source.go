package document

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// source is the decoded text of a document, with line ends as "\n", and finds
// the line and column of a byte in constant time: a ten-megabyte line has as
// many positions asked of it as ten thousand short ones.
type source struct {
	name  string
	src   string
	lines []int // offset of the first byte of each line
	runes []int // characters before each step-th byte
}

const step = 1 << 10

func newSource(name, text string) *source {
	s := &source{name: name, src: text, lines: []int{0}}
	for off := 0; ; {
		i := strings.IndexByte(text[off:], '\n')
		if i < 0 {
			break
		}
		off += i + 1
		s.lines = append(s.lines, off)
	}
	n := 0
	for off := 0; off <= len(text); off += step {
		s.runes = append(s.runes, n)
		n += starts(text[off:min(off+step, len(text))])
	}
	return s
}

// starts counts the characters that begin in a stretch of bytes.
func starts(text string) int {
	n := 0
	for i := range len(text) {
		if utf8.RuneStart(text[i]) {
			n++
		}
	}
	return n
}

// before is the number of characters before an offset.
func (s *source) before(off int) int {
	b := off / step
	return s.runes[b] + starts(s.src[b*step:off])
}

// line is the index of the line that holds an offset.
func (s *source) line(off int) int {
	return sort.SearchInts(s.lines, off+1) - 1
}

func (s *source) pos(off int) Pos {
	off = max(0, min(off, len(s.src)))
	l := s.line(off)
	return Pos{File: s.name, Line: l + 1, Col: s.before(off) - s.before(s.lines[l]) + 1}
}

// sortFindings puts findings in the order of the source.
func sortFindings(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
}
