package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
)

// speaker speaks a text into a WAV file; nil argv is a machine without speech
// engines, where noise that moves as speech does stands for it.
type speaker struct {
	name string
	argv func(text, file string) []string
}

// speakers are those that this machine has, in an order that does not change.
func speakers() []speaker {
	var out []speaker
	if has("flite") {
		for _, voice := range []string{"slt", "rms"} {
			out = append(out, speaker{"flite " + voice, func(text, file string) []string {
				return []string{"flite", "-voice", voice, "-t", text, "-o", file}
			}})
		}
	}
	if has("espeak-ng") {
		for _, voice := range []string{"en-us", "en-gb"} {
			out = append(out, speaker{"espeak-ng " + voice, func(text, file string) []string {
				return []string{"espeak-ng", "-v", voice, "-s", "150", "-w", file, text}
			}})
		}
	}
	if len(out) == 0 {
		out = []speaker{{name: "noise low"}, {name: "noise high"}}
	}
	return out
}

func has(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// speak is the sound of a text: 16 bits, mono, takeRate, without a header.
func (s speaker) speak(ctx context.Context, dir, text string, seed uint64) ([]byte, error) {
	if s.argv == nil {
		return murmur(len(text), s.name == "noise high", seed), nil
	}
	file := filepath.Join(dir, fmt.Sprintf("speech-%d.wav", seed))
	defer os.Remove(file)
	argv := s.argv(text, file)
	if out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", s.name, err, out)
	}
	pcm, err := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-v", "error", "-i", file,
		"-ac", "1", "-ar", fmt.Sprint(takeRate), "-f", "s16le", "-").Output()
	if err != nil {
		return nil, fmt.Errorf("ffmpeg, of %s: %w", s.name, err)
	}
	return pcm, nil
}

// murmur has what loudness and codecs look at in speech: syllables, a pitch
// that moves, harmonics that fall, hiss between them.
func murmur(characters int, high bool, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	n := int(float64(characters) / speechPace * takeRate)
	pcm := make([]byte, 2*n)
	pitch, syllable, phase := 110.0, takeRate*0.22, 0.0
	if high {
		pitch = 190
	}
	for i := range n {
		at := math.Mod(float64(i), syllable) / syllable
		hz := pitch * (1 + 0.15*math.Sin(float64(i)/takeRate*2.1))
		phase += 2 * math.Pi * hz / takeRate
		v := 0.0
		for k := 1.0; k <= 20; k++ {
			// One resonance that moves between syllables stands for the vowels.
			peak := 500 + 900*math.Abs(math.Sin(float64(int(float64(i)/syllable))*1.7))
			v += math.Sin(k*phase) / (1 + math.Pow((k*hz-peak)/300, 2))
		}
		hiss := (r.Float64() - 0.5) * 0.8 * math.Max(0, 1-6*at)
		s := 0.12*math.Sin(math.Pi*at)*v + 0.1*hiss
		binary.LittleEndian.PutUint16(pcm[2*i:], uint16(int16(32767*math.Max(-1, math.Min(1, s)))))
	}
	return pcm
}
