package audio

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

var every = flag.Bool("every", false, "try every setting, not one of each kind; make codecs does")

// others are the encodings beside MP3, with the formats that they are tried in:
// one of each encoder, or every one.
func others() map[string]struct {
	Encoding
	f Format
} {
	type tried = struct {
		Encoding
		f Format
	}
	all := map[string]tried{
		"m4a":         {AACOptions{Bitrate: 64}, Format{44100, 1}},
		"m4b stereo":  {AACOptions{Bitrate: 96, Book: true}, Format{48000, 2}},
		"aac too big": {AACOptions{Bitrate: 320}, Format{32000, 1}},
		"opus":        {OpusOptions{Bitrate: 32}, Format{OpusRate, 1}},
		"opus stereo": {OpusOptions{Bitrate: 48}, Format{OpusRate, 2}},
		"flac":        {FLACOptions{Bits: 16}, Format{44100, 1}},
		"flac 24":     {FLACOptions{Bits: 24}, Format{48000, 2}},
		"wav":         {WAVOptions{Bits: 16}, Format{44100, 2}},
		"wav 24":      {WAVOptions{Bits: 24}, Format{44100, 1}},
	}
	if !*every {
		for _, name := range []string{"m4a", "aac too big", "opus", "flac", "wav 24"} {
			delete(all, name)
		}
	}
	return all
}

// A file plays as many frames as were written. ffmpeg 5.1 reads the length of
// an MP4 from its edit list, but plays its last packet to the end.
func TestEncodeLength(t *testing.T) {
	t.Parallel()
	paths := map[string]string{}
	for name, tc := range others() {
		for _, n := range []int{30_011, 5} {
			paths[fmt.Sprint(name, n)] = encode(t, tc.f, tc.Encoding, noise(n*tc.f.Channels, 0.4))
		}
	}
	decoded := allByFFmpeg(t, paths)
	for name, tc := range others() {
		for _, n := range []int{30_011, 5} {
			name := fmt.Sprint(name, n)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s, path, back := noise(n*tc.f.Channels, 0.4), paths[name], decoded[name]
				_, aac := tc.Encoding.(AACOptions)
				if aac {
					probed := string(run(t, "ffprobe", "-v", "error", "-show_entries", "stream=start_pts,duration_ts", "-of", "csv=p=0", path))
					if want := fmt.Sprintf("0,%d\n", n); probed != want {
						t.Errorf("ffprobe finds %q, want %q", probed, want)
					}
				}
				if aac {
					if got := len(back) / tc.f.Channels; got < n || got >= n+1024 {
						t.Errorf("ffmpeg decodes %d frames, %d were written", got, n)
					}
				} else if got := len(back) / tc.f.Channels; got != n {
					t.Errorf("ffmpeg decodes %d frames, %d were written", got, n)
				}
				var signal, off float64
				for i, v := range s {
					signal += float64(v) * float64(v)
					off += float64(v-back[i]) * float64(v-back[i])
				}
				snr := 10 * math.Log10(signal/off)
				switch tc.Encoding.(type) {
				case FLACOptions, WAVOptions:
					if least := 6.02*float64(bitsOf(tc.Encoding)) - 16; snr < least {
						t.Errorf("%.1f dB from what was written, want %.1f", snr, least)
					}
				}
			})
		}
	}
}

func bitsOf(e Encoding) int {
	switch e := e.(type) {
	case FLACOptions:
		return e.Bits
	case WAVOptions:
		return e.Bits
	}
	return 0
}

// What is decoded stands where it stood, not an encoder's delay later.
func TestEncodeDelay(t *testing.T) {
	t.Parallel()
	bursts, paths := map[string][]float32{}, map[string]string{}
	for name, tc := range others() {
		s := make([]float32, tc.f.Rate*tc.f.Channels)
		for i := range 400 {
			for c := range tc.f.Channels {
				s[(tc.f.Rate/2+i)*tc.f.Channels+c] = 0.6 * float32(math.Sin(float64(i)/5)*math.Sin(math.Pi*float64(i)/400))
			}
		}
		bursts[name], paths[name] = s, encode(t, tc.f, tc.Encoding, s)
	}
	decoded := allByFFmpeg(t, paths)
	for name, tc := range others() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, back, at := bursts[name], decoded[name], tc.f.Rate/2
			best, shift := 0.0, 0
			for d := -2000; d <= 2000; d++ {
				var sum float64
				for i := range 400 {
					sum += float64(s[(at+i)*tc.f.Channels]) * float64(back[(at+i+d)*tc.f.Channels])
				}
				if sum > best {
					best, shift = sum, d
				}
			}
			if shift < -6 || shift > 6 {
				t.Errorf("it is heard %d frames late", shift)
			}
		})
	}
}

