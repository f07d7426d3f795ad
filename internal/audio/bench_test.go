package audio

import (
	"io"
	"testing"
)

// realtime reports how many seconds of sound a second of work is good for.
func realtime(b *testing.B, seconds float64) {
	b.ReportMetric(seconds*float64(b.N)/b.Elapsed().Seconds(), "x-realtime")
}

// measure does work that is good for some seconds of sound, and reports it as
// realtime does; where it can in the time of processors, which other programs
// do not lengthen as they do that of clocks.
func measure(b *testing.B, seconds float64, work func()) {
	b.Helper()
	b.ReportAllocs()
	before := processorTime()
	for b.Loop() {
		work()
	}
	spent := processorTime() - before
	if spent <= 0 {
		spent = b.Elapsed()
	}
	b.ReportMetric(seconds*float64(b.N)/spent.Seconds(), "x-realtime")
}

// drain reads src to its end without keeping anything.
func drain(b *testing.B, src Source) {
	b.Helper()
	buf := make([]float32, 4096)
	for {
		if _, err := src.ReadSamples(buf); err == io.EOF {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, bc := range []struct {
		name string
		args []string
	}{
		{"wav16-24k-mono.wav", []string{"-c:a", "pcm_s16le", "-ar", "24000", "-ac", "1", "-af", "apad=whole_dur=10"}},
		{"wavf32-24k-mono.wav", []string{"-c:a", "pcm_f32le", "-ar", "24000", "-ac", "1", "-af", "apad=whole_dur=10"}},
		{"mp3-24k-mono.mp3", []string{"-b:a", "64k", "-ar", "24000", "-ac", "1", "-af", "aloop=loop=-1:size=30000", "-t", "10"}},
		{"mp3-44k-stereo.mp3", []string{"-b:a", "128k", "-af", "aloop=loop=-1:size=30000", "-t", "10"}},
	} {
		file := read(b, ffmpegFile(b, bc.name, bc.args...))
		b.Run(bc.name, func(b *testing.B) {
			measure(b, 10, func() {
				d, err := Decode(b.Context(), file)
				if err != nil {
					b.Fatal(err)
				}
				drain(b, d)
			})
		})
	}
}

// BenchmarkDecodeTrack is ffmpeg on a long MP3, its start included.
func BenchmarkDecodeTrack(b *testing.B) {
	path := ffmpegFile(b, "a.mp3", "-b:a", "128k", "-af", "aloop=loop=-1:size=30000", "-t", "120")
	b.ReportAllocs()
	for b.Loop() {
		d, err := DecodeFile(b.Context(), path)
		if err != nil {
			b.Fatal(err)
		}
		drain(b, d)
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
	realtime(b, 120)
}

func BenchmarkResample(b *testing.B) {
	for name, seconds := range map[string]int{"60s": 60, "6s": 6} {
		s := noise(24000*seconds, 0.5)
		b.Run("24k-44.1k-"+name, func(b *testing.B) {
			measure(b, float64(seconds), func() {
				drain(b, Resample(Samples(Format{24000, 1}, s), 44100))
			})
		})
		b.Run("24k-44.1k-shared-"+name, func(b *testing.B) {
			var r Resampler
			measure(b, float64(seconds), func() {
				drain(b, r.Resample(Samples(Format{24000, 1}, s), 44100))
			})
		})
	}
}

func BenchmarkMeter(b *testing.B) {
	for _, f := range []Format{{24000, 1}, {44100, 1}, {44100, 2}} {
		s := speechLike(f)
		b.Run(nameOf(f), func(b *testing.B) {
			measure(b, 60, func() {
				m := NewMeter(f, true)
				m.Write(s)
				_ = m.Integrated()
			})
		})
	}
}

func BenchmarkTruePeak(b *testing.B) {
	s := speechLike(Format{44100, 1})
	b.Run("skip", func(b *testing.B) {
		p := newInterpolator()
		measure(b, 60, func() {
			_ = p.peakOver(s, 0)
		})
	})
	b.Run("naive", func(b *testing.B) {
		p := newInterpolator()
		measure(b, 60, func() {
			for i := 0; i+peakTaps <= len(s); i++ {
				_ = p.between((*[peakTaps]float32)(s[i:]))
			}
		})
	})
}

func BenchmarkKWeighting(b *testing.B) {
	s := speechLike(Format{44100, 1})
	k := newKWeighting(44100)
	measure(b, 60, func() {
		var st kState
		_ = k.energy(&st, s, 0)
	})
}

func BenchmarkLimit(b *testing.B) {
	f := Format{44100, 1}
	s := speechLike(f)
	for name, db := range map[string]float64{"idle": -12, "a-few-peaks": 3, "driven-12dB": 12} {
		loud := amplified(s, db)
		b.Run(name, func(b *testing.B) {
			measure(b, 60, func() {
				drain(b, Limit(Samples(f, loud), -1))
			})
		})
	}
}

// speechLike is a minute of noise, peaks of 0.9, that comes in syllables.
func speechLike(f Format) []float32 {
	s := noise(60*f.Rate*f.Channels, 0.9)
	for i := range s {
		at := i / f.Channels % (f.Rate / 4)
		level := 1 - float32(at)/float32(f.Rate/4)
		if i/f.Channels/(f.Rate/4)%7 > 0 {
			level *= 0.5
		}
		s[i] *= level * level
	}
	return s
}

func nameOf(f Format) string {
	if f.Channels == 1 {
		return map[int]string{24000: "24k-mono", 44100: "44.1k-mono"}[f.Rate]
	}
	return "44.1k-stereo"
}
