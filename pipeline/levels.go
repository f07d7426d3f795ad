package pipeline

import (
	"os"
	"path/filepath"
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// levels are what an episode's level is begun with: what the last build of it
// found, or for a new one that of the show which was finished last. They are
// named in the manifest. The zero value begins with nothing.
type levels struct {
	gains  publish.Gains
	within float64 // how far the loudness may be from the target for the gain to be kept, in LU
	from   string  // ID of the other episode
}

// levels of an episode at a place.
func (p *Press) levels(pl *place, o Order) levels {
	switch {
	case o.Fresh:
		return levels{}
	case pl.last != nil:
		return levels{gains: pl.last.Gains, within: master.Kept, from: pl.last.Gains.From}
	}
	m := p.earlier()
	if m == nil || m.Episode.ID == "" {
		return levels{}
	}
	return levels{gains: m.Gains, within: master.Tolerance, from: m.Episode.ID}
}

func (l levels) programme() *level.DB {
	if l.gains.Voices == nil {
		return nil
	}
	return &l.gains.Programme
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
