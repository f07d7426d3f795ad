package cue_test

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

func TestShow(t *testing.T) {
	t.Parallel()
	edit := func(from, to int, rule, spoken string) script.Edit {
		return script.Edit{From: from, To: to, Rule: rule, Spoken: spoken}
	}
	for name, test := range map[string]struct {
		segment    script.Segment
		keep, drop string
	}{
		"as it is said": {script.Segment{Text: "Rain fell."}, "Rain fell.", "Rain fell."},
		"a number": {
			script.Segment{Text: "It cost thirty dollars.", Written: "It cost $30.", Edits: []script.Edit{edit(8, 11, "money", "thirty dollars")}},
			"It cost $30.", "It cost $30.",
		},
		"an announcement": {script.Segment{Text: "Quote.", Announcement: true}, "Quote.", ""},
		"announced": {
			script.Segment{Text: "Footnote: Two words. End.", Written: "2 words.", Edits: []script.Edit{
				edit(0, 0, "announcement", "Footnote: "), edit(0, 1, "cardinal", "Two"), edit(8, 8, "announcement", " End."),
			}},
			"Footnote: 2 words. End.", "2 words.",
		},
		"a stop": {script.Segment{Text: "One.", Written: "One", Edits: []script.Edit{edit(3, 3, "stop", ".")}}, "One", "One"},
		"a formula in plain signs": {
			script.Segment{Text: "So x equals two.", Written: "So x = 2.", Edits: []script.Edit{edit(3, 8, "math", "x equals two")}},
			"So x = 2.", "So x = 2.",
		},
		"a formula with commands": {
			script.Segment{Text: "So alpha over two.", Written: `So \frac{\alpha}{2}.`, Edits: []script.Edit{edit(3, 19, "math", "alpha over two")}},
			"So alpha over two.", "So alpha over two.",
		},
		"a name that a voice stands for": {
			script.Segment{Text: "Hello.", Written: "Ann: Hello.", Edits: []script.Edit{edit(0, 5, "speaker", "")}}, "Hello.", "Hello.",
		},
		"changed by a person": {
			script.Segment{Text: "Snow fell.", Written: "Rain fell.", Edits: []script.Edit{edit(0, 4, "edited", "Snow")}}, "Snow fell.", "Snow fell.",
		},
		"spaces and controls": {
			script.Segment{Text: " a\x00b\r\n\tc\u2028d\ufeff "}, "ab c d", "ab c d",
		},
		"edits of another text": {
			script.Segment{Text: "Rain.", Written: "Ra", Edits: []script.Edit{edit(9, 3, "x", "y")}}, "Rain.", "Rain.",
		},
	} {
		if got := cue.Show(&test.segment, true).Text; got != test.keep {
			t.Errorf("%s: %q, want %q", name, got, test.keep)
		}
		if got := cue.Show(&test.segment, false).Text; got != test.drop {
			t.Errorf("%s, without announcements: %q, want %q", name, got, test.drop)
		}
	}
}

