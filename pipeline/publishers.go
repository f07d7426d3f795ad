package pipeline

import (
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/transcript"
)

// publishers write what an episode's folder holds beside its sound.
func (p *Press) publishers() []publish.Publisher {
	return []publish.Publisher{
		publish.ChaptersFile(),
		transcript.Publisher(p.cfg.Output.Transcripts),
	}
}

// material is what publishers write from. The files of m are not known yet.
func (p *Press) material(r *release, m *publish.Manifest) *publish.Material {
	mat := &publish.Material{
		Show: p.cfg.Show, Episode: m.Episode, Script: r.plan.Script, Base: r.in.base,
		Takes: m.Takes, Energies: r.master.Energies(), Art: r.in.art,
	}
	mat.Cues, mat.Clocks = r.cues(p.speakers(r.plan.Script))
	if c := r.plan.content; c != nil {
		mat.Document = c.doc
	}
	if r.place.last != nil {
		mat.Last = r.place.dir
	}
	return mat
}
