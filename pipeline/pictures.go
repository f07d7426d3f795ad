package pipeline

import (
	"fmt"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// pictures takes the images off a script that are not the show's to publish (a
// document names what it likes), and off its chapters those that cannot be read.
// It has a finding for each.
func (p *Press) pictures(sc *script.Script, o Order) []document.Finding {
	var out []document.Finding
	base := p.base(sc, o)
	if file := filepath.FromSlash(sc.Cover); file != "" && !p.ours(base, beside(base, file)) {
		out = append(out, document.Finding{Pos: document.Pos{File: o.Source}, Text: fmt.Sprintf("it goes without its cover: %v", &foreignImageError{file})})
		sc.Cover = ""
	}
	for i := range sc.Chapters {
		c := &sc.Chapters[i]
		if c.Image == "" {
			continue
		}
		file := filepath.FromSlash(c.Image)
		var err error
		switch at := beside(base, file); {
		case !p.ours(base, at):
			err = &foreignImageError{file}
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

// ours says whether an image is the show's to publish: it is in the document's
// folder or the show's.
func (p *Press) ours(base, path string) bool { return within(base, path) || within(p.cfg.Dir, path) }

// foreignImageError is an image from elsewhere on this machine.
type foreignImageError struct{ file string }

func (e *foreignImageError) Error() string {
	return fmt.Sprintf("image %s: it is neither in the show's folder nor in its document's", e.file)
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
