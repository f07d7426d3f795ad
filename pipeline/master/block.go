package master

import (
	"context"
	"encoding/binary"
	"hash/crc32"
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

// A block in the cache begins with its head: a CRC-32C of the rest of it, MPEG
// frames, bytes, bytes of the flush, their CRC, true peak, ceiling (4 bytes
// each), and energies (4 bytes each), little-endian. The frames follow.
const blockHead = 28

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// headBytes is the length of the head of a block of n MPEG frames.
func headBytes(n int) int { return blockHead + 4*n }

// encode is a block as the cache keeps it.
func (c *coded) encode() []byte {
	b := make([]byte, 4, headBytes(len(c.steps))+len(c.kept)+len(c.flush))
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
	le.PutUint32(b, crc32.Checksum(b[4:], castagnoli))
	return append(append(b, c.kept...), c.flush...)
}

// decodeHead reads the head of the block of n MPEG frames that has size bytes
// under its key. ok is false where it is none.
func decodeHead(key string, b []byte, n int, size int64) (p piece, ok bool) {
	le := binary.LittleEndian
	if len(b) < headBytes(n) {
		return piece{}, false
	}
	b = b[:headBytes(n)]
	p = piece{
		key: key, frames: int(le.Uint32(b[4:])), bytes: int(le.Uint32(b[8:])), flush: int(le.Uint32(b[12:])),
		crc: uint16(le.Uint32(b[16:])), peak: level.DBTP(math.Float32frombits(le.Uint32(b[20:]))),
		ceiling: level.DBTP(math.Float32frombits(le.Uint32(b[24:]))),
	}
	if le.Uint32(b) != crc32.Checksum(b[4:], castagnoli) || p.frames != n || int64(headBytes(n)+p.bytes+p.flush) != size {
		return piece{}, false
	}
	p.steps = make([]float32, n)
	for i := range p.steps {
		p.steps[i] = math.Float32frombits(le.Uint32(b[blockHead+4*i:]))
	}
	return p, true
}

// cutFrames takes the frames of a block, and the one that ends it, out of what
// the cache has under its key.
func (p *piece) cutFrames(b []byte) (kept, flush []byte, ok bool) {
	from := headBytes(p.frames)
	if len(b) != from+p.bytes+p.flush {
		return nil, nil, false
	}
	return b[from : from+p.bytes], b[from+p.bytes:], true
}
