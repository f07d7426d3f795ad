package pipeline

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// OverlayFile is where a person's edits of an order's document stand, be there
// a file or not; "" for what is no document in a file.
func (o Order) OverlayFile() string {
	if o.Source == Stdin || o.Reader != nil || IsURL(o.Source) || o.content != nil && o.content.doc == nil {
		return ""
	}
	part := ""
	if o.content != nil && o.content.doc.Meta.Part != "" {
		part = strconv.Itoa(o.content.doc.Meta.Number)
	}
	return overlay.Name(o.Source, part)
}

// edits reads the overlay of an order whose source was read.
func edits(src *content, o Order) (*overlay.Overlay, error) {
	if src.doc == nil {
		return nil, nil // an edited plan is as it is
	}
	if o.Overlay != nil {
		return o.Overlay, nil
	}
	o.content = src
	file := o.OverlayFile()
	if file == "" {
		return nil, nil
	}
	return overlay.Load(file)
}

// words are those of an overlay, as a lexicon; nil without any.
func words(o *overlay.Overlay) (*lexicon.Lexicon, error) {
	if o == nil || len(o.Lexicon) == 0 {
		return nil, nil
	}
	return lexicon.New(o.Lexicon)
}

// edit applies the overlay of a plan to its automatic script.
func (p *Press) edit(plan *Plan) error {
	plan.Automatic = plan.Script
	if plan.Overlay == nil || plan.Overlay.Empty() {
		return nil
	}
	applied, findings := plan.Overlay.Apply(plan.Automatic)
	plan.Script, plan.Origin = applied.Script, applied.Origin
	plan.Findings = append(plan.Findings, findings...)
	if plan.Script.Len() == 0 {
		return &document.Error{Pos: document.Pos{File: plan.Overlay.File()}, Reason: "leaves nothing to speak: each segment is skipped"}
	}
	plan.Script.Pace(plan.terms.cfg.Audio.Pauses)
	return p.fits(plan, func(ordinal int) (document.Pos, bool) {
		at := applied.Places[ordinal-1]
		return at, at.File != ""
	})
}

// Between gives the edits by which a plan's automatic script says what an edited
// one does, with the words and the notes of the overlay that the plan was made
// with. What edits cannot express is an *overlay.BetweenError.
func (p *Plan) Between(edited *script.Script) (*overlay.Overlay, error) {
	paced := *edited
	paced.Chapters = slices.Clone(edited.Chapters)
	for i := range paced.Chapters {
		paced.Chapters[i].Segments = slices.Clone(paced.Chapters[i].Segments)
	}
	pauses := p.terms.cfg.Audio.Pauses
	paced.Pace(pauses)
	o, err := overlay.BetweenPaced(p.Automatic, &paced, pauses)
	if err == nil && p.Overlay != nil {
		o.Inherit(p.Overlay)
	}
	return o, err
}

// overlaid is what a manifest tells of the edits in an episode; nil without a
// file of them.
func (p *Plan) overlaid() *publish.Overlay {
	if p.Overlay == nil || p.Overlay.SHA256() == "" {
		return p.edits
	}
	return &publish.Overlay{Name: filepath.Base(p.Overlay.File()), SHA256: p.Overlay.SHA256()}
}

// reedited says in a line what became of the edits of an episode.
func reedited(was, is *publish.Overlay) string {
	switch {
	case was == nil && is == nil || was != nil && is != nil && was.SHA256 == is.SHA256:
		return ""
	case was == nil:
		return fmt.Sprintf("edits: those of %s", is.Name)
	case is == nil:
		return "edits: none any more"
	}
	return fmt.Sprintf("edits: others in %s", is.Name)
}
