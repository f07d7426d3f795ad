package web

import (
	_ "embed"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

//go:embed index.html
var indexHTML string

// perPage is how many episodes a page of the list has.
const perPage = 100

// indexPage is what a list of episodes, or of shows, is made of.
type indexPage struct {
	Title, Description string
	Feed               string // address
	Shows              []link
	Episodes           []indexRow
	Earlier, Later     string // addresses of other pages
}

type link struct{ Title, Href string }

type indexRow struct {
	Title, Href, Sound string
	Date               time.Time
	Length             float64
}

// showList is the front of a server of many shows.
func (s *Server) showList(w http.ResponseWriter, _ *http.Request) {
	p := indexPage{Title: "narrapress"}
	for _, m := range s.mounts() {
		title := m.cfg.Show.Title
		if title == "" {
			title = batch.ShowName(m.cfg)
		}
		p.Shows = append(p.Shows, link{title, m.prefix})
	}
	w.Header().Set("Cache-Control", cacheIndex)
	render(w, http.StatusOK, s.index, p)
}

// episodes lists what a show has published.
func (s *Server) episodes(w http.ResponseWriter, r *http.Request, m mount) {
	all, err := s.shelf(m.cfg.Output.Dir).volumes()
	if err != nil {
		s.log.ErrorContext(r.Context(), "the output folder cannot be read", "error", err)
		http.Error(w, "the episodes cannot be read", http.StatusInternalServerError)
		return
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("page")) // what is no number is the first
	last := max(0, (len(all)-1)/perPage)
	n = min(max(n, 0), last)
	p := indexPage{Title: m.cfg.Show.Title, Description: m.cfg.Show.Description}
	if p.Title == "" {
		p.Title = batch.ShowName(m.cfg)
	}
	if _, err := os.Stat(filepath.Join(m.cfg.Output.Dir, feed.Name)); err == nil {
		p.Feed = feed.Name
	}
	for _, v := range all[n*perPage : min(len(all), (n+1)*perPage)] {
		row := indexRow{Title: v.episode.Title, Date: v.date(), Length: float64(v.episode.Length)}
		if _, ok := v.files[v.slug+".mp3"]; ok {
			row.Sound = reference(v.slug, v.slug+".mp3")
		}
		row.Href = row.Sound
		if page := v.page(); page != "" {
			row.Href = reference(v.slug, page)
		}
		p.Episodes = append(p.Episodes, row)
	}
	if n > 0 {
		p.Later = "?page=" + strconv.Itoa(n-1)
	}
	if n < last {
		p.Earlier = "?page=" + strconv.Itoa(n+1)
	}
	w.Header().Set("Cache-Control", cacheIndex)
	render(w, http.StatusOK, s.index, p)
}

// reference is the address of a file beside the list.
func reference(names ...string) string {
	for i, n := range names {
		names[i] = url.PathEscape(n)
	}
	return "./" + strings.Join(names, "/")
}
