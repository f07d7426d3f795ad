package web

import (
	"context"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/narrapress/narrapress/config"
)

// Site is what is told of. It is safe for concurrent use.
type Site interface {
	Shows() []*config.Config            // as they are now
	Status(ctx context.Context) *Status // of everything
	Ready(ctx context.Context) []string // what is missing for work, a phrase each; none is ready
	Token() string                      // that status and metrics need; empty lets browsers of this machine in alone
}

// Options of a server.
type Options struct {
	Log     *slog.Logger // nil is silent
	Metrics http.Handler // of /metrics
	Desk    http.Handler // of /desk/, for those who may see the status
}

// Bounds of what a client may take of the server. A sound takes as long as it
// takes to send: a client that reads nothing is let go by stall.
const (
	headerTime  = 10 * time.Second
	requestTime = 30 * time.Second // of its body: a token in a form
	idleTime    = 2 * time.Minute
	stall       = time.Minute
	mostHeader  = 32 << 10
)

// Server serves a site.
type Server struct {
	site     Site
	log      *slog.Logger
	metrics  http.Handler
	gate     *gate
	desk     bool     // there is one
	shelves  sync.Map // *shelf by output folder
	requests http.Handler

	index, state *template.Template
}

// New makes a server.
func New(site Site, o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		site: site, log: o.Log, metrics: o.Metrics, gate: newGate(site.Token),
		index: page("index", indexHTML), state: page("status", statusHTML),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /status", s.gate.guard(http.HandlerFunc(s.status)))
	if s.metrics != nil {
		mux.Handle("GET /metrics", s.gate.guard(s.metrics))
	}
	if s.desk = o.Desk != nil; s.desk {
		mux.Handle("GET /desk/", s.gate.guard(o.Desk))
		mux.Handle("POST /desk/", s.gate.guard(o.Desk))
	}
	mux.HandleFunc("GET /login", s.gate.form)
	mux.HandleFunc("POST /login", s.gate.login)
	mux.HandleFunc("POST /logout", s.gate.logout)
	mux.HandleFunc("GET /", s.published)
	mux.HandleFunc("OPTIONS /", s.preflight)
	s.requests = mux
	return s
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	if r.ContentLength != 0 {
		// A body has its time. A deadline of all requests would end long downloads, too.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(requestTime))
	}
	s.requests.ServeHTTP(w, r)
}

// Serve answers those who connect to l until ctx ends; then it lets requests end
// within the grace.
func (s *Server) Serve(ctx context.Context, l net.Listener, grace time.Duration) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    mostHeader,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		_ = server.Close() // who still loads a sound then asks for the rest of it elsewhere
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// patient gives every write of an answer its own time, however long the whole takes.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
}

func newPatient(w http.ResponseWriter) *patient {
	return &patient{w, http.NewResponseController(w)}
}

func (p *patient) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(stall)) // a recorder in tests has none
	return p.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }
