package fetch

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Body is the decoded body of a page, bounded in size, time and silence.
type Body struct {
	c       *Client
	ctx     context.Context
	end     func()
	address string
	wire    io.ReadCloser // as it comes
	read    io.Reader     // decoded, bounded
	head    *bufio.Reader
	once    sync.Once
	silent  chan struct{} // closed when the server was silent too long
}

func (c *Client) body(ctx context.Context, end func(), address string, res *http.Response) *Body {
	return &Body{c: c, ctx: ctx, end: end, address: address, wire: res.Body, silent: make(chan struct{})}
}

// open undoes the transfer's compression.
func (b *Body) open(encoding string) error {
	var r io.Reader = waiting{b}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "", "identity":
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return b.fault(fmt.Errorf("is compressed, and not as gzip: %w", err))
		}
		r = z
	default:
		return &Error{URL: b.address, Reason: fmt.Sprintf("is compressed as %q, which was not asked for", encoding)}
	}
	b.read = &bounded{r: r, left: b.c.o.MaxBytes}
	b.head = bufio.NewReaderSize(b.read, headBytes)
	return nil
}

// headBytes is how much of a body can be looked at before it is read.
const headBytes = 4096

// Read reads the decoded body.
func (b *Body) Read(p []byte) (int, error) {
	n, err := b.head.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = b.fault(err)
	}
	return n, err
}

// Close ends the request.
func (b *Body) Close() error {
	b.once.Do(b.end)
	return b.wire.Close()
}

func (b *Body) fault(err error) error {
	select {
	case <-b.silent:
		err = ErrIdle
	default:
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &Error{URL: b.address, Reason: "broke off before its end: try again later", Err: err}
	}
	return b.c.explain(b.ctx, b.address, err)
}

// waiting reads what comes, and ends the request after too long a silence.
type waiting struct{ b *Body }

func (w waiting) Read(p []byte) (int, error) {
	t := time.AfterFunc(w.b.c.o.Idle, func() {
		close(w.b.silent)
		w.b.wire.Close()
	})
	n, err := w.b.wire.Read(p)
	if !t.Stop() {
		<-w.b.silent
		return n, ErrIdle
	}
	return n, err
}

// bounded fails once more than a number of bytes were read.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

// Feed says whether a page is an RSS, Atom or JSON feed, by its first bytes.
func (p *Page) Feed() bool {
	head, _ := p.Body.head.Peek(headBytes)
	return LooksLikeFeed(head)
}

// LooksLikeFeed says whether a text is an RSS, Atom or JSON feed, by its first
// bytes.
func LooksLikeFeed(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte{0xEF, 0xBB, 0xBF}), " \t\r\n")
	if bytes.HasPrefix(head, []byte("{")) {
		return bytes.Contains(head, []byte("jsonfeed.org/version/"))
	}
	for bytes.HasPrefix(head, []byte("<?")) || bytes.HasPrefix(head, []byte("<!--")) {
		i := bytes.IndexByte(head, '>')
		if i < 0 {
			return false
		}
		head = bytes.TrimLeft(head[i+1:], " \t\r\n")
	}
	for _, tag := range []string{"<rss", "<feed", "<rdf:RDF"} {
		if bytes.HasPrefix(head, []byte(tag)) {
			return true
		}
	}
	return false
}
