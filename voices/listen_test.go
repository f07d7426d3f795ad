package voices_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
)

const listenKey = "sk-ear-secret-0815"

// house is a server that speaks, one that listens, and a store.
type house struct {
	server   *voicetest.Server
	listener *voicetest.Listener
	store    *store.Store
	open     func(t *testing.T, change func(*voices.Listen)) *voices.Studio
	log      bytes.Buffer
	mu       sync.Mutex
}

func (h *house) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.Write(p)
}

func build(t *testing.T, o voicetest.Options, l voicetest.ListenerOptions, change func(*voices.Endpoint)) *house {
	t.Helper()
	h := &house{store: store.Folder(t.TempDir(), store.Options{})}
	var err error
	if h.server, err = voicetest.New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	url, err := h.server.Start("")
	if err != nil {
		t.Fatal(err)
	}
	l.Key = listenKey
	h.listener = voicetest.NewListener(h.server, l)
	ears, err := h.listener.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = h.server.Close(), h.listener.Close() })
	e := voices.Endpoint{Preset: "openai", URL: url, Key: voices.NewSecret(secret), Limits: voices.Limits{Concurrency: 2}}
	if change != nil {
		change(&e)
	}
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": e})
	if err != nil {
		t.Fatal(err)
	}
	h.open = func(t *testing.T, change func(*voices.Listen)) *voices.Studio {
		t.Helper()
		who := voices.DefaultListen()
		who.URL, who.Model, who.Key = ears, "whisper-1", voices.NewSecret(listenKey)
		if change != nil {
			change(&who)
		}
		studio, err := voices.Open(resolved, voices.OpenOptions{
			Store: h.store, Listen: who, Spell: record.Spell,
			Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
			Log:   slog.New(slog.NewJSONHandler(h, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		if err != nil {
			t.Fatal(err)
		}
		return studio
	}
	return h
}

// descriptions are the stored takes' own, by their texts; and how many entries
// the store has in all.
func (h *house) descriptions(t *testing.T) (map[string]map[string]any, int) {
	t.Helper()
	all, n := map[string]map[string]any{}, 0
	err := h.store.Walk(func(e store.Entry) error {
		n++
		var m map[string]any
		if err := json.Unmarshal(e.Meta, &m); err != nil {
			return err
		}
		if text, ok := m["text"].(string); ok {
			all[text] = m
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, n
}

// say has texts spoken as those of one episode, one after the other.
func sayAll(ctx context.Context, e *voices.Episode, texts ...string) ([]*voices.Speech, error) {
	var out []*voices.Speech
	for _, text := range texts {
		s, err := e.Synthesize(ctx, voices.Request{Voice: host, Text: text, Language: "en-US"})
		if err != nil {
			return out, err
		}
		out = append(out, s)
	}
	_, err := e.Settle(ctx)
	return out, err
}

const (
	longText  = "The old ferry left the harbour before sunrise. Nobody on the pier had seen who was at the wheel, and by noon the fog had taken it."
	otherText = "In twenty twenty-six the lighthouse was sold to a family of bakers from the next valley."
)

// drops has the answers to the given requests leave six words out.
func drops(when func(n int, text string) bool) func(int, string) string {
	return func(n int, text string) string {
		if when(n, text) {
			return voicetest.Drops(text, 6)
		}
		return text
	}
}

// A take is heard once, and its verdict is kept with it.
func TestHeardOnce(t *testing.T) {
	t.Parallel()
	for _, format := range voices.ListenFormats() {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			h := build(t, voicetest.Options{}, voicetest.ListenerOptions{}, nil)
			studio := h.open(t, func(l *voices.Listen) { l.Format = format })
			for range 2 {
				if _, err := sayAll(t.Context(), studio.Episode(), longText, otherText, longText); err != nil {
					t.Fatal(err)
				}
			}
			if spoke, heard := h.server.Stats().Requests, h.listener.Stats().Requests; spoke != 2 || heard != 2 {
				t.Errorf("%d requests to the voice and %d to the listener, want 2 each", spoke, heard)
			}
			want := voicetest.Asked{Model: "whisper-1", Language: "en", Format: format, FileName: "take.wav"}
			if got := h.listener.Asked()[0]; got != want {
				t.Errorf("asked with %+v, want %+v", got, want)
			}
			takes, all := h.descriptions(t)
			if all != 3 { // two takes and the record of their voice
				t.Errorf("the store has %d entries, want 3: nothing waits any more", all)
			}
			heard, _ := takes[longText]["heard"].(map[string]any)
			if heard["by"] != "whisper-1" || heard["words"] != longText || heard["rate"] != 0.0 {
				t.Errorf("the take's verdict is %v", heard)
			}
			if log := h.log.String(); strings.Contains(log, listenKey) || !strings.Contains(log, `"listened"`) {
				t.Errorf("the log is wrong about the listener: %s", log)
			}
		})
	}
}

// What says other words is taken again, then in halves, then reported.
func TestOtherWords(t *testing.T) {
	t.Parallel()
	retakes := func(n int) func(*voices.Endpoint) { return func(e *voices.Endpoint) { e.Check.Retakes = &n } }
	always := func(int, string) bool { return true }
	for name, c := range map[string]struct {
		says     func(int, string) string
		hears    func(int, string) string
		change   func(*voices.Endpoint)
		listen   func(*voices.Listen)
		text     string
		requests int
		heard    int
		fails    string // in the error
	}{
		"right":                   {requests: 1, heard: 1},
		"once":                    {says: drops(func(n int, _ string) bool { return n == 1 }), requests: 2, heard: 2},
		"three times":             {says: drops(func(n int, _ string) bool { return n <= 3 }), requests: 4, heard: 2},
		"as a whole":              {says: drops(func(_ int, text string) bool { return len(text) > 100 }), requests: 4 + 2, heard: 2}, // the retakes are alike, and so is what is heard in them
		"always":                  {says: drops(always), requests: 4 + 2, heard: 2, fails: "the answer says other words: 6 words in a row are not those of the text: nothing was heard for"},
		"always, no retakes":      {says: drops(always), change: retakes(0), requests: 1, heard: 1, fails: "listen.rate"},
		"always, short":           {says: func(int, string) string { return "Then again we went." }, text: "The old ferry left.", requests: 5, heard: 1, fails: "other words"},
		"always, more is allowed": {says: drops(always), listen: func(l *voices.Listen) { l.Rate, l.InARow = 0.5, 10 }, requests: 1, heard: 1},
		"rate alone":              {says: drops(always), listen: func(l *voices.Listen) { l.InARow = 1000 }, requests: 6, heard: 2, fails: "% of its words are not those of the text"},
		"babble is heard":         {hears: func(_ int, w string) string { return w + " " + w }, requests: 6, heard: 2, fails: "was heard for nothing"},
		"nothing is heard":        {hears: func(int, string) string { return "" }, requests: 6, heard: 2, fails: "nothing was heard for"},
		"nothing is heard once":   {hears: func(n int, w string) string { return voicetest.Drops(w, 100*max(0, 2-n)) }, requests: 6, heard: 2},
		"written otherwise": {text: otherText, hears: func(_ int, w string) string {
			return strings.ReplaceAll(strings.ToUpper(w), "TWENTY TWENTY-SIX", "2026")
		}, requests: 1, heard: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := build(t, voicetest.Options{Says: c.says}, voicetest.ListenerOptions{Hears: c.hears}, c.change)
			text := c.text
			if text == "" {
				text = longText
			}
			e := h.open(t, c.listen).Episode()
			speech, err := sayAll(t.Context(), e, text)
			if got := h.server.Stats().Requests; got != c.requests {
				t.Errorf("%d requests to the voice, want %d", got, c.requests)
			}
			if got := h.listener.Stats().Requests; got != c.heard {
				t.Errorf("%d requests to the listener, want %d", got, c.heard)
			}
			if n, why := e.Unheard(); n != 0 {
				t.Errorf("%d unheard: %v", n, why)
			}
			if c.fails == "" {
				if err != nil {
					t.Fatal(err)
				}
				if speech[0].Attempts != c.requests || speech[0].Billed != c.requests {
					t.Errorf("%d attempts, %d billed, of %d requests", speech[0].Attempts, speech[0].Billed, c.requests)
				}
				if takes, all := h.descriptions(t); all != 2 || takes[text]["checked"] != true {
					t.Errorf("the store has %d entries, want the take and the voice's record: %v", all, takes)
				}
				return
			}
			refused, ok := errors.AsType[*voices.Error](err)
			if !ok || !strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error %v, want one that says %q", err, c.fails)
			}
			if refused.Attempts != c.requests || voices.Billed(err) != c.requests {
				t.Errorf("%d attempts, %d billed, of %d requests", refused.Attempts, voices.Billed(err), c.requests)
			}
			if key, _ := e.Key(voices.Request{Voice: host, Text: text, Language: "en-US"}); h.store.Has(key) {
				t.Error("what says other words is a take")
			}
		})
	}
}

// A voice that never speaks alike is heard each time.
func TestOtherWordsUnlike(t *testing.T) {
	t.Parallel()
	h := build(t, voicetest.Options{Unlike: true, Says: drops(func(n int, _ string) bool { return n <= 2 })}, voicetest.ListenerOptions{}, nil)
	if _, err := sayAll(t.Context(), h.open(t, nil).Episode(), longText); err != nil {
		t.Fatal(err)
	}
	if spoke, heard := h.server.Stats().Requests, h.listener.Stats().Requests; spoke != 3 || heard != 3 {
		t.Errorf("%d requests to the voice and %d to the listener, want 3 each", spoke, heard)
	}
	if takes, all := h.descriptions(t); all != 2 || takes[longText]["heard"].(map[string]any)["words"] != longText {
		t.Errorf("the store has %d entries, want the take and the voice's record: %v", all, takes)
	}
}

// A listener's own faults are its own: they are asked again, and where that is
// no use the takes are kept unheard, unless they must be heard.
func TestListenerFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		faults  func(int) voicetest.Fault
		listen  func(*voices.Listen)
		heard   int // requests to the listener
		unheard int // of two takes
		says    string
	}{
		"too fast":        {faults: voicetest.Script(voicetest.TooFast("Retry-After", "2")), heard: 3},
		"500 twice":       {faults: voicetest.Script(voicetest.Status(500, "", "", "oops"), voicetest.Status(503, "", "", "busy")), heard: 4},
		"a page":          {faults: voicetest.Script(voicetest.HTML()), heard: 3},
		"a page for text": {faults: voicetest.Script(voicetest.HTML()), listen: func(l *voices.Listen) { l.Format = "text" }, heard: 3},
		"nothing":         {faults: voicetest.Script(voicetest.Empty()), heard: 3},
		"cut off":         {faults: voicetest.Script(voicetest.CutBody()), heard: 3},
		"reset":           {faults: voicetest.Script(voicetest.Reset()), heard: 3},
		"an error":        {faults: voicetest.Script(voicetest.JSONError()), heard: 3},
		"hangs": {faults: voicetest.Script(voicetest.Hang()), listen: func(l *voices.Listen) {
			l.Timeout = voices.Timeout{Connect: 1e9, Idle: 1e9, Base: 300 * time.Millisecond}
		}, heard: 3},
		"no transcript":  {faults: voicetest.Always(voicetest.Body("application/json", []byte(`{"segments":[]}`))), heard: 3, unheard: 2, says: "the answer is no transcript"},
		"500 always":     {faults: voicetest.Always(voicetest.Status(500, "", "", "oops")), heard: 5, unheard: 2, says: "500 Internal Server Error: oops (after 5 attempts)"},
		"pages always":   {faults: voicetest.Always(voicetest.HTML()), heard: 3, unheard: 2, says: "is listen.url right?"},
		"out of quota":   {faults: voicetest.Always(voicetest.Status(402, "", "", "no credit")), heard: 1, unheard: 2, says: "add credit"},
		"a wrong key":    {listen: func(l *voices.Listen) { l.Key = voices.NewSecret("sk-wrong-4711") }, unheard: 2, says: "check listen.key"},
		"a wrong path":   {listen: func(l *voices.Listen) { l.Path = "/audio/translations" }, unheard: 2, says: "check listen.url and path"},
		"one is refused": {faults: voicetest.Script(voicetest.Status(400, "invalid_request_error", "", "Invalid file format.")), heard: 2, unheard: 1, says: "400 Bad Request: Invalid file format."},
		"too large":      {listen: func(l *voices.Listen) { l.Limits.Most = 1000 }, unheard: 2, says: "it takes 1000 (listen.limits.most_bytes)"},
		"nobody there":   {listen: func(l *voices.Listen) { l.URL = "http://127.0.0.1:1/v1" }, unheard: 2, says: "the connection was refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := build(t, voicetest.Options{}, voicetest.ListenerOptions{Faults: c.faults}, nil)
			e := h.open(t, c.listen).Episode()
			if _, err := sayAll(t.Context(), e, longText, otherText); err != nil {
				t.Fatalf("the episode fails for the listener: %v", err)
			}
			n, why := e.Unheard()
			if n != c.unheard || c.says == "" != (why == nil) || why != nil && !strings.Contains(why.Error(), c.says) {
				t.Errorf("%d unheard for %v, want %d for %q", n, why, c.unheard, c.says)
			}
			if got := h.listener.Stats().Requests; got != c.heard {
				t.Errorf("%d requests to the listener, want %d", got, c.heard)
			}
			if got := h.server.Stats().Requests; got != 2 {
				t.Errorf("%d requests to the voice, want 2", got)
			}
			for _, hidden := range []string{listenKey, "sk-wrong-4711"} {
				if strings.Contains(h.log.String(), hidden) || why != nil && strings.Contains(errorText(why), hidden) {
					t.Errorf("the key is shown: %v", why)
				}
			}
			if c.unheard == 0 {
				return
			}

			// Where it must be heard, what was paid for waits for a listener.
			h = build(t, voicetest.Options{}, voicetest.ListenerOptions{Faults: c.faults}, nil)
			must := func(l *voices.Listen) {
				if c.listen != nil {
					c.listen(l)
				}
				l.Required = true
			}
			if _, err := sayAll(t.Context(), h.open(t, must).Episode(), longText); err == nil || !strings.Contains(err.Error(), c.says) || voices.Billed(err) != 1 {
				t.Errorf("error %v (%d billed), want %q", err, voices.Billed(err), c.says)
			}
			if c.faults != nil {
				return // it goes on to fail
			}
			if _, err := sayAll(t.Context(), h.open(t, func(l *voices.Listen) { l.Required = true }).Episode(), longText); err != nil {
				t.Error(err)
			}
			if got := h.server.Stats().Requests; got != 1 {
				t.Errorf("%d requests to the voice, want 1: its answer was kept", got)
			}
		})
	}
}

