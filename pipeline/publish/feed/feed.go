// Package feed answers what podcast apps are told of a show: it writes the RSS
// feed from the manifests of the show's finished episodes, and from nothing
// else of them.
//
// The feed is RSS 2.0 with the namespaces of Apple (itunes), Podcasting 2.0
// (podcast), Atom and content. The same episodes and the same show give the same
// bytes; a file that would not change is not touched. A feed names no file that
// is not there: what is missing is left out and reported.
//
// A show of many episodes has archive pages (RFC 5005, section 4). They are
// counted from the oldest episode, so that a new one changes feed.xml alone; see
// [Options.ItemsPerPage].
package feed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// Name is the feed's file in the output folder.
const Name = "feed.xml"

// Options are what a feed is written from.
type Options struct {
	Out     string       // folder of the episodes' folders; the feed is written into it
	Show    podcast.Show // its cover a path; without one, a cover of its title is drawn
	BaseURL string       // of Out on the web, http or https

	// ItemsPerPage is how many items an archive page has; 0 writes one file.
	// feed.xml has the newest: from as many to twice as many, less one.
	ItemsPerPage int

	// Listed says whether an episode is to be in the feed, by its folder and
	// the head of its manifest (see publish.ReadHead). Nil lists all.
	Listed func(dir string, m *publish.Manifest) bool
}

// Result is what was written.
type Result struct {
	Feed      string   `json:"feed"`                // path of feed.xml
	URL       string   `json:"url"`                 // of it on the web
	Items     int      `json:"items"`               // of all pages
	Files     []string `json:"files"`               // names in the output folder: the cover, the archive pages from the oldest, feed.xml
	Written   []string `json:"written"`             // those of them that are not as they were
	LeftOut   int      `json:"left_out"`            // episodes that should be in the feed and cannot be
	Unlisted  int      `json:"unlisted"`            // episodes that are not to be in it: held or withdrawn
	Withdrawn []string `json:"withdrawn,omitempty"` // folders of those of them that are withdrawn
	Findings  []string `json:"findings,omitempty"`
}

// Missing is a key of the show's file that a feed cannot be without.
type Missing struct {
	Key  string `json:"key"`
	Hint string `json:"hint"` // what to write there
}

// MissingError names all that a show lacks for a feed.
type MissingError struct{ Keys []Missing }

func (e *MissingError) Error() string {
	lines := []string{"the feed needs what the show's file does not say:"}
	for _, m := range e.Keys {
		lines = append(lines, fmt.Sprintf("%s: %s", m.Key, m.Hint))
	}
	return strings.Join(lines, "\n")
}

// Ready says whether a show has all that a feed needs; else the error is a
// *MissingError.
func Ready(o Options) error { return o.missing() }

// missing finds what Apple and RSS require of a channel ("A Podcaster's Guide
// to RSS", required tags; RSS 2.0, required channel elements).
func (o *Options) missing() error {
	var e MissingError
	need := func(is bool, key, hint string) {
		if !is {
			e.Keys = append(e.Keys, Missing{key, hint})
		}
	}
	s := o.Show
	need(oneLine(s.Title) != "", "show.title", "what the show is called")
	need(clean(s.Description) != "", "show.description", "what it is about, in at most 4000 bytes")
	need(s.Language != "", "show.language", "the language of the show, such as en-US")
	need(len(categories(s)) > 0, "show.category", "one of Apple's, such as [Technology] or [Society & Culture/Philosophy]")
	need(s.Explicit != nil, "show.explicit", "false, or true where the show is for adults only")
	need(!s.Locked || s.Owner.Email != "", "show.owner.email", "whom another host asks who would take the locked feed over")
	need(o.BaseURL != "", "publish.base_url", "where the output folder is on the web, such as https://example.org/podcast")
	if len(e.Keys) == 0 {
		return nil
	}
	return &e
}

// Write writes the feed of the episodes in Out. What the show lacks for a feed
// is a *MissingError; nothing was written then.
func Write(ctx context.Context, o Options) (*Result, error) {
	if err := o.missing(); err != nil {
		return nil, err
	}
	f, err := open(o)
	if err != nil {
		return nil, err
	}
	entries, err := f.read(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.cover(); err != nil {
		return nil, err
	}
	f.res.Items = len(entries)
	if len(entries) == 0 {
		f.find("there is no finished episode in %s: the feed is empty", o.Out)
	}
	pages := paginate(entries, o.ItemsPerPage)
	// The oldest page first, and the one that names the others last.
	for i := len(pages) - 1; i >= 0; i-- {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		text, err := f.page(pages, i)
		if err != nil {
			return nil, err
		}
		if err := f.write(pages[i].name, text); err != nil {
			return nil, err
		}
	}
	return f.res, f.sweep()
}

// feed is a feed that is being written.
type feed struct {
	o    Options
	base *url.URL
	art  string // address of the show's cover
	res  *Result
}

func open(o Options) (*feed, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("publish.base_url: %w", err)
	}
	f := &feed{o: o, base: base, res: &Result{Feed: filepath.Join(o.Out, Name), Files: []string{}, Written: []string{}}}
	f.res.URL = f.address(Name)
	return f, nil
}

func (f *feed) find(format string, args ...any) {
	f.res.Findings = append(f.res.Findings, fmt.Sprintf(format, args...))
}

// address is that of a file of the output folder.
func (f *feed) address(name ...string) string { return publish.Address(f.base, name...) }

// write puts a file into the output folder, unless it is there as it is.
func (f *feed) write(name string, data []byte) error {
	f.res.Files = append(f.res.Files, name)
	path := filepath.Join(f.o.Out, name)
	if same(path, data) {
		return nil
	}
	f.res.Written = append(f.res.Written, name)
	if _, err := publish.WriteFile(path, data); err != nil {
		return fmt.Errorf("write the feed: %w", err)
	}
	return nil
}

func same(path string, data []byte) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() != int64(len(data)) {
		return false
	}
	b, err := os.ReadFile(path)
	return err == nil && string(b) == string(data)
}

// sweep removes pages and covers of earlier feeds that this one does not name.
func (f *feed) sweep() error {
	now := map[string]bool{}
	for _, name := range f.res.Files {
		now[name] = true
	}
	entries, err := os.ReadDir(f.o.Out)
	if err != nil {
		return fmt.Errorf("read %s: %w", f.o.Out, err)
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || now[e.Name()] || !Ours(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(f.o.Out, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove what no feed names any more: %w", err)
		}
	}
	return nil
}
