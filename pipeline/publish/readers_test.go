package publish_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// toldTags is what a reader that is not ours tells of a file. What it does not
// tell is left out: nil, or empty.
type toldTags struct {
	Reader, File, Problem                             string
	Title, Artist, Album, Date, Language, Link, Genre string
	Cover                                             int // bytes
	Length                                            float64
	Chapters                                          []toldChapter
}

type toldChapter struct {
	Title string
	Start float64 // s
	Image int     // bytes
	Link  string
}

// readerCase is an episode that is written in every format.
type readerCase struct {
	name     string
	ep       podcast.Episode
	art      publish.Art
	channels int
	files    map[string]string // by the end of the name
}

var badTitles = []string{
	`<script>alert("x")</script> & 'quotes' -->`, "two\nlines\r\nand a tab\t.", "\u202eturned\u202c עברית \u200f العربية",
	"🎙️ 👩‍👩‍👧 😀", "價格 – größer ½", strings.Repeat("four thousand characters ", 160), "CHAPTER001=00:00:01.000", "=", "%41+%2B+",
}

func readerCases(t *testing.T) []*readerCase {
	t.Helper()
	show := func(chapters []podcast.Chapter, length podcast.Seconds, title string) podcast.Episode {
		ep := episode()
		ep.Title, ep.Length, ep.Chapters = title, length, chapters
		return ep
	}
	chapters := func(n int, length float64, title func(int) string) (out []podcast.Chapter) {
		at := func(i int) podcast.Seconds { return podcast.Seconds(length * float64(i) / float64(n)) }
		for i := range n {
			out = append(out, podcast.Chapter{Title: title(i), Start: at(i), End: at(i + 1)})
		}
		return out
	}
	rich := chapters(3, 4.75, func(i int) string { return fmt.Sprintf("Part %d", i+1) })
	rich[1].Link, rich[1].Image, rich[2].Image = "https://example.org/presses?a=1#two", "type.jpg", "sorts.jpg"
	small, _ := publish.Art{Cover: picture(t, 900), Images: map[string][]byte{"type.jpg": picture(t, 700), "sorts.jpg": picture(t, 90)}}.ForTags()
	return []*readerCase{
		{name: "everything, stereo, with images", ep: show(rich, 4.75, "On Presses"), art: small, channels: 2},
		{name: "300 chapters", ep: show(chapters(300, 12.6, func(i int) string { return fmt.Sprintf("Chapter %d", i+1) }), 12.6, "Many"), channels: 1},
		{name: "bad titles, mono", ep: show(chapters(len(badTitles), 5, func(i int) string { return badTitles[i] }), 5, badTitles[5]), channels: 1},
		{name: "no chapters", ep: show(nil, 2, badTitles[0]), channels: 2},
	}
}

