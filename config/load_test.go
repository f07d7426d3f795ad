package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/mix"
	"github.com/narrapress/narrapress/voices"
)

// smallest is the smallest show, as the documentation has it.
const smallest = `show: {title: "Curated, narrated", author: "A. Author", language: en-US}
endpoints:
  studio: {preset: openai, url: "http://127.0.0.1:8880/v1", key: "${STUDIO_KEY:-none}", model: tts-1}
voices:
  narrator: {endpoint: studio, voice: alloy}
  second: {endpoint: studio, voice: echo, speed: 1.05, gain: -1dB}
roles: {body: narrator, quote: second}
tracks: {intro: art/intro.mp3, credits: art/credits.mp3}
`

// resolveOpenAI knows one preset, and puts what it is given into its errors,
// as a parser of addresses does.
func resolveOpenAI(all map[string]voices.Endpoint) (map[string]voices.Endpoint, error) {
	for name, e := range all {
		if e.Preset != "openai" && e.Preset != "" {
			return nil, fmt.Errorf("endpoint %s: no preset %s; did you mean openai?", name, e.Preset)
		}
		if strings.Contains(e.URL, " ") {
			return nil, fmt.Errorf("endpoint %s: parse %q: invalid character (key %s)", name, e.URL, e.Key.Reveal())
		}
	}
	return all, nil
}

// show is a folder with files and two tracks, its show's file show.yaml, and a home.
func show(t testing.TB, files map[string]string) Sources {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"art/intro.mp3", "art/credits.mp3"} {
		write(t, dir, name, "sound")
	}
	for name, text := range files {
		write(t, dir, name, text)
	}
	return Sources{File: "show.yaml", Dir: dir, Home: filepath.Join(dir, "home")}
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// environment of the given variables.
func environment(pairs map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := pairs[name]; return v, ok }
}

func loadShow(from Sources) (*Config, error) {
	return load(context.Background(), from, system{read: readRegular, goos: "linux", resolve: resolveOpenAI})
}

func mustLoad(t testing.TB, from Sources) *Config {
	t.Helper()
	c, err := loadShow(from)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// faultsOf are the lines of an Errors, the folder written as DIR.
func faultsOf(t testing.TB, err error, dir string) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var all Errors
	if !errors.As(err, &all) {
		t.Fatalf("the error is no Errors: %v", err)
	}
	return strings.ReplaceAll(all.Error(), dir, "DIR")
}

func TestLoadSmallest(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{"show.yaml": smallest})
	c := mustLoad(t, from)

	want := Defaults()
	want.File, want.Dir = filepath.Join(from.Dir, "show.yaml"), from.Dir
	want.Files = []string{want.File}
	want.Show.Title, want.Show.Author, want.Show.Language = "Curated, narrated", "A. Author", "en-US"
	want.Endpoints = map[string]voices.Endpoint{"studio": {
		Name: "studio", Preset: "openai", URL: "http://127.0.0.1:8880/v1", Key: voices.NewSecret("none"), Model: "tts-1",
	}}
	want.Voices = map[string]voices.Voice{
		"narrator": {Name: "narrator", Endpoint: "studio", Voice: "alloy"},
		"second":   {Name: "second", Endpoint: "studio", Voice: "echo", Speed: 1.05, Gain: -1},
	}
	want.Roles = map[string]string{"body": "narrator", "quote": "second"}
	want.Tracks = mix.DefaultTracks()
	want.Tracks.Intro.File = filepath.Join(from.Dir, "art", "intro.mp3")
	want.Tracks.Credits.File = filepath.Join(from.Dir, "art", "credits.mp3")
	want.Output.Dir = filepath.Join(from.Dir, "out")
	want.Output.Store = filepath.Join(from.Home, ".local", "share", "narrapress", "takes")
	want.Output.Cache = filepath.Join(from.Home, ".cache", "narrapress", "sound")
	if diff := cmp.Diff(want, *c, sameConfig()); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}

	for setting, place := range map[string]Origin{
		"show.title":           {"file", "show.yaml:1:15"},
		"voices.second.speed":  {"file", "show.yaml:6:50"},
		"tracks.intro.file":    {"file", "show.yaml:8:17"},
		"tracks.intro.overlap": {"default", ""},
		"audio.loudness":       {"default", ""},
		"output.store":         {"default", ""},
		"no.such.setting":      {"default", ""},
	} {
		if got := c.Origin(setting); got != place {
			t.Errorf("origin of %s: %v, want %v", setting, got, place)
		}
	}
}

// The presets know what the smallest show says.
func TestLoadSmallestWithPresets(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{"show.yaml": smallest})
	c, err := Load(context.Background(), from)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Endpoints) != 1 || len(c.Warnings) != 0 {
		t.Errorf("endpoints %v, warnings %v", c.Endpoints, c.Warnings)
	}
	write(t, from.Dir, "show.yaml", strings.Replace(smallest, "preset: openai", "preset: opnai", 1))
	_, err = Load(context.Background(), from)
	if got := faultsOf(t, err, from.Dir); !strings.HasPrefix(got, "show.yaml:3:3: endpoint studio: ") || !strings.Contains(got, "openai") {
		t.Errorf("faults: %s", got)
	}
}

func sameConfig() cmp.Option {
	return cmp.Options{
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".from" }, cmp.Ignore()),
		cmp.Comparer(func(a, b voices.Secret) bool { return a.Reveal() == b.Reveal() }),
	}
}

