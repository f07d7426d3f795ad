package voicetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// speaks has the server speak a provider's interface.
func (s *Server) speaks(provider string) error {
	if provider == "" || provider == "openai" {
		s.like = dialect{
			route: "POST /v1/audio/speech", tell: tellOpenAI, key: bearer,
			lists: map[string]any{
				"/v1/audio/voices": map[string]any{"voices": Voices()},
				"/v1/models":       map[string]any{"object": "list", "data": []any{map[string]any{"id": "tts-1", "object": "model"}}},
			},
		}
	} else {
		var ok bool
		if s.like, ok = dialects()[provider]; !ok {
			return fmt.Errorf("nobody speaks like %q here; there are %s", provider, strings.Join(Dialects(), ", "))
		}
	}
	s.mux.HandleFunc(s.like.route, s.speech)
	for path, list := range s.like.lists {
		s.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			if s.allowed(w, r) {
				answer(w, http.StatusOK, list)
			}
		})
	}
	if provider == "azure" {
		s.mux.HandleFunc("POST /sts/v1.0/issuetoken", s.issue)
	}
	return nil
}

// asked reads a request for speech, or refuses it.
func (s *Server) asked(w http.ResponseWriter, r *http.Request) (request, bool) {
	var q request
	if s.like.ask == nil { // OpenAI
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&q); err != nil {
			refuse(w, http.StatusBadRequest, "invalid_request_error", "", "", "Bad request: "+strings.TrimPrefix(err.Error(), "json: "))
			return q, false
		}
		if param, code, complaint := q.fault(); complaint != "" {
			refuse(w, http.StatusBadRequest, "invalid_request_error", param, code, complaint)
			return q, false
		}
		return q, true
	}
	q, err := s.like.ask(r)
	known := slices.Contains(Voices(), q.Voice)
	switch {
	case err != nil:
		s.like.refuse(w, http.StatusBadRequest, "", "Bad request: "+err.Error())
	case q.Input == "":
		s.like.refuse(w, http.StatusBadRequest, "", "There is no text.")
	case !known && !s.like.anyVoice:
		s.like.refuse(w, http.StatusBadRequest, "", fmt.Sprintf("There is no voice %q.", q.Voice))
	default:
		if !known {
			q.Voice = Voices()[0]
		}
		return q, true
	}
	return q, false
}

// issue exchanges Azure's key for a token. The one before is good no more.
func (s *Server) issue(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Ocp-Apim-Subscription-Key") != s.o.Key {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token++
	s.left = s.o.Tokens
	_, _ = fmt.Fprint(w, s.tokenName())
}

func (s *Server) tokenName() string { return fmt.Sprintf("token-of-azure-%d", s.token) }

// takes says whether the token is still good, for one more request.
func (s *Server) takes(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == 0 || token != s.tokenName() || s.o.Tokens > 0 && s.left == 0 {
		return false
	}
	s.left--
	return true
}
