package publish_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// told is an episode of n segments of five seconds, with one that is loud and
// one that is fast.
func told(n int) (*publish.Material, *publish.Manifest, *publish.Run) {
	ep := episode()
	ep.Length = podcast.Seconds(5 * n)
	ep.Chapters = nil
	mat := &publish.Material{Show: podcast.Show{Title: "A <b>show</b>"}}
	m := &publish.Manifest{Source: publish.Source{Path: "posts/presses.md"}, Costs: []publish.Bill{{Endpoint: "here", Cost: 0.25, Currency: "USD", Priced: true}}}
	run := &publish.Run{Program: "v1.2.3", Elapsed: 65.2, Findings: []string{"post.md:1: something was left out"}}
	for i := range n {
		start := podcast.Seconds(5 * i)
		text := strings.Repeat("Type was set by hand. ", 3)
		energy := 0.03 + 0.01*math.Sin(float64(i))
		switch i {
		case 7:
			energy *= 8
		case 11:
			text = strings.Repeat(text, 3) + "<script>alert(1)</script> | a *star*"
		}
		if i%(n/4) == 0 {
			ep.Chapters = append(ep.Chapters, podcast.Chapter{Title: fmt.Sprintf("Part %d | <i>x</i>", len(ep.Chapters)+1), Start: start, End: start + 100})
		}
		mat.Cues = append(mat.Cues, podcast.Cue{Segment: i + 1, Role: "body", Start: start, End: start + 4, Text: text})
		m.Takes = append(m.Takes, publish.Take{Ordinal: i + 1, Role: "body", Voice: "ann", Key: "ab"})
		run.Requests = append(run.Requests, publish.Request{Ordinal: i + 1, Endpoint: "here", Attempts: 1 + i%2, Elapsed: podcast.Seconds(0.5 + 0.01*float64(i%50))})
		for s := range 50 {
			e := energy
			if s >= 40 {
				e = 0
			}
			mat.Energies = append(mat.Energies, float32(e))
		}
	}
	mat.Episode, m.Episode, mat.Takes = ep, ep, m.Takes
	f := gate.Facts{
		Length: ep.Length, Speech: 4, Expected: 4, Segments: n, Integrated: -16.02, Target: -16, TruePeak: -1.3, Ceiling: -1,
		Chapters: len(ep.Chapters), Silence: gate.Silent{At: 4, Length: 1}, Pause: 1,
	}
	rules := gate.Defaults()
	rules.Artwork.Then, rules.Artwork.Drawn = gate.Hold, false
	found := gate.Judge(rules, f)
	m.Gate = &publish.Gate{Held: gate.Held(found), Findings: found, Facts: f}
	return mat, m, run
}

func write(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	mat, m, run := told(n)
	if err := publish.WriteReport(t.Context(), dir, mat, m, run); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReport(t *testing.T) {
	t.Parallel()
	dir := write(t, 40)
	text, err := os.ReadFile(filepath.Join(dir, "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.md", text)
	page, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "report.verdict.html", []byte(between(t, string(page), "<!-- verdict -->\n", "<!-- end of verdict -->\n")))
	if again, err := os.ReadFile(filepath.Join(write(t, 40), "report.html")); err != nil || !bytes.Equal(page, again) {
		t.Errorf("the same facts give another page (%v)", err)
	}
	for _, hostile := range []string{"<script", "<b>show", "<i>x", "On Presses & <Type>"} {
		if strings.Contains(string(page), hostile) {
			t.Errorf("the page holds %s as it is", hostile)
		}
	}
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, from)
	inside, _, whole := strings.Cut(rest, to)
	if !ok || !whole {
		t.Fatalf("nothing stands between %q and %q", from, to)
	}
	return inside
}

