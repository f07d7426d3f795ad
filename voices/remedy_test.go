package voices_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
	"github.com/narrapress/narrapress/voices/voicetest/contract"
)

const kept = "run it again: what was finished is kept"

// TestRemedies holds the whole lines that a user sees, without the host.
func TestRemedies(t *testing.T) {
	t.Parallel()
	body := func(b string) func(int) voicetest.Fault {
		return voicetest.Always(voicetest.Body("audio/wav", []byte(b)))
	}
	status := func(status int, b string, headers ...string) func(int) voicetest.Fault {
		return voicetest.Always(func(w http.ResponseWriter, _ *http.Request, _ func() (voicetest.Sound, error)) {
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(b))
		})
	}
	for name, test := range map[string]struct {
		faults func(int) voicetest.Fault
		change func(*voices.Endpoint)
		want   string
	}{
		"a page": {
			faults: voicetest.Always(voicetest.HTML()),
			want:   "the answer is no audio: a web page, Just a moment (after 3 attempts): is endpoints.studio.url right? Something else answers at http://HOST",
		},
		"a page, no version": {
			faults: voicetest.Always(voicetest.HTML()),
			change: func(e *voices.Endpoint) {
				e.URL, e.Path = strings.TrimSuffix(e.URL, "/v1"), "/audio/../v1/audio/speech"
			},
			want: "the answer is no audio: a web page, Just a moment (after 3 attempts): does endpoints.studio.url end in /v1? Something else answers at http://HOST",
		},
		"404": {
			change: func(e *voices.Endpoint) { e.Path = "/audio/song" },
			want:   "404 Not Found: Unknown request URL: POST /v1/audio/song: check endpoints.studio.url and path; the server is http://HOST",
		},
		"404, no version": {
			change: func(e *voices.Endpoint) { e.URL = strings.TrimSuffix(e.URL, "/v1") },
			want:   "404 Not Found: Unknown request URL: POST /audio/speech: does endpoints.studio.url end in /v1? The server at http://HOST has nothing there",
		},
		"a text": {
			faults: body("loading"),
			want:   "the answer is no audio: loading (after 3 attempts): check endpoints.studio (url, path, model); if they are right, look at the server's log",
		},
		"empty": {
			faults: voicetest.Always(voicetest.Empty()),
			want:   "the answer is empty (after 3 attempts): does the server have the voice and the model? Look at its log, then " + kept,
		},
		"not there": {
			faults: voicetest.Always(voicetest.Base64()),
			change: func(e *voices.Endpoint) { e.Response.Audio = "json:sound" },
			want:   `the answer has no audio at sound: *: set endpoints.studio.response.audio to where it is`,
		},
		"cut file": {
			faults: voicetest.Always(voicetest.CutWAV()),
			want:   "the audio is cut off after * bytes (after 3 attempts): " + kept + "; if it is cut off every time, look at the server's log",
		},
		"cut body": {
			faults: voicetest.Always(voicetest.CutBody()),
			want:   "the answer was cut off (after 3 attempts): " + kept + "; if it is cut off every time, look at the server's log",
		},
		"429": {
			faults: status(429, "{}"),
			want:   "429 Too Many Requests (after 5 attempts): lower endpoints.studio.limits.concurrency or per_minute, then " + kept,
		},
		"429, an hour": {
			faults: status(429, "{}", "Retry-After", "3600"),
			want:   "429 Too Many Requests: it asks to wait 1h0m0s: then " + kept,
		},
		"429, lines": {
			faults: status(429, "{\"error\":{\"message\":\"Slow\\r\\n\\u001b[31mdown\\u2028\\u202e please.\\n\"}}"),
			want:   "429 Too Many Requests: Slow [31mdown please (after 5 attempts): lower endpoints.studio.limits.concurrency or per_minute, then " + kept,
		},
		"400, lines": {
			faults: status(400, "one\r\n\x00\x1b[2Jtwo"),
			want:   "400 Bad Request: 13 bytes that start with *: check voices.host and endpoints.studio: it does not take what they say",
		},
		"500": {
			faults: status(500, "oops"),
			want:   "500 Internal Server Error: oops (after 5 attempts): the fault is the server's: look at its log, or wait, then " + kept,
		},
		"silence": {
			faults: voicetest.Always(voicetest.Silent()),
			want:   "the answer is of no use: * of silence (after 6 attempts): does the voice speak the text's language? Try another voice or other words, or look at the engine's log",
		},
		"too short": {
			faults: voicetest.Always(voicetest.Half()),
			change: func(e *voices.Endpoint) { e.Check.CharsPerSec = []float64{8, 25} },
			want:   "the answer is of no use: * too short to be all of them (after 7 attempts): listen to what it says to this text; if it is right, widen endpoints.studio.check.chars_per_sec",
		},
		"its own stop": {
			faults: status(401, `{"error":{"message":"No API key was provided."}}`),
			change: func(e *voices.Endpoint) { e.Key = voices.NewSecret("none") },
			want:   "401 Unauthorized: No API key was provided: set endpoints.studio.key",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			where := ""
			s := open(t, voicetest.Options{Faults: test.faults}, func(e *voices.Endpoint) {
				where = strings.TrimSuffix(strings.TrimPrefix(e.URL, "http://"), "/v1")
				if test.change != nil {
					test.change(e)
				}
			}, nil)
			_, err := s.say(t.Context(), contract.Text)
			if err == nil {
				t.Fatal("no error")
			}
			got := strings.ReplaceAll(err.Error(), where, "HOST")
			before, after, open := strings.Cut("endpoint studio: "+test.want, "*")
			if !open && got != before || !strings.HasPrefix(got, before) || !strings.HasSuffix(got, after) {
				t.Errorf("got  %s\nwant %s", got, "endpoint studio: "+test.want)
			}
		})
	}
}

