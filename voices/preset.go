package voices

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/goccy/go-yaml"
)

// The presets are data: one file a provider, an Endpoint each.
//
//go:embed presets/*.yaml
var presets embed.FS

// presetNames are the presets there are, sorted.
func presetNames() []string {
	files, _ := presets.ReadDir("presets") // an embedded folder cannot fail
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".yaml")
	}
	slices.Sort(names)
	return names
}

// readPreset is a fresh copy of the preset, which the caller may write to.
func readPreset(name string) (Endpoint, error) {
	b, err := presets.ReadFile(path.Join("presets", name+".yaml"))
	if err != nil || strings.ContainsAny(name, "/.") {
		return Endpoint{}, fmt.Errorf("there is no preset %q%s", name, meantOf(name, presetNames()))
	}
	var e Endpoint
	if err := yaml.UnmarshalWithOptions(b, &e, yaml.Strict()); err != nil {
		return Endpoint{}, fmt.Errorf("preset %s: %w", name, err)
	}
	e.Preset = name
	return e, nil
}

// nearest is the name that was probably meant, or "".
func nearest(name string, names []string) string {
	best, distance := "", max(2, len(name)/3)+1
	for _, n := range names {
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(n)); d < distance {
			best, distance = n, d
		}
	}
	return best
}

func didYouMean(name string, names []string) string {
	if n := nearest(name, names); n != "" {
		return fmt.Sprintf("; did you mean %q?", n)
	}
	return ""
}

// meantOf is didYouMean, and all the names there are.
func meantOf(name string, names []string) string {
	there := strings.Join(names, ", ")
	if mean := didYouMean(name, names); mean != "" {
		return mean + " There are " + there
	}
	return "; there are " + there
}
