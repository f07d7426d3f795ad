package config

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// flag over environment over file over default.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	loudness := func(c *Config) string { return c.Audio.Loudness.String() }
	out := func(c *Config) string { return c.Output.Dir }
	store := func(c *Config) string { return c.Output.Store }
	cache := func(c *Config) string { return c.Output.Cache }
	const file = "audio: {loudness: -18}\noutput: {dir: of-file, store: kept}\n"
	for name, c := range map[string]struct {
		file    string
		env     map[string]string
		flags   map[string]string
		get     func(*Config) string
		setting string
		want    string // DIR is the show's folder, WORK the working folder
		layer   string
		place   string
	}{
		"default":              {get: loudness, setting: "audio.loudness", want: "-16.0 LUFS", layer: "default"},
		"file":                 {file: file, get: loudness, setting: "audio.loudness", want: "-18.0 LUFS", layer: "file", place: "../show.yaml:1:19"},
		"environment":          {env: map[string]string{"NARRAPRESS_AUDIO_LOUDNESS": "-19LUFS"}, get: loudness, setting: "audio.loudness", want: "-19.0 LUFS", layer: "environment", place: "NARRAPRESS_AUDIO_LOUDNESS"},
		"environment on file":  {file: file, env: map[string]string{"NARRAPRESS_AUDIO_LOUDNESS": "-19"}, get: loudness, setting: "audio.loudness", want: "-19.0 LUFS", layer: "environment", place: "NARRAPRESS_AUDIO_LOUDNESS"},
		"empty variable":       {file: file, env: map[string]string{"NARRAPRESS_AUDIO_LOUDNESS": ""}, get: loudness, setting: "audio.loudness", want: "-18.0 LUFS", layer: "file", place: "../show.yaml:1:19"},
		"flag on file":         {file: file, flags: map[string]string{"audio.loudness": "-20"}, get: loudness, setting: "audio.loudness", want: "-20.0 LUFS", layer: "flag", place: "--loudness"},
		"flag on all":          {file: file, env: map[string]string{"NARRAPRESS_AUDIO_LOUDNESS": "loud"}, flags: map[string]string{"audio.loudness": "-20"}, get: loudness, setting: "audio.loudness", want: "-20.0 LUFS", layer: "flag", place: "--loudness"},
		"path by default":      {get: out, setting: "output.dir", want: "DIR/out", layer: "default"},
		"path of the file":     {file: file, get: out, setting: "output.dir", want: "DIR/of-file", layer: "file", place: "../show.yaml:2:15"},
		"path of a variable":   {file: file, env: map[string]string{"NARRAPRESS_OUTPUT_DIR": "v"}, get: out, setting: "output.dir", want: "WORK/v", layer: "environment", place: "NARRAPRESS_OUTPUT_DIR"},
		"path of a flag":       {file: file, flags: map[string]string{"output.dir": "f"}, get: out, setting: "output.dir", want: "WORK/f", layer: "flag", place: "--out"},
		"path at home":         {flags: map[string]string{"output.dir": "~/x"}, get: out, setting: "output.dir", want: "DIR/home/x", layer: "flag", place: "--out"},
		"cache by default":     {get: cache, setting: "output.cache", want: "DIR/home/.cache/narrapress/sound", layer: "default"},
		"cache of XDG":         {env: map[string]string{"XDG_CACHE_HOME": "/cache"}, get: cache, setting: "output.cache", want: "/cache/narrapress/sound", layer: "default"},
		"cache of its alias":   {env: map[string]string{"NARRAPRESS_CACHE": "/a"}, get: cache, setting: "output.cache", want: "/a", layer: "environment", place: "NARRAPRESS_CACHE"},
		"store by default":     {get: store, setting: "output.store", want: "DIR/home/.local/share/narrapress/takes", layer: "default"},
		"store of XDG":         {env: map[string]string{"XDG_DATA_HOME": "/data"}, get: store, setting: "output.store", want: "/data/narrapress/takes", layer: "default"},
		"store of its alias":   {env: map[string]string{"NARRAPRESS_STORE": "/a"}, get: store, setting: "output.store", want: "/a", layer: "environment", place: "NARRAPRESS_STORE"},
		"file on the alias":    {file: file, env: map[string]string{"NARRAPRESS_STORE": "/a"}, get: store, setting: "output.store", want: "DIR/kept", layer: "file", place: "../show.yaml:2:31"},
		"store of a variable":  {file: file, env: map[string]string{"NARRAPRESS_STORE": "/a", "NARRAPRESS_OUTPUT_STORE": "/b"}, get: store, setting: "output.store", want: "/b", layer: "environment", place: "NARRAPRESS_OUTPUT_STORE"},
		"store of a flag":      {file: file, env: map[string]string{"NARRAPRESS_STORE": "/a", "NARRAPRESS_OUTPUT_STORE": "/b"}, flags: map[string]string{"output.store": "/c"}, get: store, setting: "output.store", want: "/c", layer: "flag", place: "--store"},
		"length of a variable": {env: map[string]string{"NARRAPRESS_AUDIO_PAUSES_RULE": "2.5s"}, get: func(c *Config) string { return c.Audio.Pauses.Rule.String() }, setting: "audio.pauses.rule", want: "2.5s", layer: "environment", place: "NARRAPRESS_AUDIO_PAUSES_RULE"},
		"number as a text":     {env: map[string]string{"NARRAPRESS_SHOW_TITLE": "1984"}, get: func(c *Config) string { return c.Show.Title }, setting: "show.title", want: "1984", layer: "environment", place: "NARRAPRESS_SHOW_TITLE"},
		"empty flag":           {flags: map[string]string{"script.opening": ""}, get: func(c *Config) string { return c.Script.Opening }, setting: "script.opening", want: "", layer: "flag", place: "--script.opening"},
		"variables in none":    {env: map[string]string{"NARRAPRESS_SHOW_TITLE": "${HOME}"}, get: func(c *Config) string { return c.Show.Title }, setting: "show.title", want: "${HOME}", layer: "environment", place: "NARRAPRESS_SHOW_TITLE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from := show(t, map[string]string{"show.yaml": c.file, "work/x": ""})
			dir := from.Dir
			from.File, from.Dir = filepath.Join("..", "show.yaml"), filepath.Join(dir, "work")
			from.Env, from.Flags = environment(c.env), c.flags
			got := mustLoad(t, from)
			want := strings.NewReplacer("DIR", dir, "WORK", from.Dir).Replace(c.want)
			if v := c.get(got); v != want {
				t.Errorf("value %q, want %q", v, want)
			}
			if o := (Origin{c.layer, c.place}); got.Origin(c.setting) != o {
				t.Errorf("origin %v, want %v", got.Origin(c.setting), o)
			}
		})
	}
}

