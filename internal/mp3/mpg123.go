//go:build (linux || darwin) && (amd64 || arm64) && !nolame

package mp3

import (
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"github.com/ebitengine/purego"
)

// mpg123 is libmpg123 in this process: a decoder that does not clip, takes half
// the time of LAME's, and shares nothing between streams. Debian's ffmpeg
// brings it, too.
type mpg123 struct {
	newHandle    func(decoder uintptr, err unsafe.Pointer) uintptr
	setParameter func(h uintptr, parameter int32, value int64, float float64) int32
	openFeed     func(h uintptr) int32
	decode       func(h uintptr, in unsafe.Pointer, size uintptr, out unsafe.Pointer, room uintptr, done unsafe.Pointer) int32
	remove       func(h uintptr)
}

// Of mpg123.h: the parameter that adds flags, flags, and what decode says.
const (
	mpgAddFlags   = 2
	mpgQuiet      = 0x20
	mpgForceFloat = 0x400
	mpgNoInfo     = 0x4000 // an Info frame is a frame as any other

	mpgOK        = 0
	mpgNeedMore  = -10
	mpgNewFormat = -11
)

// loadMPG123 loads the library; nil where there is none.
func loadMPG123() *mpg123 {
	handle, err := open("libmpg123.so.0", "libmpg123.dylib")
	if err != nil {
		return nil
	}
	m := &mpg123{}
	var initialise func() int32
	err = bind(handle, map[string]any{
		"mpg123_init":      &initialise,
		"mpg123_new":       &m.newHandle,
		"mpg123_param":     &m.setParameter,
		"mpg123_open_feed": &m.openFeed,
		"mpg123_decode":    &m.decode,
		"mpg123_delete":    &m.remove,
	})
	if err != nil || initialise() != mpgOK {
		return nil
	}
	return m
}

// samples decodes whole frames into dst.
func (m *mpg123) samples(dst []float32, b []byte, want int) ([]float32, error) {
	h, err := m.open()
	if err != nil {
		return nil, err
	}
	defer m.remove(h)
	out := slices.Grow(dst[:0], want+1)[:want+1] // room for one too many, to see that there is none
	for at := 0; ; {
		n, said := m.give(h, b, out[at:])
		b = nil // it has kept it
		at += n
		switch {
		case said != mpgOK && said != mpgNewFormat && said != mpgNeedMore:
			return nil, errBrokenFrame
		case at == len(out), said == mpgNeedMore && at != want:
			return nil, fmt.Errorf("MP3: %d samples were decoded of %d", at, want)
		case said == mpgNeedMore:
			return out[:want], nil
		}
	}
}

// open loads a library by the name that the system knows it by, and on macOS
// from where Homebrew and MacPorts put it.
func open(linux, darwin string) (uintptr, error) {
	names := []string{linux}
	if runtime.GOOS == "darwin" {
		names = []string{darwin, "/opt/homebrew/lib/" + darwin, "/usr/local/lib/" + darwin, "/opt/local/lib/" + darwin}
	}
	var handle uintptr
	var err error
	for _, name := range names {
		if handle, err = purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_LOCAL); err == nil {
			return handle, nil
		}
	}
	return 0, err
}

// bind finds functions of a library.
func bind(handle uintptr, functions map[string]any) error {
	for name, fn := range functions {
		at, err := purego.Dlsym(handle, name)
		if err != nil {
			return err
		}
		purego.RegisterFunc(fn, at)
	}
	return nil
}

// Of glibc's malloc.h: the parameter that bounds how many heaps there are for
// threads to allocate from, and the bound here.
const (
	mArenaMax = -8
	arenas    = 2
)

// fewArenas bounds glibc's heaps: it would make up to eight a core, each of
// which keeps the memory of an encoder (0.5 MiB and more) that was freed on its
// thread, and goroutines call from all threads in turn. Encoders allocate as
// they begin only, so nobody waits. Other systems have no such setting.
func fewArenas() {
	at, err := purego.Dlsym(purego.RTLD_DEFAULT, "mallopt")
	if err != nil {
		return
	}
	var mallopt func(parameter, value int32) int32
	purego.RegisterFunc(&mallopt, at)
	mallopt(mArenaMax, arenas)
}
