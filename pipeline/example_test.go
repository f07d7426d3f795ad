package pipeline_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
)

// A press makes the episodes of a show. A plan says what that would take.
func Example() {
	dir, err := os.MkdirTemp("", "show")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{
		"narrapress.yaml": "endpoints: {here: {preset: flite}}\nvoices: {host: {endpoint: here, voice: slt}}\nroles: {body: host}\n" +
			"output: {store: takes, cache: cache, report: false}\n",
		"pier.md": "# The Pier\n\nThe lamp still turns.\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			fmt.Println(err)
			return
		}
	}
	ctx := context.Background()
	cfg, err := config.Load(ctx, config.Sources{File: "narrapress.yaml", Dir: dir, Home: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	press, err := pipeline.New(ctx, cfg, pipeline.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	order := pipeline.Order{Source: filepath.Join(dir, "pier.md")}
	plan, err := press.Plan(ctx, order)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Totals.New, "segments to record,", plan.Totals.Characters, "characters")
	made, err := press.Produce(ctx, order)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(made.Episode.Title, made.Episode.Enclosure.File)
	// Output:
	// 2 segments to record, 30 characters
	// The Pier pier.mp3
}
