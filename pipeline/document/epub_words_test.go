package document_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/document"
)

// TestNoWordOfABookLost makes chapters of words that each stand once, in
// elements inside each other at random, and looks for each among what is
// spoken and what findings say is left out.
func TestNoWordOfABookLost(t *testing.T) {
	t.Parallel()
	inlineTags := []string{"i", "b", "a", "span", "code", "kbd", "sup", "sub", "q", "cite", "s", "u", "small", "button", "textarea", "select", "abbr", "ruby", "label", "output", "progress"}
	blockTags := []string{
		"p", "div", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th", "tbody", "thead", "caption", "pre", "section", "aside", "figure",
		"figcaption", "details", "summary", "h2", "h3", "form", "fieldset", "legend", "header", "footer", "object", "center", "address",
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for round := range 400 {
		n := 0
		word := func() string {
			n++
			return fmt.Sprintf("w%dx ", n)
		}
		var inlines, blocks func(depth int) string
		inlines = func(depth int) string {
			var b strings.Builder
			for range 1 + rng.IntN(2) {
				tag := inlineTags[rng.IntN(len(inlineTags))]
				if depth == 0 || rng.IntN(2) == 0 {
					b.WriteString(word())
				} else {
					b.WriteString("<" + tag + ">" + inlines(depth-1) + "</" + tag + ">")
				}
			}
			return b.String()
		}
		blocks = func(depth int) string {
			var b strings.Builder
			for range 1 + rng.IntN(3) {
				tag := blockTags[rng.IntN(len(blockTags))]
				if depth == 0 || rng.IntN(4) == 0 {
					b.WriteString(inlines(1))
				} else {
					b.WriteString("<" + tag + ">" + blocks(depth-1) + "</" + tag + ">")
				}
			}
			return b.String()
		}
		page := "-- a.xhtml --\n" + head + "<body><p>Before.</p>" + blocks(4) + "<p>Behind.</p></body></html>\n"
		doc := readBook(t, page)
		said := map[string]bool{}
		for _, w := range aBookWord.FindAllString(wordsSaid(doc.Elements)+findings(doc), -1) {
			said[w] = true
		}
		for i := range n {
			if w := fmt.Sprintf("w%dx", i+1); !said[w] {
				t.Fatalf("round %d: %s is lost of\n%s\n%s%s", round, w, page, outline(doc.Elements, ""), findings(doc))
			}
		}
	}
}

var aBookWord = regexp.MustCompile(`w\d+x`)

// wordsSaid is every word of elements.
func wordsSaid(es []document.Element) string {
	var b strings.Builder
	for _, e := range es {
		b.WriteString(document.Plain(e.Text) + " " + e.Raw + " " + e.Title + " " + e.Label + " " + document.Plain(e.Cite) + " " + wordsSaid(e.Children) + " ")
	}
	return b.String()
}
