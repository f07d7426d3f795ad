package feed

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// page is the text of a page.
func (f *feed) page(pages []page, i int) ([]byte, error) {
	p := pages[i]
	doc := rss{Version: "2.0", ITunes: nsITunes, Podcast: nsPodcast, Atom: nsAtom, Content: nsContent, Channel: f.channel()}
	doc.Channel.Links = f.links(pages, i)
	if p.archive {
		doc.History, doc.Channel.Archive = nsHistory, &struct{}{}
	}
	if len(p.items) > 0 {
		doc.Channel.PubDate = rfc2822(p.items[0].date)
	}
	doc.Channel.Items = make([]item, len(p.items))
	for k := range p.items {
		doc.Channel.Items[k] = p.items[k].item
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(doc); err != nil {
		return nil, fmt.Errorf("write the feed: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func (f *feed) channel() channel {
	s := f.o.Show
	c := channel{
		Title: oneLine(s.Title), Description: cutBytes(clean(s.Description), mostDescription),
		Language: s.Language, Copyright: oneLine(s.Copyright), Generator: "Narrapress",
		Link: f.base.String(), Author: oneLine(s.Author), Image: href{f.art}, Categories: categories(s), Explicit: *s.Explicit,
		Type: cmp.Or(s.Type, podcast.ShowTypes()[0]), GUID: showGUID(s.ID, f.res.URL), Medium: "podcast",
		// The voices are made by machines, whosever words they speak.
		Texts: []txt{{"ai-content", "true"}},
	}
	if isWeb(s.Link) {
		c.Link = s.Link
	}
	if c.Author != "" {
		c.Persons = []person{{Name: c.Author, Role: "host"}}
	}
	if email := oneLine(s.Owner.Email); email != "" {
		c.Owner = &owner{Name: cmp.Or(oneLine(s.Owner.Name), c.Author), Email: email}
		c.Locked = &locked{Owner: email, Yes: map[bool]string{true: "yes", false: "no"}[s.Locked]}
	}
	return c
}

func categories(s podcast.Show) []category {
	var out []category
	for _, name := range s.Category {
		c, ok := podcast.ParseCategory(name)
		if !ok {
			continue
		}
		one := category{Text: c.Name}
		if c.Sub != "" {
			one.Sub = &category{Text: c.Sub}
		}
		out = append(out, one)
	}
	return out
}

// guidSpace is the namespace of shows' GUIDs (podcast namespace, <podcast:guid>).
const guidSpace = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"

// showGUID is the show's own ID where that is a UUID, else that of the feed's
// address, without its scheme and the slashes at its end.
func showGUID(id, address string) string {
	if u, err := uuid.Parse(id); err == nil {
		return u.String()
	}
	_, name, _ := strings.Cut(address, "://")
	return uuid.NewSHA1(uuid.MustParse(guidSpace), []byte(strings.TrimRight(name, "/"))).String()
}

func (f *feed) item(e *entry) item {
	ep := e.ep
	it := item{
		Title:       cmp.Or(oneLine(ep.Title), oneLine(ep.Slug)),
		GUID:        guid{ID: oneLine(ep.ID), Permalink: ep.ID == ep.Link && isWeb(ep.ID)},
		Description: cdata{notes(ep, f.o.Show, mostDescription)}, Content: cdata{notes(ep, f.o.Show, mostContent)},
		Enclosure: enclosure{f.address(e.folder, e.audio.Name), e.audio.Bytes, e.audio.MediaType},
		PubDate:   rfc2822(e.date), Duration: int64(math.Round(float64(ep.Length))), Explicit: *f.o.Show.Explicit,
		Season: ep.Season, Episode: ep.Number, PodSeason: ep.Season, PodEpisode: ep.Number,
		EpisodeType: cmp.Or(ep.Type, podcast.EpisodeTypes()[0]), Author: oneLine(ep.Author),
	}
	if ep.Explicit != nil {
		it.Explicit = *ep.Explicit
	}
	for _, k := range ep.Keywords {
		if k = oneLine(k); k != "" {
			it.Categories = append(it.Categories, k)
		}
	}
	for _, p := range ep.Persons {
		it.Persons = append(it.Persons, person{
			Name: oneLine(p.Name), Role: oneLine(p.Role), Group: oneLine(p.Group), Img: oneLine(p.Image), Href: oneLine(p.Link),
		})
	}
	if len(it.Persons) == 0 && it.Author != "" {
		it.Persons = []person{{Name: it.Author, Role: "author", Group: "writing"}}
	}
	if isWeb(ep.Link) {
		it.Link = ep.Link
	}
	for _, file := range e.files {
		f.beside(&it, e, file)
	}
	if len(it.Alternates) > 0 {
		first := f.alternate(e, e.audio)
		first.Default = true
		it.Alternates = append([]alternate{first}, it.Alternates...)
	}
	return it
}

// beside names a file beside the sound.
func (f *feed) beside(it *item, e *entry, file publish.File) {
	address := f.address(e.folder, file.Name)
	switch file.Kind {
	case publish.KindAudio:
		it.Alternates = append(it.Alternates, f.alternate(e, file))
	case publish.KindChapters:
		if it.Chapters == nil {
			it.Chapters = &chapters{address, file.MediaType}
		}
	case publish.KindTranscript:
		t := transcript{URL: address, Type: file.MediaType, Language: e.ep.Language}
		if media, _, _ := strings.Cut(file.MediaType, ";"); media == "text/vtt" || media == "application/x-subrip" {
			t.Type, t.Rel = media, "captions" // they have times of lines, as captions do
		}
		it.Transcripts = append(it.Transcripts, t)
	case publish.KindCover:
		if it.Image == nil {
			it.Image = &href{address}
		}
	case publish.KindPage:
		it.Link = cmp.Or(it.Link, address)
	case publish.KindImage:
	}
}

func (f *feed) alternate(e *entry, file publish.File) alternate {
	sum, _ := hex.DecodeString(file.SHA256) // ReadHead has checked it
	return alternate{
		Type: file.MediaType, Length: file.Bytes, Source: source{f.address(e.folder, file.Name)},
		Integrity: integrity{"sri", "sha256-" + base64.StdEncoding.EncodeToString(sum)}, // W3C Subresource Integrity, section 3.1
	}
}

// rfc2822 is a date as RSS has it.
func rfc2822(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC1123Z)
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && address == oneLine(address)
}
