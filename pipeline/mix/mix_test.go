package mix_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
)

const rate = 44100

// tone is a second of sound at a loudness, in steps of 100 ms.
func tone(seconds float64, loudness level.LUFS, channels int) record.Sound {
	n := int64(seconds * rate)
	energy := float32(math.Pow(10, (float64(loudness)+0.691)/10))
	s := record.Sound{Rate: rate, Channels: channels, Frames: n, Out: n}
	for range int(seconds * 10) {
		s.Energies = append(s.Energies, energy)
	}
	return s
}

func take(ordinal int, voice string, seconds float64, loudness level.LUFS) record.Take {
	return record.Take{Ordinal: ordinal, Voice: voice, Key: fmt.Sprint("k", ordinal), Sound: tone(seconds, loudness, 1)}
}

// talk is a script of chapters, given as the number of segments in each, and
// takes of one second for it.
func talk(pause time.Duration, chapters ...script.Chapter) (*script.Script, []record.Take) {
	sc := &script.Script{}
	var takes []record.Take
	for _, c := range chapters {
		for i := range c.Segments {
			c.Segments[i].Pause = pause
			takes = append(takes, take(len(takes)+1, "narrator", 1, -20))
		}
		sc.Chapters = append(sc.Chapters, c)
	}
	return sc, takes
}

func chapter(title string, segments int) script.Chapter {
	return script.Chapter{Title: title, Segments: make([]script.Segment, segments)}
}

func TestPausesStandOnTheGrid(t *testing.T) {
	t.Parallel()
	for _, pause := range []time.Duration{0, time.Millisecond, 100 * time.Millisecond, 601 * time.Millisecond, 3 * time.Second} {
		sc, takes := talk(pause, chapter("A", 5))
		tl, err := mix.Arrange(sc, takes, mix.Options{Rate: rate, Loudness: -16})
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range tl.Clips {
			if c.Start%mix.Grid != 0 {
				t.Errorf("pause %v: clip %d starts at %d, off the grid", pause, i, c.Start)
			}
			if i == 0 {
				continue
			}
			silence := c.Start - tl.Clips[i-1].End()
			if want := max(int64(pause.Seconds()*rate), mix.LeastPause); silence < want || silence >= want+mix.Grid {
				t.Errorf("pause %v: %d frames of silence before clip %d, want %d rounded up to the grid", pause, silence, i, want)
			}
		}
		if tl.Frames%mix.Grid != 0 || tl.Frames < tl.Clips[4].End()+int64(mix.Tail*rate) {
			t.Errorf("pause %v: the episode is %d frames, the last voice ends at %d", pause, tl.Frames, tl.Clips[4].End())
		}
	}
}

