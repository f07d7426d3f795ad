package voices

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/audio"
)

// till writes down what it is told, and refuses from the most-th request on.
type till struct {
	most int

	mu       sync.Mutex
	charges  []Charge
	outcomes []Outcome
}

var errTill = errors.New("the till is shut")

func (m *till) Reserve(c Charge) (func(Outcome), error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.charges) == m.most {
		return nil, errTill
	}
	m.charges = append(m.charges, c)
	return func(o Outcome) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.outcomes = append(m.outcomes, o)
	}, nil
}

func TestMeter(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 48000)
	for i := range len(noise) / 2 { // a tone that rises: a second of it
		t := float64(i) / 24000
		binary.LittleEndian.PutUint16(noise[2*i:], uint16(int16(8000*math.Sin(2*math.Pi*(180*t+140*t*t)))))
	}
	sound, err := audio.WrapPCM(noise, "pcm_s16le", 24000, 1)
	if err != nil {
		t.Fatal(err)
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", code) }
	}
	body := func(b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/wav")
			_, _ = w.Write(b)
		}
	}
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the server does not see the client go
		<-r.Context().Done()
	}
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		most    int
		want    []Outcome
		fails   bool
	}{
		"at once":               {[]http.HandlerFunc{body(sound)}, 9, []Outcome{Answered}, false},
		"after a refusal":       {[]http.HandlerFunc{status(503), body(sound)}, 9, []Outcome{Refused, Answered}, false},
		"half a sound is paid":  {[]http.HandlerFunc{body(sound[:2000]), body(sound)}, 9, []Outcome{Answered, Answered}, false},
		"nobody waits":          {[]http.HandlerFunc{hang, body(sound)}, 9, []Outcome{Unknown, Answered}, false},
		"never":                 {[]http.HandlerFunc{status(400)}, 9, []Outcome{Refused}, true},
		"shut before the first": {[]http.HandlerFunc{body(sound)}, 0, nil, true},
		"shut before the next":  {[]http.HandlerFunc{status(503), body(sound)}, 1, []Outcome{Refused}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				c.answers[asked-1](w, r)
			}))
			defer server.Close()
			endpoints, err := Resolve(map[string]Endpoint{"studio": {
				Preset: "openai", URL: server.URL, Key: NewSecret("k"), Price: Price{PerMChars: 15, Currency: "USD"},
				Timeout: Timeout{Base: 300 * time.Millisecond, PerKChars: time.Millisecond},
			}})
			if err != nil {
				t.Fatal(err)
			}
			studio, err := Open(endpoints, OpenOptions{Sleep: func(context.Context, time.Duration) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			m := &till{most: c.most}
			_, err = studio.Metered(m).Synthesize(t.Context(), Request{Voice: Voice{Name: "n", Endpoint: "studio", Voice: "alloy"}, Text: "Hello there."})
			if (err != nil) != c.fails || c.most < 9 && !errors.Is(err, errTill) {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(c.want, m.outcomes); diff != "" || asked != len(c.want) {
				t.Errorf("%d requests; %s", asked, diff)
			}
			for _, charge := range m.charges {
				if charge.Endpoint != "studio" || charge.Characters != 12 || fmt.Sprintf("%.6f", charge.Cost) != "0.000180" {
					t.Errorf("%+v", charge)
				}
			}
		})
	}
}

// TestContextIsInTheKeyWhereItIsSent holds the keys of presets with and without
// a place for what is said before and after.
func TestContextIsInTheKeyWhereItIsSent(t *testing.T) {
	t.Parallel()
	for preset, sent := range map[string]bool{"elevenlabs": true, "openai": false, "flite": false} {
		e := opened(t, filled(preset))
		studio := &Studio{endpoints: map[string]*openEndpoint{"studio": e}}
		key := func(previous, next string) string {
			k, err := studio.Key(Request{Voice: Voice{Name: "n", Endpoint: "studio", Voice: "slt"}, Text: "Hello.", Previous: previous, Next: next})
			if err != nil {
				t.Fatal(preset, err)
			}
			return k
		}
		plain := key("", "")
		if (key("Before.", "") != plain) != sent || (key("", "After.") != plain) != sent {
			t.Errorf("%s: context changes the key, or does not: want %v", preset, sent)
		}
	}
}
