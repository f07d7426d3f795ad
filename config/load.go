package config

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/voices"
)

// Sources are where configuration is read from.
type Sources struct {
	File    string                      // the show's file; empty: defaults, environment and flags only
	Dir     string                      // working folder: base of the paths that flags and variables give, and of all where there is no file
	Env     func(string) (string, bool) // as os.LookupEnv; nil has no variables
	Environ []string                    // as os.Environ: only for warnings of unknown NARRAPRESS_ variables; may be nil
	Flags   map[string]string           // setting ("output.dir") → value, for flags the user gave; their paths are relative to Dir
	Home    string                      // user's home folder
}

// Find looks for a show's file (narrapress.yaml, narrapress.yml, show.yaml,
// show.yml) in dir and the folders above it.
func Find(dir string) (file string, ok bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		for _, name := range []string{"narrapress.yaml", "narrapress.yml", "show.yaml", "show.yml"} {
			file := filepath.Join(dir, name)
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
				return file, true
			}
		}
		above := filepath.Dir(dir)
		if above == dir {
			return "", false
		}
		dir = above
	}
}

// Load reads and validates a configuration. Its error is an Errors: every
// fault found, each one line with file:line:column.
func Load(ctx context.Context, from Sources) (*Config, error) {
	return load(ctx, from, system{read: readRegular, goos: runtime.GOOS, resolve: voices.Resolve})
}

// system is what a test replaces.
type system struct {
	read    reader
	goos    string
	resolve func(map[string]voices.Endpoint) (map[string]voices.Endpoint, error)
}

func load(ctx context.Context, from Sources, sys system) (*Config, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if from.Env == nil {
		from.Env = func(string) (string, bool) { return "", false }
	}
	f := &faults{}
	c := Defaults()
	dir, err := filepath.Abs(from.Dir)
	if err != nil {
		f.add(pos{file: outside, name: from.Dir}, "the working folder cannot be found: %s", err)
		return nil, f.err()
	}
	from.Dir, c.Dir = dir, dir

	d := newDecoder(f)
	c.from = d.from
	p := paths{working: dir, home: from.Home}
	if from.File != "" {
		c.File = absolute(from.File, dir)
		c.Dir = filepath.Dir(c.File)
		g := &gather{
			env: from.Env, faults: f, held: d.held, done: map[string]pos{},
			read: func(path string, most int64) ([]byte, error) {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				return sys.read(path, most)
			},
		}
		root := g.file(c.File, from.File, pos{})
		c.Files = names(g.done)
		if root == nil {
			return nil, f.err()
		}
		d.value(root, reflect.ValueOf(&c).Elem(), "")
		p.files = g.dirs
	}
	p.show = c.Dir
	override(&c, from, d)
	name(&c)
	hide(&c, d.held)
	p.resolve(&c, d)
	if c.Output.Store == "" {
		if data := dataFolder(sys.goos, from.Home, from.Env); data != "" {
			c.Output.Store = filepath.Join(data, "takes")
		} else {
			f.add(pos{file: outside, name: "output.store"}, "there is no home folder to keep takes in: set output.store or %s", envStore)
		}
	}
	if cache := cacheFolder(sys.goos, from.Home, from.Env); c.Output.Cache == "" && cache != "" {
		c.Output.Cache = filepath.Join(cache, "sound")
	}
	c.Warnings = append(validate(&c, d, sys), strangers(&c, from.Environ)...)
	if err := f.err(); err != nil {
		return nil, err
	}
	c.Audio.Formats.Fill()
	return &c, nil
}

// name tells endpoints and voices their own names.
func name(c *Config) {
	for n, e := range c.Endpoints {
		e.Name = n
		c.Endpoints[n] = e
	}
	for n, v := range c.Voices {
		v.Name = n
		c.Voices[n] = v
	}
}

// hide tells endpoints which texts of their requests variables put there: they
// may be secrets, and a server may repeat them. Others have types of their own.
func hide(c *Config, held map[string]string) {
	for n, e := range c.Endpoints {
		free := []any{e.Query, e.Body, e.Params, e.Auth.Body}
		for _, v := range c.Voices {
			if v.Endpoint == n {
				free = append(free, v.Params)
			}
		}
		for _, text := range slices.Sorted(maps.Keys(held)) {
			if slices.ContainsFunc(free, func(v any) bool { return holds(v, text) }) {
				e.Hidden = append(e.Hidden, voices.NewSecret(text))
			}
		}
		c.Endpoints[n] = e
	}
}

// holds says whether a value of YAML has the text in it.
func holds(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, text)
	case []any:
		return slices.ContainsFunc(v, func(v any) bool { return holds(v, text) })
	case map[string]any:
		for _, v := range v {
			if holds(v, text) {
				return true
			}
		}
	}
	return false
}

// paths makes paths absolute: those of a file relative to that file's folder,
// those of flags and variables to the working folder.
type paths struct {
	files   []string // folders of the files, by number
	show    string   // folder of the show's file
	working string
	home    string
}

func (p paths) resolve(c *Config, d *decoder) {
	rules := rulesByPath()
	leaves(reflect.ValueOf(c).Elem(), func(l leaf) {
		if is := rules[l.pattern].is; is != folder && is != inputFile {
			return
		}
		for item := range l.items() {
			p.one(item, d)
		}
	})
	for i := range c.Sources {
		s := &c.Sources[i]
		s.Dir = p.base(fmt.Sprintf("sources[%d].from", i), d)
		if rest, ok := strings.CutPrefix(s.From, "~/"); ok && p.home != "" {
			s.From = filepath.Join(p.home, rest)
		}
	}
}

// base is the folder that the paths of a setting are relative to.
func (p paths) base(setting string, d *decoder) string {
	s, ok := d.from.values[setting]
	switch {
	case !ok:
		return p.show
	case s.layer == layerFile:
		return p.files[s.at.file]
	}
	return p.working
}

// one makes one path absolute.
func (p paths) one(l leaf, d *decoder) {
	path := l.value.String()
	if path == "" {
		return
	}
	base := p.base(l.path, d)
	if rest, ok := strings.CutPrefix(path, "~/"); ok && p.home != "" {
		path = filepath.Join(p.home, rest)
	}
	l.value.SetString(absolute(path, base))
}

func absolute(path, base string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(base, path)
}

func rulesByPath() map[string]setting {
	rules := map[string]setting{}
	for _, s := range settings() {
		rules[s.path] = s
	}
	return rules
}

// Origin of the setting, such as "audio.loudness" or "voices.narrator.speed".
func (c *Config) Origin(setting string) Origin {
	if c.from != nil {
		if s, ok := c.from.values[setting]; ok {
			return Origin{Layer: s.layer, Place: s.at.String()}
		}
	}
	return Origin{Layer: layerDefault}
}

// names of a map, sorted.
func names[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
