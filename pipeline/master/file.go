package master

import (
	"context"
	"fmt"
	"io"

	"github.com/narrapress/narrapress/internal/mp3"
)

// WriteTo writes the MP3 without tags: an Info frame, with which a player gives
// back exactly [Master.Frames], and the frames of every block. A block that is
// no longer in the cache as it was is made again.
func (m *Master) WriteTo(w io.Writer) (int64, error) {
	stream, err := mp3.NewStream(m.stream)
	if err != nil {
		return 0, err
	}
	last := len(m.pieces) - 1
	for i := range last {
		p := &m.pieces[i]
		stream.Add(p.frames, int64(p.bytes), p.crc)
	}
	// The last block keeps the frame that ends the stream.
	kept, flush, err := m.frames(nil, last)
	if err != nil {
		return 0, err
	}
	end := append(append(make([]byte, 0, len(kept)+len(flush)), kept...), flush...)
	stream.Add(m.pieces[last].frames+1, int64(len(end)), mp3.CRC(end))
	info, err := stream.Info(m.Frames)
	if err != nil {
		return 0, err
	}
	written, err := w.Write(info)
	total := int64(written)
	if err != nil {
		return total, err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	room := make(chan []byte, inHand+2) // one is read into, another written
	for range cap(room) {
		room <- nil
	}
	for b := range m.readAhead(ctx, last, room) {
		if b.err != nil {
			return total, b.err
		}
		written, err = w.Write(b.frames)
		total += int64(written)
		if err != nil {
			return total, err
		}
		room <- b.frames // shorter by a head each time, until one does not fit
	}
	written, err = w.Write(end)
	return total + int64(written), err
}

// read is a block that was read.
type read struct {
	frames []byte
	err    error
}

// inHand is how many blocks are read before they are written.
const inHand = 4

// readAhead reads the first n blocks in order, while others are written. They
// are read into room, and who is done with one puts it there.
func (m *Master) readAhead(ctx context.Context, n int, room <-chan []byte) <-chan read {
	out := make(chan read, inHand)
	go func() {
		defer close(out)
		for i := range n {
			var into []byte
			select {
			case into = <-room:
			case <-ctx.Done():
				return
			}
			kept, _, err := m.frames(into, i)
			select {
			case out <- read{kept, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return out
}

// frames of a block, and the one that ends it, in room where it has enough.
func (m *Master) frames(room []byte, i int) (kept, flush []byte, err error) {
	p := &m.pieces[i]
	for again := false; ; again = true {
		if kept, flush, ok := p.cutFrames(m.cache.GetInto(room, p.key)); ok && (!again || mp3.CRC(kept) == p.crc) {
			return kept, flush, nil
		}
		if again {
			return nil, nil, fmt.Errorf("block %d of %d does not stay in the cache: is something else at work there?", i+1, len(m.pieces))
		}
		if _, err := m.as.remake(context.Background(), &m.as.blocks[i], p.key); err != nil {
			return nil, nil, err
		}
	}
}