// The page needs nothing else, its pictures have names, its tables captions and
// its IDs are its own.
func TestReportPage(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join(write(t, 40), "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := html.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]int{}
	var refs []string
	pictures, tables, captions := 0, 0, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attr := map[string]string{}
		for _, a := range n.Attr {
			attr[a.Key] = a.Val
			if (a.Key == "src" || a.Key == "href" || a.Key == "xlink:href") && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("%s asks for %s", n.Data, a.Val)
			}
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s has %s", n.Data, a.Key)
			}
		}
		if id := attr["id"]; id != "" {
			ids[id]++
		}
		if ref := attr["aria-labelledby"]; ref != "" {
			refs = append(refs, ref)
		}
		switch n.Data {
		case "svg":
			pictures++
			if attr["role"] != "img" || attr["aria-label"] == "" {
				t.Error("a picture has no name")
			}
		case "table":
			tables++
		case "caption":
			captions++
		case "th":
			if attr["scope"] == "" {
				t.Error("a heading of a table does not say of what")
			}
		case "script", "link", "img":
			t.Errorf("the page has <%s>", n.Data)
		}
	}
	if pictures != 5 || tables != captions || tables < 5 {
		t.Errorf("%d pictures, %d tables with %d captions", pictures, tables, captions)
	}
	for _, ref := range refs {
		if ids[ref] != 1 {
			t.Errorf("the ID %s is there %d times", ref, ids[ref])
		}
	}
}

func TestReportPictures(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(write(t, 40), "report")
	for _, name := range []string{"waveform", "loudness", "levels", "pace", "calls"} {
		f, err := os.Open(filepath.Join(dir, name+".svg"))
		if err != nil {
			t.Error(err)
			continue
		}
		elements := 0
		for d := xml.NewDecoder(f); ; {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			if _, ok := tok.(xml.StartElement); ok {
				elements++
			}
		}
		f.Close()
		if elements < 10 {
			t.Errorf("%s has %d elements", name, elements)
		}
	}
}

// Ten hours take no more room than a megabyte.
func TestReportOfTenHours(t *testing.T) {
	t.Parallel()
	dir := write(t, 7200)
	sum := int64(0)
	err := filepath.Walk(dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			sum += info.Size()
		}
		return err
	})
	if err != nil || sum > 1<<20 {
		t.Errorf("%d bytes, %v", sum, err)
	}
	t.Logf("%d kB", sum>>10)
}

func TestRewriteVerdict(t *testing.T) {
	t.Parallel()
	dir := write(t, 40)
	_, m, _ := told(40)
	rules := gate.Defaults()
	rules.Artwork.Drawn = false
	m.Gate.Findings = gate.Judge(rules, m.Gate.Facts)
	m.Gate.Held = false
	before, err := os.ReadFile(filepath.Join(dir, "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	if err := publish.RewriteVerdict(dir, m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"report.md", "report.html"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || strings.Contains(string(b), "kept out of the feed") || !strings.Contains(string(b), "It passes the gate, with something to look at") {
			t.Errorf("%s tells the old verdict (%v)", name, err)
		}
		if name == "report.md" {
			_, was, _ := strings.Cut(string(before), "<!-- end of verdict -->")
			if _, is, _ := strings.Cut(string(b), "<!-- end of verdict -->"); was != is {
				t.Error("more than the verdict changed")
			}
		}
	}
	if err := publish.RewriteVerdict(t.TempDir(), m); err != nil {
		t.Errorf("without a report: %v", err)
	}
}

func TestListed(t *testing.T) {
	t.Parallel()
	_, m, _ := told(40)
	m.Build = "b1"
	old := &publish.Manifest{Build: "b0"}
	tests := []struct {
		name    string
		m       *publish.Manifest
		release string
		want    bool
		reason  string
	}{
		{"of an older program", old, "", true, ""},
		{"held", m, "", false, "held: There is no cover"},
		{"released", m, `{"build": "b1", "note": "it is meant", "when": "2026-11-26T08:00:00Z"}`, true, "released by hand: it is meant"},
		{"another build was released", m, `{"build": "b0", "note": "it is meant"}`, false, "held: "},
		{"a release that is none", m, `{"build": `, false, "release.json is no release"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if tt.release != "" {
				if err := os.WriteFile(filepath.Join(dir, publish.ReleaseName), []byte(tt.release), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, reason := publish.Listed(dir, tt.m)
			if got != tt.want || !strings.Contains(reason, tt.reason) {
				t.Errorf("%v, %q", got, reason)
			}
		})
	}
}

func BenchmarkReportOfAnHour(b *testing.B) {
	mat, m, run := told(720)
	dir := b.TempDir()
	for b.Loop() {
		if err := publish.WriteReport(b.Context(), dir, mat, m, run); err != nil {
			b.Fatal(err)
		}
	}
}
