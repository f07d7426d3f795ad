package pipeline_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// toldTags is what a reader that is not ours tells of a file. What it does not
// tell is left out: nil, or empty.
type toldTags struct {
	Reader, File, Problem                             string
	Title, Artist, Album, Date, Language, Link, Genre string
	Cover                                             *int // bytes
	Length                                            float64
	Chapters                                          []toldChapter
	Cues                                              []toldCue
	Item                                              *toldItem
}

type toldChapter struct {
	Title string
	Start float64  // s
	End   *float64 // s
	Image *int     // bytes
	Link  string
}

type toldCue struct{ Start, End float64 } // s

// toldItem is what a feed says of the episode.
type toldItem struct {
	Bytes         int64
	URL, Chapters string
}

const (
	closely = 0.000501 // s: chapters, from the timeline; so any two formats are within 1 ms of each other
	near    = 0.05     // s: lengths, and the last chapter's end
)

// oneLine is a title as tags hold it.
func oneLine(s string) string {
	return strings.TrimFunc(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s), func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}

// words is a text without its spaces and what cannot be seen.
func words(s string) string { return strings.Join(strings.Fields(strings.Map(visible, s)), " ") }

func visible(r rune) rune {
	if unicode.IsControl(r) && !unicode.IsSpace(r) || r == '\ufeff' {
		return -1
	}
	return r
}

// TestReaders has everything that is published of an episode read by programs that
// are not ours. They agree on its words, pictures, length and chapters: these begin
// within 1 ms of those of the MP3 in every format, and the last one ends within
// 50 ms of where the sound does.
func TestReaders(t *testing.T) {
	t.Parallel()
	all := cells()
	for _, c := range all {
		c.dir = t.TempDir()
	}
	made := t.Run("made", func(t *testing.T) {
		for _, c := range all {
			t.Run(c.name(), func(t *testing.T) {
				t.Parallel()
				c.make(t)
				c.decode(t)
			})
		}
	})
	if !made {
		return
	}
	byFile := map[string]*cell{}
	var sounds, others []string
	for _, c := range all {
		for _, ending := range audioEndings {
			sounds = append(sounds, c.file(ending))
		}
		others = append(others, c.file(".vtt"), c.file(".srt"), c.file(".chapters.json"), c.feed())
		for _, f := range slices.Concat(sounds, others) {
			if byFile[f] == nil {
				byFile[f] = c
			}
		}
	}
	for _, r := range []struct {
		name string
		read func(*testing.T) []toldTags
	}{
		{"ours", func(t *testing.T) []toldTags { return readOurs(t, sounds) }},
		{"ffprobe", func(t *testing.T) []toldTags { return readFFprobe(t, sounds) }},
		{"python", func(t *testing.T) []toldTags { return readPython(t, sounds) }},
		{"node", func(t *testing.T) []toldTags { return readNode(t, slices.Concat(sounds, others)) }},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, told := range r.read(t) {
				c := byFile[told.File]
				t.Run(fmt.Sprintf("%s/%s/%s", told.Reader, filepath.Ext(told.File)[1:], c.name()), func(t *testing.T) {
					told.check(t, c)
				})
			}
		})
	}
	t.Run("mp3val and mpg123", func(t *testing.T) {
		t.Parallel()
		for _, c := range all {
			if out := string(command(t, "mp3val", c.file(".mp3"))); strings.Contains(out, "WARNING") || strings.Contains(out, "ERROR") {
				t.Errorf("%s: mp3val:\n%s", c.name(), out)
			}
			cmd := exec.CommandContext(t.Context(), "mpg123", "-q", "-t", c.file(".mp3"))
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s: mpg123: %v\n%s", c.name(), err, out)
			}
		}
	})
}

// decode has ffmpeg play the sounds: each is as long as the episode.
func (c *cell) decode(t *testing.T) {
	t.Helper()
	args := []string{"-v", "error", "-xerror", "-nostdin"}
	to := t.TempDir()
	for _, ending := range audioEndings {
		args = append(args, "-i", c.file(ending))
	}
	for i, ending := range audioEndings {
		args = append(args, "-map", fmt.Sprintf("%d:a", i), "-f", "s16le", filepath.Join(to, ending[1:]))
	}
	command(t, "ffmpeg", args...)
	c.long = map[string]float64{}
	for _, ending := range audioEndings {
		info, err := os.Stat(filepath.Join(to, ending[1:]))
		if err != nil {
			t.Fatal(err)
		}
		rate := 44100
		if ending == ".opus" {
			rate = 48000
		}
		channels := map[string]int{"mono": 1, "stereo": 2}[c.channels]
		long := float64(info.Size()) / float64(2*rate*channels)
		if c.long[c.file(ending)] = long; math.Abs(long-float64(c.ep.Length)) > near {
			t.Errorf("%s plays %.3f s, where the episode has %.3f", ending, long, float64(c.ep.Length))
		}
	}
}