// TestAddressIsNotShown has a key in the url, and a server that is down, that
// repeats it, and that does not know it.
func TestAddressIsNotShown(t *testing.T) {
	t.Parallel()
	const key = "sk-secretkey-12345678"
	repeat := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprintf(w, "nothing at %s for %s", r.URL.Path, r.Header.Get("X-Pin"))
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		says    string
	}{
		"down":    {nil, "is the server running at http://127.0.0.1:"},
		"repeats": {repeat, "nothing at /•••/v1/audio/speech for •••: check endpoints.studio.url and path; the server is http://127.0.0.1:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			if test.handler == nil {
				_ = l.Close()
			} else {
				server := &http.Server{Handler: test.handler, ReadHeaderTimeout: time.Second}
				t.Cleanup(func() { _ = server.Close() })
				go func() { _ = server.Serve(l) }()
			}
			resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": {
				Preset: "openai", URL: "http://" + l.Addr().String() + "/" + key + "/v1",
				Headers: map[string]voices.Secret{"X-Pin": voices.NewSecret("pin7")},
			}})
			if err != nil {
				t.Fatal(err)
			}
			studio, err := voices.Open(resolved, voices.OpenOptions{Sleep: func(context.Context, time.Duration) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			_, err = studio.Synthesize(t.Context(), voices.Request{Voice: host, Text: "Hello."})
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(errorText(err), key) || strings.Contains(errorText(err), "pin7") {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestBilled counts the answers that had sound, of use or not.
func TestBilled(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		faults           func(int) voicetest.Fault
		attempts, billed int
		fails            bool
	}{
		"none":                  {nil, 1, 1, false},
		"silent":                {voicetest.Always(voicetest.Silent()), 6, 6, true},
		"too short":             {voicetest.Always(voicetest.Blip()), 6, 6, true},
		"cut":                   {voicetest.Always(voicetest.CutWAV()), 3, 3, true},
		"cut on the way":        {voicetest.Always(voicetest.CutBody()), 3, 3, true},
		"silent once":           {voicetest.Script(voicetest.Silent()), 2, 2, false},
		"busy, cut, silent":     {voicetest.Script(voicetest.TooFast(), voicetest.CutWAV(), voicetest.Silent()), 4, 3, false},
		"silent, then no quota": {voicetest.Script(voicetest.Silent(), voicetest.OutOfQuota()), 2, 1, true},
		"busy":                  {voicetest.Always(voicetest.TooFast()), 5, 0, true},
		"a page":                {voicetest.Always(voicetest.HTML()), 3, 0, true},
		"empty":                 {voicetest.Always(voicetest.Empty()), 3, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, voicetest.Options{Faults: test.faults}, nil, nil)
			speech, err := s.say(t.Context(), contract.Text)
			if (err != nil) != test.fails {
				t.Fatalf("%v", err)
			}
			var attempts int
			billed := voices.Billed(err)
			if e := new(voices.Error); errors.As(err, &e) {
				attempts = e.Attempts
			} else {
				attempts, billed = speech.Attempts, speech.Billed
			}
			if attempts != test.attempts || billed != test.billed {
				t.Errorf("%d attempts, %d billed; want %d, %d", attempts, billed, test.attempts, test.billed)
			}
		})
	}
}

