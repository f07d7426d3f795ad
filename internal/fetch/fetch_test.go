package fetch

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// local serves on this machine, and gives a client that may go there.
func local(t *testing.T, o Options, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	if o.AllowPrivate == nil {
		o.AllowPrivate = own
	}
	return New(o), s.URL
}

// own is whether a host is this machine.
func own(host string) bool { return host == "127.0.0.1" }

func get(t *testing.T, c *Client, address string) (*Page, string, error) {
	t.Helper()
	p, err := c.Get(t.Context(), address, "")
	if err != nil {
		return nil, "", err
	}
	defer p.Body.Close()
	b, err := io.ReadAll(p.Body)
	return p, string(b), err
}

func TestGet(t *testing.T) {
	t.Parallel()
	c, at := local(t, Options{UserAgent: "np/1"}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/page", http.StatusFound)
		case "/page":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			fmt.Fprintf(z, "hello %s", r.UserAgent())
			z.Close()
		}
	})
	p, body, err := get(t, c, at+"/moved")
	if err != nil {
		t.Fatal(err)
	}
	if body != "hello np/1" || p.URL != at+"/page" || p.ContentType != "text/html; charset=utf-8" {
		t.Errorf("got %q of %s as %s", body, p.URL, p.ContentType)
	}
}

func TestPrivate(t *testing.T) {
	t.Parallel()
	b := newBlocks()
	for _, c := range []struct {
		ip      string
		refused bool
	}{
		{"127.0.0.1", true},
		{"127.255.255.254", true},
		{"0.0.0.0", true},
		{"0.1.2.3", true},
		{"10.0.0.1", true},
		{"100.64.0.1", true},
		{"100.127.255.255", true},
		{"169.254.169.254", true},
		{"172.16.0.1", true},
		{"172.31.255.255", true},
		{"192.0.0.1", true},
		{"192.0.2.1", true},
		{"192.168.1.1", true},
		{"198.18.0.1", true},
		{"203.0.113.9", true},
		{"224.0.0.1", true},
		{"239.255.255.255", true},
		{"255.255.255.255", true},
		{"240.0.0.1", true},
		{"::", true},
		{"::1", true},
		{"::7f00:1", true},
		{"::ffff:127.0.0.1", true},
		{"::ffff:10.0.0.1", true},
		{"::ffff:0:127.0.0.1", true},
		{"64:ff9b::127.0.0.1", true},
		{"64:ff9b::a9fe:a9fe", true},
		{"64:ff9b:1::1", true},
		{"2002:7f00:1::", true},
		{"2002:a00:1::1", true},
		{"2001::1", true},
		{"2001:db8::1", true},
		{"fc00::1", true},
		{"fd12:3456::1", true},
		{"fe80::1", true},
		{"fe80::1%eth0", true},
		{"fec0::1", true},
		{"ff02::1", true},
		{"100::1", true},
		{"8.8.8.8", false},
		{"1.1.1.1", false},
		{"100.63.255.255", false},
		{"100.128.0.1", false},
		{"172.15.0.1", false},
		{"172.32.0.1", false},
		{"192.167.1.1", false},
		{"169.253.1.1", false},
		{"223.255.255.255", false},
		{"::ffff:8.8.8.8", false},
		{"64:ff9b::8.8.8.8", false},
		{"2002:808:808::1", false},
		{"2606:4700::1111", false},
		{"2a00:1450::1", false},
	} {
		if whose := b.private(netip.MustParseAddr(c.ip)); (whose != "") != c.refused {
			t.Errorf("%s: %q, refused should be %v", c.ip, whose, c.refused)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, address, says string }{
		{"file", "file:///etc/passwd", "is no address"},
		{"ftp", "ftp://example.org/a", "ftp: is not read: only http and https are"},
		{"no host", "http:///a", "is no address"},
		{"no address", "http://[::1", "is no address"},
		{"loopback", "http://127.0.0.1/", "127.0.0.1 is this machine's own address, no page of the web: name that host yourself if you mean it"},
		{"decimal loopback", "http://2130706433/", "host"},
		{"mapped", "http://[::ffff:127.0.0.1]/", "this machine's own address"},
		{"zone", "http://[fe80::1%25lo]/", "link-local address"},
		{"cloud", "http://169.254.169.254/latest/meta-data", "link-local address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			// No name is known to this resolver, and nothing is dialled.
			client := New(Options{Resolver: answers{}, Dial: func(context.Context, string, string) (net.Conn, error) {
				t.Error("it was dialled")
				return nil, errors.New("no")
			}})
			_, _, err := get(t, client, c.address)
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %q", err, c.says)
			}
		})
	}
}

