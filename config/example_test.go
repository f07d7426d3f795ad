package config_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/config"
)

func ExampleLoad() {
	dir, err := os.MkdirTemp("", "show")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "show.yaml")
	text := "show: {title: Curated}\naudio: {loudness: -18LUFS, peak: -2}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		fmt.Println(err)
		return
	}

	env := map[string]string{"NARRAPRESS_AUDIO_PEAK": "-1.5dBTP"}
	c, err := config.Load(context.Background(), config.Sources{
		File:  "show.yaml",
		Dir:   dir,
		Home:  dir,
		Env:   func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Flags: map[string]string{"script.chapters.depth": "2"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Show.Title, c.Audio.Loudness, c.Audio.Peak, c.Script.Chapters.Depth)
	for _, setting := range []string{"audio.loudness", "audio.peak", "script.chapters.depth", "audio.pauses.quote"} {
		o := c.Origin(setting)
		fmt.Println(setting, o.Layer, o.Place)
	}
	// Output:
	// Curated -18.0 LUFS -1.5 dBTP 2
	// audio.loudness file show.yaml:2:19
	// audio.peak environment NARRAPRESS_AUDIO_PEAK
	// script.chapters.depth flag --script.chapters.depth
	// audio.pauses.quote default
}

// Every fault is one line with its place.
func ExampleErrors() {
	dir, err := os.MkdirTemp("", "show")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	text := "show: {titel: Curated}\naudio:\n  pauses: {quote: 700}\n"
	if err := os.WriteFile(filepath.Join(dir, "show.yaml"), []byte(text), 0o600); err != nil {
		fmt.Println(err)
		return
	}
	_, err = config.Load(context.Background(), config.Sources{File: "show.yaml", Dir: dir, Home: dir})
	fmt.Println(err)
	// Output:
	// show.yaml:1:8: unknown key titel; did you mean title?
	// show.yaml:3:19: quote: the unit is missing: want a length of time with its unit, such as 700ms or 1.5s
}
