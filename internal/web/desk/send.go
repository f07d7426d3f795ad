package desk

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/script"
)

// scriptTop is what a page of a script has whatever the document says: a browser
// is given it while the document is still being read.
type scriptTop struct {
	base
	Source   string
	Part     int // chapter of a divided book, from 1; 0 is the whole
	Roles    []string
	Voices   []string
	Phonemes bool   // an endpoint takes them
	Lexicon  string // the show's, that words are written to
}

func (m *room) scriptTop(press *pipeline.Press, source string, part int) scriptTop {
	cfg := m.show()
	t := scriptTop{base: m.base(source), Source: source, Part: part, Roles: script.Roles(), Lexicon: filepath.Base(lexiconFile(cfg))}
	for name, v := range cfg.Voices {
		t.Voices = append(t.Voices, name)
		t.Phonemes = t.Phonemes || press.Phonemes(v)
	}
	slices.Sort(t.Voices)
	for role := range cfg.Roles {
		if !slices.Contains(t.Roles, role) {
			t.Roles = append(t.Roles, role)
		}
	}
	slices.Sort(t.Roles)
	return t
}

// longSource is the size of a file, in bytes, from which on its page is begun before
// it is read. What is smaller (some 400 segments) is read and scripted in a few
// hundredths of a second, and what is wrong with it has a status of its own.
const longSource = 64 << 10

// script answers with the script of a document.
func (m *room) script(w http.ResponseWriter, r *http.Request) error {
	if m.isLong(r) {
		return m.longScript(w, r)
	}
	k, err := m.plan(r)
	if err != nil {
		return err
	}
	k.page().send(w)
	return nil
}

// isLong says whether a browser that a person sits before asks for the whole of
// a long document.
func (m *room) isLong(r *http.Request) bool {
	if r.Header.Get("Narrapress-Desk") != "" || !strings.Contains(r.Header.Get("Accept"), "text/html") || cmp.Or(r.FormValue("part"), "0") != "0" {
		return false
	}
	path, err := m.document(r.FormValue("source"))
	if err != nil {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Size() >= longSource
}

// longScript answers with a page that is begun at once: while the document is read
// and scripted, a browser gets all that its page is drawn and worked with. What goes
// wrong from then on is told in the page.
func (m *room) longScript(w http.ResponseWriter, r *http.Request) error {
	press, err := m.open(r.Context())
	if err != nil {
		return err
	}
	top := m.scriptTop(press, r.FormValue("source"), 0)
	top.Title = m.titled(r.Context(), top.Source)
	begun, err := rendered("script-top", top)
	if err != nil {
		return err
	}
	out := answered(w)
	out.piece(begun)
	out.flush()
	k, err := m.plan(r)
	if err != nil {
		if r.Context().Err() == nil {
			m.desk.o.Log.WarnContext(r.Context(), "desk", "show", m.name, "path", r.URL.Path, "error", err)
		}
		out.fault(err)
		return nil
	}
	out.rest(k.page())
	return nil
}

// titled is the title of a document as the list of episodes has it.
func (m *room) titled(ctx context.Context, source string) string {
	look, done, err := m.look()
	if err != nil {
		return source
	}
	defer done()
	return look.title(ctx, source)
}

// send answers with the script of a document.
func (p *scriptPage) send(w http.ResponseWriter) {
	begun, err := rendered("script-top", p)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	out := answered(w)
	out.piece(begun)
	out.rest(p)
}

// firstRows is how many rows a browser is given at once, with all that a page is
// worked with: more than the largest screen shows.
const firstRows = 50

// rest ends a page with a script. What is above the rows goes out with the first of
// them, and is read, heard and worked with while the others follow.
func (a *answer) rest(p *scriptPage) {
	head, err := rendered("script-head", p)
	if err != nil {
		a.fault(err)
		return
	}
	end, err := rendered("script-end", p)
	if err != nil {
		a.fault(err)
		return
	}
	b := a.b
	a.piece(head)
	a.asIs = p.foreign()
	n := 0
	for _, c := range p.Chapters {
		_, _ = b.WriteString(`<section class="chapter">`)
		if c.Title != "" {
			class := ""
			if c.Hidden {
				class = ` class="dim"`
			}
			_, _ = b.WriteString("<h2" + class + ">")
			a.text(c.Title)
			_, _ = b.WriteString("</h2>")
		}
		for part := range slices.Chunk(c.Segments, stretch) {
			_, _ = b.WriteString("<ol>\n")
			for i := range part {
				part[i].write(a)
				if n++; n == firstRows {
					a.flush()
				}
			}
			_, _ = b.WriteString("</ol>")
		}
		_, _ = b.WriteString("</section>")
	}
	a.piece(end)
	_ = b.Flush()
}
