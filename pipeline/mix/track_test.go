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
	"github.com/narrapress/narrapress/pipeline/script"
)

func hidden(c script.Chapter) script.Chapter { c.Hidden = true; return c }

func intro(segments int) script.Chapter {
	return script.Chapter{Title: "Intro", Kind: script.Intro, Segments: make([]script.Segment, segments)}
}

func credits(segments int) script.Chapter {
	return script.Chapter{Title: "Credits", Kind: script.Credits, Segments: make([]script.Segment, segments)}
}

// scored are options with a track of so many seconds for each name.
func scored(seconds map[string]float64) mix.Options {
	o := mix.Options{Rate: rate, Loudness: -16, Tracks: mix.DefaultTracks()}
	for name, s := range seconds {
		sound := tone(s, -16, 2)
		switch name {
		case "intro":
			o.Intro, o.Tracks.Intro.File = &sound, "intro"
		case "credits":
			o.Credits, o.Tracks.Credits.File = &sound, "credits"
		case "sting":
			o.Sting, o.Tracks.Sting.File = &sound, "sting"
		case "bed":
			o.Bed, o.Tracks.Bed.File = &sound, "bed"
		}
	}
	return o
}

// sequence is the clips in their order, voices by their number.
func sequence(tl *mix.Timeline) string {
	var out []string
	for _, c := range tl.Clips {
		if c.Track != "" {
			out = append(out, c.Track)
		} else {
			out = append(out, strings.TrimPrefix(c.Take, "k"))
		}
	}
	return strings.Join(out, " ")
}

