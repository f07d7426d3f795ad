package publish

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ReadHead reads of a manifest what stands before its takes: the episode, its
// source and revision, what the gate says, its formats and files. The takes are
// most of a manifest, and who reads those of a whole show wants none of them.
// Errors are as those of ReadManifest; where the manifest is cut short after
// all that is wanted, there is none.
func ReadHead(dir string) (*Manifest, error) {
	name := filepath.Join(dir, ManifestName)
	f, err := openManifest(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := parseHead(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// parseHead reads until everything that is wanted was there. WriteManifest has
// it in this order. In a manifest of another order, or one that the gate never
// saw, all is read: what is not there for sure may hold the episode.
func parseHead(r io.Reader) (*Manifest, error) {
	const buffer = 16 << 10
	dec := json.NewDecoder(bufio.NewReaderSize(&modest{r: r}, buffer))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a manifest")
	}
	m := &Manifest{}
	into := map[string]any{
		"version": &m.Version, "episode": &m.Episode, "build": &m.Build, "source": &m.Source, "revision": &m.Revision,
		"timeline": &m.Timeline, "gate": &m.Gate, "formats": &m.Formats, "files": &m.Files,
	}
	missing := map[string]bool{"version": true, "episode": true, "build": true, "source": true, "timeline": true, "gate": true, "files": true}
	known := func() error { // before its shapes are taken for ours
		if missing["version"] {
			return nil
		}
		return checkVersion(m.Version)
	}
	for len(missing) > 0 {
		if !dec.More() {
			if t, err := dec.Token(); err != nil || t != json.Delim('}') {
				return nil, errors.Join(known(), notManifest(err))
			}
			break
		}
		t, err := dec.Token()
		if err != nil {
			return nil, notManifest(err)
		}
		name, _ := t.(string)
		key := keyIn(into, name)
		to := into[key]
		if to == nil {
			to = &json.RawMessage{}
		} else if err := known(); err != nil {
			return nil, err
		}
		if err := dec.Decode(to); err != nil {
			if version := known(); version != nil {
				return nil, version
			}
			return nil, notManifest(err)
		}
		delete(missing, key)
	}
	if err := checkVersion(m.Version); err != nil {
		return nil, err
	}
	if missing["files"] {
		return nil, notManifest(io.ErrUnexpectedEOF)
	}
	return m, m.check()
}

// keyIn finds the key that encoding/json takes a name for: in any case.
func keyIn(keys map[string]any, name string) string {
	for key := range keys {
		if strings.EqualFold(key, name) {
			return key
		}
	}
	return ""
}

func notManifest(err error) error {
	if errors.Is(err, errImmodest) {
		return err
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("not a manifest: %w", err)
}

func checkVersion(v int) error {
	if v < 1 || v > ManifestVersion {
		return fmt.Errorf("manifest version %d: this program reads version %d: use a newer narrapress", v, ManifestVersion)
	}
	return nil
}

// Check says whether a file of the folder is there in the size that the
// manifest gives it. Its bytes are not read: Verify does that. Root is the
// folder, from which no link leads out. The reason of an error is one phrase.
func (f File) Check(root *os.Root) error {
	if broken := f.standing(root); broken != nil {
		return errors.New(broken.Reason)
	}
	return nil
}
