package cli

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-update writes it anew):\n%s", path, diff)
	}
}

func nightTrain() *pipeline.Plan {
	segment := func(role, text string, pause time.Duration) script.Segment {
		return script.Segment{Role: role, Text: text, Pause: pause, Anchors: []script.Anchor{{Line: 3, Col: 1}}}
	}
	retake := segment("quote", "Nothing runs on that line any more.", 700*time.Millisecond)
	retake.Take = 1
	announced := segment("body", "Quote.", 250*time.Millisecond)
	announced.Announcement = true
	return &pipeline.Plan{
		Script: &script.Script{
			Version: 1, ID: "posts/night-train.md", Slug: "night-train", Title: "The Night Train", Author: "Ada Brown", Language: "en-GB",
			Chapters: []script.Chapter{
				{Title: "Intro", Kind: script.Intro, Segments: []script.Segment{segment("title", "The Night Train. By Ada Brown.", 1200*time.Millisecond)}},
				{Title: "How it began", Segments: []script.Segment{
					segment("heading", "How it began.", 700*time.Millisecond),
					segment("body", "The last train left at eleven minutes past midnight, which nobody had asked for and which everybody took; "+
						"the timetable of 1934, printed on paper as thin as the skin of an onion, has it still.", 600*time.Millisecond),
					announced, retake,
				}},
				{Title: "Credits", Kind: script.Credits, Hidden: true},
			},
		},
		Segments: []pipeline.Segment{
			{Voice: "host", Key: "a1", Stored: true, Characters: 30},
			{Voice: "narrator", Key: "a2", Characters: 13, Cost: 0.000195},
			{Voice: "narrator", Key: "a3", Characters: 193, Cost: 0.002895},
			{Voice: "narrator", Key: "a4", Characters: 6, Cost: 0.00009},
			{Voice: "guest", Key: "a5", Characters: 35, Cost: 0.000525},
		},
		Totals: pipeline.Totals{Segments: 5, Stored: 1, New: 4, Characters: 247, Cost: 0.003705, Currency: "USD", Priced: true, Endpoints: []publish.Bill{
			{Endpoint: "guests", Requests: 1, Characters: 35, Currency: "USD"},
			{Endpoint: "studio", Requests: 3, Characters: 212, Cost: 0.00318, Currency: "USD", Priced: true},
		}},
		Length:   23 * time.Second,
		Findings: []document.Finding{{Pos: document.Pos{File: "posts/night-train.md", Line: 9, Col: 1}, Text: "the image has no alternative text and is left out"}},
	}
}

func TestPlanText(t *testing.T) {
	t.Parallel()
	golden(t, "plan-80.txt", planText(nightTrain(), "", 80, false))
	golden(t, "plan-50-engine.txt", planText(nightTrain(), "flite, found on this machine: slt", 50, false))
}

func finished() outcome {
	return outcome{
		Source: "posts/night-train.md", Status: statusMade, Dir: "/home/ada/show/out/night-train", Made: 4, Reused: 1,
		Files:      []string{"/home/ada/show/out/night-train/night-train.mp3", "/home/ada/show/out/night-train/manifest.json"},
		Characters: 1247, Cost: 0.0187, Currency: "USD", Priced: true, Seconds: 7.4,
		Findings: []string{"posts/night-train.md:9:1: the image has no alternative text and is left out"},
		Episode: &podcast.Episode{
			ID: "posts/night-train.md", Slug: "night-train", Title: "The Night Train", Length: 3723.4,
			Loudness: podcast.Loudness{Integrated: -16.02, Range: 4.1, TruePeak: -1.23},
			Chapters: []podcast.Chapter{
				{Title: "Intro", Start: 0, End: 9.5}, {Title: "How it began", Start: 9.5, End: 3601}, {Title: "Credits", Start: 3601, End: 3723.4},
			},
			Enclosure: &podcast.Enclosure{File: "night-train.mp3", MediaType: "audio/mpeg", Bytes: 1},
		},
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	paid := finished()
	golden(t, "summary.txt", paid.summary(Streams{Dir: "/home/ada/show"}, false))
	local := finished()
	local.Cost, local.Engine, local.Findings = 0, "flite, found on this machine: slt, quotes by rms", nil
	golden(t, "summary-engine.txt", local.summary(Streams{Dir: "/home/ada/show"}, false))
}
