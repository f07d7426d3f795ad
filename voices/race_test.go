package voices_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
	"github.com/narrapress/narrapress/voices/voicetest/contract"
)

// crowded is a store in which another process settles the same answer at the
// worst moment.
type crowded struct {
	*store.Store
	take, beside string
	when         string // before which call the other is done: adopt, open, after put
	vanished     bool   // the other has removed the answer, and its take is not there
	done         bool
}

func (s *crowded) other() {
	if s.done {
		return
	}
	s.done = true
	if !s.vanished {
		if _, err := s.Store.Adopt(s.take, s.beside, []byte(`{"name":"take.wav","media_type":"audio/wav","checked":true}`)); err != nil {
			panic(err)
		}
	}
	if err := s.Remove(s.beside); err != nil {
		panic(err)
	}
}

func (s *crowded) Open(key string) (io.ReadCloser, []byte, error) {
	if s.when == "open" && key == s.beside {
		s.other()
	}
	return s.Store.Open(key)
}

func (s *crowded) Put(key string, meta []byte, data io.Reader) (bool, error) {
	stored, err := s.Store.Put(key, meta, data)
	if s.when == "after put" && key == s.beside {
		s.other()
	}
	return stored, err
}

// Adopt looks for the take before the other is done, and for the answer behind it.
func (s *crowded) Adopt(key, from string, meta []byte) (bool, error) {
	if s.when != "adopt" || s.done {
		return s.Store.Adopt(key, from, meta)
	}
	s.other()
	return false, fmt.Errorf("store: no entry %s: %w", from, fs.ErrNotExist)
}

// TestOtherSettles makes the same take as another process: whoever is faster,
// nothing is lost, nothing is asked for twice, and nobody fails.
func TestOtherSettles(t *testing.T) {
	t.Parallel()
	req := voices.Request{Voice: host, Text: contract.Text, Language: "en-US"}
	for name, c := range map[string]struct {
		when     string
		vanished bool
		before   bool // an answer waits from a run that was killed
	}{
		"while an answer is adopted":             {when: "adopt"},
		"an answer vanishes while it is adopted": {when: "adopt", vanished: true},
		"between an answer and its reading":      {when: "after put"},
		"between two looks for an answer":        {when: "open", before: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := &crowded{Store: store.Folder(t.TempDir(), store.Options{Report: func(key string, err error) { t.Errorf("reported as damaged: %v", err) }})}
			s := open(t, voicetest.Options{}, nil, folder)
			key, err := s.studio.Key(req)
			if err != nil {
				t.Fatal(err)
			}
			folder.take, folder.beside = key, voices.WaitingKey(key, 0)
			requests := 1
			if c.before {
				if _, err := s.studio.Episode().Synthesize(t.Context(), req); err != nil {
					t.Fatal(err)
				}
			}
			folder.when, folder.vanished = c.when, c.vanished
			e := s.studio.Episode()
			if _, err := e.Synthesize(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			if refused, err := e.Settle(t.Context()); err != nil || len(refused) > 0 {
				t.Fatal(refused, err)
			}
			if !folder.done {
				t.Error("the other did not come")
			}
			if !folder.Has(key) || folder.Has(folder.beside) {
				t.Errorf("the take is there: %v; an answer waits: %v", folder.Has(key), folder.Has(folder.beside))
			}
			if n := s.server.Stats().Requests; n != requests {
				t.Errorf("%d requests", n)
			}
			if _, _, err := folder.Open(key); errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
		})
	}
}