// picture is a JPEG with something on it.
func picture(t *testing.T, side int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			m.Set(x, y, color.RGBA{byte(x * y), byte(x ^ y), byte(x + y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// write makes the files of an episode as the program does.
func (c *readerCase) write(t *testing.T, dir string) {
	t.Helper()
	ctx, show := t.Context(), podcast.Show{Title: "Narrow Presses", Author: "Ada & Co.", Language: "en"}
	frames := func(rate int) int { return int(math.Round(float64(c.ep.Length) * float64(rate))) }
	c.files = map[string]string{}
	for ext, o := range map[string]audio.Encoding{
		"mp3": audio.MP3Options{Bitrate: 64}, "m4a": audio.AACOptions{Bitrate: 64}, "m4b": audio.AACOptions{Bitrate: 64, Book: true},
		"opus": audio.OpusOptions{Bitrate: 32}, "flac": audio.FLACOptions{Bits: 16}, "wav": audio.WAVOptions{Bits: 16},
	} {
		rate := 44100
		if ext == "opus" {
			rate = audio.OpusRate
		}
		path := filepath.Join(dir, "a."+ext)
		c.files[ext] = path
		bare := path
		if ext == "mp3" {
			bare += ".bare"
		}
		enc, err := audio.Encode(ctx, bare, audio.Format{Rate: rate, Channels: c.channels}, o)
		if err != nil {
			t.Fatal(err)
		}
		samples := make([]float32, frames(rate)*c.channels)
		for i := range samples {
			samples[i] = float32(0.3 * math.Sin(float64(i/c.channels)*2*math.Pi*300/float64(rate)))
		}
		if err := enc.WriteSamples(samples); err != nil {
			t.Fatal(err)
		}
		if err := enc.Close(); err != nil {
			t.Fatal(err)
		}
		if ext == "mp3" {
			_, err = publish.MP3(ctx, path, frameFile(bare), c.ep, show, c.art)
		} else {
			_, err = publish.Tagged(ctx, path, c.ep, show, c.art)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// oneLine is a title as tags hold it.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s))
}

// TestReaders has the same episode in every format read by programs that are
// not ours: they agree on its words, cover, length and chapters, these within
// 1 ms.
func TestReaders(t *testing.T) {
	t.Parallel()
	cases := readerCases(t)
	var paths []string
	byPath := map[string]*readerCase{}
	for _, c := range cases {
		c.write(t, t.TempDir())
		for _, path := range c.files {
			paths = append(paths, path)
			byPath[path] = c
		}
	}
	readers := []struct {
		name string
		read func(*testing.T, []string) []toldTags
	}{
		{"ffprobe", readFFprobe}, {"python", readPython}, {"node", readNode},
	}
	for _, r := range readers {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, told := range r.read(t, paths) {
				c := byPath[told.File]
				t.Run(fmt.Sprintf("%s/%s/%s", told.Reader, strings.TrimPrefix(filepath.Ext(told.File), "."), c.name), func(t *testing.T) {
					told.check(t, c)
				})
			}
		})
	}
	t.Run("ours", func(t *testing.T) {
		t.Parallel()
		for path, c := range byPath {
			tags, err := publish.ReadTags(path)
			if err != nil {
				t.Fatal(err)
			}
			told := toldTags{
				Reader: "ours", File: path, Title: tags.Title, Artist: tags.Author, Album: tags.Show,
				Language: tags.Language, Link: tags.Link, Date: tags.Date.Format("2006-01-02"), Length: float64(tags.Length),
			}
			for _, x := range tags.Chapters {
				told.Chapters = append(told.Chapters, toldChapter{Title: x.Title, Start: float64(x.Start), Link: x.Link})
			}
			told.check(t, c)
		}
	})
	t.Run("decoded", func(t *testing.T) {
		t.Parallel()
		for path, c := range byPath {
			out := command(t, "ffmpeg", "-v", "error", "-xerror", "-i", path, "-map", "0:a", "-f", "s16le", "-ac", "1", "-ar", "48000", "-")
			if got := float64(len(out)/2) / 48000; math.Abs(got-float64(c.ep.Length)) > 0.05 {
				t.Errorf("%s: plays %.3f s, where the episode has %.3f", path, got, float64(c.ep.Length))
			}
		}
	})
	t.Run("mp3val and mpg123", func(t *testing.T) {
		t.Parallel()
		for _, c := range cases {
			if out := string(command(t, "mp3val", c.files["mp3"])); strings.Contains(out, "WARNING") || strings.Contains(out, "ERROR") {
				t.Errorf("mp3val:\n%s", out)
			}
			cmd := exec.CommandContext(t.Context(), "mpg123", "-q", "-t", c.files["mp3"])
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("mpg123: %v\n%s", err, out)
			}
		}
	})
}

// check compares what was told with what was written.
func (told *toldTags) check(t *testing.T, c *readerCase) {
	t.Helper()
	if told.Problem != "" {
		t.Fatal(told.Problem)
	}
	for _, f := range []struct{ what, got, want string }{
		{"title", told.Title, oneLine(c.ep.Title)},
		{"artist", told.Artist, "Ada"},
		{"album", told.Album, "Narrow Presses"},
		{"date", told.Date, "2026-11-23"},
		{"link", told.Link, c.ep.Link},
		{"genre", told.Genre, "Podcast"},
	} {
		if f.got != "" && f.got != f.want || f.got == "" && f.what == "title" {
			t.Errorf("%s %s: %s %q, want %q", told.Reader, told.File, f.what, f.got, f.want)
		}
	}
	if l := told.Language; l != "" && l != "en-US" && l != "eng" && l != "en" {
		t.Errorf("%s %s: language %q", told.Reader, told.File, l)
	}
	if told.Cover > 0 && told.Cover != len(c.art.Cover) {
		t.Errorf("%s %s: a cover of %d bytes, want %d", told.Reader, told.File, told.Cover, len(c.art.Cover))
	}
	if told.Length > 0 && math.Abs(told.Length-float64(c.ep.Length)) > 0.05 {
		t.Errorf("%s %s: %.3f s, want %.3f", told.Reader, told.File, told.Length, float64(c.ep.Length))
	}
	want := c.ep.Chapters
	if told.Chapters == nil {
		if n := len(want); told.Reader == "music-metadata" && n > 0 && n <= 255 && !strings.HasSuffix(told.File, "opus") && !strings.HasSuffix(told.File, "flac") {
			t.Errorf("%s %s: no chapters, want %d", told.Reader, told.File, n)
		}
		return
	}
	if strings.HasSuffix(told.Reader, "Nero") { // Nero's list holds no more
		want = want[:min(len(want), 255)]
	}
	if len(told.Chapters) != len(want) {
		t.Fatalf("%s %s: %d chapters, want %d", told.Reader, told.File, len(told.Chapters), len(want))
	}
	for i, got := range told.Chapters {
		w := want[i]
		title := oneLine(w.Title)
		if strings.HasSuffix(told.Reader, "Nero") && len(title) > 255 {
			title = title[:255] // these are of one byte each
		}
		if got.Title != title {
			t.Errorf("%s %s: chapter %d: %s", told.Reader, told.File, i+1, cmp.Diff(title, got.Title))
		}
		if math.Abs(got.Start-float64(w.Start)) > 0.001 {
			t.Errorf("%s %s: chapter %d begins at %.4f, want %.4f", told.Reader, told.File, i+1, got.Start, float64(w.Start))
		}
		if got.Link != "" && got.Link != w.Link {
			t.Errorf("%s %s: chapter %d: link %q, want %q", told.Reader, told.File, i+1, got.Link, w.Link)
		}
		if got.Image > 0 && got.Image != len(c.art.Images[w.Image]) {
			t.Errorf("%s %s: chapter %d: an image of %d bytes, want %d", told.Reader, told.File, i+1, got.Image, len(c.art.Images[w.Image]))
		}
	}
}

func command(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not there; scripts/setup --test installs it", name)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, stderr.Bytes())
	}
	return out
}

func readFFprobe(t *testing.T, paths []string) (all []toldTags) {
	for _, path := range paths {
		var p struct {
			Chapters []struct {
				Start string `json:"start_time"`
				Tags  struct{ Title string }
			}
			Format  struct{ Tags map[string]string }
			Streams []struct {
				Type string `json:"codec_type"`
				Tags map[string]string
			}
		}
		if err := json.Unmarshal(command(t, "ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "json", path), &p); err != nil {
			t.Fatal(err)
		}
		told := toldTags{Reader: "ffprobe", File: path, Chapters: []toldChapter{}}
		tags := map[string]string{}
		for _, s := range p.Streams { // Opus has its tags there
			if s.Type == "audio" {
				for k, v := range s.Tags {
					tags[strings.ToLower(k)] = v
				}
			}
		}
		for k, v := range p.Format.Tags {
			tags[strings.ToLower(k)] = v
		}
		told.Title, told.Artist, told.Album, told.Genre, told.Language = tags["title"], tags["artist"], tags["album"], tags["genre"], tags["language"]
		if d := tags["date"]; len(d) == 10 { // of ID3v2.3 it shows the year
			told.Date = d
		}
		for _, c := range p.Chapters {
			var start float64
			if _, err := fmt.Sscan(c.Start, &start); err != nil {
				t.Fatal(err)
			}
			told.Chapters = append(told.Chapters, toldChapter{Title: c.Tags.Title, Start: start})
		}
		all = append(all, told)
	}
	return all
}

// readScript runs a script over all files; it prints a JSON list of what it was
// told.
func readScript(t *testing.T, dir, name string, args, paths []string) (all []toldTags) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, append(args, paths...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &all)
	}
	if err != nil {
		t.Fatalf("%v\n%s\n%.2000s", err, stderr.Bytes(), out)
	}
	return all
}

func readPython(t *testing.T, paths []string) []toldTags {
	const python = "/usr/bin/python3" // Debian's packages are for it
	if exec.CommandContext(t.Context(), python, "-c", "import mutagen, eyed3").Run() != nil {
		t.Skip("mutagen or eyeD3 is not there; scripts/setup --test installs them")
	}
	script, err := filepath.Abs("testdata/readers.py")
	if err != nil {
		t.Fatal(err)
	}
	return readScript(t, "", python, []string{script}, paths)
}

func readNode(t *testing.T, paths []string) []toldTags {
	readers, err := filepath.Abs("../../bin/readers")
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range []string{"music-metadata", "node-id3", "mp4box"} {
		if _, err := os.Stat(filepath.Join(readers, "node_modules", module)); err != nil {
			t.Skipf("%s is not there; scripts/setup --test installs it where npm is", module)
		}
	}
	script, err := os.ReadFile("testdata/readers.mjs")
	if err != nil {
		t.Fatal(err)
	}
	return readScript(t, readers, "node", []string{"--input-type=module", "-e", string(script), "--"}, paths)
}