// check compares what was told with what was made.
func (told *toldTags) check(t *testing.T, c *cell) {
	t.Helper()
	switch {
	case told.Problem != "":
		t.Fatal(told.Problem)
	case told.Item != nil:
		told.checkItem(t, c)
	case strings.HasSuffix(told.File, ".vtt"), strings.HasSuffix(told.File, ".srt"):
		told.checkCues(t, c)
	default:
		told.checkWords(t, c)
		told.checkLength(t, c)
		told.checkChapters(t, c)
	}
}

func (told *toldTags) checkWords(t *testing.T, c *cell) {
	t.Helper()
	for _, f := range []struct{ what, got, want string }{
		{"title", told.Title, oneLine(c.ep.Title)},
		{"artist", told.Artist, cmp.Or(c.ep.Author, c.show.Author)},
		{"album", told.Album, c.show.Title},
		{"date", told.Date, c.ep.Date.Format("2006-01-02")},
		{"link", told.Link, cmp.Or(c.ep.Link, c.show.Link)},
		{"genre", told.Genre, "Podcast"},
	} {
		if f.got != "" && f.got != f.want || f.got == "" && f.what == "title" && told.Reader != "JSON" {
			t.Errorf("%s %q, want %q", f.what, f.got, f.want)
		}
	}
	if l := told.Language; l != "" && l != "en-US" && l != "eng" && l != "en" {
		t.Errorf("language %q", l)
	}
	if told.Cover != nil && *told.Cover != len(c.art.Cover) {
		t.Errorf("a cover of %d bytes, want %d", *told.Cover, len(c.art.Cover))
	}
}

// plays is how long a file plays; of one that is no sound, how long the episode is.
func (c *cell) plays(file string) float64 {
	if long, ok := c.long[file]; ok {
		return long
	}
	return float64(c.ep.Length)
}

func (told *toldTags) checkLength(t *testing.T, c *cell) {
	t.Helper()
	if told.Length > 0 && (math.Abs(told.Length-float64(c.ep.Length)) > near || math.Abs(told.Length-c.plays(told.File)) > near) {
		t.Errorf("it is %.3f s long, the episode %.3f, and it plays %.3f", told.Length, float64(c.ep.Length), c.plays(told.File))
	}
}

func (told *toldTags) checkChapters(t *testing.T, c *cell) {
	t.Helper()
	want := c.ep.Chapters
	if told.Chapters == nil {
		if n := len(want); told.Reader == "music-metadata" && n > 0 && n <= 255 && !strings.HasSuffix(told.File, "opus") && !strings.HasSuffix(told.File, "flac") {
			t.Errorf("no chapters, want %d", n)
		}
		return
	}
	nero := strings.HasSuffix(told.Reader, "Nero")
	id3 := strings.HasSuffix(told.File, "mp3") || strings.HasSuffix(told.File, "wav")
	switch {
	case nero: // its list holds no more
		want = want[:min(len(want), 255)]
	case told.Reader == "music-metadata" && id3:
		want = slices.Clone(want) // it passes over chapters of ID3 without a title
		want = slices.DeleteFunc(want, func(c podcast.Chapter) bool { return oneLine(c.Title) == "" })
	}
	if len(told.Chapters) != len(want) {
		t.Fatalf("%d chapters, want %d", len(told.Chapters), len(want))
	}
	for i, got := range told.Chapters {
		w := want[i]
		title := oneLine(w.Title)
		if told.Reader == "JSON" {
			title = w.Title
		}
		if nero {
			title = within(title, 255)
		}
		if title == "" && told.Reader == "ffprobe" && id3 { // it names it by its element ID
			title = fmt.Sprintf("ch%04d", i+1)
		}
		if got.Title != title {
			t.Errorf("chapter %d is %q, want %q", i+1, got.Title, title)
		}
		if math.Abs(got.Start-float64(w.Start)) > closely {
			t.Errorf("chapter %d begins at %.4f, want %.4f", i+1, got.Start, float64(w.Start))
		}
		switch last := i+1 == len(c.ep.Chapters); {
		case got.End == nil:
		case last && math.Abs(*got.End-c.plays(told.File)) > near:
			t.Errorf("the last chapter ends at %.4f, where the sound does at %.4f", *got.End, c.plays(told.File))
		case !last && math.Abs(*got.End-float64(w.End)) > closely:
			t.Errorf("chapter %d ends at %.4f, want %.4f", i+1, *got.End, float64(w.End))
		}
		if got.Link != "" && got.Link != w.Link {
			t.Errorf("chapter %d: link %q, want %q", i+1, got.Link, w.Link)
		}
		if got.Image != nil && *got.Image != len(c.art.Images[w.Image]) {
			t.Errorf("chapter %d: an image of %d bytes, want %d", i+1, *got.Image, len(c.art.Images[w.Image]))
		}
	}
}

