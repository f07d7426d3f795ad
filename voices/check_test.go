package voices

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/audio"
)

func TestMiddle(t *testing.T) {
	t.Parallel()
	long := "The river was high, and nobody had crossed it. We waited on the bridge all morning for the rain to end."
	characters := strings.Repeat("字", 40) + "。" + strings.Repeat("字", 40) // of three bytes
	for name, test := range map[string]struct {
		req   Request
		first string
	}{
		"behind a sentence":     {Request{Text: long}, "The river was high, and nobody had crossed it."},
		"else behind a clause":  {Request{Text: "The river was high and nobody had crossed it, so we waited on the bridge all morning."}, "The river was high and nobody had crossed it,"},
		"not in a number":       {Request{Text: "The whole of the harvest of that year came to 12,345.67 tonnes of wheat and barley"}, ""},
		"not inside a phoneme":  {Request{Text: long, Phonemes: []Phoneme{{From: 36, To: 60, IPA: "x"}}}, ""},
		"not a short one":       {Request{Text: "Yes. No."}, ""},
		"not without a place":   {Request{Text: strings.Repeat("word ", 30)}, ""},
		"before a phoneme":      {Request{Text: characters, Phonemes: []Phoneme{{From: 123, To: 126, IPA: "x"}}}, characters[:123]},
		"behind a phoneme":      {Request{Text: characters, Phonemes: []Phoneme{{From: 117, To: 123, IPA: "x"}}}, characters[:123]},
		"ideographs have signs": {Request{Text: characters}, characters[:123]},
	} {
		if at := middle(test.req); test.req.Text[:at] != test.first {
			t.Errorf("%s: %q", name, test.req.Text[:at])
		}
	}
}

func TestInsists(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"": 1, "Yes.": 1, "The cat and the dog and the bird.": 1, "Never, never.": 2, "He said no, no, no!": 3,
		"All the way down, all the way down.": 2, "Call 777.": 3, "1914": 1, "No, no, no, he said.": 1,
	} {
		if got := insists(text); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

// TestManner judges takes by others, in which the good are the most.
func TestManner(t *testing.T) {
	t.Parallel()
	good := pace{Seconds: 6, Least: 95, Most: 100, Level: -20, Rate: 24000}
	others := []pace{good, good, good, good, {Seconds: 3, Least: 95, Most: 100, Level: -40, Abrupt: true, Rate: 8000}}
	check := Check{Pace: []float64{0.74, 1.5}, Level: 6}
	for name, test := range map[string]struct {
		change func(*pace)
		says   string
	}{
		"like the others": {func(*pace) {}, ""},
		"half":            {func(p *pace) { p.Seconds = 3 }, "at least"},
		"twice":           {func(p *pace) { p.Seconds = 12 }, "at most"},
		"cut":             {func(p *pace) { p.Abrupt = true }, "in the middle of a sound"},
		"quiet":           {func(p *pace) { p.Level = -32 }, "-12.0 dB"},
		"another rate":    {func(p *pace) { p.Rate = 48000 }, "48000 Hz"},
	} {
		p := good
		test.change(&p)
		if got := mannerOf(others).against(p, check); (got == "") != (test.says == "") || !strings.Contains(got, test.says) {
			t.Errorf("%s: %q", name, got)
		}
		if got := mannerOf(others[1:]).against(p, check); got != "" {
			t.Errorf("%s: four takes have a say: %q", name, got)
		}
	}
}

// TestTwiceAlike has a text that is unlike others by itself.
func TestTwiceAlike(t *testing.T) {
	t.Parallel()
	good := pace{Seconds: 6, Least: 95, Most: 100, Level: -20, Rate: 24000}
	n, check := mannerOf([]pace{good, good, good, good, good}), Check{Pace: []float64{0.74, 1.5}, Level: 6}
	short, half := good, good
	short.Seconds, half.Seconds = 3.9, 2.9
	if n.against(short, check) == "" || n.evenSo(short, check) != "" || n.evenSo(half, check) == "" {
		t.Errorf("short: %q, then %q; half: %q", n.against(short, check), n.evenSo(short, check), n.evenSo(half, check))
	}
	if !short.like(short) || short.like(half) || short.like(good) {
		t.Error("likeness")
	}
}

// BenchmarkHear is what the check does with the steps of a take of ten seconds.
func BenchmarkHear(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	steps := make([]audio.Stretch, 1000)
	for i := range steps {
		steps[i] = audio.Stretch{Energy: r.Float32() * float32(i%20) / 400, Turns: r.Float32() / 5}
	}
	for b.Loop() {
		var s sound
		s.follow(steps)
	}
}
