package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// Memory keeps what was known of a source, by its address or path. Whatever it
// forgets costs only time.
type Memory interface {
	Get(address string) (Record, bool)
	Put(address string, r Record)
}

// Record is what was known of a source when it was last looked through. Its
// items are those that it listed, before any filter.
type Record struct {
	fetch.Validators
	SHA256 string   `json:"sha256,omitempty"` // of the body
	As     string   `json:"as,omitempty"`     // how it was read: other items come of it read otherwise
	Kind   string   `json:"kind,omitempty"`   // what stood there, one of config.SourceKinds
	Items  []Item   `json:"items,omitempty"`
	Parts  []string `json:"parts,omitempty"` // addresses of a sitemap index
}

// onlyWeb says whether all that a record names is on the web. A record of a web
// source that somebody else wrote could have a file of this machine read.
func (r *Record) onlyWeb() bool {
	return !slices.ContainsFunc(r.Items, func(it Item) bool { return !isWeb(it.Location) }) &&
		!slices.ContainsFunc(r.Parts, func(part string) bool { return !isWeb(part) })
}

// recordVersion changes when the same source is read otherwise than before.
const recordVersion = "2"

// none is the memory of who has none.
type none struct{}

func (none) Get(string) (Record, bool) { return Record{}, false }
func (none) Put(string, Record)        {}

// MemoryName is the name of a FileMemory's file in a show's output folder.
const MemoryName = ".sources.json"

// FileMemory is a Memory in one file. It is safe for concurrent use in one
// process; of several that save, the last wins, and nothing is lost but time.
type FileMemory struct {
	name    string
	mu      sync.Mutex
	records map[string]Record
	changed bool
}

// memoryFile is the shape of the file.
type memoryFile struct {
	Version string            `json:"version"`
	Sources map[string]Record `json:"sources"`
}

// mostMemory bounds what is read: the file is beside what is published, and
// may have been written by anybody.
const mostMemory = 1 << 30

// OpenMemory reads the memory of a show's output folder. A file that is not
// there, or that another version wrote, or that is damaged, knows nothing.
func OpenMemory(dir string) (*FileMemory, error) {
	m := &FileMemory{name: filepath.Join(dir, MemoryName), records: map[string]Record{}}
	info, err := os.Stat(m.name)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what is known of sources: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > mostMemory {
		return m, nil
	}
	b, err := os.ReadFile(m.name)
	if err != nil {
		return nil, fmt.Errorf("reading what is known of sources: %w", err)
	}
	var f memoryFile
	if json.Unmarshal(b, &f) == nil && f.Version == recordVersion && f.Sources != nil {
		m.records = f.Sources
	}
	return m, nil
}

// Get is what is known of a source.
func (m *FileMemory) Get(address string) (Record, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[address]
	return r, ok
}

// Put keeps what is known of a source, until Save for this process alone.
func (m *FileMemory) Put(address string, r Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records[address], m.changed = r, true
}

// Save writes the file, beside and renamed, if anything was put.
func (m *FileMemory) Save() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.changed {
		return nil
	}
	b, err := json.Marshal(memoryFile{Version: recordVersion, Sources: m.records})
	if err == nil {
		err = os.MkdirAll(filepath.Dir(m.name), 0o755)
	}
	if err == nil {
		_, err = publish.WriteFile(m.name, b)
	}
	if err != nil {
		return fmt.Errorf("keeping what is known of sources: %w", err)
	}
	m.changed = false
	return nil
}
