package voicetest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

func tellWAV(label string) func(context.Context, http.ResponseWriter, request, Sound) error {
	return func(_ context.Context, w http.ResponseWriter, _ request, s Sound) error {
		send(w, label, s.WAV())
		return nil
	}
}

// askKokoro keeps to what it takes, for a field that it does not know is an
// error of ours.
func askKokoro(r *http.Request) (request, error) {
	var q struct {
		request
		Stream     *bool `json:"stream"`
		Timestamps bool  `json:"return_timestamps"`
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(&q)
	q.request.stream = q.Stream == nil || *q.Stream
	return q.request, err
}

func tellKokoro(_ context.Context, w http.ResponseWriter, q request, s Sound) error {
	w.Header().Set("Content-Type", "application/json")
	parts := []Sound{s}
	if q.stream {
		parts = []Sound{s.First(0.5), s.after(0.5)}
	}
	times, enc := s.timed(q.Input), json.NewEncoder(w)
	for i, part := range parts {
		b := part.PCM()
		if i == 0 {
			b = append(header44(s.Rate), b...) // its sizes are never written
		}
		var words []any
		for j, t := range times {
			if j*len(parts)/len(times) == i {
				words = append(words, map[string]any{"word": t.word, "start_time": t.start, "end_time": t.end})
			}
		}
		_ = enc.Encode(map[string]any{"audio": base64.StdEncoding.EncodeToString(b), "audio_format": "audio/wav", "timestamps": words})
	}
	return nil
}

func tellElevenLabs(ctx context.Context, w http.ResponseWriter, q request, s Sound) error {
	b, err := s.encode(ctx, "pcm")
	if err != nil {
		return err
	}
	var characters []string
	var starts, ends []float64
	all := []rune(q.Input)
	for i, c := range all {
		characters = append(characters, string(c))
		starts = append(starts, s.seconds()*float64(i)/float64(len(all)))
		ends = append(ends, s.seconds()*float64(i+1)/float64(len(all)))
	}
	answer(w, http.StatusOK, map[string]any{
		"audio_base64": base64.StdEncoding.EncodeToString(b), "normalized_alignment": nil,
		"alignment": map[string]any{"characters": characters, "character_start_times_seconds": starts, "character_end_times_seconds": ends},
	})
	return nil
}

func tellGemini(ctx context.Context, w http.ResponseWriter, _ request, s Sound) error {
	b, err := s.encode(ctx, "pcm")
	if err != nil {
		return err
	}
	var parts []any
	for _, part := range [][]byte{b[:len(b)/4*2], b[len(b)/4*2:]} {
		parts = append(parts, map[string]any{"inlineData": map[string]any{"mimeType": "audio/L16;codec=pcm;rate=24000", "data": base64.StdEncoding.EncodeToString(part)}})
	}
	answer(w, http.StatusOK, map[string]any{"candidates": []any{map[string]any{"finishReason": "STOP", "content": map[string]any{"parts": parts}}}})
	return nil
}

func refuseGoogle(w http.ResponseWriter, status int, _, text string) {
	answer(w, status, map[string]any{"error": map[string]any{"code": status, "message": text, "status": "INVALID_ARGUMENT"}})
}

// spokenIn are the text and the voice of SSML.
func spokenIn(document io.Reader) (request, error) {
	var q request
	for d := xml.NewDecoder(document); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return q, nil
		}
		if err != nil {
			return q, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			for _, a := range t.Attr {
				if t.Name.Local == "voice" && a.Name.Local == "name" {
					q.Voice = a.Value
				}
			}
		case xml.CharData:
			q.Input += string(t)
		}
	}
}

func askAzure(r *http.Request) (request, error) {
	if got := r.Header.Get("Content-Type"); got != "application/ssml+xml" {
		return request{}, fmt.Errorf("Content-Type %s", got)
	}
	if r.Header.Get("X-Microsoft-OutputFormat") == "" || r.Header.Get("User-Agent") == "" {
		return request{}, errors.New("a header is missing")
	}
	return spokenIn(r.Body)
}

func askPolly(r *http.Request) (request, error) {
	var q struct{ Engine, LanguageCode, OutputFormat, SampleRate, Text, TextType, VoiceID string }
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		return request{}, err
	}
	out := request{Input: q.Text}
	if q.TextType == "ssml" {
		var err error
		if out, err = spokenIn(strings.NewReader(q.Text)); err != nil {
			return out, err
		}
	}
	out.Voice, out.ResponseFormat = q.VoiceID, q.OutputFormat
	return out, nil
}

// tellPolly answers with sound or, where json is asked for, with its marks.
func tellPolly(ctx context.Context, w http.ResponseWriter, q request, s Sound) error {
	switch q.ResponseFormat {
	case "json":
		w.Header().Set("Content-Type", "application/x-json-stream")
		enc := json.NewEncoder(w)
		for _, t := range s.timed(q.Input) {
			_ = enc.Encode(map[string]any{"time": int(t.start * 1000), "type": "word", "start": t.from, "end": t.from + len(t.word), "value": t.word})
		}
		return nil
	case "ogg_vorbis":
		b, err := s.encode(ctx, "vorbis")
		if err != nil {
			return err
		}
		send(w, "audio/ogg", b)
		return nil
	}
	send(w, "audio/pcm", s.PCM())
	return nil
}

func refusePolly(w http.ResponseWriter, status int, code, text string) {
	if code == "" {
		code = "ValidationException"
	}
	w.Header().Set("X-Amzn-ErrorType", code)
	answer(w, status, map[string]any{"message": text})
}
