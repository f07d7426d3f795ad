package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// making is the folder, hidden among the episodes, where they are made before
// their files are renamed into place.
const making = ".making"

// place is where an episode goes, held for one press at a time.
type place struct {
	slug string
	dir  string            // of the finished episode; may not be there yet
	work string            // of what is under way; gone after leave
	last *publish.Manifest // of the last build; nil without one
	lock *flock.Flock
}

// BusyError is an episode that another press is making.
type BusyError struct{ Dir string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("%s: another narrapress is making this episode: wait for it to end", e.Dir)
}

// enter finds the folder of a script's episode: where its ID was published
// before, else by its slug, made unique. It must be left.
func (p *Press) enter(sc *script.Script) (*place, error) {
	out := p.cfg.Output.Dir
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, fmt.Errorf("output folder %s: %w", out, plainPath(err))
	}
	dirs, err := publish.FindEpisodes(out)
	if err != nil {
		return nil, err
	}
	pl := &place{}
	if dir, ok := dirs[sc.ID]; ok {
		pl.slug = filepath.Base(dir)
	} else {
		taken := map[string]bool{}
		for _, dir := range dirs {
			taken[filepath.Base(dir)] = true
		}
		pl.slug = publish.UniqueSlug(sc.Slug, func(s string) bool { return taken[s] })
	}
	pl.dir = filepath.Join(out, pl.slug)
	pl.work = filepath.Join(out, making, pl.slug)
	if err := pl.hold(); err != nil {
		return nil, err
	}
	// What a killed press left half made is of no use: takes are in the store.
	if err := os.RemoveAll(pl.work); err != nil {
		pl.leave()
		return nil, fmt.Errorf("output folder %s: %w", out, plainPath(err))
	}
	if err := os.MkdirAll(pl.work, 0o755); err != nil {
		pl.leave()
		return nil, fmt.Errorf("output folder %s: %w", out, plainPath(err))
	}
	if m, err := publish.ReadManifest(pl.dir); err == nil && m.Episode.ID == sc.ID {
		pl.last = m
	}
	return pl, nil
}

func (pl *place) hold() error {
	name := pl.work + ".lock"
	for {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return fmt.Errorf("output folder %s: %w", filepath.Dir(filepath.Dir(name)), plainPath(err))
		}
		pl.lock = flock.New(name)
		ok, err := pl.lock.TryLock()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another press left and took the folder with it
		}
		if err != nil {
			return fmt.Errorf("output folder %s: %w", filepath.Dir(filepath.Dir(name)), plainPath(err))
		}
		if !ok {
			return &BusyError{Dir: pl.dir}
		}
		// The press that held it before may have removed the file after this
		// one opened it: then the lock is on nothing.
		now, err := os.Stat(name)
		held, herr := pl.lock.Stat()
		if err == nil && herr == nil && os.SameFile(now, held) {
			return nil
		}
		pl.lock.Unlock()
	}
}

// leave removes what was under way and lets others in.
func (pl *place) leave() {
	os.RemoveAll(pl.work)
	os.Remove(pl.work + ".lock")
	pl.lock.Unlock()
	os.Remove(filepath.Dir(pl.work)) // stays while others are at work
}

// whole says whether the last build is this one and all its files are there
// as they were made.
func (pl *place) whole(build string) bool {
	return pl.last != nil && pl.last.Build == build && publish.Verify(pl.dir) == nil
}

// plainPath drops the system call's name from a file error.
func plainPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}
