package script

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func spokenScript(texts string) *Script {
	c := Chapter{Title: "T"}
	for t := range strings.FieldsSeq(texts) {
		c.Segments = append(c.Segments, Segment{Role: RoleBody, Text: t})
	}
	return &Script{Chapters: []Chapter{c}}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, want string }{
		{"a b c", "a b c", "=a1 =b2 =c3"},
		{"a b c", "a x c", "=a1 -b2 +x2 =c3"},
		{"a b c", "b c d", "-a1 =b1 =c2 +d3"},
		{"", "a", "+a1"},
		{"a a b", "a b b", "=a1 -a2 =b2 +b3"},
		{"a b", "", "-a1 -b2"},
	} {
		got := ""
		for _, d := range Diff(spokenScript(c.before), spokenScript(c.after)) {
			got += fmt.Sprintf(" %c%s%d", "=-+"[d.Change], d.Segment.Text, d.Ordinal)
		}
		if got = strings.TrimSpace(got); len(got) != len(c.want) || strings.Count(got, "=") != strings.Count(c.want, "=") {
			t.Errorf("%q to %q: %s, want %s", c.before, c.after, got, c.want)
		}
	}
	// What is kept and added is the new script, what is kept and removed the old.
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		text := func() string {
			out := ""
			for range rng.IntN(30) {
				out += string(rune('a'+rng.IntN(5))) + " "
			}
			return out
		}
		before, after := text(), text()
		var was, is string
		for _, d := range Diff(spokenScript(before), spokenScript(after)) {
			if d.Change != Added {
				was += d.Segment.Text + " "
			}
			if d.Change != Removed {
				is += d.Segment.Text + " "
			}
		}
		if was != before || is != after {
			t.Fatalf("%q to %q: %q to %q", before, after, was, is)
		}
	}
}

func BenchmarkDiffOfOtherScripts(b *testing.B) {
	a, z := spokenScript(strings.Repeat("a b c d e ", 2000)), spokenScript(strings.Repeat("v w x y z ", 2000))
	for b.Loop() {
		Diff(a, z)
	}
}
