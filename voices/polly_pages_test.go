package voices_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/narrapress/narrapress/voices"
)

// TestPollyPages reads a list of voices to its last page, and asks for none after that.
func TestPollyPages(t *testing.T) {
	t.Parallel()
	pages := map[string]string{ // by the token that asks for each
		"":  `{"Voices": [{"Id": "Joanna"}, {"Id": "Amy"}], "NextToken": "2"}`,
		"2": `{"Voices": [{"Id": "Brian"}], "NextToken": "3"}`,
		"3": `{"Voices": [{"Id": "Vicki"}]}`,
	}
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if int(asked.Add(1)) > len(pages) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, pages[r.URL.Query().Get("NextToken")])
	}))
	t.Cleanup(server.Close)
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": {
		Preset: "polly", URL: server.URL, Key: voices.NewSecret("AKIDTEST:" + secret), Params: map[string]any{"region": "eu-west-1"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	studio, err := voices.Open(resolved, voices.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := studio.Voices(t.Context(), "studio")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if want := "[Amy Brian Joanna Vicki]"; fmt.Sprint(got) != want || int(asked.Load()) != len(pages) {
		t.Errorf("%v of %d requests, want %s", got, asked.Load(), want)
	}
}
