package fetch

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestGetChanged(t *testing.T) {
	t.Parallel()
	c, at := local(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"one"`)
		w.Header().Set("Last-Modified", "Sun, 01 Nov 2026 10:00:00 GMT")
		switch {
		case r.URL.Path == "/confused", r.Header.Get("If-None-Match") == `"one"`, r.Header.Get("If-Modified-Since") == "Sun, 01 Nov 2026 10:00:00 GMT":
			w.WriteHeader(http.StatusNotModified)
		default:
			io.WriteString(w, "words")
		}
	})
	page, err := c.GetChanged(t.Context(), at, "", Validators{ETag: `"zero"`, Modified: "Sat, 31 Oct 2026 10:00:00 GMT"})
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	if body, err := io.ReadAll(page.Body); err != nil || string(body) != "words" || page.ETag != `"one"` {
		t.Errorf("%q with %q, %v", body, page.ETag, err)
	}
	for _, known := range []Validators{{ETag: page.ETag}, {Modified: page.Modified}, {page.ETag, page.Modified}} {
		if _, err := c.GetChanged(t.Context(), at, "", known); !errors.Is(err, ErrUnchanged) {
			t.Errorf("%v: %v", known, err)
		}
	}
	// Who knows nothing is not told that it is unchanged.
	if _, err := c.Get(t.Context(), at+"/confused", ""); err == nil || errors.Is(err, ErrUnchanged) || !strings.Contains(err.Error(), "304 Not Modified") {
		t.Errorf("got %v", err)
	}
}
