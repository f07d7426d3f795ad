package pipeline

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/record"
)

// memory is what was heard of an episode's takes when it was last made. It is
// one file in the cache, and implements record.Memory.
type memory struct {
	takes *store.Store
	cache *store.Cache
	key   string
	last  map[string]heardTake
	now   map[string]heardTake // of this build
	more  bool                 // now has what last has not
}

// heardTake is a take's sound, while its file is as the mark says.
type heardTake struct {
	Mark  string
	Sound record.Sound
}

// memoryVersion is part of the key of a memory. It changes when listening gives
// other measurements than before.
const memoryVersion = 2

// memory of the episode at a place; nil where nothing can be kept.
func (p *Press) memory(pl *place) *memory {
	if p.blocks == nil {
		return nil
	}
	dir, err := filepath.Abs(pl.dir)
	if err != nil {
		dir = pl.dir
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "heard %d %s", memoryVersion, dir))
	m := &memory{takes: p.takes, cache: p.blocks.With(nil), key: hex.EncodeToString(sum[:]), now: map[string]heardTake{}}
	if b := p.blocks.Get(m.key); b != nil {
		if gob.NewDecoder(bytes.NewReader(b)).Decode(&m.last) != nil {
			m.last = nil
		}
	}
	return m
}

// Recall is what was heard of a take.
func (m *memory) Recall(key string) (record.Sound, bool) {
	if t, ok := m.now[key]; ok {
		return t.Sound, true
	}
	t, ok := m.last[key]
	if !ok || t.Mark == "" || t.Mark != m.takes.Mark(key) {
		return record.Sound{}, false
	}
	m.now[key] = t
	return t.Sound, true
}

// Remember keeps what was heard of a take.
func (m *memory) Remember(key string, s record.Sound) {
	if _, ok := m.now[key]; ok {
		return
	}
	if mark := m.takes.Mark(key); mark != "" {
		m.now[key] = heardTake{mark, s}
		m.more = true
	}
}

// recall is Recall, of no memory too.
func (m *memory) recall(key string) (record.Sound, bool) {
	if m == nil {
		return record.Sound{}, false
	}
	return m.Recall(key)
}

// learn remembers takes.
func (m *memory) learn(takes []record.Take) {
	if m == nil {
		return
	}
	for _, t := range takes {
		m.Remember(t.Key, t.Sound)
	}
}

// forget a take, whose file was found damaged.
func (m *memory) forget(key string) {
	if m != nil {
		delete(m.last, key)
		delete(m.now, key)
	}
}

// save keeps it for the next build. That it cannot costs only time then.
func (m *memory) save() {
	if m == nil || !m.more {
		return
	}
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(m.now) == nil {
		_ = m.cache.Put(m.key, b.Bytes())
	}
}

var _ record.Memory = (*memory)(nil)
