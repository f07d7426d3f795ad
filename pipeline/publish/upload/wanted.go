package upload

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// stage is when a file goes up: what others name goes before them.
type stage int

const (
	artefacts stage = iota // sounds, and what belongs to them
	pages                  // which play the sounds
	archives               // of the feed
	front                  // feed.xml, which names all the others
)

// file is one that is to be at the target.
type file struct {
	name      string // in the output folder, with slashes; the key at the target
	mediaType string
	bytes     int64
	sha256    string
	stage     stage
	data      []byte // of the feed, as it was read; nil of other files
}

// Cache control. The names of an episode's files are fixed while their bytes
// may be corrected, and all of them belong together: each may be an hour old,
// and then is asked for by its ETag, which costs nothing where it is the same. The
// cover's name holds its hash. A feed that is minutes old is as good as new.
const (
	cacheEpisode = "public, max-age=3600"
	cacheCover   = "public, max-age=31536000, immutable"
	cacheFeed    = "public, max-age=300"
)

func (f *file) cache() string {
	switch {
	case f.stage >= archives:
		return cacheFeed
	case feed.Ours(f.name):
		return cacheCover
	}
	return cacheEpisode
}

// StaleError is a feed that does not fit the episodes beside it.
type StaleError struct {
	Feed   string // path
	Reason string
}

func (e *StaleError) Error() string {
	return fmt.Sprintf("%s: %s: run narrapress feed", e.Feed, e.Reason)
}

// want gathers what the feed in a folder names, and what belongs to it: the
// files of each episode in it. A feed that names what is not there, or in
// another length, is a *StaleError.
func want(out, base string) ([]*file, error) {
	first := filepath.Join(out, feed.Name)
	names, err := feedPages(out)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", out, err)
	}
	defer root.Close()
	all := map[string]*file{}
	named := map[string]int64{} // length, or -1
	for _, name := range names {
		data, err := fs.ReadFile(root.FS(), name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", filepath.Join(out, name), err)
		}
		f := &file{name: name, mediaType: "application/rss+xml; charset=utf-8", bytes: int64(len(data)), sha256: sum(data), stage: archives, data: data}
		if name == feed.Name {
			f.stage = front
		}
		all[name] = f
		if err := references(data, base, named); err != nil {
			return nil, &StaleError{filepath.Join(out, name), err.Error()}
		}
	}
	for name := range named {
		folder, _, inFolder := strings.Cut(name, "/")
		switch {
		case all[name] != nil:
		case inFolder:
			if err := episode(out, folder, all); err != nil {
				return nil, &StaleError{first, fmt.Sprintf("it names %s, and %v", name, err)}
			}
		case feed.Ours(name) && strings.HasPrefix(name, "cover"):
			data, err := fs.ReadFile(root.FS(), name)
			if err != nil {
				return nil, &StaleError{first, fmt.Sprintf("it names %s, which cannot be read", name)}
			}
			media := map[string]string{".jpg": "image/jpeg", ".png": "image/png"}[path.Ext(name)]
			all[name] = &file{name: name, mediaType: media, bytes: int64(len(data)), sha256: sum(data)}
		}
		f := all[name]
		if f == nil {
			return nil, &StaleError{first, fmt.Sprintf("it names %s, which is no file of its episode", name)}
		}
		if length := named[name]; length >= 0 && length != f.bytes {
			return nil, &StaleError{first, fmt.Sprintf("it says that %s has %d bytes, and it has %d", name, length, f.bytes)}
		}
	}
	var list []*file
	for _, f := range all {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *file) int { return cmp.Or(cmp.Compare(a.stage, b.stage), strings.Compare(a.name, b.name)) })
	return list, nil
}

// feedPages are the feed and its archive pages, by name.
func feedPages(out string) ([]string, error) {
	entries, err := os.ReadDir(out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", out, err)
	}
	var names []string
	for _, e := range entries {
		if feed.Ours(e.Name()) && path.Ext(e.Name()) == ".xml" {
			names = append(names, e.Name())
		}
	}
	if !slices.Contains(names, feed.Name) {
		return nil, &StaleError{filepath.Join(out, feed.Name), "there is no such file"}
	}
	return names, nil
}

// episode adds the files of an episode's folder, each of which is there.
func episode(out, folder string, all map[string]*file) error {
	dir := filepath.Join(out, folder)
	m, err := publish.ReadHead(dir)
	if err != nil {
		return err
	}
	// The feed may be older than a verdict, a withdrawal or a release that was
	// taken back.
	if listed, why := publish.Listed(dir, m); !listed {
		return fmt.Errorf("its episode is not to be in it (%s)", why)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, f := range m.Files {
		if err := f.Check(root); err != nil {
			// The feed does not name it, or this is found out there.
			continue
		}
		name := folder + "/" + f.Name
		up := &file{name: name, mediaType: f.MediaType, bytes: f.Bytes, sha256: f.SHA256}
		if f.Kind == publish.KindPage {
			up.stage = pages
		}
		if strings.HasPrefix(f.MediaType, "text/") && !strings.Contains(f.MediaType, "charset") {
			up.mediaType += "; charset=utf-8"
		}
		all[name] = up
	}
	return nil
}

// references finds the files below base that a page of the feed names: sounds,
// chapters, transcripts, pictures, other pages. Other addresses are not ours,
// be they below base.
func references(page []byte, base string, named map[string]int64) error {
	b, err := url.Parse(base)
	if err != nil {
		return fmt.Errorf("publish.base_url: %w", err)
	}
	prefix := strings.TrimSuffix(b.String(), "/") + "/"
	found := 0
	add := func(address, length string) error {
		rest, below := strings.CutPrefix(strings.TrimSpace(address), prefix)
		if !below || rest == "" {
			return nil
		}
		found++
		name, err := url.PathUnescape(rest)
		if err != nil || !fs.ValidPath(name) {
			return fmt.Errorf("it names %s, which is no file", address)
		}
		n := int64(-1)
		if length != "" {
			if n, err = strconv.ParseInt(length, 10, 64); err != nil {
				return fmt.Errorf("it gives %s the length %q", name, length)
			}
		}
		if _, known := named[name]; n >= 0 || !known {
			named[name] = n
		}
		return nil
	}
	for dec := xml.NewDecoder(bytes.NewReader(page)); ; {
		t, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("it is no XML: %w", err)
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		attribute := map[string]string{}
		for _, a := range e.Attr {
			attribute[a.Name.Local] = a.Value
		}
		switch e.Name.Local {
		case "enclosure":
			err = add(attribute["url"], attribute["length"])
		case "chapters", "transcript":
			err = add(attribute["url"], "")
		case "image", "link":
			err = add(attribute["href"], "")
		case "source":
			err = add(attribute["uri"], "")
		}
		if err != nil {
			return err
		}
	}
	if found == 0 {
		return fmt.Errorf("it names nothing below publish.base_url (%s)", base)
	}
	return nil
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
