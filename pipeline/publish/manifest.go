package publish

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// ManifestName is the manifest's file in an episode's folder.
const ManifestName = "manifest.json"

// ManifestVersion is the version of the format that this program writes.
const ManifestVersion = 1

// Manifest says how an episode was made. It is an input of the next build,
// and holds nothing of the machine or what this one run spent, and of the hour
// only when an episode without a date was first made.
type Manifest struct {
	Version  int             `json:"version"`
	Episode  podcast.Episode `json:"episode"`
	Build    string          `json:"build"` // hex key of everything that went in
	Source   Source          `json:"source"`
	Revision int             `json:"revision,omitempty"` // of the source, from 1; 0 where an older program made it
	Gate     *Gate           `json:"gate,omitempty"`     // whether it may go out; nil where an older program made it
	Keys     map[string]int  `json:"keys"`               // what a key is of (take, block …) → its version
	Timeline Timeline        `json:"timeline"`
	Gains    Gains           `json:"gains"`
	Tracks   []Track         `json:"tracks"`
	Formats  []Format        `json:"formats,omitempty"` // the sound of the episode beside its MP3
	Files    []File          `json:"files"`
	Takes    []Take          `json:"takes"`
	Costs    []Bill          `json:"costs"` // what its takes cost, each asked for once, at the prices of when it was made

	Script   *File             `json:"script,omitempty"`   // what is spoken; not published. Nil where an older program made it
	Article  *File             `json:"article,omitempty"`  // its text as a page shows it; not published. Nil without a page
	Settings map[string]string `json:"settings,omitempty"` // of the show that its sound depends on, by their keys in its file

	Understudies map[string]string `json:"understudies,omitempty"` // voice → who speaks in its place

	Program string             `json:"program,omitempty"` // version of narrapress
	Lexicon string             `json:"lexicon,omitempty"` // SHA-256 of the show's and its voices' lexicons, one behind the other; empty without any
	Voices  map[string]Speaker `json:"voices,omitempty"`  // that speak in it, by their names in the show; takes refer to them
}

// Gate is what the release gate says of a build.
type Gate struct {
	Held     bool           `json:"held"`
	Findings []gate.Finding `json:"findings"` // one a rule that was asked, in order
	Facts    gate.Facts     `json:"facts"`    // that they rest on
}

// Speaker is a voice with its settings.
type Speaker struct {
	Endpoint string   `json:"endpoint"`           // its name in the show
	Identity string   `json:"identity,omitempty"` // of the endpoint, as the keys of takes have it
	Voice    string   `json:"voice,omitempty"`    // the provider's name of it
	Model    string   `json:"model,omitempty"`
	Language string   `json:"language,omitempty"`
	Speed    float64  `json:"speed,omitempty"`
	Pitch    float64  `json:"pitch,omitempty"`
	Style    string   `json:"style,omitempty"`
	Gain     level.DB `json:"gain,omitempty"`
	Params   string   `json:"params,omitempty"` // SHA-256 of further values for requests, as JSON: they may hold anything
}

// Source is what the episode was made from.
type Source struct {
	Path   string `json:"path"`           // relative to the show's file, with slashes; or an address
	Plan   string `json:"plan,omitempty"` // the edited plan it was made from, named like Path; empty for a document
	SHA256 string `json:"sha256"`         // of the document, or of the plan

	Overlay *Overlay `json:"overlay,omitempty"` // a person's edits that are in it; nil without any
}

// Overlay is the file of a person's edits of a document.
type Overlay struct {
	Name   string `json:"name"` // beside the source, without folders
	SHA256 string `json:"sha256"`
}

// Timeline is the shape of the mastered audio.
type Timeline struct {
	Rate     int   `json:"rate"` // Hz
	Channels int   `json:"channels"`
	Frames   int64 `json:"frames"` // one value a channel
}

// Gains are carried from one build to the next.
type Gains struct {
	Programme level.DB            `json:"programme"`
	Before    level.LUFS          `json:"before,omitempty"`   // loudness without it, as it was predicted
	Loudness  level.LUFS          `json:"loudness,omitempty"` // and with it, as it came out
	Voices    map[string]level.DB `json:"voices"`
	From      string              `json:"from,omitempty"` // ID of the episode whose gains a new one began with
}

// Track is a piece of music that was used.
type Track struct {
	Name   string `json:"name"` // intro, credits …
	File   string `json:"file"` // its name, without folders
	SHA256 string `json:"sha256"`
}

// Format is an audio file of the episode beside its MP3.
type Format struct {
	File     string            `json:"file"` // its name in the folder
	Rate     int               `json:"rate"` // Hz
	Channels int               `json:"channels"`
	Frames   int64             `json:"frames"`             // as played
	Loudness *podcast.Loudness `json:"loudness,omitempty"` // as decoded; without one the samples are the timeline's own
}