func TestTracksOverlapTheVoice(t *testing.T) {
	t.Parallel()
	intro, credits := tone(8, -12, 2), tone(10, -30, 2)
	sc, takes := talk(0, script.Chapter{Title: "Intro", Kind: script.Intro}, chapter("A", 2), script.Chapter{Title: "Credits", Kind: script.Credits})
	tracks := mix.DefaultTracks()
	tracks.Intro.File, tracks.Credits.File = "intro.mp3", "credits.mp3"
	tracks.Intro.Gain = -3
	tl, err := mix.Arrange(sc, takes, mix.Options{Rate: rate, Loudness: -16, Tracks: tracks, Intro: &intro, Credits: &credits})
	if err != nil {
		t.Fatal(err)
	}
	if tl.Channels != 2 {
		t.Errorf("%d channels, want 2: a track is stereo", tl.Channels)
	}
	// The credits begin before the last voice ends, so by start they may
	// stand before or after it.
	var in, out, first, last mix.Clip
	for _, c := range tl.Clips {
		switch {
		case c.Track != "" && c.Start == 0:
			in = c
		case c.Track != "":
			out = c
		case c.Take == "k1":
			first = c
		case c.Take == "k2":
			last = c
		}
	}
	overlap := func(d time.Duration) int64 { return int64(d.Seconds() * rate) }
	if got := in.End() - first.Start; got > overlap(tracks.Intro.Overlap) || got <= overlap(tracks.Intro.Overlap)-mix.Grid {
		t.Errorf("the intro sounds with the voice for %d frames, want %d less up to a grid step", got, overlap(tracks.Intro.Overlap))
	}
	if got := last.End() - out.Start; got > overlap(tracks.Credits.Overlap) || got <= overlap(tracks.Credits.Overlap)-mix.Grid {
		t.Errorf("the credits sound with the voice for %d frames, want %d less up to a grid step", got, overlap(tracks.Credits.Overlap))
	}
	if in.Gain != -4-3 || out.Gain != 14 || first.Gain != 4 {
		t.Errorf("gains %v intro, %v credits, %v voice; want −7, 14, 4: all brought to −16 LUFS", in.Gain, out.Gain, first.Gain)
	}
	want := []mix.Chapter{
		{Title: "Intro", Start: 0, End: first.Start},
		{Title: "A", Start: first.Start, End: out.Start},
		{Title: "Credits", Start: out.Start, End: tl.Frames},
	}
	if diff := cmp.Diff(want, tl.Chapters); diff != "" {
		t.Errorf("chapters (-want +got):\n%s", diff)
	}
}

