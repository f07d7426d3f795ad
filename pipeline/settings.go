package pipeline

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// settingsOf are the settings that an episode's sound depends on, as a show's
// file has them, by their keys in it. Tracks are named without their folders.
func settingsOf(cfg *config.Config, gains map[string]level.DB) (map[string]string, error) {
	tracks := cfg.Tracks
	for _, f := range []*string{&tracks.Intro.File, &tracks.Credits.File, &tracks.Sting.File, &tracks.Bed.File} {
		if *f != "" {
			*f = filepath.Base(*f)
		}
	}
	text, err := yaml.Marshal(struct {
		Audio  config.Audio `yaml:"audio"`
		Tracks mix.Tracks   `yaml:"tracks"`
	}{cfg.Audio, tracks})
	var tree map[string]any
	if err == nil {
		err = yaml.Unmarshal(text, &tree)
	}
	if err != nil {
		return nil, fmt.Errorf("noting the settings: %w", err)
	}
	out := map[string]string{}
	flatten(out, "", tree)
	for voice, g := range gains {
		if g != 0 {
			out["voices."+voice+".gain"] = fmt.Sprintf("%gdB", float64(g))
		}
	}
	return out, nil
}

func flatten(out map[string]string, path string, tree map[string]any) {
	for key, v := range tree {
		switch v := v.(type) {
		case map[string]any:
			flatten(out, path+key+".", v)
		default:
			out[path+key] = fmt.Sprint(v)
		}
	}
}

// repaced says whether the show's table of pauses is another one than when the
// episode was made. A text may have a table of its own, which is not known here:
// its pauses stay while the show's do.
func (p *Press) repaced(last *publish.Manifest) (bool, error) {
	now, err := settingsOf(p.cfg, nil)
	if err != nil || last.Settings == nil {
		return false, err
	}
	const pauses = "audio.pauses."
	for key, is := range now {
		if strings.HasPrefix(key, pauses) && last.Settings[key] != is {
			return true, nil
		}
	}
	for key := range last.Settings {
		if _, ok := now[key]; strings.HasPrefix(key, pauses) && !ok {
			return true, nil
		}
	}
	return false, nil
}

// changes are how an episode's settings and tracks differ from those of its
// last build, a line each.
func changes(last *publish.Manifest, in *inputs) []string {
	var out []string
	if last.Settings != nil {
		all := map[string]bool{}
		for key := range last.Settings {
			all[key] = true
		}
		for key := range in.settings {
			all[key] = true
		}
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if was, is := last.Settings[key], in.settings[key]; was != is {
				out = append(out, fmt.Sprintf("%s: %s → %s", key, orNone(was), orNone(is)))
			}
		}
	}
	for _, t := range in.tracks {
		for _, before := range last.Tracks {
			if t.Name == before.Name && t.File == before.File && t.SHA256 != before.SHA256 {
				out = append(out, fmt.Sprintf("tracks.%s: %s is another file than before", t.Name, t.File))
			}
		}
	}
	if len(out) == 0 {
		out = append(out, otherChange)
	}
	return out
}

// otherChange is said where no setting and no track is another one.
const otherChange = "tags, pictures, or how this program makes them"

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
