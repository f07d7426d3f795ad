package transcript_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/cue"
	"github.com/narrapress/narrapress/pipeline/publish/transcript"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

var update = flag.Bool("update", false, "write the golden files anew")

// episode has something of every kind in it, each segment as long as it would
// take to say.
func episode() *publish.Material {
	edit := func(from, to int, rule, spoken string) script.Edit {
		return script.Edit{From: from, To: to, Rule: rule, Spoken: spoken}
	}
	sc := &script.Script{Chapters: []script.Chapter{
		{Title: "Sorts <b> & \"quoins\"", Segments: []script.Segment{
			{Role: "title", Text: "A alert(one) and tale. By Ada.", Written: "A <script>alert(1)</script> & tale. By Ada.", Edits: []script.Edit{
				edit(2, 10, "markup", ""), edit(16, 17, "cardinal", "one"), edit(18, 27, "markup", ""), edit(28, 29, "ampersand", "and"),
			}, Pause: time.Second},
		}},
		{Title: "Type 🎲", Segments: []script.Segment{
			{Role: "heading", Text: "Type.", Written: "Type 🎲", Edits: []script.Edit{edit(4, 9, "emoji", ""), edit(9, 9, "stop", ".")}, Pause: time.Second},
			{
				Role: "body", Text: "On the third of May twenty twenty-four the foundry sold twenty-five cases, and every one of them was gone by noon. So E equals m c squared.",
				Written: "On 3 May 2024 the foundry sold 25 cases, and every one of them was gone by noon. So E = mc^2.", Edits: []script.Edit{
					edit(3, 13, "date", "the third of May twenty twenty-four"), edit(31, 33, "cardinal", "twenty-five"), edit(84, 92, "math", "E equals m c squared"),
				}, Pause: 400 * time.Millisecond,
			},
			{Role: "note", Text: "Footnote: Two words. End of footnote.", Written: "2 words.", Edits: []script.Edit{
				edit(0, 0, "announcement", "Footnote: "), edit(0, 1, "cardinal", "Two"), edit(8, 8, "announcement", " End of footnote."),
			}, Pause: 400 * time.Millisecond},
			{Role: "body", Text: "alpha over two.", Written: `\frac{\alpha}{2}.`, Edits: []script.Edit{edit(0, 16, "math", "alpha over two")}, Pause: time.Second},
			{Role: "body", Text: "Ada writes:", Announcement: true, Written: "Ada", Edits: []script.Edit{edit(3, 3, "announcement", " writes:")}, Pause: time.Second},
			{Role: "quote", Text: "She said ten to twenty.\r\n\r\n1\nAnd a NUL\x00 and R&D.", Written: "She said 10 --> 20.\r\n\r\n1\nAnd a NUL\x00 and R&D.", Edits: []script.Edit{
				edit(9, 11, "cardinal", "ten"), edit(12, 15, "sign", "to"), edit(16, 18, "cardinal", "twenty"),
			}, Pause: time.Second},
			{Role: "speaker:O'Neil <i> & Söhne", Text: "Hello {there}.", Written: "O'Neil: Hello {there}.", Edits: []script.Edit{edit(0, 8, "speaker", "")}, Pause: time.Second},
			{Role: "body", Text: "\u200fשלום עולם, \u202bمرحبا\u202c 👩‍👩‍👧.", Pause: time.Second},
			{Role: "body", Text: "Every word of this has its time.", Pause: time.Second},
		}},
	}}
	return material(sc, podcast.Episode{Slug: "tale", Title: "A <script>alert(1)</script> & tale", Author: "Ada", Language: "en-GB"})
}