// A listener whose answers are lost between two runs is not asked again.
func TestKilledWhileListening(t *testing.T) {
	t.Parallel()
	h := build(t, voicetest.Options{Unlike: true, Says: drops(func(n int, _ string) bool { return n == 1 })}, voicetest.ListenerOptions{}, nil)
	// Never settled, as if it were killed.
	if _, err := h.open(t, nil).Episode().Synthesize(t.Context(), voices.Request{Voice: host, Text: longText, Language: "en-US"}); err != nil {
		t.Fatal(err)
	}
	if _, err := sayAll(t.Context(), h.open(t, nil).Episode(), longText); err != nil {
		t.Fatal(err)
	}
	if spoke, heard := h.server.Stats().Requests, h.listener.Stats().Requests; spoke != 2 || heard != 2 {
		t.Errorf("%d requests to the voice and %d to the listener, want 2 each, those of the first run", spoke, heard)
	}
	if _, all := h.descriptions(t); all != 2 {
		t.Errorf("the store has %d entries, want the take and the voice's record", all)
	}
}

// purse is a meter with a limit for listening.
type purse struct {
	mu      sync.Mutex
	charges []voices.Charge
	most    float64
}

var errSpent = errors.New("all is spent")

func (p *purse) Reserve(c voices.Charge) (func(voices.Outcome), error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.Cost > p.most {
		return nil, errSpent
	}
	p.charges = append(p.charges, c)
	return func(voices.Outcome) {}, nil
}

