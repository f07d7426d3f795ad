package master

import (
	"path/filepath"
	"testing"
)

// BenchmarkMake masters ten minutes of takes at six sample rates, most of
// which need limiting.
func BenchmarkMake(b *testing.B) {
	tl, takes := talk(b, 380, 1)
	seconds := float64(tl.Frames) / float64(tl.Rate)
	for b.Loop() {
		if _, err := Make(b.Context(), tl, takes, filepath.Join(b.TempDir(), "a.mp3"), Options{Loudness: -16, Peak: -1, MP3: DefaultMP3()}, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(seconds/(b.Elapsed().Seconds()/float64(b.N)), "x-realtime")
}

// BenchmarkRender is the same without measuring, limiting and coding.
func BenchmarkRender(b *testing.B) {
	tl, takes := talk(b, 380, 1)
	buf := make([]float32, stretch)
	for b.Loop() {
		r := render(b.Context(), tl, takes)
		for {
			if _, err := r.ReadSamples(buf); err != nil {
				break
			}
		}
		r.Close()
	}
	b.ReportMetric(float64(tl.Frames)/float64(tl.Rate)/(b.Elapsed().Seconds()/float64(b.N)), "x-realtime")
}
