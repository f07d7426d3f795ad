package master

import (
	"fmt"
	"io"

	"github.com/narrapress/narrapress/internal/mp3"
)

// WriteTo writes the MP3 without tags: an Info frame, with which a player gives
// back exactly [Master.Frames], and the frames of every block.
func (m *Master) WriteTo(w io.Writer) (int64, error) {
	stream, err := mp3.NewStream(m.stream)
	if err != nil {
		return 0, err
	}
	last := len(m.pieces) - 1
	for i, p := range m.pieces {
		if i < last {
			stream.Add(p.frames, int64(p.bytes), p.crc)
		}
	}
	// The last block keeps the frame that ends the stream.
	_, kept, flush, err := m.block(last)
	if err != nil {
		return 0, err
	}
	end := append(append(make([]byte, 0, len(kept)+len(flush)), kept...), flush...)
	stream.Add(m.pieces[last].frames+1, int64(len(end)), mp3.CRC(end))
	info, err := stream.Info(m.Frames)
	if err != nil {
		return 0, err
	}
	n, err := w.Write(info)
	written := int64(n)
	for i := 0; i <= last && err == nil; i++ {
		b := end
		if i < last {
			if _, b, _, err = m.block(i); err != nil {
				return written, err
			}
		}
		n, err = w.Write(b)
		written += int64(n)
	}
	return written, err
}

func (m *Master) block(i int) (p piece, kept, flush []byte, err error) {
	b := m.cache.Get(m.pieces[i].key)
	if b == nil {
		return piece{}, nil, nil, fmt.Errorf("block %d of %d is no longer in the cache: run it again", i+1, len(m.pieces))
	}
	return decodePiece(m.pieces[i].key, b)
}
