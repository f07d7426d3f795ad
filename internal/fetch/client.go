package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Options are the bounds of a client; the zero value is safe.
type Options struct {
	UserAgent    string        // default "narrapress"
	MaxBytes     int64         // of a body, decoded; default 64 MiB
	MaxRedirects int           // default 10
	Timeout      time.Duration // of a request, body and redirects included; default 60 s
	Idle         time.Duration // without a byte; default 15 s
	// AllowPrivate says whether a host may stand at a private address because
	// a person named it. Nil allows none.
	AllowPrivate func(host string) bool
	Resolver     Resolver // nil is the system's
	// Dial connects to an address that was checked; nil is the system's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Resolver finds a host's addresses, as [net.Resolver] does.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// The defaults of Options.
const (
	DefaultMaxBytes     = 64 << 20
	DefaultMaxRedirects = 10
	DefaultTimeout      = time.Minute
	DefaultIdle         = 15 * time.Second
)

// Client asks for what stands at addresses of the web.
type Client struct {
	o      Options
	blocks *blocks
	http   *http.Client
}

// errTime ends a request whose total time is over.
var errTime = errors.New("time is over")

// New makes a client.
func New(o Options) *Client {
	o.UserAgent = cmp.Or(o.UserAgent, "narrapress")
	o.MaxBytes = cmp.Or(o.MaxBytes, DefaultMaxBytes)
	o.MaxRedirects = cmp.Or(o.MaxRedirects, DefaultMaxRedirects)
	o.Timeout = cmp.Or(o.Timeout, DefaultTimeout)
	o.Idle = cmp.Or(o.Idle, DefaultIdle)
	if o.AllowPrivate == nil {
		o.AllowPrivate = func(string) bool { return false }
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	c := &Client{o: o, blocks: newBlocks()}
	c.http = &http.Client{
		Transport: &http.Transport{
			DialContext:            c.dial,
			Proxy:                  nil, // a proxy would dial for us, unchecked
			DisableKeepAlives:      true,
			DisableCompression:     true, // it is undone in read, where its size is bounded
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: 1 << 18,
			TLSHandshakeTimeout:    o.Idle,
			ResponseHeaderTimeout:  o.Idle,
		},
		CheckRedirect: c.redirected,
	}
	return c
}

// Page is what stands at an address.
type Page struct {
	URL         string // after redirects
	ContentType string // as the server declares it
	Modified    string // Last-Modified
	ETag        string
	Body        *Body
}

// Validators say which state of a page is known, as the server named it (RFC
// 9110, section 8.8). Where both are empty, none is.
type Validators struct {
	ETag     string
	Modified string // Last-Modified
}

// Get asks for what stands at an address. The page's Body must be closed; it
// ends with an *Error where a bound is passed. Accept is the header's value.
func (c *Client) Get(ctx context.Context, address, accept string) (*Page, error) {
	return c.GetChanged(ctx, address, accept, Validators{})
}

// GetChanged is Get of a page of which a state is known. Where the server says
// that this is still its state, the error is ErrUnchanged.
func (c *Client) GetChanged(ctx context.Context, address, accept string, known Validators) (*Page, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return nil, &Error{URL: address, Reason: "is no address: write it as https://host/path", Err: err}
	}
	if err := speaks(u); err != nil {
		return nil, &Error{URL: address, Reason: err.Error(), Err: err}
	}
	ctx, stop := context.WithCancelCause(ctx)
	timer := time.AfterFunc(c.o.Timeout, func() { stop(errTime) })
	end := func() {
		timer.Stop()
		stop(nil)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		end()
		return nil, &Error{URL: address, Reason: "is no address: write it as https://host/path", Err: err}
	}
	req.Header.Set("User-Agent", c.o.UserAgent)
	req.Header.Set("Accept", cmp.Or(accept, "*/*"))
	req.Header.Set("Accept-Encoding", "gzip")
	if known.ETag != "" {
		req.Header.Set("If-None-Match", known.ETag)
	}
	if known.Modified != "" {
		req.Header.Set("If-Modified-Since", known.Modified)
	}
	res, err := c.http.Do(req) //nolint:bodyclose // closed with the page
	if err != nil {
		err = c.explain(ctx, address, err)
		end()
		return nil, err
	}
	page := &Page{
		URL: res.Request.URL.Redacted(), ContentType: res.Header.Get("Content-Type"),
		Modified: res.Header.Get("Last-Modified"), ETag: res.Header.Get("ETag"),
	}
	page.Body = c.body(ctx, end, address, res)
	if res.StatusCode == http.StatusNotModified && known != (Validators{}) {
		page.Body.Close()
		return nil, ErrUnchanged
	}
	if res.StatusCode != http.StatusOK {
		page.Body.Close()
		return nil, &Error{URL: address, Reason: status(res.StatusCode), Status: res.StatusCode}
	}
	if res.ContentLength > c.o.MaxBytes {
		err := c.explain(ctx, address, ErrTooLarge)
		page.Body.Close()
		return nil, err
	}
	if err := page.Body.open(res.Header.Get("Content-Encoding")); err != nil {
		page.Body.Close()
		return nil, err
	}
	return page, nil
}

func speaks(u *url.URL) error {
	if s := strings.ToLower(u.Scheme); s != "http" && s != "https" {
		return fmt.Errorf("%s: is not read: only http and https are", u.Scheme)
	}
	return nil
}

// redirected looks at a redirect before it is followed. Credentials in the
// first address go to no other host: the header falls with the host's change,
// and those that a server writes into an address are its own to lose.
func (c *Client) redirected(req *http.Request, via []*http.Request) error {
	if len(via) > c.o.MaxRedirects {
		return &Error{URL: via[0].URL.String(), Reason: fmt.Sprintf("redirects more than %d times: name the last address itself", c.o.MaxRedirects), Err: ErrRedirects}
	}
	if err := speaks(req.URL); err != nil {
		return &Error{URL: via[0].URL.String(), Reason: "redirects to " + req.URL.Scheme + ": only http and https are read", Err: err}
	}
	req.URL.User = nil
	first := via[0].URL
	if !strings.EqualFold(req.URL.Host, first.Host) || first.Scheme == "https" && req.URL.Scheme == "http" {
		req.Header.Del("Authorization")
		req.Header.Del("Cookie")
	}
	req.Header.Del("Referer")
	return nil
}

// dial connects to a host's first address that may be dialled and answers.
// The address itself is dialled, so no second answer of the resolver counts.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ips, err := c.lookUp(ctx, host)
	if err != nil {
		return nil, err
	}
	named := c.o.AllowPrivate(host)
	var last error
	for _, ip := range ips {
		if whose := c.blocks.private(ip); whose != "" && (!named || whose == linkLocal) {
			last = &PrivateError{Host: host, Address: ip.String(), Whose: whose}
			continue
		}
		conn, err := c.o.Dial(ctx, network, net.JoinHostPort(ip.String(), port))
		if err == nil {
			return conn, nil
		}
		if last == nil || !errors.As(last, new(*PrivateError)) {
			last = err
		}
	}
	if last == nil {
		last = &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	return nil, last
}

// mostAddresses is how many of a host's addresses are tried.
const mostAddresses = 8

func (c *Client) lookUp(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip}, nil
	}
	ips, err := c.o.Resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	for i := range ips {
		ips[i] = ips[i].Unmap()
	}
	return ips[:min(len(ips), mostAddresses)], nil
}

// status says what to do about an answer that is no page.
func status(code int) string {
	what := fmt.Sprintf("the server says %d %s", code, http.StatusText(code))
	switch {
	case code == 401 || code == 402 || code == 403 || code == 451:
		return what + ": open the page in a browser and save it as a file"
	case code == 404 || code == 410:
		return what + ": check the address"
	case code == 408 || code == 429 || code >= 500:
		return what + ": try again later"
	default:
		return what
	}
}
