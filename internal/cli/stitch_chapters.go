package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline"
)

// marked is a chapter of a file of chapters: it begins at a time, or with
// a file.
type marked struct {
	line  int // from 1; of JSON the chapter's place
	at    time.Duration
	file  string // empty: at
	title string
	link  string
}

// readMarks reads a file of chapters.
func readMarks(name string, pieces []listed) ([]pipeline.Mark, error) {
	text, err := readSmall(name)
	if err != nil {
		return nil, err
	}
	chapters, err := parseChapters(name, text)
	if err != nil {
		return nil, err
	}
	if len(chapters) == 0 {
		return nil, misuse("%s: there are no chapters in it", name)
	}
	find := newPieceIndex(filepath.Dir(name), pieces)
	marks := make([]pipeline.Mark, len(chapters))
	for i, c := range chapters {
		marks[i] = pipeline.Mark{Title: c.title, Link: c.link, Piece: pipeline.AllPieces, At: c.at}
		if c.file == "" {
			continue
		}
		if marks[i].Piece, err = find.piece(c.file); err != nil {
			return nil, misuse("%s:%d: %v", name, c.line, err)
		}
	}
	return marks, nil
}

// pieceIndex finds pieces by their files. Of a file that is heard twice it
// knows the first place.
type pieceIndex struct {
	dir    string
	pieces []listed
	paths  map[string]int // by absolute path
	names  map[string]int // by the name alone; −1 where several files have it
}

func newPieceIndex(dir string, pieces []listed) *pieceIndex {
	x := &pieceIndex{dir: dir, pieces: pieces, paths: map[string]int{}, names: map[string]int{}}
	for i, p := range pieces {
		path := absolute(p.file)
		if _, ok := x.paths[path]; ok {
			continue
		}
		x.paths[path] = i
		name := filepath.Base(path)
		if _, ok := x.names[name]; ok {
			i = -1
		}
		x.names[name] = i
	}
	return x
}

// piece is that of a file: by its path from the folder of the chapters or the
// working folder, else by its name alone.
func (x *pieceIndex) piece(file string) (int, error) {
	if !filepath.IsAbs(file) {
		if i, ok := x.paths[absolute(filepath.Join(x.dir, file))]; ok {
			return i, nil
		}
	}
	if i, ok := x.paths[absolute(file)]; ok {
		return i, nil
	}
	switch i, ok := x.names[file]; {
	case !ok:
		return 0, fmt.Errorf("%s is none of the audio files", file)
	case i < 0:
		return 0, fmt.Errorf("several of the audio files are called %s: write the path", file)
	default:
		return i, nil
	}
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// parseChapters reads a file of chapters: JSON, else a chapter a line.
func parseChapters(name string, text []byte) ([]marked, error) {
	lines, err := textLines(name, text)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
		return parseJSONChapters(name, text)
	}
	var out []marked
	for i, l := range lines {
		if l = strings.TrimSpace(l); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		c := marked{line: i + 1}
		if m := timedChapter.FindStringSubmatch(l); m != nil {
			at, ok := clockOf(m[1], m[2], m[3], m[4])
			if !ok {
				return nil, misuse("%s:%d: %s is no time, such as 1:02:03.5", name, c.line, strings.TrimSpace(strings.TrimSuffix(l, m[5])))
			}
			c.at, c.title = at, m[5]
		} else if file, title, ok := strings.Cut(l, "\t"); ok && strings.TrimSpace(title) != "" {
			c.file, c.title = strings.TrimSpace(file), strings.TrimSpace(title)
		} else {
			return nil, misuse("%s:%d: %q is neither a time and a title, such as 1:02:03 The river, nor an audio file, a tab and a title", name, c.line, l)
		}
		out = append(out, c)
	}
	return out, nil
}

// timedChapter is hours (may be left out), minutes, seconds, their fraction, and the title.
var timedChapter = regexp.MustCompile(`^(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,9}))?[ \t]+(\S.*)$`)

func clockOf(h, m, s, fraction string) (time.Duration, bool) {
	n := func(text string) int {
		v, _ := strconv.Atoi("0" + text) // digits, few of them
		return v
	}
	minutes, seconds := n(m), n(s)
	if seconds > 59 || (h != "" && minutes > 59) {
		return 0, false
	}
	nano := n((fraction + "000000000")[:9])
	return time.Duration((n(h)*60+minutes)*60+seconds)*time.Second + time.Duration(nano), true
}

// parseJSONChapters reads JSON Chapters (podcast-namespace,
// docs/examples/chapters/jsonChapters.md). Silent ones (toc: false) are left out.
func parseJSONChapters(name string, text []byte) ([]marked, error) {
	var file struct {
		Chapters []struct {
			Start *float64 `json:"startTime"`
			Title string   `json:"title"`
			URL   string   `json:"url"`
			TOC   *bool    `json:"toc"`
		} `json:"chapters"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return nil, misuse("%s: %s is a %s where JSON Chapters have another kind of value", name, kind.Field, kind.Value)
		}
		return nil, misuse("%s: it is no JSON: %v", name, err)
	}
	var out []marked
	for i, c := range file.Chapters {
		if c.TOC != nil && !*c.TOC {
			continue
		}
		const most = 1e6 // s, which are 11 days
		if c.Start == nil || *c.Start < 0 || *c.Start > most {
			return nil, misuse("%s: chapter %d has no startTime, a number of seconds", name, i+1)
		}
		title := strings.TrimSpace(c.Title)
		if title == "" {
			title = fmt.Sprintf("Chapter %d", i+1)
		}
		out = append(out, marked{
			line: i + 1, at: time.Duration(math.Round(*c.Start*1e3)) * time.Millisecond, title: title, link: c.URL,
		})
	}
	return out, nil
}
