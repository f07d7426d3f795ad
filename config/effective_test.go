package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/voices"
)

const secretText = "sk-never-to-be-seen"

// full is a show with a bit of everything, and secrets wherever they may be.
const full = `include: [cast.yaml]
show: {title: "Night: shift", author: 'O''Neil', language: en-GB, description: "two\nlines", credits: "$${x}"}
endpoints:
  studio:
    preset: openai
    url: "${BASE:-http://127.0.0.1:8880/v1}"
    key: "${KEY:-` + secretText + `}"
    headers: {X-Api-Key: "Bearer ${KEY}", Accept: audio/wav}
    query: {token: "${KEY}", n: 1}
    body: {Input: "{{text}}", a: [1, 2.5, true, null, {b: "${KEY}"}]}
    retry: {base: 500ms, statuses: [429, 503], rules: [{path: error.code, in: [quota], then: pay}]}
  literal: {key: ` + secretText + `, argv: [say, "--", "no"]}
voices:
  "a: b": {endpoint: literal, voice: "yes", params: {seed: 7}}
tracks: {intro: art/intro.mp3}
audio: {pauses: {quote: 1.25s}}
`

func fullShow(t testing.TB) Sources {
	t.Helper()
	from := show(t, map[string]string{
		"show.yaml": full,
		"cast.yaml": "voices: {narrator: {endpoint: studio, voice: alloy, speed: 1.05, gain: -1dB}}\nroles: {body: narrator, \"speaker:Ana\": \"a: b\"}\n",
	})
	from.Env = environment(map[string]string{"KEY": secretText, "NARRAPRESS_AUDIO_PEAK": "-1.5"})
	from.Flags = map[string]string{"output.dir": "made"}
	return from
}

func TestEffective(t *testing.T) {
	t.Parallel()
	from := fullShow(t)
	c := mustLoad(t, from)
	out, err := c.Effective()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "effective.yaml", []byte(strings.ReplaceAll(string(out), from.Dir, "/shows/night")))

	// It is a show's file itself, and means the same, but for secrets.
	again := from
	again.File, again.Env, again.Flags = "again.yaml", environment(map[string]string{"KEY": secretText}), nil
	write(t, from.Dir, "again.yaml", strings.Replace(string(out), "include: ", "# ", 1))
	c2 := mustLoad(t, again)
	wantFiles := []string{filepath.Join(from.Dir, "cast.yaml"), filepath.Join(from.Dir, "show.yaml")}
	if diff := cmp.Diff(wantFiles, c.Files); diff != "" {
		t.Errorf("files that were read (-want +got):\n%s", diff)
	}
	c.File, c.Files, c.Include, c2.File, c2.Files = "", nil, nil, "", nil
	for _, x := range []*Config{c, c2} {
		for name, e := range x.Endpoints {
			e.Key, e.Headers = voices.Secret{}, nil
			x.Endpoints[name] = e
		}
	}
	c.Warnings, c2.Warnings = nil, nil
	if diff := cmp.Diff(c, c2, sameConfig()); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
}

func TestEffectiveDefaults(t *testing.T) {
	t.Parallel()
	c := Defaults()
	out, err := c.Effective()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "defaults.yaml", out)
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, fullShow(t))
	if got := c.Endpoints["studio"].Key.Reveal(); got != secretText {
		t.Fatalf("the key is %q", got)
	}
	effective, err := c.Effective()
	if err != nil {
		t.Fatal(err)
	}
	// In a free tree a value is a value: a show that puts a secret there has
	// it in the request's JSON, so only Effective and the errors hide it.
	for name, e := range c.Endpoints {
		e.Query, e.Body = nil, nil
		c.Endpoints[name] = e
	}
	inJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("loaded", "config", c)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("loaded", "config", *c)
	for how, text := range map[string]string{
		"Effective": string(effective), "JSON": string(inJSON), "log": log.String(), "%v": fmt.Sprint(c),
		"%+v": fmt.Sprintf("%+v %+v", c, *c), "%#v": fmt.Sprintf("%#v %#v", c, *c), "warnings": strings.Join(c.Warnings, "\n"),
	} {
		if strings.Contains(text, secretText) {
			t.Errorf("%s shows the secret:\n%s", how, text)
		}
	}
}

// A Config is a value: a copy is its own, and keeps its origins.
func TestConfigIsCopied(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, fullShow(t))
	other := *c
	other.Show.Title, other.Output.Dir = "Other", filepath.Join("x", "y")
	if c.Show.Title == "Other" || other.Origin("show.title") != c.Origin("show.title") {
		t.Errorf("%v, %v", c.Show, other.Origin("show.title"))
	}
}
