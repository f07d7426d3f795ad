package voicetest

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault takes the place of an answer. say gives the speech that was asked for.
type Fault func(w http.ResponseWriter, r *http.Request, say func() (Sound, error))

// Script makes the given answers, one a request, and behaves after the last;
// nil behaves, too.
func Script(faults ...Fault) func(n int) Fault {
	return func(n int) Fault {
		if n > len(faults) {
			return nil
		}
		return faults[n-1]
	}
}

// Always makes the same answer to every request.
func Always(f Fault) func(n int) Fault { return func(int) Fault { return f } }

// Status answers with an error in OpenAI's shape. The headers are pairs of
// name and value.
func Status(status int, kind, code, text string, headers ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func() (Sound, error)) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		refuse(w, status, kind, "", code, text)
	}
}

// TooFast is a 429 that passes. The headers are pairs of name and value, such
// as Retry-After and 2.
func TooFast(headers ...string) Fault {
	return Status(http.StatusTooManyRequests, "requests", "rate_limit_exceeded", "Rate limit reached for requests.", headers...)
}

// OutOfQuota is a 429 that does not pass.
func OutOfQuota() Fault {
	return Status(http.StatusTooManyRequests, "insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details.")
}

// Body answers 200 with the bytes under a label.
func Body(label string, b []byte) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ func() (Sound, error)) { send(w, label, b) }
}

// HTML answers 200 with a web page, as a proxy does.
func HTML() Fault {
	return Body("text/html; charset=utf-8", []byte("<!doctype html><html><head><title>Just a moment</title></head><body></body></html>"))
}

// JSONError answers 200 with an error as JSON.
func JSONError() Fault {
	return Body("application/json", []byte(`{"error":{"message":"The model is not loaded.","type":"server_error"}}`))
}

// Empty answers 200 with nothing.
func Empty() Fault { return Body("audio/wav", nil) }

// BareWAV answers 200 with a header of 44 bytes, and no sound.
func BareWAV() Fault { return Body("audio/wav", Sound{Rate: 24000}.WAV()) }

// Mislabelled answers with good audio that is called a page.
func Mislabelled() Fault {
	return spoken(func(s Sound) (string, []byte) { return "text/html; charset=utf-8", s.WAV() })
}

// Streamed answers with good audio whose sizes were never written.
func Streamed() Fault {
	return spoken(func(s Sound) (string, []byte) {
		b := s.WAV()
		binary.LittleEndian.PutUint32(b[4:], 0xFFFFFFFF)
		binary.LittleEndian.PutUint32(b[40:], 0xFFFFFFFF)
		return "audio/wav", b
	})
}

// CutWAV answers with the first half of a file, and ends as if that was all.
func CutWAV() Fault {
	return spoken(func(s Sound) (string, []byte) { b := s.WAV(); return "audio/wav", b[:len(b)/2] })
}

// Silent answers with silence of the right length.
func Silent() Fault {
	return spoken(func(s Sound) (string, []byte) { return "audio/wav", s.Silent().WAV() })
}

// Half answers with the first half of the speech.
func Half() Fault {
	return spoken(func(s Sound) (string, []byte) { return "audio/wav", s.First(0.5).WAV() })
}

// Blip answers with the first twentieth of the speech.
func Blip() Fault {
	return spoken(func(s Sound) (string, []byte) { return "audio/wav", s.First(0.05).WAV() })
}

// PCM answers with samples without a header, at the engine's rate.
func PCM() Fault { return spoken(func(s Sound) (string, []byte) { return "audio/pcm", s.PCM() }) }

// OddPCM answers with samples that end inside one.
func OddPCM() Fault {
	return spoken(func(s Sound) (string, []byte) { return "audio/pcm", s.PCM()[1:] })
}

// FloatWAV answers with good audio of 32-bit floats.
func FloatWAV() Fault {
	return spoken(func(s Sound) (string, []byte) { return "audio/wav", s.FloatWAV() })
}

// Base64 answers with good audio inside JSON, at {"audio": {"content": …}}.
func Base64() Fault {
	return spoken(func(s Sound) (string, []byte) {
		return "application/json", fmt.Appendf(nil, `{"audio":{"content":%q}}`, base64.StdEncoding.EncodeToString(s.WAV()))
	})
}

// CutBody ends the connection in the middle of the answer.
func CutBody() Fault {
	return func(w http.ResponseWriter, _ *http.Request, say func() (Sound, error)) {
		sound, err := say()
		if err != nil {
			refuse(w, http.StatusInternalServerError, "server_error", "", "", err.Error())
			return
		}
		b := sound.WAV()
		w.Header().Set("Content-Type", "audio/wav")
		w.Header().Set("Content-Length", fmt.Sprint(len(b)))
		_, _ = w.Write(b[:len(b)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler) // net/http's way to break a connection
	}
}

// Drip answers with good audio, a piece at a time.
func Drip(pieces int, every time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, say func() (Sound, error)) {
		sound, err := say()
		if err != nil {
			refuse(w, http.StatusInternalServerError, "server_error", "", "", err.Error())
			return
		}
		w.Header().Set("Content-Type", "audio/wav")
		for piece := range slices.Chunk(sound.WAV(), max(1, len(sound.WAV())/pieces)) {
			if _, err := w.Write(piece); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
			select {
			case <-time.After(every):
			case <-r.Context().Done():
				return
			}
		}
	}
}

// Hang never answers.
func Hang() Fault {
	return func(_ http.ResponseWriter, r *http.Request, _ func() (Sound, error)) { <-r.Context().Done() }
}

// Named are the faults that need no saying, by name, for scripts: a list such
// as "429,ok,html" makes those answers, one a request, and behaves then.
func Named(list string) (func(n int) Fault, error) {
	known := map[string]Fault{
		"ok": nil, "429": TooFast(), "429-wait": TooFast("Retry-After", "1"), "quota": OutOfQuota(),
		"500":  Status(500, "server_error", "", "The server had an error while processing your request."),
		"503":  Status(503, "server_error", "server_is_overloaded", "The engine is currently overloaded."),
		"401":  Status(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
		"html": HTML(), "json": JSONError(), "empty": Empty(), "bare": BareWAV(), "mislabelled": Mislabelled(),
		"streamed": Streamed(), "cut": CutBody(), "cut-wav": CutWAV(), "drip": Drip(20, 50*time.Millisecond),
		"silent": Silent(), "half": Half(), "blip": Blip(), "float": FloatWAV(), "hang": Hang(),
	}
	maps.Copy(known, named())
	var faults []Fault
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		f, ok := known[name]
		if !ok {
			return nil, fmt.Errorf("there is no fault %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		faults = append(faults, f)
	}
	return Script(faults...), nil
}

// spoken is a fault in how speech is sent.
func spoken(f func(Sound) (label string, b []byte)) Fault {
	return func(w http.ResponseWriter, _ *http.Request, say func() (Sound, error)) {
		sound, err := say()
		if err != nil {
			refuse(w, http.StatusInternalServerError, "server_error", "", "", err.Error())
			return
		}
		label, b := f(sound)
		send(w, label, b)
	}
}

func send(w http.ResponseWriter, label string, b []byte) {
	w.Header().Set("Content-Type", label)
	w.Header().Set("Content-Length", fmt.Sprint(len(b)))
	_, _ = w.Write(b)
}
