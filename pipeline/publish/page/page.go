package page

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed" // the page's files
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"

	"github.com/narrapress/narrapress/pipeline/document/markup"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// MediaType is that of a page.
const MediaType = "text/html; charset=utf-8"

var (
	//go:embed page.html
	layout string
	//go:embed page.css
	style string
	//go:embed page.js
	program string
)

// Beside is a file that the page links to, which another publisher writes.
type Beside struct {
	Ending string       // of its name, behind the episode's slug: ".vtt"
	Kind   publish.Kind // what it is listed as
}

// Publisher publishes the page of an episode, and the images beside it. The
// article is the material's.
func Publisher(beside ...Beside) publish.Publisher {
	return publish.Publisher{Name: "page", Write: func(ctx context.Context, dir string, m *publish.Material) ([]publish.File, error) {
		var files []publish.File
		for _, name := range slices.Sorted(mapKeys(m.Images)) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			f, err := copyImage(dir, name, m.Images[name])
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
		b, err := Render(m, beside)
		if err != nil {
			return nil, err
		}
		f, err := publish.WriteFile(filepath.Join(dir, m.Episode.Slug+".html"), b)
		return append([]publish.File{f.As(publish.KindPage, MediaType)}, files...), err
	}}
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func copyImage(dir, name, from string) (publish.File, error) {
	b, err := os.ReadFile(from)
	if err != nil {
		return publish.File{}, fmt.Errorf("image %s: %w", from, err)
	}
	to := filepath.Join(dir, filepath.FromSlash(name))
	if err := publish.MakeFolder(filepath.Dir(to)); err != nil {
		return publish.File{}, fmt.Errorf("image %s: %w", name, err)
	}
	f, err := publish.WriteFile(to, b)
	f.Name = name
	return f.As(publish.KindImage, imageType(b)), err
}

// view is what the layout shows.
type view struct {
	Language, Dir      string
	UILang             template.HTMLAttr // of what the page itself says, where that is another language
	Policy             string
	Style              template.CSS
	Script             template.JS
	Linked, Data       template.JS
	Title, Description string
	TitleSegment       int
	Show               podcast.Show
	Author, Link       string
	Own, Canonical     string // addresses of the page; empty where nobody knows
	Sound, Cover, Feed string // addresses on the web, of the same
	Date, DateText     string
	Length, Clock      string
	Seconds            int
	Notice             string
	Audio, AudioType   string
	Chapters           []chapterView
	Article            template.HTML
	Credits            []passage
	Files              []fileView
	Wave               wave
	Speeds             []string
	Words              wording
}

type chapterView struct {
	Title string
	Start string // seconds
	Time  string // for people
}

type passage struct {
	Segment int
	Text    string
}

type fileView struct{ Name, Label string }

// Render writes the page of an episode.
func Render(m *publish.Material, beside []Beside) ([]byte, error) {
	ep := m.Episode
	if ep.Enclosure == nil {
		return nil, fmt.Errorf("the episode %s has no audio", ep.ID)
	}
	tag, err := language.Parse(cmp.Or(ep.Language, m.Show.Language))
	if err != nil || tag == language.Und {
		tag = language.English
	}
	w := wordingOf(tag)
	v := view{
		Language: tag.String(), Dir: direction(tag), Style: template.CSS(style), Script: template.JS(program), Policy: policy(), //nolint:gosec // files of our own
		Title: plain(ep.Title, mostTitle), Description: plain(ep.Description, mostDescription), Author: plain(cmp.Or(ep.Author, m.Show.Author), mostTitle),
		Link: markup.WebLink(ep.Link), Length: w.length(ep.Length), Clock: clock(ep.Length), Seconds: int(ep.Length),
		Notice: cmp.Or(strings.TrimSpace(m.Show.Notice), w.Notice), Audio: ep.Enclosure.File, AudioType: ep.Enclosure.MediaType,
		Article: template.HTML(body(m.Article)), Wave: draw(m.Energies), Words: w, //nolint:gosec // check has read it
		Speeds: []string{"0.8", "0.9", "1", "1.1", "1.2", "1.3", "1.5", "1.75", "2", "2.5", "3"},
	}
	v.Own, v.Sound, v.Cover, v.Feed = m.At(ep.Slug+".html"), m.At(ep.Enclosure.File), m.CoverAddress(), m.Beside("feed.xml")
	v.Canonical = cmp.Or(v.Link, v.Own) // the text was there first
	v.Show = podcast.Show{Title: plain(m.Show.Title, mostTitle), Link: markup.WebLink(m.Show.Link)}
	if v.Title == "" {
		v.Title = ep.Slug
	}
	if base, _ := tag.Base(); base.String() != w.language {
		v.UILang = template.HTMLAttr(` lang="` + w.language + `" dir="ltr"`) //nolint:gosec // a code of our own
	}
	if !ep.Date.IsZero() {
		v.Date, v.DateText = ep.Date.Format(time.DateOnly), w.date(ep.Date)
	}
	for _, c := range ep.Chapters {
		v.Chapters = append(v.Chapters, chapterView{plain(c.Title, mostTitle), seconds(c.Start), clock(c.Start)})
	}
	for _, b := range beside {
		v.Files = append(v.Files, fileView{ep.Slug + b.Ending, w.label(b.Kind, b.Ending)})
	}
	v.frame(m.Script, v.Article)
	if v.Linked, err = linked(m, v); err == nil {
		v.Data, err = data(m, v)
	}
	if err != nil {
		return nil, fmt.Errorf("page of %s: %w", ep.ID, err)
	}
	t, err := template.New("page").Parse(layout)
	if err != nil {
		return nil, fmt.Errorf("page layout: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("page of %s: %w", ep.ID, err)
	}
	return out.Bytes(), nil
}

// frame marks what is spoken around the text: the title, and the credits.
func (v *view) frame(sc *script.Script, article template.HTML) {
	if sc == nil {
		return
	}
	for at, seg := range sc.Segments() {
		text := seg.Original()
		if seg.Role != script.RoleTitle && seg.Role != script.RoleCredits || text == "" {
			continue
		}
		if strings.Contains(string(article), fmt.Sprintf(` id="s%d"`, at.Ordinal)) {
			continue
		}
		switch seg.Role {
		case script.RoleTitle:
			if v.TitleSegment == 0 && at.Ordinal <= 2 {
				v.TitleSegment = at.Ordinal
			}
		case script.RoleCredits:
			v.Credits = append(v.Credits, passage{at.Ordinal, text})
		}
	}
}

// Bounds on what stands in a page's head, in characters.
const (
	mostTitle       = 500
	mostDescription = 500
)

// plain is text on one line, without characters that change the direction of
// what stands behind it (Unicode UAX #9, section 2) or cannot be seen.
func plain(s string, most int) string { //nolint:unparam // two bounds that are the same
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar:
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)), " ")
	if r := []rune(s); len(r) > most {
		s = strings.TrimSpace(string(r[:most])) + "…"
	}
	return s
}

