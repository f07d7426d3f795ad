package pipeline

import (
	"os"
	"path/filepath"
	"time"

	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// levels are what an episode's level is begun with: what the last build of it
// found, or for a new one that of the show which was finished last. They are
// named in the manifest. The zero value begins with nothing.
type levels struct {
	gains publish.Gains
	from  string // ID of the other episode
}

// levels of an episode at a place.
func (p *Press) levels(pl *place, o Order) levels {
	switch {
	case o.Fresh:
		return levels{}
	case pl.last != nil:
		return levels{gains: pl.last.Gains, from: pl.last.Gains.From}
	}
	m := p.earlier()
	if m == nil || m.Episode.ID == "" {
		return levels{}
	}
	return levels{gains: m.Gains, from: m.Episode.ID}
}

// last is what mastering begins with; nil without any.
func (l levels) last() *master.Levels { return lastLevels(l.gains) }

func lastLevels(g publish.Gains) *master.Levels {
	if g.Voices == nil {
		return nil
	}
	return &master.Levels{Gain: g.Programme, Before: g.Before, Loudness: g.Loudness}
}

// gainsOf are what the next build begins with.
func gainsOf(m *master.Master, tl *mix.Timeline, from string) publish.Gains {
	return publish.Gains{
		Programme: m.Levels.Gain, Before: m.Levels.Before, Loudness: m.Levels.Loudness, Voices: tl.VoiceTrims, From: from,
	}
}

// latest is the manifest of the show's episode that was finished last when the
// press made its first one: so the episodes of one run do not depend on each
// other's order. It is nil where there is none.
func latest(out string) *publish.Manifest {
	entries, err := os.ReadDir(out)
	if err != nil {
		return nil
	}
	var newest time.Time
	dir := ""
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(out, e.Name(), publish.ManifestName))
		if err == nil && info.ModTime().After(newest) {
			newest, dir = info.ModTime(), filepath.Join(out, e.Name())
		}
	}
	if dir == "" {
		return nil
	}
	m, err := publish.ReadManifest(dir)
	if err != nil || len(m.Gains.Voices) == 0 {
		return nil
	}
	return m
}
