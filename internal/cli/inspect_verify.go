package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/narrapress/narrapress/internal/tags/id3"
	"github.com/narrapress/narrapress/pipeline/master"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// compare puts into Faults how a folder differs from what its manifest says:
// its files by their hashes, its sound as it is decoded, its tag.
func (in *inspection) compare(ctx context.Context, dir string, m *publish.Manifest) error {
	broken := map[string]bool{}
	for _, err := range publish.VerifyAll(dir, m) {
		in.Faults = append(in.Faults, err.Error())
		if b, ok := errors.AsType[*publish.BrokenError](err); ok {
			broken[b.File] = true
		}
	}
	in.Faults = append(in.Faults, inside(m)...)
	if m.Script != nil && !broken[m.Script.Name] {
		if _, err := publish.ReadScript(dir, m); err != nil {
			in.Faults = append(in.Faults, err.Error())
		}
	}
	e := &m.Episode
	if e.Enclosure == nil || len(broken) > 0 {
		return nil // what is not as it was made is not worth listening to
	}
	path := filepath.Join(dir, e.Enclosure.File)
	if err := in.measure(ctx, path); err != nil {
		if ctx.Err() == nil {
			in.Faults = append(in.Faults, err.Error())
			return nil
		}
		return err
	}
	got := in.Measured
	if want := m.Timeline; want.Rate > 0 && (got.Frames != want.Frames || got.Rate != want.Rate || got.Channels != want.Channels) {
		in.Faults = append(in.Faults, fmt.Sprintf("%s plays %d samples a channel (%s), where the manifest says %d (%d Hz, %s)",
			path, got.Frames, got.shape(), want.Frames, want.Rate, count(want.Channels, "channel")))
	}
	in.louder(*got, e.Loudness)
	in.tagged(path, e)
	return in.hear(ctx, dir)
}

// louder compares the loudness of a file with what the manifest says.
func (in *inspection) louder(m measured, want podcast.Loudness) {
	if want == (podcast.Loudness{}) {
		return
	}
	if got := m.Loudness.Integrated; math.Abs(float64(got-want.Integrated)) > master.Agreement {
		in.Faults = append(in.Faults, fmt.Sprintf("%s measures %.2f LUFS where the manifest says %.2f", m.File, float64(got), float64(want.Integrated)))
	}
}

// tagged compares the tag of the MP3 with what the manifest says.
func (in *inspection) tagged(path string, e *podcast.Episode) {
	say := func(format string, args ...any) {
		in.Faults = append(in.Faults, path+": "+fmt.Sprintf(format, args...))
	}
	f, err := os.Open(path)
	if err != nil {
		say("%v", err)
		return
	}
	defer f.Close()
	tag, err := id3.Read(f)
	if err != nil {
		say("%v", err)
		return
	}
	const slack = 0.001 // a tag is written to the millisecond
	if tag.Title != e.Title {
		say("its tag has the title %q, the manifest %q", tag.Title, e.Title)
	}
	if off := math.Abs(tag.Length.Seconds() - float64(e.Length)); tag.Length > 0 && off > slack {
		say("its tag says %.3f s, the manifest %.3f s", tag.Length.Seconds(), float64(e.Length))
	}
	if len(tag.Chapters) != len(e.Chapters) {
		say("its tag has %s, the manifest %d", count(len(tag.Chapters), "chapter"), len(e.Chapters))
		return
	}
	for i, c := range e.Chapters {
		if got := tag.Chapters[i]; math.Abs(got.Start.Seconds()-float64(c.Start)) > slack || got.Title != c.Title {
			say("chapter %d in its tag is %q at %.3f s, in the manifest %q at %.3f s", i+1, got.Title, got.Start.Seconds(), c.Title, float64(c.Start))
		}
	}
}

// inside are the contradictions of a manifest with itself.
func inside(m *publish.Manifest) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, "manifest: "+fmt.Sprintf(format, args...)) }
	const slack = 0.001 // s
	e := &m.Episode
	if rate := m.Timeline.Rate; rate > 0 {
		if length := float64(m.Timeline.Frames) / float64(rate); math.Abs(length-float64(e.Length)) > slack {
			say("its timeline is %.3f s long, its episode %.3f s", length, float64(e.Length))
		}
	}
	if n := len(e.Chapters); n > 0 && math.Abs(float64(e.Chapters[n-1].End-e.Length)) > slack {
		say("its last chapter ends at %.3f s, its episode at %.3f s", float64(e.Chapters[n-1].End), float64(e.Length))
	}
	for i, t := range m.Takes {
		switch {
		case t.Ordinal != i+1:
			say("its take %d is of segment %d", i+1, t.Ordinal)
		case t.Start+t.Length > m.Timeline.Frames:
			say("segment %d ends behind the end of the episode", t.Ordinal)
		case i > 0 && t.Start < m.Takes[i-1].Start:
			say("segment %d begins before the one ahead of it", t.Ordinal)
		}
	}
	if f := e.Enclosure; f != nil {
		for _, file := range m.Files {
			if file.Name == f.File && (file.SHA256 != f.SHA256 || file.Bytes != f.Bytes) {
				say("its enclosure and its file %s are not the same", f.File)
			}
		}
	}
	return out
}

// gateText is what became of an episode at the release gate.
func gateText(dir string, m *publish.Manifest) string {
	listed, reason := publish.Listed(dir, m)
	switch {
	case !listed || reason != "":
		return reason
	case len(gate.Warnings(m.Gate.Findings)) > 0:
		s := "passed; warns of"
		for i, f := range gate.Warnings(m.Gate.Findings) {
			if i > 0 {
				s += ","
			}
			s += " " + f.Rule
		}
		return s
	}
	return "passed"
}