func TestEncodeBytes(t *testing.T) {
	t.Parallel()
	for name, tc := range others() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := noise(50_000*tc.f.Channels, 0.4)
			path := encode(t, tc.f, tc.Encoding, s)
			one := read(t, path)
			if !bytes.Equal(one, read(t, encode(t, tc.f, tc.Encoding, s))) {
				t.Error("the same samples gave other bytes")
			}
			if v := run(t, "ffprobe", "-v", "error", "-show_chapters", "-show_entries", "format_tags:stream_tags", "-of", "flat", path); bytes.Contains(v, []byte("chapter")) || bytes.Contains(one, []byte("Lavf5")) || bytes.Contains(one, []byte("Lavc5")) {
				t.Errorf("tags: %s", v)
			}
			if strings.HasPrefix(name, "m4b") && string(one[8:12]) != "M4B " {
				t.Errorf("brand %q", one[8:12])
			}
			if _, mp4 := tc.Encoding.(AACOptions); mp4 && bytes.Index(one, []byte("moov")) > bytes.Index(one, []byte("mdat")) {
				t.Error("the index stands behind the samples")
			}
		})
	}
}

func TestEncodeErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		Encoding
		f    Format
		want string
	}{
		"aac rate":    {AACOptions{Bitrate: 64}, Format{12345, 1}, "encode AAC: no sample rate of 12345 Hz"},
		"aac bitrate": {AACOptions{}, Format{44100, 1}, "encode AAC: no bit rate of 0 kb/s"},
		"opus rate":   {OpusOptions{Bitrate: 32}, Format{44100, 1}, "encode Opus: no sample rate of 44100 Hz"},
		"opus much":   {OpusOptions{Bitrate: 300}, Format{48000, 1}, "encode Opus: no bit rate of 300 kb/s"},
		"flac bits":   {FLACOptions{Bits: 32}, Format{44100, 1}, "encode FLAC: no samples of 32 bits"},
		"wav bits":    {WAVOptions{}, Format{44100, 1}, "encode WAV: no samples of 0 bits"},
		"channels":    {WAVOptions{Bits: 16}, Format{44100, 6}, "encode WAV: 6 channels"},
	} {
		_, err := Encode(t.Context(), filepath.Join(t.TempDir(), "a"), tc.f, tc.Encoding)
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %s", name, err, tc.want)
		}
	}
}

func TestEncodeDiskFull(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		return // only Linux has it
	}
	for name, tc := range others() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "out")
			if err := os.Symlink("/dev/full", path); err != nil {
				t.Fatal(err)
			}
			e, err := Encode(t.Context(), path, tc.f, tc.Encoding)
			if err != nil {
				t.Fatal(err)
			}
			_ = e.WriteSamples(noise(tc.f.Rate*tc.f.Channels, 0.4)) // Close says it again
			if err := e.Close(); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("close: %v", err)
			}
		})
	}
}

// A file that lost its end, or has another length, is found out.
func TestWhole(t *testing.T) {
	t.Parallel()
	const frames = 48_000
	for name, tc := range others() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := read(t, encode(t, tc.f, tc.Encoding, noise(frames*tc.f.Channels, 0.4)))
			path := filepath.Join(t.TempDir(), "a")
			finish := func(b []byte, frames int64) error {
				if err := os.WriteFile(path, b, 0o666); err != nil {
					t.Fatal(err)
				}
				return tc.finish(path, frames)
			}
			if err := finish(b, frames); err != nil {
				t.Errorf("whole: %v", err)
			}
			if err := finish(b, frames+1); err == nil || !strings.Contains(err.Error(), strconv.Itoa(frames)+" frames") {
				t.Errorf("another length: %v", err)
			}
			for _, n := range []int{0, 3, 20} {
				if err := finish(b[:n], frames); err == nil {
					t.Errorf("the first %d bytes are taken for the whole", n)
				}
			}
			if _, flac := tc.Encoding.(FLACOptions); flac {
				return // its head alone tells the length
			}
			for _, n := range []int{len(b) / 2, len(b) - 1} {
				if err := finish(b[:n], frames); err == nil {
					t.Errorf("the first %d of %d bytes are taken for the whole", n, len(b))
				}
			}
		})
	}
	t.Run("RF64", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "a.wav")
		run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=r=44100", "-af", "atrim=end_sample=12345", "-ac", "2", "-rf64", "always", path)
		if err := wholeWAV(path, 12345); err != nil {
			t.Error(err)
		}
		if err := os.Truncate(path, 1000); err != nil {
			t.Fatal(err)
		}
		if err := wholeWAV(path, 12345); err == nil {
			t.Error("a part is taken for the whole")
		}
	})
}

func TestEncoders(t *testing.T) {
	t.Parallel()
	have, err := Encoders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range others() {
		if !have[tc.Encoder()] {
			t.Errorf("no %s", tc.Encoder())
		}
	}
	if have["libx264"] || have["="] || have["A....."] {
		t.Error("these do not encode sound")
	}
}
