package publish

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ReadHead reads of a manifest what stands before its takes: the episode, its
// source and revision, its formats and files. The takes are most of a manifest,
// and who reads those of a whole show wants none of them. Errors are as those
// of ReadManifest; where the manifest is cut short after its files, there is none.
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

// headOf is the head of the manifest in what may be an episode's folder. Its
// errors do not say where.
func headOf(dir string) (*Manifest, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, errNoFolder
	}
	name := filepath.Join(dir, ManifestName)
	if info, err := os.Stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errors.New("not a file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	return parseHead(f)
}

// parseHead reads until everything that is wanted was there. WriteManifest has
// it in this order; in a manifest of another order more is read.
func parseHead(r io.Reader) (*Manifest, error) {
	const buffer = 16 << 10
	dec := json.NewDecoder(bufio.NewReaderSize(&modest{r: r}, buffer))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a manifest")
	}
	m := &Manifest{}
	into := map[string]any{
		"episode": &m.Episode, "build": &m.Build, "source": &m.Source, "revision": &m.Revision,
		"timeline": &m.Timeline, "gate": &m.Gate, "formats": &m.Formats, "files": &m.Files,
	}
	read := map[string]bool{}
	for dec.More() && (!read["version"] || !read["episode"] || !read["files"]) {
		t, err := dec.Token()
		if err != nil {
			return nil, notManifest(err)
		}
		key, _ := t.(string)
		to := into[key]
		if key == "version" {
			to = &m.Version
		} else if to == nil {
			to = &json.RawMessage{}
		} else if err := checkVersion(m.Version); read["version"] && err != nil {
			return nil, err // before its shapes are taken for ours
		}
		if err := dec.Decode(to); err != nil {
			if version := checkVersion(m.Version); read["version"] && version != nil {
				return nil, version
			}
			return nil, notManifest(err)
		}
		read[key] = true
	}
	if err := checkVersion(m.Version); err != nil {
		return nil, err
	}
	if !read["files"] {
		return nil, notManifest(io.ErrUnexpectedEOF)
	}
	return m, m.check()
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
