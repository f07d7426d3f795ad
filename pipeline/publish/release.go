package publish

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// ReleaseName is the file in an episode's folder by which a person lets a held
// build through. It is not published, and no part of the build.
const ReleaseName = "release.json"

// HeldDir is the folder, hidden among the episodes, of builds that are held
// while an earlier build of their episode stays out: each in a folder of its
// episode's slug.
const HeldDir = ".held"

// Release lets a build that the gate holds go out.
type Release struct {
	Build string    `json:"build"` // that it holds for, and for no other
	Note  string    `json:"note"`  // why
	When  time.Time `json:"when"`  // UTC
	By    string    `json:"by,omitempty"`
}

// maxRelease bounds what is read.
const maxRelease = 1 << 20

// WriteRelease puts a release into an episode's folder.
func WriteRelease(dir string, r Release) error {
	name := filepath.Join(dir, ReleaseName)
	b, err := marshal(r)
	if err != nil {
		return writeError(name, err)
	}
	_, err = WriteFile(name, b)
	return err
}

// ReadRelease reads the release in an episode's folder. Without one the error
// wraps fs.ErrNotExist.
func ReadRelease(dir string) (*Release, error) {
	name := filepath.Join(dir, ReleaseName)
	f, err := os.Open(name)
	if err != nil {
		return nil, &readError{name, err}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxRelease))
	if err != nil {
		return nil, &readError{name, err}
	}
	var r Release
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("%s is no release: %w: remove it, and release the episode again", name, err)
	}
	return &r, nil
}

// Released says whether a person let this build of the episode in dir through.
func Released(dir, build string) (*Release, bool) {
	r, err := ReadRelease(dir)
	if err != nil || r.Build != build {
		return nil, false
	}
	return r, true
}

// Listed says whether the episode in dir belongs into the feed, and why not,
// or by whose word it does: it is not withdrawn, and passes the gate.
func Listed(dir string, m *Manifest) (listed bool, reason string) {
	if gone, reason := Withdrawn(dir); gone {
		return false, reason
	}
	return Passed(dir, m)
}

// Passed says whether the gate, or a person, lets the episode in dir through, and
// why not, or by whose word. A manifest of a program without a gate passes.
func Passed(dir string, m *Manifest) (passed bool, reason string) {
	if m.Gate == nil || !m.Gate.Held {
		return true, ""
	}
	r, err := ReadRelease(dir)
	switch {
	case err == nil && r.Build == m.Build:
		return true, "released by hand: " + r.Note
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, err.Error()
	}
	return false, "held: " + strings.Join(Sentences(gate.Reasons(m.Gate.Findings)), " ")
}

// Sentences are what findings say.
func Sentences(findings []gate.Finding) []string {
	out := make([]string, len(findings))
	for i, f := range findings {
		out[i] = f.Text
	}
	return out
}

// Held is a build that is kept out of the feed.
type Held struct {
	Dir   string    // its folder
	Aside bool      // it waits beside the episode's own folder, where another build may be out meanwhile
	Head  *Manifest // as ReadHead has it
}

// FindHeld are the builds in an output folder that are held, in the order of
// their folders, and behind them those that wait aside. Findings are manifests
// that cannot be read, a line each.
func FindHeld(out string) (held []Held, findings []string, err error) {
	for _, in := range []string{out, filepath.Join(out, HeldDir)} {
		found, told, err := ListHeads(in)
		if err != nil {
			return nil, nil, err
		}
		findings = append(findings, told...)
		for _, f := range found {
			// What is aside is not out, be it released: somebody was interrupted.
			if passed, _ := Passed(f.Dir, f.Head); in != out || !passed {
				held = append(held, Held{Dir: f.Dir, Aside: in != out, Head: f.Head})
			}
		}
	}
	return held, findings, nil
}
