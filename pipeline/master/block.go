package master

import (
	"context"
	"encoding/binary"
	"errors"
	"math"

	"github.com/narrapress/narrapress/internal/mp3"
	"github.com/narrapress/narrapress/pipeline/level"
)

// finish masters and encodes a block.
func (m *mastering) finish(ctx context.Context, b *block) (*coded, error) {
	ends, err := m.ends(ctx, b)
	if err != nil {
		return nil, err
	}
	// What is near a joint in sound is that joint's concern.
	cut := excerpt{skip: b.before, n: b.frames(), open: b.behind > 0}
	if ends.start != nil {
		cut.first = around
	}
	if ends.end != nil {
		cut.last = around
	}
	var c *coded
	ceiling, err := m.lower(func(ceiling level.DBTP) (level.DBTP, error) {
		samples, done, err := m.master(ctx, b, ceiling, ends)
		if err != nil {
			return 0, err
		}
		defer done()
		if c, err = m.coder.Code(ctx, m.stream, samples, cut); err != nil {
			return 0, err
		}
		return c.within, nil
	})
	if err != nil {
		return nil, err
	}
	c.ceiling = ceiling
	return c, nil
}

// master renders a block with its overlaps, at its final level. done must be
// called when the samples are no longer used.
func (m *mastering) master(ctx context.Context, b *block, ceiling level.DBTP, ends ends) (samples []float32, done func(), err error) {
	from, to := b.rendered()
	early, late := b.limited()
	all, err := m.sounds.render(ctx, m.tl, b.clips, early, late, m.gain)
	if err != nil {
		return nil, nil, err
	}
	if err := m.limit(all, b, ceiling, ends); err != nil {
		return nil, nil, err
	}
	f := m.format()
	return all[int(from-early)*f.Channels : int(to-early)*f.Channels], func() { m.sounds.spare.give(all) }, nil
}

// piece is what is known of a finished block.
type piece struct {
	key    string
	frames int // MPEG frames
	bytes  int
	flush  int // bytes
	crc    uint16
	steps  []float32
	peak   level.DBTP

	ceiling level.DBTP // of the limiter before coding
}

// blockHead is what stands before the frames of a block in the cache: MPEG
// frames, bytes, bytes of the flush, CRC, true peak, ceiling (4 each), and
// energies (4 each), little-endian.
const blockHead = 24

// encode is a block as the cache keeps it.
func (c *coded) encode() []byte {
	b := make([]byte, 0, blockHead+4*len(c.steps)+len(c.kept)+len(c.flush))
	le := binary.LittleEndian
	b = le.AppendUint32(b, uint32(len(c.steps)))
	b = le.AppendUint32(b, uint32(len(c.kept)))
	b = le.AppendUint32(b, uint32(len(c.flush)))
	b = le.AppendUint32(b, uint32(mp3.CRC(c.kept)))
	b = le.AppendUint32(b, math.Float32bits(float32(c.peak)))
	b = le.AppendUint32(b, math.Float32bits(float32(c.ceiling)))
	for _, v := range c.steps {
		b = le.AppendUint32(b, math.Float32bits(v))
	}
	return append(append(b, c.kept...), c.flush...)
}

var errNoBlock = errors.New("not a block")

// decodePiece reads what the cache has under a block's key.
func decodePiece(key string, b []byte) (p piece, kept, flush []byte, err error) {
	le := binary.LittleEndian
	if len(b) < blockHead {
		return piece{}, nil, nil, errNoBlock
	}
	p = piece{
		key: key, frames: int(le.Uint32(b)), bytes: int(le.Uint32(b[4:])), flush: int(le.Uint32(b[8:])),
		crc: uint16(le.Uint32(b[12:])), peak: level.DBTP(math.Float32frombits(le.Uint32(b[16:]))),
		ceiling: level.DBTP(math.Float32frombits(le.Uint32(b[20:]))),
	}
	b = b[blockHead:]
	if p.frames < 0 || p.bytes < 0 || p.flush < 0 || len(b) != 4*p.frames+p.bytes+p.flush {
		return piece{}, nil, nil, errNoBlock
	}
	p.steps = make([]float32, p.frames)
	for i := range p.steps {
		p.steps[i] = math.Float32frombits(le.Uint32(b[4*i:]))
	}
	b = b[4*p.frames:]
	return p, b[:p.bytes], b[p.bytes:], nil
}
