package voicetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Options of a Server; the zero value is one that behaves.
type Options struct {
	Engine string            // preset of a local engine; empty: the best that is installed
	Speaks string            // whose interface it has: one of Dialects; empty: OpenAI's
	Key    string            // demanded as the provider's key; empty: none is
	Tokens int               // requests that a token of Azure's is good for; 0: any number
	Faults func(n int) Fault // of the n-th request for speech, from 1; nil, or a nil Fault, is none
	Unlike bool              // never speak a text twice alike, as models do
	Seed   uint64            // of Unlike
	Delay  time.Duration     // before every answer of speech

	// Says is what the n-th answer really says of a text, as models do that
	// leave words out or add some; nil: the text.
	Says func(n int, text string) string
}

// Server speaks OpenAI's interface, or that of another provider:
//
//	POST /v1/audio/speech
//	GET  /v1/audio/voices, /v1/models
//	GET  /stats            how many requests came, and how many were answered with speech
//
// It is an http.Handler, safe for concurrent use.
type Server struct {
	o      Options
	engine *engine
	mux    *http.ServeMux
	server *http.Server
	like   dialect

	mu    sync.Mutex
	stats Stats
	texts []string
	token int          // the last of Azure's
	left  int          // requests that it is good for
	said  *transcripts // nil: nobody listens
}

// Stats of a server.
type Stats struct {
	Requests   int `json:"requests"`   // for speech
	Answered   int `json:"answered"`   // with the speech that was asked for
	Characters int `json:"characters"` // of the answered
}

// New is a server that speaks with a local engine. It listens nowhere yet.
func New(ctx context.Context, o Options) (*Server, error) {
	e, err := engineOf(ctx, o.Engine)
	if err != nil {
		return nil, fmt.Errorf("test server: %w", err)
	}
	s := &Server{o: o, engine: e, mux: http.NewServeMux()}
	if err := s.speaks(o.Speaks); err != nil {
		return nil, fmt.Errorf("test server: %w", err)
	}
	s.mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, s.Stats()) })
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "invalid_request_error", "", "", "Unknown request URL: "+r.Method+" "+r.URL.Path)
	})
	return s, nil
}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Engine is the local engine that speaks.
func (s *Server) Engine() string { return s.engine.preset }

// Start listens at addr, such as 127.0.0.1:8880, or on a free port of
// loopback where it is empty, and returns the url for an endpoint.
func (s *Server) Start(addr string) (url string, err error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr) //nolint:noctx // it ends with Close
	if err != nil {
		return "", fmt.Errorf("test server: %w", err)
	}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(l) }() // ends with Close
	url = "http://" + l.Addr().String()
	if s.o.Speaks == "" || s.o.Speaks == "openai" {
		url += "/v1"
	}
	return url, nil
}

// Close ends what Start began, requests in flight included.
func (s *Server) Close() error {
	if s.server == nil {
		return nil
	}
	return s.server.Close()
}

// Stats so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Texts are those that were answered, in the order of their answers.
func (s *Server) Texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.texts)
}

// request is the body of a request for speech.
type request struct {
	Model          string   `json:"model"`
	Input          string   `json:"input"`
	Voice          string   `json:"voice"`
	Instructions   string   `json:"instructions"`
	ResponseFormat string   `json:"response_format"`
	Speed          *float64 `json:"speed"`
	StreamFormat   string   `json:"stream_format"`

	stream bool // of Kokoro
}

const (
	longestBody  = 1 << 20
	longestInput = 4096 // characters; OpenAI's
)

func (s *Server) speech(w http.ResponseWriter, r *http.Request) {
	if !s.allowed(w, r) {
		return
	}
	s.mu.Lock()
	s.stats.Requests++
	n := s.stats.Requests
	s.mu.Unlock()
	if s.o.Delay > 0 {
		select {
		case <-time.After(s.o.Delay):
		case <-r.Context().Done():
			return
		}
	}
	r.Body = http.MaxBytesReader(w, r.Body, longestBody)
	q, ok := s.asked(w, r)
	if !ok {
		return
	}
	say := func() (Sound, error) { return s.say(r.Context(), q, n) }
	if s.o.Faults != nil {
		if fault := s.o.Faults(n); fault != nil {
			fault(w, r, say)
			return
		}
	}
	s.answer(w, r, q, n, say)
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request, q request, n int, say func() (Sound, error)) {
	sound, err := say()
	if err == nil {
		w.Header().Set("X-Request-Id", fmt.Sprintf("req_%d", n))
		err = s.like.tell(r.Context(), &counted{w, func() { s.count(q) }, s.learn(q, n)}, q, sound)
	}
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			refuse(w, http.StatusInternalServerError, "server_error", "", "", err.Error())
		}
	}
}