// TestTold has an endpoint tell of every word: each word of what was written
// has its time, and what is said in several words is one.
func TestTold(t *testing.T) {
	t.Parallel()
	seg := script.Segment{
		Text: "It cost thirty five dollars. Footnote: so.", Written: "It cost $35. so.",
		Edits: []script.Edit{{From: 8, To: 11, Spoken: "thirty five dollars", Rule: "money"}, {From: 13, To: 13, Spoken: "Footnote: ", Rule: "announcement"}},
	}
	var marks []voices.Mark
	at := 0
	for i, w := range strings.Fields(seg.Text) {
		from := at + strings.Index(seg.Text[at:], w)
		at = from + len(w)
		marks = append(marks, voices.Mark{Start: time.Duration(i+1) * time.Second, End: time.Duration(i+2) * time.Second, From: from, To: at})
	}
	clock := cue.NewClock(cue.Speech{Text: seg.Text, Length: 9, Marks: marks, Trimmed: 0.5}, 100)
	want := []podcast.Word{
		{Start: 100.5, End: 101.5, From: 0, To: 2},
		{Start: 101.5, End: 102.5, From: 3, To: 7},
		{Start: 102.5, End: 105.5, From: 8, To: 12},
		{Start: 106.5, End: 107.5, From: 13, To: 16},
	}
	if diff := cmp.Diff(want, cue.Words(&seg, marks, clock)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if got := cue.Words(&seg, nil, clock); got != nil {
		t.Errorf("%v of nothing told", got)
	}
	if got := cue.Sentences(cue.Original(&seg), clock); len(got) != 1 && got[0].Start != 100.5 {
		t.Errorf("sentences %v", got)
	}
}

// TestSaidBehindWhatIsNotShown finds each sign where it is heard, though what is said
// right before it is shown nowhere.
func TestSaidBehindWhatIsNotShown(t *testing.T) {
	t.Parallel()
	seg := script.Segment{
		Text: "Rain in the night: yes.", Written: "Rain: yes.",
		Edits: []script.Edit{{From: 4, To: 4, Spoken: " in the night", Rule: "announcement"}},
	}
	p := cue.Show(&seg, false)
	if p.Text != seg.Written {
		t.Fatalf("%q is shown", p.Text)
	}
	for _, sign := range []string{"R", ":", "yes", "."} {
		if got, want := p.Said(strings.Index(p.Text, sign)), strings.Index(seg.Text, sign); got != want {
			t.Errorf("%q is said at %d, want %d", sign, got, want)
		}
	}
}

// TestMarksThatCannotBeTrue leaves each out by itself, and what follows it stays.
func TestMarksThatCannotBeTrue(t *testing.T) {
	t.Parallel()
	const text = "one two six"
	mark := func(start, end time.Duration, from, to int) voices.Mark {
		return voices.Mark{Start: start, End: end, From: from, To: to}
	}
	first, last := mark(1, 2, 0, 3), mark(5, 6, 8, 11)
	for _, tt := range []struct {
		name string
		mark voices.Mark
		true bool
	}{
		{"in order", mark(3, 4, 4, 7), true},
		{"at once", mark(1, 1, 3, 4), true},
		{"before its text's start", mark(3, 4, 2, 7), false},
		{"of nothing", mark(3, 4, 4, 4), false},
		{"backwards in the text", mark(3, 4, 7, 4), false},
		{"beyond the text", mark(3, 4, 4, 12), false},
		{"before the sound", mark(-2, -1, 4, 7), false},
		{"begun before the sound", mark(-1, 4, 4, 7), false},
		{"ended before it starts", mark(4, 3, 4, 7), false},
		{"before the one before", mark(0, 4, 4, 7), false},
	} {
		want := []voices.Mark{first, last}
		if tt.true {
			want = []voices.Mark{first, tt.mark, last}
		}
		if diff := cmp.Diff(want, cue.Told(text, []voices.Mark{first, tt.mark, last})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if got := cue.Told(text, []voices.Mark{mark(-1, 1, 0, 3)}); got != nil {
		t.Errorf("the first, begun before the sound: %v", got)
	}
}

// TestPauses gives a take with one pause to the sentence that ends there.
func TestPauses(t *testing.T) {
	t.Parallel()
	loud := make([]float32, 40)
	for i := range loud {
		loud[i] = 0.1
	}
	for i := 25; i < 32; i++ {
		loud[i] = 1e-7
	}
	text := "One two three four five six. Seven eight."
	clock := cue.NewClock(cue.Speech{Text: text, Length: 4.06, Energies: loud, Guard: 0.03}, 10)
	end, start := clock.At(strings.Index(text, " Seven")), clock.At(strings.Index(text, "Seven"))
	if math.Abs(float64(end)-12.53) > 0.01 || math.Abs(float64(start)-13.23) > 0.01 {
		t.Errorf("the pause is from %.3f to %.3f, want 12.53 to 13.23", end, start)
	}
	if got := clock.At(len(text)); math.Abs(float64(got)-14.03) > 1e-9 {
		t.Errorf("the end is at %v", got)
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text   string
		length float64
		shape  cue.Shape
		want   []string
	}{
		"sentences": {"It rained. The press stood still, for once.", 6, cue.Shape{Width: 65, Rows: 1}, []string{"It rained.", "The press stood still, for once."}},
		"a hasty one": {
			"No. The press stood still, for once.", 4, cue.Shape{Width: 65, Rows: 1}, []string{"No. The press stood still, for once."},
		},
		"clauses": {
			"When the first sheet came off the press, nobody in the room spoke a word.", 5,
			cue.Shape{Width: 65, Rows: 1},
			[]string{"When the first sheet came off the press,", "nobody in the room spoke a word."},
		},
		"rows": {
			"When the sheet came off, nobody in the room spoke.", 5,
			cue.Shape{Width: 32, Rows: 2},
			[]string{"When the sheet came off,|nobody in the room spoke."},
		},
		"a long word": {strings.Repeat("x", 25), 5, cue.Shape{Width: 10, Rows: 1}, []string{"xxxxxxxxxx", "xxxxxxxxxx", "xxxxx"}},
		"characters as people see them": {
			"👩‍👩‍👧‍👦👩‍👩‍👧‍👦é̂́", 5, cue.Shape{Width: 2, Rows: 1}, []string{"👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦", "é̂́"},
		},
		"no spaces": {"雨が降った。印刷機は止まっていた。", 5, cue.Shape{Width: 20, Rows: 1}, []string{"雨が降った。", "印刷機は止", "まっていた。"}},
		"nothing":   {"", 1, cue.Shape{Width: 10, Rows: 1}, nil},
	} {
		seg := script.Segment{Text: test.text}
		p := cue.Show(&seg, true)
		var got []string
		for _, l := range cue.Lines(p, cue.NewClock(cue.Speech{Text: test.text, Length: test.length}, 0), test.shape) {
			got = append(got, strings.Join(l.Rows, "|"))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// FuzzCues has any segment shown once and in order, in lines that are narrow
// enough and whose times are in the segment and in order.
func FuzzCues(f *testing.F) {
	f.Add("It cost thirty dollars. So.", "It cost $30. So.", 8, 11, "thirty dollars", "money", 5.0, 3, 1000, []byte{9, 9, 9, 0, 0, 9, 9})
	f.Add("a\x00b --> <c> \xff\xfe 👩‍👩‍👧 שלום", "x", 0, 1, "", "announcement+math", 0.0, 0, 0, []byte{})
	f.Add("Footnote: a", "a", 0, 0, "Footnote: ", "announcement", 1e-9, -1, 7, []byte{0, 255, 0, 255})
	f.Add("雨が降った。 É̂́́́́", "雨", 5, 2, "x", "speaker", -4.0, 1<<40, -9, []byte{1})
	f.Fuzz(func(t *testing.T, text, written string, from, to int, spoken, rule string, length float64, at, ms int, loud []byte) {
		if math.IsNaN(length) || math.Abs(length) > 1e6 || len(text)+len(written)+len(spoken) > 1<<12 {
			t.Skip()
		}
		seg := script.Segment{Text: text, Written: written, Edits: []script.Edit{{From: from, To: to, Spoken: spoken, Rule: rule}}}
		energies := make([]float32, len(loud))
		for i, b := range loud {
			energies[i] = float32(math.Pow(10, float64(b)/25-8))
		}
		marks := []voices.Mark{{From: at, To: at + 4, Start: time.Duration(ms) * time.Millisecond, End: time.Duration(ms+300) * time.Millisecond}}
		clock := cue.NewClock(cue.Speech{Text: text, Length: length, Marks: marks, Energies: energies, Guard: 0.03}, 7)
		begin, end := clock.Start(), clock.End()
		for _, w := range append(cue.Words(&seg, marks, clock), cue.Sentences(cue.Original(&seg), clock)...) {
			if w.From < 0 || w.From > w.To || w.To > len(cue.Original(&seg).Text) || w.Start > w.End {
				t.Errorf("word %+v", w)
			}
		}
		for _, shape := range []cue.Shape{{Width: 65, Rows: 1}, {Width: 32, Rows: 2}, {}} {
			p := cue.Show(&seg, true).After("Ann: ")
			var all strings.Builder
			var last podcast.Seconds
			for _, l := range cue.Lines(p, clock, shape) {
				if len(l.Rows) > max(1, shape.Rows) {
					t.Errorf("%d rows", len(l.Rows))
				}
				for _, row := range l.Rows {
					all.WriteString(row)
					if w := max(utf8.RuneCountInString(row), uniseg.StringWidth(row)); w > max(1, shape.Width) && uniseg.GraphemeClusterCount(row) > 1 {
						t.Errorf("%q is %d wide", row, w)
					}
				}
				if l.Start < last || l.End < l.Start || l.Start < begin || l.End > end {
					t.Errorf("a line from %v to %v after %v, in %v to %v", l.Start, l.End, last, begin, end)
				}
				last = l.Start
			}
			if bare(all.String()) != bare(p.Text) {
				t.Errorf("%q is shown as %q", p.Text, all.String())
			}
		}
	})
}

// bare is a text without its white space.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}
