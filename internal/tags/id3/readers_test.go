package id3_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/tags/id3"
)

// python has mutagen on Debian and Ubuntu (package python3-mutagen).
const python = "/usr/bin/python3"

// run runs a reader and returns what it prints.
func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s\n(scripts/setup --test installs what tests need)", name, err, out, stderr.Bytes())
	}
	return out
}

// tagged is a real MP3 with the tag before its first frame.
func tagged(t *testing.T, tag id3.Tag) string {
	t.Helper()
	dir := t.TempDir()
	bare := filepath.Join(dir, "bare.mp3")
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=440:duration=4", "-ac", "1", "-b:a", "64k",
		"-write_id3v2", "0", "-id3v2_version", "0", bare)
	audio, err := os.ReadFile(bare)
	if err != nil {
		t.Fatal(err)
	}
	head, err := tag.Encode()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "tagged.mp3")
	if err := os.WriteFile(path, append(head, audio...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// seen is what a reader tells of a file.
type seen struct {
	Title, Artist, Album string
	Chapters             []seenChapter
}

type seenChapter struct {
	Title      string
	Start, End int64 // ms
	Image      int   // bytes; ffprobe does not tell
}

func ffprobe(t *testing.T, path string) seen {
	t.Helper()
	var p struct {
		Chapters []struct {
			TimeBase   string `json:"time_base"`
			Start, End int64
			Tags       struct{ Title string }
		}
		Format struct {
			Tags struct{ Title, Artist, Album string }
		}
	}
	out := run(t, "ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", path)
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	s := seen{Title: p.Format.Tags.Title, Artist: p.Format.Tags.Artist, Album: p.Format.Tags.Album}
	for _, c := range p.Chapters {
		if c.TimeBase != "1/1000" {
			t.Fatalf("ffprobe counts in %s", c.TimeBase)
		}
		s.Chapters = append(s.Chapters, seenChapter{Title: c.Tags.Title, Start: c.Start, End: c.End})
	}
	return s
}

const mutagenScript = `
import json, sys
from mutagen.id3 import ID3
t = ID3(sys.argv[1], translate=False)
assert t.version == (2, 3, 0), t.version
text = lambda k: str(t[k].text[0]) if k in t else ""
toc = {c.element_id: c for c in t.getall("CTOC")}
top = [c for c in toc.values() if c.flags & 2]
order = []
def walk(ids):
    for i in ids:
        if i in toc: walk(toc[i].child_element_ids)
        else: order.append(i)
if toc:
    assert len(top) == 1 and all(c.flags & 1 for c in toc.values()), toc
    walk(top[0].child_element_ids)
chapters = []
for i in order:
    c = t["CHAP:" + i]
    assert c.start_offset == c.end_offset == 0xffffffff
    sub = c.sub_frames
    title = sub["TIT2"].text[0] if "TIT2" in sub else ""
    pics = sub.getall("APIC")
    chapters.append(dict(Title=title, Start=c.start_time, End=c.end_time, Image=len(pics[0].data) if pics else 0))
cover = t.getall("APIC")
print(json.dumps(dict(
    Seen=dict(Title=text("TIT2"), Artist=text("TPE1"), Album=text("TALB"), Chapters=chapters),
    Genre=text("TCON"), Year=text("TYER"), Day=text("TDAT"), Language=text("TLAN"), Length=text("TLEN"),
    Comments=[[c.lang, c.text[0]] for c in t.getall("COMM")], Link=t["WOAF"].url if "WOAF" in t else "",
    Links=[f.url for i in order for f in t["CHAP:" + i].sub_frames.getall("WXXX")],
    Cover=[[c.mime, int(c.type), len(c.data)] for c in cover])))
`

type mutagen struct {
	Seen                               seen
	Genre, Year, Day, Language, Length string
	Comments                           [][]string
	Link                               string
	Links                              []string
	Cover                              [][]any
}

func readMutagen(t *testing.T, path string) mutagen {
	t.Helper()
	var m mutagen
	if err := json.Unmarshal(run(t, python, "-c", mutagenScript, path), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestReaders(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		tag  id3.Tag
	}{
		{"everything", full(t)},
		{"empty title", id3.Tag{Album: "Show", Chapters: []id3.Chapter{{End: time.Second}, {Title: "Named", Start: time.Second, End: 4 * time.Second}}}},
		{"long titles with images", id3.Tag{Title: strings.Repeat("Title ", 40) + ".", Chapters: []id3.Chapter{
			{Title: strings.Repeat("a", 200), End: 2 * time.Second, Image: jpegFile(t, 300)},
			{Title: strings.Repeat("字", 200), Start: 2 * time.Second, End: 4 * time.Second, Image: pngFile(t, 300)},
		}}},
		{"300 chapters", id3.Tag{Title: "Many", Chapters: numbered(300)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := tagged(t, tt.tag)
			want := seen{Title: tt.tag.Title, Artist: tt.tag.Artist, Album: tt.tag.Album}
			for _, c := range tt.tag.Chapters {
				want.Chapters = append(want.Chapters, seenChapter{Title: c.Title, Start: c.Start.Milliseconds(), End: c.End.Milliseconds(), Image: len(c.Image)})
			}
			if diff := cmp.Diff(want, readMutagen(t, path).Seen); diff != "" {
				t.Errorf("mutagen (-want +got):\n%s", diff)
			}
			for i := range want.Chapters {
				want.Chapters[i].Image = 0
				if want.Chapters[i].Title == "" { // ffprobe names it by its element ID
					want.Chapters[i].Title = fmt.Sprintf("ch%04d", i+1)
				}
			}
			if diff := cmp.Diff(want, ffprobe(t, path)); diff != "" {
				t.Errorf("ffprobe (-want +got):\n%s", diff)
			}
			if out := string(run(t, "mp3val", path)); strings.Contains(out, "WARNING") || strings.Contains(out, "ERROR") {
				t.Errorf("mp3val:\n%s", out)
			}
		})
	}
}

func TestReadersDetails(t *testing.T) {
	t.Parallel()
	tag := full(t)
	got := readMutagen(t, tagged(t, tag))
	got.Seen = seen{}
	want := mutagen{
		Genre: "Podcast", Year: "2026", Day: "0903", Language: "deu", Length: "61234",
		Comments: [][]string{{"deu", tag.Comment}}, Link: tag.Link, Links: []string{tag.Chapters[0].Link},
		Cover: [][]any{{"image/jpeg", 3.0, float64(len(tag.Cover))}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mutagen (-want +got):\n%s", diff)
	}
}

// TestMutagenWrites reads what another program wrote, in both versions.
func TestMutagenWrites(t *testing.T) {
	t.Parallel()
	const script = `
import sys
from mutagen.id3 import ID3, TIT2, TDRC, APIC, CTOC, CHAP, WXXX
t = ID3()
t.add(TIT2(encoding=1, text="Größe 😀"))
t.add(TDRC(encoding=1, text="2026-11-23"))
t.add(APIC(encoding=1, mime="image/png", type=3, desc="x", data=b"\x89PNG\r\n\x1a\n" + b"\xff\x00" * 500))
t.add(CTOC(element_id="toc", flags=3, child_element_ids=["c"], sub_frames=[]))
t.add(CHAP(element_id="c", start_time=5, end_time=2000, sub_frames=[TIT2(encoding=1, text="k" * 300), WXXX(encoding=1, desc="d", url="https://example.org/")]))
v = int(sys.argv[2])
if v == 3: t.update_to_v23()
t.save(sys.argv[1], v2_version=v)
`
	for _, version := range []int{3, 4} {
		t.Run(fmt.Sprintf("v2.%d", version), func(t *testing.T) {
			t.Parallel()
			path := tagged(t, id3.Tag{})
			run(t, python, "-c", script, path, fmt.Sprint(version))
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got, err := id3.Read(f)
			if err != nil {
				t.Fatal(err)
			}
			want := &id3.Tag{
				Title: "Größe 😀", Date: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
				Cover:    []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("\xff\x00", 500)),
				Chapters: []id3.Chapter{{Title: strings.Repeat("k", 300), Start: 5 * ms, End: 2000 * ms, Link: "https://example.org/"}},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
