package publish_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

func TestScript(t *testing.T) {
	t.Parallel()
	sc := &script.Script{
		Version: script.Version, ID: "x", Slug: "x", Title: "A & B", Date: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Chapters: []script.Chapter{
			{Title: "Intro", Kind: script.Intro},
			{Title: "One", Segments: []script.Segment{{Role: script.RoleBody, Text: "The river was high.", Pause: 700 * time.Millisecond}}},
		},
	}
	for name, tc := range map[string]struct {
		damage func(dir string, m *publish.Manifest) error
		want   string
	}{
		"whole":   {func(string, *publish.Manifest) error { return nil }, ""},
		"none":    {func(_ string, m *publish.Manifest) error { m.Script = nil; return nil }, publish.ErrNoScript.Error()},
		"missing": {func(dir string, _ *publish.Manifest) error { return os.Remove(filepath.Join(dir, publish.ScriptName)) }, "script.json: is missing: produce the episode again"},
		"edited": {func(dir string, m *publish.Manifest) error {
			return os.WriteFile(filepath.Join(dir, publish.ScriptName), []byte(strings.Repeat(" ", int(m.Script.Bytes))), 0o600)
		}, "script.json: is not as it was made"},
		"other takes": {func(_ string, m *publish.Manifest) error { m.Takes = append(m.Takes, m.Takes[0]); return nil }, "1 segments, and the manifest names 2 takes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			f, err := publish.WriteScript(dir, sc)
			if err != nil {
				t.Fatal(err)
			}
			m := manifest()
			m.Script = &f
			if err := publish.WriteManifest(dir, m); err != nil {
				t.Fatal(err)
			}
			if err := publish.Verify(dir); err != nil {
				t.Error(err)
			}
			if err := tc.damage(dir, &m); err != nil {
				t.Fatal(err)
			}
			got, err := publish.ReadScript(dir, &m)
			if tc.want != "" {
				if err == nil || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("error %v, want one with %q", err, tc.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(sc, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGainsStandInTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.mp3")
	want := publish.Gains{Programme: -1.23, Voices: map[string]level.DB{"audio": 4.5}}
	if _, err := publish.MP3With(t.Context(), file, strings.NewReader("frames"), podcast.Episode{Title: "A"}, podcast.Show{}, publish.Art{}, want); err != nil {
		t.Fatal(err)
	}
	got, err := publish.ReadGains(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, *got); d != "" {
		t.Error(d)
	}
	if _, err := publish.MP3(t.Context(), file, strings.NewReader("frames"), podcast.Episode{Title: "A"}, podcast.Show{}, publish.Art{}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(dir, "none.mp3"), dir} {
		if _, err := publish.ReadGains(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: error %v, want one that wraps fs.ErrNotExist", path, err)
		}
	}
}
