package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// mostAnswer is how much of the answer to a Post is read: it says nothing that
// anybody reads, and an end lets the connection close in order.
const mostAnswer = 64 << 10

// Post sends a body to an address, by the same rules as Get asks for a page. A
// redirect is not followed: the body was meant for the address that was named.
// An answer but 2xx is an *Error with its Status. What the errors say may hold
// the address.
func (c *Client) Post(ctx context.Context, address string, header http.Header, body []byte) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return &Error{URL: address, Reason: "is no address: write it as https://host/path", Err: err}
	}
	if err := speaks(u); err != nil {
		return &Error{URL: address, Reason: err.Error(), Err: err}
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer time.AfterFunc(c.o.Timeout, func() { stop(errTime) }).Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &Error{URL: address, Reason: "is no address: write it as https://host/path", Err: err}
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", c.o.UserAgent)
	straight := *c.http
	straight.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := straight.Do(req)
	if err != nil {
		return c.explain(ctx, address, err)
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, mostAnswer)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return &Error{URL: address, Reason: fmt.Sprintf("the server says %d %s", res.StatusCode, http.StatusText(res.StatusCode)), Status: res.StatusCode}
	}
	return nil
}
