//go:build unix

package pgtest

import (
	"errors"
	"testing"
)

// For starts a server for one test, which stops with it. Where PostgreSQL is not
// installed, the test is skipped.
func For(t testing.TB) *Server {
	t.Helper()
	s, err := Start()
	if errors.Is(err, ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}