func TestChapters(t *testing.T) {
	t.Parallel()
	hidden := func(c script.Chapter) script.Chapter { c.Hidden = true; return c }
	intro := script.Chapter{Title: "Intro", Kind: script.Intro}
	for name, tc := range map[string]struct {
		chapters []script.Chapter
		want     []string // title@ordinal of the segment it starts with; 0 is the start of the episode
	}{
		"one":                          {[]script.Chapter{chapter("A", 3)}, []string{"A@0"}},
		"two":                          {[]script.Chapter{chapter("A", 2), chapter("B", 1)}, []string{"A@0", "B@3"}},
		"one without a word":           {[]script.Chapter{chapter("A", 1), chapter("gone", 0), chapter("B", 1)}, []string{"A@0", "B@2"}},
		"hidden in the middle":         {[]script.Chapter{chapter("A", 1), hidden(chapter("B", 1)), chapter("C", 1)}, []string{"A@0", "C@3"}},
		"hidden first":                 {[]script.Chapter{hidden(chapter("A", 1)), chapter("B", 1)}, []string{"B@0"}},
		"intro without a track":        {[]script.Chapter{intro, chapter("A", 1)}, []string{"A@0"}},
		"all hidden":                   {[]script.Chapter{hidden(chapter("A", 1))}, nil},
		"credits spoken without track": {[]script.Chapter{chapter("A", 1), {Title: "Credits", Kind: script.Credits, Segments: make([]script.Segment, 1)}}, []string{"A@0", "Credits@2"}},
		"credits with nothing":         {[]script.Chapter{chapter("A", 1), {Title: "Credits", Kind: script.Credits}}, []string{"A@0"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc, takes := talk(0, tc.chapters...)
			tl, err := mix.Arrange(sc, takes, mix.Options{Rate: rate, Loudness: -16})
			if err != nil {
				t.Fatal(err)
			}
			starts := map[int64]int{0: 0}
			for _, c := range tl.Cues {
				starts[c.Start] = c.Segment
			}
			var got []string
			for i, c := range tl.Chapters {
				got = append(got, fmt.Sprintf("%s@%d", c.Title, starts[c.Start]))
				if i > 0 && tl.Chapters[i-1].End != c.Start {
					t.Errorf("a gap between %q and %q", tl.Chapters[i-1].Title, c.Title)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := len(tl.Chapters); n > 0 && tl.Chapters[n-1].End != tl.Frames {
				t.Errorf("the last chapter ends at %d of %d", tl.Chapters[n-1].End, tl.Frames)
			}
		})
	}
}

func TestVoiceTrims(t *testing.T) {
	t.Parallel()
	sc := &script.Script{Chapters: []script.Chapter{chapter("A", 3)}}
	takes := []record.Take{take(1, "loud", 2, -10), take(2, "quiet", 2, -25), take(3, "loud", 2, -10)}
	for name, tc := range map[string]struct {
		last map[string]level.DB
		want map[string]level.DB
	}{
		"first build":        {nil, map[string]level.DB{"loud": -6, "quiet": 9}},
		"kept while near":    {map[string]level.DB{"loud": -5.2, "quiet": 9.9}, map[string]level.DB{"loud": -5.2, "quiet": 9.9}},
		"set anew when away": {map[string]level.DB{"loud": -4.9, "quiet": 10.1}, map[string]level.DB{"loud": -6, "quiet": 9}},
	} {
		tl, err := mix.Arrange(sc, takes, mix.Options{
			Rate: rate, Loudness: -16, VoiceTrims: tc.last,
			VoiceGains: map[string]level.DB{"quiet": -1},
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, tl.VoiceTrims); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got := tl.Clips[1].Gain; got != tc.want["quiet"]-1 {
			t.Errorf("%s: the quiet voice's clip has %v, want its trim and the show's −1 dB", name, got)
		}
	}
}

func TestArrangeRefusesMissingTakes(t *testing.T) {
	t.Parallel()
	sc, takes := talk(0, chapter("A", 2))
	if _, err := mix.Arrange(sc, takes[:1], mix.Options{Rate: rate}); err == nil {
		t.Error("one take for two segments was accepted")
	}
}

func TestShortIntroLeavesItsChapterTime(t *testing.T) {
	t.Parallel()
	intro := tone(1, -16, 1)
	sc, takes := talk(0, script.Chapter{Title: "Intro", Kind: script.Intro}, chapter("A", 1))
	tracks := mix.DefaultTracks()
	tracks.Intro.File = "intro.mp3"
	tl, err := mix.Arrange(sc, takes, mix.Options{Rate: rate, Loudness: -16, Tracks: tracks, Intro: &intro})
	if err != nil {
		t.Fatal(err)
	}
	if first := tl.Chapters[0]; first.Title != "Intro" || first.End-first.Start < rate/2 {
		t.Errorf("the intro of a second, with an overlap of two, has the chapter %+v", first)
	}
}

// TestLeastChapter joins what is too short with the chapter before, which the
// intro and the credits are no part of.
func TestLeastChapter(t *testing.T) {
	t.Parallel()
	intro, credits := script.Chapter{Title: "Intro", Kind: script.Intro, Segments: make([]script.Segment, 1)}, chapter("Credits", 1)
	credits.Kind = script.Credits
	for name, tc := range map[string]struct {
		chapters []script.Chapter
		want     string
	}{
		"short ones":                  {[]script.Chapter{chapter("A", 9), chapter("B", 1), chapter("C", 1), chapter("D", 9)}, "A D"},
		"the first stays":             {[]script.Chapter{chapter("A", 1), chapter("B", 9)}, "A B"},
		"intro and credits stay":      {[]script.Chapter{intro, chapter("A", 9), credits}, "Intro A Credits"},
		"none is joined to the intro": {[]script.Chapter{intro, chapter("A", 1), chapter("B", 1), chapter("C", 9)}, "Intro A C"},
		"none at all":                 {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc, takes := talk(0, tc.chapters...)
			tl, err := mix.Arrange(sc, takes, mix.Options{Rate: rate, Loudness: -16, Chapter: 5 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for i, c := range tl.Chapters {
				titles = append(titles, c.Title)
				if i+1 < len(tl.Chapters) && c.End != tl.Chapters[i+1].Start {
					t.Errorf("chapter %s ends at %d, the next begins at %d", c.Title, c.End, tl.Chapters[i+1].Start)
				}
			}
			if got := strings.Join(titles, " "); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}
