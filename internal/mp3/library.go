//go:build (linux || darwin) && (amd64 || arm64) && !nolame

package mp3

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"unsafe"
)

// Library is libmp3lame in this process. It is safe for concurrent use.
type Library struct {
	version string

	initEncoder func() uintptr
	set         [settings]func(uintptr, int32) int32
	setScale    func(uintptr, float32) int32
	setError    func(uintptr, uintptr) int32
	initParams  func(uintptr) int32
	encode      func(gf uintptr, left, right unsafe.Pointer, samples int32, buf unsafe.Pointer, size int32) int32
	encodePairs func(gf uintptr, pcm unsafe.Pointer, samples int32, buf unsafe.Pointer, size int32) int32
	frameNum    func(gf uintptr) int32
	flushApart  func(gf uintptr, buf unsafe.Pointer, size int32) int32
	flush       func(gf uintptr, buf unsafe.Pointer, size int32) int32
	closeLame   func(uintptr) int32

	mpg *mpg123 // decodes, where it is there
	// LAME's decoders share memory: two at a time, and a sample in a million is wrong
	// (LAME 3.100, measured by TestManyAtOnce).
	decoding     *sync.Mutex
	initDecoder  func() uintptr
	setHipError  func(uintptr, uintptr) int32
	decode       func(h uintptr, buf unsafe.Pointer, size uintptr, left, right unsafe.Pointer) int32
	closeDecoder func(uintptr) int32
}

// Settings of an encoder that take a whole number.
const (
	numChannels = iota
	inRate
	outRate
	brate
	mode
	quality
	writeTag
	settings
)

// Load loads libmp3lame. It is done once in a process, since the library fills
// tables of its own on first use, which no two threads may do at the same time.
// Without the library the error is an [*AbsentError].
var Load = sync.OnceValues(load)

func load() (*Library, error) {
	handle, err := open("libmp3lame.so.0", "libmp3lame.dylib")
	if err != nil {
		return nil, &AbsentError{Err: err}
	}
	l := &Library{decoding: new(sync.Mutex)}
	fewArenas()
	if err := l.bind(handle); err != nil {
		return nil, &AbsentError{Err: err}
	}
	// The first encoder and decoder fill the library's tables.
	frames, err := l.Encode(Settings{Rate: 44100, Channels: 1, Bitrate: 96}, make([]float32, FrameSize))
	if err == nil {
		_, err = l.Decode(nil, frames, 1)
	}
	if err != nil {
		return nil, &AbsentError{Err: err}
	}
	if l.mpg = loadMPG123(); l.mpg != nil {
		if _, err := l.Decode(nil, frames, 1); err != nil {
			l.mpg = nil // a build without floating point
		}
	}
	return l, nil
}

func (l *Library) bind(handle uintptr) error {
	var version func() string
	err := bind(handle, map[string]any{
		"get_lame_version":                          &version,
		"lame_init":                                 &l.initEncoder,
		"lame_set_num_channels":                     &l.set[numChannels],
		"lame_set_in_samplerate":                    &l.set[inRate],
		"lame_set_out_samplerate":                   &l.set[outRate],
		"lame_set_brate":                            &l.set[brate],
		"lame_set_mode":                             &l.set[mode],
		"lame_set_quality":                          &l.set[quality],
		"lame_set_bWriteVbrTag":                     &l.set[writeTag],
		"lame_set_scale":                            &l.setScale,
		"lame_set_errorf":                           &l.setError,
		"lame_init_params":                          &l.initParams,
		"lame_encode_buffer_ieee_float":             &l.encode,
		"lame_encode_buffer_interleaved_ieee_float": &l.encodePairs,
		"lame_get_frameNum":                         &l.frameNum,
		"lame_encode_flush_nogap":                   &l.flushApart,
		"lame_encode_flush":                         &l.flush,
		"lame_close":                                &l.closeLame,
		"hip_decode_init":                           &l.initDecoder,
		"hip_set_errorf":                            &l.setHipError,
		"hip_decode1":                               &l.decode,
		"hip_decode_exit":                           &l.closeDecoder,
	})
	if err != nil {
		return err
	}
	l.version = version()
	return nil
}

