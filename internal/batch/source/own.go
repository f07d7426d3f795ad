package source

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// own knows what the program itself writes, which is no post of any source: else
// the report of an episode would become an episode, which has a report.
type own struct {
	base    string   // the source's folder
	folders []string // below the source's folder
	out     string   // the output folder, where the source's folder is that or is in it; empty else
}

// own is what a source's folder holds of the show's output, store and cache.
func (l *Lister) own(s *config.Source) own {
	base := beginning(s)
	o := own{base: base}
	for _, dir := range []string{l.cfg.Output.Dir, l.cfg.Output.Store, l.cfg.Output.Cache} {
		if dir == "" {
			continue
		}
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(l.cfg.Dir, dir)
		}
		switch dir = filepath.Clean(dir); {
		case dir != base && below(dir, base):
			o.folders = append(o.folders, dir)
		case dir == filepath.Clean(l.cfg.Output.Dir) && below(base, dir):
			o.out = dir
		}
	}
	return o
}

// has says whether a path is of the program. Where posts are written into the
// output folder itself, an episode's folder is told by its manifest.
func (o own) has(path string) bool {
	for _, dir := range o.folders {
		if below(path, dir) {
			return true
		}
	}
	if o.out == "" || !below(path, o.out) {
		return false
	}
	for dir := filepath.Dir(path); dir != o.out && below(dir, o.out); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, publish.ManifestName)); err == nil {
			return true
		}
	}
	return false
}

// below says whether a path is a folder, or in it.
func below(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