// Listening is paid by the minute, and kept to the limits of cost.
func TestListeningCosts(t *testing.T) {
	t.Parallel()
	h := build(t, voicetest.Options{}, voicetest.ListenerOptions{}, func(e *voices.Endpoint) { e.Price = voices.Price{Free: true} })
	priced := func(l *voices.Listen) { l.Price.PerMinute = 0.6 }
	p := &purse{most: 1e-4}
	_, err := sayAll(t.Context(), h.open(t, priced).Metered(p).Episode(), longText)
	if !errors.Is(err, errSpent) {
		t.Fatalf("error %v, want the purse's", err)
	}
	if voices.Billed(err) != 1 {
		t.Errorf("%d answers billed, want 1", voices.Billed(err))
	}
	p.most = 1
	speech, err := sayAll(t.Context(), h.open(t, priced).Metered(p).Episode(), longText)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.charges); n != 2 || p.charges[1].Endpoint != "listen" || p.charges[1].Characters != 0 || !p.charges[1].Price.Known() {
		t.Fatalf("charges %+v, want one of the voice and one of the listener", p.charges)
	}
	sound, err := record.Listen(t.Context(), speech[0].Audio)
	if err != nil {
		t.Fatal(err)
	}
	if want := float64(sound.Frames) / float64(sound.Rate) / 60 * 0.6; math.Abs(p.charges[1].Cost-want) > 1e-9 {
		t.Errorf("it costs %v, want %v", p.charges[1].Cost, want)
	}
}