// Version names the library, such as "3.100".
func (l *Library) Version() string { return l.version }

// Decoder names what decodes: mpg123 where it can be loaded, else LAME's own.
func (l *Library) Decoder() string {
	if l.mpg != nil {
		return "mpg123"
	}
	return "hip"
}

// LAME's modes of channels (lame.h, MPEG_mode).
const (
	modeStereo = 0
	modeJoint  = 1
	modeMono   = 3
)

// lameQuality is how hard LAME thinks, from 0 (best) to 9: what ffmpeg takes
// when nobody says otherwise.
const lameQuality = 5

func (s Settings) mode() int32 {
	switch {
	case s.Channels == 1:
		return modeMono
	case s.Joint:
		return modeJoint
	}
	return modeStereo
}

func (l *Library) newEncoder(s Settings) (uintptr, error) {
	e := l.initEncoder()
	if e == 0 {
		return 0, errors.New("MP3: LAME has no memory for an encoder")
	}
	failed := l.setError(e, 0) < 0 // or it would write to our standard error
	for i, v := range [settings]int32{
		numChannels: int32(s.Channels), inRate: int32(s.Rate), outRate: int32(s.Rate), brate: int32(s.Bitrate),
		mode: s.mode(), quality: lameQuality, writeTag: 0,
	} {
		failed = l.set[i](e, v) < 0 || failed
	}
	failed = l.setScale(e, float32(1/Scale(s.Bitrate))) < 0 || failed
	if failed || l.initParams(e) < 0 {
		l.closeLame(e)
		return 0, fmt.Errorf("MP3: LAME does not take %d channels of %d Hz at %d kb/s", s.Channels, s.Rate, s.Bitrate)
	}
	return e, nil
}

// fedAtOnce is how many MPEG frames an encoder is given at a time. LAME copies
// what it is given, once for either channel: megabytes for a block, which
// glibc's heaps would keep when it is freed. Frames do not depend on it.
const fedAtOnce = 16

// Encode encodes samples, interleaved, full scale ±1, whole MPEG frames of
// them, with a fresh encoder. It gives one MPEG frame for each, and one or two
// that flush it.
func (l *Library) Encode(s Settings, samples []float32) ([]byte, error) {
	return l.EncodeFrom(s, samples, 0, 0)
}

