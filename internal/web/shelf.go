package web

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// shelf is an output folder: its listed episodes, as far as they were read.
type shelf struct {
	out string

	mu     sync.Mutex
	known  map[string]*volume // by the name of the folder
	listed time.Time          // when the folder was last looked through
	all    []*volume          // found then, the newest first
}

// volume is an episode as its manifest was when it was read.
type volume struct {
	slug     string
	episode  podcast.Episode
	files    map[string]publish.File
	manifest fs.FileInfo
	head     *publish.Manifest
}

// relist is how old the list of episodes may be. Files of single episodes are
// always looked up.
const relist = 2 * time.Second

func (s *Server) shelf(out string) *shelf {
	sh, _ := s.shelves.LoadOrStore(out, &shelf{out: out, known: map[string]*volume{}})
	return sh.(*shelf)
}

// hidden says whether a name is none that is served from a folder of episodes.
func hidden(name string) bool {
	return name == "" || strings.HasPrefix(name, ".") || !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`)
}

// volume is the episode in a folder; nil where there is none that is listed.
func (sh *shelf) volume(slug string) *volume {
	if hidden(slug) {
		return nil
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.look(slug)
}

func (sh *shelf) look(slug string) *volume {
	dir := filepath.Join(sh.out, slug)
	info, err := os.Stat(filepath.Join(dir, publish.ManifestName))
	if err != nil || !info.Mode().IsRegular() {
		delete(sh.known, slug)
		return nil
	}
	v := sh.known[slug]
	if v == nil || !os.SameFile(v.manifest, info) || !v.manifest.ModTime().Equal(info.ModTime()) || v.manifest.Size() != info.Size() {
		m, err := publish.ReadHead(dir)
		if err != nil {
			delete(sh.known, slug)
			return nil
		}
		v = &volume{slug: slug, episode: m.Episode, files: map[string]publish.File{}, manifest: info, head: m}
		for _, f := range m.Files {
			v.files[f.Name] = f
		}
		sh.known[slug] = v
	}
	if listed, _ := publish.Listed(dir, v.head); !listed {
		return nil
	}
	return v
}

// volumes are all that are listed, the newest first.
func (sh *shelf) volumes() ([]*volume, error) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if time.Since(sh.listed) < relist {
		return sh.all, nil
	}
	entries, err := os.ReadDir(sh.out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []*volume
	for _, e := range entries {
		if !e.IsDir() || hidden(e.Name()) {
			continue
		}
		if v := sh.look(e.Name()); v != nil {
			all = append(all, v)
		}
	}
	slices.SortStableFunc(all, func(a, b *volume) int {
		if c := b.date().Compare(a.date()); c != 0 {
			return c
		}
		return strings.Compare(a.slug, b.slug)
	})
	sh.all, sh.listed = all, time.Now()
	return all, nil
}

// date is that of the source, or when the episode was first made.
func (v *volume) date() time.Time {
	if !v.episode.Date.IsZero() {
		return v.episode.Date
	}
	return v.episode.Released
}

// page is the file that is the episode's page; empty without one.
func (v *volume) page() string {
	for name, f := range v.files {
		if f.Kind == publish.KindPage {
			return name
		}
	}
	return ""
}
