package voices

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// spoken is an answer on its way out through the wrappers.
type spoken struct {
	audio     []byte
	mediaType string
	requestID string
	attempts  int
	billed    int // attempts that were answered with sound
	marks     []Mark
	sound     sound  // as the check heard it
	words     string // of a listener
}

// speaker is an endpoint's transport, or a wrapper around one.
type speaker func(ctx context.Context, c *call) (*spoken, error)

// call is a request on its way in.
type call struct {
	req    Request
	key    string
	beside string // where its answer is kept until it is judged; empty: it is the take at once
	values values
	form   rendered
	tried  int    // answers to it that were refused before
	held   *stand // at its endpoint, held until its answer is kept; nil: until it is there

	hears *hearing // a listener is asked; nil: a voice

	waited time.Duration // before it was asked again, or for the endpoint to be back
	tries  int           // attempts, and those of others that it waited for
	meter  Meter         // may be nil
}

// httpTransport speaks HTTP.
type httpTransport struct {
	spec   Endpoint
	render *renderer
	client *http.Client
	tokens tokens
	redactor
}

func newHTTP(spec Endpoint, r *renderer, client *http.Client) *httpTransport {
	t := &httpTransport{spec: spec, render: r, redactor: newRedactor(spec)}
	if client != nil {
		own := *client
		t.client = &own
	} else {
		dialer := &net.Dialer{Timeout: spec.Timeout.Connect, KeepAlive: 30 * time.Second}
		t.client = &http.Client{Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: spec.Timeout.Connect,
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: spec.Limits.most(),
			IdleConnTimeout:     90 * time.Second,
		}}
	}
	if t.client.CheckRedirect == nil {
		t.client.CheckRedirect = sameHost
	}
	return t
}

// errRedirect is a redirect that is not followed.
var errRedirect = errors.New("redirected")

// sameHost keeps text and key at the host that the show names, and a request
// what it was: most redirects make a GET of a POST.
func sameHost(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case len(via) >= 5:
		return fmt.Errorf("%w too often", errRedirect)
	case req.URL.Host != first.URL.Host || req.URL.Scheme != first.URL.Scheme:
		return fmt.Errorf("%w to %s://%s", errRedirect, req.URL.Scheme, req.URL.Host)
	case req.Method != first.Method:
		return fmt.Errorf("%w with another method", errRedirect)
	}
	return nil
}

func (t *httpTransport) speak(ctx context.Context, c *call) (*spoken, error) {
	v, err := t.authorised(ctx, c.values)
	if err != nil {
		return nil, err
	}
	req, err := t.request(v)
	if err != nil {
		return nil, t.fault(GiveUp, "%s", err)
	}
	res, err := t.do(ctx, req, t.spec.Timeout.of(c.req))
	if err != nil {
		err = t.broken(ctx, err)
		if e := new(Error); errors.As(err, &e) && res.ok() && !isText(res.header.Get("Content-Type")) {
			e.Billed = 1 // it had begun
		}
		return nil, err
	}
	if !res.ok() {
		e := t.refusal(res)
		if res.status == http.StatusUnauthorized && t.tokens.drop(v.token) {
			e.Advice, e.most = Again, givenUp
		}
		return nil, e
	}
	t.tokens.took(v.token)
	got, err := unwrap(res.body, res.header.Get("Content-Type"), t.spec.Response)
	if err != nil {
		return nil, t.noSound(res, err)
	}
	return &spoken{
		audio: got.audio, mediaType: got.mediaType, requestID: t.requestID(res.header),
		marks: align(c.values.text, got.words),
	}, nil
}

// of is the time for one attempt.
func (t Timeout) of(req Request) time.Duration {
	return t.Base + t.PerKChars*time.Duration(req.Characters())/1000
}

// noSound is an answer that claims to be a success and has no whole sound.
func (t *httpTransport) noSound(res answer, err error) *Error {
	e := t.fault(Again, "%s", err)
	e.Status, e.RequestID, e.most, e.Err = res.status, t.requestID(res.header), paidFor, err
	e.Remedy, e.Billed = t.spec.uselessRemedy(err), billedFor(err)
	if rule := decide(t.spec.Retry.Rules, res.status, res.body); rule != nil {
		remedy := e.Remedy
		if rule.apply(e); e.Remedy == "" {
			e.Remedy = remedy
		}
	}
	e.Remedy = t.line(e.Remedy)
	return e
}

// request is the HTTP request with the values, secrets and all.
func (t *httpTransport) request(v values) (*http.Request, error) {
	form, err := t.render.render(v)
	if err != nil {
		return nil, err
	}
	u, err := renderAddress(t.spec.URL, t.spec.Path, form.Query, v)
	if err != nil {
		return nil, err
	}
	body, mediaType, err := t.render.encode(form)
	if err != nil {
		return nil, err
	}
	header, err := renderHeaders(t.spec.Headers, v)
	if err != nil {
		return nil, err
	}
	if mediaType != "" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", mediaType)
	}
	return newRequest(t.spec.Method, u, header, body), nil
}

