package master

import (
	"testing"

	"github.com/narrapress/narrapress/internal/store"
)

// BenchmarkMake masters ten minutes of takes at six sample rates, most of
// which need limiting.
func BenchmarkMake(b *testing.B) {
	tl, takes := talk(b, 380, 1)
	for b.Loop() {
		if _, err := Make(b.Context(), tl, takes, options(b), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(tl.Frames)/float64(tl.Rate)/(b.Elapsed().Seconds()/float64(b.N)), "x-realtime")
}

// BenchmarkMakeAgain is the same with every block in the cache.
func BenchmarkMakeAgain(b *testing.B) {
	tl, takes := talk(b, 380, 1)
	o := options(b)
	if _, err := Make(b.Context(), tl, takes, o, nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Make(b.Context(), tl, takes, o, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(tl.Frames)/float64(tl.Rate)/(b.Elapsed().Seconds()/float64(b.N)), "x-realtime")
}

// BenchmarkRender is the same without measuring, limiting and coding.
func BenchmarkRender(b *testing.B) {
	tl, takes := talk(b, 380, 1)
	s := newSounds(takes, store.OpenCache(b.TempDir(), store.Options{}), format(tl))
	blocks := cut(tl)
	for b.Loop() {
		for i := range blocks {
			from, to := blocks[i].rendered()
			samples, err := s.render(b.Context(), tl, blocks[i].clips, from, to, 0)
			if err != nil {
				b.Fatal(err)
			}
			s.spare.give(samples)
		}
	}
	b.ReportMetric(float64(tl.Frames)/float64(tl.Rate)/(b.Elapsed().Seconds()/float64(b.N)), "x-realtime")
}
