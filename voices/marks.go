package voices

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Mark says when a stretch of a request's text is spoken, as its endpoint
// tells it: a word, or several where they are not told apart (a number may be
// spoken as six).
type Mark struct {
	Start time.Duration `json:"start"` // in the audio
	End   time.Duration `json:"end"`
	From  int           `json:"from"` // in the text, in bytes
	To    int           `json:"to"`
}

// word is a piece of speech in an endpoint's own writing. A time that is not
// told is NaN.
type word struct {
	text       string
	start, end float64 // seconds
}

// words reads the times of words, or of characters, in a JSON answer.
func (m Marks) words(tree any) []word {
	if m.Text == "" {
		return nil
	}
	texts, starts := all(tree, m.Text), all(tree, m.Start)
	ends := make([]any, len(texts))
	if m.End != "" {
		ends = all(tree, m.End)
	}
	if len(starts) != len(texts) || len(ends) != len(texts) {
		return nil // which is whose, nobody knows
	}
	scale := 1.0
	if m.Unit == "ms" {
		scale = 1e-3
	}
	seconds := func(x any) float64 {
		if f, ok := x.(float64); ok {
			return f * scale
		}
		return math.NaN()
	}
	out := make([]word, 0, len(texts))
	for i, x := range texts {
		text, _ := x.(string)
		out = append(out, word{text, seconds(starts[i]), seconds(ends[i])})
	}
	if m.Of == "characters" {
		return joined(out)
	}
	return out
}

// joined makes words of characters: those with no white space between them.
func joined(characters []word) []word {
	var out []word
	inside := false
	for _, c := range characters {
		if strings.TrimSpace(c.text) == "" {
			inside = false
			continue
		}
		if inside {
			last := &out[len(out)-1]
			last.text, last.end = last.text+c.text, c.end
			continue
		}
		out = append(out, c)
		inside = true
	}
	return out
}

// longestTake is the longest time that is believed of a take.
const longestTake = 24 * time.Hour

// align finds the words in the text, in order. Words that are not there as
// they are spoken share the stretch between those that are. Times that cannot
// be true leave no marks at all.
func align(text string, words []word) []Mark {
	if !completed(words) {
		return nil
	}
	var marks []Mark
	pos := 0
	var lost []word // not found since the last one that was
	put := func(from, to int, first, last word) {
		stretch := text[from:to]
		from += len(stretch) - len(strings.TrimLeftFunc(stretch, unspoken))
		to -= len(stretch) - len(strings.TrimRightFunc(stretch, unspoken))
		if from < to {
			marks = append(marks, Mark{seconds(first.start), seconds(last.end), from, to})
		}
	}
	for _, w := range words {
		spoken := strings.TrimFunc(w.text, unspoken)
		if spoken == "" {
			continue
		}
		i, ok := find(text, spoken, pos, len(lost))
		if !ok {
			lost = append(lost, w)
			continue
		}
		if len(lost) > 0 {
			put(pos, i, lost[0], lost[len(lost)-1])
			lost = nil
		}
		pos = i + len(spoken)
		put(i, pos, w, w)
	}
	if len(lost) > 0 {
		put(pos, len(text), lost[0], lost[len(lost)-1])
	}
	return marks
}

func seconds(f float64) time.Duration { return time.Duration(f * float64(time.Second)) }

// completed fills in the ends that are not told, and says whether the times
// can be true: numbers, in order.
func completed(words []word) bool {
	last := 0.0
	for i := range words {
		w := &words[i]
		if math.IsNaN(w.end) {
			w.end = w.start
			if i+1 < len(words) {
				w.end = words[i+1].start
			}
		}
		const slack = 1e-3 // of rounding
		if !(w.start >= last-slack) || !(w.end >= w.start-slack) || w.end > longestTake.Seconds() {
			return false
		}
		w.end = max(w.end, w.start)
		last = w.start
	}
	return true
}

// unspoken are the marks and spaces around words.
func unspoken(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }

// find finds a word in the text behind pos, at the beginning of one. Only as
// many words of the text are passed over as were lost before, and one: a short
// word stands somewhere further on in almost every text.
func find(text, word string, pos, lost int) (int, bool) {
	const most = 16 // bounds the time that a text takes
	passed := 0
	if lost > 0 {
		passed = min(lost+1, most)
	}
	before, _ := utf8.DecodeLastRuneInString(text[:pos])
	inside := pos > 0 && !unspoken(before)
	for i := pos; i+len(word) <= len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unspoken(r) && (!inside || i == pos) {
			if strings.EqualFold(text[i:i+len(word)], word) {
				return i, true
			}
			if !inside {
				if passed == 0 {
					return 0, false
				}
				passed--
			}
		}
		inside = !unspoken(r)
		i += size
	}
	return 0, false
}
