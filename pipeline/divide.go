package pipeline

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline/document"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/script"
)

// Divide makes an order of each episode that a source is to become: of each
// chapter, where the show has output.split: chapter and the source has two or
// more, else of the whole. A source that is divided is read once, here, and so is
// a Reader, of which there is only one reading: the orders may be planned, and
// then produced.
func (p *Press) Divide(ctx context.Context, o Order) ([]Order, error) {
	split := p.cfg.Output.Split == config.SplitChapter
	if !split && o.Reader == nil {
		return []Order{o}, nil
	}
	src, err := p.recall.read(ctx, o)
	if err != nil {
		return nil, &StageError{Stage: Read, Err: err}
	}
	o.content, o.Reader = src, nil
	if !split || src.doc == nil { // an edited plan is one episode
		return []Order{o}, nil
	}
	parts := src.divided()
	if len(parts) == 1 {
		return []Order{o}, nil
	}
	orders := make([]Order, len(parts))
	for i, part := range parts {
		orders[i] = o
		orders[i].Title = "" // it is the book's
		orders[i].content = part
	}
	return orders, nil
}

// Name is how messages call an order: its source, with the chapter where it is
// of one.
func (o Order) Name() string {
	if o.content == nil || o.content.doc == nil || o.content.doc.Meta.Part == "" {
		return o.Source
	}
	return o.Source + "#" + o.content.doc.Meta.Part
}

// fromBook names a chapter's folder after its book, where no other name is
// known for it than a title.
func fromBook(sc *script.Script, m document.Meta, o Order) {
	if m.Part != "" && sc.Slug == "" && (o.Source == Stdin || IsURL(o.Source)) {
		sc.Slug = publish.Slug(m.Book)
	}
}

// BookOf is the ID of the book that an episode is a chapter of, as far as its own
// ID tells: a person can have given it one of this form.
func BookOf(id string) (book string, ok bool) {
	i := strings.LastIndexByte(id, '#')
	return id[:max(i, 0)], i > 0
}

// mostBookSlug is how much of a book's slug stands in those of its chapters.
const mostBookSlug = 40

// chapterOf makes the identity and the folder's name of a whole those of one
// of its chapters.
func chapterOf(sc *script.Script, m document.Meta) {
	if m.Part == "" {
		return
	}
	sc.ID += "#" + m.Part
	book := strings.TrimRight(sc.Slug[:min(len(sc.Slug), mostBookSlug)], "-")
	width := max(2, len(strconv.Itoa(m.Parts)))
	sc.Slug = publish.Slug(fmt.Sprintf("%s-%0*d-%s", book, width, m.Number, publish.Slug(m.Title)))
}