// records has what the server says from now on written down.
func (s *Server) records() *transcripts {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.said == nil {
		s.said = &transcripts{words: map[[32]byte]string{}}
	}
	return s.said
}

// learn gives who notes the words of an answer, before whoever asked can have it.
func (s *Server) learn(q request, n int) func(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.said == nil {
		return nil
	}
	said := s.said
	return func(b []byte) { said.learn(b, s.words(q.Input, n)) }
}

// words are what the n-th answer says of a text.
func (s *Server) words(text string, n int) string {
	if s.o.Says != nil {
		return s.o.Says(n, text)
	}
	return text
}

// count is an answer, before whoever asked can have seen it.
func (s *Server) count(q request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Answered++
	s.stats.Characters += utf8.RuneCountInString(q.Input)
	s.texts = append(s.texts, q.Input)
}

// counted calls first before the first of an answer goes out.
type counted struct {
	http.ResponseWriter
	first func()
	sends func(b []byte) // told of what is sent; may be nil
}

func (c *counted) WriteHeader(status int) {
	if c.first != nil {
		c.first()
		c.first = nil
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counted) Write(b []byte) (int, error) {
	if c.first != nil {
		c.first()
		c.first = nil
	}
	if c.sends != nil {
		c.sends(b)
	}
	return c.ResponseWriter.Write(b)
}

func tellOpenAI(ctx context.Context, w http.ResponseWriter, q request, s Sound) error {
	b, err := s.encode(ctx, q.ResponseFormat)
	if err != nil {
		return err
	}
	_, mediaType, _ := formats(q.ResponseFormat)
	w.Header().Set("Content-Type", mediaType)
	_, _ = w.Write(b) // to somebody who may have left
	return nil
}

// say is the n-th answer's sound.
func (s *Server) say(ctx context.Context, q request, n int) (Sound, error) {
	what := saying{voice: q.Voice, text: s.words(q.Input, n)}
	if q.Speed != nil && *q.Speed != 1 {
		what.speed = *q.Speed
	}
	sound, err := s.engine.speak(ctx, what)
	if err == nil && s.o.Unlike {
		sound = sound.varied(s.o.Seed, uint64(n))
	}
	return sound, err
}

// fault says what is wrong with the request; its defaults are filled in.
func (q *request) fault() (param, code, complaint string) {
	if q.ResponseFormat == "" {
		q.ResponseFormat = "mp3"
	}
	_, _, format := formats(q.ResponseFormat)
	switch {
	case q.Model == "":
		return "model", "", "you must provide a model parameter"
	case q.Input == "":
		return "input", "", "Invalid 'input': empty string."
	case utf8.RuneCountInString(q.Input) > longestInput:
		return "input", "string_above_max_length", fmt.Sprintf("Invalid 'input': string too long. Expected a string with maximum length %d.", longestInput)
	case !slices.Contains(Voices(), q.Voice):
		return "voice", "", fmt.Sprintf("Invalid value: '%s'. Supported voices are: %s.", q.Voice, strings.Join(Voices(), ", "))
	case !format:
		return "response_format", "", fmt.Sprintf("Invalid value: '%s'. Supported values are: 'mp3', 'opus', 'aac', 'flac', 'wav', and 'pcm'.", q.ResponseFormat)
	case q.Speed != nil && (*q.Speed < 0.25 || *q.Speed > 4):
		return "speed", "", "Invalid 'speed': must be between 0.25 and 4."
	case q.StreamFormat != "" && q.StreamFormat != "audio":
		return "stream_format", "", "Invalid 'stream_format': only 'audio' is supported."
	}
	return "", "", ""
}

func (s *Server) allowed(w http.ResponseWriter, r *http.Request) bool {
	if s.o.Key == "" || s.like.key == nil {
		return true
	}
	given := s.like.key(r)
	switch {
	case s.o.Speaks == "azure":
		if s.takes(given) {
			return true
		}
		w.WriteHeader(http.StatusUnauthorized)
		return false
	case given == s.o.Key:
		return true
	}
	if given == "" {
		refuse(w, http.StatusUnauthorized, "invalid_request_error", "", "", "You didn't provide an API key.")
	} else { // as OpenAI does, it repeats what it was given
		refuse(w, http.StatusUnauthorized, "invalid_request_error", "", "invalid_api_key", "Incorrect API key provided: "+given+".")
	}
	return false
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// refuse answers with an error in OpenAI's shape.
func refuse(w http.ResponseWriter, status int, kind, param, code, text string) {
	null := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	answer(w, status, map[string]any{"error": map[string]any{"message": text, "type": kind, "param": null(param), "code": null(code)}})
}
