package bucket_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/narrapress/narrapress/internal/bucket"
)

const secret = "s3cr3t-of-the-bucket"

// server speaks S3's interface. before may answer in its place.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string // method, path and If-None-Match
	before func(w http.ResponseWriter, r *http.Request) (answered bool)
}

func newServer(t *testing.T) *server {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_MAX_ATTEMPTS", "1") // as often as this program asks, and no more
	backend := s3mem.New()
	if err := backend.CreateBucket("takes"); err != nil {
		t.Fatal(err)
	}
	fake := gofakes3.New(backend).Server()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		line := r.Method + " " + r.URL.Path
		if on := r.Header.Get("If-None-Match"); on != "" {
			line += " If-None-Match: " + on
		}
		s.mu.Lock()
		s.asked = append(s.asked, line)
		before := s.before
		s.mu.Unlock()
		if before == nil || !before(w, r) {
			fake.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) open(t *testing.T, where string) *bucket.Bucket {
	t.Helper()
	b, err := bucket.Open(t.Context(), "output.bucket", "s3://"+where+"?region=eu-central-1&use_path_style=true&endpoint="+url.QueryEscape(s.URL))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// answer has a server answer once or for good.
func (s *server) answer(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}

func refuse(w http.ResponseWriter, code int, name string) bool {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, "<Error><Code>"+name+"</Code><Message>Not now.</Message></Error>")
	return true
}

func put(t *testing.T, b *bucket.Bucket, name, data string) (bool, error) {
	t.Helper()
	return b.PutIfAbsent(t.Context(), name, int64(len(data)), func(w io.Writer) error {
		_, err := io.WriteString(w, data)
		return err
	})
}

func get(t *testing.T, b *bucket.Bucket, name string) string {
	t.Helper()
	r, err := b.Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// behaves is what every bucket does.
func behaves(t *testing.T, b *bucket.Bucket) {
	t.Helper()
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !b.Exclusive() {
		t.Error("it is not taken to know put-if-absent")
	}
	for i, want := range []bool{true, false} {
		if stored, err := put(t, b, "takes/ab/1", fmt.Sprint("answer ", i)); stored != want || err != nil {
			t.Errorf("stored %v, %v, want %v", stored, err, want)
		}
	}
	if there, err := b.Has(t.Context(), "takes/ab/1"); !there || err != nil {
		t.Error(there, err)
	}
	if got := get(t, b, "takes/ab/1"); got != "answer 0" {
		t.Errorf("it has %q", got)
	}
	if there, err := b.Has(t.Context(), "takes/ab/2"); there || err != nil {
		t.Error(there, err)
	}
	if _, err := b.Get(t.Context(), "takes/ab/2"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of what is not there: %v", err)
	}
	// What fails on its way is not there, in whole or in part.
	stop := errors.New("stop")
	_, err := b.PutIfAbsent(t.Context(), "takes/ab/3", 8, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return stop
	})
	if there, _ := b.Has(t.Context(), "takes/ab/3"); !errors.Is(err, stop) || there {
		t.Errorf("half a file: %v, there %v", err, there)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = b.PutIfAbsent(ctx, "takes/ab/3", 4, func(w io.Writer) error {
		cancel()
		_, _ = io.WriteString(w, "late")
		return nil
	})
	if there, _ := b.Has(t.Context(), "takes/ab/3"); err == nil || there {
		t.Errorf("a process that ends: %v, there %v", err, there)
	}
	var won atomic.Int64
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if stored, err := put(t, b, "takes/cd/1", fmt.Sprint("answer ", i)); err != nil {
				t.Error(err)
			} else if stored {
				won.Add(1)
			}
		})
	}
	if wg.Wait(); won.Load() != 1 {
		t.Errorf("%d of 16 were first", won.Load())
	}
	var names []string
	err = b.List(t.Context(), "takes/", func(name string, size int64, changed time.Time) error {
		names = append(names, name)
		if size < 8 || time.Since(changed) > time.Hour {
			t.Errorf("%s: %d bytes of %s", name, size, changed)
		}
		return nil
	})
	if err != nil || !slices.Equal(names, []string{"takes/ab/1", "takes/cd/1"}) {
		t.Errorf("there are %v, %v", names, err)
	}
	for range 2 {
		if err := b.Remove(t.Context(), "takes/ab/1"); err != nil {
			t.Error(err)
		}
	}
	if there, err := b.Has(t.Context(), "takes/ab/1"); there || err != nil {
		t.Error(there, err)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "shared")
	b, err := bucket.Open(t.Context(), "output.bucket", (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String())
	if err != nil {
		t.Fatal(err)
	}
	behaves(t, b)
	if left, _ := os.ReadDir(filepath.Join(dir, ".tmp")); len(left) != 0 {
		t.Errorf("%d half files are left", len(left))
	}
	for _, name := range []string{"../x", "/x", ".tmp/x"} {
		if _, err := put(t, b, name, "x"); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	// What a killed process left goes a day later.
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "new": time.Hour} {
		path := filepath.Join(dir, ".tmp", name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bucket.Open(t.Context(), "output.bucket", (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String()); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, ".tmp")); len(left) != 1 || left[0].Name() != "new" {
		t.Errorf("left are %v", left)
	}
}

func TestS3(t *testing.T) {
	s := newServer(t)
	behaves(t, s.open(t, "takes/of/shows"))
}

// TestRequests are those that put-if-absent is made of.
func TestRequests(t *testing.T) {
	s := newServer(t)
	b := s.open(t, "takes/shows")
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := put(t, b, "takes/ab/1.tar", "sound"); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	get(t, b, "takes/ab/1.tar")
	want := []string{
		"PUT /takes/shows/narrapress.txt If-None-Match: *", "PUT /takes/shows/narrapress.txt If-None-Match: *",
		"PUT /takes/shows/takes/ab/1.tar If-None-Match: *", "PUT /takes/shows/takes/ab/1.tar If-None-Match: *",
		"PUT /takes/shows/narrapress.txt If-None-Match: *", "GET /takes/shows/takes/ab/1.tar",
	}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestServers are those that answer otherwise than Amazon's.
func TestServers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		before func(n int64, w http.ResponseWriter, r *http.Request) bool
		fails  string // what Ready says; empty: it works
		looks  bool   // before it puts
	}{
		{name: "does not know If-None-Match, and says so", looks: true, before: func(_ int64, w http.ResponseWriter, r *http.Request) bool {
			return r.Header.Get("If-None-Match") != "" && refuse(w, http.StatusNotImplemented, "NotImplemented")
		}},
		{name: "does not know If-None-Match, and does not say so", looks: true, before: func(_ int64, _ http.ResponseWriter, r *http.Request) bool {
			r.Header.Del("If-None-Match")
			return false
		}},
		{name: "two at once", before: func(n int64, w http.ResponseWriter, _ *http.Request) bool {
			return n == 1 && refuse(w, http.StatusConflict, "ConditionalRequestConflict")
		}},
		{name: "throttles once", before: func(n int64, w http.ResponseWriter, _ *http.Request) bool {
			return n == 1 && refuse(w, http.StatusServiceUnavailable, "SlowDown")
		}},
		{name: "hangs up once", before: func(n int64, _ http.ResponseWriter, _ *http.Request) bool {
			if n == 1 {
				panic(http.ErrAbortHandler)
			}
			return false
		}},
		{name: "refuses", fails: "AccessDenied", before: func(_ int64, w http.ResponseWriter, _ *http.Request) bool {
			return refuse(w, http.StatusForbidden, "AccessDenied")
		}},
		{name: "is down", fails: "InternalError", before: func(_ int64, w http.ResponseWriter, _ *http.Request) bool {
			return refuse(w, http.StatusInternalServerError, "InternalError")
		}},
		{name: "answers with a page", fails: "bucket s3://takes: put narrapress.txt: ", before: func(_ int64, w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = io.WriteString(w, strings.Repeat("<html>\nBad gateway\n", 1000))
			return true
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t)
			var n atomic.Int64
			s.answer(func(w http.ResponseWriter, r *http.Request) bool { return tt.before(n.Add(1), w, r) })
			b := s.open(t, "takes")
			err := b.Ready(t.Context())
			if tt.fails != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fails) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 500 || errors.Is(err, fs.ErrNotExist) {
					t.Errorf("error %v, want one line with %q", err, tt.fails)
				}
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("a secret is in %v", err)
				}
				return
			}
			if err != nil || b.Exclusive() == tt.looks {
				t.Errorf("error %v, exclusive %v", err, b.Exclusive())
			}
			for i, want := range []bool{true, false} {
				if stored, err := put(t, b, "takes/ab/1", fmt.Sprint("answer ", i)); stored != want || err != nil {
					t.Errorf("stored %v, %v, want %v", stored, err, want)
				}
			}
			if got := get(t, b, "takes/ab/1"); got != "answer 0" {
				t.Errorf("it has %q", got)
			}
		})
	}
}

