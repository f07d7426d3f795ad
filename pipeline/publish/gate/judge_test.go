package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// fine is an episode that breaks no rule, cost included.
func fine() (gate.Rules, gate.Facts) {
	r := gate.Defaults()
	r.Cost.Most = 10
	return r, gate.Facts{
		Length: 1500, Speech: 1000, Expected: 1000, Segments: 100, Pause: 1.5, Silence: gate.Silent{At: 7, Length: 1.5},
		Integrated: -16, Target: -16, TruePeak: -1.2, Ceiling: -1, Chapters: 3,
		Cover: &gate.Picture{Width: 3000, Height: 3000}, Words: &gate.Words{All: 1000},
		Costs: []gate.Sum{{Cost: 1, Currency: "USD", Priced: true}},
	}
}

func ordinals(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

func TestFine(t *testing.T) {
	t.Parallel()
	r, f := fine()
	var asked []string
	for _, found := range gate.Judge(r, f) {
		asked = append(asked, found.Rule)
		if found.Verdict != gate.Passes || found.Measured == "" || found.Bound == "" || !strings.HasSuffix(found.Text, ".") {
			t.Errorf("%+v", found)
		}
	}
	want := []string{
		gate.RuleLength, gate.RuleSegments, gate.RuleRetakes, gate.RuleSilence, gate.RuleLoudness, gate.RulePeak,
		gate.RuleClipping, gate.RuleChapters, gate.RuleArtwork, gate.RuleUnknown, gate.RuleCost, gate.RuleUnderstudy,
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}

// Every rule passes at its bound and breaks just beyond it.
func TestBounds(t *testing.T) {
	t.Parallel()
	type change func(*gate.Rules, *gate.Facts)
	tests := []struct {
		name   string
		rule   string
		within change
		beyond change
		says   string // of what is beyond
	}{
		{
			"too short", gate.RuleLength,
			func(_ *gate.Rules, f *gate.Facts) { f.Speech = 500 },
			func(_ *gate.Rules, f *gate.Facts) { f.Speech = 499 },
			"Something may be missing",
		},
		{
			"too long", gate.RuleLength,
			func(_ *gate.Rules, f *gate.Facts) { f.Speech = 2000 },
			func(_ *gate.Rules, f *gate.Facts) { f.Speech = 2001 },
			"speak for 33:21, where the text makes expect 16:40. Something may have been added",
		},
		{
			"segments", gate.RuleSegments,
			func(*gate.Rules, *gate.Facts) {},
			func(_ *gate.Rules, f *gate.Facts) { f.Missing = []int{4} },
			"Nothing is heard of segment 4.",
		},
		{
			"many segments", gate.RuleSegments,
			func(*gate.Rules, *gate.Facts) {},
			func(_ *gate.Rules, f *gate.Facts) { f.Missing = ordinals(8) },
			"segments 1, 2, 3, 4, 5 and 3 more",
		},
		{
			"retakes", gate.RuleRetakes,
			func(_ *gate.Rules, f *gate.Facts) { f.Retaken = 20 },
			func(_ *gate.Rules, f *gate.Facts) { f.Retaken = 21 },
			"21 of 100 segments",
		},
		{
			"silence", gate.RuleSilence,
			func(_ *gate.Rules, f *gate.Facts) { f.Silence.Length = 4 },
			func(_ *gate.Rules, f *gate.Facts) { f.Silence.Length = 4.1 },
			"4.1 s, at 0:07; the longest planned pause is 1.5 s",
		},
		{
			"no silence beyond the planned", gate.RuleSilence,
			func(r *gate.Rules, f *gate.Facts) { r.Silence.Beyond = 0 },
			func(r *gate.Rules, f *gate.Facts) { r.Silence.Beyond, f.Silence.Length = 0, 1.6 },
			"1.6 s",
		},
		{
			"too quiet", gate.RuleLoudness,
			func(_ *gate.Rules, f *gate.Facts) { f.Integrated = -17 },
			func(_ *gate.Rules, f *gate.Facts) { f.Integrated = -17.01 },
			"-17.0 LUFS, where audio.loudness wants -16.0 LUFS",
		},
		{
			"too loud", gate.RuleLoudness,
			func(_ *gate.Rules, f *gate.Facts) { f.Integrated = -15 },
			func(_ *gate.Rules, f *gate.Facts) { f.Integrated = -14.99 },
			"audio.loudness",
		},
		{
			"peak", gate.RulePeak,
			func(_ *gate.Rules, f *gate.Facts) { f.TruePeak = -0.5 },
			func(_ *gate.Rules, f *gate.Facts) { f.TruePeak = -0.49 },
			"audio.peak allows -1.0 dBTP",
		},
		{
			"clipping", gate.RuleClipping,
			func(_ *gate.Rules, f *gate.Facts) { f.Clipped = ordinals(10) },
			func(_ *gate.Rules, f *gate.Facts) { f.Clipped = ordinals(11) },
			"reaches full scale",
		},
		{
			"too few chapters", gate.RuleChapters,
			func(_ *gate.Rules, f *gate.Facts) { f.Chapters = 2 },
			func(_ *gate.Rules, f *gate.Facts) { f.Chapters = 1 },
			"it has 1 chapter, and is longer than 20m0s: give the text headings",
		},
		{
			"a short episode needs none", gate.RuleChapters,
			func(_ *gate.Rules, f *gate.Facts) { f.Length, f.Chapters = 1200, 0 },
			func(_ *gate.Rules, f *gate.Facts) { f.Length, f.Chapters = 1201, 0 },
			"it has 0 chapters",
		},
		{
			"chapters without a title", gate.RuleChapters,
			func(*gate.Rules, *gate.Facts) {},
			func(_ *gate.Rules, f *gate.Facts) { f.Untitled = 2 },
			"2 chapters without a title",
		},
		{
			"a first chapter that begins late", gate.RuleChapters,
			func(_ *gate.Rules, f *gate.Facts) { f.First = 0.0004 },
			func(_ *gate.Rules, f *gate.Facts) { f.First = 3 },
			"the first begins at 3.0 s only",
		},
		{
			"a small cover", gate.RuleArtwork,
			func(_ *gate.Rules, f *gate.Facts) { f.Cover = &gate.Picture{Width: 1400, Height: 1400} },
			func(_ *gate.Rules, f *gate.Facts) { f.Cover = &gate.Picture{Width: 1399, Height: 1399} },
			"small: 1399 × 1399 pixels",
		},
		{
			"a cover that is not square", gate.RuleArtwork,
			func(*gate.Rules, *gate.Facts) {},
			func(_ *gate.Rules, f *gate.Facts) { f.Cover = &gate.Picture{Width: 1500, Height: 1501} },
			"not square",
		},
		{
			"no cover", gate.RuleArtwork,
			func(_ *gate.Rules, f *gate.Facts) { f.Cover = nil },
			func(r *gate.Rules, f *gate.Facts) { f.Cover, r.Artwork.Drawn = nil, false },
			"There is no cover",
		},
		{
			"unknown words", gate.RuleUnknown,
			func(_ *gate.Rules, f *gate.Facts) { f.Words.Unknown = 50 },
			func(_ *gate.Rules, f *gate.Facts) { f.Words.Unknown, f.Words.Examples = 51, []string{"Wrzeszcz"} },
			"51 of 1000 words may be said wrong, such as Wrzeszcz",
		},
		{
			"cost", gate.RuleCost,
			func(_ *gate.Rules, f *gate.Facts) { f.Costs[0].Cost = 10 },
			func(_ *gate.Rules, f *gate.Facts) { f.Costs[0].Cost = 10.01 },
			"cost 10.01 USD",
		},
		{
			"a cost that is not known", gate.RuleCost,
			func(_ *gate.Rules, f *gate.Facts) { f.Costs = nil },
			func(_ *gate.Rules, f *gate.Facts) { f.Costs[0].Priced = false },
			"not known",
		},
		{
			"understudy", gate.RuleUnderstudy,
			func(*gate.Rules, *gate.Facts) {},
			func(_ *gate.Rules, f *gate.Facts) { f.Understudies = []gate.Stand{{Voice: "ann", By: "bob"}} },
			"bob speaks in place of ann",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			of := func(do change, then gate.Then) (gate.Finding, bool) {
				r, f := fine()
				do(&r, &f)
				set(&r, tt.rule, then)
				for _, found := range gate.Judge(r, f) {
					if found.Rule == tt.rule {
						return found, true
					}
				}
				return gate.Finding{}, false
			}
			if got, _ := of(tt.within, gate.Hold); got.Verdict != gate.Passes {
				t.Errorf("within: %+v", got)
			}
			if got, _ := of(tt.beyond, gate.Hold); got.Verdict != gate.Holds || !strings.Contains(got.Text, tt.says) {
				t.Errorf("beyond, hold: %+v", got)
			}
			if got, _ := of(tt.beyond, gate.Warn); got.Verdict != gate.Warns {
				t.Errorf("beyond, warn: %+v", got)
			}
			if got, asked := of(tt.beyond, gate.Off); asked {
				t.Errorf("off, and asked: %+v", got)
			}
		})
	}
}

func set(r *gate.Rules, rule string, then gate.Then) {
	map[string]func(){
		gate.RuleLength: func() { r.Length.Then = then }, gate.RuleSegments: func() { r.Segments.Then = then },
		gate.RuleRetakes: func() { r.Retakes.Then = then }, gate.RuleSilence: func() { r.Silence.Then = then },
		gate.RuleLoudness: func() { r.Loudness.Then = then }, gate.RulePeak: func() { r.Peak.Then = then },
		gate.RuleClipping: func() { r.Clipping.Then = then }, gate.RuleChapters: func() { r.Chapters.Then = then },
		gate.RuleArtwork: func() { r.Artwork.Then = then }, gate.RuleUnknown: func() { r.Unknown.Then = then },
		gate.RuleCost: func() { r.Cost.Then = then }, gate.RuleUnderstudy: func() { r.Understudy.Then = then },
	}[rule]()
}

// What is not known is not judged.
func TestNotKnown(t *testing.T) {
	t.Parallel()
	r, f := fine()
	f.Expected, f.Words, r.Cost.Most = 0, nil, 0
	for _, found := range gate.Judge(r, f) {
		switch found.Rule {
		case gate.RuleLength, gate.RuleUnknown, gate.RuleCost:
			t.Errorf("%+v", found)
		}
	}
}

func TestLongestSilence(t *testing.T) {
	t.Parallel()
	const loud, soft = 0.02, 0.0000001         // −17.7 and −70.7 LUFS
	steps := func(runs ...float32) []float32 { // value, steps, value, steps …
		var out []float32
		for i := 0; i < len(runs); i += 2 {
			for range int(runs[i+1]) {
				out = append(out, runs[i])
			}
		}
		return out
	}
	tests := []struct {
		name     string
		energies []float32
		want     gate.Silent
	}{
		{"nothing", nil, gate.Silent{}},
		{"all silent", steps(soft, 50), gate.Silent{}},
		{"at the ends only", steps(soft, 30, loud, 5, 0, 40), gate.Silent{}},
		{"the longer of two", steps(loud, 5, 0, 10, loud, 5, soft, 20, loud, 1), gate.Silent{At: 2, Length: 2}},
		{"the first of two alike", steps(0, 5, loud, 5, 0, 10, loud, 5, soft, 10, loud, 1), gate.Silent{At: 1, Length: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := gate.LongestSilence(tt.energies); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestUnheard(t *testing.T) {
	t.Parallel()
	energies := make([]float32, 100) // ten seconds
	for i := 20; i < 40; i++ {
		energies[i] = 0.01
	}
	cue := func(n int, from, to podcast.Seconds) podcast.Cue {
		return podcast.Cue{Segment: n, Start: from, End: to}
	}
	got := gate.Unheard(energies, []podcast.Cue{
		cue(1, 0, 1.9), cue(2, 1.95, 2.05), cue(3, 2, 4), cue(4, 3.95, 6), cue(5, 4.05, 6), cue(6, 9.9, 12), cue(7, 20, 21),
	})
	if diff := cmp.Diff([]int{1, 5, 6, 7}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	if d := gate.Defaults().Silence.Beyond; d != 2500*time.Millisecond {
		t.Errorf("beyond %s", d)
	}
	r, f := fine()
	f.Integrated, f.Cover = -10, &gate.Picture{Width: 100, Height: 100}
	found := gate.Judge(r, f)
	if !gate.Held(found) || len(gate.Reasons(found)) != 1 || len(gate.Warnings(found)) != 1 {
		t.Errorf("%+v", found)
	}
}
