package pipeline

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// A finished build takes the place of the one before in one step: the two
// folders are exchanged. Where a system cannot do that, or the folder is the one
// that the command was called in, the files are renamed one by one, the manifest last, and who is killed in between has left behind
// what the next one needs to go on.
const (
	// movingEnding is that of a folder, hidden among those under way, which is
	// on its way into the place of the episode's folder of that name.
	movingEnding = ".moving"

	// incoming is the file by which the new folder is told from the old one,
	// whichever name they have at the moment. It lists, a line each, what the
	// old one has of its build that the new one has not.
	incoming = ".incoming"

	// pouring is what it is called once the new folder is not whole any more.
	pouring = ".pouring"
)

func (pl *place) moving() string {
	return filepath.Join(filepath.Dir(pl.dir), making, filepath.Base(pl.dir)+movingEnding)
}

// release puts the finished build in from to where readers find it. What others
// put into the episode's folder stays in it.
func (pl *place) release(from string, m publish.Manifest) error {
	info, err := os.Stat(pl.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(from, pl.dir)
	}
	if err != nil {
		return err
	}
	left, err := pl.carry(from, m.Build)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(from, incoming), []byte(strings.Join(left, "\n")), 0o644); err != nil {
		return err
	}
	if err := os.Chmod(from, info.Mode().Perm()|0o700); err != nil { // as somebody may have set it for a web server
		return err
	}
	if err := os.MkdirAll(filepath.Dir(pl.moving()), 0o755); err != nil {
		return err
	}
	if err := os.Rename(from, pl.moving()); err != nil {
		return err
	}
	return pl.settle()
}

// settle finishes the release of a build that is on its way, if there is one.
// The place is held.
func (pl *place) settle() error {
	moving, dir := pl.moving(), pl.dir
	if to, err := filepath.EvalSymlinks(dir); err == nil {
		dir = to // a folder that stands elsewhere stays there
	}
	marked := func(by string) bool {
		_, err := os.Lstat(filepath.Join(moving, by))
		return err == nil
	}
	if poured := marked(pouring); poured || marked(incoming) {
		var err error
		if poured = poured || standsIn(dir); poured {
			err = pour(moving, dir)
		} else {
			err = exchange(moving, dir)
		}
		switch {
		case poured:
		case errors.Is(err, fs.ErrNotExist):
			err = os.Rename(moving, dir) // somebody removed what it was to replace
		case err != nil:
			err = pour(moving, dir)
		}
		if err != nil {
			return err
		}
		// Who withdrew the episode meanwhile did so in the folder that is old now.
		err = link(filepath.Join(moving, publish.WithdrawnName), filepath.Join(dir, publish.WithdrawnName))
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if err := os.Remove(filepath.Join(dir, incoming)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(moving)
}

// standsIn says whether the working folder is dir or in it. Exchanged, it would be
// gone for the shell that this was called from, and so would each relative path.
func standsIn(dir string) bool {
	at, err := os.Getwd()
	if err != nil {
		return false
	}
	if at, err = filepath.EvalSymlinks(at); err != nil {
		return false
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return false
	}
	if to, err := filepath.EvalSymlinks(dir); err == nil {
		dir = to
	}
	rel, err := filepath.Rel(dir, at)
	return err == nil && filepath.IsLocal(rel)
}

// Settle finishes, in an output folder, the releases that a killed press left
// half way, and removes what it had begun. What another press is at is left to it.
func Settle(out string) error {
	entries, err := os.ReadDir(filepath.Join(out, making))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unwritable(out, err)
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), movingEnding)
		if !ok || name == "" {
			continue
		}
		pl := &place{dir: filepath.Join(out, name)}
		m, err := publish.ReadHead(pl.moving())
		if errors.Is(err, fs.ErrNotExist) {
			m, err = publish.ReadHead(pl.dir) // it was moved already
		}
		if err != nil {
			continue // nobody's: a release moves what can be read
		}
		pl.slug, pl.id = m.Episode.Slug, m.Episode.ID
		if publish.Slug(pl.slug) != pl.slug {
			continue
		}
		pl.work = filepath.Join(out, making, pl.slug)
		other, err := pl.hold(pl.id)
		if err != nil {
			return unwritable(out, err)
		}
		if other != "" {
			continue
		}
		err = pl.settle()
		pl.leave()
		if err != nil {
			return unwritable(out, err)
		}
	}
	for _, e := range entries {
		if slug, ok := strings.CutSuffix(e.Name(), lockEnding); ok && slug != "" {
			abandoned(out, slug)
		}
	}
	if info, err := os.Lstat(filepath.Join(out, making)); err == nil && info.IsDir() { // a link is whoever's made it
		os.Remove(filepath.Join(out, making)) // stays while others are at work
	}
	return nil
}