// TestBilledOnce has two wait for one request that fails.
func TestBilledOnce(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{Faults: voicetest.Always(voicetest.Silent()), Delay: 200 * time.Millisecond}, nil, nil)
	billed := make(chan int, 4)
	for range cap(billed) {
		go func() {
			_, err := s.say(t.Context(), contract.Text)
			billed <- voices.Billed(err)
		}()
	}
	sum := 0
	for range cap(billed) {
		sum += <-billed
	}
	if sum != s.server.Stats().Requests {
		t.Errorf("%d billed of %d requests", sum, s.server.Stats().Requests)
	}
}

func TestErrorPunctuation(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]voices.Error{
		"endpoint a: No key was provided: set it": {Reason: "No key was provided.", Remedy: "set it"},
		"endpoint a: No":                             {Reason: "No"},
		"endpoint a: No.":                            {Reason: "No."},
		"endpoint a: Stop (after 2 attempts): do":    {Reason: "Stop!", Remedy: "do", Attempts: 2},
		"endpoint a: Who? Me":                        {Reason: "Who?", Remedy: "Me"},
		"endpoint a: a b: c d":                       {Reason: "a\nb:", Remedy: "c\r\n\x1bd"},
		"endpoint a: 500 (after 3 attempts): do it?": {Reason: "500:", Remedy: "do it?", Attempts: 3},
	} {
		e.Endpoint = "a"
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	_, err := voices.Resolve(map[string]voices.Endpoint{"e": {Preset: "flit"}})
	if err == nil || !strings.Contains(err.Error(), `there is no preset "flit"; did you mean "flite"? There are `) {
		t.Errorf("%v", err)
	}
	_, err = voices.Resolve(map[string]voices.Endpoint{"e": {Preset: "nothing like it"}})
	if err == nil || !strings.Contains(err.Error(), `there is no preset "nothing like it"; there are `) {
		t.Errorf("%v", err)
	}
	_, err = voices.Resolve(map[string]voices.Endpoint{"e": {Preset: "openai", Body: map[string]any{"x": "{{txt}}"}}})
	if err == nil || !strings.Contains(err.Error(), `{{txt}} is no placeholder; did you mean "text"? There are text, `) {
		t.Errorf("%v", err)
	}
}

// TestProgramFails has a program that does not speak.
func TestProgramFails(t *testing.T) {
	t.Parallel()
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": {
		Identity: "x", Transport: "command", Argv: []string{"cat", filepath.Join(t.TempDir(), "none"), "{{text}}"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	studio, err := voices.Open(resolved, voices.OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = studio.Synthesize(t.Context(), voices.Request{Voice: host, Text: "Hello."})
	if err == nil || !strings.HasSuffix(err.Error(), ": run the program by hand to see what it does; endpoints.studio.argv says how it is run") {
		t.Errorf("%v", err)
	}
}

// fullStore has no room.
type fullStore struct{}

func (fullStore) Open(string) (io.ReadCloser, []byte, error) { return nil, nil, fs.ErrNotExist }
func (fullStore) Has(string) bool                            { return false }
func (fullStore) Put(string, []byte, io.Reader) (bool, error) {
	return false, errors.New("no room")
}

// TestBilledAndNotKept has a take spoken that cannot be stored.
func TestBilledAndNotKept(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{}, nil, fullStore{})
	_, err := s.say(t.Context(), contract.Text)
	if err == nil || err.Error() != "keep a take of endpoint studio: no room" || voices.Billed(err) != 1 {
		t.Errorf("%v, %d billed", err, voices.Billed(err))
	}
}

// TestWithoutFFmpeg asks once where no answer can be listened to. Not
// parallel: PATH is the process's.
func TestWithoutFFmpeg(t *testing.T) {
	s := open(t, voicetest.Options{Faults: voicetest.Always(voicetest.Body("audio/flac", []byte("fLaC\x00\x00\x00\x22 and more")))}, nil, nil)
	t.Setenv("PATH", t.TempDir())
	_, err := s.say(t.Context(), contract.Text)
	if err == nil || s.server.Stats().Requests != 1 || !strings.Contains(err.Error(), "endpoint studio: the answer cannot be listened to: decode audio: ffmpeg was not found on PATH; install it: ") {
		t.Errorf("%v after %d requests", err, s.server.Stats().Requests)
	}
}
