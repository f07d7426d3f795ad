package feed_test

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

// readers tell what they see of a feed: a validator of XML, and two readers of feeds.
const readers = `
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/");
const { XMLValidator } = require("fast-xml-parser");
const Parser = require("rss-parser");
const { parseFeed } = require("podcast-partytime");
const xml = readFileSync(process.argv[1], "utf8");
const rss = await new Parser().parseString(xml);
const pod = await parseFeed(xml, { allowMissingGuid: false });

console.log(JSON.stringify({
  valid: XMLValidator.validate(xml),
  rss: rss.items.map(i => ({ title: i.title, guid: i.guid, length: Number(i.enclosure.length), duration: Number(i.itunes.duration), date: i.isoDate })),
  pod: pod.items.map(i => ({ title: i.title, guid: i.guid, length: i.enclosure.length, duration: i.duration, date: i.pubDate, chapters: i.podcastChapters?.url,
    transcripts: (i.podcastTranscripts ?? []).length, alternates: (i.alternativeEnclosures ?? []).length })),
  channel: { title: pod.title, guid: pod.guid, locked: pod.locked, medium: pod.medium, explicit: pod.explicit, owner: pod.owner?.email, image: pod.itunesImage,
    categories: pod.itunesCategory },
}));
`

type readItem struct {
	Title, GUID, Chapters, Date string
	Length                      int64
	Duration                    float64
	Transcripts, Alternates     int
}

// TestReaders has feeds read by programs that know nothing of this one.
func TestReaders(t *testing.T) {
	t.Parallel()
	modules, err := filepath.Abs("../../../bin/readers")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"podcast-partytime", "rss-parser", "fast-xml-parser"} {
		if _, err := os.Stat(filepath.Join(modules, "node_modules", name)); err != nil {
			t.Skipf("%s is not there; scripts/setup --test installs it where npm is", name)
		}
	}
	out := t.TempDir()
	n := many(t)
	titles := []string{
		"Plain", `<script>alert("x")</script>`, "a ]]> b", `"A" & 'B' &amp; <C>`, "one two three", "שלום \u202babc\u202c", "👩‍👩‍👧", strings.TrimSpace(strings.Repeat("long ", 800)),
	}
	yes := true
	for i := range n {
		episode(t, out, fmt.Sprintf("e%04d", i), i, func(m *publish.Manifest) {
			m.Episode.Title = titles[i%len(titles)]
			m.Episode.Description = titles[i%len(titles)]
			m.Episode.Listing = podcast.Listing{Season: 1, Number: i + 1, Explicit: &yes, Persons: []podcast.Person{{Name: "Ann & Bo", Role: "guest"}}}
		})
	}
	o := options(t, out)
	o.ItemsPerPage = 0
	write(t, o)
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", readers, filepath.Join(out, feed.Name))
	cmd.Dir = modules
	said, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	var got struct {
		Valid   any        `json:"valid"`
		Items1  []readItem `json:"rss"`
		Items2  []readItem `json:"pod"`
		Channel struct {
			Title, GUID, Medium, Owner, Image string
			Explicit                          bool
		} `json:"channel"`
	}
	if err := json.Unmarshal(said, &got); err != nil {
		t.Fatalf("%v\n%.2000s", err, said)
	}
	if got.Valid != true {
		t.Errorf("fast-xml-parser: %v", got.Valid)
	}
	if c := got.Channel; c.Title != o.Show.Title || c.Medium != "podcast" || c.Owner != "o@example.org" || c.Explicit || len(c.GUID) != 36 || !strings.Contains(c.Image, "/cover-") {
		t.Errorf("podcast-partytime: the show is %+v", c)
	}
	for reader, items := range map[string][]readItem{"rss-parser": got.Items1, "podcast-partytime": got.Items2} {
		if len(items) != n {
			t.Errorf("%s: %d items, want %d", reader, len(items), n)
			continue
		}
		for k, it := range items {
			i := n - 1 - k // the newest first
			slug := fmt.Sprintf("e%04d", i)
			title := titles[i%len(titles)]
			if reader == "podcast-partytime" {
				title = html.UnescapeString(title) // it takes text for HTML, once more
			}
			if it.Title != title || it.GUID != slug || it.Length != int64(len("sound of "+slug)) || it.Duration != 62 {
				t.Errorf("%s: item %d is %+v, want the title %.100q", reader, k, it, title)
				break
			}
			if reader == "podcast-partytime" && (it.Chapters != "https://example.org/pod/"+slug+"/"+slug+".chapters.json" || it.Transcripts != 2 || it.Alternates != 2) {
				t.Errorf("%s: item %d is %+v", reader, k, it)
				break
			}
		}
	}
}
