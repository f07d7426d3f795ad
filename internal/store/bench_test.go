package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/narrapress/narrapress/internal/store"
	"golang.org/x/sync/errgroup"
)

// BenchmarkAdopt makes takes of the answers of an hour, as an episode does that
// has judged them: 600 of 300 KB, eight at once.
func BenchmarkAdopt(b *testing.B) {
	const answers, size, atOnce = 600, 300 << 10, 8
	key := func(what string, n int) string {
		sum := sha256.Sum256(fmt.Append(nil, what, n))
		return hex.EncodeToString(sum[:])
	}
	all := func(do func(n int) error) {
		var g errgroup.Group
		g.SetLimit(atOnce)
		for n := range answers {
			g.Go(func() error { return do(n) })
		}
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	audio := make([]byte, size)
	for b.Loop() {
		b.StopTimer()
		s := store.Folder(b.TempDir(), store.Options{})
		all(func(n int) error {
			_, err := s.Put(key("answer", n), []byte(`{"name":"take.wav"}`), bytes.NewReader(audio))
			return err
		})
		b.StartTimer()
		all(func(n int) error {
			r, meta, err := s.Open(key("answer", n))
			if err != nil {
				return err
			}
			defer r.Close()
			if _, err := s.Adopt(key("take", n), key("answer", n), meta); err != nil {
				return err
			}
			return s.Remove(key("answer", n))
		})
	}
}
