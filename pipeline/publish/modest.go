package publish

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// Bounds of a manifest that is read: it may be another's. A take has some 600
// bytes and 15 values, so these are a hundred thousand segments, two hundred hours.
const (
	maxManifest = 64 << 20  // bytes
	mostValues  = 2_000_000 // that commas divide: three bytes of JSON may become two hundred of memory
)

// openManifest opens a manifest, which is a file: opening a named pipe would wait
// for its writer for ever.
func openManifest(name string) (*os.File, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, &readError{name, err}
	case !info.Mode().IsRegular():
		return nil, &readError{name, errors.New("not a file")}
	case info.Size() > maxManifest:
		return nil, fmt.Errorf("%s: %w", name, errImmodest)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, &readError{name, err}
	}
	return f, nil
}

var errImmodest = fmt.Errorf("larger than %d MiB, or of more than %d values: no episode is like that", maxManifest>>20, mostValues)

// modest reads a manifest within its bounds.
type modest struct {
	r             io.Reader
	bytes, values int
}

func (m *modest) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.bytes += n
	m.values += bytes.Count(p[:n], []byte{','})
	if m.bytes > maxManifest || m.values > mostValues {
		return n, errImmodest
	}
	return n, err
}
