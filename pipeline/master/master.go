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
	Last     *Levels // what an earlier build found; nil without one

	Cache   Cache // of blocks and decoded sounds
	Workers int   // blocks made at a time; 0 is one a core

	coder coder // nil: libmp3lame in this process, else in ffmpeg's
}

// Levels are what a build finds out about its level, for the next one to begin
// with.
type Levels struct {
	Gain     level.DB   `json:"programme"`          // that was applied to the whole programme
	Before   level.LUFS `json:"before,omitempty"`   // its loudness without that gain, as it was predicted
	Loudness level.LUFS `json:"loudness,omitempty"` // and as it came out, integrated
}

// Master is a finished episode's sound. Its frames are in the cache.
type Master struct {
	Frames   int64            // as played: the timeline's
	Bitrate  int              // kb/s
	Levels   Levels           // that it was made with
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
	before level.LUFS // predicted

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
	var tried []Levels
	for {
		if pieces, err = m.all(ctx, progress); err != nil {
			return nil, err
		}
		if heard, err = m.loudness(ctx, pieces); err != nil {
			return nil, err
		}
		if heard.Integrated < quietest {
			return nil, silent(heard.Integrated)
		}
		tried = append(tried, Levels{Gain: m.gain, Before: m.before, Loudness: heard.Integrated})
		off := math.Abs(float64(o.Loudness - heard.Integrated))
		if off <= Tolerance || (kept && off <= Kept) || len(tried) == rounds {
			break
		}
		m.gain, kept = next(tried, o.Loudness), false
	}
	m.sounds.spare.drop()
	made := m.finished(pieces)
	made.Levels, made.Loudness, made.Made = tried[len(tried)-1], heard, m.made
	return made, nil
}

// finished is the master of these blocks, nothing said of its levels.
func (m *mastering) finished(pieces []piece) *Master {
	return &Master{
		Frames: m.tl.Frames, Bitrate: m.stream.Bitrate, Blocks: len(m.blocks),
		cache: m.o.Cache, pieces: pieces, stream: m.stream, as: m,
	}
}

// next is the gain to try after those that missed the target. Where the limiter
// has much to do, a louder programme comes out less louder than that.
func next(tried []Levels, target level.LUFS) level.DB {
	last := tried[len(tried)-1]
	slope := 1.0
	if len(tried) > 1 {
		before := tried[len(tried)-2]
		if d := float64(last.Gain - before.Gain); d != 0 {
			slope = min(1, max(0.25, float64(last.Loudness-before.Loudness)/d))
		}
	}
	return rounded(last.Gain + level.DB(float64(target-last.Loudness)/slope))
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
	if m.coder = o.coder; m.coder == nil {
		var err error
		if m.coder, err = findCoder(mp3.Load, &m.sounds.spare); err != nil {
			return nil, err
		}
	}
	m.blocks = gather(cut(tl), m.coder.Least())
	return m, nil
}

func (m *mastering) format() audio.Format { return m.sounds.format }

// start sets the gain to begin with, and says whether it is an earlier build's:
// that is kept where what changed since does not move the loudness far.
func (m *mastering) start(ctx context.Context) (kept bool, err error) {
	if m.before, err = m.sounds.predict(ctx, m.tl); err != nil {
		return false, err
	}
	if m.before < quietest {
		return false, silent(m.before)
	}
	m.before = level.LUFS(hundredths(float64(m.before)))
	m.gain = rounded(level.DB(m.o.Loudness - m.before))
	last := m.o.Last
	if last == nil || last.Loudness == 0 {
		return false, nil
	}
	expected := last.Loudness + m.before - last.Before
	if math.Abs(float64(m.o.Loudness-expected)) <= Kept {
		m.gain = last.Gain
		return true, nil
	}
	// What the limiter and the coder took then, they take again.
	m.gain = rounded(last.Gain + level.DB(m.o.Loudness-expected))
	return false, nil
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
	head, size := m.o.Cache.Peek(key, headBytes(b.frames()))
	if p, ok := decodeHead(key, head, b.frames(), size); ok {
		return p, nil
	}
	return m.remake(ctx, b, key)
}

// remake makes a block and keeps it.
func (m *mastering) remake(ctx context.Context, b *block, key string) (piece, error) {
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
	p, ok := decodeHead(key, bytes, b.frames(), int64(len(bytes)))
	if !ok {
		return piece{}, fmt.Errorf("a block of %d MPEG frames came out as another", b.frames())
	}
	return p, nil
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
