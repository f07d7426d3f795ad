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
	"time"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/page"
	"github.com/narrapress/narrapress/pipeline/publish/transcript"
	"github.com/narrapress/narrapress/pipeline/script"
)

// buildVersion is part of every build's key. It changes when the same inputs
// would give other bytes than before: then unchanged sources are mastered
// again, from stored takes.
const buildVersion = 4

// inputs are the files an episode is made of beside its text, and the key of
// all of it together.
type inputs struct {
	build  string
	tracks []publish.Track
	source publish.Source
	art    publish.Art
	links  []podcast.Link // of the text
	base   string         // folder that images are relative to

	lexicon string        // SHA-256 of the lexicons; no part of the key, which has their effect
	article *page.Article // nil without a page

	settings map[string]string // that the sound depends on, by their keys
}

// inputs finds and hashes everything that the episode's bytes depend on.
func (p *Press) inputs(plan *Plan, pl *place, o Order) (*inputs, error) {
	in := &inputs{art: publish.Art{Images: map[string][]byte{}}, links: links(plan, pl)}
	in.source = publish.Source{Path: plan.Script.Source, SHA256: plan.SHA256, Overlay: plan.overlaid()}
	if plan.Edited && o.Source != Stdin {
		in.source.Plan = p.relative(o.Source)
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
	read := p.read(sc)
	for _, c := range sc.Chapters {
		if c.Image != "" {
			var err error
			if in.art.Images[c.Image], err = image("image", c.Image, beside(base, c.Image)); err != nil {
				return nil, err
			}
		}
		segments := make([]script.Segment, len(c.Segments))
		for i, s := range c.Segments {
			s.Anchors, s.Between = nil, script.Joint{} // not heard
			if read == nil {
				s.Written, s.Edits = "", nil // nor seen
			}
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
	if in.article, err = p.article(plan, pl, base); err != nil {
		return nil, err
	}
	if in.article != nil {
		sum := sha256.Sum256(in.article.HTML)
		hashes["article"] = hex.EncodeToString(sum[:])
	}
	if in.settings, err = settingsOf(p.cfg, gains); err != nil {
		return nil, err
	}
	if in.lexicon, err = p.lexiconSum(plan); err != nil {
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
		Chapter time.Duration  // least length of one
		Read    *reading       `json:",omitempty"`
		Links   []podcast.Link `json:",omitempty"`
		Address string         `json:",omitempty"`
	}{buildVersion, pl.slug, &spoken, keys, gains, p.cfg.Show.Unlisted(), p.cfg.Tracks.WithoutFiles(), p.cfg.Audio, hashes, p.cfg.Script.Chapters.Least, read, in.links, p.address(pl)})
	if err != nil {
		return nil, fmt.Errorf("hashing the episode's inputs: %w", err)
	}
	sum := sha256.Sum256(key)
	in.build = hex.EncodeToString(sum[:])
	return in, nil
}

// reading is what an episode's transcripts depend on beside its script.
type reading struct {
	Transcripts   transcript.Options
	Author, Quote string // speakers
}

// read is nil where there are no transcripts.
func (p *Press) read(sc *script.Script) *reading {
	if len(p.cfg.Output.Transcripts.Formats) == 0 {
		return nil
	}
	who := p.speakers(sc)
	return &reading{p.cfg.Output.Transcripts, who.author, who.quote}
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
func (p *Press) relative(path string) string { return SourceName(p.cfg, path) }

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
