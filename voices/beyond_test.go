package voices_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// toll is a gate that writes down who went through it, and shuts.
type toll struct {
	shut error

	mu                 sync.Mutex
	went, left, chars  int
	endpoint, whose    string
	money              float64
	insideAtOnce, most int
}

func (g *toll) Acquire(_ context.Context, endpoint, show string, characters int, money float64) (func(), error) {
	if g.shut != nil {
		return nil, g.shut
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.went++
	g.insideAtOnce++
	g.most = max(g.most, g.insideAtOnce)
	g.endpoint, g.whose, g.chars, g.money = endpoint, show, g.chars+characters, g.money+money
	return sync.OnceFunc(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.left++
		g.insideAtOnce--
	}), nil
}

func TestGate(t *testing.T) {
	t.Parallel()
	faults, err := voicetest.Named("500")
	if err != nil {
		t.Fatal(err)
	}
	server, err := voicetest.New(t.Context(), voicetest.Options{Faults: faults})
	if err != nil {
		t.Fatal(err)
	}
	url, err := server.Start("")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	open := func(t *testing.T, g voices.Gate, m voices.Meter) *voices.Studio {
		t.Helper()
		endpoints, err := voices.Resolve(map[string]voices.Endpoint{"studio": {
			Preset: "openai", URL: url, Price: voices.Price{PerMChars: 1e6}, Retry: voices.Retry{Base: 1, Cap: 1},
		}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := voices.Open(endpoints, voices.OpenOptions{Gate: g, Meter: m, Show: "lamp"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const text = "A gate stands on the way."
	ask := voices.Request{Voice: voices.Voice{Name: "narrator", Endpoint: "studio", Voice: "alloy"}, Text: text}

	g, m := &toll{}, &count{}
	if _, err := open(t, g, m).Synthesize(t.Context(), ask); err != nil {
		t.Fatal(err)
	}
	// The first attempt was refused: each one goes through by itself.
	if g.went != 2 || g.left != 2 || g.most != 1 || g.chars != 2*len(text) || g.money != float64(2*len(text)) {
		t.Errorf("%d went through the gate and %d left it, %d at once, with %d characters and %g: want 2, 2, 1, %d, %d", g.went, g.left, g.most, g.chars, g.money, 2*len(text), 2*len(text))
	}
	if g.endpoint != "studio" || g.whose != "lamp" {
		t.Errorf("the gate was told of %q and %q", g.endpoint, g.whose)
	}
	if m.outcomes[voices.Refused] != 1 || m.outcomes[voices.Answered] != 1 {
		t.Errorf("the studio's meter was told of %v", m.outcomes)
	}

	requests, shut := server.Stats().Requests, errors.New("used up")
	if _, err := open(t, &toll{shut: shut}, nil).Synthesize(t.Context(), ask); !errors.Is(err, shut) {
		t.Errorf("the error is %v, not the gate's", err)
	}
	if n := server.Stats().Requests - requests; n != 0 {
		t.Errorf("%d requests went past a gate that was shut", n)
	}
}

// count counts outcomes.
type count struct {
	mu       sync.Mutex
	outcomes map[voices.Outcome]int
}

func (c *count) Reserve(voices.Charge) (func(voices.Outcome), error) {
	return func(o voices.Outcome) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.outcomes == nil {
			c.outcomes = map[voices.Outcome]int{}
		}
		c.outcomes[o]++
	}, nil
}
