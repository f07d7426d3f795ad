package record_test

import (
	"errors"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/record"
)

// A track is the same sound, to the frame, whoever decodes it.
func TestDecodeFrames(t *testing.T) {
	t.Parallel()
	if _, err := mp3.Load(); err != nil || record.TrackDecoder() != "mpg123" {
		t.Skip("no libmpg123")
	}
	for name, args := range map[string][]string{
		"stereo":               {"-b:a", "128k"},
		"mono":                 {"-b:a", "64k", "-ac", "1"},
		"48 kHz, apart":        {"-b:a", "192k", "-ar", "48000", "-joint_stereo", "0"},
		"24 kHz, MPEG 2":       {"-b:a", "64k", "-ar", "24000"},
		"variable bit rate":    {"-q:a", "4"},
		"without a tag frame":  {"-b:a", "96k", "-write_xing", "0"},
		"ID3v1 behind":         {"-b:a", "96k", "-write_id3v1", "1", "-metadata", "title=A title"},
		"FLAC by another name": {"-c:a", "flac", "-f", "flac"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "track.mp3")
			argv := append([]string{"-v", "error", "-f", "lavfi", "-i", "aevalsrc=0.4*sin(900*t)+0.2*sin(3000*t*t)|0.3*sin(1200*t):s=44100:d=5"}, args...)
			if out, err := exec.Command("ffmpeg", append(argv, path)...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			theirs, err := audio.DecodeFile(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer theirs.Close()
			ours, err := audio.DecodeFileWith(t.Context(), path, record.DecodeFrames)
			if err != nil {
				t.Fatal(err)
			}
			defer ours.Close()
			if ours.Format() != theirs.Format() {
				t.Fatalf("%v, ffmpeg gives %v", ours.Format(), theirs.Format())
			}
			want, got := drain(t, theirs), drain(t, ours)
			if len(got) != len(want) {
				t.Fatalf("%d samples, ffmpeg gives %d", len(got), len(want))
			}
			for i, v := range got {
				if math.Abs(float64(v-want[i])) > 1e-5 { // −100 dBFS
					t.Fatalf("sample %d is %v, ffmpeg gives %v", i, v, want[i])
				}
			}
			if err := ours.Close(); err != nil {
				t.Fatal(err)
			}
			if err := ours.Close(); err != nil {
				t.Fatal("closed again:", err)
			}
		})
	}
}

func drain(t *testing.T, s audio.Source) []float32 {
	t.Helper()
	var out []float32
	buf := make([]float32, 1000)
	for {
		n, err := s.ReadSamples(buf)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, buf[:n]...)
	}
}
