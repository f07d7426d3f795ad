package desk

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// episodesPage lists what a show has, and what it could have.
type episodesPage struct {
	base
	Query          string
	Rows           []episodeRow
	Found, All     int
	Earlier, Later string // addresses of other pages
	Findings       []string
	Feed           outlet
}

// episodeRow is an episode, or a document that none was made of yet.
type episodeRow struct {
	Title  string
	Source string // document
	Script string // address of its script; empty where there is no document
	Judge  string // address of what the gate says; empty where it is not made
	State  string
	Class  string // of the state, for its colour
	Length float64
	Date   time.Time
	Cost   string

	Changed bool           // its text is not as it was when it was made
	of      publish.Source // that it was made of
	divided bool           // it is a chapter of one
}

// Mark is what else is told of its state.
func (e *episodeRow) Mark() string {
	if e.Changed {
		return "changed since it was made"
	}
	return ""
}

// perPage is how many rows a page has.
const perPage = 200

// rows are all that is known of the show's episodes: those that are made, the
// latest first, behind the documents that are not.
func (m *room) rows() ([]episodeRow, []string, error) {
	cfg := m.show()
	found, findings, err := publish.ListHeads(cfg.Output.Dir)
	if err != nil {
		return nil, nil, err
	}
	held, more, err := publish.FindHeld(cfg.Output.Dir)
	if err != nil {
		return nil, nil, err
	}
	findings = append(findings, more...)
	waits := map[string]bool{} // a held build of it waits aside
	var made []episodeRow
	of := map[string]bool{} // documents that are made
	add := func(dir string, head *publish.Manifest) {
		ep := &head.Episode
		row := episodeRow{
			Title: ep.Title, Source: head.Source.Path, Judge: m.address("release/" + filepath.Base(dir)),
			Length: float64(ep.Length), Date: cmp.Or(ep.Date, ep.Released),
			of: head.Source, divided: strings.Contains(ep.ID, "#"),
		}
		row.State, row.Class = stateOf(dir, head, waits[filepath.Base(dir)])
		if _, err := m.document(row.Source); err == nil {
			row.Script = m.address("script", "source", row.Source)
		}
		of[row.Source] = true
		made = append(made, row)
	}
	for _, h := range held {
		waits[filepath.Base(h.Dir)] = h.Aside
	}
	listed := map[string]bool{}
	for _, f := range found {
		listed[filepath.Base(f.Dir)] = true
		add(f.Dir, f.Head)
	}
	for _, h := range held {
		if h.Aside && !listed[filepath.Base(h.Dir)] {
			add(h.Dir, h.Head)
		}
	}
	slices.SortStableFunc(made, func(a, b episodeRow) int { return b.Date.Compare(a.Date) })
	var rows []episodeRow
	for _, name := range m.documents() {
		if !of[name] {
			rows = append(rows, episodeRow{Title: titleOfFile(name), Source: name, Script: m.address("script", "source", name), State: "not made yet", Class: "dim"})
		}
	}
	rows = append(rows, made...)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, job := range m.making {
		if job.Done && job.Err == "" {
			continue
		}
		for i := range rows {
			if rows[i].Source == job.Source && (job.Part == 0 || rows[i].Judge == "" || job.Slug != "" && strings.HasSuffix(rows[i].Judge, "/"+job.Slug)) {
				rows[i].State, rows[i].Class = job.line(), "live"
				if job.Err != "" {
					rows[i].Class = "bad"
				}
			}
		}
	}
	return rows, findings, nil
}

// stateOf is how an episode stands, in a word or two.
func stateOf(dir string, m *publish.Manifest, waits bool) (state, class string) {
	if gone, why := publish.Withdrawn(dir); gone {
		return "sent back: " + strings.TrimPrefix(why, "withdrawn: "), "warn"
	}
	switch passed, _ := publish.Passed(dir, m); {
	case !passed:
		return "held", "bad"
	case waits:
		return "released; a newer version is held", "warn"
	}
	return "released", "good"
}

func titleOfFile(name string) string {
	return strings.TrimSuffix(path.Base(name), path.Ext(name))
}

// episodes lists them, those that hold all words of the query.
func (m *room) episodes(w http.ResponseWriter, r *http.Request) error {
	p, err := m.list(r)
	if err != nil {
		return err
	}
	render(w, http.StatusOK, "episodes", p)
	return nil
}

// episodeRows is the table alone.
func (m *room) episodeRows(w http.ResponseWriter, r *http.Request) error {
	p, err := m.list(r)
	if err != nil {
		return err
	}
	render(w, http.StatusOK, "episode-rows", p)
	return nil
}

func (m *room) list(r *http.Request) (*episodesPage, error) {
	rows, findings, err := m.rows()
	if err != nil {
		return nil, err
	}
	p := &episodesPage{base: m.base("Episodes"), Query: strings.TrimSpace(r.FormValue("q")), All: len(rows), Findings: findings}
	look, done, err := m.look()
	if err != nil {
		return nil, err
	}
	defer done()
	fill := func(rows []episodeRow) {
		for i := range rows {
			switch e := &rows[i]; {
			case e.Judge == "":
				e.Title = look.title(r.Context(), e.Source)
			case e.Script != "":
				e.Changed = look.changed(e.of, e.divided)
			}
		}
	}
	if p.Query != "" {
		fill(rows) // they are found by it
	}
	for _, word := range strings.Fields(strings.ToLower(p.Query)) {
		rows = slices.DeleteFunc(rows, func(e episodeRow) bool {
			return !strings.Contains(strings.ToLower(e.Title+" "+e.Source+" "+e.State+" "+e.Mark()), word)
		})
	}
	p.Found = len(rows)
	n, _ := strconv.Atoi(r.FormValue("page")) // what is no number is the first
	last := max(0, (len(rows)-1)/perPage)
	n = min(max(n, 0), last)
	at := func(n int) string { return "?" + url.Values{"q": {p.Query}, "page": {strconv.Itoa(n)}}.Encode() }
	if n > 0 {
		p.Later = at(n - 1)
	}
	if n < last {
		p.Earlier = at(n + 1)
	}
	p.Rows = rows[n*perPage : min(len(rows), (n+1)*perPage)]
	if p.Query == "" {
		fill(p.Rows)
	}
	p.Here, p.Feed = "episodes", m.outlet()
	return p, nil
}

// folder is where an episode is, by its slug in an address: the build that is to
// be judged, and whether another one of it is out meanwhile.
func (m *room) folder(slug string) (dir string, aside bool, err error) {
	unknown := faultf(http.StatusNotFound, "there is no episode %q", slug)
	if publish.Slug(slug) != slug {
		return "", false, unknown
	}
	out := m.show().Output.Dir
	for _, in := range []string{filepath.Join(out, publish.HeldDir), out} {
		dir := filepath.Join(in, slug)
		if info, err := os.Stat(filepath.Join(dir, publish.ManifestName)); err == nil && info.Mode().IsRegular() {
			return dir, in != out, nil
		} else if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", false, err
		}
	}
	return "", false, unknown
}
