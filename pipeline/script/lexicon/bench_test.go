package lexicon_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/script/lexicon"
)

// BenchmarkApply finds 5,000 entries in 100,000 words.
func BenchmarkApply(b *testing.B) {
	var entries []lexicon.Entry
	for i := range 5000 {
		words := fmt.Sprintf("Name%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676)
		if i%5 == 0 {
			words += " von der Heide"
		}
		entries = append(entries, lexicon.Entry{Words: words, Say: "said"})
	}
	l, err := lexicon.New(entries)
	if err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	for i := range 100_000 {
		if i%20 == 7 {
			text.WriteString(entries[i%len(entries)].Words + " ")
			continue
		}
		text.WriteString([]string{"the ", "other ", "it’s ", "naïve, ", "word. ", "of ", "and "}[i%7])
	}
	s := text.String()
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		if edits, _ := l.Apply(s, lexicon.For{}); len(edits) < 4000 {
			b.Fatal(len(edits))
		}
	}
}
