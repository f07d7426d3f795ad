//go:build (linux || darwin) && (amd64 || arm64) && !nolame

package mp3

import (
	"errors"
	"io"
	"testing"
	"unsafe"
)

// failing is a library of which the n-th call, from 1, fails; it knows how many of
// its handles are open, and how often it was called.
type failing struct{ n, calls, open int }

func (f *failing) fails() bool {
	f.calls++
	return f.calls == f.n
}

func (f *failing) handle() uintptr {
	if f.fails() {
		return 0
	}
	f.open++
	return 1
}

func (f *failing) code() int32 {
	if f.fails() {
		return -1
	}
	return 0
}

func (f *failing) lame() *Library {
	l := &Library{
		initEncoder: f.handle,
		setScale:    func(uintptr, float32) int32 { return f.code() },
		setError:    func(uintptr, uintptr) int32 { return f.code() },
		initParams:  func(uintptr) int32 { return f.code() },
		encode:      func(uintptr, unsafe.Pointer, unsafe.Pointer, int32, unsafe.Pointer, int32) int32 { return f.code() },
		encodePairs: func(uintptr, unsafe.Pointer, int32, unsafe.Pointer, int32) int32 { return f.code() },
		frameNum:    func(uintptr) int32 { return 1 },
		flushApart:  func(uintptr, unsafe.Pointer, int32) int32 { return f.code() },
		flush:       func(uintptr, unsafe.Pointer, int32) int32 { return f.code() },
		closeLame:   func(uintptr) int32 { f.open--; return 0 },
	}
	for i := range l.set {
		l.set[i] = func(uintptr, int32) int32 { return f.code() }
	}
	return l
}

// mpg decodes nothing, and then has nothing more.
func (f *failing) mpg() *mpg123 {
	return &mpg123{
		newHandle:    func(uintptr, unsafe.Pointer) uintptr { return f.handle() },
		setParameter: func(uintptr, int32, int64, float64) int32 { return f.code() },
		openFeed:     func(uintptr) int32 { return f.code() },
		decode: func(uintptr, unsafe.Pointer, uintptr, unsafe.Pointer, uintptr, unsafe.Pointer) int32 {
			if f.fails() {
				return -1
			}
			return mpgNeedMore
		},
		remove: func(uintptr) { f.open-- },
	}
}

// TestEveryCallMayFail has each call of a library fail in turn: what was asked for
// ends with an error, and what was opened is closed.
func TestEveryCallMayFail(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(*failing) error{
		"encode mono": func(f *failing) error {
			_, err := f.lame().Encode(Settings{Rate: 44100, Channels: 1, Bitrate: 96}, make([]float32, 40*FrameSize))
			return err
		},
		"encode stereo, behind other sound": func(f *failing) error {
			_, err := f.lame().EncodeFrom(Settings{Rate: 44100, Channels: 2, Bitrate: 128}, make([]float32, 2*40*FrameSize), 2, 1)
			return err
		},
		"decode": func(f *failing) error {
			_, err := f.mpg().samples(nil, nil, 0)
			return err
		},
		"decode a little at a time": func(f *failing) error {
			d, err := (&Library{mpg: f.mpg()}).Open([]byte{0})
			if err != nil {
				return err
			}
			defer d.Close()
			if _, err = d.Read(make([]float32, 2)); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			none := &failing{}
			if err := do(none); err != nil || none.open != 0 {
				t.Fatalf("where none fails: %v, %d are open", err, none.open)
			}
			for n := 1; n <= none.calls; n++ {
				if f := (&failing{n: n}); do(f) == nil || f.open != 0 {
					t.Errorf("call %d of %d fails: no error, or %d are open", n, none.calls, f.open)
				}
			}
		})
	}
}
