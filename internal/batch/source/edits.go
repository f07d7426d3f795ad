package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// Revision is the hash of a post and of what a person changed about how it is
// spoken.
func (it *Item) Revision() string {
	if len(it.Edits) == 0 {
		return it.Hash
	}
	h := sha256.New()
	fmt.Fprintln(h, it.Hash)
	for _, name := range slices.Sorted(maps.Keys(it.Edits)) {
		fmt.Fprintln(h, name, it.Edits[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// divided counts the chapters that each become an episode; 0 is the whole.
func (l *Lister) divided(doc *document.Document) int {
	if l.cfg.Output.Split != config.SplitChapter {
		return 0
	}
	if n := len(document.Split(doc)); n > 1 {
		return n
	}
	return 0
}

// overlays are the files in which edits of a post can stand.
func overlays(name string, parts int) []string {
	if parts == 0 {
		return []string{overlay.Name(name, "")}
	}
	out := make([]string, parts)
	for i := range out {
		out[i] = overlay.Name(name, strconv.Itoa(i+1))
	}
	return out
}

// marks is what tells that a post or its edits were written since. The second is
// the one of them that was written last.
func (l *Lister) marks(info fs.FileInfo, name string, parts int) (string, fs.FileInfo, error) {
	marks, last := []string{markOf(info)}, info
	for _, file := range overlays(name, parts) {
		edits, err := os.Stat(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return "", nil, err
		case edits.ModTime().After(last.ModTime()):
			last = edits
		}
		marks = append(marks, filepath.Base(file)+" "+markOf(edits))
	}
	if l.cfg.Output.Split == config.SplitChapter {
		marks = append(marks, "by chapter")
	}
	return strings.Join(marks, ", "), last, nil
}

// edits hashes the edits of a post, by their files' names.
func edits(ctx context.Context, name string, parts int) (map[string]string, error) {
	var out map[string]string
	for _, file := range overlays(name, parts) {
		sum, err := hashOf(ctx, file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		case out == nil:
			out = map[string]string{}
		}
		out[filepath.Base(file)] = sum
	}
	return out, nil
}

// edited says whether the edits of a post are others than those in the episodes
// that were made of it.
func edited(it *Item, of []*Made) bool {
	var were []string
	for _, m := range of {
		if m.Source.Overlay != nil {
			were = append(were, m.Source.Overlay.SHA256)
		}
	}
	slices.Sort(were)
	return !slices.Equal(slices.Sorted(maps.Values(it.Edits)), were)
}
