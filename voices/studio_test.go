package voices_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
	"github.com/narrapress/narrapress/voices/voicetest/contract"
)

const secret = "sk-very-secret-4711"

// stage is a server, an endpoint at it, and what its caller sees.
type stage struct {
	server *voicetest.Server
	studio *voices.Studio
	log    bytes.Buffer
	mu     sync.Mutex
	waits  []time.Duration
}

func (s *stage) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

var host = voices.Voice{Name: "host", Endpoint: "studio", Voice: "alloy"}

// open starts a server and opens one endpoint at it, which waits in no time.
func open(t *testing.T, o voicetest.Options, change func(*voices.Endpoint), st voices.Store) *stage {
	t.Helper()
	server, err := voicetest.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	url, err := server.Start("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	e := voices.Endpoint{Preset: "openai", URL: url, Key: voices.NewSecret(secret)}
	if change != nil {
		change(&e)
	}
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": e})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{server: server}
	s.studio, err = voices.Open(resolved, voices.OpenOptions{
		Store: st, Jitter: func() float64 { return 0 },
		Log: slog.New(slog.NewJSONHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Sleep: func(ctx context.Context, d time.Duration) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.waits = append(s.waits, d)
			return ctx.Err()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stage) say(ctx context.Context, text string) (*voices.Speech, error) {
	return s.studio.Synthesize(ctx, voices.Request{Voice: host, Text: text})
}

func TestContractHTTP(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{Key: secret, Unlike: true}, nil, store.Folder(t.TempDir(), store.Options{}))
	other, unknown := host, host
	other.Voice, unknown.Voice = "onyx", "aloy"
	contract.TestSynthesizer(t, s.studio, contract.Expect{Voice: host, Other: other, Unknown: unknown, Stores: true})
}

func TestContractCommand(t *testing.T) {
	t.Parallel()
	for preset, names := range map[string][3]string{"flite": {"slt", "rms", "stl"}, "espeak-ng": {"en-us", "en-gb+f3", "en-usa"}} {
		t.Run(preset, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(preset); err != nil {
				t.Fatalf("the tests need %s: %v", preset, err)
			}
			resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": {Preset: preset}})
			if err != nil {
				t.Fatal(err)
			}
			studio, err := voices.Open(resolved, voices.OpenOptions{})
			if err != nil {
				t.Fatal(err)
			}
			voice := func(name string) voices.Voice { return voices.Voice{Name: "host", Endpoint: "studio", Voice: name} }
			contract.TestSynthesizer(t, studio, contract.Expect{Voice: voice(names[0]), Other: voice(names[1]), Unknown: voice(names[2])})
			if err := studio.Check(t.Context(), voice(names[0])); err != nil {
				t.Error(err)
			}
			err = studio.Check(t.Context(), voice(names[2]))
			if err == nil || !strings.Contains(err.Error(), "did you mean \""+names[0]+"\"?") {
				t.Errorf("Check of %s: %v", names[2], err)
			}
		})
	}
}

// TestFaults has every fault once, or always, and looks at what it leads to.
func TestFaults(t *testing.T) {
	t.Parallel()
	format := func(format, audio string) func(*voices.Endpoint) {
		return func(e *voices.Endpoint) {
			e.Response = voices.Response{Format: format, SampleRate: 16000, Audio: audio}
		}
	}
	retakes := func(n int) func(*voices.Endpoint) { return func(e *voices.Endpoint) { e.Check.Retakes = &n } }
	for name, test := range map[string]struct {
		faults   func(int) voicetest.Fault
		change   func(*voices.Endpoint)
		requests int    // that the server saw
		says     string // in the error; empty: there is none
		advice   voices.Advice
		waits    []time.Duration
	}{
		"none":                     {requests: 1},
		"too fast":                 {faults: voicetest.Script(voicetest.TooFast()), requests: 2, waits: []time.Duration{time.Second}},
		"too fast, seconds":        {faults: voicetest.Script(voicetest.TooFast("Retry-After", "7")), requests: 2, waits: []time.Duration{7 * time.Second}},
		"too fast, milliseconds":   {faults: voicetest.Script(voicetest.TooFast("Retry-After-Ms", "250", "Retry-After", "1")), requests: 2, waits: []time.Duration{250 * time.Millisecond}},
		"too fast, date":           {faults: voicetest.Script(voicetest.TooFast("Retry-After", "Mon, 23 Nov 2026 12:00:09 GMT", "Date", "Mon, 23 Nov 2026 12:00:00 GMT")), requests: 2, waits: []time.Duration{9 * time.Second}},
		"too fast, an hour":        {faults: voicetest.Always(voicetest.TooFast("Retry-After", "3600")), requests: 1, advice: voices.Wait, says: "429 Too Many Requests: Rate limit reached"},
		"too fast, for ever":       {faults: voicetest.Always(voicetest.TooFast()), requests: 5, advice: voices.Wait, says: "(after 5 attempts)", waits: []time.Duration{1e9, 2e9, 4e9, 8e9}},
		"told not to retry":        {faults: voicetest.Always(voicetest.TooFast("X-Should-Retry", "false")), requests: 1, says: "429"},
		"told to retry":            {faults: voicetest.Script(voicetest.Status(418, "", "", "no", "X-Should-Retry", "true")), requests: 2, waits: []time.Duration{1e9}},
		"out of quota":             {faults: voicetest.Always(voicetest.OutOfQuota()), requests: 1, says: "add credit"},
		"500":                      {faults: voicetest.Script(voicetest.Status(500, "server_error", "", "oops"), voicetest.Status(503, "", "", "busy")), requests: 3, waits: []time.Duration{1e9, 2e9}},
		"bad request":              {faults: voicetest.Always(voicetest.Status(400, "invalid_request_error", "", "no such thing")), requests: 1, says: "400 Bad Request: no such thing"},
		"a page":                   {faults: voicetest.Always(voicetest.HTML()), requests: 3, advice: voices.Again, says: "the answer is no audio: a web page, Just a moment", waits: []time.Duration{1e9, 2e9}},
		"an error with 200":        {faults: voicetest.Script(voicetest.JSONError()), requests: 2, waits: []time.Duration{1e9}},
		"nothing":                  {faults: voicetest.Always(voicetest.Empty()), requests: 3, advice: voices.Again, says: "the answer is empty", waits: []time.Duration{1e9, 2e9}},
		"a header alone":           {faults: voicetest.Always(voicetest.BareWAV()), requests: 3, advice: voices.Again, says: "a header and no sound", waits: []time.Duration{1e9, 2e9}},
		"called a page":            {faults: voicetest.Always(voicetest.Mislabelled()), requests: 1},
		"streamed":                 {faults: voicetest.Always(voicetest.Streamed()), requests: 1},
		"floats":                   {faults: voicetest.Always(voicetest.FloatWAV()), requests: 1},
		"cut body":                 {faults: voicetest.Always(voicetest.CutBody()), requests: 3, advice: voices.Again, says: "the answer was cut off", waits: []time.Duration{1e9, 2e9}},
		"cut file":                 {faults: voicetest.Always(voicetest.CutWAV()), requests: 3, advice: voices.Again, says: "the audio is cut off after", waits: []time.Duration{1e9, 2e9}},
		"silence":                  {faults: voicetest.Always(voicetest.Silent()), requests: 6, says: "of silence (after 6 attempts)"},
		"silence once":             {faults: voicetest.Script(voicetest.Silent()), requests: 2},
		"silence, no retakes":      {faults: voicetest.Always(voicetest.Silent()), requests: 1, says: "of silence: does the voice", change: retakes(0)},
		"silence, one retake":      {faults: voicetest.Always(voicetest.Silent()), requests: 4, says: "of silence (after 4 attempts)", change: retakes(1)},
		"half, no retakes":         {faults: voicetest.Always(voicetest.Half()), requests: 1, says: "too short to be all of them", change: func(e *voices.Endpoint) { retakes(0)(e); e.Check.CharsPerSec = []float64{8, 25} }},
		"a page, no retakes":       {faults: voicetest.Script(voicetest.HTML()), requests: 2, change: retakes(0), waits: []time.Duration{1e9}},
		"a blip":                   {faults: voicetest.Script(voicetest.Blip()), requests: 2},
		"half":                     {faults: voicetest.Always(voicetest.Half()), requests: 7, says: "too short to be all of them", change: func(e *voices.Endpoint) { e.Check.CharsPerSec = []float64{8, 25} }},
		"samples":                  {faults: voicetest.Always(voicetest.PCM()), requests: 1, change: format("pcm_s16le", "")},
		"an odd byte":              {faults: voicetest.Always(voicetest.OddPCM()), requests: 3, says: "the samples are cut off", advice: voices.Again, change: format("pcm_s16le", ""), waits: []time.Duration{1e9, 2e9}},
		"a page for samples":       {faults: voicetest.Always(voicetest.HTML()), requests: 3, says: "the answer is no audio: a web page", advice: voices.Again, change: format("pcm_s16le", ""), waits: []time.Duration{1e9, 2e9}},
		"in JSON":                  {faults: voicetest.Always(voicetest.Base64()), requests: 1, change: format("", "json:audio.content")},
		"not where it should be":   {faults: voicetest.Script(voicetest.Base64(), voicetest.Base64(), voicetest.Base64()), requests: 3, says: "no audio at audio", advice: voices.Again, change: format("", "json:audio"), waits: []time.Duration{1e9, 2e9}},
		"no size":                  {faults: voicetest.Always(voicetest.Sized(0)), requests: 1},
		"a size of its own":        {faults: voicetest.Always(voicetest.Sized(2_000_000_000)), requests: 1},
		"a list before":            {faults: voicetest.Always(voicetest.Listed()), requests: 1},
		"8 bits":                   {faults: voicetest.Always(voicetest.EightBit()), requests: 1},
		"an odd byte in a file":    {faults: voicetest.Always(voicetest.OddWAV()), requests: 3, says: "the audio is broken", advice: voices.Again, waits: []time.Duration{1e9, 2e9}},
		"half the rate":            {faults: voicetest.Script(voicetest.WrongRate()), requests: 2, change: func(e *voices.Endpoint) { e.Check.CharsPerSec = []float64{10, 40} }},
		"babble":                   {faults: voicetest.Script(voicetest.Babble()), requests: 2},
		"lines":                    {faults: voicetest.Always(voicetest.Lines(3)), requests: 1, change: format("", "json:audio")},
		"cut chunks":               {faults: voicetest.Always(voicetest.CutChunks()), requests: 3, advice: voices.Again, says: "the answer was cut off", waits: []time.Duration{1e9, 2e9}},
		"reset":                    {faults: voicetest.Script(voicetest.Reset(), voicetest.Reset()), requests: 3, waits: []time.Duration{1e9, 2e9}},
		"sent elsewhere":           {faults: voicetest.Always(voicetest.Redirect(307, "http://localhost:1/v1")), requests: 1, says: "redirected to http://localhost:1"},
		"sent elsewhere, as a GET": {faults: voicetest.Always(voicetest.Redirect(302, "/v1/models")), requests: 1, says: "redirected with another method"},
		"slow":                     {faults: voicetest.Always(voicetest.Drip(5, 10*time.Millisecond)), requests: 1},
		"slower than the deadline": {faults: voicetest.Always(voicetest.Drip(500, 50*time.Millisecond)), requests: 2, says: "no whole answer within the time", advice: voices.Again, waits: []time.Duration{1e9}, change: func(e *voices.Endpoint) { e.Timeout = voices.Timeout{Base: 200 * time.Millisecond, PerKChars: 1} }},
		"stops coming":             {faults: voicetest.Always(voicetest.Drip(2, time.Minute)), requests: 2, says: "stopped coming for 100ms", advice: voices.Again, waits: []time.Duration{1e9}, change: func(e *voices.Endpoint) { e.Timeout.Idle = 100 * time.Millisecond }},
		"hangs":                    {faults: voicetest.Script(voicetest.Hang()), requests: 2, waits: []time.Duration{1e9}, change: func(e *voices.Endpoint) { e.Timeout = voices.Timeout{Base: 2 * time.Second, PerKChars: 1} }},
		"too long":                 {faults: nil, requests: 3, says: "longer than 1000 bytes", advice: voices.Again, change: func(e *voices.Endpoint) { e.Check.MostBytes = 1000 }, waits: []time.Duration{1e9, 2e9}},
		"mp3":                      {requests: 1, change: func(e *voices.Endpoint) { e.Body = map[string]any{"response_format": "mp3"} }},
		"opus":                     {requests: 1, change: func(e *voices.Endpoint) { e.Body = map[string]any{"response_format": "opus"} }},
		"an unknown field":         {requests: 1, says: `unknown field "colour"`, change: func(e *voices.Endpoint) { e.Params = map[string]any{"colour": "blue"} }},
		"an unknown path":          {requests: 0, says: "check endpoints.studio.url and path", change: func(e *voices.Endpoint) { e.Path = "/audio/song" }},
		"a wrong key":              {requests: 0, says: "check endpoints.studio.key", change: func(e *voices.Endpoint) { e.Key = voices.NewSecret("sk-wrong-one-0815") }},
		"no key":                   {requests: 0, says: "set endpoints.studio.key", change: func(e *voices.Endpoint) { e.Key = voices.NewSecret("none") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, voicetest.Options{Key: secret, Faults: test.faults}, test.change, store.Folder(t.TempDir(), store.Options{}))
			speech, err := s.say(t.Context(), contract.Text)
			if got := s.server.Stats().Requests; got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
			if diff := cmp.Diff(test.waits, s.waits); diff != "" {
				t.Errorf("waits: %s", diff)
			}
			if test.says == "" {
				if err != nil {
					t.Fatal(err)
				}
				if speech.Attempts != test.requests {
					t.Errorf("%d attempts of %d requests", speech.Attempts, test.requests)
				}
			} else {
				var refused *voices.Error
				if !errors.As(err, &refused) {
					t.Fatalf("got %v and %v", speech, err)
				}
				if refused.Advice != test.advice || !strings.Contains(err.Error(), test.says) || strings.ContainsAny(err.Error(), "\n\x1b") {
					t.Errorf("advice %d: %v", refused.Advice, err)
				}
				if key, _ := s.studio.Key(voices.Request{Voice: host, Text: contract.Text}); s.studio.Stored(key) {
					t.Error("a failure was stored")
				}
			}
			for what, text := range map[string]string{"log": s.log.String(), "error": errorText(err)} {
				if strings.Contains(text, secret) || strings.Contains(text, "sk-wrong-one-0815") {
					t.Errorf("the key is in the %s: %s", what, text)
				}
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	var all strings.Builder
	for ; err != nil; err = errors.Unwrap(err) {
		all.WriteString(err.Error() + "\n")
	}
	return all.String()
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{}, nil, nil)
	_ = s.server.Close()
	_, err := s.say(t.Context(), "Hello?")
	if err == nil || !strings.Contains(err.Error(), "is the server running at http://127.0.0.1:") || len(s.waits) != 2 {
		t.Errorf("%v after %d waits", err, len(s.waits))
	}
	if err := s.studio.Check(t.Context(), host); err == nil || !strings.Contains(err.Error(), "is the server running") {
		t.Errorf("Check: %v", err)
	}
}

func TestUnknownVoice(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{}, nil, nil)
	v := host
	v.Voice = "shimer"
	for what, err := range map[string]error{
		"Check": s.studio.Check(t.Context(), v),
		"Synthesize": func() error {
			_, err := s.studio.Synthesize(t.Context(), voices.Request{Voice: v, Text: "Hi."})
			return err
		}(),
	} {
		if err == nil || !strings.Contains(err.Error(), `did you mean "shimmer"?`) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := s.studio.Check(t.Context(), host); err != nil {
		t.Error(err)
	}
	v.Endpoint = "studi"
	if _, err := s.studio.Key(voices.Request{Voice: v, Text: "Hi."}); err == nil || !strings.Contains(err.Error(), `"studio"`) {
		t.Errorf("an unknown endpoint: %v", err)
	}
}

func TestStoredOnce(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{Unlike: true, Delay: 100 * time.Millisecond}, nil, store.Folder(t.TempDir(), store.Options{}))
	var wg sync.WaitGroup
	var attempts, stored atomic.Int32
	got := make([][]byte, 16)
	for i := range got {
		wg.Go(func() {
			speech, err := s.say(t.Context(), contract.Text)
			if err != nil {
				t.Error(err)
				return
			}
			got[i] = speech.Audio
			attempts.Add(int32(speech.Attempts))
			if speech.Stored {
				stored.Add(1)
			}
		})
	}
	wg.Wait()
	if n := s.server.Stats().Requests; n != 1 || attempts.Load() != 1 || stored.Load() != 15 {
		t.Errorf("%d requests, %d attempts told of, %d stored", n, attempts.Load(), stored.Load())
	}
	for i := range got {
		if !bytes.Equal(got[i], got[0]) {
			t.Fatalf("answer %d is another", i)
		}
	}
	retake, err := s.studio.Synthesize(t.Context(), voices.Request{Voice: host, Text: contract.Text, Take: 1})
	if err != nil || retake.Stored || bytes.Equal(retake.Audio, got[0]) {
		t.Errorf("a retake is the take: %v", err)
	}
}

// TestTwoHouses has two processes' studios ask for the same take at once: the
// first stored wins, and both go on with its bytes.
func TestTwoHouses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	audio := make([][]byte, 2)
	var wg sync.WaitGroup
	for i := range audio {
		s := open(t, voicetest.Options{Unlike: true, Seed: uint64(i), Delay: 200 * time.Millisecond}, nil, store.Folder(dir, store.Options{}))
		wg.Go(func() {
			speech, err := s.say(t.Context(), contract.Text)
			if err != nil {
				t.Error(err)
				return
			}
			audio[i] = speech.Audio
		})
	}
	wg.Wait()
	if !bytes.Equal(audio[0], audio[1]) {
		t.Error("each goes on with its own bytes")
	}
}

func TestWaiterLeaves(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{Delay: 300 * time.Millisecond}, nil, store.Folder(t.TempDir(), store.Options{}))
	first, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { _, err := s.say(first, contract.Text); left <- err }()
	for s.server.Stats().Requests == 0 {
		time.Sleep(time.Millisecond)
	}
	stays := make(chan *voices.Speech, 1)
	go func() {
		speech, err := s.say(t.Context(), contract.Text)
		if err != nil {
			t.Error(err)
		}
		stays <- speech
	}()
	time.Sleep(50 * time.Millisecond)
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	if speech := <-stays; speech == nil || speech.Attempts != 1 || s.server.Stats().Requests != 1 {
		t.Errorf("who stayed got %v after %d requests", speech, s.server.Stats().Requests)
	}
}

func TestCancelledAsksNoMore(t *testing.T) {
	t.Parallel()
	s := open(t, voicetest.Options{Faults: voicetest.Always(voicetest.Hang())}, nil, nil)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := s.say(ctx, "Hello."); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if n := s.server.Stats().Requests; n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestConcurrencyIsKept(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	s := open(t, voicetest.Options{Faults: func(int) voicetest.Fault {
		return func(w http.ResponseWriter, r *http.Request, say func() (voicetest.Sound, error)) {
			n := now.Add(1)
			defer now.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(20 * time.Millisecond)
			voicetest.Streamed()(w, r, say)
		}
	}}, func(e *voices.Endpoint) { e.Limits.Concurrency = 3 }, nil)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			if _, err := s.say(t.Context(), strings.Repeat("Hello. ", i+1)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if most.Load() != 3 {
		t.Errorf("%d at once", most.Load())
	}
}

// TestRedirects sends a request to another host: neither text nor key goes
// there.
func TestRedirects(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := open(t, voicetest.Options{Key: secret, Faults: voicetest.Always(voicetest.Redirect(status, other.URL+"/v1/audio/speech"))}, nil, nil)
		_, err := s.say(t.Context(), "Hello.")
		if err == nil || !strings.Contains(err.Error(), "redirected to "+other.URL+": set endpoints.studio.url") {
			t.Errorf("%d: %v", status, err)
		}
	}
	if n := followed.Load(); n != 0 {
		t.Errorf("%d requests came to the other host", n)
	}
}

func TestLocal(t *testing.T) {
	t.Parallel()
	preset, names, ok := voices.Local(t.Context(), "")
	if !ok || len(names) < 2 {
		t.Fatalf("%s %v %v", preset, names, ok)
	}
	if preset == "flite" {
		for _, bad := range []string{"kal", "awb_time"} {
			if strings.Contains(" "+strings.Join(names, " ")+" ", " "+bad+" ") {
				t.Errorf("%s is among %v", bad, names)
			}
		}
	}
}

// TestMeta looks at what stands beside a take.
func TestMeta(t *testing.T) {
	t.Parallel()
	st := store.Folder(t.TempDir(), store.Options{})
	s := open(t, voicetest.Options{Key: secret}, nil, st)
	speech, err := s.say(t.Context(), `He said "yes" <to> it.`)
	if err != nil {
		t.Fatal(err)
	}
	r, meta, err := st.Open(speech.Key)
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	for _, want := range []string{`"name":"take.wav"`, `"endpoint":"openai"`, `"model":"tts-1"`, `"voice":"alloy"`, `"text":"He said \"yes\" <to> it."`, `"request_id":"req_1"`, `"rate":16000`} {
		if !bytes.Contains(meta, []byte(want)) {
			t.Errorf("no %s in %s", want, meta)
		}
	}
	for _, never := range []string{secret, "127.0.0.1", "http"} {
		if bytes.Contains(meta, []byte(never)) {
			t.Errorf("%s in %s", never, meta)
		}
	}
}
