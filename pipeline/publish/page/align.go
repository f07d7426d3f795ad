package page

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document/markup"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Bounds of the search for a segment's words, so that its time is linear.
const (
	around  = 200 // words on either side of where an anchor says that they stand
	ahead   = 400 // words behind what the segment before speaks
	skipped = 16  // words in one stretch that only one side has
	enough  = 4   // words in a row that are no accident
)

// token is a word of an article.
type token struct {
	text      string
	in        int // index of its text
	from, to  int // bytes of it
	block     int
	segment   int // ordinal of the segment that speaks it
	line, col int
}

// aligner finds out which words of an article each segment speaks: by where
// its anchors say that they stand, then word by word.
type aligner struct {
	texts  []markup.Text
	words  []token
	lines  map[place][]int // words by the line they stand on, in order of columns
	blocks map[place][]int // blocks by where their elements begin
	first  map[int]int     // block → its first word
	next   int             // the word behind what was spoken last
}

// place is a line of a source, or with a column a character of it.
type place struct {
	file      string
	line, col int
}

// align gives the runs of each text, and the ordinals of the segments that an
// author's words are in and that have no place in the article.
func align(texts []markup.Text, sc *script.Script) (runs [][]markup.Run, apart []int) {
	a := newAligner(texts)
	for at, seg := range sc.Segments() {
		if seg.Announcement {
			continue
		}
		// Without an anchor it is from outside of the text: an opening, credits.
		if len(seg.Anchors) == 0 || !a.place(at.Ordinal, seg) {
			apart = append(apart, at.Ordinal)
		}
	}
	return a.runs(), apart
}

func newAligner(texts []markup.Text) *aligner {
	a := &aligner{texts: texts, lines: map[place][]int{}, blocks: map[place][]int{}, first: map[int]int{}}
	for i, t := range texts {
		_, file, _ := strings.Cut(t.Element.File, "!")
		line, col, counted := t.Line, t.Col, 0
		for _, w := range markup.Words(t.Text) {
			k := token{text: strings.ToLower(t.Text[w.From:w.To]), in: i, from: w.From, to: w.To, block: t.Block}
			if line > 0 {
				gap := t.Text[counted:w.From]
				if n := strings.Count(gap, "\n"); n > 0 {
					line, col = line+n, 1
					gap = gap[strings.LastIndexByte(gap, '\n')+1:]
				}
				col += utf8.RuneCountInString(gap)
				counted = w.From
				k.line, k.col = line, col
				at := place{file: file, line: line}
				a.lines[at] = append(a.lines[at], len(a.words))
			}
			if _, ok := a.first[t.Block]; !ok {
				a.first[t.Block] = len(a.words)
				at := place{file, t.Element.Line, t.Element.Col}
				a.blocks[at] = append(a.blocks[at], t.Block)
			}
			a.words = append(a.words, k)
		}
	}
	for _, on := range a.lines {
		slices.SortStableFunc(on, func(x, y int) int { return cmp.Compare(a.words[x].col, a.words[y].col) })
	}
	return a
}

// place finds the words of a segment, which has anchors, and says whether it
// found any.
func (a *aligner) place(ordinal int, seg *script.Segment) bool {
	text, file := seg.Original(), seg.Anchors[0].File
	var words []string
	var offs []int
	for _, w := range markup.Words(text) {
		words, offs = append(words, strings.ToLower(text[w.From:w.To])), append(offs, w.From)
	}
	found := false
	anchor := 0
	for i := 0; i < len(words); {
		for anchor < len(seg.Anchors) && seg.Anchors[anchor].Off < offs[i] {
			anchor++
		}
		// The anchor of these words, or the one before with what is between.
		at, ok := -1, false
		for k := anchor; k >= max(0, anchor-1) && !ok; k-- {
			if k < len(seg.Anchors) && seg.Anchors[k].Off <= offs[i] {
				s := seg.Anchors[k]
				col := s.Col + utf8.RuneCountInString(text[min(s.Off, len(text)):offs[i]])
				at, ok = a.near(place{file, s.Line, col}, words[i:])
			}
		}
		if !ok && anchor < len(seg.Anchors) {
			at, ok = a.before(seg.Anchors[anchor], file, words, offs, i)
		}
		if !ok && i == 0 {
			at, ok = a.inBlock(place{file, seg.Anchors[0].Line, seg.Anchors[0].Col}, words)
		}
		if !ok {
			at, ok = a.behind(words[i:])
		}
		if !ok {
			i++
			if i > skipped && !found {
				break // no part of it is here
			}
			continue
		}
		found = true
		i += a.follow(ordinal, at, words[i:])
	}
	if !found {
		found = a.wholeBlock(ordinal, place{file, seg.Anchors[0].Line, seg.Anchors[0].Col})
	}
	return found
}

