package document

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func TestFrontMatterKeys(t *testing.T) {
	t.Parallel()
	day := time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		front string
		want  Meta
	}{
		"authors":       {"authors: [Ida Marsh, Tom Roe, Ann Lee]", Meta{Author: "Ida Marsh, Tom Roe and Ann Lee"}},
		"authors, maps": {"authors:\n  - name: Ida Marsh\n    url: x\n  - name: Tom Roe", Meta{Author: "Ida Marsh and Tom Roe"}},
		"Jekyll":        {"layout: post\nexcerpt: Short.\npublished: false\ntags: a, b", Meta{Description: "Short.", Draft: true, Tags: []string{"a", "b"}}},
		"Astro":         {"title: A\npubDate: May 6, 2024\ncanonical_url: https://a.b/c\nurl: /c\ntags: [a, b]", Meta{Title: "A", Date: day, Link: "https://a.b/c", Tags: []string{"a", "b"}}},
		"published":     {"title: A\npublished: 2024-05-06\nlang: de\nsubtitle: B", Meta{Title: "A", Subtitle: "B", Date: day, Language: "de"}},
	} {
		got := read(t, "a.md", "---\n"+tc.front+"\n---\nText.", Options{}).Meta
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFrontMatterTOML(t *testing.T) {
	t.Parallel()
	d := read(t, "a.md", "+++\ntitle = \"A\"\ndate = 2024-05-06\nauthors = ['Ida', 'Tom']\ncover = 'http://a/b.png'\n[narrapress.audio]\nloudness = -16\n+++\nText.", Options{})
	want := Meta{
		Title: "A", Author: "Ida and Tom", Date: time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC),
		Settings: Settings{YAML: "audio:\n    loudness: -16\n", Line: 6},
	}
	if diff := cmp.Diff(want, d.Meta); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(d.Findings) != 1 || d.Findings[0].Pos.Line != 5 {
		t.Errorf("findings %v; want one on line 5", d.Findings)
	}
	if len(d.Elements) != 1 || d.Elements[0].Pos.Line != 9 {
		t.Errorf("elements %v", d.Elements)
	}
}

func TestFrontMatterOrText(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ src, want string }{
		"a note between rules":  {"---\nNote: this is the\nlast letter. It is short.\n\nIt has: two parts.\n---\n", "1:1 rule\n2:1 paragraph Note: this is the / last letter. It is short.\n5:1 heading It has: two parts.\n"},
		"a rule, a word":        {"---\nNote: it is late.\n\nWe slept.", "1:1 rule\n2:1 paragraph Note: it is late.\n4:1 paragraph We slept.\n"},
		"a map of somebody's":   {"---\nfoo: bar\n---\nText.", "4:1 paragraph Text.\n"},
		"plus signs":            {"+++\n\nText.", "1:1 paragraph +++\n3:1 paragraph Text.\n"},
		"plus signs and a text": {"+++\na and b\n+++\n", "1:1 paragraph +++ / a and b / +++\n"},
	} {
		if diff := cmp.Diff(tc.want, places(read(t, "a.md", tc.src, Options{Title: "T"}))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestSettings looks for each value of the settings at the place that a fault
// in it would be said to have.
func TestSettings(t *testing.T) {
	t.Parallel()
	for name, front := range map[string]string{
		"a block":      "title: A\nnarrapress:\n  # mine\n  voices:\n    ann: {voice: VALUE}\nslug: b",
		"at the end":   "narrapress:\n    voices:\n       ann:\n         voice: VALUE",
		"on a line":    "narrapress: {voices: {ann: {voice: VALUE}}}\ntitle: A",
		"on two lines": "title: ü\nnarrapress: {é: 1, voices: {\n   ann: {voice: VALUE}}}\ntitle: A",
	} {
		src := "---\n" + front + "\n---\nText."
		set := read(t, "a.md", src, Options{}).Meta.Settings
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(set.YAML), &root); err != nil {
			t.Errorf("%s: %q: %v", name, set.YAML, err)
			continue
		}
		n := field(field(field(root.Content[0], "voices"), "ann"), "voice")
		line := strings.Split(src, "\n")[n.Line+set.Line-2]
		if got := string([]rune(line)[n.Column-1:]); !strings.HasPrefix(got, "VALUE") {
			t.Errorf("%s: the value stands at %q", name, got)
		}
	}
	for _, src := range []string{"Text.", "---\ntitle: A\n---\nText.", "---\nnarrapress:\n---\nText."} {
		if set := read(t, "a.md", src, Options{}).Meta.Settings; set != (Settings{}) {
			t.Errorf("%q has %+v", src, set)
		}
	}
}
