package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline/document"
)

// IsURL says whether a source is an address on the web and not a file.
func IsURL(source string) bool {
	head := strings.ToLower(source[:min(len(source), len("https://"))])
	return strings.HasPrefix(head, "http://") || strings.HasPrefix(head, "https://")
}

// ReadDocument reads a source as Plan does, but needs no show and makes no
// script. Of the order only Source, Reader, Title and Type are used.
func ReadDocument(ctx context.Context, o Order) (*document.Document, error) {
	src, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	if src.archive != nil {
		return document.Read(ctx, o.Source, src.archive, src.options(o))
	}
	head, _, err := begin(src, o)
	if err != nil {
		return nil, err
	}
	return document.Read(ctx, o.Source, head, src.options(o))
}

// hostLike is what may be meant for an address: a scheme that is not asked, or a
// host's name and a path.
var hostLike = regexp.MustCompile(`^([a-z]+://|(www\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}/)`)

// source is an order's source, opened.
type source struct {
	io.ReadCloser
	url     string            // that it was read from; empty for a file
	kind    string            // of document that the server says it is
	charset string            // that the server says it is in
	archive *io.SectionReader // the file, where it is a zip archive as books are; nil else
}

func (s *source) options(o Order) document.Options {
	kind := o.Type
	if kind == "" {
		kind = s.kind
	}
	return document.Options{Title: o.Title, Type: kind, URL: s.url, Charset: s.charset}
}

func open(ctx context.Context, o Order) (*source, error) {
	switch {
	case o.Reader != nil && o.Page != nil:
		kind, charset, err := contentOf(*o.Page, func() bool { return false }, o) // its first bytes are looked at where it is read
		if err != nil {
			return nil, err
		}
		return &source{ReadCloser: io.NopCloser(o.Reader), url: o.Page.URL, kind: kind, charset: charset}, nil
	case o.Reader != nil:
		return &source{ReadCloser: io.NopCloser(o.Reader)}, nil
	case IsURL(o.Source):
		return openURL(ctx, o)
	}
	f, err := os.Open(o.Source)
	if errors.Is(err, fs.ErrNotExist) {
		if hostLike.MatchString(o.Source) {
			return nil, fmt.Errorf("%s: there is no such file; the address of a page begins with https://", o.Source)
		}
		return nil, fmt.Errorf("%s: there is no such file", o.Source)
	}
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a folder: name the files in it, or a pattern such as %s", o.Source, filepath.Join(o.Source, "*.md"))
	}
	src := &source{ReadCloser: f}
	if err == nil && st.Mode().IsRegular() {
		head := make([]byte, 4)
		if n, _ := f.ReadAt(head, 0); document.IsArchive(head[:n]) {
			src.archive = io.NewSectionReader(f, 0, st.Size())
		} else if st.Size() > document.MostBytes { // before 64 MiB of it are read
			f.Close()
			return nil, &document.Error{Pos: document.Pos{File: o.Source}, Reason: fmt.Sprintf("is larger than %d MiB: split it into episodes", document.MostBytes>>20)}
		}
	}
	return src, nil
}

// openURL asks for a source. Whoever named its host may mean a machine of
// their own; where a redirect leads, they did not name.
func openURL(ctx context.Context, o Order) (*source, error) {
	u, err := url.Parse(o.Source)
	if err != nil {
		return nil, &fetch.Error{URL: o.Source, Reason: "is no address: write it as https://host/path"}
	}
	client := fetch.New(fetch.Options{
		MaxBytes:     document.MostBytes,
		AllowPrivate: func(host string) bool { return strings.EqualFold(host, u.Hostname()) },
	})
	page, err := client.Get(ctx, o.Source, "text/html, text/markdown, application/epub+zip, text/plain;q=0.9, */*;q=0.5")
	if err != nil {
		return nil, err
	}
	kind, charset, err := contentOf(Page{URL: page.URL, ContentType: page.ContentType}, page.Feed, o)
	if err != nil {
		page.Body.Close()
		return nil, err
	}
	return &source{ReadCloser: page.Body, url: page.URL, kind: kind, charset: charset}, nil
}

// contentOf is what the server says it has sent, as a kind of document; empty
// where the document's own bytes are to tell. Feed says whether they are a feed.
func contentOf(page Page, feed func() bool, o Order) (kind, charset string, err error) {
	media, params, perr := mime.ParseMediaType(page.ContentType)
	if perr != nil {
		media, _, _ = strings.Cut(page.ContentType, ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}
	charset = params["charset"]
	refuse := func(reason string) (string, string, error) {
		return "", "", &fetch.Error{URL: o.Source, Reason: reason}
	}
	switch media {
	case "text/html", "application/xhtml+xml":
		return document.TypeHTML, charset, nil
	case "text/markdown", "text/x-markdown":
		return document.TypeMarkdown, charset, nil
	case "application/epub+zip":
		return document.TypeEPUB, charset, nil
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml":
		return refuse(fetch.IsFeed)
	case "text/plain":
		if feed() {
			return refuse(fetch.IsFeed)
		}
		if ext := strings.ToLower(filepath.Ext(pathOf(page.URL))); ext == ".md" || ext == ".markdown" {
			return document.TypeMarkdown, charset, nil
		}
		return document.TypeText, charset, nil
	}
	if feed() {
		return refuse(fetch.IsFeed)
	}
	switch media {
	case "", "application/octet-stream", "binary/octet-stream", "application/zip", "application/x-zip-compressed", "text/xml", "application/xml", "application/yaml", "text/yaml", "application/json":
		return "", charset, nil
	}
	if o.Type != "" {
		return "", charset, nil
	}
	return refuse(fmt.Sprintf("is %s: pages, books (EPUB), Markdown and plain text are read; save what you want spoken as one of them", media))
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Path
}

// titleOf makes a title of a source's name: of an address its last element,
// else its host.
func titleOf(name string) string {
	if !IsURL(name) {
		return document.TitleFromName(name)
	}
	u, err := url.Parse(name)
	if err != nil {
		return ""
	}
	if title := document.TitleFromName(path.Base(u.Path)); title != "" && strings.Trim(u.Path, "/") != "" {
		return title
	}
	return u.Hostname()
}

// named is a failed read with its source, where the failure does not name it.
func named(source string, err error) error {
	if fe := new(fetch.Error); errors.As(err, &fe) {
		return err
	}
	return fmt.Errorf("reading %s: %w", source, err)
}
