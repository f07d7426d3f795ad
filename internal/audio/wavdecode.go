package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/go-audio/wav"
)

// openWAV decodes a WAV file in this process, if it can: nil means that ffmpeg
// has to (µ-law, ADPCM, more than two channels, odd containers). end is called
// by the first Close.
func openWAV(r io.ReaderAt, h wavHeader, end func() error) Decoder {
	f := Format{Rate: h.rate, Channels: h.channels}
	if f.check() != nil || !h.plain() || h.whole() != nil || h.size > math.MaxUint32-wavHeaderSize {
		return nil
	}
	w := &wavDecoder{samples: samples{format: f, bytes: h.bits / 8}, Closer: closeOnce(sync.OnceValue(end))}
	data := io.NewSectionReader(r, h.data, h.size)
	switch {
	case h.tag == wavPCM && integers(h.bits) != nil:
		w.convert, w.r = integers(h.bits), &chunk{header: h, data: data}
	case h.tag == wavFloat && h.bits == 32:
		w.convert, w.r = float32s, data
	case h.tag == wavFloat && h.bits == 64:
		w.convert, w.r = float64s, data
	default:
		return nil
	}
	return w
}

type wavDecoder struct {
	samples
	io.Closer
}

type closeOnce func() error

func (c closeOnce) Close() error { return c() }

// chunk reads the data chunk of a file of integers by go-audio/wav. That
// library trusts the sizes in a file, allocates by them and does not know the
// extensible format, so it is given a plain header made from what was checked
// here, and the samples. Its own conversion goes sample by sample through
// binary.Read; the bytes are converted here.
type chunk struct {
	header wavHeader
	data   io.Reader
	d      *wav.Decoder
}

func (c *chunk) Read(p []byte) (int, error) {
	if c.d == nil {
		h := c.header
		h.tag = wavPCM
		c.d = wav.NewDecoder(&headed{header: h.appendTo(nil), r: c.data})
		if err := c.d.FwdToPCM(); err != nil || c.d.Err() != nil {
			return 0, errors.Join(err, c.d.Err())
		}
	}
	return c.d.PCMChunk.Read(p)
}

// headed reads a header and then r. The WAV library asks for a Seeker, but
// seeks only where chunks stand before the format.
type headed struct {
	header []byte
	r      io.Reader
}

func (h *headed) Read(p []byte) (int, error) {
	if len(h.header) > 0 {
		n := copy(p, h.header)
		h.header = h.header[n:]
		return n, nil
	}
	return h.r.Read(p)
}

func (h *headed) Seek(int64, int) (int64, error) { return 0, errors.ErrUnsupported }

// samples reads samples of a number of bytes each, which convert puts into dst.
type samples struct {
	format  Format
	r       io.Reader
	bytes   int
	convert func(dst []float32, b []byte) error
	buf     []byte
	err     error
}

const wavRun = 4096 // samples read at a time; divides by 1 and 2 channels

func (s *samples) Format() Format { return s.format }

func (s *samples) ReadSamples(dst []float32) (int, error) {
	if len(dst) < s.format.Channels {
		return 0, io.ErrShortBuffer
	}
	if s.err != nil {
		return 0, s.err
	}
	if s.buf == nil {
		s.buf = make([]byte, wavRun*s.bytes)
	}
	want := min(len(dst)-len(dst)%s.format.Channels, wavRun)
	n, err := io.ReadFull(s.r, s.buf[:want*s.bytes])
	if err == io.ErrUnexpectedEOF {
		err = nil
		if n%(s.bytes*s.format.Channels) != 0 {
			err = ErrTruncated
		}
	}
	if err == nil {
		dst = dst[:n/s.bytes]
		if err = s.convert(dst, s.buf[:n]); err != nil {
			err = fmt.Errorf("read WAV: %w", err)
		}
	}
	if err != nil {
		s.err = err
		return 0, err
	}
	return len(dst), nil
}

// integers is the conversion of integers of some bits, nil if there is none:
// those of 8 bits are unsigned, the others are not.
func integers(bits int) func(dst []float32, b []byte) error {
	switch bits {
	case 8:
		return uint8s
	case 16:
		return int16s
	case 24:
		return int24s
	case 32:
		return int32s
	}
	return nil
}

func uint8s(dst []float32, b []byte) error {
	for i, v := range b[:len(dst)] {
		dst[i] = float32(int(v)-1<<7) / (1 << 7)
	}
	return nil
}

func int16s(dst []float32, b []byte) error {
	b = b[:2*len(dst)]
	for i := range dst {
		dst[i] = float32(int16(binary.LittleEndian.Uint16(b[2*i:]))) / (1 << 15)
	}
	return nil
}

func int24s(dst []float32, b []byte) error {
	for i := range dst {
		v := b[3*i : 3*i+3]
		dst[i] = float32(int32(uint32(v[0])<<8|uint32(v[1])<<16|uint32(v[2])<<24)) / (1 << 31)
	}
	return nil
}

func int32s(dst []float32, b []byte) error {
	for i := range dst {
		dst[i] = float32(int32(binary.LittleEndian.Uint32(b[4*i:]))) / (1 << 31)
	}
	return nil
}

func float32s(dst []float32, b []byte) error {
	for i := range dst {
		dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return checkFinite(dst)
}

func float64s(dst []float32, b []byte) error {
	for i := range dst {
		dst[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:])))
	}
	return checkFinite(dst)
}
