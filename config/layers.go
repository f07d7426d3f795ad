package config

import (
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// The layers, the first that speaks wins.
const (
	layerFlag        = "flag"
	layerEnvironment = "environment"
	layerFile        = "file"
	layerDefault     = "default"
)

const (
	envPrefix = "NARRAPRESS_"
	envStore  = "NARRAPRESS_STORE" // below the show's file, unlike NARRAPRESS_OUTPUT_STORE
	envCache  = "NARRAPRESS_CACHE" // likewise
)

// fallbacks are the variables below the show's file, and their settings.
func fallbacks() map[string]string {
	return map[string]string{envStore: "output.store", envCache: "output.cache"}
}

// Origin says where a value came from.
type Origin struct {
	Layer string // flag, environment, file or default
	Place string // --out, NARRAPRESS_OUTPUT_DIR, show.yaml:3:5
}

// variableOf is the environment variable of a setting.
func variableOf(path string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

// flagOf is the flag of a setting, as the commands name it.
func flagOf(path string) string {
	switch path {
	case "output.dir":
		return "--out"
	case "output.store":
		return "--store"
	case "limits.cost.episode":
		return "--max-cost"
	case "tracks.intro.file", "tracks.credits.file":
		return "--" + strings.Split(path, ".")[1]
	case "show.title":
		return "--show"
	case "audio.loudness", "audio.peak", "audio.formats.mp3.bitrate", "audio.formats.mp3.channels", "show.author", "show.cover":
		return "--" + last(path)
	}
	return "--" + path
}

// overridable are the settings that flags and variables reach: the scalars of
// the fixed schema.
func overridable(c *Config) []leaf {
	var out []leaf
	leaves(reflect.ValueOf(c).Elem(), func(l leaf) {
		k := l.value.Kind()
		if !l.named && k != reflect.Map && k != reflect.Slice && l.path != "version" {
			out = append(out, l)
		}
	})
	return out
}

// layered is a setting's value in one layer.
type layered struct {
	text  string
	layer string
	name  string // of the flag or variable
}

// given is an environment variable for viper. Viper's own environment layer
// reads the process; this one, a step above it, reads what it is given.
type given struct{ name, text string }

func (v given) HasChanged() bool    { return true }
func (v given) Name() string        { return v.name }
func (v given) ValueString() string { return v.text }
func (v given) ValueType() string   { return "string" }

// override lets viper decide, for each scalar setting, which layer speaks, and
// puts the winner's value over the file's. Viper sees the setting's names
// alone, which are lower case: the names that a show gives never pass through
// it.
func override(c *Config, from Sources, d *decoder) {
	all := overridable(c)
	v := viper.New()
	known := make([]string, len(all))
	for i, l := range all {
		known[i] = l.path
		v.SetDefault(l.path, layered{layer: layerDefault})
	}
	for name, path := range fallbacks() {
		if dir, ok := from.Env(name); ok && dir != "" {
			v.SetDefault(path, layered{dir, layerEnvironment, name})
		}
	}
	if err := v.MergeConfigMap(said(all, d)); err != nil {
		d.faults.add(pos{file: outside, name: c.File}, "its settings cannot be merged: %s", err)
	}
	for _, l := range all {
		name := variableOf(l.path)
		if text, ok := from.Env(name); ok && text != "" { // an empty variable is not set, as everywhere in viper
			if err := v.BindFlagValue(l.path, given{name, text}); err != nil {
				d.faults.add(pos{file: outside, name: name}, "it cannot be used: %s", err)
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(from.Flags)) {
		if !slices.Contains(known, path) {
			d.faults.add(pos{file: outside, name: flagOf(path)}, "no setting %s%s", word(path), meant(path, known))
			continue
		}
		v.Set(path, layered{from.Flags[path], layerFlag, flagOf(path)})
	}
	for _, l := range all {
		switch winner := v.Get(l.path).(type) {
		case string:
			d.outside(l, layered{winner, layerEnvironment, variableOf(l.path)})
		case layered:
			if winner.name != "" {
				d.outside(l, winner)
			}
		}
	}
}

// said is the file's layer as the nested map that viper wants.
func said(all []leaf, d *decoder) map[string]any {
	root := map[string]any{}
	for _, l := range all {
		if _, ok := d.from.values[l.path]; !ok {
			continue
		}
		m, keys := root, strings.Split(l.path, ".")
		for _, k := range keys[:len(keys)-1] {
			next, ok := m[k].(map[string]any)
			if !ok {
				next = map[string]any{}
				m[k] = next
			}
			m = next
		}
		m[keys[len(keys)-1]] = layered{layer: layerFile}
	}
	return root
}

// outside sets a setting from a flag or a variable.
func (d *decoder) outside(l leaf, w layered) {
	at := pos{file: outside, name: w.name}
	n := &node{kind: text, at: at, text: w.text}
	if k := coreSchema().kind(w.text); l.value.Kind() != reflect.String && k != null {
		n.kind = k
	}
	d.from.values[l.path] = source{layer: w.layer, at: at, key: at}
	d.value(n, l.value, l.path)
}

// strangers warns of variables that look like settings and are none.
func strangers(c *Config, environ []string) []string {
	known := slices.Collect(maps.Keys(fallbacks()))
	for _, l := range overridable(c) {
		known = append(known, variableOf(l.path))
	}
	var out []string
	for _, pair := range slices.Sorted(slices.Values(environ)) {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix) || slices.Contains(known, name) {
			continue
		}
		hint := ""
		if best, ok := nearest(name, known); ok {
			hint = "; did you mean " + best + "?"
		}
		out = append(out, oneLine(name)+": no setting has this variable"+hint)
	}
	return out
}

// dataFolder is the user's data folder, where things are kept that cost money
// to make again. Linux and the rest: XDG Base Directory Specification 0.8,
// which ignores a relative path; macOS: File System Programming Guide;
// Windows: Known Folders, LocalAppData. It is empty where there is no home.
func dataFolder(goos, home string, env func(string) (string, bool)) string {
	return userFolder(goos, home, env, "XDG_DATA_HOME", []string{".local", "share"}, []string{"Library", "Application Support"})
}

// cacheFolder is the user's folder for what costs only time to make again, by
// the same sources.
func cacheFolder(goos, home string, env func(string) (string, bool)) string {
	return userFolder(goos, home, env, "XDG_CACHE_HOME", []string{".cache"}, []string{"Library", "Caches"})
}

func userFolder(goos, home string, env func(string) (string, bool), xdg string, unix, mac []string) string {
	const name = "narrapress"
	switch goos {
	case "windows":
		if dir, ok := env("LOCALAPPDATA"); ok && dir != "" {
			return filepath.Join(dir, name)
		}
		home = below(home, "AppData", "Local")
	case "darwin", "ios":
		home = below(home, mac...)
	default:
		if dir, ok := env(xdg); ok && filepath.IsAbs(dir) {
			return filepath.Join(dir, name)
		}
		home = below(home, unix...)
	}
	return below(home, name)
}

func below(dir string, names ...string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(append([]string{dir}, names...)...)
}
