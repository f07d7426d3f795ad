package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/glob"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// isDocument says whether a file of a folder is taken for a post. A pattern
// names the files that it wants itself.
func isDocument(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".md", ".markdown", ".txt", ".text", ".html", ".htm", ".xhtml", ".epub":
		return true
	}
	return false
}

// files finds the posts of a file, a pattern or a folder.
func (l *Lister) files(ctx context.Context, s *config.Source, out *Listing) []Item {
	names, err := l.find(s)
	if err != nil {
		out.problem(s, "", err)
		return nil
	}
	key := "files " + l.name(rooted(s))
	last, _ := l.o.Memory.Get(key)
	known := make(map[string]*Item, len(last.Items))
	if last.As == recordVersion {
		for i := range last.Items {
			known[last.Items[i].Location] = &last.Items[i]
		}
	}
	items := make([]Item, len(names))
	errs := make([]error, len(names))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		g.Go(func() error {
			items[i], errs[i] = l.file(ctx, s, name, known[name])
			return nil
		})
	}
	_ = g.Wait() // none of them fails
	if ctx.Err() != nil {
		return nil
	}
	kept, fresh := items[:0], len(names) != len(last.Items) || last.As != recordVersion
	for i := range items {
		if errs[i] != nil {
			out.problem(s, names[i], errs[i])
			fresh = true
			continue
		}
		k := known[names[i]]
		fresh = fresh || k == nil || k.Mark != items[i].Mark
		kept = append(kept, items[i])
	}
	if fresh {
		l.o.Memory.Put(key, Record{As: recordVersion, Kind: config.KindFiles, Items: slices.Clone(kept)})
	}
	return kept
}

// rooted is the source's path from the root.
func rooted(s *config.Source) string {
	if filepath.IsAbs(s.From) {
		return filepath.Clean(s.From)
	}
	return filepath.Join(s.Dir, s.From)
}

// find gives the absolute paths of a source's files, without those that the program
// itself has written, and without edits. A file that is named alone is meant,
// whoever wrote it.
func (l *Lister) find(s *config.Source) ([]string, error) {
	all, err := l.named(s)
	return slices.DeleteFunc(all, overlay.Is), err
}

func (l *Lister) named(s *config.Source) ([]string, error) {
	path := rooted(s)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		all, err := glob.In(path, "**")
		ours := l.own(s)
		return slices.DeleteFunc(all, func(name string) bool { return !isDocument(name) || ours.has(name) }), err
	case err == nil:
		return []string{path}, nil
	case glob.Has(s.From):
		all, err := glob.In(s.Dir, s.From)
		return slices.DeleteFunc(all, l.own(s).has), err
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no file or folder %s: %w", s.From, fs.ErrNotExist)
	}
	return nil, err
}

// file reads what is to be known of a file, or knows it again.
func (l *Lister) file(ctx context.Context, s *config.Source, name string, known *Item) (Item, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Item{}, err
	}
	parts := 0
	if known != nil {
		parts = known.Parts
	}
	mark, last, err := l.marks(info, name, parts)
	if err != nil {
		return Item{}, err
	}
	if age := l.o.Now().Sub(last.ModTime()); s.Watch && age.Abs() < l.o.Settle {
		return Item{}, because(Unsettled, "it was written %v ago, and may not be whole yet", age.Round(1e6))
	}
	if known != nil && known.Mark == mark {
		return *known, nil
	}
	hash, err := hashOf(ctx, name)
	if err != nil {
		return Item{}, err
	}
	if ext := strings.ToLower(filepath.Ext(name)); ext == ".yaml" || ext == ".yml" || ext == ".json" {
		return Item{}, because(NoText, "%s is a plan or data: plans are produced by themselves", filepath.Base(name))
	}
	doc, err := pipeline.ReadDocument(ctx, pipeline.Order{Source: name})
	if err != nil {
		return Item{}, err
	}
	it := l.item(name, doc)
	it.Hash, it.Exact, it.Parts = hash, true, l.divided(doc)
	if it.Mark, _, err = l.marks(info, name, it.Parts); err != nil {
		return Item{}, err
	}
	if it.Edits, err = edits(ctx, name, it.Parts); err != nil {
		return Item{}, err
	}
	after, err := os.Stat(name)
	if err == nil {
		mark, _, err = l.marks(after, name, it.Parts)
	}
	if err != nil || mark != it.Mark {
		return Item{}, because(Unsettled, "it was written while it was read")
	}
	return it, nil
}

// item is what a document says of itself.
func (l *Lister) item(location string, doc *document.Document) Item {
	m := doc.Meta
	it := Item{
		ID: l.id(location, m), Location: location, Title: m.Title, Author: m.Author, Date: m.Date, Tags: m.Tags,
		Words: words(doc.Elements), Link: m.Link, Draft: m.Draft,
	}
	if it.Title == "" {
		it.Title = document.TitleFromName(location)
	}
	return it
}

// markOf is what tells that a file was written since.
func markOf(info fs.FileInfo) string {
	return fmt.Sprintf("%d %d %d", info.Size(), info.ModTime().UnixNano(), inodeOf(info))
}

func hashOf(ctx context.Context, name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), ctx.Err()
}
