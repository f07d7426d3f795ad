// Package source answers which posts there are: it looks through a show's
// sources, which are files and folders, feeds, sitemaps and pages, and tells what
// was found there without making anything of it.
//
// Nothing that is found is believed. A source that fails leaves the others alone,
// and so does a post; each is set aside with a reason. All that comes from the web
// is bounded in size, number, depth and time, and is asked for only where it has
// changed: what was known of a source is kept in a Memory that the caller gives.
package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline"
	"github.com/narrapress/narrapress/pipeline/document"
)

// Item is a post that was found.
type Item struct {
	ID       string    `json:"id"`       // of the episode it becomes, as far as that is known before it is read
	Location string    `json:"location"` // path or address
	Source   string    `json:"source"`   // as config.Source.Title has it
	Title    string    `json:"title,omitempty"`
	Author   string    `json:"author,omitempty"`
	Date     time.Time `json:"date,omitzero"`
	Tags     []string  `json:"tags,omitempty"`
	Words    int       `json:"words,omitempty"` // 0 where they are not known before it is read
	Link     string    `json:"link,omitempty"`  // canonical address
	Draft    bool      `json:"draft,omitempty"` // its author does not want it published yet

	GUID  string `json:"guid,omitempty"`  // that its feed gives it
	Keeps string `json:"keeps,omitempty"` // ID of the episode that was made of it when it had another address

	// Hash is the SHA-256, in hex, of what is known of it: of its bytes, which
	// is that of a manifest, where Exact says so; else of what its feed or
	// sitemap says.
	Hash  string `json:"hash"`
	Exact bool   `json:"exact"`

	// Edits are the SHA-256, in hex, of the files beside it in which a person has
	// changed how it is spoken, by their names; Parts is how many episodes are made
	// of it, each with a file of its own, 0 where it is one.
	Edits map[string]string `json:"edits,omitempty"`
	Parts int               `json:"parts,omitempty"`

	Mark string `json:"mark,omitempty"` // of a file and its edits: size, time and number, by which it is known again
	Text string `json:"text,omitempty"` // a page made of the feed's own text of it; empty: Location is read
	Host string `json:"host,omitempty"` // of the source, which a person named: it may be a private one
}

// Listing is what was found.
type Listing struct {
	Items    []Item     // in the order of the sources, and as they list them
	Problems []*Problem // what was set aside
	Findings []string   // what a person should know, a line each
	Whole    []string   // titles of the sources that were looked through to their ends
}

// Options of a Lister.
type Options struct {
	Memory Memory           // what was known of sources; nil knows and keeps nothing
	Now    func() time.Time // nil is time.Now
	Settle time.Duration    // that a watched file must have been left alone; 0 is 2 s
	Fetch  fetch.Options    // of requests; its AllowPrivate is not used
}

// Lister looks through the sources of a show.
type Lister struct {
	cfg *config.Config
	o   Options
}

