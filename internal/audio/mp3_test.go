package audio

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// go-mp3 must give what ffmpeg gives: as many frames, at the same place.
func TestDecodeMP3(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		args []string
		own  bool
	}{
		"stereo, 44.1 kHz":      {[]string{"-b:a", "128k"}, true},
		"joint stereo, 48 kHz":  {[]string{"-b:a", "96k", "-ar", "48000"}, true},
		"mono, 44.1 kHz":        {[]string{"-b:a", "64k", "-ac", "1"}, true},
		"mono, 32 kHz":          {[]string{"-b:a", "64k", "-ac", "1", "-ar", "32000"}, true},
		"mono, 24 kHz":          {[]string{"-b:a", "64k", "-ac", "1", "-ar", "24000"}, true},
		"stereo, 16 kHz":        {[]string{"-b:a", "48k", "-ar", "16000"}, true},
		"mono, 22.05 kHz":       {[]string{"-b:a", "64k", "-ac", "1", "-ar", "22050"}, true},
		"misread by go-mp3":     {[]string{"-b:a", "80k", "-ac", "1", "-ar", "22050"}, false},
		"mono, 8 kHz, MPEG 2.5": {[]string{"-b:a", "16k", "-ac", "1", "-ar", "8000"}, false},
		"variable bit rate":     {[]string{"-q:a", "4"}, true},
		"without a tag frame":   {[]string{"-b:a", "96k", "-write_xing", "0"}, true},
		"no ID3 tag":            {[]string{"-b:a", "96k", "-id3v2_version", "0"}, true},
		"ID3v1 behind":          {[]string{"-b:a", "96k", "-write_id3v1", "1", "-metadata", "title=A title"}, true},
		"layer II":              {[]string{"-c:a", "mp2", "-f", "mp2"}, false},
	}
	args := map[string][]string{}
	for name, tc := range cases {
		args[name] = tc.args
	}
	paths := ffmpegFiles(t, oddSignal, ".mp3", args)
	wants := allByFFmpeg(t, paths)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			likeFFmpeg(t, read(t, paths[name]), wants[name], tc.own)
		})
	}
}

func likeFFmpeg(t *testing.T, b []byte, want []float32, own bool) {
	t.Helper()
	got := checkSource(t, func() Source {
		d, err := Decode(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		if _, pipe := d.(*ffmpegDecoder); pipe == own {
			t.Fatalf("decoded by %T", d)
		}
		return d
	}, -1)
	if len(got) != len(want) {
		t.Fatalf("%d samples, ffmpeg gives %d", len(got), len(want))
	}
	if r := snr(want, got); !(r > 70) {
		t.Errorf("SNR against ffmpeg %.1f dB", r)
	}
}

func TestDecodeMP3Joined(t *testing.T) {
	t.Parallel()
	one := read(t, ffmpegFile(t, "a.mp3", "-b:a", "96k"))
	tagless := read(t, ffmpegFile(t, "b.mp3", "-b:a", "96k", "-write_xing", "0", "-id3v2_version", "0"))
	cases := map[string]struct {
		b   []byte
		own bool
	}{
		"another behind":        {append(bytes.Clone(one), tagless...), false},
		"one frame more":        {append(bytes.Clone(one), tagless[:313]...), false},
		"the last frame cut":    {one[:len(one)-50], false},
		"half, without a tag":   {tagless[:len(tagless)/2], false},
		"rubbish behind":        {append(bytes.Clone(one), "this is no audio, nor a tag"...), true},
		"rubbish in between":    {append(append(bytes.Clone(tagless[:5*313+2]), "rubbish"...), tagless[5*313+2:]...), false},
		"rubbish in front":      {append([]byte("ID3\x03\x00\x00\x00\x00\x00\x05aaaaarubbish"), tagless...), true},
		"without its beginning": {behindFrames(tagless, 4), false},
	}
	dir, paths := t.TempDir(), map[string]string{}
	for name, tc := range cases {
		paths[name] = filepath.Join(dir, name+".mp3")
		if err := os.WriteFile(paths[name], tc.b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wants := allByFFmpeg(t, paths)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			likeFFmpeg(t, tc.b, wants[name], tc.own)
		})
	}
}

// behindFrames is an MP3 without its first n frames.
func behindFrames(b []byte, n int) []byte {
	for range n {
		h, _ := parseMPEGHeader(b)
		b = b[h.size:]
	}
	return b
}

