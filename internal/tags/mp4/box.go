package mp4

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// box is one that is held in memory (ISO/IEC 14496-12, section 4.2).
type box struct {
	kind string
	body []byte
}

// mostInner is how many boxes one may hold: an index and its metadata have a
// few, a list of samples is one. A box of 8 bytes makes a slice's element of 40.
const mostInner = 4096

// split takes a sequence of boxes apart. The bodies share memory with b.
func split(b []byte) ([]box, error) {
	var out []box
	for len(b) >= 8 { // QuickTime ends user data with four bytes of 0
		size, head := uint64(binary.BigEndian.Uint32(b)), uint64(8)
		switch {
		case size == 1 && len(b) >= 16:
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		case size == 0: // to the end
			size = uint64(len(b))
		}
		if size < head || size > uint64(len(b)) {
			return nil, fmt.Errorf("%w: a box of %d bytes where there are %d", ErrBroken, size, len(b))
		}
		if len(out) == mostInner {
			return nil, fmt.Errorf("%w: more than %d boxes in one", ErrBroken, mostInner)
		}
		out = append(out, box{string(b[4:8]), b[head:size]})
		b = b[size:]
	}
	return out, nil
}

// find is the body of the first box on a path, each inside the one before; nil
// without one.
func find(b []byte, path ...string) []byte {
	for _, kind := range path {
		boxes, err := split(b)
		if err != nil {
			return nil
		}
		b = nil
		for _, x := range boxes {
			if x.kind == kind {
				b = x.body
				break
			}
		}
		if b == nil {
			return nil
		}
	}
	return b
}

// appendBox writes a box whose body is what fill appends.
func appendBox(b []byte, kind string, fill func([]byte) []byte) []byte {
	at := len(b)
	b = append(b, 0, 0, 0, 0)
	b = append(b, kind...)
	b = fill(b)
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at))
	return b
}

func appendBytes(b []byte, kind string, body ...byte) []byte {
	return appendBox(b, kind, func(b []byte) []byte { return append(b, body...) })
}

// u32 appends numbers of 32 bits.
func u32(b []byte, numbers ...uint32) []byte {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	return b
}

func u16(b []byte, numbers ...uint16) []byte {
	for _, n := range numbers {
		b = binary.BigEndian.AppendUint16(b, n)
	}
	return b
}

// outer is a box of the file itself, which is not held in memory.
type outer struct {
	kind string
	at   int64 // of its head
	head int64 // bytes
	size int64 // with the head
}

func (o *outer) body() int64 { return o.at + o.head }
func (o *outer) end() int64  { return o.at + o.size }

// mostOuter is how many boxes a file may be of: those of one that is not in
// fragments are a handful.
const mostOuter = 4096

// scan lists the boxes of a file.
func scan(src io.ReaderAt, size int64) ([]outer, error) {
	var out []outer
	var b [16]byte
	for at := int64(0); at < size; {
		n, err := src.ReadAt(b[:min(16, size-at)], at)
		if err != nil && err != io.EOF {
			return nil, err
		}
		if n < 8 {
			return nil, fmt.Errorf("%w: it ends inside a box", ErrBroken)
		}
		x := outer{kind: string(b[4:8]), at: at, head: 8, size: int64(binary.BigEndian.Uint32(b[:]))}
		switch x.size {
		case 0:
			x.size = size - at
		case 1:
			long := binary.BigEndian.Uint64(b[8:])
			if n < 16 || long > math.MaxInt64 {
				return nil, fmt.Errorf("%w: it ends inside a box", ErrBroken)
			}
			x.head, x.size = 16, int64(long)
		}
		switch {
		case at == 0 && x.kind != "ftyp":
			return nil, ErrFormat
		case x.size < x.head || x.size > size-at:
			return nil, fmt.Errorf("%w: a box of %d bytes where there are %d", ErrBroken, x.size, size-at)
		case x.kind == "moof":
			return nil, fmt.Errorf("%w: it is in fragments", ErrFormat)
		case len(out) == mostOuter:
			return nil, fmt.Errorf("%w: more than %d boxes", ErrBroken, mostOuter)
		}
		out = append(out, x)
		at += x.size
	}
	if len(out) == 0 {
		return nil, ErrFormat
	}
	return out, nil
}

// index reads the body of the file's moov.
func index(src io.ReaderAt, boxes []outer) ([]byte, error) {
	for _, x := range boxes {
		if x.kind != "moov" {
			continue
		}
		if x.size > maxIndex {
			return nil, fmt.Errorf("%w: an index of %d MiB", ErrBroken, x.size>>20)
		}
		b := make([]byte, x.size-x.head)
		if _, err := src.ReadAt(b, x.body()); err != nil && err != io.EOF {
			return nil, err
		}
		return b, nil
	}
	return nil, fmt.Errorf("%w: it has no index", ErrFormat)
}
