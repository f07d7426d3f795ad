package script

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/document"
)

// odd is a script whose texts are hard to write.
func odd() *Script {
	s := &Script{
		Version: Version, Source: "a: b.md", ID: "007", Slug: "no", Title: "Why? “No” #1", Author: "null", Language: "en",
		Link: "https://e.org/?a=b#c", Summary: "Tabs\tand\nlines: yes ", Cover: "- x.png", Date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Chapters: []Chapter{{Title: "Intro", Kind: Intro, Hidden: true}, {Title: "", Link: "https://e.org", Image: "a.png"}},
	}
	for _, text := range []string{
		"Plain words.", "true", "12:30", "1.5", "- not a list", "# no comment", "a: b", "ends with a colon:", "'quoted' \"twice\"", "{braces} [and] & * ! | > % @ `",
		"é世界🎤", "--- not a document", "a #b", "\u00a0odd\u00a0space", "zero\u200bwidth", "tab\tinside", "\ufeffmark", "del\u007f nel\u0085 ls\u2028",
		strings.Repeat("A long sentence that has to be wrapped. ", 9) + "# And. - So. : It. > Ends.", strings.Repeat("x", 300), "two  spaces between", "y",
	} {
		s.Chapters[1].Segments = append(s.Chapters[1].Segments, Segment{Role: "speaker:Ann Lee", Text: text, Pause: 1234567 * time.Microsecond, Take: 2, Announcement: true, Anchors: []Anchor{{File: "OEBPS/ch 1.xhtml", Line: 12, Col: 30}, {Off: 4, Line: 13, Col: 1}}})
	}
	return s
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, format := range []string{YAML, JSON} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			var file bytes.Buffer
			if err := Encode(&file, odd(), format); err != nil {
				t.Fatal(err)
			}
			if !IsScript(file.Bytes()[:min(file.Len(), 4096)]) {
				t.Error("IsScript does not know it")
			}
			got, err := Decode("a", bytes.NewReader(file.Bytes()))
			if err != nil {
				t.Fatalf("%v\n%s", err, file.String())
			}
			want := odd()
			for i := range want.Chapters[1].Segments {
				g := &want.Chapters[1].Segments[i]
				g.Text = strings.Join(strings.Fields(g.Text), " ") // as Decode reads it
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\n%s", diff, file.String())
			}
		})
	}
	if err := Encode(&bytes.Buffer{}, odd(), "xml"); err == nil {
		t.Error("xml was written")
	}
}

func TestGoldenFilesComeBack(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal(err, paths)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Decode(path, bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		var again bytes.Buffer
		if err := Encode(&again, s, YAML); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(raw, again.Bytes()) { // findings follow as comments
			t.Errorf("%s changes when it is read and written:\n%s", path, cmp.Diff(string(raw), again.String()))
		}
	}
}

const smallest = "version: 1\nchapters:\n  - title: A\n    segments:\n      - role: body\n        text: Hello.\n"

