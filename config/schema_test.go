package config

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("show.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("show.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asJSON is a show as an editor's YAML gives it to the schema: variables stay
// as they are written.
func asJSON(t testing.TB, text string) any {
	t.Helper()
	f := &faults{}
	d := &document{name: "show.yaml", faults: f, scalars: coreSchema(), tokens: new(int), expand: func(s string, _ pos) (string, bool) { return s, true }}
	root := d.parse([]byte(text))
	if root == nil || len(f.list) > 0 {
		t.Fatalf("no document: %v", f.list)
	}
	return newDecoder(f).any(root, "")
}

// The decoder and the schema agree on what a show's file may look like.
func TestSchemaAgrees(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	const cast = "\nvoices: {v: {endpoint: e}}\nroles: {body: v}\n"
	for text, good := range map[string]bool{
		"":                                           true,
		"version: 1":                                 true,
		"version: 0":                                 false,
		"version: 2":                                 false,
		"version: one":                               false,
		"version: \"${ONE}\"":                        true,
		smallest:                                     true,
		"show:":                                      true,
		"show: {}":                                   true,
		"show: []":                                   false,
		"show: {title: T}":                           true,
		"show: {title: \"\"}":                        true,
		"show: {title: 5}":                           false,
		"show: {title: }":                            false,
		"show: {titel: T}":                           false,
		"Show: {title: T}":                           false,
		"show: {title: \"${NAME:-x}\"}":              true,
		"endpoints:":                                 true,
		"include:":                                   true,
		"include: [5]":                               false,
		"include: x.yaml":                            false,
		"roles: []":                                  false,
		"audio: {loudness: -16}":                     true,
		"audio: {loudness: -16LUFS}":                 true,
		"audio: {loudness: -16 lufs}":                true,
		"audio: {loudness: \"-16\"}":                 true,
		"audio: {loudness: -16dB}":                   false,
		"audio: {loudness: -50}":                     false,
		"audio: {loudness: }":                        false,
		"audio: {peak: [1]}":                         false,
		"audio: {pauses: {quote: 700ms}}":            true,
		"audio: {pauses: {quote: 1s500ms}}":          true,
		"audio: {pauses: {quote: 1.5s}}":             true,
		"audio: {pauses: {quote: 700}}":              false,
		"audio: {pauses: {quote: -1s}}":              false,
		"audio: {pauses: {quote: 1 s}}":              false,
		"audio: {pauses: {quote: \"${LENGTH}\"}}":    true,
		"audio: {formats: {mp3: {bitrate: 96}}}":     true,
		"audio: {formats: {mp3: {bitrate: 0}}}":      true,
		"audio: {formats: {mp3: {bitrate: 100}}}":    false,
		"audio: {formats: {mp3: {bitrate: 96.0}}}":   true,
		"audio: {formats: {mp3: {bitrate: 96.5}}}":   false,
		"audio: {formats: {mp3: {bitrate: \"96\"}}}": false,
		"audio: {formats: {mp3: {rate: 22050}}}":     false,
		"audio: {formats: {mp3: {channels: mono}}}":  true,
		"audio: {formats: {mp3: {channels: Mono}}}":  false,
		"audio: {formats: {aac: {}}}":                false,
		"script: {elements: {heading: skip}}":        true,
		"script: {elements: {heading: quiet}}":       false,
		"script: {chapters: {depth: 7}}":             false,
		"script: {chapters: {depth: 6}}":             true,
		"script: {segment: {least: -1}}":             false,
		"tracks: {intro: art/intro.mp3}":             true,
		"tracks: {intro: {file: art/intro.mp3, gain: -3dB, fade_in: 1s}}": true,
		"tracks: {intro: {file: art/intro.mp3, fadein: 1s}}":              false,
		"tracks: {intro: {file: art/intro.mp3, gain: 99}}":                false,
		"tracks: {intro: 5}":     false,
		"tracks: {intro: }":      true,
		"tracks: {outro: x.mp3}": false,
		"tracks: {bed: art/intro.mp3, sting: {file: art/intro.mp3, gain: -3dB}}": true,
		"tracks: {bed: {file: art/intro.mp3, duck: -6dB, under: Part one}}":      true,
		"tracks: {bed: {file: art/intro.mp3, duck: 6}}":                          false,
		"tracks: {bed: {file: art/intro.mp3, overlap: 1s}}":                      false,
		"tracks: {intro: {file: art/intro.mp3, after: opening}}":                 true,
		"tracks: {intro: {file: art/intro.mp3, after: all}}":                     false,
		"audio: {pauses: {between: {quote/quote: 1s, \"*/table\": 2s}}}":         true,
		"audio: {pauses: {between: {quote/quote: 1}}}":                           false,
		"limits: {cost: {episode: 5}}":                                           true,
		"limits: {cost: {episode: -5}}":                                          false,
		"limits: {cost: {episode: \"5\"}}":                                       false,
		"limits: {cost: {episode: \"${LIMIT}\"}}":                                true,
		"output: {dir: out, store: ../takes}":                                    true,
		"output: {dir: [out]}":                                                   false,
		"endpoints: {e: }" + cast:                                                true,
		"endpoints: {e: {preset: openai, headers: {X-A: b}, retry: {attempts: 3, base: 1s, statuses: [429], rules: [{status: [400], path: a.b, in: [c], has: [d], then: wait, attempts: 2, remedy: e}]}}}" + cast: true,
		"endpoints: {e: {retry: {statuses: [many]}}}" + cast:                            false,
		"endpoints: {e: {retry: {rules: [{path: a, inn: [c]}]}}}" + cast:                false,
		"endpoints: {e: {headers: {X-A: 5}}}" + cast:                                    false,
		"endpoints: {e: {key: 5}}" + cast:                                               false,
		"endpoints: {e: {body: {a: {B: [1, null, {c: true}]}}}}" + cast:                 true,
		"endpoints: {e: {body: [a]}}" + cast:                                            false,
		"endpoints: {e: {transport: pigeon}}" + cast:                                    false,
		"endpoints: {e: {argv: [say, \"{{text}}\"]}}" + cast:                            true,
		"endpoints: {e: {check: {chars_per_sec: [4, 40.5]}}}" + cast:                    true,
		"endpoints: {e: {check: {chars_per_sec: [slow]}}}" + cast:                       false,
		"endpoints: {e: {price: {per_1m_chars: -1}}}" + cast:                            false,
		"endpoints: {e: {price: {date: 2026-01-01}}}" + cast:                            true,
		"endpoints: {e: {}}\nvoices: {v: {endpoint: e, speed: 0}}\nroles: {body: v}":    true,
		"endpoints: {e: {}}\nvoices: {v: {endpoint: e, speed: 0.1}}\nroles: {body: v}":  false,
		"endpoints: {e: {}}\nvoices: {v: {endpoint: e, gain: +6 dB}}\nroles: {body: v}": true,
		"voices: {\"\": {endpoint: e}}":                                                 false,
		"sources: [posts, {from: x.md, words: {least: 5}, newer: 24h}]":                 true,
		"sources: posts":                                                false,
		"sources: [{from: x.md, kind: pile}]":                           false,
		"sources: [{from: x.md, word: 5}]":                              false,
		"schedules: {n: {cron: 5 4 * * *, jitter: 5m, overlap: queue}}": true,
		"schedules: {n: {cron: 5 4 * * *, overlap: push}}":              false,
		"schedules: [{cron: 5 4 * * *}]":                                false,
		"defaults: &d {}\nshow: *d":                                     false,
		"audio: &a {}\nshow: *a":                                        true,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			from := show(t, map[string]string{"show.yaml": text})
			from.Env = environment(map[string]string{"ONE": "1", "LENGTH": "1s", "LIMIT": "5"})
			if _, err := loadShow(from); (err == nil) != good {
				t.Errorf("the decoder says %v, want good: %v", err, good)
			}
			if err := schema.Validate(asJSON(t, text)); (err == nil) != good {
				t.Errorf("the schema says %v, want good: %v", err, good)
			}
		})
	}
}

