package publish

import (
	"crypto/sha256"
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
)

// BrokenError is an episode's folder that is not whole.
type BrokenError struct {
	Dir    string
	File   string // name in the folder
	Reason string
	Err    error // the cause, where there is one
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("%s: %s: produce the episode again", filepath.Join(e.Dir, filepath.FromSlash(e.File)), e.Reason)
}

// Unwrap is the cause.
func (e *BrokenError) Unwrap() error { return e.Err }

// Verify says whether the folder is whole: the manifest is there, and every
// file it names is as it was made. Its error is a *BrokenError that names the
// first file that is not.
func Verify(dir string) error {
	m, err := ReadManifest(dir)
	if err != nil {
		reason := "the manifest cannot be read"
		if errors.Is(err, fs.ErrNotExist) {
			reason = "there is no manifest: the episode was not finished"
		}
		return &BrokenError{Dir: dir, File: ManifestName, Reason: reason, Err: err}
	}
	if all := VerifyAll(dir, m); len(all) > 0 {
		return all[0]
	}
	return nil
}

// VerifyAll is [Verify] of a manifest that was read: it tells of every file that
// is not as it was made.
func VerifyAll(dir string, m *Manifest) []error {
	// A root keeps links from leading out of the folder.
	root, err := os.OpenRoot(dir)
	if err != nil {
		return []error{&BrokenError{Dir: dir, File: ManifestName, Reason: "the folder cannot be read", Err: err}}
	}
	defer root.Close()
	var all []error
	for _, f := range slices.Concat(m.Files, m.Kept()) {
		if err := verify(root, f); err != nil {
			err.Dir, err.File = dir, f.Name
			all = append(all, err)
		}
	}
	return all
}

// Kept are the files that the next build begins with, and that are not published.
func (m *Manifest) Kept() []File {
	var files []File
	for _, f := range []*File{m.Script, m.Article} {
		if f != nil {
			files = append(files, *f)
		}
	}
	return files
}

// standing looks at a file without reading it: most damage shows in its size,
// and a pipe has none to wait on.
func (f File) standing(root *os.Root) *BrokenError {
	info, err := root.Stat(filepath.FromSlash(f.Name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &BrokenError{Reason: "is missing", Err: err}
	case err != nil:
		return &BrokenError{Reason: "cannot be read", Err: err}
	case !info.Mode().IsRegular():
		return &BrokenError{Reason: "is not a file"}
	case info.Size() != f.Bytes:
		return &BrokenError{Reason: fmt.Sprintf("has %d bytes; the manifest says %d", info.Size(), f.Bytes)}
	}
	return nil
}

func verify(root *os.Root, f File) *BrokenError {
	if broken := f.standing(root); broken != nil {
		return broken
	}
	in, err := root.Open(filepath.FromSlash(f.Name))
	if err != nil {
		return &BrokenError{Reason: "cannot be read", Err: err}
	}
	defer in.Close()
	sum := &tally{hash: sha256.New()}
	if _, err := io.Copy(sum, in); err != nil {
		return &BrokenError{Reason: "cannot be read", Err: err}
	}
	if sum.hex() != f.SHA256 {
		return &BrokenError{Reason: "is not as it was made (its SHA-256 differs)"}
	}
	return nil
}

// FindEpisodes gives the folder of each episode under out, by episode ID.
// Folders that are none are left out; an out that is not there has none.
func FindEpisodes(out string) (map[string]string, error) {
	dirs, _, err := ListEpisodes(out)
	return dirs, err
}

// ListEpisodes is FindEpisodes with findings, one line each: manifests that
// cannot be read, and folders that hold an episode another one holds (the
// first by name wins).
func ListEpisodes(out string) (dirs map[string]string, findings []string, err error) {
	found, findings, err := ListHeads(out)
	if err != nil {
		return nil, nil, err
	}
	dirs = make(map[string]string, len(found))
	for _, f := range found {
		dirs[f.Head.Episode.ID] = f.Dir
	}
	return dirs, findings, nil
}

// Found is an episode in an output folder.
type Found struct {
	Dir  string
	Head *Manifest // as ReadHead has it
}

// ListHeads is ListEpisodes with the heads of the manifests, in the order of the
// folders' names.
func ListHeads(out string) (found []Found, findings []string, err error) {
	entries, err := os.ReadDir(out) // in order of name
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, &readError{out, err}
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		if strings.HasPrefix(e.Name(), ".") {
			return true
		}
		info, err := os.Stat(filepath.Join(out, e.Name())) // through a link
		return err != nil || !info.IsDir()
	})
	heads := make([]*Manifest, len(entries))
	errs := make([]error, len(entries))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range entries {
		g.Go(func() error {
			heads[i], errs[i] = ReadHead(filepath.Join(out, e.Name()))
			return nil
		})
	}
	_ = g.Wait()                 // none of them fails
	first := map[string]string{} // folder, by ID
	for i, e := range entries {
		dir := filepath.Join(out, e.Name())
		if err := errs[i]; err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				findings = append(findings, fmt.Sprintf("%v: the folder is passed over", err))
			}
			continue
		}
		id := heads[i].Episode.ID
		if other, twice := first[id]; twice {
			findings = append(findings, fmt.Sprintf("%s: the same episode (%s) is in %s: remove one of them", dir, id, other))
			continue
		}
		first[id] = dir
		found = append(found, Found{Dir: dir, Head: heads[i]})
	}
	return found, findings, nil
}
