package pipeline

import (
	"net/url"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/page"
	"github.com/narrapress/narrapress/pipeline/publish/transcript"
)

// publishers write what an episode's folder holds beside its sound.
func (p *Press) publishers() []publish.Publisher {
	all := []publish.Publisher{
		publish.ChaptersFile(),
		publish.Cover(),
		publish.ChapterImages(),
		transcript.Publisher(p.cfg.Output.Transcripts),
	}
	if p.cfg.Output.Page {
		all = append(all, page.Publisher(p.beside()...))
	}
	return all
}

// beside are the files that a page links to.
func (p *Press) beside() []page.Beside {
	all := []page.Beside{{Ending: ".mp3", Kind: publish.KindAudio}}
	for _, f := range p.formats(Order{}) {
		all = append(all, page.Beside{Ending: "." + f.Name, Kind: publish.KindAudio})
	}
	all = append(all, page.Beside{Ending: ".chapters.json", Kind: publish.KindChapters})
	for _, ending := range transcript.Endings(p.cfg.Output.Transcripts) {
		all = append(all, page.Beside{Ending: ending, Kind: publish.KindTranscript})
	}
	return all
}

// article is the text of an episode as its page shows it: of its document, or
// as its last build left it, or of the script alone.
func (p *Press) article(plan *Plan, pl *place, base string) (*page.Article, error) {
	if !p.cfg.Output.Page {
		return nil, nil
	}
	if c := plan.content; c != nil && c.doc != nil {
		folders := []string{base, p.cfg.Dir}
		if IsURL(plan.Script.Source) {
			folders = nil
		}
		return page.Compose(c.doc, plan.Script, folders...), nil
	}
	if a, err := page.Restore(pl.dir, pl.last, plan.Script); a != nil || err != nil && !plan.Edited {
		return a, err
	}
	return page.Compose(nil, plan.Script), nil
}

// material is what publishers write from. The files of m are not known yet.
func (p *Press) material(r *release, m *publish.Manifest) *publish.Material {
	mat := &publish.Material{
		Show: p.cfg.Show, Episode: m.Episode, Script: r.plan.Script, Base: r.in.base,
		Address: p.address(r.place), Takes: m.Takes, Energies: r.master.Energies(), Art: r.in.art,
	}
	mat.Cues, mat.Clocks = r.cues(p.speakers(r.plan.Script))
	if c := r.plan.content; c != nil {
		mat.Document = c.doc
	}
	if a := r.in.article; a != nil {
		mat.Article, mat.Images = a.HTML, a.Images
	}
	if r.place.last != nil {
		mat.Last = r.place.dir
	}
	return mat
}

// address is where an episode's folder is on the web, by the name that the
// folder has; empty where the show does not say where its own is.
func (p *Press) address(pl *place) string {
	base, err := url.Parse(p.cfg.Publish.BaseURL)
	if err != nil || p.cfg.Publish.BaseURL == "" {
		return ""
	}
	dir, err := filepath.Abs(pl.dir)
	if err != nil {
		dir = pl.dir
	}
	return publish.Address(base, filepath.Base(dir))
}
