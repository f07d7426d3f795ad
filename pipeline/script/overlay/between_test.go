package overlay_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

const keeper = `# The Keeper

He rose at 5 a.m. and lit the lamp.

Yes.

> Better smoke than dark.

Yes.

## Later

Nobody trims it now, and nobody asks.

The boats have other lights.

## The end

Yes.
`

// decoded is a script as a person gets it back from a file.
func decoded(t testing.TB, s *script.Script) *script.Script {
	t.Helper()
	var b strings.Builder
	if err := script.Encode(&b, s, script.YAML); err != nil {
		t.Fatal(err)
	}
	out, err := script.Decode("plan.yaml", strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// said is all that is heard of a script.
func said(s *script.Script) []string {
	var out []string
	for _, c := range s.Chapters {
		out = append(out, "== "+c.Title)
		for _, g := range c.Segments {
			out = append(out, fmt.Sprintf("%s: %s (%v, %d)", g.Part(), g.Text, g.Pause, g.Take))
		}
	}
	return out
}

func TestBetween(t *testing.T) {
	t.Parallel()
	inserted := script.Segment{Role: "body", Text: "Put in.", Pause: 2 * time.Second}
	for _, tt := range []struct {
		name  string
		edit  func(s *script.Script)
		edits []string // the keys of each
	}{
		{"nothing", func(*script.Script) {}, nil},
		{"a word", func(s *script.Script) { s.Chapters[0].Segments[0].Text = "He rose at five and lit the lamp." }, []string{"say"}},
		{"all of it", func(s *script.Script) {
			g := &s.Chapters[1].Segments[1]
			g.Text, g.Role, g.Voice, g.Take, g.Pause = "Other words entirely.", "quote", "second", 2, 3*time.Second
		}, []string{"say role voice pause take"}},
		{"one of those alike", func(s *script.Script) { s.Chapters[2].Segments[1].Text = "Oh, yes." }, []string{"nth say"}},
		{"left out", func(s *script.Script) {
			s.Chapters[0].Segments = slices.Delete(s.Chapters[0].Segments, 1, 3)
		}, []string{"skip", "skip"}},
		{"the last", func(s *script.Script) {
			c := &s.Chapters[2]
			c.Segments = c.Segments[:1]
			c.Segments[0].Pause = 0
		}, []string{"nth skip"}},
		{"put in", func(s *script.Script) {
			c := &s.Chapters[0]
			c.Segments = slices.Insert(c.Segments, 1, inserted, inserted)
			s.Chapters[1].Segments = slices.Insert(s.Chapters[1].Segments, 0, inserted)
		}, []string{"after", "nth pause", "before"}},
		{"put in at the end", func(s *script.Script) {
			c := &s.Chapters[2]
			c.Segments = append(c.Segments, inserted)
		}, []string{"nth pause after"}},
		{"a chapter's mark", func(s *script.Script) {
			c := s.Chapters
			c[0].Segments = append(c[0].Segments, c[1].Segments[0])
			c[1].Segments = c[1].Segments[1:]
		}, []string{"join", "chapter"}},
		{"a chapter's title", func(s *script.Script) { s.Chapters[1].Title = "Much later" }, []string{"chapter"}},
		{"chapters joined and left out", func(s *script.Script) {
			c := s.Chapters
			c[0].Segments = append(c[0].Segments, c[1].Segments...)
			c[0].Segments[len(c[0].Segments)-1].Pause = 0
			s.Chapters = c[:1]
		}, []string{"join", "skip", "nth skip"}},
		{"moved", func(s *script.Script) {
			c := &s.Chapters[0]
			c.Segments[0], c.Segments[2] = c.Segments[2], c.Segments[0]
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			auto := planned(t, keeper)
			edited := decoded(t, auto)
			tt.edit(edited)
			edited = decoded(t, edited)
			o, err := overlay.BetweenPaced(auto, edited, script.DefaultPauses())
			if err != nil {
				t.Fatal(err)
			}
			applied, findings := o.Apply(auto)
			if diff := cmp.Diff(said(edited), said(applied.Script)); diff != "" || len(findings) > 0 {
				t.Errorf("(-want +got):\n%s\n%v", diff, findings)
			}
			var keys []string
			for _, e := range o.Edits {
				keys = append(keys, keysOf(&e))
			}
			if diff := cmp.Diff(tt.edits, keys); diff != "" && tt.name != "moved" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
		})
	}
}

func keysOf(e *overlay.Edit) string {
	var out []string
	for _, k := range []struct {
		name string
		has  bool
	}{
		{"nth", e.Nth > 0},
		{"say", e.Say != ""},
		{"role", e.Role != ""},
		{"voice", e.Voice != ""},
		{"pause", e.Pause != nil},
		{"take", e.Take > 0},
		{"skip", e.Skip},
		{"before", e.Before != nil},
		{"after", e.After != nil},
		{"chapter", e.Chapter != ""},
		{"join", e.Join},
	} {
		if k.has {
			out = append(out, k.name)
		}
	}
	return strings.Join(out, " ")
}

func TestBetweenRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		edit func(s *script.Script)
		want string
	}{
		{"a title", func(s *script.Script) { s.Title = "Other" }, `its title is "Other"`},
		{"keywords", func(s *script.Script) { s.Keywords = []string{"sea"} }, "its date, season, number"},
		{"a hidden chapter", func(s *script.Script) { s.Chapters[1].Hidden = true }, "chapter 2, “Later”, is of another kind, is hidden"},
		{"a chapter of other words", func(s *script.Script) {
			s.Chapters = slices.Insert(s.Chapters, 1, script.Chapter{Title: "New", Segments: []script.Segment{{Role: "body", Text: "Something new."}}})
		}, "segment 6: the chapter before it has nothing of the document in it"},
		{"at the end", func(s *script.Script) {
			s.Chapters = append(s.Chapters, script.Chapter{Title: "New", Segments: []script.Segment{{Role: "body", Text: "Something new."}}})
		}, "segment 10: the last chapter has nothing of the document in it"},
		{"phonemes", func(s *script.Script) {
			s.Chapters[0].Segments[0].Phonemes = []script.Phoneme{{From: 0, To: 2, IPA: "hi"}}
		}, "segment 1: its phonemes were changed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			auto := planned(t, keeper)
			edited := decoded(t, auto)
			tt.edit(edited)
			_, err := overlay.Between(auto, edited)
			be := new(overlay.BetweenError)
			if !errors.As(err, &be) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// Whatever a person does to the segments of a plan, the edits of it say the
// same, before they are written and after.
func TestBetweenAnything(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	auto := planned(t, keeper)
	saved := 0
	for range 1500 {
		edited := decoded(t, auto)
		for range 1 + rnd.IntN(4) {
			mutate(rnd, edited)
		}
		between := overlay.Between
		if rnd.IntN(2) == 0 {
			between = func(auto, edited *script.Script) (*overlay.Overlay, error) {
				return overlay.BetweenPaced(auto, edited, script.DefaultPauses())
			}
		}
		o, err := between(auto, edited)
		if be := new(overlay.BetweenError); errors.As(err, &be) {
			continue // it is told
		} else if err != nil {
			t.Fatal(err)
		}
		saved++
		if text := encoded(t, o); len(o.Edits) > 0 {
			o = read(t, text)
		}
		applied, findings := o.Apply(auto)
		if diff := cmp.Diff(said(edited), said(applied.Script)); diff != "" || len(findings) > 0 {
			t.Fatalf("(-want +got):\n%s\n%v\n%s", diff, findings, encoded(t, o))
		}
	}
	if saved < 1000 {
		t.Errorf("only %d of 1500 were saved", saved)
	}
}

// mutate edits a script as a person may.
func mutate(rnd *rand.Rand, s *script.Script) {
	c := rnd.IntN(len(s.Chapters))
	here := &s.Chapters[c]
	i := rnd.IntN(len(here.Segments))
	g := &here.Segments[i]
	switch rnd.IntN(8) {
	case 0:
		g.Text += " And more."
	case 1:
		g.Role, g.Voice = "quote", []string{"", "second"}[rnd.IntN(2)]
	case 2:
		g.Pause = time.Duration(rnd.IntN(4)) * time.Second
	case 3:
		if len(here.Segments) > 1 {
			here.Segments = slices.Delete(here.Segments, i, i+1)
		}
	case 4:
		here.Segments = slices.Insert(here.Segments, i, script.Segment{Role: "body", Text: fmt.Sprintf("Line %d.", rnd.IntN(9)), Pause: time.Second})
	case 5:
		if i > 0 {
			rest := script.Chapter{Title: fmt.Sprintf("Part %d", rnd.IntN(9)), Segments: slices.Clone(here.Segments[i:])}
			here.Segments = here.Segments[:i]
			s.Chapters = slices.Insert(s.Chapters, c+1, rest)
		}
	case 6:
		if c > 0 {
			s.Chapters[c-1].Segments = append(s.Chapters[c-1].Segments, here.Segments...)
			s.Chapters = slices.Delete(s.Chapters, c, c+1)
		}
	case 7:
		g.Take, here.Title = 1, "Another"
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	auto := planned(t, keeper)
	o := &overlay.Overlay{}
	o.Set(auto, 8, overlay.Edit{Voice: "second"})
	o.Set(auto, 4, overlay.Edit{Say: "Oh, yes.", On: "anything", Nth: 7})
	o.Set(auto, 2, overlay.Edit{Take: 1})
	o.Set(auto, 99, overlay.Edit{Take: 1})
	var got []string
	for _, e := range o.Edits {
		got = append(got, fmt.Sprintf("%s %d %s", e.On, e.Nth, keysOf(&e)))
	}
	if diff := cmp.Diff([]string{"Yes. 0 take", "Yes. 2 nth say", "The end 0 voice"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	all := o.All(auto)
	for n := 1; n <= auto.Len(); n++ {
		if diff := cmp.Diff(all[n-1], o.Of(auto, n), cmp.AllowUnexported(overlay.Edit{}), cmp.Comparer(func(a, b document.Pos) bool { return a == b }), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".comments" }, cmp.Ignore())); diff != "" {
			t.Errorf("segment %d: %s", n, diff)
		}
	}
	if e := o.Of(auto, 1); !e.Empty() || e.On != "He rose at 5 a.m. and lit the lamp." {
		t.Errorf("%+v", e)
	}
	o.Set(auto, 4, overlay.Edit{})
	if len(o.Edits) != 2 || o.Edits[1].Voice != "second" {
		t.Errorf("%+v", o.Edits)
	}
}

// What is set on a segment takes the place of an edit whose words became its.
func TestSetOnChanged(t *testing.T) {
	t.Parallel()
	o := read(t, "version: 1\nedits:\n  # slowly\n  - on: Nobody trims it any more, and nobody asks.\n    say: Nobody trims it.\n    voice: second\n")
	auto := planned(t, keeper)
	n := 0
	for p, g := range auto.Segments() {
		if g.Text == "Nobody trims it now, and nobody asks." {
			n = p.Ordinal
		}
	}
	e := o.Of(auto, n)
	if e.Say != "" || e.Voice != "second" {
		t.Fatalf("%+v", e)
	}
	e.Say = "Nobody does."
	o.Set(auto, n, e)
	want := "edits:\n  # slowly\n  - on: Nobody trims it now, and nobody asks.\n    say: Nobody does.\n    voice: second\n"
	if got := encoded(t, o); !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, findings := o.Apply(auto); len(findings) > 0 {
		t.Error(findings)
	}
}