// EncodeFrom is Encode, but that lead MPEG frames of silence go before samples, and
// that the MPEG frame with index first, lead counted, borrows nothing from those
// before it, which can be left out.
func (l *Library) EncodeFrom(s Settings, samples []float32, lead, first int) ([]byte, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	n := len(samples) / s.Channels
	if n == 0 || len(samples)%(s.Channels*FrameSize) != 0 {
		return nil, fmt.Errorf("MP3: %d samples are no whole MPEG frames of %d channels", len(samples), s.Channels)
	}
	n += lead * FrameSize
	if lead < 0 || first < 0 || first >= n/FrameSize {
		return nil, fmt.Errorf("MP3: no frame %d of %d", first, n/FrameSize)
	}
	e, err := l.newEncoder(s)
	if err != nil {
		return nil, err
	}
	defer l.closeLame(e)
	// At a constant bit rate no frame is longer than this; and room as lame.h
	// asks for where it flushes.
	buf := make([]byte, (n/FrameSize+2)*(144000*s.Bitrate/s.Rate+1)+2*7200)
	used, rest := 0, samples
	room := func() (unsafe.Pointer, int32) { return unsafe.Pointer(&buf[used]), int32(len(buf) - used) }
	put := func(k int32) error {
		if k < 0 {
			return fmt.Errorf("MP3: LAME failed (%d)", k)
		}
		used += int(k)
		return nil
	}
	encode := func(from []float32, frames int) error {
		at, size := room()
		pcm := unsafe.Pointer(unsafe.SliceData(from))
		defer runtime.KeepAlive(from)
		if s.Channels == 1 {
			return put(l.encode(e, pcm, pcm, int32(frames), at, size))
		}
		return put(l.encodePairs(e, pcm, int32(frames), at, size))
	}
	feed := func(frames int) error {
		from := rest
		rest = rest[frames*s.Channels:]
		return encode(from, frames)
	}
	if lead > 0 {
		silence := make([]float32, FrameSize*s.Channels)
		for range lead {
			if err := encode(silence, FrameSize); err != nil {
				return nil, err
			}
		}
	}
	// It looks ahead, so a frame comes out later than its samples go in.
	for int(l.frameNum(e)) < first && len(rest) > 0 {
		if err := feed(FrameSize); err != nil {
			return nil, err
		}
	}
	if first > 0 {
		// Fills up the frames that are out and begins the bit reservoir anew;
		// filters and psychoacoustics go on (lame.h).
		at, size := room()
		if err := put(l.flushApart(e, at, size)); err != nil {
			return nil, err
		}
	}
	for len(rest) > 0 {
		if err := feed(min(len(rest)/s.Channels, fedAtOnce*FrameSize)); err != nil {
			return nil, err
		}
	}
	at, size := room()
	if err := put(l.flush(e, at, size)); err != nil {
		return nil, err
	}
	return buf[:used], nil
}

func (l *Library) newDecoder() (uintptr, error) {
	d := l.initDecoder()
	if d == 0 {
		return 0, errors.New("MP3: LAME has no memory for a decoder")
	}
	l.setHipError(d, 0)
	return d, nil
}

// decodeChunk is how many bytes are given to the decoder at a time.
const decodeChunk = 4 << 10

// Decode decodes whole frames as a player does, with both delays at the front:
// sample 0 of what was encoded is at [EncoderDelay]+[DecoderDelay]. Those of
// LAME's own decoder are of 16 bits, and clipped at full scale. dst is
// overwritten, and used as far as it has room.
func (l *Library) Decode(dst []float32, b []byte, channels int) ([]float32, error) {
	frames, err := Frames(b)
	if err != nil {
		return nil, err
	}
	want := frames * FrameSize * channels
	if l.mpg != nil {
		return l.mpg.samples(dst, b, want)
	}
	l.decoding.Lock()
	defer l.decoding.Unlock()
	d, err := l.newDecoder()
	if err != nil {
		return nil, err
	}
	defer l.closeDecoder(d)
	out := slices.Grow(dst[:0], want)
	var left, right [FrameSize]int16
	pcm := func(n int) error {
		if len(out)+n*channels > want {
			return fmt.Errorf("MP3: decoding gives more than %d frames", frames)
		}
		at := len(out)
		out = out[:at+n*channels]
		if channels == 1 {
			for i, v := range left[:n] {
				out[at+i] = float32(v) / 32768
			}
			return nil
		}
		for i, v := range left[:n] {
			out[at+2*i], out[at+2*i+1] = float32(v)/32768, float32(right[i])/32768
		}
		return nil
	}
	for len(b) > 0 {
		n := min(len(b), decodeChunk)
		// It is asked until it says twice that it has nothing: one call may do
		// no more than find where the next frame begins.
		for size, idle := n, 0; idle < 2; size = 0 {
			k := l.decode(d, unsafe.Pointer(&b[0]), uintptr(size), unsafe.Pointer(&left), unsafe.Pointer(&right))
			if k < 0 {
				return nil, errors.New("MP3: a frame does not decode")
			}
			if idle++; k > 0 {
				idle = 0
			}
			if err := pcm(int(k)); err != nil {
				return nil, err
			}
		}
		b = b[n:]
	}
	if len(out) != want {
		return nil, fmt.Errorf("MP3: %d samples were decoded of %d", len(out), want)
	}
	return out, nil
}
