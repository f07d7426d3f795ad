package page

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/narrapress/narrapress/pipeline/document/markup"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// part is a stretch of what the page shows of a segment: from when on it is
// heard, and where it stands in the text of the segment's places, which are
// read one behind the other.
type part struct {
	start    podcast.Seconds
	from, to int // bytes
}

// shownTexts are the texts of an article's segments, as a browser has them.
func shownTexts(article string) (map[int]string, error) {
	nodes, err := html.ParseFragment(strings.NewReader(article), &html.Node{Type: html.ElementNode, Data: "article", DataAtom: atom.Article})
	if err != nil {
		return nil, fmt.Errorf("the article: %w", err)
	}
	texts := map[int]*strings.Builder{}
	for _, root := range nodes {
		gather(root, 0, texts)
	}
	out := make(map[int]string, len(texts))
	for n, b := range texts {
		out[n] = b.String()
	}
	return out, nil
}

// gather adds what a node shows to the text of the segment that it is a place
// of, or that it stands in. The parser bounds its depth.
func gather(n *html.Node, segment int, texts map[int]*strings.Builder) {
	switch n.Type {
	case html.ElementNode:
		for _, at := range n.Attr {
			if at.Key == "data-s" {
				segment, _ = strconv.Atoi(at.Val)
			}
		}
	case html.TextNode:
		if segment == 0 {
			return
		}
		if texts[segment] == nil {
			texts[segment] = &strings.Builder{}
		}
		texts[segment].WriteString(n.Data)
	}
	for c := range n.ChildNodes() {
		gather(c, segment, texts)
	}
}

// parts finds the sentences and the words of a cue in what the page shows of
// its segment. A single sentence is the whole of it, and is not told.
func parts(c podcast.Cue, shown string) (sentences, words []part) {
	if shown == "" || len(c.Sentences) < 2 && len(c.Words) == 0 {
		return nil, nil
	}
	said, seen := markup.Words(c.Text), markup.Words(shown)
	at := pair(c.Text, said, shown, seen)
	first := func(w podcast.Word) (found int) { // of its words, that is shown
		for i, k := range at {
			if k >= 0 && said[i].From >= w.From && said[i].From < w.To {
				return k
			}
		}
		return -1
	}
	for _, w := range c.Words {
		if k := first(w); k >= 0 {
			words = append(words, part{w.Start, seen[k].From, seen[k].To})
		}
	}
	for _, s := range c.Sentences {
		k := first(s)
		if k < 0 {
			continue
		}
		begin := 0
		if n := len(sentences); n > 0 {
			before := 0
			if k > 0 {
				before = seen[k-1].To
			}
			// Marks before the first word are of it as far as the white space.
			gap := shown[before:seen[k].From]
			begin = before + len(strings.TrimRightFunc(gap, func(r rune) bool { return !unicode.IsSpace(r) }))
			sentences[n-1].to = len(strings.TrimRightFunc(shown[:begin], unicode.IsSpace))
		}
		sentences = append(sentences, part{s.Start, begin, len(shown)})
	}
	if len(sentences) < 2 {
		sentences = nil
	}
	return sentences, words
}

// pair gives for each word that is said the one that is shown, -1 for none. Both
// go on in the same order; a word that only one side has is passed over.
func pair(a string, said []markup.Word, b string, seen []markup.Word) []int {
	same := func(i, k int) bool {
		return strings.EqualFold(a[said[i].From:said[i].To], b[seen[k].From:seen[k].To])
	}
	out := make([]int, len(said))
	next := 0
	for i := range said {
		out[i] = -1
		for k := next; k < min(next+skipped, len(seen)); k++ {
			// Behind a wide gap one word alone may be another one of the same letters.
			const near = 3
			if same(i, k) && (k < next+near || i+1 == len(said) || k+1 < len(seen) && same(i+1, k+1)) {
				out[i], next = k, k+1
				break
			}
		}
	}
	return out
}

// fold writes parts as the page's script reads them: three numbers each, how
// many milliseconds it begins behind the one before (the first: behind start),
// where it begins behind the end of the one before, and its length, both in
// units of UTF-16, which is what browsers count in.
func fold(start podcast.Seconds, parts []part, shown string) json.RawMessage {
	out := []byte{'['}
	at, end := int64(math.Round(float64(start)*1000)), 0
	for i, p := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		ms := int64(math.Round(float64(p.start) * 1000))
		from, to := max(p.from, end), max(p.to, end)
		for k, n := range []int64{max(0, ms-at), int64(utf16Len(shown[end:from])), int64(utf16Len(shown[from:to]))} {
			if k > 0 {
				out = append(out, ',')
			}
			out = strconv.AppendInt(out, n, 10)
		}
		at, end = max(at, ms), to
	}
	return append(out, ']')
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// timed are the cues as the page's script has them: segment, start and end in
// seconds, and where they are known its sentences and words.
func timed(cues []podcast.Cue, v view) ([][]json.RawMessage, error) {
	texts, err := shownTexts(string(v.Article))
	if err != nil {
		return nil, err
	}
	if v.TitleSegment > 0 {
		texts[v.TitleSegment] = v.Title
	}
	for _, p := range v.Credits {
		texts[p.Segment] = cmp.Or(texts[p.Segment], p.Text)
	}
	type number = json.RawMessage
	out := make([][]number, len(cues))
	for i, c := range cues {
		out[i] = []number{number(fmt.Sprint(c.Segment)), number(seconds(c.Start)), number(seconds(c.End))}
		shown := texts[c.Segment]
		sentences, words := parts(c, shown)
		if sentences != nil || words != nil {
			out[i] = append(out[i], fold(c.Start, sentences, shown))
		}
		if words != nil {
			out[i] = append(out[i], fold(c.Start, words, shown))
		}
	}
	return out, nil
}
