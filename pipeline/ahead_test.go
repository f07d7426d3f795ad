package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// TestAheadKnowsAnswersByTheirHash gives out an answer that waits for its
// take, and none once the take was recorded anew: a block that is keyed by the
// one must not be made of the other.
func TestAheadKnowsAnswersByTheirHash(t *testing.T) {
	t.Parallel()
	const key = "0123456789abcdef0123456789abcdef"
	p := &Press{takes: store.Folder(t.TempDir(), store.Options{})}
	a := &ahead{
		files: p, known: func(string) bool { return true }, sums: map[string]string{},
		takes: make([]record.Take, 1), news: make(chan struct{}, 1),
	}
	told := func(n int, answer string) {
		if _, err := p.takes.Put(voices.WaitingKey(key, n), nil, bytes.NewReader([]byte(answer))); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte(answer))
		a.tell(record.Told{Take: record.Take{Ordinal: 1, Key: key, Sound: record.Sound{SHA256: hex.EncodeToString(sum[:])}}})
	}
	told(0, "first")
	if b, err := a.Take(key); err != nil || string(b) != "first" || a.takes[0].Key != key {
		t.Errorf("%q, %v; want the answer that waits", b, err)
	}
	told(1, "second")
	if b, err := a.Take(key); err == nil || a.takes[0].Key != "" {
		t.Errorf("%q was given for a block of another answer", b)
	}
}