// run is how many words in a row are the same from a word of the article on,
// enough at most.
func (a *aligner) run(at int, words []string) int {
	n := 0
	for n < min(enough, len(words)) && at+n < len(a.words) && a.words[at+n].text == words[n] && a.words[at+n].segment == 0 {
		n++
	}
	return n
}

// near is the word closest to a place on its line from which the words follow:
// as many of them as anywhere about it.
func (a *aligner) near(p place, words []string) (int, bool) {
	on := a.lines[place{file: p.file, line: p.line}]
	i, _ := slices.BinarySearchFunc(on, p.col, func(w, col int) int { return cmp.Compare(a.words[w].col, col) })
	best, at := 0, -1
	want := min(enough, len(words))
	for d := 0; d < around && best < want; d++ {
		for _, k := range []int{i + d, i - d - 1} {
			if k >= 0 && k < len(on) {
				if n := a.run(on[k], words); n > best {
					best, at = n, on[k]
				}
			}
		}
	}
	return at, best > 0
}

// before is where the words from the i-th on stand, of which only those from an
// anchor on have a place that is known.
func (a *aligner) before(s script.Anchor, file string, words []string, offs []int, i int) (int, bool) {
	k := i
	for k < len(offs) && offs[k] < s.Off {
		k++
	}
	at, ok := a.near(place{file, s.Line, s.Col}, words[k:])
	if !ok {
		return -1, false
	}
	best, from := 0, -1
	for d := max(0, at-(k-i)-skipped); d <= at; d++ {
		if n := a.run(d, words[i:]); n >= best && n > 0 {
			best, from = n, d
		}
	}
	return from, best > 0
}

// inBlock looks in the elements that begin at a place.
func (a *aligner) inBlock(p place, words []string) (int, bool) {
	best, at := 0, -1
	for _, block := range a.blocks[p] {
		from := a.first[block]
		for k := from; k < min(from+ahead, len(a.words)) && a.words[k].block == block; k++ {
			if n := a.run(k, words); n > best {
				best, at = n, k
			}
		}
	}
	return at, best > 0
}

// behind looks behind what was spoken last.
func (a *aligner) behind(words []string) (int, bool) {
	want := min(enough, len(words))
	for k := a.next; k < min(a.next+ahead, len(a.words)); k++ {
		if n := a.run(k, words); n >= want || n > 0 && k == a.next {
			return k, true
		}
	}
	return -1, false
}

// follow gives a segment the words that follow from a word on, and says how
// many of its words they are. Words between that only the article has go with it
// within an element.
func (a *aligner) follow(ordinal, at int, words []string) int {
	i, k, last := 0, at, -1
	for i < len(words) && k < len(a.words) {
		if a.words[k].text == words[i] && a.words[k].segment == 0 {
			if last >= 0 && a.words[k].block == a.words[last].block {
				for g := last + 1; g < k; g++ {
					if a.words[g].segment == 0 {
						a.words[g].segment = ordinal
					}
				}
			}
			a.words[k].segment = ordinal
			last = k
			i, k = i+1, k+1
			continue
		}
		di, dk, ok := a.resume(k, words[i:])
		if !ok {
			break
		}
		i, k = i+di, k+dk
	}
	a.next = last + 1
	return max(i, 1)
}

// resume finds how many words of either side to skip so that they are the same
// again: the fewest, and where that is a short word, with the next one.
func (a *aligner) resume(k int, words []string) (di, dk int, ok bool) {
	for sum := 1; sum <= skipped; sum++ {
		for di := range min(sum+1, len(words)) {
			dk := sum - di
			n := a.run(k+dk, words[di:])
			if n >= 2 || n == 1 && (di+1 == len(words) || k+dk+1 == len(a.words)) {
				return di, dk, true
			}
		}
	}
	return 0, 0, false
}

// wholeBlock gives a segment the element that begins at a place, where nothing
// else speaks it: an image that is described otherwise than it is shown.
func (a *aligner) wholeBlock(ordinal int, p place) bool {
	for _, block := range a.blocks[p] {
		from := a.first[block]
		to := from
		for to < len(a.words) && a.words[to].block == block && a.words[to].segment == 0 {
			to++
		}
		if to < len(a.words) && a.words[to].block == block {
			continue
		}
		for k := from; k < to; k++ {
			a.words[k].segment = ordinal
		}
		return true
	}
	return false
}
