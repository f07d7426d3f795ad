package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseList(t *testing.T) {
	t.Parallel()
	second := time.Second
	at := func(line int, file string, pause *time.Duration, title string) listLine {
		return listLine{listed{file, pause, title}, line}
	}
	for name, tc := range map[string]struct {
		text string
		want []listLine
		err  string
	}{
		"paths":                {"a.wav\nwith space.wav\n", []listLine{at(1, "a.wav", nil, ""), at(2, "with space.wav", nil, "")}, ""},
		"Windows":              {"\xEF\xBB\xBFa.wav\r\nb.wav\r\n", []listLine{at(1, "a.wav", nil, ""), at(2, "b.wav", nil, "")}, ""},
		"pause and title":      {"a.wav\t1s\tThe river\tand on", []listLine{at(1, "a.wav", &second, "The river\tand on")}, ""},
		"title alone":          {"a.wav\t\tThe river", []listLine{at(1, "a.wav", nil, "The river")}, ""},
		"M3U":                  {"#EXTM3U\n#EXTINF:3,Ann\na.mp3\n\n", []listLine{at(3, "a.mp3", nil, "")}, ""},
		"nothing":              {"\n# none\n", nil, ""},
		"title for a pause":    {"a.wav\tThe river", nil, `list:1: "The river" is no pause`},
		"pause of another era": {"a.wav\t10h", nil, `list:1: "10h" is no pause`},
		"negative pause":       {"a.wav\t-1s", nil, `list:1: "-1s" is no pause`},
		"no path":              {"b.wav\n \t1s", nil, "list:2: there is no path"},
		"no text":              {"RIFF\x00\x00", nil, "list is not a text file"},
		"Latin-1":              {"caf\xe9.wav", nil, "list is not a text file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseList("list", []byte(tc.text))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("error %v, want one with %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got, cmp.AllowUnexported(listLine{}, listed{})); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestParseChapters(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		want []marked
		err  string
	}{
		"times": {"00:00 A\n1:02:03.5 B\n75:00,25\tC  d", []marked{
			{line: 1, title: "A"},
			{line: 2, at: time.Hour + 2*time.Minute + 3500*time.Millisecond, title: "B"},
			{line: 3, at: 75*time.Minute + 250*time.Millisecond, title: "C  d"},
		}, ""},
		"files":         {"# by file\na b.wav\tThe river\n", []marked{{line: 2, file: "a b.wav", title: "The river"}}, ""},
		"JSON":          {`{"version":"1.2.0","chapters":[{"startTime":1.5,"title":"A","url":"u"},{"startTime":3},{"startTime":4,"toc":false}]}`, []marked{{line: 1, at: 1500 * time.Millisecond, title: "A", link: "u"}, {line: 2, at: 3 * time.Second, title: "Chapter 2"}}, ""},
		"no time":       {"0:61 A", nil, "f:1: 0:61 is no time"},
		"no minute":     {"1:60:00 A", nil, "f:1: 1:60:00 is no time"},
		"title alone":   {"The river", nil, `f:1: "The river" is neither`},
		"no title":      {"a.wav\t ", nil, "is neither"},
		"broken JSON":   {`{"chapters":[`, nil, "f: it is no JSON"},
		"no start":      {`{"chapters":[{"title":"A"}]}`, nil, "f: chapter 1 has no startTime"},
		"start as text": {`{"chapters":[{"startTime":"0:01"}]}`, nil, "f: chapters.startTime is a string"},
		"far":           {`{"chapters":[{"startTime":1e300}]}`, nil, "f: chapter 1 has no startTime"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseChapters("f", []byte(tc.text))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Fatalf("error %v, want one with %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got, cmp.AllowUnexported(marked{})); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestPieceIndex(t *testing.T) {
	t.Parallel()
	x := newPieceIndex("book", []listed{{file: "book/1.wav"}, {file: "a/2.wav"}, {file: "b/2.wav"}, {file: "book/1.wav"}, {file: "c/3.wav"}})
	for file, want := range map[string]int{"1.wav": 0, "book/1.wav": 0, "b/2.wav": 2, "3.wav": 4} {
		if got, err := x.piece(file); err != nil || got != want {
			t.Errorf("%s: piece %d (%v), want %d", file, got, err, want)
		}
	}
	for file, want := range map[string]string{"2.wav": "several of the audio files", "9.wav": "none of the audio files"} {
		if _, err := x.piece(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", file, err, want)
		}
	}
}

// FuzzParseList: whatever a list holds, its lines name a file and a pause that
// can be kept.
func FuzzParseList(f *testing.F) {
	f.Add([]byte("a.wav\t1s\tThe river\n# none\n\nb.wav"))
	f.Fuzz(func(t *testing.T, text []byte) {
		lines, err := parseList("list", text)
		for _, l := range lines {
			if l.file == "" || strings.ContainsAny(l.file, "\n\x00") || l.line < 1 || (l.pause != nil && (*l.pause < 0 || *l.pause > mostPause)) {
				t.Errorf("line %+v (%v)", l, err)
			}
		}
	})
}

// FuzzParseChapters: whatever a file of chapters holds, each has a title, and a
// file or a time that is none before the beginning.
func FuzzParseChapters(f *testing.F) {
	f.Add([]byte("0:01 A\nb.wav\tB"))
	f.Add([]byte(`{"chapters":[{"startTime":1.5,"title":"A"},{"startTime":3,"toc":false}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		chapters, err := parseChapters("f", text)
		for _, c := range chapters {
			if strings.TrimSpace(c.title) == "" || c.at < 0 || c.line < 1 {
				t.Errorf("chapter %+v (%v)", c, err)
			}
		}
	})
}
