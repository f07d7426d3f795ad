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
)

// content is a source that was read: a document, or the script of a plan.
type content struct {
	doc    *document.Document
	script *script.Script
	sha256 string // of the source's bytes
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

func (c *content) read(ctx context.Context, o Order, r *source, sum hash.Hash) error {
	head := bufio.NewReaderSize(io.TeeReader(r, sum), 4096)
	first, err := head.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return named(o.Source, err)
	}
	switch {
	case o.Type == "" && fetch.LooksLikeFeed(first):
		return &document.Error{Pos: document.Pos{File: o.Source}, Reason: fetch.IsFeed}
	case o.Type == "" && !IsURL(o.Source) && (script.IsScript(first) || isData(o.Source)):
		c.script, err = script.Decode(o.Source, head)
	default:
		c.doc, err = document.Read(ctx, o.Source, head, r.options(o))
	}
	return err
}
