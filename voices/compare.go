package voices

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// likeness is how far what was heard is from what was sent. A word counts as
// wrong by the part of its letters that is: a transcriber that writes
// "Katherine" for "Catherine", or "web site" for "website", heard right.
type likeness struct {
	words int     // that were sent
	wrong float64 // of them, and those too many, by how many of their letters differ
	row   float64 // the most of them in one stretch
	sent  string  // that stretch
	heard string
}

// rate is the share of wrong words; of a text without words, 0.
func (l likeness) rate() float64 { return l.wrong / float64(max(1, l.words)) }

// compare finds the stretches that differ. One is no mistake where what was
// heard is how the stretch is written, or was before it was put into words:
// "2026" is "twenty twenty-six", whichever of both has which.
func compare(sent, heard wording) likeness {
	out := likeness{words: len(sent.words)}
	steps := aligned(sent.words, heard.words)
	var all []stretch
	for _, s := range differing(steps) {
		s = widened(s, steps, sent, heard)
		if n := len(all); n > 0 && s.from < all[n-1].to { // both reach into the same spelling
			s.from, s.to = all[n-1].from, max(s.to, all[n-1].to)
			all = all[:n-1]
		}
		s.weigh(steps, sent, heard)
		all = append(all, s)
	}
	all = slices.DeleteFunc(all, func(s stretch) bool { return s.weight == 0 })
	for _, s := range gathered(all, steps, sent.words) {
		s.weigh(steps, sent, heard)
		out.wrong += s.weight
		if s.weight > out.row {
			a, b := s.words(steps)
			out.row, out.sent, out.heard = s.weight, excerpt(sent.words, a), excerpt(heard.words, b)
		}
	}
	return out
}

// step of an alignment: a word of either side, or of both.
type step struct {
	sent, heard int // -1: none
	same        bool
}

// drift is how many words the two may be apart, anywhere: who is farther apart
// has left out or added so many that it is no question of measure. It keeps an
// alignment linear in the text's length.
const drift = 300

// aligned lays two lists of words side by side with the fewest words that
// differ (Levenshtein's distance, within a band around the diagonal).
func aligned(sent, heard []string) []step {
	head := 0
	for head < min(len(sent), len(heard)) && sent[head] == heard[head] {
		head++
	}
	tail := 0
	for tail < min(len(sent), len(heard))-head && sent[len(sent)-1-tail] == heard[len(heard)-1-tail] {
		tail++
	}
	var out []step
	for i := range head {
		out = append(out, step{i, i, true})
	}
	out = append(out, band(sent[head:len(sent)-tail], heard[head:len(heard)-tail], head)...)
	for i := tail; i > 0; i-- {
		out = append(out, step{len(sent) - i, len(heard) - i, true})
	}
	return out
}

// The moves of an alignment.
const (
	both byte = iota
	sentOnly
	heardOnly
)

func band(a, b []string, head int) []step {
	const width = 2*drift + 1
	far := int32(len(a) + len(b) + 1)
	last, row := make([]int32, width+2), make([]int32, width+2) // by j-i+drift+1; far at both edges
	moves := make([]byte, 0, (min(len(a), len(b))+drift+1)*width)
	rows := min(len(a), len(b)+drift) // below, the band has nothing
	for i := 0; i <= rows; i++ {
		for k := range row {
			row[k] = far
		}
		line := make([]byte, width)
		for k := range width {
			j := i + k - drift
			if j < 0 || j > len(b) {
				continue
			}
			best, move := far, both
			if i == 0 && j == 0 {
				best = 0
			}
			if i > 0 && j > 0 {
				best = last[k+1]
				if a[i-1] != b[j-1] {
					best++
				}
			}
			if i > 0 && last[k+2]+1 < best {
				best, move = last[k+2]+1, sentOnly
			}
			if j > 0 && row[k]+1 < best {
				best, move = row[k]+1, heardOnly
			}
			row[k+1], line[k] = best, move
		}
		moves = append(moves, line...)
		last, row = row, last
	}
	i, j := rows, min(len(b), rows+drift)
	var out []step
	for n := len(a); n > i; n-- {
		out = append(out, step{head + n - 1, -1, false})
	}
	for n := len(b); n > j; n-- {
		out = append(out, step{-1, head + n - 1, false})
	}
	for i > 0 || j > 0 {
		switch moves[i*width+j-i+drift] {
		case sentOnly:
			i--
			out = append(out, step{head + i, -1, false})
		case heardOnly:
			j--
			out = append(out, step{-1, head + j, false})
		default:
			i, j = i-1, j-1
			out = append(out, step{head + i, head + j, a[i] == b[j]})
		}
	}
	slices.Reverse(out)
	return out
}

