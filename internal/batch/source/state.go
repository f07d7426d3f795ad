package source

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/glob"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// State is what a post is to the episode that was made of it.
type State string

// The states.
const (
	IsNew       State = "new"       // none was made
	IsChanged   State = "changed"   // the post is another one since
	IsUnchanged State = "unchanged" // as far as is known before it is read
	IsWithdrawn State = "withdrawn" // the episode is there, and the post is gone
)

// Made is an episode that was made, as its manifest has it.
type Made struct {
	ID     string
	Title  string
	Dir    string
	Source publish.Source
}

// Episodes are the episodes in a show's output folder. Findings are those of
// [publish.ListEpisodes].
func Episodes(out string) ([]Made, []string, error) {
	found, findings, err := publish.ListHeads(out)
	if err != nil {
		return nil, nil, err
	}
	made := make([]Made, 0, len(found))
	for _, f := range found {
		e := f.Head.Episode
		made = append(made, Made{ID: e.ID, Title: e.Title, Dir: f.Dir, Source: f.Head.Source})
	}
	return made, findings, nil
}

// Compared is a post with its state; of a withdrawn one only what its episode
// tells is known.
type Compared struct {
	Item  Item
	State State
	Dirs  []string // of what was made of it: an episode, or several of a book that is divided

	chapters bool // these are some
}

// Compare lays what was found beside what was made: the posts in their order,
// and behind them what was withdrawn.
//
// A post's hash says whether it has changed where it is that of its bytes, and so
// do those of its edits, but not where an edited plan stands between post and episode. A page that was not
// asked for is unchanged as far as is known. A book that is divided is unchanged
// where each of its chapters is there, made of the book as it is.
//
// Withdrawn is what one of the sources names and what is not there: a file that
// is gone, a page whose server says so. What only falls off the end of a feed, or
// what a filter leaves out, is not.
func (l *Lister) Compare(sources []config.Source, found *Listing, made []Made) []Compared {
	ix := newIndex(made)
	out := make([]Compared, 0, len(found.Items))
	there := map[*Made]bool{}
	for _, it := range found.Items {
		of := ix.of(&it, l.name(it.Location))
		c := Compared{Item: it, State: stateOf(&it, of)}
		for _, m := range of {
			there[m] = true
			_, chapter := pipeline.BookOf(m.ID)
			c.chapters = c.chapters || chapter && m.ID != it.ID
			c.Dirs = append(c.Dirs, m.Dir)
		}
		out = append(out, c)
	}
	for i := range made {
		m := &made[i]
		if there[m] {
			continue
		}
		if s := l.missing(sources, found, m); s != "" {
			it := Item{ID: m.ID, Location: m.Source.Path, Source: s, Title: m.Title, Hash: m.Source.SHA256}
			out = append(out, Compared{Item: it, State: IsWithdrawn, Dirs: []string{m.Dir}})
		}
	}
	return out
}

// missing is the title of the source that names an episode's post, which is not
// there; empty if there is none, or if the post may be there.
func (l *Lister) missing(sources []config.Source, found *Listing, m *Made) string {
	for i := range sources {
		s := &sources[i]
		switch {
		case isWeb(s.From):
			if s.From == m.Source.Path && refused(found, s) {
				return s.Title()
			}
		case !isWeb(m.Source.Path) && l.names(s, m.Source.Path):
			if _, err := os.Stat(filepath.Join(l.cfg.Dir, filepath.FromSlash(m.Source.Path))); errors.Is(err, fs.ErrNotExist) {
				return s.Title()
			}
		}
	}
	return ""
}

// refused says whether a source itself was not found.
func refused(found *Listing, s *config.Source) bool {
	for _, p := range found.Problems {
		if p.Item == "" && p.Source == s.Title() && p.Reason == NotFound {
			return true
		}
	}
	return false
}

// names says whether a source of files names a path, which is relative to the
// show's folder, be there a file or not.
func (l *Lister) names(s *config.Source, path string) bool {
	base := l.name(rooted(s))
	if path == base {
		return true
	}
	if glob.Has(s.From) && glob.Match(base, path) {
		return true
	}
	return isDocument(path) && strings.HasPrefix(path, strings.TrimSuffix(base, "/")+"/") || base == "." && isDocument(path)
}
