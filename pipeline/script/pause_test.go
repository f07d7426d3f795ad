package script

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPauseTable(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, c := range []struct {
		name, meet string // as in a plan, without the pause
		between    map[string]time.Duration
		want       time.Duration
	}{
		{"the larger of two", "paragraph/heading", nil, 1200 * ms},
		{"the larger of several", "item+list+quote/paragraph", nil, 700 * ms},
		{"a word", "word", nil, 0},
		{"half a sentence's", "clause", nil, 125 * ms},
		{"a pair above both", "heading/list", map[string]time.Duration{"heading/list": 300 * ms}, 300 * ms},
		{"a pair of nothing", "paragraph/heading", map[string]time.Duration{"paragraph/heading": 0}, 0},
		{"a pair of another", "paragraph/heading", map[string]time.Duration{"heading/paragraph": 0}, 1200 * ms},
		{"the larger of two pairs", "item+list/heading+chapter", map[string]time.Duration{"list/chapter": 2 * time.Second, "item/heading": time.Second}, 2 * time.Second},
		{"after, whatever begins", "table/paragraph", map[string]time.Duration{"table/*": time.Second}, time.Second},
		{"after, less than before", "table/heading", map[string]time.Duration{"table/*": 0}, 1200 * ms},
		{"before, whatever ends", "paragraph/heading+chapter", map[string]time.Duration{"*/chapter": 2 * time.Second}, 2 * time.Second},
		{"a pair above one side", "quote/quote", map[string]time.Duration{"quote/*": 3 * time.Second, "quote/quote": time.Second}, time.Second},
		{"what was asked for", "paragraph+2s/heading", nil, 2 * time.Second},
		{"what was asked for, and less", "paragraph+100ms/heading", nil, 1200 * ms},
		{"what was asked for, above a pair", "paragraph+2s/heading", map[string]time.Duration{"paragraph/heading": ms}, 2 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j, err := ParseJoint(c.meet + " 1ms")
			if err != nil {
				t.Fatal(err)
			}
			p := DefaultPauses()
			p.Between = c.between
			if got := p.Of(j.Ends, j.Begins); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestPausesThatCannotBe(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"quote":           "is no pair",
		"*/*":             "is no pair",
		"quote/quotes":    "neither ends nor begins",
		"quotes/quote":    "neither ends nor begins",
		"2s/quote":        "neither ends nor begins",
		"quote/paragraph": "",
		"*/chapter":       "",
	} {
		p := DefaultPauses()
		p.Between = map[string]time.Duration{key: time.Second}
		err := p.Validate()
		var fault *OptionError
		switch {
		case want == "" && err == nil:
		case !errors.As(err, &fault) || !strings.HasPrefix(fault.Reason, want) || want == "" || fault.Setting != "between."+key:
			t.Errorf("%s: %v, want %q", key, err, want)
		}
	}
}

// TestPaceIsPlan sets every fixture's pauses by another table, without its
// text: it is as if the text had been planned with that table.
func TestPaceIsPlan(t *testing.T) {
	t.Parallel()
	other := Pauses{
		Sentence: 1, Paragraph: 20, HeadingBefore: 3, HeadingAfter: 40, SubBefore: 5, SubAfter: 60, Item: 700, Line: 8,
		Note: 90, Quote: 10, Rule: 11, Opening: 12, Closing: 13,
		Between: map[string]time.Duration{"paragraph/quote": 14, "*/table": 1500, "item/*": 16, "heading/paragraph": 0},
	}
	paths, err := filepath.Glob("testdata/elements/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, path := range paths {
		f := fixtureOf(t, path)
		s, _ := f.plan(t)
		var file bytes.Buffer
		if err := Encode(&file, s, YAML); err != nil {
			t.Fatal(err)
		}
		back, err := Decode("plan", &file)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := fixtureWith(t, path, other).plan(t)
		before := sheet(back)
		back.Pace(other)
		if diff := cmp.Diff(sheet(want), sheet(back)); diff != "" {
			t.Errorf("%s (-planned +paced):\n%s", path, diff)
		}
		if sheet(back) != before {
			changed++
		}
	}
	if changed < len(paths)/2 {
		t.Errorf("the other table changed only %d of %d scripts", changed, len(paths))
	}
}

func fixtureWith(t *testing.T, path string, p Pauses) *fixture {
	t.Helper()
	f := fixtureOf(t, path)
	f.brief.Pauses = p
	return &f
}

// TestWrittenPausesStay keeps what a person has written in a plan.
func TestWrittenPausesStay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, lines string
		want        time.Duration // with a paragraph of 9 s
	}{
		{"of the table", "pause: 600ms\n        between: paragraph 600ms", 9 * time.Second},
		{"of the table, not repeated", "between: paragraph 600ms", 9 * time.Second},
		{"written over it", "pause: 2s\n        between: paragraph 600ms", 2 * time.Second},
		{"written alone", "pause: 600ms", 600 * time.Millisecond},
		{"none", "take: 0", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := Decode("plan", strings.NewReader(smallest+"        "+c.lines+"\n      - {role: body, text: More.}\n"))
			if err != nil {
				t.Fatal(err)
			}
			p := DefaultPauses()
			p.Paragraph = 9 * time.Second
			for range 2 { // again changes nothing
				s.Pace(p)
				if got := s.Chapters[0].Segments[0].Pause; got != c.want {
					t.Errorf("%v, want %v", got, c.want)
				}
			}
		})
	}
}

func TestJointsThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "paragraph", "1s", "paragraph soon", "paragraph -1s", "paragraph 61m", "paragraphs 1s", "paragraph/ 1s", "paragraph/quotes 1s",
		strings.Repeat("word+", mostEdges) + "word 1s",
	} {
		if j, err := ParseJoint(text); err == nil {
			t.Errorf("%q is %+v", text, j)
		}
	}
}

func FuzzJoint(f *testing.F) {
	for _, text := range []string{"paragraph 600ms", "item+list/heading+chapter 1.2s", "word+2s/word 2s", "a/b 1s", "paragraph/ 1s", "*/quote 1s", strings.Repeat("word+", 50) + "word 1s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		j, err := ParseJoint(text)
		if err != nil {
			return
		}
		back, err := ParseJoint(j.String())
		if err != nil || !cmp.Equal(j, back) {
			t.Errorf("%q is %+v, and read again %+v, %v", text, j, back, err)
		}
	})
}

func TestColdOpen(t *testing.T) {
	t.Parallel()
	const mark = "\n\n<!-- narrapress: intro -->\n\n"
	intro := func(b *Brief) { b.HasIntro = true }
	early := func(b *Brief) { b.HasIntro, b.OpeningFirst = true, true }
	for _, c := range []struct {
		name, text string
		change     func(*Brief)
		want       string
		found      int
	}{
		{"before the intro", "a." + mark + "b.", intro, "== Cold open hidden\nbody: a. [600ms]\n== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: b. [0s]\n", 0},
		{"before a heading", "a." + mark + "## H\n\nb.", intro, "== Cold open hidden\nbody: a. [600ms]\n== Intro (intro)\ntitle: T. [1.2s]\n== H\nheading: H. [700ms]\nbody: b. [0s]\n", 0},
		{"with a heading", "## C\n\na." + mark + "b.", intro, "== C\nheading: C. [700ms]\nbody: a. [600ms]\n== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: b. [0s]\n", 0},
		{"without a track", "a." + mark + "b.", func(*Brief) {}, "== Cold open hidden\nbody: a. [600ms]\n== T\ntitle: T. [1.2s]\nbody: b. [0s]\n", 0},
		{"nothing before", mark + "b.", intro, "== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: b. [0s]\n", 0},
		{"nothing after", "a." + mark, intro, "== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: a. [0s]\n", 0},
		{"in a quote", "a.\n\n> b.\n>\n> <!-- narrapress: intro -->\n>\n> c.\n\nd.", intro, "== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: a. [700ms]\nquote: b. [600ms]\nquote: c. [700ms]\nbody: d. [0s]\n", 1},
		{"in a sentence", "a <!-- narrapress: intro --> b.", intro, "== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: a b. [0s]\n", 1},
		{"twice", "a." + mark + "b." + mark + "c.", intro, "== Cold open hidden\nbody: a. [600ms]\n== Intro (intro)\n== T\ntitle: T. [1.2s]\nbody: b. [600ms]\nbody: c. [0s]\n", 1},
		{"after the opening", "b.", early, "== Cold open hidden\ntitle: T. [1.2s]\n== Intro (intro)\n== T\nbody: b. [0s]\n", 0},
		{"after the opening, a heading", "## H\n\nb.", early, "== Cold open hidden\ntitle: T. [1.2s]\n== Intro (intro)\n== H\nheading: H. [700ms]\nbody: b. [0s]\n", 0},
		{"after opening and text", "a." + mark + "b.", early, "== Cold open hidden\ntitle: T. [1.2s]\nbody: a. [600ms]\n== Intro (intro)\n== T\nbody: b. [0s]\n", 0},
		{"after no opening", "b.", func(b *Brief) { early(b); b.Options.Opening = "" }, "== Intro (intro)\n== T\nbody: b. [0s]\n", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := brief()
			c.change(&b)
			s, findings := plan(t, "# T\n\n"+c.text, b)
			if diff := cmp.Diff(c.want, sheet(s)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(findings) != c.found {
				t.Errorf("%d findings, want %d: %v", len(findings), c.found, findings)
			}
		})
	}
}