// New makes a lister for a show.
func New(cfg *config.Config, o Options) *Lister {
	if o.Memory == nil {
		o.Memory = none{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Settle = cmp.Or(o.Settle, 2*time.Second)
	return &Lister{cfg: cfg, o: o}
}

// List looks through sources. Its error is that of ctx; everything else is a
// problem of a source or a post.
func (l *Lister) List(ctx context.Context, sources []config.Source) (*Listing, error) {
	out := &Listing{}
	type name struct{ of, value string }
	seen := map[name]int{} // by ID and by address, which of the items
	for _, s := range sources {
		f, err := newFilter(s, l.o.Now(), l.name)
		if err != nil {
			out.problem(&s, "", err)
			continue
		}
		problems := len(out.Problems)
		items := l.look(ctx, &s, out)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.Problems = append(out.Problems[:problems], slices.DeleteFunc(out.Problems[problems:], func(p *Problem) bool {
			return p.Item != "" && f.skips(l.name(p.Item))
		})...)
		if !slices.ContainsFunc(out.Problems[problems:], func(p *Problem) bool { return p.Item == "" }) {
			out.Whole = append(out.Whole, s.Title())
		}
		for _, it := range f.apply(items) {
			it.Source = s.Title()
			if err := nameable(it); err != nil {
				out.problem(&s, it.Location, err)
				continue
			}
			names := []name{{"id", it.ID}, {"at", it.Location}}
			if link := Canonical(cmp.Or(it.Link, it.Location)); link != "" {
				names = append(names, name{"link", link})
			}
			if i := slices.IndexFunc(names, func(n name) bool { _, ok := seen[n]; return ok }); i >= 0 {
				first := &out.Items[seen[names[i]]]
				out.find("%s of %s is the same post as %s of %s, which comes first: it is made once", it.Location, it.Source, first.Location, first.Source)
				continue
			}
			for _, n := range names {
				seen[n] = len(out.Items)
			}
			out.Items = append(out.Items, it)
		}
	}
	return out, nil
}

// mostID bounds an ID, in bytes: PostgreSQL's indexes have room for 2,704 (a third of
// a page, documentation 11.2 "B-Tree"), with the show's name. Addresses are seldom
// longer than 2,000.
const mostID = 2000

// nameable says why no job can be known by a post's ID, or no file found by its name:
// PostgreSQL's texts are UTF-8 without NUL, and so are those of JSON.
func nameable(it Item) error {
	broken := func(s string) bool { return !utf8.ValidString(s) || strings.ContainsRune(s, 0) }
	switch {
	case broken(it.Location):
		return because(BadName, "its file's name is not UTF-8: give it another one")
	case broken(it.ID):
		return because(BadName, "its id has characters that are no text: write another one (id: in its front matter)")
	case len(it.ID) > mostID:
		return because(BadName, "its id has %d bytes, and at most %d are taken: write a shorter one (id: in its front matter)", len(it.ID), mostID)
	}
	return nil
}

// look finds the posts of one source, filtered by nothing.
func (l *Lister) look(ctx context.Context, s *config.Source, out *Listing) []Item {
	if pipeline.IsURL(s.From) {
		return l.web(ctx, s, out)
	}
	return l.files(ctx, s, out)
}

// Order is the order by which a post becomes an episode. A page is asked for
// here, looked at, and handed on: what is no post is a *Problem.
func (l *Lister) Order(ctx context.Context, it Item) (pipeline.Order, error) {
	switch {
	case it.Text != "":
		return textOrder(it), nil
	case !pipeline.IsURL(it.Location):
		return pipeline.Order{Source: it.Location}, nil
	}
	p, err := l.page(ctx, it.Location, it.Host, fetch.Validators{})
	if err == nil {
		p.led = !it.Exact // of a page that is a source of its own, all is known
		_, err = p.read(ctx)
	}
	if err != nil {
		return pipeline.Order{}, &Problem{Source: it.Source, Item: it.Location, Reason: Why(err), Err: plain(err)}
	}
	return p.order(), nil
}

// problem sets a source aside, or the post at a place of it.
func (out *Listing) problem(s *config.Source, at string, err error) {
	out.Problems = append(out.Problems, &Problem{Source: s.Title(), Item: at, Reason: Why(err), Err: plain(err)})
}

func (out *Listing) find(format string, args ...any) {
	out.Findings = append(out.Findings, fmt.Sprintf(format, args...))
}

// id is a post's ID by the pipeline's rule.
func (l *Lister) id(location string, meta document.Meta) string {
	return pipeline.EpisodeID(l.cfg, location, meta)
}

// name is how a show names a place: a path from its own folder, or an address.
func (l *Lister) name(location string) string { return pipeline.SourceName(l.cfg, location) }

// because makes an error with a reason of its own.
func because(r Reason, format string, args ...any) error {
	return &Problem{Reason: r, Err: fmt.Errorf(format, args...)}
}

// plain is an error without the reason before it.
func plain(err error) error {
	if p := new(Problem); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// hostOf is the host of an address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
