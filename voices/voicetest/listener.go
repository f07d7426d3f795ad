package voicetest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// ListenerOptions are those of a Listener; with the zero value it hears right.
type ListenerOptions struct {
	Key    string                           // demanded; empty: none is
	Faults func(n int) Fault                // of the n-th request, from 1, in place of an answer; nil, or a nil Fault, is none
	Hears  func(n int, words string) string // what the n-th request is heard as; nil: as it is
	Delay  time.Duration                    // before every answer
}

// Listener writes down what a Server said, with OpenAI's interface:
//
//	POST /v1/audio/transcriptions
//	GET  /v1/models
//	GET  /stats                     how many requests came, and how many were answered
//
// It knows the words of every answer of the Server by the hash of its bytes,
// and those of answers that were put together by their samples. In what it does
// not know it hears nothing. It is an http.Handler, safe for concurrent use.
type Listener struct {
	o      ListenerOptions
	said   *transcripts
	mux    *http.ServeMux
	server *http.Server

	mu    sync.Mutex
	stats Stats
	asked []Asked
}

// Asked are the fields of a request for a transcript, beside its file.
type Asked struct{ Model, Language, Format, FileName string }

// NewListener listens to what the server says from now on.
func NewListener(s *Server, o ListenerOptions) *Listener {
	l := &Listener{o: o, said: s.records(), mux: http.NewServeMux()}
	l.mux.HandleFunc("POST /v1/audio/transcriptions", l.transcribe)
	l.mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, r *http.Request) {
		if l.allowed(w, r) {
			answer(w, http.StatusOK, map[string]any{"object": "list", "data": []any{map[string]any{"id": "whisper-1", "object": "model"}}})
		}
	})
	l.mux.HandleFunc("GET /stats", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, l.Stats()) })
	return l
}

// ServeHTTP answers.
func (l *Listener) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.mux.ServeHTTP(w, r) }

// Start listens at a free port of loopback and returns the url for a show.
func (l *Listener) Start() (url string, err error) {
	n, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // nothing waits
	if err != nil {
		return "", fmt.Errorf("test listener: %w", err)
	}
	l.server = &http.Server{Handler: l, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = l.server.Serve(n) }() // ends with Close
	return "http://" + n.Addr().String() + "/v1", nil
}

// Close ends what Start began, requests in flight included.
func (l *Listener) Close() error {
	if l.server == nil {
		return nil
	}
	return l.server.Close()
}

// Stats so far. Characters are those of the answered words.
func (l *Listener) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stats
}

// Asked are the requests so far.
func (l *Listener) Asked() []Asked {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.asked)
}

func (l *Listener) allowed(w http.ResponseWriter, r *http.Request) bool {
	given := bearer(r)
	if l.o.Key == "" || given == l.o.Key {
		return true
	}
	refuse(w, http.StatusUnauthorized, "invalid_request_error", "", "invalid_api_key", "Incorrect API key provided: "+given+".")
	return false
}

func (l *Listener) transcribe(w http.ResponseWriter, r *http.Request) {
	if !l.allowed(w, r) {
		return
	}
	l.mu.Lock()
	l.stats.Requests++
	n := l.stats.Requests
	l.mu.Unlock()
	if l.o.Delay > 0 {
		select {
		case <-time.After(l.o.Delay):
		case <-r.Context().Done():
			return
		}
	}
	if l.o.Faults != nil {
		if fault := l.o.Faults(n); fault != nil {
			fault(w, r, func() (Sound, error) { return Sound{}, fmt.Errorf("a listener says nothing") })
			return
		}
	}
	r.Body = http.MaxBytesReader(w, r.Body, 26<<20) // OpenAI takes 25 MB
	file, head, err := r.FormFile("file")
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalid_request_error", "file", "", "you must provide a file")
		return
	}
	defer file.Close()
	b, err := io.ReadAll(file)
	if err != nil {
		return // whoever asked has left
	}
	asked := Asked{r.FormValue("model"), r.FormValue("language"), r.FormValue("response_format"), head.Filename}
	l.mu.Lock()
	l.asked = append(l.asked, asked)
	l.mu.Unlock()
	if asked.Model == "" {
		refuse(w, http.StatusBadRequest, "invalid_request_error", "model", "", "you must provide a model parameter")
		return
	}
	words := l.said.heard(r.Context(), b)
	if l.o.Hears != nil {
		words = l.o.Hears(n, words)
	}
	l.mu.Lock()
	l.stats.Answered++
	l.stats.Characters += len([]rune(words))
	l.mu.Unlock()
	w.Header().Set("X-Request-Id", fmt.Sprintf("req_heard_%d", n))
	switch asked.Format {
	case "", "json":
		answer(w, http.StatusOK, map[string]any{"text": words})
	case "verbose_json":
		answer(w, http.StatusOK, map[string]any{"task": "transcribe", "language": asked.Language, "text": words, "segments": []any{map[string]any{"id": 0, "text": words}}})
	case "text":
		send(w, "text/plain; charset=utf-8", []byte(words+"\n"))
	default:
		refuse(w, http.StatusBadRequest, "invalid_request_error", "response_format", "", "Invalid value: '"+asked.Format+"'.")
	}
}

// transcripts are the words of what a server said.
type transcripts struct {
	mu     sync.Mutex
	words  map[[sha256.Size]byte]string
	sounds []transcribed
}

type transcribed struct {
	file  []byte
	words string
	sound Sound // nothing until it is needed
}

// learn notes the words of a file that is sent.
func (t *transcripts) learn(file []byte, words string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.words[sha256.Sum256(file)] = words
	t.sounds = append(t.sounds, transcribed{file: slices.Clone(file), words: words})
}

// heard are the words of a file: one that was sent, or several of them one
// after the other.
func (t *transcripts) heard(ctx context.Context, file []byte) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if words, ok := t.words[sha256.Sum256(file)]; ok {
		return words
	}
	s, err := decode(ctx, file)
	if err != nil {
		return ""
	}
	var all []string
	for rest := s.Samples; len(rest) > 0; {
		i := -1
		for k := range t.sounds {
			x := &t.sounds[k]
			if x.sound.Samples == nil {
				x.sound, _ = decode(ctx, x.file) // what cannot be decoded is in no file
			}
			if n := len(x.sound.Samples); n > 0 && n <= len(rest) && alike(x.sound.Samples, rest[:n]) {
				i = k
			}
		}
		if i < 0 {
			break
		}
		all = append(all, t.sounds[i].words)
		rest = rest[len(t.sounds[i].sound.Samples):]
	}
	return strings.Join(all, " ")
}

// alike says whether samples are the same but for how they were rounded.
func alike(a, b []int16) bool {
	return slices.EqualFunc(a, b, func(x, y int16) bool { d := int(x) - int(y); return -2 <= d && d <= 2 })
}

// Drops gives what is left where so many words are left out of the middle.
func Drops(words string, n int) string {
	all := strings.Fields(words)
	if len(all) <= n {
		return ""
	}
	from := (len(all) - n) / 2
	return strings.Join(append(all[:from:from], all[from+n:]...), " ")
}
