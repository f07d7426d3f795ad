package web

import (
	"io"
	"net/http"
	"strings"
)

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive\n") }

// readyz says whether the process can work, and in general words what is missing:
// it answers everybody.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	missing := s.site.Ready(r.Context())
	if len(missing) == 0 {
		plain(w, http.StatusOK, "ready\n")
		return
	}
	plain(w, http.StatusServiceUnavailable, strings.Join(missing, "\n")+"\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}
