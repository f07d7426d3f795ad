package pipeline

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// deliver puts a finished episode where it belongs. One that is held does not
// take the place of one that is out: it waits beside, and the listeners keep
// the last that was good (decision 16).
func (pl *place) deliver(m publish.Manifest) (aside bool, err error) {
	_, released := publish.Released(pl.dir, m.Build)
	if m.Gate != nil && m.Gate.Held && !released && pl.out() {
		return true, errors.Join(pl.wait(), pl.restore())
	}
	if err := pl.release(pl.work, m); err != nil {
		return false, err
	}
	if err := pl.restore(); err != nil {
		return false, err
	}
	return false, pl.forget()
}

// restore ends the withdrawal of an episode whose source is there. One that is
// made of its own folder may have none.
func (pl *place) restore() error {
	if pl.again {
		return nil
	}
	_, err := publish.Return(pl.dir)
	return err
}

// out says whether the last build of the episode is what listeners get, or
// would, were it not withdrawn: it passes, and its sound is there. Another file
// may be damaged, and no less is what is out.
func (pl *place) out() bool {
	if pl.last == nil || pl.last.Episode.Enclosure == nil {
		return false
	}
	if passed, _ := publish.Passed(pl.dir, pl.last); !passed {
		return false
	}
	root, err := os.OpenRoot(pl.dir)
	if err != nil {
		return false
	}
	defer root.Close()
	return slices.ContainsFunc(pl.last.Files, func(f publish.File) bool {
		return f.Name == pl.last.Episode.Enclosure.File && f.Check(root) == nil
	})
}

// listed says whether the last build is in the feed.
func (pl *place) listed() bool {
	if !pl.out() {
		return false
	}
	gone, _ := publish.Withdrawn(pl.dir)
	return !gone
}

// wait puts the finished files aside.
func (pl *place) wait() error {
	to := pl.aside()
	const sure = 100 // times that another press takes the folder away, which forget does where it is empty
	var err error
	for range sure {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
		if err == nil {
			err = os.RemoveAll(to)
		}
		if err == nil {
			err = os.Rename(pl.work, to)
		}
		if !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return err
}

// forget removes what waits aside: another build took its place.
func (pl *place) forget() error {
	if pl.again {
		return nil
	}
	aside := pl.aside()
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	os.Remove(filepath.Dir(aside)) // stays while others are held
	return nil
}

// waiting is the build that waits aside, if it is this one and whole; else nil.
func (pl *place) waiting(build string) *publish.Manifest {
	m, err := publish.ReadManifest(pl.aside())
	if err != nil || m.Build != build || publish.Verify(pl.aside()) != nil {
		return nil
	}
	return m
}

// finished says whether there is nothing to make: the build is there, be it
// out or held. It is judged again, by the rules as they are now.
func (p *Press) finished(pl *place, in *inputs, res *Result) (bool, error) {
	if pl.whole(in.build) {
		res.unchanged(pl)
		if err := errors.Join(pl.restore(), pl.forget(), pl.note(pl.dir, pl.last, in.source)); err != nil {
			return true, err
		}
		err := p.judgeAgain(pl.dir, pl.last, false)
		res.judged(pl.last)
		return true, err
	}
	m := pl.waiting(in.build)
	if m == nil {
		return false, nil
	}
	dir := pl.aside()
	if err := errors.Join(pl.restore(), pl.note(dir, m, in.source)); err != nil {
		return true, err
	}
	err := p.judgeAgain(dir, m, pl.listed())
	if err == nil { // it passes now
		if err = pl.release(dir, *m); err == nil {
			err = pl.forget()
		}
		dir = pl.dir
	}
	res.unchanged(&place{dir: dir, last: m})
	res.judged(m)
	return true, err
}

// note writes into the manifest of a build in dir that it is what the source
// comes to as it is now, too: something changed there that is neither heard nor
// seen. Else the source would be taken for a changed one for ever.
func (pl *place) note(dir string, m *publish.Manifest, now publish.Source) error {
	if pl.again || m.Source.Plan != now.Plan || reflect.DeepEqual(m.Source, now) {
		return nil
	}
	m.Source = now
	return publish.WriteManifest(dir, *m)
}
