package overlay_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

var update = flag.Bool("update", false, "write the golden files anew")

// planned is the automatic script of a post.
func planned(t testing.TB, post string) *script.Script {
	t.Helper()
	doc, err := document.Read(context.Background(), "post.md", strings.NewReader(post), document.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := script.Defaults()
	o.Opening = ""
	o.Segment.Least = 1
	s, _, err := script.Plan(doc, script.Brief{Options: o, Pauses: script.DefaultPauses(), Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func read(t testing.TB, text string) *overlay.Overlay {
	t.Helper()
	o, err := overlay.Read("post.md.narrapress.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func encoded(t testing.TB, o *overlay.Overlay) string {
	t.Helper()
	var b bytes.Buffer
	if err := o.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// sheet is a script as the golden files have it.
func sheet(a *overlay.Applied) string {
	var b strings.Builder
	chapter, n := -1, 0
	for p, g := range a.Script.Segments() {
		for ; chapter < p.Chapter; chapter++ {
			fmt.Fprintf(&b, "== %s\n", a.Script.Chapters[chapter+1].Title)
		}
		fmt.Fprintf(&b, "%d %s: %s (%v, %s)", a.Origin[n], g.Part(), g.Text, g.Pause, g.Between)
		if g.Take > 0 {
			fmt.Fprintf(&b, " take %d", g.Take)
		}
		if g.Written != "" {
			fmt.Fprintf(&b, " ← %s", g.Written)
		}
		if at := a.Places[n]; at.File != "" {
			fmt.Fprintf(&b, " [%d:%d]", at.Line, at.Col)
		}
		b.WriteByte('\n')
		n++
	}
	return b.String()
}

// Each archive has a post, its edits, and what they make of it.
func TestApply(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/apply/*.txtar")
	if err != nil || len(paths) < 8 {
		t.Fatal(err, len(paths))
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
			}
			auto := planned(t, files["post.md"])
			before := fmt.Sprintf("%+v", auto)
			applied, findings := read(t, files["edits"]).Apply(auto)
			if after := fmt.Sprintf("%+v", auto); before != after {
				t.Error("the automatic script was changed")
			}
			got := map[string]string{"script": sheet(applied)}
			for _, f := range findings {
				got["findings"] += f.String() + "\n"
			}
			for i, f := range archive.Files {
				if f.Name == "post.md" || f.Name == "edits" {
					continue
				}
				if *update {
					archive.Files[i].Data = []byte(got[f.Name])
					continue
				}
				if diff := cmp.Diff(string(f.Data), got[f.Name]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", f.Name, diff)
				}
			}
			if _, ok := files["findings"]; !ok && got["findings"] != "" {
				t.Errorf("findings: %s", got["findings"])
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// A file of people's is read, and written in the program's own form with every
// comment; that form is read and written as it is.
func TestWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "files", "people.yaml")
	hand, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "files", "written.yaml")
	got := encoded(t, read(t, string(hand)))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(got, encoded(t, read(t, got))); diff != "" {
		t.Errorf("read and written again (-want +got):\n%s", diff)
	}
	for line := range strings.Lines(string(hand)) {
		if _, remark, ok := strings.Cut(line, "#"); ok && !strings.Contains(got, strings.TrimSpace(remark)) {
			t.Errorf("a comment is lost: %q", remark)
		}
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, overlay.Name("post.md", ""))
	o, err := overlay.Load(path)
	if err != nil || !o.Empty() || o.SHA256() != "" || o.File() != path {
		t.Fatal(o, err)
	}
	auto := planned(t, "# A\n\nDark.\n\nThe lamp turns.\n")
	o.Set(auto, 2, overlay.Edit{Say: "The lamp still turns."})
	if err := o.Write(path); err != nil {
		t.Fatal(err)
	}
	again, err := overlay.Load(path)
	if err != nil || again.SHA256() != o.SHA256() || again.Of(auto, 2).Say != "The lamp still turns." {
		t.Fatalf("%+v %v", again, err)
	}
	again.Set(auto, 2, overlay.Edit{})
	if err := again.Write(path); err != nil || !again.Empty() {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
	if err := again.Write(path); err != nil { // nothing to remove
		t.Error(err)
	}
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := overlay.Load(path); err == nil || !strings.Contains(err.Error(), "is no file") {
		t.Error(err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		source, part, name string
		of                 []string
	}{
		{"post.md", "", "post.md.narrapress.yaml", []string{"post.md"}},
		{"a/book.epub", "3", "a/book.epub.3.narrapress.yaml", []string{"a/book.epub.3", "a/book.epub"}},
	} {
		if got := overlay.Name(tt.source, tt.part); got != tt.name || !overlay.Is(got) {
			t.Error(got)
		}
		if diff := cmp.Diff(tt.of, overlay.Sources(tt.name)); diff != "" {
			t.Error(diff)
		}
	}
	for _, name := range []string{"narrapress.yaml", "posts/.narrapress.yaml", "post.md"} {
		if overlay.Is(name) {
			t.Error(name)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "x.yaml: is empty"},
		{"no version", "edits: []\n", `x.yaml:1:1: has no version: write "version: 1"`},
		{"newer", "version: 2\n", "x.yaml:1:10: version 2 was written by a newer program"},
		{"no YAML", "version: 1\nedits: [\n", "x.yaml:"},
		{"two documents", "version: 1\n---\nversion: 1\n", "x.yaml:2:1: a second YAML document"},
		{"unknown key", "version: 1\nedits:\n  - on: A.\n    sya: B.\n", `x.yaml:4:5: unknown key "sya" in an edit: did you mean "say"?`},
		{"a key twice", "version: 1\nedits:\n  - on: A.\n    on: B.\n", `x.yaml:4:5: key "on" is given twice`},
		{"no on", "version: 1\nedits:\n  - say: B.\n", "x.yaml:3:5: this edit has no on"},
		{"nothing to speak", "version: 1\nedits:\n  - on: A.\n    say: …\n", "x.yaml:4:10: there is nothing to speak here"},
		{"no pause", "version: 1\nedits:\n  - on: A.\n    pause: 2\n", `x.yaml:4:12: pause "2" is not a time`},
		{"nobody", "version: 1\nedits:\n  - on: A.\n    role: 'speaker:'\n", `x.yaml:4:11: role "speaker:" names nobody`},
		{"no nth", "version: 1\nedits:\n  - on: A.\n    nth: 0\n", "x.yaml:4:10: nth is which"},
		{"the same segment", "version: 1\nedits:\n  - on: A  b.\n    take: 1\n  - on: A b.\n    nth: 1\n    say: C.\n", "x.yaml:5:5: the same segment as in line 3"},
		{"chapter and join", "version: 1\nedits:\n  - on: A.\n    chapter: B\n    join: true\n", "x.yaml:3:5: chapter begins one here and join ends it"},
		{"an alias", "version: 1\nedits:\n  - &a {on: A.}\n  - *a\n", "x.yaml:4:5: YAML aliases are not read here"},
		{"no text", "version: 1\nedits:\n  - on: [A.]\n", "x.yaml:3:9: a text is needed here"},
		{"a line without words", "version: 1\nedits:\n  - on: A.\n    before:\n      - {role: body}\n", "x.yaml:5:9: a segment of before has no say"},
		{"a word without a way", "version: 1\nlexicon:\n  Nguyen:\n", `x.yaml:3:3: "Nguyen" is said as nothing`},
		{"patterns", "version: 1\nlexicon: {words: {A: b}, patterns: [{match: a, say: b}]}\n", "x.yaml:2:"},
		{"UTF-16", "\xff\xfea", "x.yaml: is not UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := overlay.Read("x.yaml", strings.NewReader(tt.text))
			de := new(document.Error)
			if !errors.As(err, &de) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// What was read is written so that it is read again the same, and nothing that
// is read makes Apply fail.
func FuzzRead(f *testing.F) {
	for _, path := range []string{"people.yaml", "written.yaml"} {
		b, err := os.ReadFile(filepath.Join("testdata", "files", path))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("version: 1\nlexicon: {words: {A: b}}\nedits: [{on: One., before: x, join: true}, {on: 'Two words here.', nth: 2, take: 1}]\n")
	auto := planned(f, "# A\n\nOne.\n\nTwo words here.\n\n## B\n\n> One.\n")
	f.Fuzz(func(t *testing.T, text string) {
		o, err := overlay.Read("x", strings.NewReader(text))
		if err != nil {
			return
		}
		applied, _ := o.Apply(auto)
		if n := applied.Script.Len(); n != len(applied.Origin) || n != len(applied.Places) {
			t.Fatal(n, len(applied.Origin), len(applied.Places))
		}
		first := encoded(t, o)
		again, err := overlay.Read("x", strings.NewReader(first))
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, first)
		}
		if second := encoded(t, again); first != second {
			t.Fatalf("written twice otherwise:\n%s\n---\n%s", first, second)
		}
		if got, _ := again.Apply(auto); sheetText(got) != sheetText(applied) {
			t.Fatalf("read again it says otherwise:\n%s\n---\n%s", sheetText(applied), sheetText(got))
		}
	})
}

// sheetText is what a script says, without places.
func sheetText(a *overlay.Applied) string {
	b := *a
	b.Places = make([]document.Pos, len(a.Places))
	return sheet(&b)
}
