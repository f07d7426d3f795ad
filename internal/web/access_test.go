package web_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/web"
)

// A cookie is a token, too: it cannot be guessed faster.
func TestGuessedCookies(t *testing.T) {
	t.Parallel()
	server := web.New(&house{shows: []*config.Config{newShow(t, "s")}, token: "right"}, web.Options{})
	last := 0
	for n := range 30 {
		last = ask(t, server, "GET", "/status", fmt.Sprintf("Cookie: narrapress=guess%d", n)).StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the thirtieth guess in a row: %d", last)
	}
	// A browser's cookie of a token that was is not sent again.
	server = web.New(&house{shows: []*config.Config{newShow(t, "s")}, token: "right"}, web.Options{})
	res := ask(t, server, "GET", "/status", "Cookie: narrapress=old", "Accept: text/html")
	if c := res.Cookies(); res.StatusCode != 303 || len(c) != 1 || c[0].MaxAge >= 0 {
		t.Errorf("an old cookie: %d, %v", res.StatusCode, c)
	}
}

// nginx speaks HTTP/1.0 to a server where it is not told otherwise, by the name in
// its own configuration and with nothing said of who asks.
func TestSilentProxy(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(web.New(&house{shows: []*config.Config{newShow(t, "s")}}, web.Options{}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /status HTTP/1.0\r\nHost: localhost:8470\r\nConnection: close\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 403 {
		t.Errorf("it is answered with %d", res.StatusCode)
	}
}

func TestClash(t *testing.T) {
	t.Parallel()
	at := func(id, base string) *config.Config {
		cfg := newShow(t, id)
		cfg.Show.ID, cfg.Publish.BaseURL, cfg.File = id, base, id+".yaml"
		return cfg
	}
	for _, tt := range []struct {
		name  string
		shows []*config.Config
		want  string // empty: none
	}{
		{"others", []*config.Config{at("one", "https://a.example/"), at("two", "https://b.example/")}, ""},
		{"one alone", []*config.Config{at("one", "https://a.example/one")}, ""},
		{"its own name", []*config.Config{at("one", "https://a.example/one"), at("two", "https://a.example/two/")}, ""},
		{"one below another", []*config.Config{at("one", "https://a.example/all"), at("two", "https://a.example/all/two")}, ""},
		{"names that are one in an address", []*config.Config{at("My Show", ""), at("my-show", "")}, "both stand at /my-show/"},
		{"a path that is another's name", []*config.Config{at("one", "https://a.example/two"), at("two", "")}, "where two.yaml stands"},
		{"the same path", []*config.Config{at("one", "https://a.example/all"), at("two", "https://b.example/all/")}, "both stand at /all/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := web.Clash(tt.shows)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v", err)
			}
			// Served all the same, nobody loses its own name.
			if server := web.New(&house{shows: tt.shows}, web.Options{}); tt.name == "a path that is another's name" {
				if text := body(t, ask(t, server, "GET", "/two/lamp/lamp.mp3")); text != "the lamp.mp3 of two" {
					t.Errorf("/two/ is %q", text)
				}
			}
		})
	}
}
