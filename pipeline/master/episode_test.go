package master

import (
	"bytes"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

var (
	minutes = flag.Float64("minutes", 0.5, "about how many minutes each episode of TestJoints has; make joints has more")
	every   = flag.Bool("every", false, "try every format and every way to encode; make joints and make codecs do")
)

// sentences are what the engines say.
var sentences = []string{
	"The mill stood at the bend of the river, and nobody could say who had built it.",
	"Six barrels of flour left it every day; on Sundays it was as still as a church.",
	"Why, then, did the wheel turn at night?",
	"Peter Pick, who kept the books, put it down to pigs, pranks, or poor bearings.",
	"She shut the sluice, she shook the chains, she shouted: silence, and then a splash.",
	"What follows is the account of the only witness, as far as it can be read.",
	"In the margin stands a date, the fourteenth of May, and under it a sum that does not add up.",
	"Zinc, brass, a box of fuses; five fathoms of rope; half a sixpence.",
	"Low water came early that year, and the stones of the old ford lay bare.",
	"No.",
}

// engines speak a sentence into a WAV file.
var engines = []func(text, path string) *exec.Cmd{
	func(text, path string) *exec.Cmd {
		return exec.Command("flite", "-voice", "slt", "-t", text, "-o", path)
	},
	func(text, path string) *exec.Cmd { return exec.Command("espeak-ng", "-s", "150", "-w", path, text) },
	func(text, path string) *exec.Cmd {
		return exec.Command("flite", "-voice", "rms", "-t", text, "-o", path)
	},
}

// speech is every sentence by every engine, spoken once for all tests.
var speech = sync.OnceValues(func() ([][]byte, error) {
	dir, err := os.MkdirTemp("", "narrapress-speech-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "a.wav")
	var out [][]byte
	for _, text := range sentences {
		for _, engine := range engines {
			if said, err := engine(text, path).CombinedOutput(); err != nil {
				return nil, fmt.Errorf("%w: %s (scripts/setup --test installs what tests need)", err, said)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			out = append(out, b)
		}
	}
	return out, nil
})

// music are the tracks of the example's show.
func music(name string) string { return filepath.Join("../../examples/curated/art", name+".mp3") }

// spoken is an episode of real speech in four chapters, with takes heard by
// their key, and the tracks that set puts into the options.
func spoken(t testing.TB, length float64, set func(o *mix.Options)) (*mix.Timeline, files) {
	t.Helper()
	said, err := speech()
	if err != nil {
		t.Fatal(err)
	}
	takes := files{}
	var sounds []record.Sound
	for i, b := range said {
		s, err := record.Listen(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		sounds = append(sounds, s)
		takes[fmt.Sprint(i)] = b
	}
	sc := &script.Script{Chapters: []script.Chapter{
		{Title: "Intro", Kind: script.Intro}, {Title: "One"}, {Title: "Two"}, {Title: "Credits", Kind: script.Credits},
	}}
	var recorded []record.Take
	add := func(chapter int, pause time.Duration) (seconds float64) {
		k := len(recorded) * 7 % len(said) // every sentence in turn, by another voice than the one before
		recorded = append(recorded, record.Take{
			Ordinal: len(recorded) + 1, Voice: fmt.Sprint(k % len(engines)), Key: fmt.Sprint(k), Sound: sounds[k],
		})
		c := &sc.Chapters[chapter]
		c.Segments = append(c.Segments, script.Segment{Pause: pause})
		return sounds[k].Seconds() + pause.Seconds()
	}
	for chapter, part := range []float64{0, 0.5, 0.5} {
		for left := part * 60 * length; left > 0; {
			left -= add(chapter, time.Duration([]int{0, 250, 600, 400, 1200, 2500}[len(recorded)%6])*time.Millisecond)
		}
	}
	add(3, 300*time.Millisecond)
	o := mix.Options{Rate: 44100, Loudness: -16, Tracks: mix.DefaultTracks()}
	if set != nil {
		set(&o)
	}
	for file, sound := range map[*string]**record.Sound{
		&o.Tracks.Intro.File: &o.Intro, &o.Tracks.Credits.File: &o.Credits, &o.Tracks.Sting.File: &o.Sting, &o.Tracks.Bed.File: &o.Bed,
	} {
		if *file == "" {
			continue
		}
		s, err := record.ListenFile(t.Context(), *file)
		if err != nil {
			t.Fatal(err)
		}
		*sound = &s
	}
	tl, err := mix.Arrange(sc, recorded, o)
	if err != nil {
		t.Fatal(err)
	}
	return tl, takes
}

// episode is a show that joints are looked at in.
type episode struct {
	tracks func(o *mix.Options)
	loud   level.LUFS
	mp3    MP3
}

// bed lies under all of it, louder than it should, so that there is something
// to be heard where blocks meet.
func bed(o *mix.Options) {
	o.Tracks.Bed.File, o.Tracks.Bed.Under = music("credits"), mix.UnderAll
	o.Tracks.Bed.Gain, o.Tracks.Bed.Duck = 0, -3
}

func theme(o *mix.Options) {
	o.Tracks.Intro.File, o.Tracks.Sting.File, o.Tracks.Credits.File = music("intro"), music("sting"), music("credits")
}

var episodes = map[string]episode{
	"speech alone": {nil, -16, DefaultMP3()},
	"stereo theme": {theme, -16, DefaultMP3()},
	"bed":          {bed, -16, DefaultMP3()},
	// The limiter works at every joint, and the coder overshoots far.
	"loud bed": {bed, -7, MP3{Rate: 44100, Bitrate: 64}},
}

// plays is what ffmpeg plays of a file, which must not find anything wrong.
func plays(t testing.TB, path string, channels int) []float32 {
	t.Helper()
	cmd := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "f32le", "-ac", strconv.Itoa(channels), "-")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("ffmpeg -xerror: %v\n%s", err, stderr.Bytes())
	}
	samples := make([]float32, len(out)/4)
	if err := binary.Read(bytes.NewReader(out), binary.LittleEndian, samples); err != nil {
		t.Fatal(err)
	}
	return samples
}

// before gives the mastered sound before coding.
func before(t testing.TB, m *Master) []float32 {
	t.Helper()
	out := make([]float32, 0, m.Frames*int64(m.as.tl.Channels))
	if err := m.Samples(t.Context(), func(s []float32) error { out = append(out, s...); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

// inOnePiece is samples as one run of the coder over all of them makes a file,
// as it plays.
func inOnePiece(t testing.TB, coder coder, s mp3.Settings, samples []float32) []float32 {
	t.Helper()
	n := len(samples) / s.Channels / mp3.FrameSize
	c, err := coder.Code(t.Context(), s, samples, excerpt{n: n})
	if err != nil {
		t.Fatal(err)
	}
	frames := append(c.kept[:len(c.kept):len(c.kept)], c.flush...)
	stream, err := mp3.NewStream(s)
	if err != nil {
		t.Fatal(err)
	}
	stream.Add(n+1, int64(len(frames)), mp3.CRC(frames))
	info, err := stream.Info(int64(len(samples) / s.Channels))
	path := filepath.Join(t.TempDir(), "whole.mp3")
	if err = errors.Join(err, os.WriteFile(path, append(info, frames...), 0o600)); err != nil {
		t.Fatal(err)
	}
	return plays(t, path, s.Channels)
}

// apart is how far got is from want: the energies of want and of the difference.
func apart(want, got []float32) (signal, noise float64) {
	for i, w := range want {
		d := float64(got[i] - w)
		signal += float64(w) * float64(w)
		noise += d * d
	}
	return signal, noise
}

func decibels(power float64) float64 { return 10 * math.Log10(power) }
