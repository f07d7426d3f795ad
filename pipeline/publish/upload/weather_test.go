package upload_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/narrapress/narrapress/pipeline/publish/upload"
)

// TestBucketInBadWeather uploads to a bucket that is slow, throttles, fails or hangs up, from the
// n-th request on, for every n. Whenever an upload ends, well or not, the feed there names
// nothing that is not there, and another one in good weather brings all of it.
func TestBucketInBadWeather(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_MAX_ATTEMPTS", "1") // as often as this program asks, and no more
	_, _, o := show(t)
	const silent = "silent once"
	refuse := func(code int, name string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "<Error><Code>"+name+"</Code><Message>Not now.</Message></Error>")
		}
	}
	for _, tt := range []struct {
		name   string
		lasts  int64 // requests
		answer func(http.ResponseWriter, *http.Request)
	}{
		{"throttled once", 1, refuse(http.StatusServiceUnavailable, "SlowDown")},
		{"an error once", 1, refuse(http.StatusInternalServerError, "InternalError")},
		{"hung up once", 1, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{silent, 1, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // or nobody sees that the client has gone
			<-r.Context().Done()
		}},
		{"refused from then on", 1 << 40, refuse(http.StatusForbidden, "AccessDenied")},
		{"slow once", 1, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fine := 0
			for n := int64(1); ; n++ {
				backend := s3mem.New()
				if err := backend.CreateBucket("shows"); err != nil {
					t.Fatal(err)
				}
				var asked, from atomic.Int64
				from.Store(n)
				fake := gofakes3.New(backend).Server()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if i := asked.Add(1); i >= from.Load() && i < from.Load()+tt.lasts {
						if tt.answer != nil {
							tt.answer(w, r)
							return
						}
						time.Sleep(50 * time.Millisecond)
					}
					fake.ServeHTTP(w, r)
				}))
				o.To = "s3://shows?region=eu-central-1&use_path_style=true&endpoint=" + url.QueryEscape(server.URL)
				hasty := o
				if tt.name == silent {
					hasty.Within = func(int64) time.Duration { return time.Second }
				}
				_, err := upload.Run(t.Context(), hasty)
				if tt.name == silent && errors.Is(err, context.Canceled) {
					t.Errorf("at %d: what nobody cancelled is called so: %v", n, err)
				}
				if all := asked.Load(); n > all {
					server.Close()
					break // it was done before
				}
				namedInBucket(t, backend)
				if err == nil {
					fine++
				}
				from.Store(1 << 50)
				if res, err := upload.Run(t.Context(), o); err != nil || len(res.Sent)+res.Same != 10 {
					t.Errorf("at %d: in good weather: %+v, %v", n, res, err)
				}
				if there := namedInBucket(t, backend); len(there) != 11 { // ten files and the list
					t.Errorf("at %d: there is %v", n, there)
				}
				server.Close()
				if tt.name == silent {
					n++ // each takes its second
				}
			}
			if (tt.name == "slow once" || tt.name == silent) && fine == 0 {
				t.Errorf("a server that is %s is an error", tt.name)
			}
			t.Logf("%d uploads ended well all the same", fine)
		})
	}
}

// TestUnreadableList does not take a list that it may not read for an empty one: it
// would send everything again, and remove nothing of its own.
func TestUnreadableList(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	backend := s3mem.New()
	if err := backend.CreateBucket("shows"); err != nil {
		t.Fatal(err)
	}
	const list = ".narrapress-files.json"
	fake := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, list) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>")
			return
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	_, _, o := show(t)
	o.To = "s3://shows?region=eu-central-1&use_path_style=true&endpoint=" + url.QueryEscape(server.URL)
	if res, err := upload.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), list) || len(res.Sent) != 0 {
		t.Errorf("%+v, %v", res, err)
	}
	if there := namedInBucket(t, backend); len(there) != 0 {
		t.Errorf("there is %v", there)
	}
}

// namedInBucket lists what is in a bucket, whose feed must name nothing else.
func namedInBucket(t *testing.T, backend *s3mem.Backend) []string {
	t.Helper()
	list, err := backend.ListBucket("shows", nil, gofakes3.ListBucketPage{})
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, o := range list.Contents {
		there = append(there, o.Key)
	}
	if !slices.Contains(there, "feed.xml") {
		return there
	}
	feed, err := backend.GetObject("shows", "feed.xml", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer feed.Contents.Close()
	var text bytes.Buffer
	if _, err := io.Copy(&text, feed.Contents); err != nil {
		t.Fatal(err)
	}
	names := 0
	for _, part := range strings.Split(text.String(), `"`+base+"/")[1:] {
		name, _, _ := strings.Cut(part, `"`)
		names++
		if !slices.Contains(there, name) {
			t.Errorf("the feed names %s, and there is %v", name, there)
		}
	}
	if names == 0 {
		t.Error("the feed names nothing")
	}
	return there
}
