package pipeline

import (
	"context"
	"path/filepath"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// master brings a timeline to its level and encodes it, from blocks that were
// made before where there are such.
func (p *Press) master(ctx context.Context, w *watch, tl *mix.Timeline, pl *place, o Order) (*master.Master, error) {
	opts := p.masterOptions(p.cache(pl))
	opts.Last, opts.Workers = p.levels(pl, o).last(), o.Workers
	return p.sound(ctx, w, tl, p, opts)
}

func (p *Press) masterOptions(cache *store.Cache) master.Options {
	return master.Options{Loudness: p.cfg.Audio.Loudness, Peak: p.cfg.Audio.Peak, MP3: p.cfg.Audio.Formats.MP3, Cache: cache}
}

// sound is the stage.
func (p *Press) sound(ctx context.Context, w *watch, tl *mix.Timeline, files master.Sounds, opts master.Options) (*master.Master, error) {
	return stage(ctx, w, Master, func(progress func(int, int, int)) (*master.Master, error) {
		return master.Make(ctx, tl, files, opts, func(done, total int64) { progress(int(done), int(total), 0) })
	})
}

// cache is the show's, or one beside the episode under way where that cannot
// be written to: then nothing is kept.
func (p *Press) cache(pl *place) *store.Cache {
	if p.blocks != nil {
		return p.blocks
	}
	return store.OpenCache(filepath.Join(pl.work, "blocks"), store.Options{Now: p.o.Now})
}
