package audio

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// byGoMP3 is a FrameDecoder that gives up after so many samples.
type byGoMP3 struct {
	*goMP3
	left   int
	closed bool
}

var errGivenUp = errors.New("given up")

func (b *byGoMP3) Read(dst []float32) (int, error) {
	if b.left == 0 {
		return 0, errGivenUp
	}
	n, err := b.ReadSamples(dst[:min(len(dst), b.left)])
	b.left -= n
	return n, err
}

func (b *byGoMP3) Close() error {
	b.closed = true
	return nil
}

// Where a decoder in this process gives up, ffmpeg goes on from the same frame;
// where there is none, it does all.
func TestDecodeFileWith(t *testing.T) {
	t.Parallel()
	path := ffmpegFile(t, "a.mp3", "-b:a", "96k")
	want := byFFmpeg(t, path)
	for name, tc := range map[string]struct {
		left  int // samples that are decoded here
		taken bool
	}{
		"all of it":              {1 << 30, false},
		"given up in the middle": {len(want) / 3 * 2, true},
		"given up at once":       {0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var frames *byGoMP3
			d, err := DecodeFileWith(t.Context(), path, func(b []byte) (FrameDecoder, error) {
				s, err := scanMP3(b)
				if err != nil {
					return nil, err
				}
				frames = &byGoMP3{goMP3: newGoMP3(s), left: tc.left}
				return frames, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			m, ok := d.(*mp3Decoder)
			if !ok {
				t.Fatalf("decoded by %T", d)
			}
			got := all(t, d)
			if (m.other != nil) != tc.taken {
				t.Errorf("ffmpeg took over: %v", m.other != nil)
			}
			if len(got) != len(want) || snr(want, got) < 70 {
				t.Errorf("%d samples of %d, SNR %.1f dB", len(got), len(want), snr(want, got))
			}
			if err := d.Close(); err != nil || !frames.closed {
				t.Errorf("closed: %v, %v", frames.closed, err)
			}
			if _, err := d.ReadSamples(make([]float32, 64)); err == nil || err == io.EOF {
				t.Errorf("reading what is closed: %v", err)
			}
		})
	}
	t.Run("no decoder", func(t *testing.T) {
		t.Parallel()
		d, err := DecodeFileWith(t.Context(), path, func([]byte) (FrameDecoder, error) { return nil, errGivenUp })
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, ok := d.(*ffmpegDecoder); !ok {
			t.Errorf("decoded by %T", d)
		}
	})
	t.Run("not MP3", func(t *testing.T) {
		t.Parallel()
		flac := filepath.Join(t.TempDir(), "a.mp3")
		if err := os.WriteFile(flac, read(t, ffmpegFile(t, "a.flac")), 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := DecodeFileWith(t.Context(), flac, func([]byte) (FrameDecoder, error) {
			t.Error("it was taken for MPEG frames")
			return nil, errGivenUp
		})
		if err != nil {
			t.Fatal(err)
		}
		d.Close()
	})
}