// newRequest cannot fail: the address has been parsed.
func newRequest(method string, u *url.URL, header http.Header, body []byte) *http.Request {
	if header.Get("User-Agent") == "" {
		header.Set("User-Agent", "narrapress")
	}
	req := &http.Request{Method: method, URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if len(body) > 0 {
		req.ContentLength = int64(len(body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		req.Body, _ = req.GetBody()
	}
	return req
}

// do makes one request and reads the whole answer, within the timeouts and
// the limit of its size. With an error, the answer is what had begun of one,
// without a body; else nothing.
func (t *httpTransport) do(ctx context.Context, req *http.Request, most time.Duration) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	total := time.AfterFunc(most, func() { cancel(&TimeoutError{After: most}) })
	defer total.Stop()
	res, err := t.client.Do(req.WithContext(ctx))
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return answer{}, err
	}
	defer res.Body.Close()
	_, phrase, _ := strings.Cut(res.Status, " ")
	out := answer{status: res.StatusCode, phrase: phrase, header: res.Header}
	idle := time.AfterFunc(t.spec.Timeout.Idle, func() { cancel(&TimeoutError{Idle: true, After: t.spec.Timeout.Idle}) })
	defer idle.Stop()
	bound := t.spec.Check.MostBytes + 1
	if !out.ok() {
		bound = min(bound, mostRefusal) // what is beyond is not told
	}
	body, err := io.ReadAll(io.LimitReader(&stirring{res.Body, idle, t.spec.Timeout.Idle}, bound))
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return out, err
	}
	if int64(len(body)) > t.spec.Check.MostBytes {
		return out, errTooLong
	}
	out.body = body
	return out, nil
}

// mostRefusal is how much is read of an answer that is not a success: a few lines
// of it are shown.
const mostRefusal = 1 << 20

var errTooLong = errors.New("the answer is too long")

// stirring puts the idle timer off with every read that brings something.
type stirring struct {
	r    io.Reader
	idle *time.Timer
	wait time.Duration
}

func (s *stirring) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if n > 0 {
		s.idle.Reset(s.wait)
	}
	return n, err
}

// broken is a request that got no whole answer.
func (t *httpTransport) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err() // whoever asked does not wait any more
	}
	// The address in a *url.Error may hold a secret.
	if outer := new(url.Error); errors.As(err, &outer) {
		err = outer.Err
	}
	e := t.fault(Again, "%s", err)
	e.Err, e.Remedy = err, again
	var dns *net.DNSError
	var late net.Error
	var ended *TimeoutError
	switch {
	case errors.As(err, &ended) && !ended.Idle:
		e.Reason, e.most = "no whole answer within the time for a text of this length", givenUp
		e.Remedy = fmt.Sprintf("if it is slow by nature, raise %s.timeout.base or per_1k_chars", t.spec.at())
	case errors.As(err, &ended):
		e.Reason, e.most = fmt.Sprintf("the answer stopped coming for %v", ended.After), givenUp
		e.Remedy = fmt.Sprintf("if it is slow by nature, raise %s.timeout.idle", t.spec.at())
	case errors.Is(err, errTooLong):
		e.Reason, e.most = fmt.Sprintf("the answer is longer than %d bytes (check.most_bytes)", t.spec.Check.MostBytes), paidFor
		e.Remedy = fmt.Sprintf("if it should be, raise %s.check.most_bytes", t.spec.at())
	case errors.Is(err, errRedirect):
		e.Advice, e.Remedy = GiveUp, fmt.Sprintf("set %s.url to where it is now", t.spec.at())
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Reason, e.most, e.Remedy = "the connection was refused", nobody, "is the server running at "+t.spec.site()+"?"
	case errors.As(err, &dns):
		e.Reason, e.most = "there is no host "+dns.Name, nobody
		e.Remedy = fmt.Sprintf("check the network and %s.url", t.spec.at())
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Reason, e.most = "the answer was cut off", paidFor
		e.Remedy = again + "; if it is cut off every time, look at the server's log"
	case errors.As(err, new(*tls.CertificateVerificationError)): // time does not heal it
		e.Advice, e.Remedy = GiveUp, fmt.Sprintf("check %s.url: the host's name and https", t.spec.at())
	case errors.As(err, &late) && late.Timeout():
		e.Remedy = "is the server running at " + t.spec.site() + "? If it is, " + again
	}
	e.Remedy = t.line(e.Remedy)
	return e
}

// fault is an Error whose reason is safe to print.
func (t *httpTransport) fault(a Advice, format string, args ...any) *Error {
	return &Error{Endpoint: t.spec.Name, Advice: a, Reason: t.line(fmt.Sprintf(format, args...))}
}

func (t *httpTransport) requestID(h http.Header) string {
	return t.line(h.Get(t.spec.Response.RequestID))
}