// abandoned removes what a press that is gone was making under a slug. Who comes at
// the same time waits: it reads no ID.
func abandoned(out, slug string) {
	pl := &place{dir: filepath.Join(out, slug), work: filepath.Join(out, making, slug)}
	if _, err := os.Lstat(pl.moving()); err == nil {
		return // a build that is finished, and has a way to go
	}
	name := pl.work + lockEnding
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return
	}
	pl.lock = flock.New(name)
	if ok, err := pl.lock.TryLock(); err != nil || !ok {
		return
	}
	if !pl.locks(name) || os.Truncate(name, 0) != nil {
		_ = pl.lock.Unlock()
		return
	}
	pl.leave()
}

// carry brings into from what is in the episode's folder and is not of its
// build: files of others, its withdrawal, and the word by which the same build
// was let out before. Left are the names of what is of that build alone.
func (pl *place) carry(from, build string) (left []string, err error) {
	of := map[string]bool{publish.ManifestName: true, publish.RunName: true, incoming: true}
	for _, name := range publish.ReportFiles() {
		of[name] = true
	}
	if pl.last != nil {
		for _, f := range slices.Concat(pl.last.Files, pl.last.Kept()) {
			of[f.Name] = true
		}
	}
	if _, same := publish.Released(pl.dir, build); !same {
		of[publish.ReleaseName] = true
	}
	err = fs.WalkDir(os.DirFS(pl.dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		to := filepath.Join(from, filepath.FromSlash(name))
		_, there := os.Lstat(to)
		switch {
		case of[name]:
			if there != nil {
				left = append(left, name)
			}
			if e.IsDir() {
				return fs.SkipDir
			}
		case e.IsDir():
		case there != nil:
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return err
			}
			return link(filepath.Join(pl.dir, filepath.FromSlash(name)), to)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what is in %s beside the episode: %w", pl.dir, plainPath(err))
	}
	return left, nil
}

// link gives a file a second name, or copies it where the file system has none.
func link(from, to string) error {
	info, err := os.Lstat(from)
	if err != nil {
		return err
	}
	if info.Mode().Type() == fs.ModeSymlink {
		points, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(points, to)
	}
	err = os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) || !info.Mode().IsRegular() {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// pour renames the files of a new folder into an old one, the manifest last. It
// can be called again where it was interrupted.
func pour(from, dir string) error {
	err := os.Rename(filepath.Join(from, incoming), filepath.Join(from, pouring))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	left, err := os.ReadFile(filepath.Join(from, pouring))
	if err != nil {
		return err
	}
	err = fs.WalkDir(os.DirFS(from), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil, name == publish.ManifestName, name == pouring:
			return err
		case e.IsDir():
			return os.MkdirAll(filepath.Join(dir, filepath.FromSlash(name)), 0o755)
		}
		return move(filepath.Join(from, filepath.FromSlash(name)), filepath.Join(dir, filepath.FromSlash(name)))
	})
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(string(left), "\n") {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if folder := filepath.Dir(path); folder != dir {
			os.Remove(folder) // stays while there is something in it
		}
	}
	err = move(filepath.Join(from, publish.ManifestName), filepath.Join(dir, publish.ManifestName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// move renames a file, or copies it where that is on another disk.
func move(from, to string) error {
	err := os.Rename(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := link(from, to); err != nil {
		return err
	}
	return os.Remove(from)
}
