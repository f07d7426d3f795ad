package master

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Options are what a master depends on beside its timeline.
type Options struct {
	Loudness level.LUFS // integrated, of the decoded file
	Peak     level.DBTP // highest true peak of the decoded file
	MP3      MP3
	Gain     *level.DB // programme gain of an earlier build, kept while it will do; nil without one
	Within   float64   // how far the loudness may be from its target for that, in LU; 0 is Kept

	Cache   Cache // of blocks and decoded sounds
	Workers int   // blocks made at a time; 0 is one a core
}

func (o *Options) within() float64 {
	if o.Within > 0 {
		return o.Within
	}
	return Kept
}

// Master is a finished episode's sound. Its frames are in the cache.
type Master struct {
	Frames   int64            // as played: the timeline's
	Bitrate  int              // kb/s
	Gain     level.DB         // that was applied to the whole programme
	Loudness podcast.Loudness // of the decoded frames
	Made     int              // blocks that were encoded for it
	Blocks   int              // blocks that it has

	cache  Cache
	pieces []piece
	stream mp3.Settings
	as     *mastering
}

// A programme quieter than this is not brought to the target: it is silence
// or a fault, and would become noise.
const quietest level.LUFS = -60

// rounds is how many gains are tried at most.
const rounds = 4

// Progress is told how many frames are done, of how many.
type Progress func(done, total int64)

// mastering is a master in the making.
type mastering struct {
	o      Options
	tl     *mix.Timeline
	sounds *sounds
	coder  coder
	stream mp3.Settings
	blocks []block
	gain   level.DB

	mu   sync.Mutex
	made int
}

// Make masters and encodes a timeline.
func Make(ctx context.Context, tl *mix.Timeline, files Sounds, o Options, progress Progress) (*Master, error) {
	if progress == nil {
		progress = func(int64, int64) {}
	}
	m, err := begin(tl, files, o)
	if err != nil {
		return nil, err
	}
	kept, err := m.start(ctx)
	if err != nil {
		return nil, err
	}
	var pieces []piece
	var heard podcast.Loudness
	for round := 1; ; round++ {
		if pieces, err = m.all(ctx, progress); err != nil {
			return nil, err
		}
		heard = m.sum(pieces)
		if heard.Integrated < quietest {
			return nil, silent(heard.Integrated)
		}
		off := float64(o.Loudness - heard.Integrated)
		if math.Abs(off) <= Tolerance || (kept && math.Abs(off) <= o.within()) || round == rounds {
			break
		}
		m.gain, kept = rounded(m.gain+level.DB(off)), false
	}
	return &Master{
		Frames: tl.Frames, Bitrate: m.stream.Bitrate, Gain: m.gain, Loudness: heard, Made: m.made, Blocks: len(m.blocks),
		cache: o.Cache, pieces: pieces, stream: m.stream, as: m,
	}, nil
}

func silent(l level.LUFS) error {
	return fmt.Errorf("the episode's loudness is %v: it is all but silent", l)
}

// begin divides the timeline and finds who encodes.
func begin(tl *mix.Timeline, files Sounds, o Options) (*mastering, error) {
	if o.Cache == nil {
		return nil, errors.New("mastering needs a cache folder")
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	m := &mastering{
		o: o, tl: tl, sounds: newSounds(files, o.Cache, audio.Format{Rate: tl.Rate, Channels: tl.Channels}),
		stream: mp3.Settings{Rate: tl.Rate, Channels: tl.Channels, Bitrate: o.MP3.Bitrate, Joint: tl.Channels == 2},
	}
	if m.stream.Bitrate == 0 {
		m.stream.Bitrate = 96
		if tl.Channels == 2 {
			m.stream.Bitrate = 128
		}
	}
	if err := m.stream.Check(); err != nil {
		return nil, err
	}
	lib, err := mp3.Load()
	if m.coder = (inProcess{lib, &m.sounds.spare}); err != nil {
		m.coder = byFFmpeg{}
	}
	m.blocks = gather(cut(tl), m.coder.Least())
	return m, nil
}

func (m *mastering) format() audio.Format { return m.sounds.format }

// start sets the gain to begin with, and says whether it is the last build's.
func (m *mastering) start(ctx context.Context) (kept bool, err error) {
	before, err := m.sounds.predict(ctx, m.tl)
	if err != nil {
		return false, err
	}
	if before < quietest {
		return false, silent(before)
	}
	m.gain = rounded(level.DB(m.o.Loudness - before))
	if m.o.Gain != nil && math.Abs(float64(m.gain-*m.o.Gain)) <= m.o.within() {
		m.gain, kept = *m.o.Gain, true
	}
	return kept, nil
}

// rounded to 0.01 dB, which is far under what is heard and keeps manifests
// readable.
func rounded(g level.DB) level.DB { return level.DB(math.Round(float64(g)*100) / 100) }

// all makes every block that the cache does not have.
func (m *mastering) all(ctx context.Context, progress Progress) ([]piece, error) {
	pieces := make([]piece, len(m.blocks))
	g, ctx := errgroup.WithContext(ctx)
	next := make(chan int)
	g.Go(func() error {
		defer close(next)
		for i := range m.blocks {
			select {
			case next <- i:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	})
	var mu sync.Mutex
	var done int64
	for range m.o.Workers {
		g.Go(func() error {
			for i := range next {
				p, err := m.piece(ctx, &m.blocks[i])
				if err != nil {
					return err
				}
				pieces[i] = p
				mu.Lock()
				done += m.blocks[i].to - m.blocks[i].from
				progress(done, m.tl.Frames)
				mu.Unlock()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return pieces, nil
}

// piece finds a block in the cache, or makes it.
func (m *mastering) piece(ctx context.Context, b *block) (piece, error) {
	key, err := m.key(b)
	if err != nil {
		return piece{}, err
	}
	if kept := m.o.Cache.Get(key); kept != nil {
		if p, _, _, err := decodePiece(key, kept); err == nil && p.frames == b.frames() {
			return p, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return piece{}, context.Cause(ctx)
	}
	c, err := m.finish(ctx, b)
	if err != nil {
		return piece{}, err
	}
	bytes := c.encode()
	if err := m.o.Cache.Put(key, bytes); err != nil {
		return piece{}, err
	}
	m.mu.Lock()
	m.made++
	m.mu.Unlock()
	p, _, _, err := decodePiece(key, bytes)
	return p, err
}

// sounding are the clips heard in the frames [from, to).
func (m *mastering) sounding(from, to int64) []*mix.Clip {
	var out []*mix.Clip
	for i := range m.tl.Clips {
		if c := &m.tl.Clips[i]; c.End() > from && c.Start < to {
			out = append(out, c)
		}
	}
	return out
}
