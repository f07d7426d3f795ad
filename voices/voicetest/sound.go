package voicetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os/exec"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
)

// Sound is speech, as samples.
type Sound struct {
	Rate    int // Hz
	Samples []int16
}

// decode reads the first channel of an engine's answer.
func decode(ctx context.Context, b []byte) (Sound, error) {
	d, err := audio.Decode(ctx, b)
	if err != nil {
		return Sound{}, err
	}
	defer d.Close()
	channels := d.Format().Channels
	s := Sound{Rate: d.Format().Rate}
	buf := make([]float32, 8192*channels)
	for {
		n, err := d.ReadSamples(buf)
		for i := 0; i < n; i += channels {
			s.Samples = append(s.Samples, int16(math.Round(float64(max(-1, min(1, buf[i])))*math.MaxInt16)))
		}
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return Sound{}, err
		}
	}
}

// PCM is the samples, 16 bits each, little-endian.
func (s Sound) PCM() []byte {
	b := make([]byte, 0, 2*len(s.Samples))
	for _, x := range s.Samples {
		b = binary.LittleEndian.AppendUint16(b, uint16(x))
	}
	return b
}

// WAV is a file of 44 bytes of header, whose sizes are true, and the samples.
func (s Sound) WAV() []byte { return append(wavHeader(1, s.Rate, 2, 2*len(s.Samples)), s.PCM()...) }

// FloatWAV is a file with samples of 32-bit floats.
func (s Sound) FloatWAV() []byte {
	b := wavHeader(3, s.Rate, 4, 4*len(s.Samples))
	for _, x := range s.Samples {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x)/-math.MinInt16))
	}
	return b
}

// wavHeader is that of a mono WAV file (RIFF, fmt of 16 bytes, data).
func wavHeader(tag uint16, rate, bytesPerSample, length int) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), uint32(36+length))
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(le.AppendUint16(b, tag), 1)
	b = le.AppendUint32(le.AppendUint32(b, uint32(rate)), uint32(rate*bytesPerSample))
	b = le.AppendUint16(le.AppendUint16(b, uint16(bytesPerSample)), uint16(8*bytesPerSample))
	return le.AppendUint32(append(b, "data"...), uint32(length))
}

// Silent is as long, and nothing is to be heard in it.
func (s Sound) Silent() Sound { return Sound{s.Rate, make([]int16, len(s.Samples))} }

// First is the beginning: the given part of it, 0 to 1.
func (s Sound) First(part float64) Sound {
	return Sound{s.Rate, s.Samples[:int(float64(len(s.Samples))*part)]}
}

// after is what First leaves.
func (s Sound) after(part float64) Sound {
	return Sound{s.Rate, s.Samples[int(float64(len(s.Samples))*part):]}
}

func (s Sound) seconds() float64 { return float64(len(s.Samples)) / float64(s.Rate) }

// timedWord is a word and when it is spoken, as if all letters took as long.
type timedWord struct {
	word       string
	from       int // in the text, in bytes
	start, end float64
}

func (s Sound) timed(text string) []timedWord {
	var out []timedWord
	at := func(i int) float64 { return s.seconds() * float64(i) / float64(len(text)) }
	pos := 0
	for _, word := range strings.Fields(text) {
		pos += strings.Index(text[pos:], word)
		out = append(out, timedWord{word, pos, at(pos), at(pos + len(word))})
		pos += len(word)
	}
	return out
}

// header44 is the header of a WAV file whose length was not known yet.
func header44(rate int) []byte {
	b := wavHeader(1, rate, 2, 0)
	for _, at := range []int{4, 40} {
		binary.LittleEndian.PutUint32(b[at:], 0xFFFFFFFF)
	}
	return b
}

// varied is the same speech, as another try of a model would give it: a
// little later, and no sample quite the same.
func (s Sound) varied(seed, n uint64) Sound {
	r := rand.New(rand.NewPCG(seed, n))
	out := make([]int16, r.IntN(s.Rate/20+1), len(s.Samples)+s.Rate/20+1)
	for _, x := range s.Samples {
		out = append(out, int16(max(math.MinInt16, min(math.MaxInt16, int(x)+r.IntN(5)-2))))
	}
	return Sound{s.Rate, out}
}

// formats are the response_format of OpenAI's interface, and what ffmpeg
// calls them.
func formats(name string) (args []string, mediaType string, ok bool) {
	switch name {
	case "wav":
		return nil, "audio/wav", true
	case "mp3":
		return []string{"-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "0", "-f", "mp3"}, "audio/mpeg", true
	case "opus":
		return []string{"-c:a", "libopus", "-f", "ogg"}, "audio/opus", true
	case "aac":
		return []string{"-c:a", "aac", "-f", "adts"}, "audio/aac", true
	case "flac":
		return []string{"-c:a", "flac", "-f", "flac"}, "audio/flac", true
	case "vorbis": // of Polly: 24 kHz
		return []string{"-ar", "24000", "-c:a", "libvorbis", "-f", "ogg"}, "audio/ogg", true
	case "pcm": // of OpenAI: 24 kHz, 16 bits, no header
		return []string{"-ar", "24000", "-f", "s16le"}, "audio/pcm", true
	}
	return nil, "", false
}

// encode writes the sound in a response_format.
func (s Sound) encode(ctx context.Context, format string) ([]byte, error) {
	args, _, _ := formats(format)
	if args == nil {
		return s.WAV(), nil
	}
	args = append([]string{"-v", "error", "-i", "pipe:0"}, append(args, "pipe:1")...)
	cmd := exec.CommandContext(ctx, "ffmpeg", args...)
	cmd.Stdin = bytes.NewReader(s.WAV())
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("encode %s: %w: %s", format, err, bytes.TrimSpace(complaint.Bytes()))
	}
	return out.Bytes(), nil
}
