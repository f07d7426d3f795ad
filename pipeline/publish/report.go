package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// The report of an episode stands in its folder, with its pictures. It tells
// of one run, as run.json does: it is not published, not hashed, and the
// manifest does not name it.
const (
	reportMarkdown = "report.md"
	reportHTML     = "report.html"
	reportPictures = "report"
)

// ReportFiles are the names of what a report is made of, in an episode's folder.
func ReportFiles() []string { return []string{reportMarkdown, reportHTML, reportPictures} }

// HasReport says whether there is one in dir.
func HasReport(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, reportMarkdown))
	return err == nil
}

// report is what is told, in the order it is told. Texts are as they are: who
// writes them escapes them.
type report struct {
	Title    string
	Show     string
	Held     bool
	Findings []gate.Finding
	Facts    []pair
	Notes    []string // findings of the run
	Chapters []chapterRow
	Loudness []loudnessRow
	Outliers []outlier
	More     int // outliers that are not listed
	Segments int
	Calls    []call
	Asked    int // segments in all that were asked for
	Pictures []picture
}

// pair is a fact with its name.
type pair struct{ Name, Value string }

type chapterRow struct{ Start, End, Title string }

// call is a segment that an endpoint was asked for.
type call struct {
	Ordinal  int
	Endpoint string
	Attempts int
	Seconds  float64
	Text     string
}

// WriteReport writes the report of an episode into dir: as Markdown, as a page
// that needs nothing else, and its pictures.
func WriteReport(ctx context.Context, dir string, mat *Material, m *Manifest, run *Run) error {
	r := newReport(mat, m, run)
	if err := r.draw(mat, m); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if err := MakeFolder(filepath.Join(dir, reportPictures)); err != nil {
		return err
	}
	page, err := r.html()
	if err != nil {
		return fmt.Errorf("%s: %w", reportHTML, err)
	}
	files := map[string][]byte{reportMarkdown: []byte(r.markdown()), reportHTML: page}
	for _, p := range r.Pictures {
		files[filepath.Join(reportPictures, p.Name+".svg")] = p.SVG
	}
	for name, b := range files {
		// Nobody trusts a report: it need not be on the disk before the manifest is.
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return writeError(filepath.Join(dir, name), err)
		}
	}
	return nil
}

func newReport(mat *Material, m *Manifest, run *Run) *report {
	e := &m.Episode
	r := &report{Title: e.Title, Show: mat.Show.Title, Notes: run.Findings, Segments: len(mat.Cues)}
	if m.Gate != nil {
		r.Held, r.Findings = m.Gate.Held, m.Gate.Findings
	}
	r.Facts = factsOf(m, run)
	for _, c := range e.Chapters {
		r.Chapters = append(r.Chapters, chapterRow{clock(c.Start), clock(c.End), c.Title})
	}
	r.Loudness = loudnessRows(mat.Energies)
	r.Outliers, r.More = outliers(segmentsOf(mat))
	r.Asked = len(run.Requests)
	r.Calls = slowest(mat, run.Requests)
	return r
}

func factsOf(m *Manifest, run *Run) []pair {
	e := &m.Episode
	facts := []pair{
		{"Length", clock(e.Length)},
		{"Loudness", fmt.Sprintf("%v integrated, range %.1f LU", e.Loudness.Integrated, e.Loudness.Range)},
		{"True peak", e.Loudness.TruePeak.String()},
		{"Segments", fmt.Sprintf("%d: %d recorded in this run, %d from the store", len(m.Takes), max(0, len(m.Takes)-run.Reused), run.Reused)},
		{"Cost of its takes", costs(m.Costs)},
		{"Spent in this run", fmt.Sprintf("%s, %d characters", money(run.Spent.Cost, run.Spent.Currency), run.Spent.Characters)},
		{"Source", m.Source.Path},
		{"Made", fmt.Sprintf("in %s, by narrapress %s", clock(run.Elapsed), run.Program)},
	}
	for _, s := range run.Stages {
		facts = append(facts, pair{"Stage " + s.Stage, fmt.Sprintf("%.2f s", float64(s.Elapsed))})
	}
	return facts
}

func money(v float64, currency string) string {
	return strings.TrimSpace(fmt.Sprintf("%.4g %s", v, currency))
}

func costs(bills []Bill) string {
	var all []string
	for _, b := range bills {
		s := money(b.Cost, b.Currency) + " at " + b.Endpoint
		if !b.Priced {
			s = "not known at " + b.Endpoint
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// clock is a time such as 1:02:03.4; the hours are left out where there are none.
func clock(s podcast.Seconds) string {
	tenths := int64(float64(s)*10 + 0.5)
	h, min, sec := tenths/36000, tenths/600%60, float64(tenths%600)/10
	if h > 0 {
		return fmt.Sprintf("%d:%02d:%04.1f", h, min, sec)
	}
	return fmt.Sprintf("%d:%04.1f", min, sec)
}

// The verdict stands between these, for [RewriteVerdict] to find.
const (
	verdictBegin = "<!-- verdict -->\n"
	verdictEnd   = "<!-- end of verdict -->\n"
)

// RewriteVerdict puts the verdict of a manifest into the report beside it,
// where there is one.
func RewriteVerdict(dir string, m *Manifest) error {
	if m.Gate == nil {
		return nil
	}
	r := &report{Held: m.Gate.Held, Findings: m.Gate.Findings}
	page, err := r.verdictHTML()
	if err != nil {
		return err
	}
	for name, verdict := range map[string]string{reportMarkdown: r.verdictMarkdown(), reportHTML: page} {
		path := filepath.Join(dir, name)
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return &readError{path, err}
		}
		head, rest, ok := strings.Cut(string(b), verdictBegin)
		_, tail, whole := strings.Cut(rest, verdictEnd)
		if !ok || !whole {
			continue
		}
		if _, err := WriteFile(path, []byte(head+verdictBegin+verdict+verdictEnd+tail)); err != nil {
			return err
		}
	}
	return nil
}
