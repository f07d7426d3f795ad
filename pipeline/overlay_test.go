package pipeline_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

func planOf(t *testing.T, dir string, o pipeline.Order) *pipeline.Plan {
	t.Helper()
	p, err := press(t, dir).Plan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func texts(s *script.Script) string {
	var out []string
	for _, g := range s.Segments() {
		out = append(out, g.Text)
	}
	return strings.Join(out, " ")
}

// The words of the edits stand above those of the show and below those of the
// document, and are in the automatic script too.
func TestWordsOfEdits(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml": show + "lexicon: [words.yaml]\n",
		"words.yaml":      "words: {Hale: hail, Wren: ren, Voss: foss}\n",
		"post.md":         "---\ntitle: Names\nnarrapress: {lexicon: {Voss: vaws}}\n---\n\nHale, Wren and Voss met.\n",
		"post.md.narrapress.yaml": `version: 1
lexicon: {Wren: wrenn, Voss: fuss}
`,
	})
	p := planOf(t, dir, pipeline.Order{Source: filepath.Join(dir, "post.md")})
	if got := texts(p.Script); !strings.Contains(got, "Hail, wrenn and vaws met.") {
		t.Error(got)
	}
	if got := texts(p.Automatic); !strings.Contains(got, "Hail, wrenn and vaws met.") {
		t.Errorf("automatic: %s", got)
	}
}

// An order's own edits are used, and those beside the document are not read.
func TestOrderWithEdits(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"narrapress.yaml": show, "post.md": post, "post.md.narrapress.yaml": "no edits at all"})
	o := pipeline.Order{Source: filepath.Join(dir, "post.md"), Overlay: &overlay.Overlay{}}
	p := planOf(t, dir, o)
	if p.Automatic != p.Script || p.Origin != nil {
		t.Error("no edits change nothing")
	}
	o.Overlay.Set(p.Automatic, 2, overlay.Edit{Say: "It was high.", After: []overlay.Line{{Say: "Very high."}}})
	o.Overlay.Lexicon = []lexicon.Entry{{Words: "wool", Say: "wull"}}
	p = planOf(t, dir, o)
	if got := texts(p.Script); !strings.Contains(got, "It was high. Very high. The water") || !strings.Contains(got, "wet wull") {
		t.Error(got)
	}
	if len(p.Segments) != p.Script.Len() || p.Automatic.Len() != p.Script.Len()-1 || p.Automatic.ID != p.Script.ID || p.Automatic.Title != p.Script.Title {
		t.Errorf("%+v", p.Automatic)
	}
	if p.Origin[1] != 2 || p.Origin[2] != 0 || p.Origin[3] != 3 {
		t.Error(p.Origin)
	}
	o.Overlay.Lexicon[0].Say = ""
	if _, err := press(t, dir).Plan(t.Context(), o); err == nil {
		t.Error("a word that is said as nothing is an error")
	}
}

// Each chapter of a divided document has edits of its own; a document from
// elsewhere has none.
func TestEditsOfChapters(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml":           show + "output: {split: chapter}\n",
		"post.md":                   post,
		"post.md.2.narrapress.yaml": "version: 1\nedits:\n  - on: In the evening the house smelled of wet wool, and we told it all again by the fire.\n    skip: true\n    after: Good night.\n",
	})
	p := press(t, dir)
	orders, err := p.Divide(t.Context(), pipeline.Order{Source: filepath.Join(dir, "post.md")})
	if err != nil || len(orders) < 2 {
		t.Fatal(len(orders), err)
	}
	edited := 0
	for _, o := range orders {
		plan, err := p.Plan(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Overlay.File() != o.OverlayFile() {
			t.Errorf("%s and %s", plan.Overlay.File(), o.OverlayFile())
		}
		if strings.Contains(texts(plan.Script), "Good night.") {
			edited++
		}
	}
	if _, err := os.Stat(orders[len(orders)-1].OverlayFile()); edited != 1 || err != nil {
		t.Errorf("%d chapters are edited; %v", edited, err)
	}
	for _, o := range []pipeline.Order{{Source: pipeline.Stdin}, {Source: "https://example.com/a"}} {
		if f := o.OverlayFile(); f != "" {
			t.Error(f)
		}
	}
}

// A restitch keeps the edits that are in an episode.
func TestRestitchKeepsEdits(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"narrapress.yaml":         show,
		"post.md":                 post,
		"post.md.narrapress.yaml": "version: 1\nedits:\n  - on: At home\n    pause: 2s\n    chapter: Home\n",
	})
	res := produce(t, dir, pipeline.Order{Source: "post.md"})
	before := published(t, res.Dir)
	if err := os.WriteFile(filepath.Join(dir, "narrapress.yaml"), []byte(show+"audio: {pauses: {paragraph: 1s}}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	restitch(t, dir, pipeline.Restitching{Dir: res.Dir})
	m, err := publish.ReadManifest(res.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if m.Source.Overlay == nil || m.Source.Overlay.Name != "post.md.narrapress.yaml" || m.Revision != 1 {
		t.Errorf("%+v revision %d", m.Source.Overlay, m.Revision)
	}
	if before[publish.ManifestName] == read(t, filepath.Join(res.Dir, publish.ManifestName)) {
		t.Error("the pauses are others")
	}
	sc, err := publish.ReadScript(res.Dir, m)
	if err != nil {
		t.Fatal(err)
	}
	for p, g := range sc.Segments() {
		if sc.Chapters[p.Chapter].Title == "Home" && p.Index == 0 && g.Pause.Seconds() != 2 {
			t.Errorf("the pause of the edits is %v", g.Pause)
		}
	}
}
