package voicetest

import "math"

// Loop answers with the speech and then three times with its end, which lasts about
// as long as the last words: a little too much, in the right voice.
func Loop() Fault {
	return spoken(func(s Sound) (string, []byte) {
		out := Sound{s.Rate, append([]int16{}, s.Samples...)}
		said := s.loud()
		tail := said.Samples[max(0, len(said.Samples)-s.Rate*8/10):]
		for range 3 {
			out.Samples = append(out.Samples, tail...)
		}
		return "audio/wav", out.WAV()
	})
}

// Clipped answers with the speech 20 dB too loud: what does not fit is cut off.
func Clipped() Fault { return changed(func(x float64) float64 { return 10 * x }) }

// Shifted answers with the speech on top of a direct current.
func Shifted() Fault { return changed(func(x float64) float64 { return x + 0.1*math.MaxInt16 }) }

// Quiet answers with the speech 12 dB too quiet.
func Quiet() Fault { return changed(func(x float64) float64 { return x / 4 }) }

// DeadAir answers with four seconds of silence in the middle of the speech.
func DeadAir() Fault {
	return spoken(func(s Sound) (string, []byte) {
		out := append([]int16{}, s.First(0.5).Samples...)
		out = append(out, make([]int16, 4*s.Rate)...)
		return "audio/wav", Sound{s.Rate, append(out, s.after(0.5).Samples...)}.WAV()
	})
}

// CutOff answers with the given first part of the speech, 0 to 1, and nothing of
// the quiet behind it.
func CutOff(part float64) Fault {
	return spoken(func(s Sound) (string, []byte) { return "audio/wav", s.loud().First(part).WAV() })
}

// loud is the sound without the quiet at its end.
func (s Sound) loud() Sound {
	end := len(s.Samples)
	for end > 0 && s.Samples[end-1] < 200 && s.Samples[end-1] > -200 {
		end--
	}
	return Sound{s.Rate, s.Samples[:end]}
}

// changed is a fault in every sample, which are whole numbers.
func changed(f func(float64) float64) Fault {
	return spoken(func(s Sound) (string, []byte) {
		out := Sound{s.Rate, make([]int16, len(s.Samples))}
		for i, x := range s.Samples {
			out.Samples[i] = int16(max(math.MinInt16, min(math.MaxInt16, math.Round(f(float64(x))))))
		}
		return "audio/wav", out.WAV()
	})
}
