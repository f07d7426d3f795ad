package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// NoEpisodeError is a name that no episode goes by.
type NoEpisodeError struct {
	Name, Out string
	Near      []string // slugs of what is there and could be released
}

func (e *NoEpisodeError) Error() string {
	s := fmt.Sprintf("%s is neither the folder nor the slug nor the ID of an episode in %s", e.Name, e.Out)
	if len(e.Near) > 0 {
		s += "; held are: " + strings.Join(e.Near, ", ")
	}
	return s
}

// NotHeldError is an episode that needs no release.
type NotHeldError struct {
	Dir       string
	Released  *publish.Release // it was released before; nil where it passes the gate
	Withdrawn string           // why it is out of the feed all the same; empty where it is in it
}

func (e *NotHeldError) Error() string {
	s := e.Dir + " is not held: it passes the gate"
	if e.Released != nil {
		s = fmt.Sprintf("%s was released before (%s): take that back with --revoke", e.Dir, e.Released.Note)
	}
	switch {
	case e.Withdrawn != "":
		s += "; it is not in the feed, for it is " + e.Withdrawn
	case e.Released == nil:
		s += ", and is in the feed"
	}
	return s
}

// Release lets the build of an episode through that the gate holds: the
// episode is its folder, its slug or its ID in the output folder out. A build
// that waits aside takes the place of the one that was out. It gives the
// folder that the episode is in. One that is withdrawn stays out of the feed.
func Release(out, episode string, r publish.Release) (dir string, err error) {
	return judgedByHand(out, episode, func(pl *place) error {
		from := pl.aside()
		m, err := publish.ReadManifest(from)
		if errors.Is(err, fs.ErrNotExist) {
			from = pl.dir
			m, err = pl.last, nil
		}
		switch {
		case err != nil:
			return err
		case m == nil:
			return publish.Verify(pl.dir) // says that it was not finished
		}
		passed, _ := publish.Passed(from, m)
		r.Build = m.Build
		if from == pl.dir {
			if !passed {
				return publish.WriteRelease(pl.dir, r)
			}
			e := &NotHeldError{Dir: from}
			e.Released, _ = publish.Released(from, m.Build)
			_, e.Withdrawn = publish.Withdrawn(from)
			return e
		}
		if err := publish.Verify(from); err != nil {
			return err
		}
		// The word is in the folder that it is for: who is killed in between has
		// left the one that is out as it was. One that passes already was let
		// through by somebody who was interrupted.
		if !passed {
			if err := publish.WriteRelease(from, r); err != nil {
				return err
			}
		}
		if err := pl.release(from, *m); err != nil {
			return err
		}
		return pl.forget()
	})
}

// Revoke takes a release back: the episode is held again. It is that of the
// build that is out, whatever waits aside.
func Revoke(out, episode string) (dir string, err error) {
	return judgedByHand(out, episode, func(pl *place) error {
		for _, in := range []string{pl.dir, pl.aside()} {
			m, err := publish.ReadHead(in)
			if err != nil {
				continue
			}
			if _, ok := publish.Released(in, m.Build); ok {
				return os.Remove(filepath.Join(in, publish.ReleaseName))
			}
		}
		return fmt.Errorf("%s was not released by hand: there is nothing to take back", pl.dir)
	})
}

// judgedByHand finds an episode and keeps others from it while do is at work.
func judgedByHand(out, episode string, do func(pl *place) error) (string, error) {
	if err := Settle(out); err != nil {
		return "", err
	}
	dir, e, err := locate(out, episode)
	if err != nil {
		return "", err
	}
	if publish.Slug(e.Slug) != e.Slug {
		return "", fmt.Errorf("%s: the slug %q cannot name an episode's files", filepath.Join(dir, publish.ManifestName), e.Slug)
	}
	pl := &place{id: e.ID, slug: e.Slug, dir: dir, work: filepath.Join(filepath.Dir(dir), making, e.Slug)}
	other, err := pl.hold(e.ID)
	switch {
	case err != nil:
		return "", unwritable(filepath.Dir(dir), err)
	case other != "":
		return "", &BusyError{Dir: dir}
	}
	defer pl.leave()
	if err := pl.settle(); err != nil {
		return "", unwritable(filepath.Dir(dir), err)
	}
	if pl.last, err = publish.ReadManifest(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return dir, do(pl)
}

// locate finds an episode by its folder, that of its build which waits aside,
// its slug or its ID: its own folder, whatever that is called, which is not
// there where it has a build aside alone.
func locate(out, episode string) (dir string, e podcast.Episode, err error) {
	none := podcast.Episode{}
	named, err := byName(episode)
	if err != nil {
		return "", none, err
	}
	if m, err := publish.ReadHead(named); episode != "" && err == nil {
		if in := filepath.Dir(named); filepath.Base(in) == publish.HeldDir {
			dir, err := ownFolder(filepath.Dir(in), m.Episode)
			return dir, m.Episode, err
		}
		return named, m.Episode, nil
	}
	found, _, err := publish.ListHeads(out)
	if err != nil {
		return "", none, err
	}
	held, _, err := publish.FindHeld(out)
	if err != nil {
		return "", none, err
	}
	goes := []func(dir string, e podcast.Episode) bool{ // by which an episode may go
		func(_ string, e podcast.Episode) bool { return e.Slug == episode },
		func(_ string, e podcast.Episode) bool { return e.ID == episode },
		func(dir string, _ podcast.Episode) bool { return filepath.Base(dir) == episode },
	}
	for _, by := range goes {
		for _, f := range found {
			if by(f.Dir, f.Head.Episode) {
				return f.Dir, f.Head.Episode, nil
			}
		}
		for _, h := range held {
			if h.Aside && by(h.Dir, h.Head.Episode) {
				dir, err := ownFolder(out, h.Head.Episode)
				return dir, h.Head.Episode, err
			}
		}
	}
	unknown := &NoEpisodeError{Name: episode, Out: out}
	for _, h := range held {
		unknown.Near = append(unknown.Near, h.Head.Episode.Slug)
	}
	slices.Sort(unknown.Near)
	unknown.Near = slices.Compact(unknown.Near)
	return "", none, unknown
}

// ownFolder is the folder of an episode that has a build aside, or where its
// folder can be.
func ownFolder(out string, e podcast.Episode) (string, error) {
	dirs, err := publish.FindEpisodes(out)
	if err != nil {
		return "", err
	}
	if dir, ok := dirs[e.ID]; ok {
		return dir, nil
	}
	return filepath.Join(out, publish.UniqueSlug(e.Slug, func(s string) bool {
		_, err := os.Lstat(filepath.Join(out, s))
		return err == nil
	})), nil
}
