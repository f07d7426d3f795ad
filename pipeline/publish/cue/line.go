package cue

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Shape is how much a reader is shown at once.
type Shape struct {
	Width int // characters in a row, as wide as those of alphabets
	Rows  int // 1 or more
}

// Line is a timed line of a transcript: a stretch of a passage in as many rows
// as its shape has, or fewer.
type Line struct {
	From, To   int // bytes of the passage's text
	Rows       []string
	Start, End podcast.Seconds
}

// Text is the line in one row.
func (l *Line) Text(p *Passage) string { return p.Text[l.From:l.To] }

// The price of a line, which Lines keeps low over a passage.
const (
	aLine      = 0.5 // each line, so that there are few
	slack      = 0.5 // an empty one; less, in the square, as it fills
	hasty      = 2.0 // one that is shown for less than Least
	overrun    = 1.2 // a sentence that ends inside of a line
	breakOf    = 0.2 // a line that ends with a clause
	breakWords = 1.0 // between words
	breakWord  = 4.0 // in a word
)

// Least is how long a line ought to be shown, in seconds: five sixths of one
// is what guidelines for subtitles ask for.
const Least = 0.8

// Lines divides a passage into lines of a shape: at the end of sentences, else
// of clauses, else between words, and never inside of a character as people
// see it. A sentence that is said faster than it could be read goes with the
// next one, where there is room. A character alone that is wider than a row is
// a row.
func Lines(p Passage, c *Clock, shape Shape) []Line {
	shape = Shape{max(1, shape.Width), max(1, shape.Rows)}
	pieces := divide(p, shape.Width)
	if len(pieces) == 0 {
		return nil
	}
	type way struct {
		cost   float64
		before int // where the line that ends here begins
	}
	best := make([]way, len(pieces)+1) // up to each piece
	starts, ends := make([]podcast.Seconds, len(pieces)), make([]podcast.Seconds, len(pieces))
	for i, w := range pieces {
		starts[i], ends[i] = c.At(p.Said(w.from)), c.At(p.Said(w.to))
		best[i+1].cost = math.Inf(1)
	}
	for i := range pieces {
		fill := filling{shape: shape}
		for j := i; j < len(pieces) && fill.add(pieces[j]); j++ {
			cost := best[i].cost + aLine + fill.price() + pieces[j].breaking()
			if ends[j]-starts[i] < Least {
				cost += hasty
			}
			if cost < best[j+1].cost {
				best[j+1] = way{cost, i}
			}
		}
	}
	n := 0
	for j := len(pieces); j > 0; j = best[j].before {
		n++
	}
	out := make([]Line, n)
	for j := len(pieces); j > 0; j = best[j].before {
		n--
		i := best[j].before
		out[n] = Line{
			From: pieces[i].from, To: pieces[j-1].to, Rows: rows(p.Text, pieces[i:j], shape),
			Start: starts[i], End: max(starts[i], ends[j-1]),
		}
	}
	return out
}

// piece is what a line is not broken in.
type piece struct {
	from, to int // without the space after it
	width    int
	space    bool // stands after it
	end      phraseEnd
}

func (p piece) breaking() float64 {
	switch {
	case p.end == sentenceEnd:
		return 0
	case p.end == clauseEnd:
		return breakOf
	case p.space:
		return breakWords
	}
	return breakWord
}

// divide finds where lines may be broken (Unicode Standard Annex 14), and what
// ends there. What is wider than a row is divided between its characters.
func divide(p Passage, width int) []piece {
	var out []piece
	add := func(from, to int) {
		text := p.Text[from:to]
		bare := strings.TrimRight(text, " ")
		if bare != "" {
			out = append(out, piece{from: from, to: from + len(bare), width: widthOf(bare), space: len(bare) < len(text), end: clauseAt(bare)})
		}
	}
	rest, state, at := p.Text, -1, 0
	for rest != "" {
		var text string
		text, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		end := at + len(text)
		if widthOf(strings.TrimRight(text, " ")) <= width {
			add(at, end)
			at = end
			continue
		}
		from, wide, gap, inner := at, 0, 0, -1
		for text != "" {
			var g string
			g, text, _, inner = uniseg.FirstGraphemeClusterInString(text, inner)
			w := widthOf(g)
			if strings.TrimRight(g, " ") == "" { // of no width where a row ends with it
				gap += w
				at += len(g)
				continue
			}
			if at > from && wide+gap+w > width {
				add(from, at)
				from, wide, gap = at, 0, 0
			}
			wide, gap = wide+gap+w, 0
			at += len(g)
		}
		add(from, at)
	}
	mark(p.Text, out)
	return out
}

