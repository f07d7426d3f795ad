package voices_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/pipeline/script"
	"github.com/narrapress/narrapress/voices"
)

// provider is an endpoint in virtual time: latencies are log-normal with a
// median of a second, and of requests over its limit it refuses some, or has
// them wait.
type provider struct {
	answer []byte
	sigma  float64
	queue  chan struct{} // where they wait; nil refuses them

	mu       sync.Mutex
	rand     *rand.Rand
	limit    int
	inside   int
	requests int
	refused  int
	most     int           // in flight, that were taken
	sum      time.Duration // of the latencies of what was answered
}

func newProvider(t testing.TB, limit int, seed uint64) *provider {
	t.Helper()
	var pcm []byte
	for i := range 8000 { // a tone that rises
		t := float64(i) / 8000
		pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(8000*math.Sin(2*math.Pi*(180*t+140*t*t)))))
	}
	b, err := audio.WrapPCM(pcm, "pcm_s16le", 8000, 1)
	if err != nil {
		t.Fatal(err)
	}
	return &provider{answer: b, sigma: 0.5, limit: limit, rand: rand.New(rand.NewPCG(seed, 1))}
}

// RoundTrip answers, without a network.
func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	reply := func(status int, label string, b []byte) (*http.Response, error) {
		return &http.Response{
			Status: fmt.Sprint(status, " ", http.StatusText(status)), StatusCode: status, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Content-Type": {label}}, Body: io.NopCloser(bytes.NewReader(b)), ContentLength: int64(len(b)),
		}, nil
	}
	if p.queue != nil {
		p.queue <- struct{}{}
		defer func() { <-p.queue }()
	}
	p.mu.Lock()
	p.requests++
	if p.queue == nil && p.inside >= p.limit {
		p.refused++
		p.mu.Unlock()
		time.Sleep(50 * time.Millisecond)
		return reply(http.StatusTooManyRequests, "application/json", []byte(`{"error":{"message":"Too many concurrent requests.","code":"rate_limit_exceeded"}}`))
	}
	p.inside++
	p.most = max(p.most, p.inside)
	latency := time.Duration(math.Exp(p.sigma*p.rand.NormFloat64()) * float64(time.Second))
	p.sum += latency
	p.mu.Unlock()
	time.Sleep(latency)
	p.mu.Lock()
	p.inside--
	p.mu.Unlock()
	return reply(http.StatusOK, "audio/wav", p.answer)
}

// ideal is the time that the latencies take, with the limit always in flight.
func (p *provider) ideal(limit int) time.Duration { return p.sum / time.Duration(limit) }

