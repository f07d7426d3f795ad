package mp3_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/mp3"
)

var every = flag.Bool("every", false, "show every setting to every reader; make codecs does")

// everySetting is each rate, number of channels and bit rate that there is.
func everySetting() (out []mp3.Settings) {
	for _, rate := range []int{32000, 44100, 48000} {
		for _, channels := range []int{1, 2} {
			for _, bitrate := range []int{32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320} {
				out = append(out, mp3.Settings{Rate: rate, Channels: channels, Bitrate: bitrate, Joint: channels == 2})
			}
		}
	}
	return out
}

// joints is a file with a joint in silence and one in sound.
func joints(t *testing.T, l *mp3.Library, s mp3.Settings) []byte {
	t.Helper()
	const before, behind = 4, 2
	n := mp3.FrameSize * s.Channels
	pcm := talk(uint64(s.Bitrate), 90, s.Channels)
	between(1, pcm[:30*n], s.Channels)
	var pieces [][]byte
	for _, p := range []struct{ from, to, skip, n int }{{0, 30, 0, 30}, {30, 60 + behind, 0, 30}, {60 - before, 90, before, 31}} {
		b, err := l.EncodeFrom(s, pcm[p.from*n:p.to*n], 0, p.skip)
		if err != nil {
			t.Fatal(err)
		}
		kept, _ := cut(t, b, p.skip, p.n)
		pieces = append(pieces, kept)
	}
	return join(t, s, pieces...)
}

// run is what a reader prints, both streams. The test goes on without one that
// is not installed.
func run(t *testing.T, name string, args ...string) (said string, there bool) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Logf("%v (scripts/setup --test installs what tests need)", err)
		return "", false
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return string(out), true
}

// musicMetadata tells format and length of files, and what is odd in them.
const musicMetadata = `
import { parseFile } from "music-metadata";
for (const path of process.argv.slice(1)) {
  const { format, quality } = await parseFile(path, { duration: true });
  console.log(JSON.stringify({ Path: path, Container: format.container, Codec: format.codec, Rate: format.sampleRate, Channels: format.numberOfChannels,
    Bitrate: format.bitrate, Samples: format.numberOfSamples, Profile: format.codecProfile, Warnings: quality.warnings.map(w => w.message) }));
}
`

// TestReadersAreContent has files of every setting looked over by five readers
// that know nothing of each other.
func TestReadersAreContent(t *testing.T) {
	t.Parallel()
	l := library(t)
	dir := t.TempDir()
	var paths, inputs []string
	all := map[string]mp3.Settings{}
	for i, s := range everySetting() {
		if i%11 > 0 && !*every {
			continue // ffprobe takes its time
		}
		path := filepath.Join(dir, fmt.Sprintf("%d-%d-%d.mp3", s.Rate, s.Channels, s.Bitrate))
		if err := os.WriteFile(path, joints(t, l, s), 0o600); err != nil {
			t.Fatal(err)
		}
		all[path] = s
		paths = append(paths, path)
		inputs = append(inputs, "-i", path)
	}
	t.Run("mp3val", func(t *testing.T) {
		said, there := run(t, "mp3val", paths...)
		for line := range strings.SplitSeq(said, "\n") {
			if low := strings.ToLower(line); strings.HasPrefix(low, "warning") && !strings.Contains(low, "no supported tags") || strings.HasPrefix(low, "error") {
				t.Error(line)
			}
		}
		if n := strings.Count(said, "MPEG frames (MPEG 1 Layer III)"); there && n != len(paths) {
			t.Errorf("it tells of %d files, want %d\n%s", n, len(paths), said)
		}
	})
	t.Run("mpg123", func(t *testing.T) {
		said, there := run(t, "mpg123", append([]string{"-t"}, paths...)...)
		for line := range strings.SplitSeq(said, "\n") {
			if low := strings.ToLower(line); strings.Contains(low, "warning") || strings.Contains(low, "error") {
				t.Error(line)
			}
		}
		if n := strings.Count(said, "Decoding of "); there && n != len(paths) {
			t.Errorf("it decodes %d files, want %d\n%s", n, len(paths), said)
		}
	})
	t.Run("ffmpeg", func(t *testing.T) {
		args := append([]string{"-v", "warning", "-xerror", "-err_detect", "explode"}, inputs...)
		for i := range paths {
			args = append(args, "-map", strconv.Itoa(i))
		}
		if said, _ := run(t, "ffmpeg", append(args, "-f", "null", "-")...); said != "" {
			t.Error(said)
		}
	})
	t.Run("ffprobe", func(t *testing.T) {
		for path, s := range all {
			said, there := run(t, "ffprobe", "-v", "warning", "-show_entries", "stream=codec_name,sample_rate,channels,bit_rate:format=duration", "-of", "csv=p=0", path)
			seconds := float64(91*mp3.FrameSize) / float64(s.Rate) // it counts MPEG frames: the last one ends the stream
			if want := fmt.Sprintf("mp3,%d,%d,%d\n%.6f\n", s.Rate, s.Channels, 1000*s.Bitrate, seconds); there && !sameProbe(said, want) {
				t.Errorf("%+v: it says\n%swant\n%s", s, said, want)
			}
		}
	})
	t.Run("music-metadata", func(t *testing.T) {
		readers, err := filepath.Abs("../../bin/readers")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(readers, "node_modules", "music-metadata")); err != nil {
			t.Skip("music-metadata is not there; scripts/setup --test installs it where npm is")
		}
		cmd := exec.CommandContext(t.Context(), "node", append([]string{"--input-type=module", "-e", musicMetadata}, paths...)...)
		cmd.Dir = readers
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		dec := json.NewDecoder(strings.NewReader(string(out)))
		for range paths {
			var seen struct {
				Path, Container, Codec, Profile  string
				Rate, Channels, Bitrate, Samples int
				Warnings                         []string
			}
			if err := dec.Decode(&seen); err != nil {
				t.Fatal(err)
			}
			s := all[seen.Path]
			if seen.Container != "MPEG" || seen.Codec != "MPEG 1 Layer 3" || seen.Rate != s.Rate || seen.Channels != s.Channels || seen.Bitrate != 1000*s.Bitrate || len(seen.Warnings) > 0 {
				t.Errorf("%+v: it sees %+v", s, seen)
			}
		}
	})
}

// sameProbe compares what ffprobe prints; it rounds the length in its own way.
func sameProbe(got, want string) bool {
	g, w := strings.Fields(got), strings.Fields(want)
	if len(g) != len(w) || len(g) != 2 || g[0] != w[0] {
		return false
	}
	a, errA := strconv.ParseFloat(g[1], 64)
	b, errB := strconv.ParseFloat(w[1], 64)
	return errors.Join(errA, errB) == nil && math.Abs(a-b) < 2e-6
}