// answers is a resolver that gives a host's answers one after the other.
type answers map[string][][]string

func (a answers) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	if len(a[host]) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var ips []netip.Addr
	for _, s := range a[host][0] {
		ips = append(ips, netip.MustParseAddr(s))
	}
	if len(a[host]) > 1 {
		a[host] = a[host][1:]
	}
	return ips, nil
}

// Where clouds keep the machine's credentials nothing is asked, whoever named the host.
func TestLinkLocalOfANamedHost(t *testing.T) {
	t.Parallel()
	c := New(Options{
		AllowPrivate: func(string) bool { return true },
		Resolver:     answers{"studio.example": {{"169.254.169.254", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254"}}},
		Dial: func(_ context.Context, _, address string) (net.Conn, error) {
			t.Errorf("%s was dialled", address)
			return nil, errors.New("no")
		},
	})
	for _, address := range []string{"http://studio.example/", "http://169.254.169.254/latest/meta-data"} {
		_, _, err := get(t, c, address)
		if private := new(PrivateError); !errors.As(err, &private) || !strings.Contains(err.Error(), "never asked") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestRebinding has a name that is public when it is looked up first, and this
// machine when it is looked up again.
func TestRebinding(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/again", http.StatusFound)
	}))
	t.Cleanup(s.Close)
	var dialled []string
	c := New(Options{
		Resolver: answers{"turn.example": {{"93.184.216.34"}, {"127.0.0.1"}}, "mixed.example": {{"10.0.0.1", "127.0.0.1"}}},
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			dialled = append(dialled, address)
			return new(net.Dialer).DialContext(ctx, network, strings.TrimPrefix(s.URL, "http://")) // what 93.184.216.34 answers
		},
	})
	_, _, err := get(t, c, "http://turn.example/")
	var private *PrivateError
	if !errors.As(err, &private) || private.Address != "127.0.0.1" {
		t.Errorf("got %v, want a *PrivateError", err)
	}
	if _, _, err = get(t, c, "http://mixed.example/"); !errors.As(err, &private) {
		t.Errorf("got %v, want a *PrivateError", err)
	}
	if len(dialled) != 1 || dialled[0] != "93.184.216.34:80" {
		t.Errorf("dialled %v, want the first answer only", dialled)
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	inner := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Authorization") != "" {
			t.Error("credentials went to another host")
		}
	}))
	t.Cleanup(inner.Close)
	var base *url.URL
	outer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{
			"/private": "http://localhost:" + base.Port() + "/", "/file": "file:///etc/passwd", "/loop": "/loop",
			"/other": strings.Replace(inner.URL, "127.0.0.1", "127.0.0.2", 1),
		}[r.URL.Path]
		if to == "" {
			if user, _, _ := r.BasicAuth(); user != "u" {
				t.Error("credentials did not come to their own host")
			}
			to = inner.URL
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}))
	t.Cleanup(outer.Close)
	base, _ = url.Parse(outer.URL)
	c := New(Options{
		AllowPrivate: func(host string) bool { return host == "127.0.0.1" },
		Resolver:     answers{"localhost": {{"127.0.0.1"}}},
	})
	for path, says := range map[string]string{
		"/private": "localhost (127.0.0.1) is this machine's own address", "/file": "redirects to file: only http and https are read",
		"/loop": "redirects more than 10 times", "/other": "127.0.0.2 is this machine's own",
	} {
		if _, _, err := get(t, c, outer.URL+path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", path, err, says)
		}
	}
	if asked.Load() != 0 {
		t.Fatal("a private host was asked")
	}
	if _, _, err := get(t, c, strings.Replace(outer.URL, "http://", "http://u:p@", 1)+"/with"); err != nil {
		t.Error(err)
	}
	_, _, err := get(t, c, "http://u:secret@127.0.0.1:1/")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("the password is in %v", err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	bomb := func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(make([]byte, 8<<20))
		z.Close()
		return b.Bytes()
	}()
	drip := func(w http.ResponseWriter, r *http.Request, every time.Duration) {
		for r.Context().Err() == nil {
			io.WriteString(w, "x")
			w.(http.Flusher).Flush()
			time.Sleep(every)
		}
	}
	c, at := local(t, Options{MaxBytes: 1 << 20}, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/huge":
			for range 4 << 10 {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		case "/declared":
			w.Header().Set("Content-Length", "99999999")
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/drip":
			drip(w, r, 20*time.Millisecond)
		case "/silent":
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/mute":
			<-r.Context().Done()
		case "/short":
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "x")
		case "/brotli":
			w.Header().Set("Content-Encoding", "br")
			io.WriteString(w, "x")
		case "/nogzip":
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, "plain words")
		case "/just":
			w.Write(make([]byte, 1<<20))
		case "/teapot":
			w.WriteHeader(http.StatusTeapot)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	// What is about size has time enough, on a machine that has none to spare.
	idle := New(Options{Idle: 250 * time.Millisecond, AllowPrivate: own})
	hurried := map[string]*Client{"/drip": New(Options{Timeout: 700 * time.Millisecond, AllowPrivate: own}), "/silent": idle, "/mute": idle}
	for _, c2 := range []struct {
		path, says string
		is         error
	}{
		{"/huge", "sends more than 1 MiB: save the part that you want as a file", ErrTooLarge},
		{"/declared", "sends more than 1 MiB", ErrTooLarge},
		{"/bomb", "sends more than 1 MiB", ErrTooLarge},
		{"/drip", "took longer than 700ms", context.DeadlineExceeded},
		{"/silent", "sent nothing for 250ms", ErrIdle},
		{"/mute", "sent nothing for 250ms", nil},
		{"/short", "broke off before its end: try again later", io.ErrUnexpectedEOF},
		{"/brotli", `is compressed as "br", which was not asked for`, nil},
		{"/nogzip", "is compressed, and not as gzip", nil},
		{"/teapot", "the server says 418 I'm a teapot", nil},
		{"/gone", "the server says 410 Gone: check the address", nil},
		{"/busy", "the server says 503 Service Unavailable: try again later", nil},
	} {
		t.Run(c2.path, func(t *testing.T) {
			t.Parallel()
			_, _, err := get(t, cmp.Or(hurried[c2.path], c), at+c2.path)
			var e *Error
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), at+c2.path+": ") || !strings.Contains(err.Error(), c2.says) {
				t.Errorf("got %v, want %q", err, c2.says)
			}
			if c2.is != nil && !errors.Is(err, c2.is) {
				t.Errorf("%v is not %v", err, c2.is)
			}
		})
	}
	if _, body, err := get(t, c, at+"/just"); err != nil || len(body) != 1<<20 {
		t.Errorf("the most that is allowed: %d bytes, %v", len(body), err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := c.Get(ctx, at+"/just", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestTemporary(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{404: false, 403: false, 408: true, 429: true, 500: true, 503: true} {
		if got := (&Error{Status: status}).Temporary(); got != want {
			t.Errorf("%d: %v", status, got)
		}
	}
}

func TestFeed(t *testing.T) {
	t.Parallel()
	c, at := local(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		body, _ := url.QueryUnescape(r.URL.RawQuery)
		io.WriteString(w, body)
	})
	for body, want := range map[string]bool{
		`<?xml version="1.0"?><!-- x --><rss version="2.0">`:   true,
		"\ufeff <feed xmlns='http://www.w3.org/2005/Atom'>":    true,
		`{"version": "https://jsonfeed.org/version/1.1"}`:      true,
		`<?xml version="1.0"?><html><body><rss></body></html>`: false,
		"Words about <rss> feeds.":                             false,
		`{"a": 1}`:                                             false, "": false,
	} {
		p, err := c.Get(t.Context(), at+"/?"+url.QueryEscape(body), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Feed(); got != want {
			t.Errorf("%q: %v, want %v", body, got, want)
		}
		if rest, err := io.ReadAll(p.Body); err != nil || string(rest) != body {
			t.Errorf("after a look the body is %q, %v", rest, err)
		}
		p.Body.Close()
	}
}
