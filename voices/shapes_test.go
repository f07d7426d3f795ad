package voices_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
)

// tone is a sound of the length of spoken, without an engine.
func tone(rate int) voicetest.Sound {
	s := voicetest.Sound{Rate: rate, Samples: make([]int16, 2*rate)}
	for i := range s.Samples {
		s.Samples[i] = int16(9000 * math.Sin(2*math.Pi*220*float64(i)/float64(rate)))
	}
	return s
}

const spoken = "Two seconds of a tone, as speech." // 33 characters

// reply is what a provider sends back, in the shape of its documentation or
// its code.
type reply struct {
	status  int // 200
	headers string
	body    string
}

// TestShapes has answers of every provider's own shape: what is made of the
// good ones, and what the bad ones lead to.
func TestShapes(t *testing.T) {
	t.Parallel()
	b64 := base64.StdEncoding.EncodeToString
	wav24, pcm24, pcm22 := tone(24000).WAV(), tone(24000).PCM(), tone(22050).PCM()
	unsized := append([]byte{}, wav24...)
	copy(unsized[40:], "\xff\xff\xff\x7f")
	for name, test := range map[string]struct {
		preset string
		reply  reply
		rate   int // of the sound; 0: none is to be had
		advice voices.Advice
		says   string // in the error
		tries  int    // 1
		marks  int
	}{
		"openai":                   {preset: "openai", reply: reply{body: string(wav24), headers: "Content-Type: audio/wav\nX-Request-Id: r1"}, rate: 24000},
		"openai, too fast":         {preset: "openai", reply: reply{status: 429, body: `{"error":{"message":"Slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}`}, advice: voices.Wait, tries: 5, says: "429 Too Many Requests: Slow down"},
		"openai, no credit":        {preset: "openai", reply: reply{status: 429, body: `{"error":{"message":"No.","type":"billing","param":null,"code":"credit_balance_exhausted"}}`}, says: "add credit"},
		"kokoro":                   {preset: "kokoro", reply: reply{body: `{"audio":"` + b64(wav24) + `","audio_format":"audio/wav","timestamps":[{"word":"Two","start_time":0,"end_time":0.3},{"word":"seconds","start_time":0.3,"end_time":0.9}]}`}, rate: 24000, marks: 2},
		"kokoro, no times":         {preset: "kokoro", reply: reply{body: `{"audio":"` + b64(wav24) + `","audio_format":"audio/wav","timestamps":null}`}, rate: 24000},
		"kokoro, lines":            {preset: "kokoro", reply: reply{body: `{"audio":"` + b64(unsized[:30044]) + `","timestamps":[{"word":"Two","start_time":0,"end_time":0.3}]}` + "\n" + `{"audio":"` + b64(unsized[30044:]) + `","timestamps":[{"word":"seconds","start_time":0.3,"end_time":0.9}]}` + "\n"}, rate: 24000, marks: 2},
		"kokoro, cut lines":        {preset: "kokoro", reply: reply{body: `{"audio":"` + b64(unsized[:30044]) + `"}` + "\n" + `{"audio":"UklGR`}, advice: voices.Again, tries: 3, says: "cut off after 1 values of JSON"},
		"kokoro, error in a line":  {preset: "kokoro", reply: reply{body: `{"audio":"` + b64(unsized[:30044]) + `"}` + "\n" + `{"error":"engine","message":"out of memory"}`}, advice: voices.Again, tries: 3, says: "the answer is no audio: engine"},
		"kokoro, bad request":      {preset: "kokoro", reply: reply{status: 400, body: `{"detail":{"error":"validation_error","message":"Voice 'x' not found.","type":"invalid_request_error"}}`}, says: "400 Bad Request: Voice 'x' not found"},
		"kokoro, nothing":          {preset: "kokoro", reply: reply{body: `{"audio":"","audio_format":"audio/wav","timestamps":[]}`}, advice: voices.Again, tries: 3, says: "no audio at audio"},
		"speaches":                 {preset: "speaches", reply: reply{body: string(unsized), headers: "Content-Type: audio/wav"}, rate: 24000},
		"speaches, nothing":        {preset: "speaches", reply: reply{headers: "Content-Type: audio/wav"}, advice: voices.Again, tries: 3, says: "the answer is empty"},
		"speaches, 422":            {preset: "speaches", reply: reply{status: 422, body: `{"detail":[{"loc":["body","speed"],"msg":"Input should be less than 2","type":"x"}]}`}, says: "Input should be less than 2"},
		"localai":                  {preset: "localai", reply: reply{body: string(wav24), headers: "Content-Type: audio/mpeg"}, rate: 24000},
		"elevenlabs":               {preset: "elevenlabs", reply: reply{body: `{"audio_base64":"` + b64(pcm24) + `","alignment":{"characters":["T","w","o"," ","s"],"character_start_times_seconds":[0,0.1,0.2,0.3,0.4],"character_end_times_seconds":[0.1,0.2,0.3,0.4,0.5]},"normalized_alignment":null}`, headers: "Content-Type: application/json\nRequest-Id: e1"}, rate: 24000, marks: 2},
		"elevenlabs, no times":     {preset: "elevenlabs", reply: reply{body: `{"audio_base64":"` + b64(pcm24) + `","alignment":null}`}, rate: 24000},
		"elevenlabs, no credit":    {preset: "elevenlabs", reply: reply{status: 401, body: `{"detail":{"status":"quota_exceeded","message":"This request exceeds your quota."}}`}, says: "add credit"},
		"elevenlabs, busy":         {preset: "elevenlabs", reply: reply{status: 429, body: `{"detail":{"status":"system_busy","message":"Busy."}}`}, advice: voices.Wait, tries: 5, says: "429 Too Many Requests: Busy"},
		"elevenlabs, bad key":      {preset: "elevenlabs", reply: reply{status: 401, body: `{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}`}, says: "check endpoints.studio.key"},
		"elevenlabs, the plan":     {preset: "elevenlabs", reply: reply{status: 403, body: `{"detail":{"status":"only_for_creator+","message":"No."}}`}, says: "the account's plan does not have it"},
		"azure":                    {preset: "azure", reply: reply{body: string(wav24), headers: "Content-Type: audio/x-wav"}, rate: 24000},
		"azure, silent refusal":    {preset: "azure", reply: reply{status: 400}, says: "400 Bad Request: does the voice speak the text's language"},
		"azure, no sound":          {preset: "azure", reply: reply{body: string(voicetest.Sound{Rate: 24000}.WAV())}, advice: voices.Again, tries: 3, says: "a header and no sound"},
		"azure, in its quota":      {preset: "azure", reply: reply{status: 429}, advice: voices.Wait, tries: 5, says: "429 Too Many Requests"},
		"google":                   {preset: "google", reply: reply{body: `{"audioContent":"` + b64(wav24) + `"}`}, rate: 24000},
		"google, too fast":         {preset: "google", reply: reply{status: 429, body: `{"error":{"code":429,"message":"Quota exceeded for requests per minute","status":"RESOURCE_EXHAUSTED"}}`}, advice: voices.Wait, tries: 5, says: "Quota exceeded"},
		"google, too long":         {preset: "google", reply: reply{status: 400, body: `{"error":{"code":400,"message":"5000 bytes limit","status":"INVALID_ARGUMENT"}}`}, says: "400 Bad Request: 5000 bytes limit"},
		"google, no billing":       {preset: "google", reply: reply{status: 403, body: `{"error":{"code":403,"message":"This API method requires billing to be enabled.","status":"PERMISSION_DENIED"}}`}, says: "add credit"},
		"gemini":                   {preset: "gemini", reply: reply{body: `{"candidates":[{"finishReason":"STOP","content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"` + b64(pcm24[:40000]) + `"}},{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"` + b64(pcm24[40000:]) + `"}}]}}]}`}, rate: 24000},
		"gemini, another rate":     {preset: "gemini", reply: reply{body: `{"candidates":[{"finishReason":"STOP","content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=22050","data":"` + b64(pcm22) + `"}}]}}]}`}, rate: 22050},
		"gemini, other":            {preset: "gemini", reply: reply{body: `{"candidates":[{"finishReason":"OTHER","content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"` + b64(pcm24) + `"}}]}}]}`}, advice: voices.Again, tries: 2, says: "its candidates.0.finishReason is OTHER (after 2 attempts): it does not come to an end with this text"},
		"gemini, refused":          {preset: "gemini", reply: reply{body: `{"candidates":[{"finishReason":"SAFETY"}]}`}, says: "it refuses to speak this text"},
		"gemini, blocked":          {preset: "gemini", reply: reply{body: `{"promptFeedback":{"blockReason":"X"}}`}, advice: voices.Again, tries: 3, says: "no candidates.0.finishReason"},
		"cartesia":                 {preset: "cartesia", reply: reply{body: string(tone(44100).FloatWAV())}, rate: 44100},
		"cartesia, full":           {preset: "cartesia", reply: reply{status: 429, body: `{"error_code":"concurrency_limited","title":"Too many","message":"Too many concurrent requests","request_id":"r"}`}, advice: voices.Wait, tries: 5, says: "Too many concurrent requests"},
		"cartesia, old":            {preset: "cartesia", reply: reply{status: 400, body: `Invalid voice: Not a UUID`}, says: "Invalid voice: Not a UUID"},
		"deepgram":                 {preset: "deepgram", reply: reply{body: string(unsized)}, rate: 24000},
		"deepgram, too long":       {preset: "deepgram", reply: reply{status: 413, body: `{"err_code":"PAYLOAD_TOO_LARGE","err_msg":"Input text exceeds maximum character limit of 2000.","request_id":"r"}`}, says: "set limits.most of the endpoint to 1000"},
		"deepgram, another shape":  {preset: "deepgram", reply: reply{status: 400, body: `{"category":"BAD","message":"No such model.","details":"x","request_id":"r"}`}, says: "No such model"},
		"deepgram, error for 200":  {preset: "deepgram", reply: reply{body: `{"err_code":"X","err_msg":"No.","request_id":"r"}`, headers: "Content-Type: audio/mpeg"}, advice: voices.Again, tries: 3, says: "the answer is no audio: No"},
		"piper, called a page":     {preset: "piper-http", reply: reply{body: string(tone(22050).WAV()), headers: "Content-Type: text/html; charset=utf-8"}, rate: 22050},
		"piper, its one mistake":   {preset: "piper-http-old", reply: reply{status: 500, body: "<!doctype html>\n<title>500 Internal Server Error</title>"}, advice: voices.Again, tries: 2, says: "look at the server's log"},
		"coqui":                    {preset: "coqui", reply: reply{body: string(tone(22050).WAV())}, rate: 22050},
		"coqui, refused":           {preset: "coqui", reply: reply{status: 400, body: `{"error":"no such speaker"}`}, says: "no such speaker"},
		"samples with their rate":  {preset: "samples", reply: reply{body: string(pcm22), headers: "Content-Type: audio/pcm;rate=22050"}, rate: 22050},
		"samples without":          {preset: "samples", reply: reply{body: string(pcm24), headers: "Content-Type: audio/pcm"}, rate: 24000},
		"samples, an error":        {preset: "samples", reply: reply{body: `{"message":"No."}`, headers: "Content-Type: application/json"}, advice: voices.Again, tries: 3, says: "the answer is no audio: No"},
		"hexadecimal":              {preset: "hex", reply: reply{body: `{"data":{"audio":"` + fmt.Sprintf("%x", wav24) + `","status":2}}`}, rate: 24000},
		"hexadecimal, not at all":  {preset: "hex", reply: reply{body: `{"data":{"audio":"xyz","status":2}}`}, advice: voices.Again, tries: 3, says: "the text at data.audio is no hex"},
		"hexadecimal, not the end": {preset: "hex", reply: reply{body: `{"data":{"audio":"` + fmt.Sprintf("%x", wav24) + `","status":1}}`}, advice: voices.Again, tries: 3, says: "its data.status is 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var tries atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/issuetoken") {
					_, _ = io.WriteString(w, "tok")
					return
				}
				if r.Method == http.MethodPost {
					tries.Add(1)
				}
				for _, line := range strings.Split(test.reply.headers, "\n") {
					if k, v, ok := strings.Cut(line, ": "); ok {
						w.Header().Set(k, v)
					}
				}
				if test.reply.status != 0 {
					w.WriteHeader(test.reply.status)
				}
				_, _ = io.WriteString(w, test.reply.body)
			}))
			defer server.Close()
			speech, err := speak(t, test.preset, server.URL)
			if want := max(1, test.tries); int(tries.Load()) != want {
				t.Errorf("%d requests, want %d", tries.Load(), want)
			}
			if test.rate == 0 {
				e, ok := err.(*voices.Error)
				if !ok || e.Advice != test.advice || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			d, err := audio.Decode(t.Context(), speech.Audio)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if d.Format().Rate != test.rate || len(speech.Marks) != test.marks {
				t.Errorf("%d Hz, marks %v", d.Format().Rate, speech.Marks)
			}
		})
	}
}