// studioAt opens a studio at the provider, waiting in the bubble's time.
func studioAt(t testing.TB, p http.RoundTripper, e voices.Endpoint) *voices.Studio {
	t.Helper()
	e.Preset, e.URL = "openai", "http://studio.invalid/v1"
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": e})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(9, 9))
	var mu sync.Mutex
	s, err := voices.Open(resolved, voices.OpenOptions{Client: &http.Client{Transport: p}, Jitter: func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return random.Float64()
	}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// produce records n segments, as an episode's are, by two voices.
func produce(t testing.TB, s *voices.Studio, n int) time.Duration {
	t.Helper()
	other := host
	other.Name, other.Voice = "guest", "onyx"
	cast, err := voices.NewCast(map[string]string{"body": "host", "quote": "guest"}, map[string]voices.Voice{"host": host, "guest": other})
	if err != nil {
		t.Fatal(err)
	}
	sc := &script.Script{Chapters: []script.Chapter{{Title: "One"}}}
	for i := range n {
		role := "body"
		if i%5 == 4 {
			role = "quote"
		}
		sc.Chapters[0].Segments = append(sc.Chapters[0].Segments, script.Segment{
			Role: role, Text: fmt.Sprintf("Day %d of it.", i+1),
		})
	}
	start := time.Now()
	session := record.Session{Studio: s.Episode(), Cast: cast, Parallel: func() int { return s.Parallel(host) }}
	if _, err := session.Record(t.Context(), sc, nil); err != nil {
		t.Fatal(err)
	}
	return time.Since(start)
}

// schedule is an episode of 600 segments at a provider, and what it takes
// against the ideal.
type schedule struct {
	limit int
	known bool // the limit is written into the configuration
	most  float64
}

var schedules = map[string]schedule{
	"limit=4/known":    {4, true, 1.05},
	"limit=8/known":    {8, true, 1.05},
	"limit=2/unknown":  {2, false, 1.25},
	"limit=5/unknown":  {5, false, 1.25},
	"limit=8/unknown":  {8, false, 1.25},
	"limit=15/unknown": {15, false, 1.25},
}

func (s schedule) run(t testing.TB, seed uint64) (ratio, requests float64) {
	t.Helper()
	p := newProvider(t, s.limit, seed)
	e := voices.Endpoint{Limits: voices.Limits{Concurrency: 2, Adaptive: true}}
	if s.known {
		e.Limits = voices.Limits{Concurrency: s.limit}
	}
	took := produce(t, studioAt(t, p, e), 600)
	if s.known && p.refused > 0 { // both voices go by one sender
		t.Errorf("%d requests went over the limit", p.refused)
	}
	return took.Seconds() / p.ideal(s.limit).Seconds(), float64(p.requests) / 600
}

// TestSchedule holds what an episode may take, in virtual time.
func TestSchedule(t *testing.T) {
	for name, s := range schedules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(3) {
				synctest.Test(t, func(t *testing.T) {
					ratio, requests := s.run(t, seed)
					t.Logf("seed %d: %.3f times the ideal, %.3f requests a segment", seed, ratio, requests)
					if ratio > s.most {
						t.Errorf("seed %d: %.3f times the ideal, want at most %v", seed, ratio, s.most)
					}
				})
			}
		})
	}
}

// BenchmarkSchedule reports what an episode of 600 segments takes against the
// sum of the latencies over the limit: x-ideal. Its time is virtual; ns/op is
// that of this machine.
func BenchmarkSchedule(b *testing.B) {
	for name, s := range schedules {
		b.Run(name, func(b *testing.B) {
			var ratio, requests float64
			for n := range b.N {
				virtually(b, func(t *testing.T) {
					r, q := s.run(t, uint64(n))
					ratio, requests = ratio+r, requests+q
				})
			}
			b.ReportMetric(ratio/float64(b.N), "x-ideal")
			b.ReportMetric(requests/float64(b.N), "requests/segment")
		})
	}
}

// virtually runs f in virtual time, which package synctest gives to tests alone.
func virtually(b *testing.B, f func(*testing.T)) {
	b.Helper()
	all := func(string, string) (bool, error) { return true, nil }
	if !testing.RunTests(all, []testing.InternalTest{{Name: b.Name(), F: func(t *testing.T) { synctest.Test(t, f) }}}) {
		b.Fatal("failed in virtual time")
	}
}

// BenchmarkTake is a take from request to answer, the endpoint answering at
// once: our own, and the listening to it that every answer gets.
func BenchmarkTake(b *testing.B) {
	p := newProvider(b, 1, 1)
	at := roundTrip(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		return &http.Response{
			Status: "200 OK", StatusCode: 200, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Content-Type": {"audio/wav"}}, Body: io.NopCloser(bytes.NewReader(p.answer)),
		}, nil
	})
	s := studioAt(b, at, voices.Endpoint{})
	req := voices.Request{Voice: host, Text: "Day 1 of it."}
	decode := func() {
		d, err := audio.Decode(b.Context(), p.answer)
		if err != nil {
			b.Fatal(err)
		}
		defer d.Close()
		buf := make([]float32, 8192)
		for err == nil {
			_, err = d.ReadSamples(buf)
		}
	}
	var own, decoding time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := s.Synthesize(context.Background(), req); err != nil {
			b.Fatal(err)
		}
		heard := time.Now()
		decode()
		own, decoding = own+heard.Sub(start), decoding+time.Since(heard)
	}
	b.ReportMetric(float64((own-decoding).Microseconds())/float64(b.N)/1000, "own-ms/take")
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
