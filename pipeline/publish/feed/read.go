package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// entry is an episode as the feed tells of it. Its files are there.
type entry struct {
	folder string // name in the output folder
	ep     podcast.Episode
	date   time.Time // that it is sorted by; zero where none is known
	audio  publish.File
	files  []publish.File // but for audio
	item   item
}

// reading is what became of a folder.
type reading struct {
	entry               *entry
	id                  string
	leftOut             bool // an episode that should be in the feed and cannot be
	unlisted, withdrawn bool
	findings            []string
}

// read reads the episodes of the output folder, side by side, and brings them
// into the order of the feed.
func (f *feed) read(ctx context.Context) ([]entry, error) {
	dirs, err := os.ReadDir(f.o.Out) // in order of name
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no such folder: produce an episode first", f.o.Out)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.o.Out, err)
	}
	all := make([]reading, len(dirs))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2 * runtime.GOMAXPROCS(0)) // half of them wait for the disk
	for i, d := range dirs {
		if strings.HasPrefix(d.Name(), ".") {
			continue
		}
		g.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			all[i] = f.episode(d.Name())
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var out []entry
	first := map[string]string{} // folder, by ID
	for i, r := range all {
		f.res.Findings = append(f.res.Findings, r.findings...)
		if r.leftOut {
			f.res.LeftOut++
		}
		if r.unlisted {
			f.res.Unlisted++
		}
		if r.withdrawn {
			f.res.Withdrawn = append(f.res.Withdrawn, dirs[i].Name())
		}
		if r.entry == nil {
			continue
		}
		if other, twice := first[r.id]; twice {
			f.res.LeftOut++
			f.find("%s: the same episode (%s) is in %s: the feed has that one; remove one of them",
				filepath.Join(f.o.Out, r.entry.folder), oneLine(r.id), filepath.Join(f.o.Out, other))
			continue
		}
		first[r.id] = r.entry.folder
		out = append(out, *r.entry)
	}
	newestFirst(out)
	return out, nil
}

// episode reads one folder.
func (f *feed) episode(name string) (r reading) {
	dir := filepath.Join(f.o.Out, name)
	find := func(format string, args ...any) { r.findings = append(r.findings, fmt.Sprintf(format, args...)) }
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return r
	}
	m, err := publish.ReadHead(dir)
	if errors.Is(err, fs.ErrNotExist) {
		find("%s: there is no manifest in it: no episode, or one that was not finished", dir)
		return r
	}
	if err != nil {
		r.leftOut = true
		find("%v: the episode is left out", err)
		return r
	}
	if f.o.Listed != nil && !f.o.Listed(dir, m) {
		r.unlisted = true
		r.withdrawn, _ = publish.Withdrawn(dir)
		return r
	}
	// A root keeps links from leading out of the folder.
	root, err := os.OpenRoot(dir)
	if err != nil {
		r.leftOut = true
		find("%s cannot be read: the episode is left out", dir)
		return r
	}
	defer root.Close()
	e := &entry{folder: name, ep: m.Episode}
	e.ep.Language = cmp.Or(e.ep.Language, f.o.Show.Language)
	enclosure := m.Episode.Enclosure
	for _, file := range m.Files {
		audio := enclosure != nil && file.Name == enclosure.File
		err := file.Check(root)
		switch {
		case err != nil && audio:
			find("%s %v: the episode is left out: produce it again", filepath.Join(dir, file.Name), err)
		case err != nil:
			find("%s %v: the feed does not name it: produce the episode again", filepath.Join(dir, file.Name), err)
		case audio:
			e.audio = file.As(publish.KindAudio, cmp.Or(file.MediaType, enclosure.MediaType))
		default:
			e.files = append(e.files, file)
		}
	}
	if e.audio.Name == "" {
		r.leftOut = true
		if len(r.findings) == 0 {
			find("%s names no sound: the episode is left out: produce it again", filepath.Join(dir, publish.ManifestName))
		}
		return r
	}
	if e.date = cmp.Or(dated(m.Episode.Date), dated(m.Episode.Released)); e.date.IsZero() {
		find("%s: the episode has no date, and stands at the end of the feed: write date: in its text", dir)
	}
	if f.o.Show.Type == "serial" && e.ep.Number == 0 {
		find("%s: the show is a serial, and the episode has no number: write episode: in its text", dir)
	}
	e.item = f.item(e)
	r.entry, r.id = e, m.Episode.ID
	return r
}

// dated is a date that RFC 2822 can say (section 3.3), else none.
func dated(t time.Time) time.Time {
	if y := t.Year(); y < 1900 || y > 9999 {
		return time.Time{}
	}
	return t
}
