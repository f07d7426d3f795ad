package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// buildVersion is part of every build's key. It changes when the same inputs
// would give other bytes than before: then unchanged sources are mastered
// again, from stored takes.
const buildVersion = 2

// inputs are the files an episode is made of beside its text, and the key of
// all of it together.
type inputs struct {
	build  string
	tracks []publish.Track
	plan   string // the edited plan, relative to the show; empty for a document
	art    publish.Art
	links  []podcast.Link // of the text
	base   string         // folder that images are relative to

	settings map[string]string // that the sound depends on, by their keys
}

// inputs finds and hashes everything that the episode's bytes depend on.
func (p *Press) inputs(plan *Plan, pl *place, o Order) (*inputs, error) {
	in := &inputs{art: publish.Art{Images: map[string][]byte{}}, links: links(plan, pl)}
	if plan.Edited && o.Source != Stdin {
		in.plan = p.relative(o.Source)
	}
	hashes := map[string]string{}
	hash := func(role, name, path string) (string, error) {
		sum, err := hashFile(path)
		if err != nil {
			return "", fmt.Errorf("%s %s: %w", role, path, err)
		}
		hashes[role+" "+name] = sum
		return sum, nil
	}
	for _, t := range p.cfg.Tracks.Named() {
		sum, err := hash("track", t.Name, t.File)
		if err != nil {
			return nil, err
		}
		in.tracks = append(in.tracks, publish.Track{Name: t.Name, File: filepath.Base(t.File), SHA256: sum})
	}
	sc := plan.Script
	base := p.base(sc, o)
	in.base = base
	image := func(role, name, path string) ([]byte, error) {
		b, err := publish.ReadImage(path)
		if err == nil {
			sum := sha256.Sum256(b)
			hashes[role+" "+name] = hex.EncodeToString(sum[:])
		}
		return b, err
	}
	cover := p.cfg.Show.Cover
	if sc.Cover != "" {
		cover = beside(base, sc.Cover)
	}
	if cover != "" {
		var err error
		if in.art.Cover, err = image("cover", "", cover); err != nil {
			return nil, err
		}
	}
	spoken := *sc
	spoken.Chapters = nil
	for _, c := range sc.Chapters {
		if c.Image != "" {
			var err error
			if in.art.Images[c.Image], err = image("image", c.Image, beside(base, c.Image)); err != nil {
				return nil, err
			}
		}
		segments := make([]script.Segment, len(c.Segments))
		for i, s := range c.Segments {
			s.Anchors, s.Written, s.Edits, s.Between = nil, "", nil, script.Joint{} // not heard
			segments[i] = s
		}
		c.Segments = segments
		spoken.Chapters = append(spoken.Chapters, c)
	}
	keys := make([]string, len(plan.Segments))
	for i, s := range plan.Segments {
		keys[i] = s.Key
	}
	gains := p.voiceGains(plan)
	var err error
	if in.settings, err = settingsOf(p.cfg, gains); err != nil {
		return nil, err
	}
	key, err := json.Marshal(struct {
		Version int
		Slug    string
		Script  *script.Script
		Takes   []string
		Gains   map[string]level.DB
		Show    podcast.Show
		Tracks  mix.Tracks // by their bytes, not their place
		Audio   config.Audio
		Files   map[string]string
		Links   []podcast.Link `json:",omitempty"`
	}{buildVersion, pl.slug, &spoken, keys, gains, p.cfg.Show.Unlisted(), p.cfg.Tracks.WithoutFiles(), p.cfg.Audio, hashes, in.links})
	if err != nil {
		return nil, fmt.Errorf("hashing the episode's inputs: %w", err)
	}
	sum := sha256.Sum256(key)
	in.build = hex.EncodeToString(sum[:])
	return in, nil
}

// base is the folder that a script's images are relative to: its document's.
func (p *Press) base(sc *script.Script, o Order) string {
	if sc.Source != "" {
		dir := filepath.Dir(beside(p.cfg.Dir, filepath.FromSlash(sc.Source)))
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			return dir
		}
	}
	if o.Source != Stdin {
		return filepath.Dir(o.Source)
	}
	return p.cfg.Dir
}

// relative names a file as episodes name their sources: from the show's
// folder, with slashes.
func (p *Press) relative(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		abs = path
	}
	if rel, err := filepath.Rel(p.cfg.Dir, abs); err == nil {
		abs = rel
	}
	return filepath.ToSlash(abs) // as it is on another drive
}

func beside(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", errors.New("there is no such file")
	}
	if err != nil {
		return "", plainPath(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", plainPath(err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
