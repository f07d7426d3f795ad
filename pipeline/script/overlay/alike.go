package overlay

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// How much two texts must have in common for one to be what became of the
// other: twice their common words by the words of both (Dice's coefficient),
// and how many of the shorter one's words for it to be a part of the longer one.
// They are judgement: half of the words where the segment is expected, most of
// them elsewhere.
const (
	alikeHere      = 0.5
	alikeElsewhere = 0.75
	alikePart      = 0.9
	fewestOfPart   = 3 // words of a part
)

// Bounds of a search, that keep it linear in the words that are searched for.
const (
	mostLooked = 1000 // words of a text that are compared
	rarest     = 12   // words of a text that are looked up
	mostPlaces = 64   // segments that a word is in; one in more tells nothing
	mostTried  = 6    // segments that are compared
	nearest0   = 24   // segments of a window that are compared without a rare word
)

// index finds the segments that a text may have become. Words are numbers in it.
type index struct {
	words  map[string]int32
	texts  [][]int32 // sorted, by ordinal
	places [][]int32 // ordinals, by word
}

// newIndex makes an index of texts by ordinal, without those that are taken.
func newIndex(texts []string, taken map[int]bool) *index {
	ix := &index{words: map[string]int32{}, texts: make([][]int32, len(texts))}
	for n := 1; n < len(texts); n++ {
		if taken[n] {
			continue
		}
		ws := ix.split(texts[n], true)
		ix.texts[n] = ws
		for i, w := range ws {
			if (i == 0 || ws[i-1] != w) && len(ix.places[w]) <= mostPlaces {
				ix.places[w] = append(ix.places[w], int32(n))
			}
		}
	}
	return ix
}

// split gives the words of a text, sorted. Those that the index does not know
// are learned, or are all -1.
func (ix *index) split(text string, learn bool) []int32 {
	var out []int32
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	}) {
		if len(out) == mostLooked {
			break
		}
		w = strings.ToLower(w)
		id, ok := ix.words[w]
		switch {
		case !ok && learn:
			id = int32(len(ix.places))
			ix.words[w] = id
			ix.places = append(ix.places, nil)
		case !ok:
			id = -1
		}
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// common counts the words that two texts share.
func common(a, b []int32) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			if a[i] >= 0 {
				n++
			}
			i, j = i+1, j+1
		}
	}
	return n
}

// search is what a text has become.
func (ix *index) search(text string, w window) stretch {
	words := ix.split(text, false)
	if len(words) == 0 {
		return stretch{}
	}
	best, score := 0, 0.0
	for _, n := range ix.candidates(words, w) {
		if s := ix.score(words, n, w); s > score {
			best, score = n, s
		}
	}
	if best == 0 {
		return stretch{}
	}
	return ix.grow(words, best)
}

// score says how much a segment is what a text has become; 0 is not at all. Where
// it is expected counts as much as a tenth of its words.
func (ix *index) score(words []int32, n int, w window) float64 {
	const expected = 0.1
	other := ix.texts[n]
	if len(other) == 0 {
		return 0
	}
	shared := float64(common(words, other))
	alike, least := 2*shared/float64(len(words)+len(other)), alikeElsewhere
	if shorter := min(len(words), len(other)); shorter >= fewestOfPart && shared >= alikePart*float64(shorter) {
		alike = max(alike, alikeHere+shared/float64(max(len(words), len(other)))/2)
	}
	if w.holds(n) {
		least, alike = alikeHere, alike+expected
	}
	if alike < least {
		return 0
	}
	return alike
}

// candidates are the segments that share the rarest words of a text, those that
// share most first.
func (ix *index) candidates(words []int32, w window) []int {
	var rare []int32
	for i, id := range words {
		if id >= 0 && (i == 0 || words[i-1] != id) && len(ix.places[id]) <= mostPlaces {
			rare = append(rare, id)
		}
	}
	slices.SortStableFunc(rare, func(a, b int32) int { return cmp.Compare(len(ix.places[a]), len(ix.places[b])) })
	shared := map[int]int{}
	for _, id := range rare[:min(rarest, len(rare))] {
		for _, n := range ix.places[id] {
			shared[int(n)]++
		}
	}
	if len(shared) == 0 && w.before-w.after <= nearest0 {
		for n := w.after + 1; n < w.before; n++ {
			shared[n] = 0
		}
	}
	out := make([]int, 0, len(shared))
	for n := range shared {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b int) int {
		if here, there := w.holds(a), w.holds(b); here != there {
			if here {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a, b))
	})
	if len(shared) > 0 && w.before-w.after > nearest0 {
		out = out[:min(mostTried, len(out))]
	}
	return out[:min(nearest0, len(out))]
}

// grow takes the segments beside one that are parts of the text, too: it was
// divided.
func (ix *index) grow(words []int32, n int) stretch {
	at := stretch{from: n, to: n}
	have := len(ix.texts[n])
	part := func(n int) bool {
		if n < 1 || n >= len(ix.texts) || len(ix.texts[n]) == 0 || have+len(ix.texts[n]) > len(words)+1 {
			return false
		}
		if float64(common(words, ix.texts[n])) < alikePart*float64(len(ix.texts[n])) {
			return false
		}
		have += len(ix.texts[n])
		return true
	}
	if have >= len(words) {
		return at
	}
	for part(at.to + 1) {
		at.to++
	}
	for part(at.from - 1) {
		at.from--
	}
	return at
}
