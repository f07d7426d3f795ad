package desk

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// judgePage is what the gate says of an episode, and what a person may do.
type judgePage struct {
	base
	Build          string // that is shown: what is decided is about no other
	Script         string
	State, Class   string
	Held           bool // the gate, or a person, keeps it out
	Gone           bool // it was sent back, or its post is gone
	Why            string
	Aside          bool   // an earlier build of it stays out meanwhile
	Note, By       string // of who let it out
	Findings       []gate.Finding
	Sound          string // address of the MP3
	Pictures       []picture
	Length         float64
	Loudness, Peak string
	Chapters       []chapterLine
	Feed           string // what came of writing the feed; empty where all is well
	Outlet         outlet
}

// outlet is the show's feed, or what the show lacks for one.
type outlet struct {
	Href  string
	Lacks []feed.Missing
}

func (m *room) outlet() outlet {
	cfg := m.show()
	if lacks, ok := errors.AsType[*feed.MissingError](pipeline.FeedReady(cfg)); ok {
		return outlet{Lacks: lacks.Keys}
	}
	if _, err := os.Stat(filepath.Join(cfg.Output.Dir, feed.Name)); err != nil {
		return outlet{}
	}
	if len(m.desk.o.Shows()) == 1 {
		return outlet{Href: "/" + feed.Name}
	}
	return outlet{Href: "/" + m.name + "/" + feed.Name}
}

type picture struct{ Href, Alt string }

type chapterLine struct {
	Title string
	Start float64
}

// judge shows an episode before it goes out.
func (m *room) judge(w http.ResponseWriter, r *http.Request) error {
	p, err := m.judged(r.PathValue("slug"))
	if err != nil {
		return err
	}
	render(w, http.StatusOK, "release", p)
	return nil
}

func (m *room) judged(slug string) (*judgePage, error) {
	dir, aside, err := m.folder(slug)
	if err != nil {
		return nil, err
	}
	man, err := publish.ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	ep := man.Episode
	p := &judgePage{
		base: m.base(ep.Title), Aside: aside, Length: float64(ep.Length),
		Loudness: fmt.Sprintf("%.1f LUFS", float64(ep.Loudness.Integrated)), Peak: fmt.Sprintf("%.1f dBTP", float64(ep.Loudness.TruePeak)),
	}
	p.State, p.Class = stateOf(dir, man, false)
	p.Outlet = m.outlet()
	passed, _ := publish.Passed(dir, man)
	p.Held = !passed
	p.Gone, p.Why = publish.Withdrawn(m.own(slug, dir))
	p.Build = man.Build
	if rel, ok := publish.Released(dir, man.Build); ok {
		p.Note, p.By = rel.Note, rel.By
	}
	if man.Gate != nil {
		p.Findings = man.Gate.Findings
	}
	if _, err := m.document(man.Source.Path); err == nil {
		p.Script = m.address("script", "source", man.Source.Path)
	}
	for _, f := range man.Files {
		if f.Kind == publish.KindAudio && strings.HasSuffix(f.Name, ".mp3") {
			p.Sound = m.address("file/" + slug + "/" + f.Name)
		}
	}
	for _, c := range ep.Chapters {
		p.Chapters = append(p.Chapters, chapterLine{c.Title, float64(c.Start)})
	}
	for _, name := range reportPictures(dir) {
		alt := strings.TrimSuffix(path.Base(name), ".svg")
		p.Pictures = append(p.Pictures, picture{m.address("file/" + slug + "/" + name), strings.ToUpper(alt[:1]) + alt[1:] + " of the episode"})
	}
	return p, nil
}

// own is the folder that listeners get an episode from, where there is one, also
// while another build of it is held aside in dir.
func (m *room) own(slug, dir string) string {
	own := filepath.Join(m.show().Output.Dir, slug)
	if _, err := os.Stat(filepath.Join(own, publish.ManifestName)); err == nil {
		return own
	}
	return dir
}

// reportPictures are those of the report in a folder, by their names in it.
func reportPictures(dir string) []string {
	all, _ := filepath.Glob(filepath.Join(dir, publish.ReportFiles()[2], "*.svg"))
	for i, f := range all {
		all[i] = path.Join(publish.ReportFiles()[2], filepath.Base(f))
	}
	return all
}

// mostNote bounds what is written about a release, in bytes.
const mostNote = 4 << 10

// release lets an episode out, or sends it back, and writes the feed.
func (m *room) release(w http.ResponseWriter, r *http.Request) error {
	slug := r.PathValue("slug")
	dir, _, err := m.folder(slug)
	if err != nil {
		return err
	}
	cfg := m.show()
	note, by := strings.TrimSpace(r.FormValue("note")), plain(r.FormValue("by"))
	if len(note) > mostNote || len(by) > mostNote {
		return faultf(http.StatusUnprocessableEntity, "the note has %d bytes, and %d are kept", len(note), mostNote)
	}
	man, err := publish.ReadManifest(dir)
	if err != nil {
		return err
	}
	if was := r.FormValue("build"); was != "" && was != man.Build {
		return faultf(http.StatusConflict, "the episode was made again since the page was loaded: load it again, and hear it")
	}
	passed, _ := publish.Passed(dir, man)
	now := m.desk.o.Now().UTC().Truncate(time.Second)
	switch r.FormValue("do") {
	case "out":
		if !passed && note == "" {
			return faultf(http.StatusUnprocessableEntity, "say why it may go out: the note is kept with the episode")
		}
		if !passed {
			if _, err := pipeline.Release(cfg.Output.Dir, dir, publish.Release{Note: note, By: by, When: now}); err != nil {
				return err
			}
		}
	case "again":
		if _, err := publish.Restore(m.own(slug, dir)); err != nil {
			return err
		}
	case "back":
		if note == "" {
			return faultf(http.StatusUnprocessableEntity, "say why it goes back: whoever mends it will want to know")
		}
		if _, err := publish.Withdraw(m.own(slug, dir), publish.Withdrawal{Reason: note, When: now}); err != nil {
			return err
		}
	default:
		return faultf(http.StatusBadRequest, "what is to be done with it?")
	}
	if err := m.publish(r.Context()); err != nil {
		lacks, ok := errors.AsType[*feed.MissingError](err)
		if !ok {
			return err
		}
		// What was decided holds all the same.
		p, err := m.judged(slug)
		if err != nil {
			return err
		}
		p.Feed = "The feed is as it was: " + lacks.Error()
		render(w, http.StatusOK, "release", p)
		return nil
	}
	http.Redirect(w, r, m.address("release/"+slug), http.StatusSeeOther)
	return nil
}

// file answers with a file of an episode, be it published or held: one that its
// manifest names, or a part of its report.
func (m *room) file(w http.ResponseWriter, r *http.Request) error {
	dir, _, err := m.folder(r.PathValue("slug"))
	if err != nil {
		return err
	}
	name := r.PathValue("name")
	man, err := publish.ReadHead(dir)
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(man.Files, func(f publish.File) bool { return f.Name == name }) ||
		slices.Contains(publish.ReportFiles(), name) || slices.Contains(reportPictures(dir), name)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil || !known {
		return faultf(http.StatusNotFound, "the episode has no file %q", name)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return faultf(http.StatusNotFound, "the episode has no file %q", name)
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	// What is shown of an episode runs nothing, whatever is written in it.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox")
	http.ServeContent(w, r, "", info.ModTime(), f)
	return nil
}
