package source_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/batch/source"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// What is to be made of a book that is divided depends on each of its chapters.
func TestCompareBooks(t *testing.T) {
	t.Parallel()
	const now, old = "11", "00"
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	made := func(id, path, sum string) source.Made {
		return source.Made{ID: id, Dir: id, Source: publish.Source{Path: path, SHA256: sum}}
	}
	planned := made("b.md#two", "b.md", old)
	planned.Source.Plan = "two.yaml"
	edited := made("b.md#one", "b.md", old)
	edited.Source.Overlay = &publish.Overlay{SHA256: "33"}
	book := source.Item{ID: "b.md", Location: "b.md", Hash: now, Exact: true, Parts: 2}
	named, whole := book, book
	named.ID = "the-id"
	whole.Parts = 0
	page := source.Item{ID: "https://example.com/b", Location: "https://example.com/b", Hash: now}
	tests := []struct {
		name    string
		item    source.Item
		made    []source.Made
		want    source.State
		dirs    []string
		divided bool
	}{
		{"nothing of it", book, []source.Made{made("a.md", "a.md", now)}, source.IsNew, nil, true},
		{"one of two", book, []source.Made{made("b.md#one", "b.md", now)}, source.IsChanged, []string{"b.md#one"}, true},
		{"all of it", book, []source.Made{made("b.md#one", "b.md", now), made("b.md#two", "b.md", now)}, source.IsUnchanged, []string{"b.md#one", "b.md#two"}, true},
		{"one of the book as it was", book, []source.Made{made("b.md#one", "b.md", now), made("b.md#two", "b.md", old)}, source.IsChanged, []string{"b.md#one", "b.md#two"}, true},
		{"one of an edited plan", book, []source.Made{made("b.md#one", "b.md", now), planned}, source.IsUnchanged, []string{"b.md#one", "b.md#two"}, true},
		{"and one that it has no more", book, []source.Made{edited, made("b.md#two", "b.md", now), made("b.md#three", "b.md", now)}, source.IsUnchanged, []string{"b.md#one", "b.md#two", "b.md#three"}, true},
		{"under an ID of before", named, []source.Made{made("b.md#one", "b.md", now), made("b.md#two", "b.md", now)}, source.IsUnchanged, []string{"b.md#one", "b.md#two"}, true},
		{"of a file that has moved", named, []source.Made{made("the-id#one", "c.md", now), made("the-id#two", "c.md", now), made("b.md", "b.md", old)}, source.IsUnchanged, []string{"the-id#one", "the-id#two"}, true},
		{"the whole, to be divided", book, []source.Made{made("b.md", "b.md", now)}, source.IsNew, nil, true},
		{"chapters, to be one", whole, []source.Made{made("b.md#one", "b.md", now), made("b.md#two", "b.md", now)}, source.IsNew, nil, false},
		{"of the web", page, []source.Made{made("https://example.com/b#one", "https://example.com/b", old)}, source.IsUnchanged, []string{"https://example.com/b#one"}, true},
		{"a page of the web", page, []source.Made{made("https://example.com/b", "https://example.com/b", old)}, source.IsUnchanged, []string{"https://example.com/b"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := source.New(&config.Config{Dir: dir}, source.Options{})
			got := l.Compare(nil, &source.Listing{Items: []source.Item{tt.item}}, tt.made)
			if len(got) != 1 || got[0].State != tt.want || !slices.Equal(got[0].Dirs, tt.dirs) || got[0].Divided() != tt.divided {
				t.Errorf("%+v, divided %t", got, got[0].Divided())
			}
		})
	}
}