// What a show names keeps its case, and what it does not say keeps its default.
func TestLoadKeeps(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, show(t, map[string]string{"show.yaml": `
endpoints:
  Studio:
    headers: {X-Api-Version: "2024-01", xi-API-key: "${K:-k}"}
    body: {Input: "{{text}}", deep: {aB: [1, 2.5, true, null, "7"]}}
    retry: {base: 1.5s, statuses: [429, 503]}
voices: {Änne: {endpoint: Studio, params: {Stability: 0.5}}}
roles:
  body: Änne
  speaker:Ana María: Änne
tracks:
  intro: {file: art/intro.mp3, gain: -3dB}
audio: {loudness: -19 LUFS, pauses: {rule: 2s}}
`}))
	e := c.Endpoints["Studio"]
	if got := e.Headers["xi-API-key"]; got.Reveal() != "k" || len(e.Headers) != 2 {
		t.Errorf("headers: %v", e.Headers)
	}
	deep := map[string]any{"Input": "{{text}}", "deep": map[string]any{"aB": []any{1, 2.5, true, nil, "7"}}}
	if diff := cmp.Diff(deep, e.Body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if c.Roles["speaker:Ana María"] != "Änne" || c.Voices["Änne"].Params["Stability"] != 0.5 {
		t.Errorf("roles %v, voices %v", c.Roles, c.Voices)
	}
	intro := mix.DefaultTracks().Intro
	intro.File, intro.Gain = filepath.Join(c.Dir, "art", "intro.mp3"), -3
	if diff := cmp.Diff(intro, c.Tracks.Intro); diff != "" {
		t.Errorf("intro (-want +got):\n%s", diff)
	}
	if d := Defaults(); c.Audio.Loudness != -19 || c.Audio.Peak != d.Audio.Peak || c.Audio.Pauses.Quote != d.Audio.Pauses.Quote {
		t.Errorf("audio: %+v", c.Audio)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "show.yml", "")
	write(t, dir, "a/narrapress.yaml/x", "a folder of that name is no show")
	write(t, dir, "a/show.yaml", "")
	write(t, dir, "a/narrapress.yml", "")
	for name, c := range map[string]struct{ from, want string }{
		"beside":             {".", "show.yml"},
		"narrapress first":   {"a", "a/narrapress.yml"},
		"above":              {"a/narrapress.yaml", "a/narrapress.yml"},
		"above what is not":  {"b/c/d", "show.yml"},
		"above what is gone": {"a/x", "a/narrapress.yml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, ok := Find(filepath.Join(dir, c.from))
			if want := filepath.Join(dir, c.want); !ok || file != want {
				t.Errorf("found %q (%v), want %q", file, ok, want)
			}
		})
	}
}

func TestLoadWithoutFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c, err := Load(context.Background(), Sources{Dir: dir, Home: dir, Flags: map[string]string{"output.dir": "made"}})
	if err != nil {
		t.Fatal(err)
	}
	if c.File != "" || c.Dir != dir || c.Output.Dir != filepath.Join(dir, "made") {
		t.Errorf("file %q, dir %q, out %q", c.File, c.Dir, c.Output.Dir)
	}
	_, err = Load(context.Background(), Sources{Dir: dir})
	if got, want := faultsOf(t, err, dir), "output.store: there is no home folder to keep takes in: set output.store or NARRAPRESS_STORE"; got != want {
		t.Errorf("without a home: %s", got)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err = Load(gone, Sources{Dir: dir, Home: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestInclude(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{
		"show.yaml":        "version: 1\ninclude: [cast/voices.yaml, sound.yaml]\nshow: {title: T}\nvoices: {b: {endpoint: e}}\nroles: {body: a}\n",
		"cast/voices.yaml": "version: 1\ninclude: [more.yaml]\nvoices: {a: {endpoint: e, params: {k: \"${file:secret}\"}}}\nshow: {author: A}\noutput: {dir: made}\n",
		"cast/more.yaml":   "endpoints: {e: {url: http://127.0.0.1}}\n",
		"cast/secret":      "from a file\r\n",
		"sound.yaml":       "audio: {peak: -2}\nshow:\n",
	})
	c := mustLoad(t, from)
	if c.Show.Title != "T" || c.Show.Author != "A" || len(c.Voices) != 2 || len(c.Endpoints) != 1 || c.Audio.Peak != -2 {
		t.Errorf("merged: %+v", c)
	}
	if got := c.Voices["a"].Params["k"]; got != "from a file" {
		t.Errorf("secret: %q", got)
	}
	if got, want := c.Output.Dir, filepath.Join(from.Dir, "cast", "made"); got != want {
		t.Errorf("a path of an included file: %s, want %s", got, want)
	}
	if got, want := c.Origin("endpoints.e.url").Place, filepath.Join("cast", "more.yaml")+":1:22"; got != want {
		t.Errorf("place: %s, want %s", got, want)
	}
	if diff := cmp.Diff([]string{"cast/voices.yaml", "sound.yaml"}, c.Include); diff != "" {
		t.Errorf("include (-want +got):\n%s", diff)
	}
}

// Lexicons are relative to the file that names them.
func TestLexiconPaths(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{
		"show.yaml":        "include: [cast/voices.yaml]\nlexicon: [names.yaml, \"${MORE:-~/more.pls}\"]\nroles: {body: v}\n",
		"cast/voices.yaml": "endpoints: {e: {preset: openai}}\nvoices: {v: {endpoint: e, lexicon: [anna.yaml, ../names.yaml]}}\n",
		"names.yaml":       "", "home/more.pls": "", "cast/anna.yaml": "",
	})
	c := mustLoad(t, from)
	path := func(name string) string { return filepath.Join(from.Dir, filepath.FromSlash(name)) }
	if diff := cmp.Diff([]string{path("names.yaml"), path("home/more.pls")}, c.Lexicon); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{path("cast/anna.yaml"), path("names.yaml")}, c.Voices["v"].Lexicon); diff != "" {
		t.Error(diff)
	}
}
