package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// making is the folder, hidden among the episodes, where they are made before
// their files are renamed into place.
const making = ".making"

// lockEnding is that of the file beside what is under way that its press holds.
const lockEnding = ".lock"

// place is where an episode goes, held for one press at a time.
type place struct {
	id   string            // of the episode
	slug string            // of its files; a person may have renamed its folder
	dir  string            // of the finished episode; may not be there yet
	work string            // of what is under way; gone after leave
	last *publish.Manifest // of the last build; nil without one
	lock *flock.Flock

	latest time.Time // when the newest of the other episodes was first made, of those without dates; known of a new place

	again bool // it is made of its own folder: what waits aside has another text
}

// BusyError is an episode that another press is making.
type BusyError struct{ Dir string }

func (e *BusyError) Error() string {
	return fmt.Sprintf("%s: another narrapress is making this episode: wait for it to end", e.Dir)
}

// enter finds the folder of a script's episode: where its ID was published
// before, else by its slug, made unique among everything that is there. The
// place must be left.
func (p *Press) enter(sc *script.Script) (*place, error) {
	out := p.cfg.Output.Dir
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, unwritable(out, err)
	}
	if err := Settle(out); err != nil {
		return nil, err
	}
	busy := map[string]bool{} // slugs under which other episodes are being made
	for {
		pl, err := find(out, sc, busy)
		if err != nil {
			return nil, err
		}
		switch other, err := pl.hold(sc.ID); {
		case err != nil:
			return nil, unwritable(out, err)
		case other == sc.ID:
			return nil, &BusyError{Dir: pl.dir}
		case other != "":
			busy[pl.slug] = true
			continue
		}
		if err := pl.settle(); err != nil {
			pl.leave()
			return nil, unwritable(out, err)
		}
		// Another press may have finished here since.
		m, err := publish.ReadManifest(pl.dir)
		_, there := os.Lstat(pl.dir)
		if err == nil && m.Episode.ID == sc.ID {
			pl.last = m
		} else if there == nil {
			pl.leave()
			continue
		}
		return pl, pl.clear()
	}
}

// byName is a folder by a name of its own, which "." and ".." are not: beside it
// stand what is under way and what is held, and its address on the web ends in it.
func byName(dir string) (string, error) {
	dir = filepath.Clean(dir)
	if base := filepath.Base(dir); base != "." && base != ".." {
		return dir, nil
	}
	return filepath.Abs(dir)
}

// reenter is the place of an episode that is there already, in its folder, which
// goes by its own name.
func reenter(dir string, m *publish.Manifest) (*place, error) {
	slug, out := m.Episode.Slug, filepath.Dir(dir)
	if publish.Slug(slug) != slug {
		return nil, fmt.Errorf("%s: the slug %q cannot name an episode's files", filepath.Join(dir, publish.ManifestName), slug)
	}
	pl := &place{id: m.Episode.ID, slug: slug, dir: dir, work: filepath.Join(out, making, slug), again: true}
	other, err := pl.hold(m.Episode.ID)
	switch {
	case err != nil:
		return nil, unwritable(out, err)
	case other != "":
		return nil, &BusyError{Dir: dir}
	}
	if err := pl.settle(); err != nil {
		pl.leave()
		return nil, unwritable(out, err)
	}
	// Another press may have made it anew since its manifest was read.
	if pl.last, err = publish.ReadManifest(dir); err == nil && pl.last.Build != m.Build {
		err = &BusyError{Dir: dir}
	}
	if err != nil {
		pl.leave()
		return nil, err
	}
	return pl, pl.clear()
}

// clear makes room for what is under way. What a killed press left half made is
// of no use: takes are in the store.
func (pl *place) clear() error {
	err := os.RemoveAll(pl.work)
	if err == nil {
		err = os.MkdirAll(pl.work, 0o755)
	}
	if err != nil {
		pl.leave()
		return unwritable(filepath.Dir(pl.dir), err)
	}
	return nil
}

