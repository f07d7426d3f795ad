package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline/document"
)

// The bounds of what is listed.
const (
	mostFeed    = 16 << 20 // bytes; the largest feeds of whole posts have some 5 MiB
	mostSitemap = 50 << 20 // bytes, decoded: sitemaps.org, "Sitemap file requirements": 52,428,800
	mostEntries = 10_000   // items of a feed; the longest that are known have some thousand
	mostItems   = 50_000   // of a source; the same: 50,000 addresses of a sitemap
	mostParts   = 1_000    // sitemaps of an index
)

// client asks for what a source names: its host, which a person wrote, may be a
// private one; where a feed or a redirect leads may not.
func (l *Lister) client(host string, most int64) *fetch.Client {
	o := l.o.Fetch
	o.MaxBytes = most
	o.AllowPrivate = func(h string) bool { return host != "" && strings.EqualFold(h, host) }
	return fetch.New(o)
}

// body is what stands at an address.
type body struct {
	url         string // after redirects
	contentType string
	bytes       []byte
	sha256      string
	fetch.Validators
}

const accepts = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, text/markdown, application/epub+zip, */*;q=0.5"

func (l *Lister) ask(ctx context.Context, address, host string, most int64, known fetch.Validators) (*body, error) {
	page, err := l.client(host, most).GetChanged(ctx, address, accepts, known)
	if err != nil {
		return nil, err
	}
	defer page.Body.Close()
	b, err := io.ReadAll(page.Body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return &body{
		url: page.URL, contentType: page.ContentType, bytes: b, sha256: hex.EncodeToString(sum[:]),
		Validators: fetch.Validators{ETag: page.ETag, Modified: page.Modified},
	}, nil
}

// web finds the posts of an address.
func (l *Lister) web(ctx context.Context, s *config.Source, out *Listing) []Item {
	r, err := l.record(ctx, s, s.From, 0, out)
	if err != nil {
		out.problem(s, "", err)
		return nil
	}
	items := r.Items
	for _, part := range r.Parts {
		if len(items) >= mostItems {
			out.find("%s lists more than %d posts: the others are left out", s.Title(), mostItems)
			break
		}
		p, err := l.record(ctx, s, part, 1, out)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			out.problem(s, part, err)
			continue
		}
		items = append(slices.Clip(items), p.Items...)
	}
	if len(items) > mostItems {
		items = items[:mostItems]
	}
	host := hostOf(s.From)
	items = slices.Clone(items)
	for i := range items {
		items[i].Host = host
	}
	return items
}

// record is what stands at an address now, read anew only where it has changed.
// Below is how many indexes lead to it.
func (l *Lister) record(ctx context.Context, s *config.Source, address string, below int, out *Listing) (Record, error) {
	as := fmt.Sprintf("%s %s %s %d", recordVersion, s.Kind, s.Content, below)
	last, ok := l.o.Memory.Get(address)
	if ok = ok && last.As == as && last.onlyWeb(); !ok {
		last = Record{}
	}
	b, err := l.ask(ctx, address, hostOf(s.From), document.MostBytes, last.Validators)
	switch {
	case errors.Is(err, fetch.ErrUnchanged):
		return last, nil
	case err != nil:
		return Record{}, err
	case ok && b.sha256 == last.SHA256:
		if last.Validators != b.Validators {
			last.Validators = b.Validators
			l.o.Memory.Put(address, last)
		}
		return last, nil
	}
	r := Record{Validators: b.Validators, SHA256: b.sha256, As: as}
	problems := len(out.Problems)
	if err := l.parse(ctx, s, address, below, b, &r, out); err != nil {
		return Record{}, err
	}
	if len(out.Problems) > problems {
		// What was set aside is said each time, so it is not known.
		r.Validators, r.SHA256 = fetch.Validators{}, ""
	}
	l.o.Memory.Put(address, r)
	return r, nil
}

// parse reads a body as what the source says it is, or as what it looks like.
func (l *Lister) parse(ctx context.Context, s *config.Source, address string, below int, b *body, r *Record, out *Listing) error {
	raw := b.bytes
	if bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) { // a sitemap may stand in a .gz file
		var err error
		if raw, err = unzipped(raw); err != nil {
			return err
		}
	}
	kind := s.Kind
	if below > 0 {
		kind = config.KindSitemap
	}
	if kind == "" || kind == config.KindAuto {
		switch {
		case fetch.LooksLikeFeed(head(raw)), isFeed(raw):
			kind = config.KindFeed
		case isSitemap(raw):
			kind = config.KindSitemap
		default:
			kind = config.KindPage
		}
	}
	r.Kind = kind
	switch kind {
	case config.KindFeed:
		return l.feed(ctx, s, b.url, raw, r, out)
	case config.KindSitemap:
		return l.sitemap(s, b.url, raw, below, r, out)
	}
	p := &page{address: address, body: b}
	doc, err := p.read(ctx)
	if err != nil {
		return err
	}
	it := l.item(address, doc)
	it.Hash, it.Exact = b.sha256, true
	r.Items = []Item{it}
	return nil
}

// head is the beginning of a body, as much as tells what it is.
func head(raw []byte) []byte { return raw[:min(len(raw), 4096)] }

func unzipped(raw []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("is compressed, and not as gzip: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, mostSitemap+1))
	switch {
	case len(out) > mostSitemap:
		return nil, because(Bomb, "unpacks to more than %d MiB", mostSitemap>>20)
	case err != nil:
		return nil, fmt.Errorf("is compressed, and damaged: %w", err)
	}
	return out, nil
}
