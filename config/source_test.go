package config

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSources(t *testing.T) {
	t.Parallel()
	from := show(t, map[string]string{
		"show.yaml": `
include: [batch/sources.yaml]
schedules:
  nightly: {cron: 30 5 * * 1-5, zone: Europe/Berlin, jitter: 10m, catch_up: all, overlap: queue, sources: [blog, letters], limit: 20, max_cost: 4.5}
  all: {cron: "@daily"}
`,
		"batch/sources.yaml": `
sources:
  - posts/**/*.md
  - {name: blog, from: "https://example.com/feed.xml", kind: feed, content: page, tags: [go, "c#"], author: [Ada Brown], since: 2026-01-01, newer: 720h, words: {least: 300}, match: (?i)night, limit: 5}
  - {name: letters, from: "~/letters", watch: true, skip: ^draft}
`,
	})
	c := mustLoad(t, from)
	blog := Source{
		Name: "blog", From: "https://example.com/feed.xml", Kind: KindFeed, Content: ContentPage, Tags: []string{"go", "c#"}, Author: []string{"Ada Brown"},
		Since: "2026-01-01", Newer: 30 * 24 * time.Hour, Words: WordCount{Least: 300}, Match: "(?i)night", Limit: 5,
	}
	letters := Source{Name: "letters", From: filepath.Join(from.Home, "letters"), Watch: true, Skip: "^draft"}
	all := []Source{{From: "posts/**/*.md"}, blog, letters}
	for i := range all {
		all[i].Dir = filepath.Join(from.Dir, "batch")
	}
	if diff := cmp.Diff(all, c.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	want := Schedule{
		Cron: "30 5 * * 1-5", Zone: "Europe/Berlin", Jitter: 10 * time.Minute, CatchUp: CatchUpAll, Overlap: OverlapQueue,
		Sources: []string{"blog", "letters"}, Limit: 20, MaxCost: 4.5,
	}
	if diff := cmp.Diff(want, c.Schedules["nightly"]); diff != "" {
		t.Errorf("schedule (-want +got):\n%s", diff)
	}
	for schedule, want := range map[string][]Source{"nightly": all[1:], "all": all, "": all} {
		if diff := cmp.Diff(want, c.SourcesOf(schedule)); diff != "" {
			t.Errorf("sources of %q (-want +got):\n%s", schedule, diff)
		}
	}
	if a, b := all[0].Title(), all[1].Title(); a != "posts/**/*.md" || b != "blog" {
		t.Errorf("titles %q and %q", a, b)
	}
	text, err := c.Effective()
	if err != nil || !strings.Contains(string(text), `"words": {"least": 300}, "match": "(?i)night"`) {
		t.Errorf("effective: %v\n%s", err, text)
	}
}
