package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
	Dir      string
	Released *publish.Release // it was released before; nil where it passes the gate
}

func (e *NotHeldError) Error() string {
	if e.Released != nil {
		return fmt.Sprintf("%s was released before (%s): take that back with --revoke", e.Dir, e.Released.Note)
	}
	return e.Dir + " is not held: it passes the gate, and is in the feed"
}

// Release lets the build of an episode through that the gate holds: the
// episode is its folder, its slug or its ID in the output folder out. A build
// that waits aside takes the place of the one that was out. It gives the
// folder that the episode is in.
func Release(out, episode string, r publish.Release) (dir string, err error) {
	return judgedByHand(out, episode, func(pl *place, m *publish.Manifest, from string) error {
		if passed, _ := publish.Passed(from, m); passed {
			released, _ := publish.Released(from, m.Build)
			return &NotHeldError{Dir: from, Released: released}
		}
		r.Build = m.Build
		if from == pl.dir {
			return publish.WriteRelease(pl.dir, r)
		}
		if err := publish.Verify(from); err != nil {
			return err
		}
		// The word first: killed in between, the episode that is out stays out.
		if _, err := os.Stat(pl.dir); err == nil {
			if err := publish.WriteRelease(pl.dir, r); err != nil {
				return err
			}
		} else if err := publish.WriteRelease(from, r); err != nil {
			return err
		}
		if err := pl.release(from, *m); err != nil {
			return err
		}
		return pl.forget()
	})
}

// Revoke takes a release back: the episode is held again.
func Revoke(out, episode string) (dir string, err error) {
	return judgedByHand(out, episode, func(pl *place, m *publish.Manifest, from string) error {
		if _, ok := publish.Released(from, m.Build); !ok {
			return fmt.Errorf("%s was not released by hand: there is nothing to take back", from)
		}
		return os.Remove(filepath.Join(from, publish.ReleaseName))
	})
}

// judgedByHand finds an episode and keeps others from it while do is at work
// on its build in from: that which waits aside, where there is one.
func judgedByHand(out, episode string, do func(pl *place, m *publish.Manifest, from string) error) (string, error) {
	dir, from, err := locate(out, episode)
	if err != nil {
		return "", err
	}
	m, err := publish.ReadManifest(from)
	if err != nil {
		return "", err
	}
	pl := &place{slug: m.Episode.Slug, dir: dir, work: filepath.Join(filepath.Dir(dir), making, filepath.Base(dir))}
	other, err := pl.hold(m.Episode.ID)
	switch {
	case err != nil:
		return "", unwritable(filepath.Dir(dir), err)
	case other != "":
		return "", &BusyError{Dir: dir}
	}
	defer pl.leave()
	if m, err = publish.ReadManifest(from); err != nil { // another press may have been at it
		return "", err
	}
	if pl.last, err = publish.ReadManifest(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return dir, do(pl, m, from)
}

// locate finds an episode by its folder, slug or ID: its own folder, and that
// of its build which is to be judged.
func locate(out, episode string) (dir, from string, err error) {
	there := func(dir string) bool {
		info, err := os.Stat(filepath.Join(dir, publish.ManifestName))
		return err == nil && info.Mode().IsRegular()
	}
	pair := func(dir string) (string, string, error) {
		if aside := filepath.Join(filepath.Dir(dir), publish.HeldDir, filepath.Base(dir)); there(aside) {
			return dir, aside, nil
		}
		return dir, dir, nil
	}
	named := filepath.Clean(episode)
	switch {
	case there(named) && filepath.Base(filepath.Dir(named)) == publish.HeldDir:
		return filepath.Join(filepath.Dir(filepath.Dir(named)), filepath.Base(named)), named, nil
	case there(named):
		return pair(named)
	case publish.Slug(episode) == episode:
		if dir := filepath.Join(out, episode); there(dir) {
			return pair(dir)
		}
	}
	dirs, err := publish.FindEpisodes(out)
	if err != nil {
		return "", "", err
	}
	if dir, ok := dirs[episode]; ok {
		return pair(dir)
	}
	held, _, err := publish.FindHeld(out)
	if err != nil {
		return "", "", err
	}
	unknown := &NoEpisodeError{Name: episode, Out: out}
	for _, h := range held {
		if h.Manifest.Episode.ID == episode {
			return filepath.Join(out, filepath.Base(h.Dir)), h.Dir, nil
		}
		unknown.Near = append(unknown.Near, h.Manifest.Episode.Slug)
	}
	return "", "", unknown
}
