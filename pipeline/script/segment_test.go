package script

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// prose makes a paragraph of sentences of mixed length.
func prose(rng *rand.Rand, n int) []string {
	out := make([]string, n)
	for i := range out {
		words := make([]string, 2+rng.IntN(28))
		for j := range words {
			words[j] = strings.Repeat(string(rune('a'+rng.IntN(26))), 1+rng.IntN(9))
			if rng.IntN(9) == 0 {
				words[j] += ","
			}
		}
		words[0] = "The " + words[0]
		out[i] = strings.TrimRight(strings.Join(words, " "), ",") + "."
	}
	return out
}

func texts(text string, b bounds) []string {
	var out []string
	for _, p := range segments(text, sentences(text), b) {
		out = append(out, text[p.from:p.to])
	}
	return out
}

func TestSegmentsKeepTheirBounds(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for round := range 300 {
		text := strings.Join(prose(rng, 1+rng.IntN(30)), " ")
		b := bounds{least: rng.IntN(200)}
		if rng.IntN(2) == 0 {
			b.most = 20 + rng.IntN(300)
		}
		if rng.IntN(3) == 0 {
			b.bytes = 20 + rng.IntN(300)
		}
		got := texts(text, b)
		if joined := strings.Join(got, " "); joined != text {
			t.Fatalf("round %d %+v:\n got %s\nwant %s", round, b, joined, text)
		}
		for i, g := range got {
			if !b.fits(g) {
				t.Errorf("round %d %+v: %d characters: %s", round, b, utf8.RuneCountInString(g), g)
			}
			if b.most == 0 && b.bytes == 0 && len(got) > 1 && utf8.RuneCountInString(g) < b.least {
				t.Errorf("round %d: segment %d of %d has %d characters, least is %d", round, i, len(got), utf8.RuneCountInString(g), b.least)
			}
		}
	}
}

func TestAnEditChangesFewSegments(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	b := bounds{least: Defaults().Segment.Least}
	most, sum := 0, 0
	const rounds = 300
	for range rounds {
		ss := prose(rng, 60)
		before := texts(strings.Join(ss, " "), b)
		ss[20] = prose(rng, 1)[0]
		after := texts(strings.Join(ss, " "), b)
		had := map[string]bool{}
		for _, s := range before {
			had[s] = true
		}
		changed := 0
		for _, s := range after {
			if !had[s] {
				changed++
			}
		}
		most, sum = max(most, changed), sum+changed
	}
	if mean := float64(sum) / rounds; most > 6 || mean > 1.6 {
		t.Errorf("an edit of one sentence in 60 changed %d segments at most, %.2f on average", most, mean)
	} else {
		t.Logf("an edit of one sentence in 60 changed %d segments at most, %.2f on average", most, mean)
	}
}

func TestAnEditStaysInItsParagraph(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 8))
	paragraphs := make([]string, 9)
	for i := range paragraphs {
		paragraphs[i] = strings.Join(prose(rng, 7), " ")
	}
	count := func(s *Script) map[string]int {
		m := map[string]int{}
		for _, g := range s.Segments() {
			m[g.Role+g.Text+g.Pause.String()]++
		}
		return m
	}
	a, _ := plan(t, strings.Join(paragraphs, "\n\n"), brief())
	edited := append([]string{}, paragraphs...)
	edited[4] = strings.Join(prose(rng, 5), " ")
	z, _ := plan(t, strings.Join(edited, "\n\n"), brief())
	had := count(a)
	for _, g := range z.Segments() {
		if had[g.Role+g.Text+g.Pause.String()] == 0 && !strings.Contains(edited[4], g.Text) {
			t.Errorf("segment outside of the edited paragraph changed: %s", g.Text)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		b          bounds
		want       []string
	}{
		{"at a clause", "One two three, four five six seven.", bounds{most: 24}, []string{"One two three,", "four five six seven."}},
		{"at a word", "One two three four five six.", bounds{most: 15}, []string{"One two three", "four five six."}},
		{"clause too early", "Oh, one two three four five six.", bounds{most: 20}, []string{"Oh, one two three", "four five six."}},
		{"inside a word", "Donaudampfschifffahrt.", bounds{most: 10}, []string{"Donaudampf", "schifffahr", "t."}},
		{"chinese", "你好世界，我们在这里等你们。", bounds{most: 8}, []string{"你好世界，", "我们在这里等你", "们。"}},
		{"bytes", "äöü äöü äöü.", bounds{bytes: 8}, []string{"äöü", "äöü", "äöü."}},
		{"accents stay on", "e\u0301e\u0301e\u0301", bounds{most: 3}, []string{"e\u0301", "e\u0301", "e\u0301"}},
		{"one sign too long", "e\u0301\u0302\u0303a", bounds{most: 2}, []string{"e\u0301", "a"}},
		{"marks at the end", "One two three!!!!", bounds{most: 14}, []string{"One two", "three!!!!"}},
		{"nothing but marks at the end", "One two." + strings.Repeat("!", 40), bounds{most: 10}, []string{"One", "two.!!!!!!"}},
		{"sentences first", "One. Two. Three four.", bounds{most: 12}, []string{"One.", "Two.", "Three four."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, texts(c.text, c.b)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatAnEndpointLikes(t *testing.T) {
	t.Parallel()
	text := "The lamp is lit. The sea is high. The board is far. The oil is low."
	for likes, want := range map[int]int{0: 1, 10: 4, 30: 2} {
		b := brief()
		b.Options.Opening = ""
		b.Likes = func(string) int { return likes }
		if s, _ := plan(t, text, b); s.Len() != want {
			t.Errorf("liking %d characters: %d segments, want %d", likes, s.Len(), want)
		}
	}
}

func TestMostOfARole(t *testing.T) {
	t.Parallel()
	b := brief()
	b.Options.Segment.Most = 40
	b.Most = func(role string) (int, bool) {
		if role == RoleQuote {
			return 20, true
		}
		return 100, false
	}
	s, _ := plan(t, "# T\n\nThe cat sat on the mat and the dog lay on the rug all day.\n\n> Über äöü äöü äöü äöü äöü.", b)
	for _, g := range s.Segments() {
		if utf8.RuneCountInString(g.Text) > 40 || g.Role == RoleQuote && len(g.Text) > 20 {
			t.Errorf("%s segment of %d characters, %d bytes: %s", g.Role, utf8.RuneCountInString(g.Text), len(g.Text), g.Text)
		}
	}
}