// clauseAt says whether a clause ends with a piece.
func clauseAt(text string) phraseEnd {
	if endOf(text, 0, len(text)) == noEnd {
		return noEnd
	}
	return clauseEnd
}

// mark says with which pieces sentences end, and clauses before a bracket.
func mark(text string, pieces []piece) {
	for i := 1; i < len(pieces); i++ {
		if pieces[i-1].end == noEnd && strings.HasPrefix(strings.TrimLeft(text[pieces[i].from:pieces[i].to], "\"'“‘«"), "(") {
			pieces[i-1].end = clauseEnd
		}
	}
	i := 0
	for to := range sentences(text) {
		for i < len(pieces) && pieces[i].to < to {
			i++
		}
		if i < len(pieces) && pieces[i].to == to {
			pieces[i].end = sentenceEnd
		}
	}
}

// sentences are the ends of a text's sentences, in bytes of it.
func sentences(text string) func(yield func(to int) bool) {
	return func(yield func(to int) bool) {
		at := 0
		for _, s := range script.Sentences(text) {
			for _, r := range s {
				if unicode.IsSpace(r) {
					continue
				}
				for at < len(text) {
					next, n := utf8.DecodeRuneInString(text[at:])
					at += n
					if !unicode.IsSpace(next) {
						break
					}
				}
			}
			if !yield(at) {
				return
			}
		}
	}
}

// widthOf counts characters, and those that are as wide as two twice.
func widthOf(text string) int { return max(utf8.RuneCountInString(text), uniseg.StringWidth(text)) }

// filling is a line that is being filled, row after row.
type filling struct {
	shape    Shape
	row      int // the one that is being filled
	width    int // of that row so far
	space    bool
	all      int // width of all rows
	inside   int // sentences that end in it
	sentence bool
	begun    bool
}

// add puts a piece in, if there is room.
func (f *filling) add(p piece) bool {
	gap := 0
	if f.space {
		gap = 1
	}
	switch {
	case !f.begun:
		f.width = p.width
	case f.width+gap+p.width <= f.shape.Width:
		f.width += gap + p.width
	case f.row+1 < f.shape.Rows:
		f.row++
		f.width, gap = p.width, 0
	default:
		return false
	}
	if f.sentence {
		f.inside++
	}
	f.all += gap + p.width
	f.begun, f.space, f.sentence = true, p.space, p.end == sentenceEnd
	return true
}

// price of what is empty in it, and of the sentences that end inside.
func (f *filling) price() float64 {
	empty := max(0, 1-float64(f.all)/float64(f.shape.Width*f.shape.Rows))
	return slack*empty*empty + overrun*float64(f.inside)
}

// rows lays the pieces of a line out, in rows that are as even as can be, and
// rather broken where a clause ends.
func rows(text string, pieces []piece, shape Shape) []string {
	first, last := pieces[0].from, pieces[len(pieces)-1].to
	if shape.Rows == 1 || widthOf(text[first:last]) <= shape.Width {
		return []string{text[first:last]}
	}
	if shape.Rows == 2 {
		best, at := math.Inf(1), 0
		for i := range len(pieces) - 1 {
			a, b := widthOf(text[first:pieces[i].to]), widthOf(text[pieces[i+1].from:last])
			if a > shape.Width || b > shape.Width {
				continue
			}
			if cost := math.Abs(float64(a-b))/float64(shape.Width) + pieces[i].breaking(); cost < best {
				best, at = cost, i
			}
		}
		if !math.IsInf(best, 1) {
			return []string{text[first:pieces[at].to], text[pieces[at+1].from:last]}
		}
	}
	var out []string
	fill, from, to := filling{shape: Shape{shape.Width, 1}}, first, first
	for _, p := range pieces {
		if !fill.add(p) {
			out = append(out, text[from:to])
			fill, from = filling{shape: fill.shape}, p.from
			fill.add(p)
		}
		to = p.to
	}
	return append(out, text[from:to])
}
