package audio

import (
	"encoding/binary"
	"testing"
)

// takeOfSpeech is real speech as a WAV file of 24 kHz, 16 bits, mono.
func takeOfSpeech(b *testing.B) (file []byte, seconds float64) {
	b.Helper()
	d, err := Decode(b.Context(), run(b, "espeak-ng", "--stdout", "The ferry leaves at a quarter past seven, whatever the weather does. Who told you that? Nobody knows."))
	if err != nil {
		b.Fatal(err)
	}
	s := all(b, Resample(d, 24000))
	var pcm []byte
	for _, v := range s {
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(v*32767)))
	}
	if file, err = WrapPCM(pcm, "pcm_s16le", 24000, 1); err != nil {
		b.Fatal(err)
	}
	return file, float64(len(s)) / 24000
}

// BenchmarkStages is what becomes of a take, stage by stage and in all: each
// stage works on what the one before gave, in memory. The limiter has nothing
// to do ("under"), or brings peaks down by 2 dB ("over").
func BenchmarkStages(b *testing.B) {
	file, seconds := takeOfSpeech(b)
	const rate = 44100
	f := Format{rate, 1}
	var filters Resampler
	decoded := func() Source {
		d, err := Decode(b.Context(), file)
		if err != nil {
			b.Fatal(err)
		}
		return d
	}
	take := all(b, decoded())
	sound := all(b, filters.Resample(Samples(Format{24000, 1}, take), rate))
	m := NewStepMeter(f)
	m.Write(sound)
	under, over := amplified(sound, -3-float64(m.TruePeak())), amplified(sound, 1-float64(m.TruePeak()))
	b.Run("decode", func(b *testing.B) {
		measure(b, seconds, func() { drain(b, decoded()) })
	})
	b.Run("analyse", func(b *testing.B) {
		measure(b, seconds, func() {
			if _, err := Analyse(Samples(Format{24000, 1}, take), -50); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("resample", func(b *testing.B) {
		measure(b, seconds, func() { drain(b, filters.Resample(Samples(Format{24000, 1}, take), rate)) })
	})
	b.Run("measure", func(b *testing.B) {
		measure(b, seconds, func() {
			m.Reset()
			m.Write(sound)
			_ = m.TruePeak()
		})
	})
	b.Run("limit-under", func(b *testing.B) {
		measure(b, seconds, func() { drain(b, Limit(Samples(f, under), -1)) })
	})
	b.Run("limit-over", func(b *testing.B) {
		measure(b, seconds, func() { drain(b, Limit(Samples(f, over), -1)) })
	})
	b.Run("all", func(b *testing.B) {
		block := make([]float32, len(sound))
		measure(b, seconds, func() {
			if _, err := Analyse(decoded(), -50); err != nil {
				b.Fatal(err)
			}
			n, _ := fill(filters.Resample(decoded(), rate), block)
			for i, v := range block[:n] {
				block[i] = v * 0.5
			}
			drain(b, Limit(Samples(f, block[:n]), -1))
			m.Reset()
			m.Write(block[:n])
			_ = m.TruePeak()
		})
	})
}