// policy lets a page run its own script and style, load the audio and images of
// its folder, and nothing else (Content Security Policy Level 3).
func policy() string {
	hash := func(s string) string {
		sum := sha256.Sum256([]byte(s))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; script-src " + hash(program) + "; style-src " + hash(style) +
		"; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'"
}

func direction(tag language.Tag) string {
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// linked is the episode as linked data: schema.org's PodcastEpisode.
func linked(m *publish.Material, v view) (template.JS, error) {
	ep := m.Episode
	type object map[string]any
	duration := fmt.Sprintf("PT%dS", int(math.Round(float64(ep.Length))))
	out := object{
		"@context": "https://schema.org", "@type": "PodcastEpisode", "name": v.Title, "inLanguage": v.Language, "timeRequired": duration,
		"associatedMedia": object{
			"@type": "AudioObject", "contentUrl": cmp.Or(v.Sound, v.Audio), "encodingFormat": v.AudioType, "duration": duration,
			"contentSize": fmt.Sprint(ep.Enclosure.Bytes),
		},
	}
	series := object{"@type": "PodcastSeries", "name": v.Show.Title}
	if v.Feed != "" {
		series["webFeed"] = v.Feed
	}
	if v.Show.Link != "" {
		series["url"] = v.Show.Link
	}
	if v.Show.Title != "" {
		out["partOfSeries"] = series
	}
	for key, value := range map[string]string{"description": v.Description, "datePublished": v.Date, "isBasedOn": v.Link, "url": v.Own, "image": v.Cover} {
		if value != "" {
			out[key] = value
		}
	}
	if v.Author != "" {
		out["author"] = object{"@type": "Person", "name": v.Author}
	}
	b, err := json.Marshal(out)
	return template.JS(b), err //nolint:gosec // < and & are escaped
}

// data is what the page's script knows of the episode. Times are in seconds.
func data(m *publish.Material, v view) (template.JS, error) {
	type number = json.RawMessage
	cues, err := timed(m.Cues, v)
	if err != nil {
		return "", err
	}
	chapters := make([][2]any, len(v.Chapters))
	for i, c := range v.Chapters {
		chapters[i] = [2]any{number(c.Start), c.Title}
	}
	b, err := json.Marshal(map[string]any{
		"id": m.Episode.ID, "title": v.Title, "author": v.Author, "show": v.Show.Title, "length": number(seconds(m.Episode.Length)),
		"cues": cues, "chapters": chapters,
		"words": map[string]string{
			"play": v.Words.Play, "pause": v.Words.Pause, "of": v.Words.Of, "copied": v.Words.Copied, "inAddress": v.Words.InAddress,
		},
	})
	return template.JS(b), err //nolint:gosec // < and & are escaped
}
