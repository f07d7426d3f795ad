//go:build (linux || darwin) && (amd64 || arm64) && !nolame

package mp3

import (
	"errors"
	"io"
	"runtime"
	"unsafe"
)

// Decoder decodes MPEG frames a little at a time, for what is too long to be held as
// samples. It is for one goroutine at a time.
type Decoder struct {
	lib    *mpg123
	handle uintptr
	rest   []byte // not given to the library yet
}

// Open begins to decode whole frames of layer III, from one on that borrows
// nothing, with the delay of the decoder at the front as [Library.Decode]
// does. It is not to be had where mpg123 is not: then the error wraps
// [errors.ErrUnsupported].
func (l *Library) Open(frames []byte) (*Decoder, error) {
	if l.mpg == nil {
		return nil, errNoMPG123
	}
	h, err := l.mpg.open()
	if err != nil {
		return nil, err
	}
	return &Decoder{lib: l.mpg, handle: h, rest: frames}, nil
}

// Read fills dst with samples that follow, interleaved, full scale ±1, and says
// how many there were; io.EOF is the end of the frames.
func (d *Decoder) Read(dst []float32) (int, error) {
	if d.handle == 0 {
		return 0, errors.New("MP3: the decoder was closed")
	}
	if len(dst) == 0 {
		return 0, nil
	}
	for {
		in := d.rest[:min(len(d.rest), decodeChunk)]
		d.rest = d.rest[len(in):]
		n, said := d.lib.give(d.handle, in, dst)
		switch {
		case said != mpgOK && said != mpgNewFormat && said != mpgNeedMore:
			return 0, errBrokenFrame
		case n > 0:
			return n, nil
		case said == mpgNeedMore && len(d.rest) == 0:
			return 0, io.EOF
		}
	}
}

// Close frees the library's memory.
func (d *Decoder) Close() error {
	if d.handle != 0 {
		d.lib.remove(d.handle)
		d.handle = 0
	}
	return nil
}

var errBrokenFrame = errors.New("MP3: a frame does not decode")

// open is a decoder to floating point that is fed.
func (m *mpg123) open() (uintptr, error) {
	h := m.newHandle(0, nil)
	if h == 0 {
		return 0, errors.New("MP3: mpg123 has no memory for a decoder")
	}
	if m.setParameter(h, mpgAddFlags, mpgQuiet|mpgForceFloat|mpgNoInfo, 0) != mpgOK || m.openFeed(h) != mpgOK {
		m.remove(h)
		return 0, errors.New("MP3: mpg123 does not decode to floating point")
	}
	return h, nil
}

// give feeds bytes, which the library copies, and takes samples. It says how
// many, and the library's answer.
func (m *mpg123) give(h uintptr, in []byte, dst []float32) (n int, said int32) {
	var done uintptr
	said = m.decode(h, unsafe.Pointer(unsafe.SliceData(in)), uintptr(len(in)),
		unsafe.Pointer(unsafe.SliceData(dst)), uintptr(len(dst))*unsafe.Sizeof(dst[0]), unsafe.Pointer(&done))
	runtime.KeepAlive(in)
	runtime.KeepAlive(dst)
	return int(done / unsafe.Sizeof(dst[0])), said
}