func TestWrongFlagsAndVariables(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{"show.yaml": "show: {titel: T}\n"})
	from.Env = environment(map[string]string{
		"NARRAPRESS_AUDIO_LOUDNESS": "loud", "NARRAPRESS_AUDIO_PEAK": "3", "NARRAPRESS_AUDIO_PAUSES_ITEM": "3",
		"NARRAPRESS_AUDIO_FORMATS_MP3_BITRATE": "much", "NARRAPRESS_TRACKS_INTRO_FILE": "art/intr.mp3",
	})
	from.Flags = map[string]string{"limits.cost.episode": "-1", "output.dri": "x", "script.elements.code": "reed"}
	_, err := loadShow(from)
	want := strings.Join([]string{
		`show.yaml:1:8: unknown key titel; did you mean title?`,
		`--max-cost: episode: -1 is out of range: from 0 to 1000000000`,
		`--output.dri: no setting output.dri; did you mean output.dir?`,
		`--script.elements.code: code: reed is none of announce, read, skip; did you mean read?`,
		`NARRAPRESS_AUDIO_FORMATS_MP3_BITRATE: bitrate: want a whole number, got a text`,
		`NARRAPRESS_AUDIO_LOUDNESS: loudness: "loud" is not a level in LUFS, such as "-1LUFS"`,
		`NARRAPRESS_AUDIO_PAUSES_ITEM: item: the unit is missing: want a length of time with its unit, such as 700ms or 1.5s`,
		`NARRAPRESS_AUDIO_PEAK: peak: 3dBTP is out of range: from -20dBTP to 0dBTP`,
		`NARRAPRESS_TRACKS_INTRO_FILE: file: no such file intr.mp3 in DIR/art; did you mean intro.mp3?`,
	}, "\n")
	if diff := cmp.Diff(want, faultsOf(t, err, from.Dir)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// No two settings share a variable, and each scalar one has one.
func TestVariablesAreApart(t *testing.T) {
	t.Parallel()
	c := Defaults()
	seen := fallbacks()
	for _, l := range overridable(&c) {
		name := variableOf(l.path)
		if other, twice := seen[name]; twice {
			t.Errorf("%s stands for %s and %s", name, other, l.path)
		}
		seen[name] = l.path
	}
	for _, name := range []string{"NARRAPRESS_OUTPUT_DIR", "NARRAPRESS_AUDIO_LOUDNESS", "NARRAPRESS_TRACKS_INTRO_FADE_IN", "NARRAPRESS_LIMITS_COST_EPISODE"} {
		if seen[name] == "" {
			t.Errorf("no setting has %s; there are %v", name, slices.Sorted(maps.Keys(seen)))
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{"show.yaml": `
endpoints: {a: {key: sk-0123456789abcdef}, b: {key: none}, c: {key: "${KEY}"}}
voices: {v: {endpoint: a}}
roles: {body: v, headng: v, "speaker:Bo": v, narrator2: v}
`})
	from.Env = environment(map[string]string{"KEY": "sk-0123456789abcdef"})
	from.Environ = []string{"PATH=/bin", "NARRAPRESS_OUTPT_DIR=x", "NARRAPRESS_STORE=y", "NARRAPRESS_OUTPUT_DIR=z", "NARRAPRESS_QQQQQQQQQ=1"}
	want := []string{
		"show.yaml:4:18: no script has the role headng; did you mean heading?",
		"show.yaml:2:22: the key stands in the file itself; write ${NAME} or ${file:PATH}",
		"NARRAPRESS_OUTPT_DIR: no setting has this variable; did you mean NARRAPRESS_OUTPUT_DIR?",
		"NARRAPRESS_QQQQQQQQQ: no setting has this variable",
	}
	if diff := cmp.Diff(want, mustLoad(t, from).Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}

func TestDataFolder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		goos, home string
		env        map[string]string
		want       string
	}{
		"linux":              {"linux", "/home/a", nil, "/home/a/.local/share/narrapress"},
		"linux XDG":          {"linux", "/home/a", map[string]string{"XDG_DATA_HOME": "/d"}, "/d/narrapress"},
		"linux relative XDG": {"linux", "/home/a", map[string]string{"XDG_DATA_HOME": "d"}, "/home/a/.local/share/narrapress"},
		"linux homeless":     {"linux", "", nil, ""},
		"homeless XDG":       {"linux", "", map[string]string{"XDG_DATA_HOME": "/d"}, "/d/narrapress"},
		"macOS":              {"darwin", "/Users/a", map[string]string{"XDG_DATA_HOME": "/d"}, "/Users/a/Library/Application Support/narrapress"},
		"windows":            {"windows", "/u", map[string]string{"LOCALAPPDATA": "/l"}, "/l/narrapress"},
		"windows bare":       {"windows", "/u", nil, "/u/AppData/Local/narrapress"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := dataFolder(c.goos, c.home, environment(c.env)); got != filepath.FromSlash(c.want) {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
