package voicetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net/http"
	"sync"
)

// Weather stands before a Server that speaks a text always alike, and makes a
// part of its answers faulty. Which, and how, is chosen by the text and by how
// often that came: so it does not depend on the order in which requests arrive.
// It is an http.Handler, safe for concurrent use.
type Weather struct {
	part   float64 // of the answers, 0 to 1
	seed   int
	server *Server

	mu   sync.Mutex
	came map[string]int // by body
	last map[string]string
	made map[string]int // faults, by name
	all  int
}

// Foul is a fault of a storm, by its name.
type Foul struct {
	Name  string
	Fault Fault
}

// Fouls are the faults of a storm: what servers have been seen to do that passes by
// itself.
func Fouls() []Foul {
	return []Foul{
		{"429", TooFast()},
		{"429, a second", TooFast("Retry-After", "1")},
		{"500", Status(500, "server_error", "", "oops")},
		{"503", Status(503, "", "", "busy")},
		{"a web page", HTML()},
		{"an error with 200", JSONError()},
		{"nothing", Empty()},
		{"a header alone", BareWAV()},
		{"a file cut in half", CutWAV()},
		{"an odd byte", OddWAV()},
		{"a body cut off", CutBody()},
		{"chunks cut off", CutChunks()},
		{"a reset", Reset()},
		{"silence", Silent()},
		{"half of the speech", Half()},
		{"a blip", Blip()},
		{"half the sample rate", WrongRate()},
		{"babble", Babble()},
		{"the last words again", Loop()},
		{"clipped", Clipped()},
		{"direct current", Shifted()},
		{"dead air", DeadAir()},
		{"12 dB too quiet", Quiet()},
	}
}

// choice is the header by which a fault is handed to the server.
const choice = "X-Weather"

// NewWeather makes that part of the answers of a server faulty.
func NewWeather(ctx context.Context, part float64, seed int) (*Weather, error) {
	fouls := Fouls()
	server, err := New(ctx, Options{Faults: Always(func(w http.ResponseWriter, r *http.Request, say func() (Sound, error)) {
		answer := Streamed()
		if n := 0; r.Header.Get(choice) != "" {
			_, _ = fmt.Sscan(r.Header.Get(choice), &n) // written below
			answer = fouls[n].Fault
		}
		answer(w, r, say)
	})})
	if err != nil {
		return nil, err
	}
	return &Weather{part: part, seed: seed, server: server, came: map[string]int{}, last: map[string]string{}, made: map[string]int{}}, nil
}

// Unlike lets the server never speak a text twice alike, as models do. It is
// called before the first request.
func (x *Weather) Unlike() { x.server.o.Unlike = true }

// Answered is how many requests were answered without a fault so far.
func (x *Weather) Answered() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	n := x.all
	for _, faults := range x.made {
		n -= faults
	}
	return n
}

// ServeHTTP answers.
func (x *Weather) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		body, err := io.ReadAll(io.LimitReader(r.Body, longestBody))
		if err != nil {
			return // whoever asked has left
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if n := x.choose(string(body)); n >= 0 {
			r.Header.Set(choice, fmt.Sprint(n))
		}
	}
	x.server.ServeHTTP(w, r)
}

// choose is the fault of the next answer to a body; -1 is none.
func (x *Weather) choose(body string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.all++
	x.came[body]++
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %d %s", x.seed, x.came[body], body)
	dice := h.Sum64() >> 11
	if float64(dice%1000)/1000 >= x.part {
		delete(x.last, body)
		return -1
	}
	fouls := Fouls()
	n := int(dice / 1000 % uint64(len(fouls)))
	x.made[fouls[n].Name]++
	x.last[body] = fouls[n].Name
	return n
}

// Requests for speech so far.
func (x *Weather) Requests() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.all
}

// Made is how often each fault was made so far.
func (x *Weather) Made() map[string]int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return maps.Clone(x.made)
}

// Last is the fault of the last answer to a text; "" is none.
func (x *Weather) Last(text string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	for body, name := range x.last {
		var q request
		if json.Unmarshal([]byte(body), &q) == nil && q.Input == text {
			return name
		}
	}
	return ""
}
