package pipeline_test

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// bench is a folder to stitch in, with a cache of its own.
func bench(t *testing.T) (dir string, cfg *config.Config) {
	t.Helper()
	dir = t.TempDir()
	cfg, err := config.Load(t.Context(), config.Sources{
		Dir: dir, Home: dir,
		Flags: map[string]string{"output.store": filepath.Join(dir, "store"), "output.cache": filepath.Join(dir, "cache")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, cfg
}

// tone is a file with a tone of so many seconds and silence around it, that
// was written long ago.
func tone(t *testing.T, path, hertz string, seconds string) {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine="+hertz+":duration="+seconds,
		"-af", "adelay=500:all=1,apad=pad_dur=0.5", "-ar", "24000", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
}

func stitch(t *testing.T, cfg *config.Config, s pipeline.Stitching) *pipeline.Stitched {
	t.Helper()
	res, err := pipeline.Stitch(t.Context(), cfg, s, pipeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestStitchOfNothing says so, and writes nothing.
func TestStitchOfNothing(t *testing.T) {
	t.Parallel()
	dir, cfg := bench(t)
	file := filepath.Join(dir, "nothing.mp3")
	if _, err := pipeline.Stitch(t.Context(), cfg, pipeline.Stitching{File: file}, pipeline.Options{}); err == nil || !strings.Contains(err.Error(), "nothing to stitch") {
		t.Error(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is there: %v", file, err)
	}
}

func TestStitchHearsAFileOnce(t *testing.T) {
	t.Parallel()
	dir, cfg := bench(t)
	a, b := filepath.Join(dir, "a.wav"), filepath.Join(dir, "b.wav")
	tone(t, a, "300", "1")
	tone(t, b, "400", "1")
	s := pipeline.Stitching{Pieces: []pipeline.Piece{{File: a}, {File: b}, {File: a}}, Pause: time.Second, File: filepath.Join(dir, "out.mp3")}
	if res := stitch(t, cfg, s); res.Pieces != 3 || res.Heard < 2 || res.Made != 4 { // and the silence that fills up the last second
		t.Errorf("first: %+v", res)
	}
	first := read(t, s.File)
	if res := stitch(t, cfg, s); res.Heard != 0 || res.Made != 0 || read(t, s.File) != first {
		t.Errorf("again: %d heard, %d made, or other bytes", res.Heard, res.Made)
	}

	// The same size and time, but another file: its inode tells.
	info, err := os.Stat(b)
	if err != nil {
		t.Fatal(err)
	}
	tone(t, b+".new.wav", "450", "1")
	if err := errors.Join(os.Chtimes(b+".new.wav", info.ModTime(), info.ModTime()), os.Rename(b+".new.wav", b)); err != nil {
		t.Fatal(err)
	}
	if now, err := os.Stat(b); err != nil || now.Size() != info.Size() || !now.ModTime().Equal(info.ModTime()) {
		t.Fatalf("the files differ in size or time: %v", err)
	}
	if res := stitch(t, cfg, s); res.Heard != 1 || res.Made != 1 || read(t, s.File) == first {
		t.Errorf("edited: %d heard, %d made", res.Heard, res.Made)
	}

	// A file that was just written may be written again within the same tick.
	now := time.Now()
	if err := os.Chtimes(a, now, now); err != nil {
		t.Fatal(err)
	}
	if res := stitch(t, cfg, s); res.Heard != 2 || res.Made != 0 {
		t.Errorf("touched: %d heard, %d made", res.Heard, res.Made)
	}
}

// TestStitchRemembersWhatItHeardTogether takes from the cache what it keeps of
// each piece: what it keeps of the file is enough, and the other way round.
func TestStitchRemembersWhatItHeardTogether(t *testing.T) {
	t.Parallel()
	dir, cfg := bench(t)
	a, b := filepath.Join(dir, "a.wav"), filepath.Join(dir, "b.wav")
	tone(t, a, "300", "1")
	tone(t, b, "400", "1")
	s := pipeline.Stitching{Pieces: []pipeline.Piece{{File: a}, {File: b}}, Pause: time.Second, File: filepath.Join(dir, "out.mp3")}
	stitch(t, cfg, s)
	first := read(t, s.File)
	forget := func(which func(entry string) bool) {
		t.Helper()
		entries, err := filepath.Glob(filepath.Join(cfg.Output.Cache, "??", "*"))
		if err != nil {
			t.Fatal(err)
		}
		gone := 0
		for _, e := range entries {
			if which(read(t, e)) {
				gone++
				if err := os.Remove(e); err != nil {
					t.Fatal(err)
				}
			}
		}
		if gone == 0 {
			t.Fatal("the cache has no such entries")
		}
	}
	ofAPiece := func(entry string) bool { return strings.Contains(entry, `{"Sound":`) }
	forget(ofAPiece)
	if res := stitch(t, cfg, s); res.Heard != 0 || res.Made != 0 || read(t, s.File) != first {
		t.Errorf("remembered of the file: %d heard, %d made, or other bytes", res.Heard, res.Made)
	}
	forget(func(entry string) bool { return strings.Contains(entry, "SHA256") })
	if res := stitch(t, cfg, s); res.Heard != 2 || res.Made != 0 || read(t, s.File) != first {
		t.Errorf("nothing remembered: %d heard, %d made, or other bytes", res.Heard, res.Made)
	}
	other := s
	other.File = filepath.Join(dir, "other.mp3")
	if res := stitch(t, cfg, other); res.Heard != 0 || res.Made != 0 {
		t.Errorf("remembered of each piece: %d heard, %d made", res.Heard, res.Made)
	}
}

func TestStitchKeepsItsLevels(t *testing.T) {
	t.Parallel()
	dir, cfg := bench(t)
	var pieces []pipeline.Piece
	for i, hertz := range []string{"300", "310", "320", "330", "340", "350", "360", "370"} {
		file := filepath.Join(dir, string(rune('a'+i))+".wav")
		tone(t, file, hertz, "1")
		pieces = append(pieces, pipeline.Piece{File: file})
	}
	s := pipeline.Stitching{Pieces: pieces, Pause: time.Second, File: filepath.Join(dir, "out.mp3")}
	stitch(t, cfg, s)
	gains, err := publish.ReadGains(s.File)
	if err != nil {
		t.Fatal(err)
	}
	tone(t, pieces[3].File, "1200", "1") // K-weighting hears it louder
	res := stitch(t, cfg, s)
	if res.Made != 1 {
		t.Errorf("an edit encoded %d blocks, want 1", res.Made)
	}
	if kept, err := publish.ReadGains(s.File); err != nil || kept.Programme != gains.Programme {
		t.Errorf("gain %v, was %v (%v)", kept, gains, err)
	}
	if off := math.Abs(float64(res.Episode.Loudness.Integrated + 16)); off > 0.31 {
		t.Errorf("%v integrated", res.Episode.Loudness.Integrated)
	}
	s.Fresh = true
	if res := stitch(t, cfg, s); math.Abs(float64(res.Episode.Loudness.Integrated+16)) > 0.11 {
		t.Errorf("fresh: %v integrated", res.Episode.Loudness.Integrated)
	}
	if _, err := publish.ReadGains(filepath.Join(dir, "none.mp3")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one of a file that is not there", err)
	}
}

func TestStitchPlacesChapters(t *testing.T) {
	t.Parallel()
	dir, cfg := bench(t)
	a, b := filepath.Join(dir, "a.wav"), filepath.Join(dir, "b.wav")
	tone(t, a, "300", "2") // with half a second of silence at each end: 3 s
	tone(t, b, "400", "2")
	near := func(got podcast.Seconds, want float64) bool { return math.Abs(float64(got)-want) < 0.06 }
	run := func(marks ...pipeline.Mark) (*pipeline.Stitched, error) {
		return pipeline.Stitch(t.Context(), cfg, pipeline.Stitching{
			Pieces: []pipeline.Piece{{File: a}, {File: b}}, Pause: 500 * time.Millisecond, Marks: marks, File: filepath.Join(dir, "a tone.mp3"),
		}, pipeline.Options{})
	}
	// 0.3 s, 2 s and the guards of 0.03 s, 0.5 s: the second piece begins at 2.86 s.
	res, err := run(
		pipeline.Mark{Title: "late", Piece: pipeline.AllPieces, At: 4500 * time.Millisecond}, // 1 s into the second tone
		pipeline.Mark{Title: "second", Piece: 1},
		pipeline.Mark{Title: "middle", Piece: pipeline.AllPieces, At: 1500 * time.Millisecond}, // 1 s into the first
	)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range res.Episode.Chapters {
		got = append(got, c.Title)
	}
	if strings.Join(got, ",") != "A tone,middle,second,late" {
		t.Fatalf("chapters %v", got)
	}
	c := res.Episode.Chapters
	if c[0].Start != 0 || !near(c[1].Start, 1.33) || !near(c[2].Start, 2.88) || !near(c[3].Start, 3.91) || c[3].End != res.Episode.Length || c[1].End != c[2].Start {
		t.Errorf("chapters %+v", c)
	}
	for name, tc := range map[string]struct {
		marks []pipeline.Mark
		want  string
	}{
		"behind the end": {[]pipeline.Mark{{Title: "far", Piece: pipeline.AllPieces, At: 7 * time.Second}}, `the chapter "far" begins at 7s, and all the audio together is 6s long`},
		"twice":          {[]pipeline.Mark{{Title: "one", Piece: 0}, {Title: "two", Piece: pipeline.AllPieces, At: 100 * time.Millisecond}}, `the chapters "one" and "two" begin at the same place`},
	} {
		if _, err := run(tc.marks...); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, tc.want)
		}
	}
}

// TestStitchWithoutACache: a cache that cannot be written to is no fault.
func TestStitchWithoutACache(t *testing.T) {
	t.Parallel()
	dir, cfg := bench(t)
	cfg.Output.Cache = filepath.Join(dir, "a.wav", "cache")
	tone(t, filepath.Join(dir, "a.wav"), "300", "1")
	res := stitch(t, cfg, pipeline.Stitching{Pieces: []pipeline.Piece{{File: filepath.Join(dir, "a.wav")}}, File: filepath.Join(dir, "o.mp3")})
	if res.Made != 2 || res.Episode.Title != "O" {
		t.Errorf("%+v", res)
	}
}
