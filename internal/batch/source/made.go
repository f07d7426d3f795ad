package source

import (
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline"
)

// index finds what was made of a post.
type index struct {
	byID     map[string]*Made
	byPath   map[string][]*Made // of the source
	chapters map[string][]*Made // by the ID of their book
}

func newIndex(made []Made) *index {
	ix := &index{byID: map[string]*Made{}, byPath: map[string][]*Made{}, chapters: map[string][]*Made{}}
	for i := range made {
		m := &made[i]
		ix.byID[m.ID] = m
		ix.byPath[m.Source.Path] = append(ix.byPath[m.Source.Path], m)
		if book, ok := pipeline.BookOf(m.ID); ok {
			ix.chapters[book] = append(ix.chapters[book], m)
		}
	}
	return ix
}

// of is what was made of a post that the show calls name: the episode of its ID,
// or those of its chapters; where there is none, what was made of the same path
// under another ID.
func (ix *index) of(it *Item, name string) []*Made {
	at := ix.byPath[name]
	switch m, chapters := ix.byID[it.ID], ix.chapters[it.ID]; {
	case it.Parts > 0 && len(chapters) > 0:
		return chapters
	case it.Parts > 0: // an episode of the whole is none of a chapter
		return slices.DeleteFunc(slices.Clone(at), func(m *Made) bool { return m.ID == it.ID })
	case m != nil:
		return []*Made{m}
	case !it.Exact: // whether it is divided is not known before it is read
		return at
	}
	// Nor are chapters the whole.
	at = slices.DeleteFunc(slices.Clone(at), func(m *Made) bool { return strings.HasPrefix(m.ID, it.ID+"#") })
	return at[max(0, len(at)-1):]
}

// stateOf is what a post is to what was made of it.
func stateOf(it *Item, of []*Made) State {
	switch {
	case len(of) == 0:
		return IsNew
	case !it.Exact, it.Parts == 0 && of[0].Source.Plan != "":
		return IsUnchanged
	}
	now := slices.DeleteFunc(slices.Clone(of), func(m *Made) bool { return m.Source.Plan == "" && m.Source.SHA256 != it.Hash })
	if len(now) < max(1, it.Parts) || edited(it, now) {
		return IsChanged
	}
	return IsUnchanged
}

// Divided says that what was made of a post are chapters of it. Of one that was not read,
// nobody knows whether these are all.
func (c *Compared) Divided() bool { return c.Item.Parts > 0 || c.chapters }
