package script

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// worded is what is known of a passage once it is in words. Its line is rewritten.
type worded struct {
	mended    []document.Finding // of what was repaired
	unsaid    []unsaid
	sentences []span // of the line; nil where they are to be looked for
}

// unsaid is a word that has phonemes alone, where the endpoint takes none.
type unsaid struct {
	word    string
	finding document.Finding
}

// piecework is how many passages one core puts into words at a time.
const piecework = 32

// all puts passages into words, on every core: no passage needs another one for
// it. Of one in which nothing is spoken it gives nil.
func (w *wording) all(ps []passage) []*worded {
	out := make([]*worded, len(ps))
	if len(ps) <= piecework {
		for i, p := range ps {
			out[i] = w.put(p)
		}
		return out
	}
	var next atomic.Int64
	var fault atomic.Value // a panic is the caller's, as it would be on one core
	work := func() {
		defer func() {
			if p := recover(); p != nil {
				fault.CompareAndSwap(nil, fmt.Sprintf("%v\n%s", p, debug.Stack()))
			}
		}()
		for {
			to := int(next.Add(piecework))
			from := to - piecework
			if from >= len(ps) {
				return
			}
			for i := from; i < min(to, len(ps)); i++ {
				out[i] = w.put(ps[i])
			}
		}
	}
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(work)
	}
	workers.Wait()
	if p := fault.Load(); p != nil {
		panic(p)
	}
	return out
}

// put puts a passage into words.
func (w *wording) put(p passage) *worded {
	if p.silent || !strings.ContainsFunc(p.String(), speakable) {
		return nil
	}
	l := p.line
	edits, words := w.of(l, part(p.role, p.voice))
	said := &worded{mended: repaired(l, edits, p.pos), unsaid: unspoken(l, words, p.pos)}
	spoken := l.spoken // of what the edits make
	l.spoken = nil
	l.rewrite(edits)
	l.spoken = spoken
	l.rewrite(tidy(l.String()))
	found := sentences(l.String())
	if spaces := spaced(l.String(), found); len(spaces) > 0 {
		l.rewrite(spaces)
	} else {
		said.sentences = found
	}
	return said
}

// spaced are the edits that put a space between sentences whose author forgot
// it. Chinese and its neighbours have none.
func spaced(text string, found []span) []Edit {
	var out []Edit
	at := 0
	for _, s := range found {
		if r, _ := utf8.DecodeLastRuneInString(text[:s.from]); at > 0 && s.from == at && !isFullStop(r) {
			out = append(out, Edit{From: at, To: at, Spoken: " ", Rule: RuleSpace})
		}
		at = s.to
	}
	return out
}

// repaired are the findings of what was repaired in a line.
func repaired(l *line, edits []Edit, pos document.Pos) []document.Finding {
	source, place := origin(l.edits), l.places(pos)
	at := 0
	return mended(l.String(), edits, func(off int) document.Pos {
		if off < at { // the other kind of damage, from the beginning
			source, place = origin(l.edits), l.places(pos)
		}
		at = off
		return place(source(off))
	})
}

// unspoken are the words of a line that its voice cannot say as they are meant.
func unspoken(l *line, words []lexicon.Unsaid, pos document.Pos) []unsaid {
	source, place := origin(l.edits), l.places(pos)
	out := make([]unsaid, len(words))
	for i, u := range words {
		word := string(l.said[u.From:u.To])
		out[i] = unsaid{word, document.Finding{Pos: place(source(u.From)), Text: fmt.Sprintf(
			"%q has only phonemes in %s, and its voice takes none: said as it is written; give it a respelling (say:)", word, u.Entry)}}
	}
	return out
}
