package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/record"
)

// hearing is what was heard of the pieces of a file when it was last stitched,
// one entry of the cache: to read thousands takes longer than all else that an
// edit needs. Each piece has an entry of its own too, for other files. A nil
// one remembers nothing.
type hearing struct {
	cache *store.Cache
	key   string
	last  map[string]known // by heard.key

	mu   sync.Mutex
	now  map[string]known // of this build
	more bool             // now has what last has not
}

// known is what the cache keeps of a piece.
type known struct {
	Sound    record.Sound
	Streamed bool
}

// hearingOf is what is remembered of the pieces of the MP3 at file.
func hearingOf(cache *store.Cache, file string) *hearing {
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "hearing %d\x00%s", heardVersion, file))
	h := &hearing{cache: cache, key: hex.EncodeToString(sum[:]), now: map[string]known{}}
	if b := cache.Get(h.key); b != nil {
		if gob.NewDecoder(bytes.NewReader(b)).Decode(&h.last) != nil {
			h.last = nil
		}
	}
	return h
}

// recall is what was heard of the piece with a key.
func (h *hearing) recall(key string) (known, bool) {
	if h == nil {
		return known{}, false
	}
	k, ok := h.last[key]
	if ok = ok && k.Sound.SHA256 != ""; ok {
		h.keep(key, k, false)
	}
	return k, ok
}

// learn keeps what was heard for the next build.
func (h *hearing) learn(key string, k known) { h.keep(key, k, true) }

func (h *hearing) keep(key string, k known, isNew bool) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now[key] = k
	h.more = h.more || isNew
}

// save keeps it. That it cannot costs only time then.
func (h *hearing) save() {
	if !h.more {
		return
	}
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(h.now) == nil {
		_ = h.cache.Put(h.key, b.Bytes())
	}
}
