package voices_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/voices"
)

// TestCheckReadsTheList believes a list of voices, does without where a server knows
// none, and says what is wrong where the list cannot be had.
func TestCheckReadsTheList(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string // of the error; empty for none
	}{
		"has the voice":     {http.StatusOK, `{"voices": ["echo", "alloy"]}`, ""},
		"has it not":        {http.StatusOK, `{"voices": ["echo", "alloyed"]}`, `did you mean "alloyed"?`},
		"is unknown":        {http.StatusNotFound, "", ""},
		"is not made yet":   {http.StatusNotImplemented, "", ""},
		"is for others":     {http.StatusForbidden, "", "403 Forbidden: check"},
		"is asked too much": {http.StatusTooManyRequests, "", "429 Too Many Requests"},
		"is out of order":   {http.StatusInternalServerError, "", "500 Internal Server Error"},
		"is a page":         {http.StatusOK, "<html>", "GET /voices"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/voices" {
					w.WriteHeader(tt.status)
					_, _ = io.WriteString(w, tt.body)
				}
			}))
			t.Cleanup(server.Close)
			resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": {
				Preset: "openai", URL: server.URL, Key: voices.NewSecret(secret), Voices: voices.VoiceList{Path: "/voices"},
			}})
			if err != nil {
				t.Fatal(err)
			}
			studio, err := voices.Open(resolved, voices.OpenOptions{})
			if err != nil {
				t.Fatal(err)
			}
			switch err := studio.Check(t.Context(), host); {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}
