package publish

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// Head is the beginning of a manifest: which episode it is of, and from what it
// was made.
type Head struct {
	Episode podcast.Episode
	Source  Source
}

// ReadHead reads the head of the manifest in an episode's folder, and not its
// takes, which are most of it. Without a manifest the error wraps fs.ErrNotExist.
func ReadHead(dir string) (Head, error) { return readHead(dir, true) }

// episodeID reads the head of a manifest up to the episode's ID: a back
// catalogue is a thousand of them.
func episodeID(dir string) (string, error) {
	h, err := readHead(dir, false)
	return h.Episode.ID, err
}

// readHead reads up to the episode, or up to its source as well.
func readHead(dir string, source bool) (Head, error) {
	var h Head
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return h, errNoFolder
	}
	name := filepath.Join(dir, ManifestName)
	if info, err := os.Stat(name); err != nil {
		return h, err
	} else if !info.Mode().IsRegular() {
		return h, errors.New("not a file")
	}
	f, err := os.Open(name)
	if err != nil {
		return h, cause(err)
	}
	defer f.Close()
	dec := json.NewDecoder(io.LimitReader(f, maxManifest))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return h, errors.New("not a manifest")
	}
	version := 0
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return h, errors.New("not a manifest")
		}
		switch key {
		case "version":
			err = dec.Decode(&version)
		case "episode":
			err = dec.Decode(&h.Episode)
		case "source":
			err = dec.Decode(&h.Source)
		default:
			var skip json.RawMessage
			err = dec.Decode(&skip)
		}
		switch {
		case err != nil:
			return h, errors.New("not a manifest")
		case h.Episode.ID != "" && (!source || h.Source.Path != "") && version >= 1 && version <= ManifestVersion:
			return h, nil
		}
	}
	return h, errors.New("not a manifest that this program reads")
}