// Types of files that listeners do not take are sent as WAV.
func TestListenToAAC(t *testing.T) {
	t.Parallel()
	h := build(t, voicetest.Options{}, voicetest.ListenerOptions{}, func(e *voices.Endpoint) { e.Body = map[string]any{"response_format": "aac"} })
	e := h.open(t, nil).Episode()
	if _, err := sayAll(t.Context(), e, longText); err != nil {
		t.Fatal(err)
	}
	if n, why := e.Unheard(); n != 0 || h.listener.Asked()[0].FileName != "take.wav" {
		t.Errorf("%d unheard (%v), asked with %+v", n, why, h.listener.Asked())
	}
}

// Many listen at once, to texts that are alike too.
func TestListenAtOnce(t *testing.T) {
	t.Parallel()
	h := build(t, voicetest.Options{Unlike: true, Says: drops(func(n int, _ string) bool { return n%4 == 0 })}, voicetest.ListenerOptions{}, nil)
	e := h.open(t, nil).Episode()
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			text := fmt.Sprintf("%s That was day %d of it.", longText, i%8)
			if _, err := e.Synthesize(t.Context(), voices.Request{Voice: host, Text: text, Language: "en-US"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := e.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if spoke, heard := h.server.Stats().Requests, h.listener.Stats().Requests; spoke != heard || spoke > 12 {
		t.Errorf("%d requests to the voice and %d to the listener for 8 texts", spoke, heard)
	}
	takes, all := h.descriptions(t)
	if len(takes) != 8 || all != 9 {
		t.Errorf("%d takes among %d entries, want 8 of 9", len(takes), all)
	}
}
