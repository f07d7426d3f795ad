package web

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// Cache control, as package upload has it: the files of an episode may be
// corrected under their names and are asked for by their ETags, the name of a
// cover holds its hash, a feed that is minutes old is as good as new.
const (
	cacheEpisode = "public, max-age=3600"
	cacheCover   = "public, max-age=31536000, immutable"
	cacheFeed    = "public, max-age=300"
	cacheIndex   = "public, max-age=60"
)

// mount is a show and where it stands on this server.
type mount struct {
	cfg      *config.Config
	prefix   string   // that its own links have, with a slash at the end
	prefixes []string // all that lead to it
}

// mounts are where the shows stand: under their names, one alone at the root; and
// each, too, at the path that its publish.base_url has, for a proxy that passes
// addresses on as they are. Where two would stand at one place, Clash says so; the
// name comes before a path, and the first before the second.
func (s *Server) mounts() []mount {
	return mounts(s.site.Shows())
}

func mounts(shows []*config.Config) []mount {
	out := make([]mount, 0, len(shows))
	taken := map[string]bool{}
	for _, cfg := range shows {
		m := mount{cfg: cfg, prefix: "/" + publish.Slug(batch.ShowName(cfg)) + "/"}
		if len(shows) == 1 {
			m.prefix = "/"
		}
		taken[m.prefix] = true
		m.prefixes = []string{m.prefix}
		out = append(out, m)
	}
	for i := range out {
		if p := basePath(out[i].cfg); p != "/" && !taken[p] {
			taken[p] = true
			out[i].prefixes = append(out[i].prefixes, p)
		}
	}
	return out
}

// basePath is the path of a show's publish.base_url, with a slash at the end.
func basePath(cfg *config.Config) string {
	u, err := url.Parse(cfg.Publish.BaseURL)
	if err != nil {
		return "/"
	}
	return strings.TrimSuffix(u.Path, "/") + "/"
}

// Clash says which two shows a server cannot tell apart by their addresses; nil
// where it can.
func Clash(shows []*config.Config) error {
	if len(shows) < 2 {
		return nil
	}
	names, paths := map[string]*config.Config{}, map[string]*config.Config{}
	for _, cfg := range shows {
		name := "/" + publish.Slug(batch.ShowName(cfg)) + "/"
		if other := names[name]; other != nil {
			return fmt.Errorf("%s and %s would both stand at %s: give one another id under show: in its file", other.File, cfg.File, name)
		}
		names[name] = cfg
	}
	for _, cfg := range shows {
		p := basePath(cfg)
		if p == "/" {
			continue
		}
		if other := names[p]; other != nil && other != cfg {
			return fmt.Errorf("%s: publish.base_url ends in %s, where %s stands by its name: give one another id or path", cfg.File, p, other.File)
		}
		if other := paths[p]; other != nil {
			return fmt.Errorf("%s and %s would both stand at %s, by publish.base_url: give one another path", other.File, cfg.File, p)
		}
		paths[p] = cfg
	}
	return nil
}

// find is the show that an address leads to, and the rest of its path.
func (s *Server) find(address string) (m mount, rest string, ok bool) {
	longest := ""
	for _, one := range s.mounts() {
		for _, p := range one.prefixes {
			if strings.HasPrefix(address, p) && len(p) > len(longest) {
				longest, m, rest, ok = p, one, address[len(p):], true
			}
		}
	}
	return m, rest, ok
}

// published answers with a file that is published, or with a list of what is.
func (s *Server) published(w http.ResponseWriter, r *http.Request) {
	m, rest, ok := s.find(r.URL.Path)
	switch {
	case !ok && r.URL.Path == "/":
		s.showList(w, r)
	case !ok && s.isMount(r.URL.Path+"/"):
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
	case !ok:
		http.NotFound(w, r)
	case rest == "":
		s.episodes(w, r, m)
	case !strings.Contains(rest, "/"):
		s.front(w, r, m, rest)
	default:
		slug, name, _ := strings.Cut(rest, "/")
		s.file(w, r, m, slug, name)
	}
}

func (s *Server) isMount(address string) bool {
	return slices.ContainsFunc(s.mounts(), func(m mount) bool { return slices.Contains(m.prefixes, address) })
}

// front answers with a file of the output folder itself: the feed, its archive
// pages, a cover.
func (s *Server) front(w http.ResponseWriter, r *http.Request, m mount, name string) {
	if hidden(name) || !feed.Ours(name) {
		http.NotFound(w, r)
		return
	}
	mediaType, cache := "application/rss+xml; charset=utf-8", cacheFeed
	switch path.Ext(name) {
	case ".jpg":
		mediaType, cache = "image/jpeg", cacheCover
	case ".png":
		mediaType, cache = "image/png", cacheCover
	}
	send(w, r, m.cfg.Output.Dir, name, mediaType, cache, "")
}

// file answers with a file that the manifest of a listed episode names.
func (s *Server) file(w http.ResponseWriter, r *http.Request, m mount, slug, name string) {
	v := s.shelf(m.cfg.Output.Dir).volume(slug)
	if v == nil {
		http.NotFound(w, r)
		return
	}
	f, ok := v.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	mediaType := f.MediaType
	if strings.HasPrefix(mediaType, "text/") && !strings.Contains(mediaType, "charset") {
		mediaType += "; charset=utf-8"
	}
	if strings.HasPrefix(mediaType, "text/html") && f.Kind != publish.KindPage {
		// A page has a policy of its own in it. What else is HTML runs nothing.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'")
	}
	send(w, r, filepath.Join(m.cfg.Output.Dir, slug), name, mediaType, cacheEpisode, f.SHA256)
}

// send answers with a file of a folder, from which no link leads out; whole, in
// ranges, or not at all where the client has it. The ETag holds the time of the
// file beside its hash: while an episode is made anew its files are there before
// the manifest that has their hashes.
func send(w http.ResponseWriter, r *http.Request, dir, name, mediaType, cache, hash string) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", cache)
	h.Set("ETag", fmt.Sprintf("\"%.16s-%x-%x\"", hash, info.Size(), info.ModTime().UnixNano()))
	open(h)
	http.ServeContent(newPatient(w), exactly(r, info.ModTime()), "", info.ModTime(), f)
}

// exactly is a request whose client has the file only if it names the very time of it:
// a file with an earlier time was made since, by a clock that went back.
func exactly(r *http.Request, modified time.Time) *http.Request {
	const since = "If-Modified-Since" // RFC 9110, section 13.1.3
	if t, err := http.ParseTime(r.Header.Get(since)); err != nil || t.Equal(modified.Truncate(time.Second)) {
		return r
	}
	r = r.Clone(r.Context())
	r.Header.Del(since)
	return r
}

// open lets pages of other servers read a file that everybody may read: players
// ask for transcripts and chapters so.
func open(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Accept-Ranges, Content-Length, Content-Range, ETag")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// preflight says that files may be asked for in ranges.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request) {
	if _, rest, ok := s.find(r.URL.Path); !ok || rest == "" {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	open(h)
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "Range, If-Range, If-None-Match, If-Modified-Since")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}
