package audio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func encode(t testing.TB, f Format, o Encoding, s []float32) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out: 1."+strings.ToLower(o.name()))
	e, err := Encode(t.Context(), path, f, o)
	if err != nil {
		t.Fatal(err)
	}
	for rest := s; len(rest) > 0; {
		n := min(len(rest), 6666)
		if err := e.WriteSamples(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	for range 2 {
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// The decoded file has as many frames as were written, by ffmpeg and here.
func TestEncodeMP3Length(t *testing.T) {
	t.Parallel()
	type length struct {
		f Format
		n int
	}
	paths, lengthOf := map[string]string{}, map[string]length{}
	for _, tc := range []struct {
		f    Format
		kbps int
	}{{Format{44100, 1}, 96}, {Format{48000, 2}, 128}, {Format{24000, 1}, 64}, {Format{22050, 1}, 64}} {
		lengths := []int{1152*20 + 1, 30011} // the first has padding in two MPEG frames
		if tc.f.Rate == 44100 {
			lengths = append(lengths, 1152*20, 1152*21-1, 577, 1)
		}
		for _, n := range lengths {
			name := fmt.Sprint(tc.f, n)
			paths[name] = encode(t, tc.f, MP3Options{Bitrate: tc.kbps, Joint: true}, noise(n*tc.f.Channels, 0.5))
			lengthOf[name] = length{tc.f, n}
		}
	}
	for name, back := range allByFFmpeg(t, paths) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, n := lengthOf[name].f, lengthOf[name].n
			if got := len(back) / f.Channels; got != n {
				t.Errorf("ffmpeg decodes %d frames, %d were written", got, n)
			}
			d, err := Decode(t.Context(), read(t, paths[name]))
			if err != nil {
				t.Fatal(err)
			}
			if got := len(all(t, d)) / f.Channels; got != n || d.Format() != f {
				t.Errorf("decoded %d frames of %v, %d were written", got, d.Format(), n)
			}
		})
	}
}

// LAME makes everything softer; a check of the PCM alone would not see it.
func TestEncodeMP3Loudness(t *testing.T) {
	t.Parallel()
	d, err := DecodeFile(t.Context(), speech(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s := all(t, Resample(d, 44100))
	s = s[:min(len(s), 15*44100)]
	f := Format{44100, 1}
	m := NewMeter(f, false)
	m.Write(s)
	for channels, bitrates := range map[int][]int{1: {64, 96, 192, 256}, 2: {128, 160, 224, 320}} {
		if !*every {
			bitrates = bitrates[:1]
		}
		for _, bitrate := range bitrates {
			t.Run(fmt.Sprint(bitrate, "x", channels), func(t *testing.T) {
				t.Parallel()
				g := Format{44100, channels}
				path := encode(t, g, MP3Options{Bitrate: bitrate, Joint: true}, all(t, Remix(Samples(f, s), channels)))
				back, err := DecodeFile(t.Context(), path)
				if err != nil {
					t.Fatal(err)
				}
				defer back.Close()
				after := NewMeter(g, false)
				after.Write(all(t, back))
				want := float64(m.Integrated()) + 10*math.Log10(float64(channels))
				if diff := float64(after.Integrated()) - want; math.Abs(diff) > 0.05 {
					t.Errorf("the MP3 is %+.3f LU off", diff)
				}
			})
		}
	}
}

func TestEncodeMP3Bytes(t *testing.T) {
	t.Parallel()
	s := noise(44100, 0.5)
	f := Format{44100, 1}
	one, two := read(t, encode(t, f, MP3Options{Bitrate: 96}, s)), read(t, encode(t, f, MP3Options{Bitrate: 96}, s))
	if !bytes.Equal(one, two) {
		t.Error("the same samples gave other bytes")
	}
	h, ok := parseMPEGHeader(one)
	tag, tagged := parseXing(one[:h.size], h)
	if !ok || !tagged || !tag.gapless || tag.frames != 40 {
		t.Errorf("first frame %+v, tag %+v", h, tag)
	}
	if string(one[4+17:4+17+4]) != "Info" {
		t.Error("a constant bit rate is not marked Info")
	}
	for _, mark := range []string{"ID3", "TAG", "Lavf5", "Lavc5"} {
		if bytes.Contains(one[:h.size], []byte(mark)) || bytes.Contains(one[len(one)-128:], []byte(mark)) {
			t.Errorf("there is %q in it", mark)
		}
	}
	if out := run(t, "ffprobe", "-v", "error", "-show_entries", "format_tags", "-of", "csv=p=0", encode(t, f, MP3Options{Bitrate: 96}, s)); len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("tags: %s", out)
	}
}

func TestEncodeMP3Errors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, tc := range map[string]struct {
		f       Format
		bitrate int
	}{
		"rate":         {Format{12345, 1}, 96},
		"bit rate":     {Format{44100, 1}, 100},
		"low bit rate": {Format{44100, 1}, 8},
		"none":         {Format{44100, 1}, 0},
		"channels":     {Format{44100, 3}, 96},
	} {
		if _, err := Encode(t.Context(), filepath.Join(dir, "a.mp3"), tc.f, MP3Options{Bitrate: tc.bitrate}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	e, err := Encode(t.Context(), filepath.Join(dir, "no", "such", "folder.mp3"), Format{44100, 2}, MP3Options{Bitrate: 96})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.WriteSamples(make([]float32, 3)); err == nil {
		t.Error("half a frame is no error")
	}
	for err == nil { // until ffmpeg has ended
		err = e.WriteSamples(make([]float32, 44100))
	}
	if !strings.Contains(err.Error(), "No such file or directory") || strings.Contains(err.Error(), "\n") {
		t.Errorf("write: %v", err)
	}
	for range 2 {
		if again := e.Close(); again != err {
			t.Errorf("close: %v", again)
		}
	}
	if err := e.WriteSamples(nil); err == nil {
		t.Error("written to after the end")
	}
}

func TestEncodeMP3Cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	path := filepath.Join(t.TempDir(), "a.mp3")
	e, err := Encode(ctx, path, Format{44100, 1}, MP3Options{Bitrate: 96})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.WriteSamples(noise(44100, 0.5)); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(10*time.Millisecond, cancel)
	s := make([]float32, 44100)
	for err == nil {
		err = e.WriteSamples(s)
	}
	if err := e.Close(); !errors.Is(err, context.Canceled) {
		t.Errorf("close: %v", err)
	}
}

// Not parallel: PATH is the process's.
func TestWithoutFFmpeg(t *testing.T) {
	flac := ffmpegFile(t, "a.flac")
	mp3 := read(t, ffmpegFile(t, "a.mp3"))
	t.Setenv("PATH", t.TempDir())
	_, encodeErr := Encode(t.Context(), filepath.Join(t.TempDir(), "a.mp3"), Format{44100, 1}, MP3Options{Bitrate: 96})
	_, decodeErr := DecodeFile(t.Context(), flac)
	for _, err := range []error{encodeErr, decodeErr} {
		if !errors.Is(err, ErrNoFFmpeg) || !strings.Contains(err.Error(), "apt install ffmpeg") || !strings.Contains(err.Error(), "brew install ffmpeg") {
			t.Errorf("%v", err)
		}
	}
	d, err := Decode(t.Context(), mp3) // needs no ffmpeg
	if err != nil {
		t.Fatal(err)
	}
	if n, err := d.ReadSamples(make([]float32, 100)); n == 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