// within is the beginning of a text that takes at most so many bytes.
func within(s string, most int) string {
	for len(s) > most {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// checkCues holds that there are some, in order, and none is after the sound.
func (told *toldTags) checkCues(t *testing.T, c *cell) {
	t.Helper()
	if len(told.Cues) == 0 {
		t.Fatal("no cues")
	}
	end := 0.0
	for i, cue := range told.Cues {
		if cue.Start < end-closely || cue.End <= cue.Start || cue.End > float64(c.ep.Length)+near {
			t.Errorf("cue %d is from %.3f to %.3f, the one before it ends at %.3f, the episode at %.3f", i+1, cue.Start, cue.End, end, float64(c.ep.Length))
		}
		end = cue.End
	}
}

func (told *toldTags) checkItem(t *testing.T, c *cell) {
	t.Helper()
	title := c.ep.Title
	if told.Reader == "podcast-partytime" {
		title = html.UnescapeString(title) // it takes text for HTML, once more
	}
	if got := words(told.Title); got != words(title) {
		t.Errorf("title %q, want %q", got, words(title))
	}
	if plays := c.plays(c.file(".mp3")); math.Abs(told.Length-plays) > near {
		t.Errorf("it is %v s long, it plays %.3f", told.Length, plays)
	}
	info, err := os.Stat(c.file(".mp3"))
	if err != nil {
		t.Fatal(err)
	}
	at := "https://example.org/pod/" + c.ep.Slug + "/" + c.ep.Slug
	if want := (toldItem{info.Size(), at + ".mp3", at + ".chapters.json"}); *told.Item != want {
		t.Errorf("it has %+v, want %+v", *told.Item, want)
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
	if err != nil || strings.Contains(name, "ffmpeg") && stderr.Len() > 0 {
		t.Fatalf("%s: %v\n%s", name, err, stderr.Bytes())
	}
	return out
}

func readOurs(t *testing.T, paths []string) (all []toldTags) {
	t.Helper()
	for _, path := range paths {
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
		all = append(all, told)
	}
	return all
}

func readFFprobe(t *testing.T, paths []string) (all []toldTags) {
	t.Helper()
	for _, path := range paths {
		var p struct {
			Chapters []struct {
				Start float64 `json:"start_time,string"`
				End   float64 `json:"end_time,string"`
				Tags  struct{ Title string }
			}
			Format struct {
				Tags     map[string]string
				Duration float64 `json:",string"`
			}
			Streams []struct {
				Type string `json:"codec_type"`
				Tags map[string]string
			}
		}
		if err := json.Unmarshal(command(t, "ffprobe", "-v", "error", "-show_chapters", "-show_format", "-show_streams", "-of", "json", path), &p); err != nil {
			t.Fatal(err)
		}
		told := toldTags{Reader: "ffprobe", File: path, Chapters: []toldChapter{}, Length: p.Format.Duration}
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
			told.Chapters = append(told.Chapters, toldChapter{Title: c.Tags.Title, Start: c.Start, End: &c.End})
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
	t.Helper()
	const python = "/usr/bin/python3" // Debian's packages are for it
	if exec.CommandContext(t.Context(), python, "-c", "import mutagen, eyed3").Run() != nil {
		t.Skip("mutagen or eyeD3 is not there; scripts/setup --test installs them")
	}
	script, err := filepath.Abs("testdata/readers/tags.py")
	if err != nil {
		t.Fatal(err)
	}
	return readScript(t, "", python, []string{script}, paths)
}

func readNode(t *testing.T, paths []string) []toldTags {
	t.Helper()
	readers, err := filepath.Abs("../bin/readers")
	if err != nil {
		t.Fatal(err)
	}
	for _, module := range []string{
		"music-metadata", "node-id3", "mp4box", "webvtt-parser", "subtitle", "podcast-partytime", "rss-parser", "fast-xml-parser",
	} {
		if _, err := os.Stat(filepath.Join(readers, "node_modules", module)); err != nil {
			t.Skipf("%s is not there; scripts/setup --test installs it where npm is", module)
		}
	}
	return readScript(t, readers, "node", []string{"--input-type=module", "-e", read(t, "testdata/readers/published.mjs"), "--"}, paths)
}
