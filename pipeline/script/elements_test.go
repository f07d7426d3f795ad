package script

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/normalize"
)

// TestElementTable holds a fixture and a script written by hand for every row
// of the table in docs/text.md. Lines before the files set options.
func TestElementTable(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/elements/*.txtar")
	if err != nil || len(paths) < 50 {
		t.Fatal(err, len(paths))
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			f := fixtureOf(t, path)
			s, findings := f.plan(t)
			if diff := cmp.Diff(f.want, f.sheet(s)); diff != "" {
				t.Errorf("script (-want +got):\n%s", diff)
			}
			var found strings.Builder
			for _, x := range findings {
				found.WriteString(x.Text + "\n")
			}
			if diff := cmp.Diff(f.findings, found.String()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			checkAlignment(t, f.doc, s)
		})
	}
}

// fixture is an archive of testdata/elements.
type fixture struct {
	brief          Brief
	doc            *document.Document
	source         string
	want, findings string
	chapters       bool
}

func fixtureOf(t *testing.T, path string) fixture {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := fixture{brief: brief()}
	f.brief.Options.Opening, f.brief.Language = "", "en"
	for line := range strings.Lines(string(archive.Comment)) {
		f.set(t, strings.TrimSpace(line))
	}
	for _, file := range archive.Files {
		switch file.Name {
		case "script":
			f.want = string(file.Data)
		case "findings":
			f.findings = string(file.Data)
		default:
			f.source = string(file.Data)
			f.doc, err = document.Read(context.Background(), file.Name, strings.NewReader(f.source), document.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if f.doc.Meta.Title == "" {
				f.doc.Meta.Title = document.TitleFromName(file.Name)
			}
		}
	}
	return f
}

func (f *fixture) set(t *testing.T, line string) {
	t.Helper()
	o := &f.brief.Options
	switch what, rest, _ := strings.Cut(line, " "); what {
	case "chapters":
		f.chapters = true
	case "voices":
		f.voices(rest)
	case "set":
		key, value, _ := strings.Cut(rest, "=")
		for _, m := range o.Elements.modes() {
			if key == "elements."+m.name {
				*m.value = value
				return
			}
		}
		name, announced := strings.CutPrefix(key, "announcements.")
		switch {
		case announced:
			if o.Announcements == nil {
				o.Announcements = Announcements{}
			}
			o.Announcements[name] = value
		case key == "opening":
			o.Opening = value
		case key == "closing":
			o.Closing = value
		case key == "language":
			f.brief.Language = value
		case key == "segment.least":
			o.Segment.Least, _ = strconv.Atoi(value)
		default:
			t.Fatalf("no setting %q", key)
		}
		if err := o.Validate(); err != nil {
			t.Fatal(err)
		}
	}
}

// voices casts: "one" voice for all, one for all "speakers" each, or a voice
// of a name beside those of text and quotes.
func (f *fixture) voices(how string) {
	voice := func(role string) string {
		if role == RoleQuote || strings.HasPrefix(role, "voice:") {
			return role
		}
		return RoleBody
	}
	if how == "speakers" {
		voice = func(role string) string { return role }
	} else if how == "one" {
		voice = func(string) string { return RoleBody }
	} else if name, ok := strings.CutPrefix(how, "voice:"); ok {
		f.brief.Cast = func(n string) (bool, bool) { return n == name, false }
	}
	f.brief.SameVoice = func(a, b string) bool { return voice(a) == voice(b) }
}

func (f *fixture) plan(t *testing.T) (*Script, []document.Finding) {
	t.Helper()
	s, findings, err := Plan(f.doc, f.brief)
	if err != nil {
		t.Fatal(err)
	}
	return s, append(f.doc.Findings, findings...)
}

func (f *fixture) sheet(s *Script) string {
	var out strings.Builder
	for line := range strings.Lines(sheet(s)) {
		if f.chapters || !strings.HasPrefix(line, "==") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// checkAlignment checks of every segment that its text is what its edits make
// of what the author wrote, that every edit says who asked for it, and that
// what was written stands where the anchors say.
func checkAlignment(t *testing.T, doc *document.Document, s *Script) {
	t.Helper()
	for p, g := range s.Segments() {
		if len(g.Edits) > 0 {
			if !valid(g.Written, g.Edits) || normalize.Apply(g.Written, g.Edits) != g.Text {
				t.Errorf("segment %d: %q and %v do not make %q", p.Ordinal, g.Written, g.Edits, g.Text)
			}
		} else if g.Written != "" {
			t.Errorf("segment %d has what was written and no edits: %q", p.Ordinal, g.Written)
		}
		for _, e := range g.Edits {
			if e.Rule == "" {
				t.Errorf("segment %d: nobody asked for %+v", p.Ordinal, e)
			}
		}
		for i, a := range g.Anchors {
			if a.Line < 1 || a.Col < 1 || i > 0 && a.Off <= g.Anchors[i-1].Off {
				t.Errorf("segment %d: anchors %v", p.Ordinal, g.Anchors)
			}
		}
	}
	if doc == nil {
		t.Error("no document")
	}
}

// Swapping two words of a fixture, or taking one out, is noticed: the scripts
// above hold every word of theirs.
func TestFixturesHoldEveryWord(t *testing.T) {
	t.Parallel()
	paths, _ := filepath.Glob("testdata/elements/*.txtar")
	changed := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "directives.txtar") {
			continue // it leaves words out
		}
		f := fixtureOf(t, path)
		before := fmt.Sprint(f.plan(t))
		words := map[string]bool{}
		for i, e := range f.doc.Elements {
			for j, in := range e.Text {
				if in.Kind != document.Text || len(strings.Fields(in.Text)) < 2 {
					continue
				}
				w := strings.Fields(in.Text)
				w[0], w[1] = w[1], w[0]
				f.doc.Elements[i].Text[j].Text = strings.Join(w, " ")
				words[w[0]] = true
				if w[0] == w[1] {
					continue
				}
				if after := fmt.Sprint(f.plan(t)); after == before {
					t.Errorf("%s: swapping %q and %q changes nothing", path, w[0], w[1])
				}
				changed++
				f.doc.Elements[i].Text[j].Text = in.Text
			}
		}
	}
	if changed < 50 {
		t.Errorf("only %d words were swapped", changed)
	}
}

// A footnote that is taken out of a fixture is missed.
func TestFixturesHoldEveryFootnote(t *testing.T) {
	t.Parallel()
	paths, _ := filepath.Glob("testdata/elements/*.txtar")
	dropped := 0
	for _, path := range paths {
		f := fixtureOf(t, path)
		before := fmt.Sprint(f.plan(t))
		for i, e := range f.doc.Elements {
			if e.Kind != document.Note {
				continue
			}
			all := f.doc.Elements
			f.doc.Elements = slices.Delete(slices.Clone(all), i, i+1)
			if after := fmt.Sprint(f.plan(t)); after == before {
				t.Errorf("%s: without footnote %s nothing changes", path, e.Label)
			}
			f.doc.Elements = all
			dropped++
		}
	}
	if dropped < 5 {
		t.Errorf("only %d footnotes were taken out", dropped)
	}
}