func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	golden(t, "schema.json", Schema())
}

// golden compares with a file of testdata.
func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// patterns are the settings that the Go types have.
func patterns(t reflect.Type, path string, into map[string]reflect.Type) {
	switch {
	case t.Kind() == reflect.Pointer:
		patterns(t.Elem(), path, into)
	case t.Kind() == reflect.Struct && len(fields(t)) > 0:
		for _, f := range fields(t) {
			patterns(t.Field(f.index).Type, join(path, f.name), into)
		}
	case t.Kind() == reflect.Pointer:
		patterns(t.Elem(), path, into)
	case t.Kind() == reflect.Map && t.Elem().Kind() != reflect.Interface:
		patterns(t.Elem(), join(path, "*"), into)
	case isSections(t):
		patterns(t.Elem(), path+"[]", into)
	default:
		into[path] = t
	}
}

// Every key that the types have is described once, and no other; the defaults
// keep the bounds.
func TestSettingsAreComplete(t *testing.T) {
	t.Parallel()
	types := map[string]reflect.Type{}
	patterns(reflect.TypeFor[Config](), "", types)
	var described []string
	for _, s := range settings() {
		described = append(described, s.path)
		if s.doc == "" {
			t.Errorf("%s is not described", s.path)
		}
	}
	slices.Sort(described)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(types)), described); diff != "" {
		t.Errorf("settings (-types +described):\n%s", diff)
	}
	rules, c := rulesByPath(), Defaults()
	leaves(reflect.ValueOf(&c).Elem(), func(l leaf) {
		if rules[l.pattern].is == inputFile {
			return
		}
		for item := range l.items() {
			if reason := rules[item.pattern].judge(item.value, source{}); reason != "" {
				t.Errorf("the default of %s: %s", item.path, reason)
			}
		}
	})
}