func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "s.yaml: is empty: there is no script in it"},
		{"comments", "# nothing\n", "s.yaml: is empty: there is no script in it"},
		{"not utf-8", "version: \xff", "s.yaml: is not UTF-8: save it as UTF-8 text"},
		{"not yaml", "version: 1\nchapters: [\n", "s.yaml:3:1: is not YAML: did not find expected node content"},
		{"tab", "version: 1\n\tx: 1\n", "s.yaml:2:2: is not YAML: found a tab character that violates indentation"},
		{"a list", "- a\n", "s.yaml:1:1: a script is a map of keys"},
		{"no version", "title: A\n", `s.yaml:1:1: has no version: write "version: 1"`},
		{"newer", "version: 2\n", "s.yaml:1:10: script version 2 was written by a newer program: this one reads 1"},
		{"version of words", "version: one\n", "s.yaml:1:10: a number from 0 is needed here"},
		{"version 0", "version: 0\n", "s.yaml:1:10: script version 0 is not known: write 1"},
		{"unknown key", "version: 1\ntitel: A\n", `s.yaml:2:1: unknown key "titel" in a script: did you mean "title"?`},
		{"unknown key, nothing near", "version: 1\nvoices: A\n", `s.yaml:2:1: unknown key "voices" in a script`},
		{"twice", "version: 1\ntitle: A\ntitle: B\n", `s.yaml:3:1: key "title" is given twice`},
		{"nothing", "version: 1\nchapters: []\n", "s.yaml:1:1: has nothing to speak: no chapter has a segment"},
		{"chapter kind", "version: 1\nchapters:\n  - title: A\n    kind: outro\n", `s.yaml:4:11: chapter kind "outro" is not known: write intro, credits or leave it out`},
		{"segment key", smallest + "        paus: 1s\n", `s.yaml:7:9: unknown key "paus" in a segment: did you mean "pause"?`},
		{"pause without a unit", smallest + "        pause: 600\n", `s.yaml:7:16: pause "600" is not a time: write 600ms or 1.5s (at most 1h)`},
		{"long pause", smallest + "        pause: 2h\n", `s.yaml:7:16: pause "2h" is not a time: write 600ms or 1.5s (at most 1h)`},
		{"negative take", smallest + "        take: -1\n", "s.yaml:7:15: a number from 0 is needed here"},
		{"place", smallest + "        at: here\n", `s.yaml:7:13: at "here" is not line:column`},
		{"joint", smallest + "        between: paragraphs 1s\n", `s.yaml:7:18: between "paragraphs 1s" is not what ends, what begins and a pause, such as paragraph/heading 1.2s: remove it if in doubt`},
		{"flag", smallest + "        announcement: maybe\n", "s.yaml:7:23: true or false is needed here"},
		{"empty text", strings.Replace(smallest, "Hello.", `"…"`, 1), "s.yaml:6:15: this segment's text has nothing to speak: write some or remove the segment"},
		{"no text", strings.Replace(smallest, "        text: Hello.\n", "", 1), "s.yaml:5:9: this segment has no text"},
		{"no role", strings.Replace(smallest, "role: body\n        ", "", 1), "s.yaml:5:9: this segment has no role"},
		{"empty role", strings.Replace(smallest, "role: body", `role: "speaker:"`, 1), `s.yaml:5:15: role "speaker:" names nobody: write body, quote or speaker:NAME`},
		{"date", "date: May\n" + smallest, `s.yaml:1:7: date "May" is not understood: write 2006-01-02 or 2006-01-02T15:04:05Z`},
		{"alias", "version: 1\ntitle: &a A\nauthor: *a\n", "s.yaml:3:9: YAML aliases are not read in a script: write the value"},
		{"second document", smallest + "---\nversion: 1\n", "s.yaml:7:1: a second YAML document: a script is one"},
		{"json", "{\"version\": 1,\n \"chapters\": [{\"titel\": \"A\"}]}", `s.yaml:2:16: unknown key "titel" in a chapter: did you mean "title"?`},
		{"not json", "{\"version\": 1,\n \"chapters\": [}", "s.yaml:2:15: is not JSON: invalid character '}' looking for beginning of value"},
		{"json, more", "{\"version\": 1} {}", "s.yaml:1:16: is not JSON: more after the end of the script"},
		{"json, deep", "{\"version\": " + strings.Repeat("[", 99), "s.yaml:1:29: is not JSON: it nests more than 16 deep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Decode("s.yaml", strings.NewReader(c.text))
			var e *document.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v is no *document.Error", err)
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := Decode("s.yaml", strings.NewReader(smallest)); err != nil {
		t.Errorf("the smallest script: %v", err)
	}
	s, err := Decode("s.json", strings.NewReader(`{"version":1,"chapters":[{"title":"A","segments":[{"role":"body","text":"\ud83c\udfa4 Hi.","pause":"1s"}]}]}`))
	if err != nil || s.Chapters[0].Segments[0].Text != "🎤 Hi." || s.Chapters[0].Segments[0].Pause != time.Second {
		t.Errorf("JSON of another program: %+v %v", s, err)
	}
}

func TestIsScript(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		head string
		want bool
	}{
		{smallest, true},
		{"\xEF\xBB\xBF# mine\n\n" + smallest, true},
		{header, true},
		{`{"version": 1, "source": "a.md"`, true},
		{"version: 1\nshow:\n  title: A\n", false},
		{"---\nversion: 1\nchapters: 3\n---\nText.", false},
		{"Version: 1 of the text.\n", false},
		{"# A heading\n\nchapters: many\n", false},
		{`{"version": 1, "entries": []}`, false},
		{"", false},
	} {
		if got := IsScript([]byte(c.head)); got != c.want {
			t.Errorf("IsScript(%q) is %v", c.head, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(smallest)
	f.Add(`{"version": 1, "chapters": [{"title": "A", "segments": [{"role": "r", "text": "t"}]}]}`)
	f.Add("version: 1\nchapters:\n  - segments: [{role: a, text: 'b', pause: 1s, take: 1, at: '1:1'}]\n    hidden: true\n")
	f.Add(smallest + "        between: 2s+item/heading 1.2s\n")
	f.Add("a: &a [*a]\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Decode("a", strings.NewReader(text))
		if err != nil {
			var e *document.Error
			if !errors.As(err, &e) {
				t.Fatalf("%v is no *document.Error", err)
			}
			return
		}
		for _, format := range []string{YAML, JSON} {
			var file bytes.Buffer
			if err := Encode(&file, s, format); err != nil {
				t.Fatal(err)
			}
			back, err := Decode("a", bytes.NewReader(file.Bytes()))
			if err != nil {
				t.Fatalf("%v\n%s", err, file.String())
			}
			if diff := cmp.Diff(s, back); diff != "" {
				t.Errorf("%s (-read +read again):\n%s\n%s", format, diff, file.String())
			}
		}
	})
}