// speak asks a preset, or one of two providers that have none and are written
// as a show would, at an address.
func speak(t *testing.T, preset, url string) (*voices.Speech, error) {
	t.Helper()
	e := voices.Endpoint{Preset: preset, URL: url, Key: voices.NewSecret(secret), Model: "m", Limits: voices.Limits{PerMinute: 1_000_000}}
	switch preset {
	case "azure":
		e.Params, e.Auth.URL = map[string]any{"region": "nowhere"}, url+"/issuetoken"
	case "google":
		e.Auth.Command = []string{"echo", "tok"}
	case "samples":
		e = voices.Endpoint{
			Identity: "x", Transport: "http", URL: url, Body: map[string]any{"say": "{{text}}"},
			Response: voices.Response{Format: "pcm_s16le", SampleRate: 24000},
		}
	case "hex":
		e = voices.Endpoint{
			Identity: "x", Transport: "http", URL: url, Body: map[string]any{"say": "{{text}}"},
			Response: voices.Response{Audio: "json:data.audio", Encoding: "hex", Require: []voices.Condition{{Path: "data.status", In: []string{"2"}}}},
		}
	}
	resolved, err := voices.Resolve(map[string]voices.Endpoint{"studio": e})
	if err != nil {
		t.Fatal(err)
	}
	studio, err := voices.Open(resolved, voices.OpenOptions{Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	return studio.Synthesize(t.Context(), voices.Request{Voice: voices.Voice{Name: "host", Endpoint: "studio", Voice: "x"}, Text: spoken})
}
