package script

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/document"
)

// book is Markdown of about so many words, with what books have: chapters,
// quotes, lists, notes, figures, dates.
func book(words int) string {
	rng := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("the lamp at night was kept by a man who had written to the board in winter and nobody answered him but the sea went on over rocks under the long grey wall where ships lay waiting for oil and wind")
	var b strings.Builder
	sentence := func() {
		n := 6 + rng.IntN(22)
		for i := range n {
			w := vocabulary[rng.IntN(len(vocabulary))]
			if i == 0 {
				w = strings.ToUpper(w[:1]) + w[1:]
			}
			b.WriteString(w)
			switch {
			case i == n-1:
				b.WriteString(". ")
			case rng.IntN(40) == 0:
				fmt.Fprintf(&b, " on May %d, 19%02d, ", 1+rng.IntN(28), rng.IntN(100))
			case rng.IntN(60) == 0:
				fmt.Fprintf(&b, " for $%d.%02d ", rng.IntN(900), rng.IntN(100))
			case rng.IntN(12) == 0:
				b.WriteString(", ")
			default:
				b.WriteByte(' ')
			}
		}
		words -= n
	}
	for chapter := 1; words > 0; chapter++ {
		fmt.Fprintf(&b, "\n## Chapter %d\n\n", chapter)
		for p := range 25 {
			for range 3 + rng.IntN(5) {
				sentence()
			}
			switch p % 9 {
			case 3:
				fmt.Fprintf(&b, "[^%d-%d]\n\n[^%d-%d]: ", chapter, p, chapter, p)
				sentence()
			case 5:
				b.WriteString("\n\n> ")
				sentence()
			case 7:
				b.WriteString("\n\n- ")
				sentence()
				b.WriteString("\n- ")
				sentence()
			}
			b.WriteString("\n\n")
		}
	}
	return b.String()
}

// BenchmarkBook reads and scripts a book of 100,000 words.
func BenchmarkBook(b *testing.B) {
	text := book(100_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := document.Read(context.Background(), "book.md", strings.NewReader(text), document.Options{Title: "A book"})
		if err != nil {
			b.Fatal(err)
		}
		s, _, err := Plan(d, brief())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(s.Len()), "segments")
	}
}
