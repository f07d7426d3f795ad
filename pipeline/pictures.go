package pipeline

import (
	"fmt"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// pictures takes the images off the chapters of a script that cannot be read,
// or that are not the show's to publish: a document names what it likes. It has
// a finding for each.
func (p *Press) pictures(sc *script.Script, o Order) []document.Finding {
	var out []document.Finding
	base := p.base(sc, o)
	for i := range sc.Chapters {
		c := &sc.Chapters[i]
		if c.Image == "" {
			continue
		}
		file := filepath.FromSlash(c.Image)
		err := error(nil)
		switch at := beside(base, file); {
		case !within(base, at) && !within(p.cfg.Dir, at):
			err = fmt.Errorf("image %s: it is neither in the show's folder nor in its document's", file)
		default:
			_, err = publish.ReadImage(at)
		}
		if err != nil {
			out = append(out, document.Finding{Pos: document.Pos{File: o.Source}, Text: fmt.Sprintf("chapter %q goes without an image: %v", cutText(c.Title), err)})
			c.Image = ""
		}
	}
	return out
}

// within says whether a path is in a folder or below it, links followed: one in
// the folder may lead out of it.
func within(dir, path string) bool {
	for _, p := range []*string{&dir, &path} {
		abs, err := filepath.Abs(*p)
		if err != nil {
			return false
		}
		if real, err := filepath.EvalSymlinks(abs); err == nil {
			abs = real
		}
		*p = abs
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}