// material gives a script times: fourteen characters a second, and its pauses.
func material(sc *script.Script, ep podcast.Episode) *publish.Material {
	m := &publish.Material{Show: podcast.Show{Title: "The Show"}, Script: sc}
	at := podcast.Seconds(0.343)
	n := sc.Len()
	for place, seg := range sc.Segments() {
		length := float64(len(seg.Text)) / 14
		var marks []voices.Mark
		if place.Ordinal == n {
			from := 0
			for _, w := range strings.Fields(seg.Text) {
				marks = append(marks, voices.Mark{
					Start: time.Duration(from) * 70 * time.Millisecond, End: time.Duration(from+len(w)) * 70 * time.Millisecond, From: from, To: from + len(w),
				})
				from += len(w) + 1
			}
		}
		clock := cue.NewClock(cue.Speech{Text: seg.Text, Length: length, Marks: marks}, at)
		c := podcast.Cue{Segment: place.Ordinal, Role: seg.Role, Speaker: "Ada", Start: at, End: clock.End(), Text: cue.Original(seg).Text}
		if name, ok := strings.CutPrefix(seg.Role, "speaker:"); ok {
			c.Speaker = name
		} else if seg.Role == "quote" {
			c.Speaker = "Quote"
		}
		c.Words = cue.Words(seg, marks, clock)
		m.Cues, m.Clocks = append(m.Cues, c), append(m.Clocks, clock)
		if place.Index == 0 {
			ep.Chapters = append(ep.Chapters, podcast.Chapter{Title: sc.Chapters[place.Chapter].Title, Start: at})
		}
		at = clock.End() + podcast.Seconds(seg.Pause.Seconds())
	}
	ep.Length = at
	m.Episode = ep
	return m
}

func write(t testing.TB, m *publish.Material, o transcript.Options) (string, []publish.File) {
	t.Helper()
	dir := t.TempDir()
	files, err := transcript.Publisher(o).Write(context.Background(), dir, m)
	if err != nil {
		t.Fatal(err)
	}
	return dir, files
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dir, files := write(t, episode(), transcript.Defaults())
	var got []string
	for _, f := range files {
		got = append(got, f.Name+" "+string(f.Kind)+" "+f.MediaType)
		b, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", f.Name)
		if *update {
			if err := os.WriteFile(path, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(b)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if !utf8.Valid(b) || bytes.ContainsAny(b, "\x00\r") {
			t.Errorf("%s holds what no reader takes", f.Name)
		}
	}
	if diff := cmp.Diff([]string{
		"tale.vtt transcript text/vtt", "tale.srt transcript application/x-subrip", "tale.transcript.json transcript application/json",
		"tale.transcript.txt transcript text/plain", "tale.transcript.html transcript text/html",
	}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestUnwritable names the transcript that could not be written, rather than to
// leave it out.
func TestUnwritable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "tale.vtt"), 0o755); err != nil {
		t.Fatal(err)
	}
	if files, err := transcript.Publisher(transcript.Defaults()).Write(t.Context(), dir, episode()); err == nil || !strings.Contains(err.Error(), "tale.vtt") {
		t.Errorf("%v, %v", files, err)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	if _, files := write(t, episode(), transcript.Options{Formats: []string{}}); len(files) > 0 {
		t.Errorf("%v of no format", files)
	}
	dir, files := write(t, episode(), transcript.Options{Formats: []string{"txt", "txt"}, Announcements: transcript.Drop})
	if len(files) != 1 {
		t.Errorf("%v, want one file", files)
	}
	b, err := os.ReadFile(filepath.Join(dir, "tale.transcript.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Footnote", "writes", "End of"} {
		if strings.Contains(string(b), word) {
			t.Errorf("%q is left of the announcements", word)
		}
	}
	if !strings.Contains(string(b), "2 words.") {
		t.Error("the note itself is gone")
	}
}

var timing = regexp.MustCompile(`(\d\d):(\d\d):(\d\d)[.,](\d\d\d) --> (\d\d):(\d\d):(\d\d)[.,](\d\d\d)`)

// times are those of a file's cues, in milliseconds.
func times(t *testing.T, file string) [][2]int {
	t.Helper()
	var out [][2]int
	for _, m := range timing.FindAllStringSubmatch(file, -1) {
		var n [8]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1])
		}
		out = append(out, [2]int{((n[0]*60+n[1])*60+n[2])*1000 + n[3], ((n[4]*60+n[5])*60+n[6])*1000 + n[7]})
	}
	return out
}