// A bucket that is not there is none in which nothing is.
func TestNoBucket(t *testing.T) {
	s := newServer(t)
	b := s.open(t, "another")
	for what, err := range map[string]error{
		"Ready": b.Ready(t.Context()),
		"Get":   func() error { _, err := b.Get(t.Context(), "takes/ab/1"); return err }(),
	} {
		if err == nil || errors.Is(err, fs.ErrNotExist) || !errors.As(err, new(*bucket.Error)) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"s3://takes":                         "",
		"s3://takes/a/b?region=eu-central-1": "",
		"file:///srv/takes":                  "",
		"https://example.org/takes":          "neither file:///FOLDER nor s3://BUCKET/FOLDER",
		"/srv/takes":                         "neither",
		"file://host/takes":                  "no folder of this machine",
		"s3:///takes":                        "names no bucket",
		"s3://key:" + secret + "@takes":      "a name or a key stands in the address",
		"s3://takes?endpoint=http://u:" + secret + "@host": "its endpoint is no address",
		"s3://takes?endpoint=http://169.254.169.254":       "link-local",
		"s3://takes?endpoint=http://[fd00:ec2::254]:80":    "link-local",
		"s3://takes?endpoint=http://[::ffff:169.254.1.1]":  "link-local",
	} {
		err := bucket.Check("output.bucket", to)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "output.bucket: ")) {
			t.Errorf("%s: %v, want %q", to, err, want)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: a secret is in %v", to, err)
		}
	}
}
