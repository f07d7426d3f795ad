package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/record"
)

// heard is a piece that was listened to.
type heard struct {
	Sound    record.Sound
	Streamed bool // it is a track, too large to be held, or known to ffmpeg alone: it is decoded as it is read

	name  string // as the user wrote it
	file  string // absolute path
	stat  fileStat
	track bool
	now   bool // it was not in the cache
}

// fileStat tells whether a file is the one that was listened to, without
// reading it: the same as other tools take for it that compare many files.
type fileStat struct {
	size  int64
	mtime int64  // ns
	inode uint64 // 0 where there are none
}

// statOf is that of a regular file.
func statOf(info fs.FileInfo) fileStat {
	return fileStat{info.Size(), info.ModTime().UnixNano(), inodeOf(info)}
}

const (
	// heardVersion is part of every key. It changes when the same file would be
	// heard otherwise than before.
	heardVersion = 2
	// mostHeld is up to how many bytes a piece is held in memory whole, one a
	// core.
	mostHeld = 16 << 20
	// settled is how old a file must be for its time to tell it from the next
	// one that is written in its place: the coarsest clock of file systems, that
	// of FAT, goes by two seconds.
	settled = 2 * time.Second
	// mostFaults is how many files that cannot be used are named at once.
	mostFaults = 10
)

func (h *heard) key() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "heard %d\x00%s\x00%d %d %d %v", heardVersion, h.file, h.stat.size, h.stat.mtime, h.stat.inode, h.track))
	return hex.EncodeToString(sum[:])
}

// listenTo listens to the pieces, one a core at a time, but for those that the
// cache remembers. Its error names every file that cannot be used.
func listenTo(ctx context.Context, cache *store.Cache, memory *hearing, pieces []Piece, now func() time.Time, progress func(int, int, int)) ([]heard, error) {
	out := make([]heard, len(pieces))
	faults := make([]error, len(pieces))
	for i, p := range pieces {
		out[i], faults[i] = look(p.File)
	}
	if err := pieceFaults(faults); err != nil {
		return nil, err
	}
	var kept atomic.Int64
	err := each(ctx, len(out), func(i int) error {
		// A file that cannot be used is told of with all others.
		faults[i] = out[i].listen(ctx, cache, memory, now)
		if !out[i].now {
			kept.Add(1)
		}
		return context.Cause(ctx)
	}, func(done int) { progress(done, len(pieces), int(kept.Load())) })
	if err != nil {
		return nil, err
	}
	memory.save()
	return out, pieceFaults(faults)
}

// pieceFaults are the first errors, a line each.
func pieceFaults(all []error) error {
	var out []error
	more := 0
	told := map[string]bool{}
	for _, err := range all {
		switch {
		case err == nil || told[err.Error()]:
		case len(out) == mostFaults:
			more++
		default:
			told[err.Error()] = true
			out = append(out, err)
		}
	}
	if more > 0 {
		out = append(out, fmt.Errorf("and %d more files", more))
	}
	return errors.Join(out...)
}

// look finds a piece, and reads nothing of it.
func look(file string) (heard, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return heard{}, err
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return heard{}, fmt.Errorf("%s: there is no such file", file)
	case err != nil:
		return heard{}, plainPath(err)
	case info.IsDir():
		return heard{}, fmt.Errorf("%s is a folder: name the files in it, or a pattern such as '%s'", file, filepath.Join(file, "*.wav"))
	case !info.Mode().IsRegular():
		return heard{}, fmt.Errorf("%s is not a regular file", file)
	case info.Size() == 0:
		return heard{}, fmt.Errorf("%s: the file is empty", file)
	}
	return heard{name: file, file: abs, stat: statOf(info)}, nil
}

// listen measures a piece, or remembers it: memory, which may be nil, or the cache.
func (h *heard) listen(ctx context.Context, cache *store.Cache, memory *hearing, now func() time.Time) error {
	key := h.key()
	if k, ok := memory.recall(key); ok {
		h.Sound, h.Streamed = k.Sound, k.Streamed
		return nil
	}
	if b := cache.Get(key); b != nil {
		var k known
		if json.Unmarshal(b, &k) == nil && k.Sound.SHA256 != "" {
			h.Sound, h.Streamed = k.Sound, k.Streamed
			memory.learn(key, k)
			return nil
		}
	}
	h.now = true
	began := now()
	if err := h.measure(ctx); err != nil {
		return err
	}
	if h.Sound.Silent() {
		return fmt.Errorf("%s: there is no sound in it", h.name)
	}
	if began.Sub(time.Unix(0, h.stat.mtime)) < settled {
		return nil // it may yet be written to within the same tick
	}
	k := known{h.Sound, h.Streamed}
	b, err := json.Marshal(k)
	if err == nil {
		err = cache.Put(key, b)
	}
	memory.learn(key, k)
	return err
}

func (h *heard) measure(ctx context.Context) (err error) {
	var file []byte
	if h.stat.size <= mostHeld && !h.track {
		if file, err = h.read(); err != nil {
			return err
		}
	}
	if h.Streamed = h.track || audio.Sniff(file) == ""; !h.Streamed {
		if h.Sound, err = record.Listen(ctx, file); err != nil {
			return fmt.Errorf("%s: %w", h.name, err)
		}
		return nil
	}
	h.Sound, err = record.ListenFile(ctx, h.name)
	track := new(record.TrackError)
	switch {
	case err == nil:
		return h.same()
	case !h.track && errors.As(err, &track):
		return fmt.Errorf("%s: %w", h.name, track.Err)
	default:
		return err
	}
}

// read is the whole file, the one that was looked at.
func (h *heard) read() ([]byte, error) {
	f, err := os.Open(h.file)
	if err != nil {
		return nil, plainPath(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, plainPath(err)
	}
	if statOf(info) != h.stat {
		return nil, h.changed()
	}
	b := make([]byte, h.stat.size)
	if _, err := io.ReadFull(f, b); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return nil, h.changed()
		}
		return nil, plainPath(err)
	}
	return b, h.same()
}

// same says that the file is still the one that was looked at.
func (h *heard) same() error {
	info, err := os.Stat(h.file)
	if err != nil || statOf(info) != h.stat {
		return h.changed()
	}
	return nil
}

func (h *heard) changed() error {
	return fmt.Errorf("%s: it changed while it was used: run it again", h.name)
}

func unchangedSince(pieces []heard) error {
	faults := make([]error, len(pieces))
	for i := range pieces {
		faults[i] = pieces[i].same()
	}
	return pieceFaults(faults)
}

// hearings are the pieces as master reads them.
type hearings []heard

// Take is the whole file of a piece.
func (h hearings) Take(key string) ([]byte, error) { return h[pieceOf(key)].read() }

// pieceKey names a piece in a timeline, by its place from 1 on.
func pieceKey(i int) string { return strconv.Itoa(i + 1) }

func pieceOf(key string) int {
	n, _ := strconv.Atoi(key) // of pieceKey
	return n - 1
}
