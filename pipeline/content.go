package pipeline

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// content is a source that was read: a document, or the script of a plan.
type content struct {
	doc    *document.Document
	script *script.Script
	sha256 string // of the source's bytes
	drafts *drafts
}

// read reads a source.
func read(ctx context.Context, o Order) (*content, error) {
	r, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	sum := sha256.New()
	c := &content{}
	if r.archive != nil {
		c.doc, err = readArchive(ctx, o, r, sum)
	} else {
		err = c.read(ctx, o, r, sum)
	}
	if err != nil {
		return nil, err
	}
	if c.doc != nil && c.doc.Meta.Title == "" && o.Source != Stdin {
		c.doc.Meta.Title = titleOf(o.Source)
	}
	c.sha256 = hex.EncodeToString(sum.Sum(nil))
	return c, nil
}

// readArchive reads a book from its file: what is not text is only hashed.
func readArchive(ctx context.Context, o Order, r *source, sum hash.Hash) (*document.Document, error) {
	doc, err := document.Read(ctx, o.Source, r.archive, r.options(o))
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(sum, io.NewSectionReader(r.archive, 0, r.archive.Size())); err != nil {
		return nil, named(o.Source, err)
	}
	return doc, nil
}

// begin looks at the first bytes of a source, and refuses a feed, which is no
// document.
func begin(r io.Reader, o Order) (*bufio.Reader, []byte, error) {
	const most = 4096
	head := bufio.NewReaderSize(r, most)
	first, err := head.Peek(most)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, nil, named(o.Source, err)
	case o.Type == "" && fetch.LooksLikeFeed(first):
		return nil, nil, &document.Error{Pos: document.Pos{File: o.Source}, Reason: fetch.IsFeed}
	}
	return head, first, nil
}

func (c *content) read(ctx context.Context, o Order, r *source, sum hash.Hash) error {
	head, first, err := begin(io.TeeReader(r, sum), o)
	switch {
	case err != nil:
		return err
	case o.Type == "" && !IsURL(o.Source) && overlay.Is(o.Source):
		err = &document.Error{Pos: document.Pos{File: o.Source}, Reason: "holds what a person changed about how a document is spoken, and is none itself: name the document that stands beside it"}
	case o.Type == "" && !IsURL(o.Source) && (script.IsScript(first) || isData(o.Source)):
		c.script, err = script.Decode(o.Source, head)
	default:
		c.doc, err = document.Read(ctx, o.Source, head, r.options(o))
	}
	return err
}