// stretch of steps, [from, to), that differs.
type stretch struct {
	from, to int
	weight   float64 // in words
}

func differing(steps []step) []stretch {
	var out []stretch
	for i, s := range steps {
		switch n := len(out); {
		case s.same:
		case n > 0 && out[n-1].to == i:
			out[n-1].to++
		default:
			out = append(out, stretch{from: i, to: i + 1})
		}
	}
	return out
}

// widened takes in the whole of every spelling that the stretch reaches into.
func widened(s stretch, steps []step, sent, heard wording) stretch {
	for again := true; again; {
		again = false
		a, b := s.words(steps)
		for _, side := range []struct {
			others []other
			at     [2]int
			of     func(step) int
		}{{sent.others, a, func(x step) int { return x.sent }}, {heard.others, b, func(x step) int { return x.heard }}} {
			for _, o := range side.others {
				if o.to <= side.at[0] || o.from >= side.at[1] {
					continue
				}
				for s.from > 0 && first(steps[s.from:s.to], side.of) > o.from {
					s.from, again = s.from-1, true
				}
				for s.to < len(steps) && last(steps[s.from:s.to], side.of) < o.to-1 {
					s.to, again = s.to+1, true
				}
			}
		}
	}
	return s
}

func first(steps []step, of func(step) int) int {
	for _, s := range steps {
		if i := of(s); i >= 0 {
			return i
		}
	}
	return -1
}

func last(steps []step, of func(step) int) int {
	for _, s := range slices.Backward(steps) {
		if i := of(s); i >= 0 {
			return i
		}
	}
	return -1
}

// words are those of the stretch on both sides, [from, to).
func (s stretch) words(steps []step) (sent, heard [2]int) {
	of := func(f func(step) int) [2]int {
		if from := first(steps[s.from:s.to], f); from >= 0 {
			return [2]int{from, last(steps[s.from:s.to], f) + 1}
		}
		return [2]int{}
	}
	return of(func(x step) int { return x.sent }), of(func(x step) int { return x.heard })
}

// longestWeighed bounds the comparison of letters, in bytes: what differs in
// more is other words.
const longestWeighed = 2000

// weigh says how many words of the stretch are wrong.
func (s *stretch) weigh(steps []step, sent, heard wording) {
	a, b := s.words(steps)
	n := float64(max(a[1]-a[0], b[1]-b[0]))
	apart := 1.0
	for _, x := range sent.forms(a) {
		for _, y := range heard.forms(b) {
			apart = min(apart, letterwise(x, y))
		}
	}
	s.weight = n * apart
}

// letterwise is the part of the letters that differs, 0 to 1.
func letterwise(a, b string) float64 {
	switch {
	case a == b:
		return 0
	case a == "" || b == "" || len(a) > longestWeighed || len(b) > longestWeighed:
		return 1
	}
	return float64(levenshtein.ComputeDistance(a, b)) / float64(max(utf8.RuneCountInString(a), utf8.RuneCountInString(b)))
}

// forms are the letters of a stretch as it is said, and as it is written.
func (w wording) forms(at [2]int) []string {
	said := strings.Join(w.words[at[0]:at[1]], "")
	var written strings.Builder
	pos := at[0]
	for _, o := range w.others {
		if o.from >= pos && o.to <= at[1] {
			written.WriteString(strings.Join(w.words[pos:o.from], "") + o.letters)
			pos = o.to
		}
	}
	if pos == at[0] {
		return []string{said}
	}
	written.WriteString(strings.Join(w.words[pos:at[1]], ""))
	return []string{said, written.String()}
}

// shortWord is found in other words by chance: one of so many letters does not
// divide what is wrong in two.
const shortWord = 3

// gathered makes one of stretches that only a short word stands between.
func gathered(all []stretch, steps []step, words []string) []stretch {
	var out []stretch
	for _, s := range all {
		n := len(out)
		if n > 0 && s.from-out[n-1].to <= 1 && (s.from == out[n-1].to || utf8.RuneCountInString(words[steps[out[n-1].to].sent]) <= shortWord) {
			out[n-1].to = s.to
			continue
		}
		out = append(out, s)
	}
	return out
}

// longestExcerpt is how many words of a stretch an error shows.
const longestExcerpt = 8

func excerpt(words []string, at [2]int) string {
	part := words[at[0]:at[1]]
	if len(part) == 0 {
		return "nothing"
	}
	if len(part) > longestExcerpt {
		return fmt.Sprintf("%q …", strings.Join(part[:longestExcerpt], " "))
	}
	return fmt.Sprintf("%q", strings.Join(part, " "))
}
