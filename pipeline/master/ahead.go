package master

import (
	"context"
	"fmt"
	"sync"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// Ahead makes blocks while takes are still being recorded, so that little is
// left to do after the last one. It is for a gain that is known before; what
// it makes is in the cache, where Make finds it.
type Ahead struct {
	files Sounds
	o     Options
	gain  level.DB

	mu   sync.Mutex
	done map[string]bool // by what is in a block
}

// NewAhead makes blocks with a programme gain.
func NewAhead(files Sounds, o Options, gain level.DB) *Ahead {
	return &Ahead{files: files, o: o, gain: gain, done: map[string]bool{}}
}

// Make makes the blocks of a timeline whose sounds are all there and that were
// not made before. A take without a key is not there yet. An error costs
// nothing: Make of the whole timeline meets it again.
func (a *Ahead) Make(ctx context.Context, tl *mix.Timeline) error {
	m, err := begin(tl, a.files, a.o)
	if err != nil {
		return err
	}
	if m.coder.Least() > 0 {
		return nil // a block is many takes: hardly one is ever ready
	}
	m.gain = a.gain
	kept := m.blocks[:0]
	for _, b := range m.blocks {
		if a.wanted(&b) {
			kept = append(kept, b)
		}
	}
	m.blocks = kept
	_, err = m.all(ctx, func(int64, int64) {})
	return err
}

// wanted says whether a block can be made and was not yet.
func (a *Ahead) wanted(b *block) bool {
	name := fmt.Sprint(b.frames())
	for _, c := range b.clips {
		if c.Take == "" && c.Track == "" {
			return false
		}
		name += fmt.Sprintf(" %s%s@%d", c.Take, c.Track, c.Start-b.from)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.done[name] {
		return false
	}
	a.done[name] = true
	return true
}
