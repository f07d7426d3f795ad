package audio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	goaudio "github.com/go-audio/audio"
	"github.com/go-audio/wav"
)

// openWAV decodes a WAV file in this process, if it can: nil means that ffmpeg
// has to (µ-law, ADPCM, more than two channels, odd containers). end is called
// by the first Close.
func openWAV(r io.ReaderAt, h wavHeader, end func() error) Decoder {
	f := Format{Rate: h.rate, Channels: h.channels}
	if f.check() != nil || h.frame != h.channels*h.bits/8 || !h.whole() || h.size > math.MaxUint32-wavHeaderSize {
		return nil
	}
	closer := closeOnce(sync.OnceValue(end))
	samples := io.NewSectionReader(r, h.data, h.size)
	switch {
	case h.tag == wavPCM && (h.bits == 8 || h.bits == 16 || h.bits == 24 || h.bits == 32):
		return newIntegerWAV(samples, h, closer)
	case h.tag == wavFloat && (h.bits == 32 || h.bits == 64):
		return &floatWAV{format: f, r: samples, bytes: h.bits / 8, Closer: closer}
	}
	return nil
}

type closeOnce func() error

func (c closeOnce) Close() error { return c() }

// integerWAV reads integer samples by go-audio/wav. That library trusts the
// sizes in a file, allocates by them and does not know the extensible format,
// so it is given a plain header made from what was checked here, and the
// samples. It reads in runs of wavRun samples: sample by sample, as its
// FullPCMBuffer does, costs over a hundred times as much.
type integerWAV struct {
	io.Closer
	format Format
	d      *wav.Decoder
	buf    goaudio.IntBuffer
	rest   []int
	offset int // of silence: 8-bit samples are unsigned
	scale  float32
	err    error
}

const wavRun = 4096 // samples; divides by 1 and 2 channels

func newIntegerWAV(samples io.Reader, h wavHeader, closer io.Closer) *integerWAV {
	w := &integerWAV{
		Closer: closer,
		format: Format{Rate: h.rate, Channels: h.channels},
		scale:  float32(1 / math.Ldexp(1, h.bits-1)),
		buf:    goaudio.IntBuffer{Data: make([]int, wavRun)},
	}
	if h.bits == 8 {
		w.offset = 128
	}
	h.tag = wavPCM
	w.d = wav.NewDecoder(&headed{header: h.appendTo(nil), r: samples})
	return w
}

func (w *integerWAV) Format() Format { return w.format }

func (w *integerWAV) ReadSamples(dst []float32) (int, error) {
	if len(dst) < w.format.Channels {
		return 0, io.ErrShortBuffer
	}
	if len(w.rest) == 0 && w.err == nil {
		n, err := w.d.PCMBuffer(&w.buf)
		switch {
		case err != nil:
			w.err = fmt.Errorf("read WAV: %w", err)
		case n == 0:
			w.err = io.EOF
		default:
			w.rest = w.buf.Data[:n]
		}
	}
	if w.err != nil {
		return 0, w.err
	}
	n := min(len(dst)-len(dst)%w.format.Channels, len(w.rest))
	for i, v := range w.rest[:n] {
		dst[i] = float32(v-w.offset) * w.scale
	}
	w.rest = w.rest[n:]
	return n, nil
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

// floatWAV reads floating-point samples, little-endian, of 4 or 8 bytes.
type floatWAV struct {
	io.Closer
	format Format
	r      io.Reader
	bytes  int // a sample
	buf    []byte
	err    error
}

func (w *floatWAV) Format() Format { return w.format }

func (w *floatWAV) ReadSamples(dst []float32) (int, error) {
	if len(dst) < w.format.Channels {
		return 0, io.ErrShortBuffer
	}
	if w.err != nil {
		return 0, w.err
	}
	if w.buf == nil {
		w.buf = make([]byte, wavRun*w.bytes)
	}
	want := min(len(dst)-len(dst)%w.format.Channels, wavRun)
	n, err := io.ReadFull(w.r, w.buf[:want*w.bytes])
	if err == io.ErrUnexpectedEOF {
		err = nil
		if n%(w.bytes*w.format.Channels) != 0 {
			err = ErrTruncated
		}
	}
	if err != nil {
		w.err = err
		return 0, err
	}
	n /= w.bytes
	if w.bytes == 4 {
		for i := range n {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(w.buf[4*i:]))
		}
	} else {
		for i := range n {
			dst[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(w.buf[8*i:])))
		}
	}
	if err := checkFinite(dst[:n]); err != nil {
		w.err = fmt.Errorf("read WAV: %w", err)
		return 0, w.err
	}
	return n, nil
}