func TestWhereTracksStand(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		chapters []script.Chapter
		tracks   map[string]float64
		under    string
		want     string
	}{
		"intro first":                 {[]script.Chapter{intro(0), chapter("A", 2)}, map[string]float64{"intro": 5}, "", "intro 1 2"},
		"intro after a cold open":     {[]script.Chapter{hidden(chapter("Cold open", 2)), intro(0), chapter("A", 1)}, map[string]float64{"intro": 5}, "", "1 2 intro 3"},
		"intro of an old plan":        {[]script.Chapter{chapter("A", 1)}, map[string]float64{"intro": 5}, "", "intro 1"},
		"intro with the opening":      {[]script.Chapter{chapter("Cold open", 1), intro(1), chapter("A", 1)}, map[string]float64{"intro": 5}, "", "1 intro 2 3"},
		"sting between chapters":      {[]script.Chapter{chapter("A", 2), chapter("B", 1), chapter("C", 1)}, map[string]float64{"sting": 2}, "", "1 2 sting 3 sting 4"},
		"no sting before a hidden":    {[]script.Chapter{chapter("A", 1), hidden(chapter("B", 1)), chapter("C", 1)}, map[string]float64{"sting": 2}, "", "1 2 sting 3"},
		"no sting before the first":   {[]script.Chapter{intro(1), hidden(chapter("A", 1)), chapter("B", 1), credits(1)}, map[string]float64{"sting": 2}, "", "1 2 3 4"},
		"no sting where the intro is": {[]script.Chapter{chapter("Cold", 1), intro(0), chapter("A", 1), chapter("B", 1)}, map[string]float64{"sting": 2, "intro": 4}, "", "1 intro 2 sting 3"},
		"no sting after the opening":  {[]script.Chapter{chapter("Cold", 1), intro(1), chapter("A", 1), chapter("B", 1)}, map[string]float64{"sting": 2, "intro": 4}, "", "1 intro 2 3 sting 4"},
		"no sting of an empty one":    {[]script.Chapter{chapter("A", 0), chapter("B", 1)}, map[string]float64{"sting": 2}, "", "1"},
		"credits over music":          {[]script.Chapter{chapter("A", 2), credits(2)}, map[string]float64{"credits": 30}, "", "1 credits 2 3 4"},
		"credits too short for words": {[]script.Chapter{chapter("A", 2), credits(2)}, map[string]float64{"credits": 7}, "", "1 2 3 credits 4"},
		"credits without words":       {[]script.Chapter{chapter("A", 1), credits(0)}, map[string]float64{"credits": 30}, "", "1 credits"},
		"bed under the text":          {[]script.Chapter{intro(1), chapter("A", 2), credits(1)}, map[string]float64{"bed": 60}, "body", "1 bed 2 3 4"},
		"bed that is repeated":        {[]script.Chapter{chapter("A", 9)}, map[string]float64{"bed": 6}, "body", "bed 1 2 3 bed 4 5 bed 6 7 bed 8 9 bed"},
		"bed that ends for a sting":   {[]script.Chapter{chapter("A", 2), chapter("B", 2)}, map[string]float64{"bed": 60, "sting": 2}, "body", "bed 1 2 sting bed 3 4"},
		"bed under one chapter":       {[]script.Chapter{chapter("A", 1), chapter("B", 2), chapter("C", 1)}, map[string]float64{"bed": 60}, "b", "1 bed 2 3 4"},
		"bed under no chapter":        {[]script.Chapter{chapter("A", 1)}, map[string]float64{"bed": 60}, "elsewhere", "1"},
		"bed under all":               {[]script.Chapter{intro(1), chapter("A", 1), credits(1)}, map[string]float64{"bed": 60}, "all", "bed 1 2 3"},
		"bed up to the credits":       {[]script.Chapter{chapter("A", 4), credits(1)}, map[string]float64{"bed": 60, "credits": 30}, "all", "bed 1 2 3 credits 4 5"},
		"all of it":                   {[]script.Chapter{hidden(chapter("Cold", 1)), intro(1), chapter("A", 2), chapter("B", 2), credits(1)}, map[string]float64{"intro": 6, "bed": 60, "sting": 2, "credits": 30}, "all", "bed 1 intro bed 2 3 4 sting bed 5 credits 6 7"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc, takes := talk(time.Second, tc.chapters...)
			o := scored(tc.tracks)
			o.Tracks.Bed.Under = tc.under
			tl, err := mix.Arrange(sc, takes, o)
			if err != nil {
				t.Fatal(err)
			}
			if got := sequence(tl); got != tc.want {
				t.Errorf("%s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestBedUnderTheOpening(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		roles string // of each segment of one chapter after the intro's; t title, b body
		want  string
	}{
		"opening":    {"ttbbt", "bed 1 2 3 4 5"},
		"none":       {"bbt", "1 2 3"},
		"one of one": {"t", "bed 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sc, takes := talk(4*time.Second, intro(0), chapter("A", len(tc.roles)))
			for i, r := range tc.roles {
				sc.Chapters[1].Segments[i].Role = map[rune]string{'t': script.RoleTitle, 'b': script.RoleBody}[r]
			}
			o := scored(map[string]float64{"bed": 60})
			o.Tracks.Bed.Under = mix.UnderOpening
			tl, err := mix.Arrange(sc, takes, o)
			if err != nil {
				t.Fatal(err)
			}
			if got := sequence(tl); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

// TestCreditsDuck follows the music of the credits: up, down under the words,
// up again, and away.
func TestCreditsDuck(t *testing.T) {
	t.Parallel()
	sc, takes := talk(500*time.Millisecond, chapter("A", 3), credits(2))
	o := scored(map[string]float64{"credits": 30})
	tl, err := mix.Arrange(sc, takes, o)
	if err != nil {
		t.Fatal(err)
	}
	music := clipOf(t, tl, "credits")
	body, first, last := tl.Cues[2], tl.Cues[3], tl.Cues[4]
	if alone := first.Start - body.End; alone < int64(mix.CreditsLead*rate) {
		t.Errorf("the music stands alone for %d frames, want %v s", alone, mix.CreditsLead)
	}
	gains := make([]float32, music.Length)
	music.Gains(gains, 0)
	db := func(at int64) float64 { return 20 * math.Log10(float64(gains[at-music.Start])) }
	for _, x := range []struct {
		name string
		at   int64
		want float64
	}{
		{"before the words", first.Start - int64(mix.Attack*rate) - 1, 0},
		{"half way down", first.Start - int64(mix.Attack*rate)/2, float64(mix.UnderVoice) / 2},
		{"as they begin", first.Start, float64(mix.UnderVoice)},
		{"between them", first.End + 1000, float64(mix.UnderVoice)},
		{"as they end", last.End - 1, float64(mix.UnderVoice)},
		{"after them", last.End + int64(mix.Release*rate) + 1, 0},
	} {
		if got := db(x.at); math.Abs(got-x.want) > 0.01 {
			t.Errorf("%s: %.2f dB, want %.2f", x.name, got, x.want)
		}
	}
	want := []mix.Chapter{{Title: "A", Start: 0, End: music.Start}, {Title: "Credits", Start: music.Start, End: tl.Frames}}
	if diff := cmp.Diff(want, tl.Chapters); diff != "" {
		t.Errorf("chapters (-want +got):\n%s", diff)
	}
}

// TestBedRisesInLongPauses has one pause that is long enough, and one that is
// a grid step too short.
func TestBedRisesInLongPauses(t *testing.T) {
	t.Parallel()
	sc, takes := talk(0, chapter("A", 3))
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	sc.Chapters[0].Segments[0].Pause = seconds(mix.LongPause - 2.0*mix.Grid/rate)
	sc.Chapters[0].Segments[1].Pause = seconds(mix.LongPause)
	o := scored(map[string]float64{"bed": 60})
	tl, err := mix.Arrange(sc, takes, o)
	if err != nil {
		t.Fatal(err)
	}
	bed := clipOf(t, tl, "bed")
	gains := make([]float32, bed.Length)
	bed.Gains(gains, 0)
	up, down := o.Tracks.Bed.Gain, o.Tracks.Bed.Gain+o.Tracks.Bed.Duck
	if down != mix.UnderVoice {
		t.Errorf("a bed lies %v under the voice, want %v", down, mix.UnderVoice)
	}
	for i, want := range []level.DB{down, up} {
		middle := (tl.Cues[i].End + tl.Cues[i+1].Start) / 2
		if got := level.FromFactor(float64(gains[middle-bed.Start])); math.Abs(float64(got-want)) > 0.01 {
			t.Errorf("pause %d: %v, want %v", i+1, got, want)
		}
	}
}

// TestTracksCross joins the bed to the music before and after it.
func TestTracksCross(t *testing.T) {
	t.Parallel()
	sc, takes := talk(time.Second, intro(0), chapter("A", 8), credits(0))
	o := scored(map[string]float64{"intro": 8, "bed": 6, "credits": 20})
	tl, err := mix.Arrange(sc, takes, o)
	if err != nil {
		t.Fatal(err)
	}
	var music []mix.Clip
	for _, c := range tl.Clips {
		if c.Track != "" {
			music = append(music, c)
		}
	}
	if len(music) < 5 {
		t.Fatalf("%s: want an intro, several rounds of the bed and credits", sequence(tl))
	}
	for i := 1; i < len(music); i++ {
		a, b := music[i-1], music[i]
		both := a.End() - b.Start
		if both <= 0 || a.FadeOut != both || b.FadeIn != both || a.FadeOutShape != mix.EqualPower || b.FadeInShape != mix.EqualPower {
			t.Errorf("%s and %s sound together for %d frames; fades of %d %q and %d %q", a.Track, b.Track, both, a.FadeOut, a.FadeOutShape, b.FadeIn, b.FadeInShape)
		}
	}
}

func clipOf(t *testing.T, tl *mix.Timeline, track string) *mix.Clip {
	t.Helper()
	for i := range tl.Clips {
		if tl.Clips[i].Track == track {
			return &tl.Clips[i]
		}
	}
	t.Fatalf("no %s in %s", track, sequence(tl))
	return nil
}

func TestBedsThatAreTooShort(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		seconds float64
		want    string
	}{
		{mix.BedName, 0.4, "track x.wav: it is 0.4 s long: a bed, which is repeated, has at least 2 s"},
		{mix.BedName, mix.LeastBed, "<nil>"},
		{mix.StingName, 0.4, "<nil>"},
	} {
		sound := tone(tc.seconds, -20, 1)
		if got := fmt.Sprint(mix.NamedTrack{Name: tc.name, File: "x.wav"}.Fits(&sound)); got != tc.want {
			t.Errorf("%s of %v s: %s, want %s", tc.name, tc.seconds, got, tc.want)
		}
	}
}

func TestNamedTracks(t *testing.T) {
	t.Parallel()
	tracks := mix.DefaultTracks()
	if got := tracks.Named(); got != nil {
		t.Errorf("defaults name %v", got)
	}
	tracks.Bed.File, tracks.Intro.File = "b.mp3", "i.mp3"
	if got := fmt.Sprint(tracks.Named()); got != "[{intro i.mp3} {bed b.mp3}]" {
		t.Error(got)
	}
	if tracks.WithoutFiles() != mix.DefaultTracks() {
		t.Error("settings without files differ from the defaults")
	}
}