// TestReaders has others read the files: no error, and the same times.
func TestReaders(t *testing.T) {
	t.Parallel()
	dir, _ := write(t, episode(), transcript.Defaults())
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	vtt, srt := times(t, read("tale.vtt")), times(t, read("tale.srt"))
	for _, all := range [][][2]int{vtt, srt} {
		for i, c := range all {
			if c[1] <= c[0] || i > 0 && c[0] < all[i-1][1] {
				t.Errorf("cue %d is from %d to %d ms, after %v", i+1, c[0], c[1], all[max(0, i-1)])
			}
		}
	}
	node := func(t *testing.T, module, program string) []byte {
		readers, err := filepath.Abs("../../../bin/readers")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(readers, "node_modules", module)); err != nil {
			t.Skip(module + " is not there; scripts/setup --test installs it where npm is")
		}
		cmd := exec.CommandContext(t.Context(), "node", "-e", program, filepath.Join(dir, "tale.vtt"), filepath.Join(dir, "tale.srt"))
		cmd.Dir = readers
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return out
	}
	same := func(t *testing.T, want [][2]int, got [][2]float64) {
		t.Helper()
		var rounded [][2]int
		for _, c := range got {
			rounded = append(rounded, [2]int{int(c[0] + 0.5), int(c[1] + 0.5)})
		}
		if diff := cmp.Diff(want, rounded); diff != "" {
			t.Errorf("times (-written +read):\n%s", diff)
		}
	}
	t.Run("webvtt-parser", func(t *testing.T) {
		var seen struct {
			Errors []any
			Cues   [][2]float64
		}
		out := node(t, "webvtt-parser", `const {WebVTTParser}=require('webvtt-parser');
const r=new WebVTTParser().parse(require('fs').readFileSync(process.argv[1],'utf8'));
console.log(JSON.stringify({Errors:r.errors,Cues:r.cues.map(c=>[c.startTime*1000,c.endTime*1000])}))`)
		if err := json.Unmarshal(out, &seen); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if len(seen.Errors) > 0 {
			t.Errorf("errors %v", seen.Errors)
		}
		same(t, vtt, seen.Cues)
	})
	t.Run("subtitle", func(t *testing.T) {
		var cues [][2]float64
		out := node(t, "subtitle", `console.log(JSON.stringify(require('subtitle').parseSync(require('fs').readFileSync(process.argv[2],'utf8')).filter(n=>n.type==='cue').map(n=>[n.data.start,n.data.end])))`)
		if err := json.Unmarshal(out, &cues); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		same(t, srt, cues)
	})
	t.Run("ffprobe", func(t *testing.T) {
		for name, want := range map[string][][2]int{"tale.vtt": vtt, "tale.srt": srt} {
			out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "warning", "-of", "json", "-show_entries", "packet=pts_time,duration_time", filepath.Join(dir, name)).Output()
			if err != nil {
				t.Skip("ffprobe: ", err)
			}
			var seen struct {
				Packets []struct {
					PTS      string `json:"pts_time"`
					Duration string `json:"duration_time"`
				}
			}
			if err := json.Unmarshal(out, &seen); err != nil {
				t.Fatal(err)
			}
			var cues [][2]float64
			for _, p := range seen.Packets {
				a, _ := strconv.ParseFloat(p.PTS, 64)
				d, _ := strconv.ParseFloat(p.Duration, 64)
				cues = append(cues, [2]float64{a * 1000, (a + d) * 1000})
			}
			same(t, want, cues)
		}
	})
}

// long is an episode of ten hours.
func long() *publish.Material {
	sc := &script.Script{}
	for c := range 40 {
		chapter := script.Chapter{Title: fmt.Sprintf("Chapter %d", c+1)}
		for range 60 {
			said := strings.Repeat("When the first sheet came off, nobody spoke; then someone laughed, and it cost thirty dollars. ", 2)
			wrote := strings.ReplaceAll(said, "thirty dollars", "$30")
			seg := script.Segment{Role: "body", Text: said, Written: wrote, Pause: 500 * time.Millisecond}
			for at := 0; ; {
				k := strings.Index(wrote[at:], "$30")
				if k < 0 {
					break
				}
				seg.Edits = append(seg.Edits, script.Edit{From: at + k, To: at + k + 3, Spoken: "thirty dollars", Rule: "money"})
				at += k + 3
			}
			chapter.Segments = append(chapter.Segments, seg)
		}
		sc.Chapters = append(sc.Chapters, chapter)
	}
	return material(sc, podcast.Episode{Slug: "long", Title: "Long"})
}

func BenchmarkTenHours(b *testing.B) {
	m := long()
	b.ReportMetric(float64(m.Episode.Length)/3600, "hours")
	for b.Loop() {
		write(b, m, transcript.Defaults())
	}
}