// Where go-mp3 gives up, ffmpeg goes on from the same frame.
func TestMP3TakeOver(t *testing.T) {
	t.Parallel()
	b := read(t, ffmpegFile(t, "a.mp3", "-b:a", "96k"))
	d, err := openMP3(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m := d.(*mp3Decoder)
	stream := m.Source.(*goMP3).stream
	stream.audio = stream.audio[:len(stream.audio)/2] // an end that was not counted
	got := all(t, d)
	if m.other == nil {
		t.Fatal("go-mp3 did not give up")
	}
	path := filepath.Join(t.TempDir(), "a.mp3")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	want := byFFmpeg(t, path)
	if len(got) != len(want) || snr(want, got) < 70 {
		t.Errorf("%d samples of %d, SNR %.1f dB", len(got), len(want), snr(want, got))
	}
}

func TestDecodeOtherFormats(t *testing.T) {
	t.Parallel()
	paths := ffmpegFiles(t, oddSignal, "", map[string][]string{
		"a.flac": nil,
		"a.ogg":  {"-c:a", "libopus", "-ar", "48000"},
		"a.m4a":  {"-c:a", "aac"},
		"a.webm": {"-c:a", "libopus", "-ar", "48000"},
		"a.aiff": nil,
		"a.aac":  {"-c:a", "aac"},
	})
	wants := allByFFmpeg(t, paths)
	for name, path := range paths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := wants[name]
			b := read(t, path)
			if Sniff(b) == "" {
				t.Errorf("not recognised: % x", b[:16])
			}
			for from, open := range map[string]func() (Decoder, error){
				"memory": func() (Decoder, error) { return Decode(t.Context(), b) },
				"disk":   func() (Decoder, error) { return DecodeFile(t.Context(), path) },
			} {
				d, err := open()
				if err != nil {
					t.Fatalf("from %s: %v", from, err)
				}
				if got := all(t, d); len(got) != len(want) || snr(want, got) < 140 {
					t.Errorf("from %s: %d samples of %d", from, len(got), len(want))
				}
				if err := d.Close(); err != nil {
					t.Errorf("from %s: close: %v", from, err)
				}
			}
		})
	}
}

func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"HTML":        {"<!DOCTYPE html><html><body>502</body></html>", "no audio that is known"},
		"nothing":     {"", "no audio that is known"},
		"cut FLAC":    {"fLaC\x00\x00\x00\x22aaaaaaaaaaaaaaaaaaaaaaaaaaa", "ffmpeg"},
		"cut MP4":     {"\x00\x00\x00\x20ftypM4A aaaaaaaaaaaaaaaaaaaaaaaaaaa", "ffmpeg"},
		"MP3 of none": {"ID3\x04\x00\x00\x00\x00\x00\x00aaaaaaaaaaaaaaaaaaaaa", "ffmpeg"},
	} {
		_, err := Decode(t.Context(), []byte(tc.in))
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "missing.mp3")} {
		if _, err := DecodeFile(t.Context(), path); err == nil || strings.Count(err.Error(), path) != 1 {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestDecodeCancelled(t *testing.T) {
	t.Parallel()
	path := ffmpegFile(t, "a.flac", "-af", "aloop=loop=-1:size=30000", "-t", "60")
	ctx, cancel := context.WithCancel(t.Context())
	d, err := DecodeFile(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	buf := make([]float32, 4096)
	if _, err := d.ReadSamples(buf); err != nil {
		t.Fatal(err)
	}
	cancel()
	for err == nil {
		_, err = d.ReadSamples(buf)
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func TestDecodeClosedEarly(t *testing.T) {
	t.Parallel()
	d, err := DecodeFile(t.Context(), ffmpegFile(t, "a.flac"))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	if n, err := d.ReadSamples(make([]float32, 100)); n != 0 || err == nil || err == io.EOF {
		t.Errorf("read after close: %d, %v", n, err)
	}
}

func FuzzMP3(f *testing.F) {
	for _, args := range [][]string{{"-b:a", "64k"}, {"-b:a", "48k", "-ar", "24000", "-ac", "1"}, {"-q:a", "5", "-write_xing", "0"}} {
		b := read(f, ffmpegFile(f, "a.mp3", append(args, "-t", "0.2")...))
		f.Add(b)
		f.Add(b[len(b)/3:])
	}
	huge := binary.BigEndian.AppendUint32([]byte("ID3\x04\x00\x00"), 0x7f7f7f7f)
	f.Add(huge)
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := scanMP3(b)
		if err != nil {
			return
		}
		want := s.to - s.from
		if most := int64(len(b)) / 24 * 1152; s.frames > most || want > s.frames {
			t.Fatalf("%d of %d frames in %d bytes", want, s.frames, len(b))
		}
		g := newGoMP3(s)
		buf := make([]float32, 2304)
		n := 0
		for {
			k, err := g.ReadSamples(buf)
			n += k
			for _, v := range buf[:k] {
				if math.IsNaN(float64(v)) || abs(v) > 1 {
					t.Fatalf("sample %v", v)
				}
			}
			if err == io.EOF && int64(n/g.format.Channels) != want {
				t.Fatalf("%d frames, want %d", n/g.format.Channels, want)
			}
			if err != nil {
				return
			}
		}
	})
}
