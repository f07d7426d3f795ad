package upload

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// stale are the files at the target that narrapress made and no manifest names
// any more, in order. A target may hold much else, so they are known by their
// names alone: those of the feed, and in a folder that has its own name's .mp3
// and .chapters.json, those that an episode of that name has. Of an episode that
// is held back, or whose manifest cannot be read, nothing is stale.
func stale(out string, files []*file, there map[string]int64) ([]string, error) {
	wanted := map[string]bool{}
	for _, f := range files {
		wanted[f.name] = true
	}
	unread := map[string]bool{}
	entries, err := os.ReadDir(out)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", out, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		m, err := publish.ReadHead(filepath.Join(out, e.Name()))
		if err != nil {
			unread[e.Name()] = !errors.Is(err, fs.ErrNotExist)
			continue
		}
		for _, f := range m.Files {
			wanted[e.Name()+"/"+f.Name] = true
		}
	}
	has := func(name string) bool { _, ok := there[name]; return ok }
	names := []string{}
	for name := range there {
		folder, rest, inFolder := strings.Cut(name, "/")
		switch {
		case wanted[name], unread[folder]:
		case !inFolder && feed.Ours(name),
			inFolder && has(folder+"/"+folder+".mp3") && has(folder+"/"+folder+".chapters.json") && ofEpisode(folder, rest):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// ofEpisode says whether a file in an episode's folder has the name of one of
// an episode's files.
func ofEpisode(slug, name string) bool {
	return strings.HasPrefix(name, slug+".") && !strings.Contains(name, "/") ||
		name == "cover.jpg" || name == "cover.png" || strings.HasPrefix(name, "img/")
}
