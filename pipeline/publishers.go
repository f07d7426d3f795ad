package pipeline

import (
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// publishers write what an episode's folder holds beside its sound.
func (p *Press) publishers() []publish.Publisher {
	return []publish.Publisher{
		publish.ChaptersFile(nil),
		publish.Cover(),
		publish.ChapterImages(),
	}
}

// material is what publishers write from. The files of m are not known yet.
func (p *Press) material(r *release, m *publish.Manifest) *publish.Material {
	mat := &publish.Material{
		Show: p.cfg.Show, Episode: m.Episode, Script: r.plan.Script, Base: r.in.base,
		Cues: r.cues(), Takes: m.Takes, Energies: r.master.Energies(), Art: r.in.art,
	}
	if c := r.plan.content; c != nil {
		mat.Document = c.doc
	}
	if r.place.last != nil {
		mat.Last = r.place.dir
	}
	return mat
}

// cues are when the segments are heard.
func (r *release) cues() []podcast.Cue {
	out := make([]podcast.Cue, 0, len(r.timeline.Cues))
	i := 0
	for place, seg := range r.plan.Script.Segments() {
		at := r.timeline.Cues[i]
		i++
		cue := podcast.Cue{
			Segment: place.Ordinal, Role: seg.Role, Announcement: seg.Announcement,
			Start: r.timeline.Seconds(at.Start), End: r.timeline.Seconds(at.End),
			Text: seg.Original(), Spoken: seg.Text,
		}
		if cue.Text == "" {
			cue.Text = seg.Text
		}
		if cue.Spoken == cue.Text {
			cue.Spoken = ""
		}
		out = append(out, cue)
	}
	return out
}
