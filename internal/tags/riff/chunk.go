package riff

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

var le = binary.LittleEndian

// chunk is one of a file (chapter 2, "Chunks"): what is behind its head.
type chunk struct {
	kind string
	at   int64 // of its body
	size int64
}

// end is where the next one begins: at an even place.
func (c *chunk) end() int64 { return c.at + c.size + c.size&1 }

// wave is a file as far as it matters here.
type wave struct {
	chunks []chunk // in order, without RF64's sizes
	data   int     // index of the sound
	rate   uint32  // frames a second
	frame  uint16  // bytes of one
}

func (w *wave) frames() int64 { return w.chunks[w.data].size / int64(w.frame) }

// sizeUnknown stands where RF64 has the size elsewhere (EBU Tech 3306).
const sizeUnknown = math.MaxUint32

// mostChunks is how many a file may be of.
const mostChunks = 4096

// scan lists the chunks of a file.
func scan(src io.ReaderAt, size int64) (*wave, error) {
	var head [12]byte
	if n, err := src.ReadAt(head[:], 0); n < len(head) && err != io.EOF {
		return nil, err
	}
	kind := string(head[:4])
	if kind != "RIFF" && kind != "RF64" || string(head[8:]) != "WAVE" {
		return nil, ErrFormat
	}
	w := &wave{data: -1}
	var long uint64 // size of the sound, of RF64
	for at := int64(12); at+8 <= size; {
		var b [28]byte
		n, err := src.ReadAt(b[:], at)
		if n < 8 {
			return nil, fmt.Errorf("%w: it ends inside a chunk: %w", ErrBroken, err)
		}
		c := chunk{string(b[:4]), at + 8, int64(le.Uint32(b[4:]))}
		switch {
		case c.kind == "ds64" && kind == "RF64" && n >= 24: // sizes of file, sound and frames
			long = le.Uint64(b[16:])
		case c.kind == "fmt " && n >= 24:
			w.rate, w.frame = le.Uint32(b[12:]), le.Uint16(b[20:])
		case c.kind == "data":
			if kind == "RF64" && c.size == sizeUnknown {
				c.size = int64(min(long, math.MaxInt64))
			}
			if w.data < 0 {
				w.data = len(w.chunks)
			}
		}
		if c.size > size-c.at {
			return nil, fmt.Errorf("%w: a chunk of %d bytes where there are %d", ErrBroken, c.size, size-c.at)
		}
		if len(w.chunks) == mostChunks {
			return nil, fmt.Errorf("%w: more than %d chunks", ErrBroken, mostChunks)
		}
		w.chunks = append(w.chunks, c)
		at = c.end()
	}
	if w.data < 0 || w.rate == 0 || w.frame == 0 {
		return nil, fmt.Errorf("%w: it has no sound", ErrBroken)
	}
	return w, nil
}

// body reads a chunk, of at most maxChunk bytes.
func body(src io.ReaderAt, c chunk) ([]byte, error) {
	b := make([]byte, c.size)
	if n, err := src.ReadAt(b, c.at); n < len(b) {
		return nil, err
	}
	return b, nil
}

// appendChunk writes a chunk, to an even length.
func appendChunk(b []byte, kind string, body []byte) []byte {
	b = append(b, kind...)
	b = le.AppendUint32(b, uint32(len(body)))
	b = append(b, body...)
	if len(body)%2 != 0 {
		b = append(b, 0)
	}
	return b
}

// inside goes through the chunks in a list, up to the first that is damaged.
func inside(b []byte) func(yield func(kind string, body []byte) bool) {
	return func(yield func(string, []byte) bool) {
		for len(b) >= 8 {
			n := int64(le.Uint32(b[4:]))
			if n > int64(len(b)-8) || !yield(string(b[:4]), b[8:8+n]) {
				return
			}
			b = b[min(8+n+n&1, int64(len(b))):]
		}
	}
}
