package desk

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
)

// room is a show at the desk.
type room struct {
	desk *Desk
	name string // in addresses
	cfg  *config.Config

	mu       sync.Mutex
	press    *pipeline.Press // of the show and its lexicons as they are
	of       *config.Config  // that press was made of
	made     string          // mark of the lexicons then
	watchers map[chan event]bool
	making   map[string]*making // the last of each order, by its name
	jobs     int                // that were begun
	files    map[string]file    // that the list looked into, by their paths from the show's folder
	writing  sync.Mutex         // of overlays, lexicons and the show's file
}

// with is the room with its show as it is now.
func (m *room) with(cfg *config.Config) *room {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cfg = cfg
	return m
}

func (m *room) show() *config.Config {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cfg
}

// reload takes the show's file as it was just written.
func (m *room) reload(ctx context.Context) error {
	if m.desk.o.Reload == nil {
		return nil
	}
	if err := m.desk.o.Reload(ctx, m.show().File); err != nil {
		return err
	}
	for _, cfg := range m.desk.o.Shows() {
		if roomName(cfg) == m.name {
			m.with(cfg)
		}
	}
	return nil
}

// open is the show's press. Another one is made where the show or a lexicon of
// it has changed.
func (m *room) open(ctx context.Context) (*pipeline.Press, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	mark := ""
	for _, file := range lexiconsOf(m.cfg) {
		if info, err := os.Stat(file); err == nil {
			mark += fmt.Sprintf(" %d %d", info.Size(), info.ModTime().UnixNano())
		}
	}
	if m.press != nil && m.of == m.cfg && m.made == mark {
		return m.press, nil
	}
	p, err := m.desk.newPress(ctx, m.cfg, pipeline.Options{Recall: mostRecalled})
	if err != nil {
		return nil, err
	}
	m.press, m.of, m.made = p, m.cfg, mark
	return p, nil
}

// mostRecalled bounds the texts that are kept in memory as they were read and
// scripted, in bytes: a few books, or a show's latest hundred posts.
const mostRecalled = 4 << 20

// newPress makes a press that outlives the request it was made for.
func (d *Desk) newPress(ctx context.Context, cfg *config.Config, o pipeline.Options) (*pipeline.Press, error) {
	o.Version, o.Log, o.Now = d.o.Version, d.o.Log, d.o.Now
	return pipeline.New(context.WithoutCancel(ctx), cfg, o)
}

func lexiconsOf(cfg *config.Config) []string {
	out := slices.Clone(cfg.Lexicon)
	for _, v := range cfg.Voices {
		out = append(out, v.Lexicon...)
	}
	slices.Sort(out)
	return out
}

func titleOf(cfg *config.Config) string {
	return cmp.Or(cfg.Show.Title, filepath.Base(cfg.Dir))
}

// mostDocuments bounds how many documents of a show's folder are listed, and
// deepest how deep they may lie in it.
const (
	mostDocuments = 5000
	deepest       = 6
)

// documents are the texts in the folder of the show, by their paths from there,
// with slashes.
func (m *room) documents() []string {
	cfg := m.show()
	var out []string
	root, err := os.OpenRoot(cfg.Dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	_ = fs.WalkDir(root.FS(), ".", func(rel string, e fs.DirEntry, err error) error {
		switch {
		case err != nil, rel == ".": // what cannot be read is not listed
		case e.IsDir() && !entered(cfg, rel):
			return fs.SkipDir
		case len(out) == mostDocuments:
			return fs.SkipAll
		case e.Type().IsRegular() && isDocument(rel):
			out = append(out, rel)
		}
		return nil //nolint:nilerr // what cannot be read is not listed
	})
	return out
}

// entered says whether documents may lie in a folder of the show's.
func entered(cfg *config.Config, rel string) bool {
	path := filepath.Join(cfg.Dir, filepath.FromSlash(rel))
	own := slices.Contains([]string{cfg.Output.Dir, cfg.Output.Store, cfg.Output.Cache}, path)
	return !own && !strings.HasPrefix(rel[strings.LastIndexByte(rel, '/')+1:], ".") && !strings.HasSuffix("/"+rel, "/node_modules") && strings.Count(rel, "/") < deepest
}

func isDocument(rel string) bool {
	name := rel[strings.LastIndexByte(rel, '/')+1:]
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".markdown", ".txt", ".text", ".html", ".htm", ".xhtml", ".epub":
		return !strings.HasPrefix(name, ".") && !strings.EqualFold(name, "README.md")
	}
	return false
}

// document is the path of a document that a request names: one that is listed,
// and no other file of this machine.
func (m *room) document(name string) (string, error) {
	cfg := m.show()
	unknown := faultf(http.StatusNotFound, "there is no document %q in the show's folder", name)
	if !fs.ValidPath(name) || !isDocument(name) {
		return "", unknown
	}
	for i, c := range name {
		if c == '/' && !entered(cfg, name[:i]) {
			return "", unknown
		}
	}
	root, err := os.OpenRoot(cfg.Dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	if info, err := root.Stat(filepath.FromSlash(name)); err != nil || !info.Mode().IsRegular() {
		return "", unknown
	}
	return filepath.Join(cfg.Dir, filepath.FromSlash(name)), nil
}
