package voicetest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// dialect is how one provider is asked, and how it answers, as its own
// documentation or code has it. What it does not know, it is not asked.
type dialect struct {
	route  string                                 // of speech
	ask    func(r *http.Request) (request, error) // what is to be said
	tell   func(ctx context.Context, w http.ResponseWriter, q request, s Sound) error
	refuse func(w http.ResponseWriter, status int, code, text string)
	key    func(r *http.Request) string // that a request brings
	lists  map[string]any               // answers to GET, by path

	anyVoice bool // one that it does not have is spoken by another
}

// dialects are those besides OpenAI's, by the name of their preset.
func dialects() map[string]dialect {
	return map[string]dialect{
		"kokoro": {
			route: "POST /dev/captioned_speech", ask: askKokoro, tell: tellKokoro, key: bearer,
			refuse: func(w http.ResponseWriter, status int, code, text string) {
				answer(w, status, map[string]any{"detail": map[string]any{"error": code, "message": text, "type": "invalid_request_error"}})
			},
			lists: map[string]any{"/v1/audio/voices": map[string]any{"voices": each("id", "name")}, "/v1/models": map[string]any{"data": []any{}}},
		},
		"elevenlabs": {
			route: "POST /v1/text-to-speech/{voice}/with-timestamps", ask: inJSON("text", ""), tell: tellElevenLabs, key: header("Xi-Api-Key", ""),
			refuse: func(w http.ResponseWriter, status int, code, text string) {
				answer(w, status, map[string]any{"detail": map[string]any{"status": code, "message": text}})
			},
			lists: map[string]any{"/v1/voices": map[string]any{"voices": each("voice_id", "name")}, "/v1/models": []any{}},
		},
		"azure": {
			route: "POST /cognitiveservices/v1", ask: askAzure, tell: tellWAV("audio/x-wav"), key: bearer,
			refuse: func(w http.ResponseWriter, status int, _, _ string) { w.WriteHeader(status) }, // it says nothing
			lists:  map[string]any{"/cognitiveservices/voices/list": each("ShortName", "DisplayName")},
		},
		"google": {
			route: "POST /v1/text:synthesize", ask: inJSON("input.text", "voice.name"), key: bearer, refuse: refuseGoogle,
			tell: func(_ context.Context, w http.ResponseWriter, _ request, s Sound) error {
				answer(w, http.StatusOK, map[string]any{"audioContent": base64.StdEncoding.EncodeToString(s.WAV())})
				return nil
			},
			lists: map[string]any{"/v1/voices": map[string]any{"voices": each("name", "ssmlGender")}},
		},
		"gemini": {
			route: "POST /v1beta/models/{model}", ask: inJSON("contents.0.parts.0.text", "generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName"),
			tell: tellGemini, key: header("X-Goog-Api-Key", ""), refuse: refuseGoogle,
			lists: map[string]any{"/v1beta/models": map[string]any{"models": []any{}}},
		},
		"cartesia": {
			route: "POST /tts/bytes", ask: inJSON("transcript", "voice.id"), tell: tellWAV("audio/wav"), key: bearer,
			refuse: func(w http.ResponseWriter, status int, code, text string) {
				answer(w, status, map[string]any{"error_code": code, "title": "Bad request", "message": text, "request_id": "r"})
			},
			lists: map[string]any{"/voices": map[string]any{"data": each("id", "name")}},
		},
		"deepgram": {
			route: "POST /v1/speak", tell: tellWAV("audio/wav"), key: header("Authorization", "Token "),
			ask: func(r *http.Request) (request, error) {
				q, err := inJSON("text", "")(r)
				q.Voice = r.URL.Query().Get("model")
				return q, err
			},
			refuse: func(w http.ResponseWriter, status int, code, text string) {
				answer(w, status, map[string]any{"err_code": code, "err_msg": text, "request_id": "r"})
			},
			lists: map[string]any{"/v1/projects": map[string]any{"projects": []any{}}},
		},
		"piper-http":     piper("POST /synthesize"),
		"piper-http-old": piper("POST /{$}"),
		"coqui": {
			route: "POST /api/tts", tell: tellWAV("audio/wav"), key: nil,
			ask: func(r *http.Request) (request, error) {
				return request{Input: r.PostFormValue("text"), Voice: r.PostFormValue("speaker_id")}, nil
			},
			refuse: func(w http.ResponseWriter, status int, _, text string) {
				answer(w, status, map[string]any{"error": text})
			},
		},
		"polly": {
			route: "POST /v1/speech", ask: askPolly, tell: tellPolly, refuse: refusePolly,
			key: func(r *http.Request) string {
				_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
				id, _, _ := strings.Cut(scope, "/")
				return id
			},
			lists: map[string]any{"/v1/voices": map[string]any{"Voices": each("Id", "Name")}},
		},
	}
}

// Dialects are the providers whose interface a server can have, by their preset.
func Dialects() []string { return append([]string{"openai"}, slices.Sorted(maps.Keys(dialects()))...) }

func piper(route string) dialect {
	installed := map[string]any{}
	for _, v := range Voices() {
		installed[v] = map[string]any{"audio": map[string]any{"sample_rate": 22050}}
	}
	return dialect{
		route: route, ask: inJSON("text", "voice"), tell: tellWAV("text/html; charset=utf-8"), // as it does
		refuse: func(w http.ResponseWriter, _ int, _, _ string) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, "<!doctype html>\n<title>500 Internal Server Error</title>\n")
		},
		lists: map[string]any{"/voices": installed}, anyVoice: true,
	}
}

// each is a list of the voices as objects with the given keys.
func each(keys ...string) []any {
	var all []any
	for _, v := range Voices() {
		m := map[string]any{}
		for _, k := range keys {
			m[k] = v
		}
		all = append(all, m)
	}
	return all
}

func bearer(r *http.Request) string { return header("Authorization", "Bearer ")(r) }

func header(name, prefix string) func(*http.Request) string {
	return func(r *http.Request) string { return strings.TrimPrefix(r.Header.Get(name), prefix) }
}

// inJSON reads a request whose text and voice stand at paths in JSON; the
// voice may be a part of the address instead.
func inJSON(text, voice string) func(*http.Request) (request, error) {
	return func(r *http.Request) (request, error) {
		var tree any
		if err := json.NewDecoder(r.Body).Decode(&tree); err != nil {
			return request{}, err
		}
		q := request{Input: in(tree, text), Voice: r.PathValue("voice")}
		if voice != "" {
			q.Voice = in(tree, voice)
		}
		return q, nil
	}
}

// in is the text at a path of JSON; empty if there is none.
func in(tree any, path string) string {
	for _, step := range strings.Split(path, ".") {
		switch t := tree.(type) {
		case map[string]any:
			tree = t[step]
		case []any:
			if tree = nil; step == "0" && len(t) > 0 {
				tree = t[0]
			}
		}
	}
	s, _ := tree.(string)
	return s
}
