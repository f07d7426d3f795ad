package main

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// state is what is in a workshop: the files by their names, and what is published
// by its bytes. What is true of one run alone has a name without its time, and no
// bytes.
type state struct{ files map[string]string }

var (
	// A run's report has the time in its name.
	runName = regexp.MustCompile(`/\.runs/\d{8}T\d{6}Z-[a-z0-9]+\.`)
	// What SQLite keeps beside a database for as long as it is open, and after a kill.
	besideDatabase = regexp.MustCompile(`/queue\.db-(wal|shm|journal)$`)
	// An answer that became a take, and was killed before it was forgotten: store prune
	// removes it.
	waiting = regexp.MustCompile(`^(show|shared)/takes/../[0-9a-f]{64}(\.tar)?/take\.wav$`)
	// What may be there or not: pictures of requests in a report, where a run made none;
	// what a voice is like, of which a take that was on its way is no part; what was
	// encoded, under keys that hold when a file was written, and what of it a bucket got
	// that failed for a while; and reports of runs, one each.
	mayBe = regexp.MustCompile(`^show/(out/[^/]+/report/calls\.svg|takes/../[0-9a-f]{64}/(record|entry)\.json|sound/../[0-9a-f]{64}|out/\.runs/RUN\.(txt|json))$|^shared/takes/../[0-9a-f]{64}\.tar/(record|entry)\.json$|^shared/blocks/../[0-9a-f]{64}$`)
	// What was spent is noted where it was spent, by its month.
	ledger = regexp.MustCompile(`^show/takes/ledger[-.]`)
	month  = regexp.MustCompile(`^(show/takes/ledger)-\d{4}-\d\d\.`)
)

// look is the state as it is now.
func (w *workshop) look() state {
	w.t.Helper()
	s := state{map[string]string{}}
	err := filepath.WalkDir(w.now, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
			return err
		}
		name, _ := filepath.Rel(w.now, path)
		name = filepath.ToSlash(name)
		name = runName.ReplaceAllString(name, "/.runs/RUN.")
		name = month.ReplaceAllString(name, "$1-MONTH.")
		if w.row.machine && ledger.MatchString(name) {
			return nil
		}
		if !d.IsDir() && strings.HasPrefix(name, "shared/takes/") && strings.HasSuffix(name, ".tar") {
			return s.unpacks(path, name)
		}
		s.files[name] = ""
		if published(name) && !d.IsDir() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(b)
			s.files[name] = hex.EncodeToString(sum[:8])
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// unpacks notes an entry of the bucket by the files that it holds, as those of the
// store are noted.
func (s state) unpacks(path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for t := tar.NewReader(f); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.files[name+"/"+h.Name] = ""
	}
}

// published says whether a file's bytes must be those of a calm run.
func published(name string) bool {
	folder := strings.HasPrefix(name, "show/out/") || strings.HasPrefix(name, "www/")
	base := filepath.Base(name)
	return folder && base != publish.RunName && base != "report.md" && base != "report.html" && !strings.Contains(name, "/report/") &&
		!strings.Contains(name, "/.") // lists and databases have times in them
}

// differs lists what is in one state and not in the other, or is other bytes.
func (s state) differs(after state) []string {
	var out []string
	for name, was := range s.files {
		if mayBe.MatchString(name) {
			continue
		}
		switch is, ok := after.files[name]; {
		case !ok:
			out = append(out, name+" is missing")
		case is != was:
			out = append(out, name+" has other bytes")
		}
	}
	for name := range after.files {
		if _, ok := s.files[name]; !ok && !besideDatabase.MatchString(name) && !mayBe.MatchString(name) && !waiting.MatchString(name) {
			out = append(out, name+" was left behind")
		}
	}
	slices.Sort(out)
	return out
}

// whole is what must be true at every instant: a folder that has a manifest is
// whole, and a feed names nothing that is not there.
func (w *workshop) whole(when string) {
	w.t.Helper()
	manifests, err := filepath.Glob(w.file("show/out/[^.]*/" + publish.ManifestName))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range manifests {
		if err := publish.Verify(filepath.Dir(m)); err != nil {
			w.t.Errorf("%s: %v", when, err)
		}
	}
	for _, folder := range []string{"show/out", "www"} {
		w.named(when, folder)
	}
}

// named fails where the feed of a folder names what is not there. A sound may have
// another length than the feed says: its name is fixed, and it comes first.
func (w *workshop) named(when, folder string) {
	w.t.Helper()
	b, err := os.ReadFile(w.file(folder + "/feed.xml"))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		w.t.Fatal(err)
	}
	names := regexp.MustCompile(`"https://example\.org/podcast/([^"]+)"`).FindAllStringSubmatch(string(b), -1)
	if len(names) == 0 {
		w.t.Errorf("%s: the feed in %s names nothing:\n%s", when, folder, cut(string(b)))
	}
	for _, n := range names {
		name, err := url.PathUnescape(n[1])
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := os.Stat(w.file(folder + "/" + name)); err != nil && name != "feed.xml" {
			w.t.Errorf("%s: the feed in %s names %s: %v", when, folder, name, err)
		}
	}
}
