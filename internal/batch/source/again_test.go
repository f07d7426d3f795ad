package source

import (
	"testing"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// TestWhatWasMade finds what was made of a post, and says whether it is to be made
// again: a book is as many chapters as it has, be it one.
func TestWhatWasMade(t *testing.T) {
	t.Parallel()
	made := func(id, path, hash, plan string) Made {
		return Made{ID: id, Dir: id, Source: publish.Source{Path: path, SHA256: hash, Plan: plan}}
	}
	for _, tt := range []struct {
		name string
		made []Made
		item Item
		of   int
		want State
	}{
		{"nothing", nil, Item{ID: "a", Hash: "1", Exact: true}, 0, IsNew},
		{"the same", []Made{made("a", "a.md", "1", "")}, Item{ID: "a", Hash: "1", Exact: true}, 1, IsUnchanged},
		{"another text", []Made{made("a", "a.md", "0", "")}, Item{ID: "a", Hash: "1", Exact: true}, 1, IsChanged},
		{"another text, and a plan in its place", []Made{made("a", "a.md", "0", "p.yaml")}, Item{ID: "a", Hash: "1", Exact: true}, 1, IsUnchanged},
		{"not read", []Made{made("a", "a.md", "0", "")}, Item{ID: "a"}, 1, IsUnchanged},
		{"of the path, by another ID", []Made{made("b", "a.md", "1", "")}, Item{ID: "a", Hash: "1", Exact: true}, 1, IsUnchanged},
		{"a book of one chapter", []Made{made("a#1", "other.epub", "1", "")}, Item{ID: "a", Hash: "1", Exact: true, Parts: 1}, 1, IsUnchanged},
		{"a book of two, one made", []Made{made("a#1", "other.epub", "1", "")}, Item{ID: "a", Hash: "1", Exact: true, Parts: 2}, 1, IsChanged},
		{"a book of two", []Made{made("a#1", "a.epub", "1", ""), made("a#2", "a.epub", "1", "")}, Item{ID: "a", Hash: "1", Exact: true, Parts: 2}, 2, IsUnchanged},
		{"a book whose text changed", []Made{made("a#1", "a.epub", "1", ""), made("a#2", "a.epub", "0", "")}, Item{ID: "a", Hash: "1", Exact: true, Parts: 2}, 2, IsChanged},
		{"the whole is no chapter", []Made{made("a", "a.md", "1", "")}, Item{ID: "a", Hash: "1", Exact: true, Parts: 2}, 0, IsNew},
		{"chapters are not the whole", []Made{made("a#1", "a.md", "1", "")}, Item{ID: "a", Hash: "1", Exact: true}, 0, IsNew},
	} {
		item := tt.item
		of := newIndex(tt.made).of(&item, "a.md")
		if len(of) != tt.of {
			t.Errorf("%s: %d episodes, want %d", tt.name, len(of), tt.of)
			continue
		}
		if got := stateOf(&item, of); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