// find is where a script's episode is, or where it can be.
func find(out string, sc *script.Script, busy map[string]bool) (*place, error) {
	at := func(dir, slug string) *place {
		return &place{id: sc.ID, slug: slug, dir: dir, work: filepath.Join(out, making, slug)}
	}
	known := func(dir string) *place {
		m, err := publish.ReadManifest(dir)
		if err != nil || m.Episode.ID != sc.ID || publish.Slug(m.Episode.Slug) != m.Episode.Slug {
			return nil
		}
		return at(dir, m.Episode.Slug) // its files keep their names, wherever the folder was moved
	}
	if pl := known(filepath.Join(out, sc.Slug)); pl != nil {
		return pl, nil // without reading a thousand other manifests
	}
	found, _, err := publish.ListHeads(out)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{} // by episodes whose folders may have other names
	var latest time.Time
	for _, f := range found {
		if f.Head.Episode.ID == sc.ID {
			if pl := known(f.Dir); pl != nil {
				return pl, nil
			}
		}
		taken[f.Head.Episode.Slug] = true
		if at := f.Head.Episode.Released; at.After(latest) {
			latest = at
		}
	}
	slug := publish.UniqueSlug(sc.Slug, func(s string) bool {
		_, err := os.Lstat(filepath.Join(out, s))
		return busy[s] || taken[s] || err == nil || anothers(filepath.Join(out, publish.HeldDir, s), sc.ID)
	})
	pl := at(filepath.Join(out, slug), slug)
	pl.latest = latest
	return pl, nil
}

// anothers says whether a folder holds another episode than that of the ID.
func anothers(dir, id string) bool {
	m, err := publish.ReadHead(dir)
	return err == nil && m.Episode.ID != id
}

func unwritable(out string, err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("output folder %s: the disk is full: make room and run it again, what was finished is kept: %w", out, plainPath(err))
	}
	return fmt.Errorf("output folder %s: %w", out, plainPath(err))
}

// hold keeps others from the place. Where another press holds it, other is the
// ID of the episode that is made there.
func (pl *place) hold(id string) (other string, err error) {
	name := pl.work + lockEnding
	const sure = 10 // times that it is looked at
	for tries := 0; ; {
		// What is under way and what is held is removed whole: a link that somebody
		// put there would lead that elsewhere.
		for _, dir := range []string{filepath.Dir(pl.work), filepath.Dir(pl.aside())} {
			if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
				return "", fmt.Errorf("%s is no folder, but a file or a link: remove it", dir)
			}
		}
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if errors.Is(err, fs.ErrExist) {
			continue // another press took it away as soon as it was seen there
		}
		if err != nil {
			return "", err
		}
		pl.lock = flock.New(name)
		ok, err := pl.lock.TryLock()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another press left and took the folder with it
		}
		if err != nil {
			return "", err
		}
		if !ok {
			b, err := os.ReadFile(name)
			if tries++; err == nil && len(b) > 0 && tries >= sure {
				return string(b), nil
			}
			// Its holder has yet to write its ID, or left; or removes what one that was
			// killed had begun, whose ID may still stand there.
			time.Sleep(time.Millisecond)
			continue
		}
		// The press that held it before may have removed the file after this
		// one opened it: then the lock is on nothing.
		if pl.locks(name) {
			if err := os.WriteFile(name, []byte(id), 0o644); err != nil {
				pl.leave() // nobody could tell who holds it
				return "", err
			}
			return "", nil
		}
		_ = pl.lock.Unlock()
	}
}

// locks says whether the lock that is held is on the file of the name.
func (pl *place) locks(name string) bool {
	now, err := os.Stat(name)
	if err != nil {
		return false
	}
	held, err := pl.lock.Stat()
	return err == nil && os.SameFile(now, held)
}

// leave removes what was under way and lets others in.
func (pl *place) leave() {
	os.RemoveAll(pl.work)
	os.Remove(pl.work + lockEnding)
	_ = pl.lock.Unlock()
	os.Remove(filepath.Dir(pl.work)) // stays while others are at work
}

// whole says whether the last build is this one and all its files are there
// as they were made.
func (pl *place) whole(build string) bool {
	return pl.last != nil && pl.last.Build == build && publish.Verify(pl.dir) == nil
}

// edited says that the last build was made from a plan that a person had in
// hand. The error is that its folder is not whole: what is missing is in the
// plan, and making the episode from its text would drop the edits.
func (pl *place) edited() (bool, error) {
	if pl.last == nil || pl.last.Source.Plan == "" {
		return false, nil
	}
	if err := publish.Verify(pl.dir); err != nil {
		return true, fmt.Errorf("the episode was made from the edited plan %s, and its folder is not whole: produce the plan again, or the text with --fresh to drop its edits: %w",
			pl.last.Source.Plan, err)
	}
	return true, nil
}

// plainPath drops the system call's name from a file error.
func plainPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}
