package pipeline

import (
	"slices"

	"github.com/narrapress/narrapress/pipeline/script"
)

// frame gives a script the chapters that it would have been made with, had the
// show had these tracks: those of the intro and of the credits. A script that a
// person had in hand keeps its own.
func (p *Press) frame(sc *script.Script) {
	titles, tracks := p.cfg.Script.Chapters, p.cfg.Tracks
	kind := func(k script.Kind) int {
		return slices.IndexFunc(sc.Chapters, func(c script.Chapter) bool { return c.Kind == k })
	}
	intro := script.Chapter{Title: titles.Intro, Kind: script.Intro, Hidden: titles.Intro == ""}
	switch i, has := kind(script.Intro), tracks.Intro.File != ""; {
	case has && i < 0 && isOpening(sc):
		intro.Segments = sc.Chapters[0].Segments
		sc.Chapters[0] = intro
	case has && i < 0:
		sc.Chapters = slices.Insert(sc.Chapters, 0, intro)
	case !has && i >= 0 && len(sc.Chapters[i].Segments) > 0:
		sc.Chapters[i] = script.Chapter{Title: sc.Title, Segments: sc.Chapters[i].Segments}
	case !has && i >= 0:
		sc.Chapters = slices.Delete(sc.Chapters, i, i+1)
	}
	switch i, has := kind(script.Credits), tracks.Credits.File != ""; {
	case has && i < 0:
		sc.Chapters = append(sc.Chapters, script.Chapter{Title: titles.Credits, Kind: script.Credits, Hidden: titles.Credits == ""})
	case !has && i >= 0 && len(sc.Chapters[i].Segments) == 0:
		sc.Chapters = slices.Delete(sc.Chapters, i, i+1)
	}
}

// isOpening says that the first chapter is the opening alone, before a text
// that begins with a heading: with an intro it is the intro's.
func isOpening(sc *script.Script) bool {
	return len(sc.Chapters) > 1 && sc.Chapters[1].Kind != script.Credits && sc.Chapters[0].Title == sc.Title &&
		len(sc.Chapters[0].Segments) > 0 &&
		!slices.ContainsFunc(sc.Chapters[0].Segments, func(s script.Segment) bool { return s.Role != script.RoleTitle })
}