// Take is the recorded speech of one segment, and where it stands. Start and
// Length count samples of a channel, at the timeline's rate.
type Take struct {
	Ordinal    int    `json:"ordinal"` // of the segment, from 1
	Role       string `json:"role"`
	Voice      string `json:"voice"` // name in the show
	Key        string `json:"key"`
	SHA256     string `json:"sha256"`
	MediaType  string `json:"media_type"`
	Start      int64  `json:"start"`
	Length     int64  `json:"length"`
	Characters int    `json:"characters"` // Unicode code points of the text

	Endpoint string          `json:"endpoint,omitempty"` // identity, as the take's key has it
	From     podcast.Seconds `json:"from,omitempty"`     // Start in seconds
	To       podcast.Seconds `json:"to,omitempty"`       // where it ends, in seconds

	Pause   podcast.Seconds `json:"pause"`             // least silence after it
	Between string          `json:"between,omitempty"` // where that comes from in the table of pauses, as a plan has it
}

// WriteManifest puts the manifest into dir, as the last of its files. It is
// read back before: what cannot be read is not written.
func WriteManifest(dir string, m Manifest) error {
	name := filepath.Join(dir, ManifestName)
	m.Version = ManifestVersion
	// Nothing is an empty list, so that nil and empty give the same bytes.
	m.Tracks = append([]Track{}, m.Tracks...)
	m.Files = append([]File{}, m.Files...)
	m.Takes = append([]Take{}, m.Takes...)
	m.Costs = append([]Bill{}, m.Costs...)
	m.Episode.Chapters = append([]podcast.Chapter{}, m.Episode.Chapters...)
	b, err := marshal(m)
	if err == nil {
		_, err = ParseManifest(b)
	}
	if err != nil {
		return writeError(name, err)
	}
	_, err = WriteFile(name, b)
	return err
}

// ReadManifest reads the manifest of the episode's folder dir. Without one the
// error wraps fs.ErrNotExist.
func ReadManifest(dir string) (*Manifest, error) {
	name := filepath.Join(dir, ManifestName)
	f, err := openManifest(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(&modest{r: f})
	if errors.Is(err, errImmodest) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return nil, &readError{name, err}
	}
	m, err := ParseManifest(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// ParseManifest reads a manifest from its bytes and checks it: what it says
// about files may have been written by anybody.
func ParseManifest(b []byte) (*Manifest, error) {
	// The version first: another one may have other shapes.
	var v struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, fmt.Errorf("not a manifest: %w", err)
	}
	if err := checkVersion(v.Version); err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("not a manifest: %w", err)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return &m, nil
}

func (m *Manifest) check() error {
	if m.Episode.ID == "" {
		return errors.New("the manifest names no episode")
	}
	if m.Timeline.Rate < 0 || m.Timeline.Channels < 0 || m.Timeline.Frames < 0 {
		return errors.New("the manifest's timeline is negative")
	}
	seen := map[string]bool{}
	for _, f := range m.Files {
		switch {
		case !published(f.Name):
			return fmt.Errorf("the manifest names the file %q, which is not one of its folder", f.Name)
		case seen[f.Name]:
			return fmt.Errorf("the manifest names the file %q twice", f.Name)
		case f.Bytes < 0:
			return fmt.Errorf("the manifest gives the file %q a negative size", f.Name)
		case !isSHA256(f.SHA256):
			return fmt.Errorf("the manifest gives the file %q no SHA-256", f.Name)
		}
		seen[f.Name] = true
	}
	for _, f := range m.Formats {
		if !seen[f.File] {
			return fmt.Errorf("the manifest tells of the format %q, which is none of its files", f.File)
		}
		if f.Rate < 0 || f.Channels < 0 || f.Frames < 0 {
			return fmt.Errorf("the manifest's format %q is out of bounds", f.File)
		}
	}
	for _, f := range m.Kept() {
		if !published(f.Name) || seen[f.Name] || f.Bytes < 0 || !isSHA256(f.SHA256) {
			return fmt.Errorf("the manifest names %q, which is not one of its folder", f.Name)
		}
		seen[f.Name] = true
	}
	for _, t := range m.Takes {
		if t.Ordinal < 1 || t.Start < 0 || t.Length < 0 || t.Characters < 0 {
			return fmt.Errorf("the manifest's take %d is out of bounds", t.Ordinal)
		}
	}
	return nil
}

// published says whether name can be a file of an episode's folder.
func published(name string) bool {
	return fs.ValidPath(name) && name != "." && name == path.Clean(name) &&
		filepath.IsLocal(filepath.FromSlash(name)) && name != ManifestName
}

func isSHA256(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == 32
}
