package voices

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/pipeline/level"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares got with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// opened is an endpoint, whose engine's version is said to be 1.0.
func opened(t testing.TB, e Endpoint) *openEndpoint {
	t.Helper()
	resolved, err := Resolve(map[string]Endpoint{"studio": e})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(resolved, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o := s.endpoints["studio"]
	if c, ok := o.transport.(*commandTransport); ok {
		c.version = "1.0"
	}
	return o
}

// filled is an endpoint of the preset, with what it needs of a show.
func filled(preset string) Endpoint {
	e := Endpoint{Preset: preset, Key: NewSecret("sk-1")}
	switch preset {
	case "azure":
		e.Params = map[string]any{"region": "westeurope"}
	case "polly":
		e.Key, e.Params = NewSecret("AKID:sk-1"), map[string]any{"region": "eu-west-1"}
	case "localai", "speaches":
		e.Model = "m"
	}
	return e
}

func keyOf(t testing.TB, e Endpoint, req Request) string {
	t.Helper()
	s := &Studio{endpoints: map[string]*openEndpoint{"studio": opened(t, e)}}
	req.Voice.Endpoint = "studio"
	key, err := s.Key(req)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// requests are a few that use everything a voice can say.
func requests() map[string]Request {
	return map[string]Request{
		"plain": {Voice: Voice{Voice: "alloy"}, Text: "Hello."},
		"full": {Previous: "Before.", Next: "After.", Voice: Voice{
			Name: "host", Voice: "a/b c", Model: "tts-1-hd", Language: "en-GB", Speed: 1.1, Pitch: 60, Style: "calm", Gain: -2,
		}, Text: "He said \"no\".\n<b>&</b> 🎙\u2028 \x00end", Language: "en", Take: 2},
	}
}

// TestKeys holds keys for ever: a take that was paid for is found by them.
// Where this fails, raise keyVersion and have older takes found.
func TestKeys(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, preset := range presetNames() {
		for _, name := range sorted(requests()) {
			fmt.Fprintf(&b, "%s %s %s\n", preset, name, keyOf(t, filled(preset), requests()[name]))
		}
	}
	with := requests()["plain"]
	with.Voice.Params = map[string]any{"lang_code": "en", "stability": 0.5, "n": uint64(3), "deep": map[string]any{"on": true}}
	fmt.Fprintf(&b, "openai params %s\n", keyOf(t, Endpoint{Preset: "openai"}, with))
	golden(t, "keys.txt", b.String())
}

func TestKeyChanges(t *testing.T) {
	t.Parallel()
	base := Endpoint{Preset: "openai"}
	req := Request{Voice: Voice{Voice: "alloy"}, Text: "Hello."}
	was := keyOf(t, base, req)
	for name, change := range map[string]struct {
		same bool
		with func(e *Endpoint, r *Request)
	}{
		"url":              {true, func(e *Endpoint, _ *Request) { e.URL = "http://10.0.0.7:8880/v1" }},
		"path":             {true, func(e *Endpoint, _ *Request) { e.Path = "/speech" }},
		"key":              {true, func(e *Endpoint, _ *Request) { e.Key = NewSecret("sk-1") }},
		"headers":          {true, func(e *Endpoint, _ *Request) { e.Headers = map[string]Secret{"X-Team": NewSecret("a")} }},
		"key in the query": {true, func(e *Endpoint, _ *Request) { e.Query = map[string]any{"k": "{{key}}"}; e.Key = NewSecret("sk") }},
		"limits":           {true, func(e *Endpoint, _ *Request) { e.Limits.Most = 99; e.Retry.Attempts = 1; e.Timeout.Base = 1 }},
		"price":            {true, func(e *Endpoint, _ *Request) { e.Price.PerMChars = 1 }},
		"voice's name":     {true, func(_ *Endpoint, r *Request) { r.Voice.Name = "x" }},
		"gain":             {true, func(_ *Endpoint, r *Request) { r.Voice.Gain = level.DB(-3) }},
		"same default":     {true, func(_ *Endpoint, r *Request) { r.Voice.Model = "tts-1" }},
		"same identity":    {true, func(e *Endpoint, _ *Request) { e.Identity = "openai" }},
		"text":             {false, func(_ *Endpoint, r *Request) { r.Text = "Hello!" }},
		"voice":            {false, func(_ *Endpoint, r *Request) { r.Voice.Voice = "onyx" }},
		"model":            {false, func(_ *Endpoint, r *Request) { r.Voice.Model = "tts-1-hd" }},
		"endpoint's model": {false, func(e *Endpoint, _ *Request) { e.Model = "tts-1-hd" }},
		"speed":            {false, func(_ *Endpoint, r *Request) { r.Voice.Speed = 1.2 }},
		"style":            {false, func(_ *Endpoint, r *Request) { r.Voice.Style = "calm" }},
		"params":           {false, func(_ *Endpoint, r *Request) { r.Voice.Params = map[string]any{"seed": 1} }},
		"endpoint's param": {false, func(e *Endpoint, _ *Request) { e.Params = map[string]any{"seed": 1} }},
		"body":             {false, func(e *Endpoint, _ *Request) { e.Body = map[string]any{"response_format": "flac"} }},
		"body, less":       {false, func(e *Endpoint, _ *Request) { e.Body = map[string]any{"response_format": nil} }},
		"query":            {false, func(e *Endpoint, _ *Request) { e.Query = map[string]any{"rate": 24000} }},
		"value in a path":  {false, func(e *Endpoint, _ *Request) { e.Path = "/{{voice}}" }},
		"identity":         {false, func(e *Endpoint, _ *Request) { e.Identity = "kokoro" }},
		"samples": {false, func(e *Endpoint, _ *Request) {
			e.Response = Response{Format: "pcm_s16le", SampleRate: 24000}
		}},
		"take": {false, func(_ *Endpoint, r *Request) { r.Take = 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, r := base, req
			change.with(&e, &r)
			if now := keyOf(t, e, r); (now == was) != change.same {
				t.Errorf("the same key: %v", now == was)
			}
		})
	}
}

func TestKeyOfAnotherVersion(t *testing.T) {
	t.Parallel()
	e := opened(t, Endpoint{Preset: "flite"})
	was, err := e.transport.identity(t.Context())
	if err != nil || was != "flite 1.0" {
		t.Fatalf("identity %q: %v", was, err)
	}
}

// TestRequests has what is sent to each preset as golden files.
func TestRequests(t *testing.T) {
	t.Parallel()
	for _, preset := range presetNames() {
		var b strings.Builder
		for _, name := range sorted(requests()) {
			req := requests()[name]
			e := opened(t, filled(preset))
			v := e.render.values(req)
			fmt.Fprintf(&b, "== %s\n", name)
			h, ok := e.transport.(*httpTransport)
			if p, is := e.transport.(*pollyTransport); is {
				b.WriteString(signed(t, p, req))
				continue
			}
			if !ok {
				form, err := e.render.render(v)
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprintf(&b, "%s %q\n%q\n", e.spec.Argv[0], form.Args, form.Stdin)
				continue
			}
			v.key, v.token = "sk-1", "tok-1"
			r, err := h.request(v)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s %s\n", r.Method, r.URL)
			b.WriteString(rest(r))
		}
		golden(t, "request-"+preset+".txt", b.String())
	}
}

// rest of a request, as HTTP writes it, headers sorted.
func rest(r *http.Request) string {
	var b strings.Builder
	for _, k := range sorted(r.Header) {
		fmt.Fprintf(&b, "%s: %s\n", k, r.Header.Get(k))
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(&b, "\n%s\n", body)
	return b.String()
}

// signed is a request that the SDK makes, without what is another one every
// time: its signature, its time and its number.
func signed(t *testing.T, p *pollyTransport, req Request) string {
	t.Helper()
	var b strings.Builder
	p.httpTransport.client.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		scope, _, _ := strings.Cut(r.Header.Get("Authorization"), ", ")
		scope = regexp.MustCompile(`/\d{8}/`).ReplaceAllString(scope, "/DATE/")
		for _, k := range []string{"X-Amz-Date", "Amz-Sdk-Invocation-Id", "Amz-Sdk-Request", "User-Agent"} {
			r.Header.Del(k)
		}
		r.Header.Set("Authorization", scope)
		fmt.Fprintf(&b, "%s %s\n%s", r.Method, r.URL, rest(r))
		return nil, errors.New("enough")
	})
	if _, err := p.speak(t.Context(), &call{req: req, values: p.render.values(req)}); err == nil {
		t.Error("it speaks")
	}
	return b.String()
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// authorisedRequest is the request as it is sent.
func authorisedRequest(t *testing.T, e *openEndpoint, req Request) (*http.Request, error) {
	t.Helper()
	h := e.transport.(*httpTransport)
	v, err := h.authorised(t.Context(), e.render.values(req))
	if err != nil {
		return nil, err
	}
	return h.request(v)
}

func TestNoKeyNoHeader(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "none", " None "} {
		e := opened(t, Endpoint{Preset: "openai", Key: NewSecret(key)})
		r, err := authorisedRequest(t, e, Request{Text: "x"})
		if err != nil || r.Header.Get("Authorization") != "" {
			t.Errorf("key %q: %q, %v", key, r.Header.Get("Authorization"), err)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ url, path, voice, want string }{
		"plain":          {"http://h/v1", "/speak", "x", "http://h/v1/speak?f=w"},
		"slashes":        {"http://h/v1/", "speak", "x", "http://h/v1/speak?f=w"},
		"no path":        {"http://h", "", "x", "http://h?f=w"},
		"in the path":    {"http://h", "/tts/{{voice}}/go", "a/b ?c#d%", "http://h/tts/a%2Fb%20%3Fc%23d%25/go?f=w"},
		"in the host":    {"http://{{params.region}}.h", "/", "x", "http://west.h/?f=w"},
		"a step up":      {"http://h", "/tts/{{voice}}", "..", ""},
		"nothing":        {"http://h", "/tts/{{voice}}", "", ""},
		"out of the way": {"http://{{voice}}.h", "", "evil/", ""},
	} {
		e := opened(t, Endpoint{
			Identity: "x", Transport: "http", URL: test.url, Path: test.path, Query: map[string]any{"f": "w"},
			Body: map[string]any{"t": "{{text}}"}, Params: map[string]any{"region": "west"},
		})
		v := e.render.values(Request{Voice: Voice{Voice: test.voice}, Text: "t"})
		u, err := renderAddress(e.spec.URL, e.spec.Path, e.spec.Query, v)
		switch {
		case test.want == "" && err == nil:
			t.Errorf("%s: got %s", name, u)
		case test.want != "" && (err != nil || u.String() != test.want):
			t.Errorf("%s: got %v, %v", name, u, err)
		}
	}
}

func TestArgumentsLeftOut(t *testing.T) {
	t.Parallel()
	e := opened(t, Endpoint{
		Identity: "x", Transport: "command", Stdin: "{{text}}",
		Argv: []string{"prog", "-q", "-v", "{{voice}}", "--rate={{speed * 175}}", "-l", "{{1.00 / speed}}", "-p", "{{params.p}}", "plain", "{{style}}"},
	})
	for name, test := range map[string]struct {
		voice Voice
		want  []string
	}{
		"nothing":    {Voice{}, []string{"-q", "plain"}},
		"everything": {Voice{Voice: "-x", Speed: 1.3, Style: "s", Params: map[string]any{"p": 0}}, []string{"-q", "-v", "-x", "--rate=228", "-l", "0.77", "-p", "0", "plain", "s"}},
	} {
		form, err := e.render.render(e.render.values(Request{Voice: test.voice, Text: "t"}))
		if diff := cmp.Diff(test.want, form.Args); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
	for name, v := range map[string]Voice{"NUL": {Voice: "a\x00b"}, "a param for nothing": {Params: map[string]any{"q": 1}}, "a list": {Params: map[string]any{"p": []any{1}}}} {
		if form, err := e.render.render(e.render.values(Request{Voice: v, Text: "t"})); err == nil {
			t.Errorf("%s: %q", name, form.Args)
		}
	}
}

// FuzzRender has any text come through JSON as it is, and any placeholder be a
// value or an error.
func FuzzRender(f *testing.F) {
	for _, text := range []string{"plain", `"quoted" \ back`, "lines\r\n\t", "nul\x00", "🎙 é", "\u2028\u2029", "{{voice}}", "}}{{", "<&>", "\xff\xfe", "&a=b%20+"} {
		f.Add(text, "{{speed * 2}}")
	}
	f.Add("x", "{{1 / params.n}} {{ params.a.b }} {{key}}")
	f.Fuzz(func(t *testing.T, text, template string) {
		if text == "" {
			return
		}
		v := values{text: strings.ToValidUTF8(text, "\ufffd"), voice: "v", speed: 1.5, params: map[string]any{"n": "3", "a": map[string]any{"b": 1}}}
		r := &renderer{direct: map[string]bool{"n": true, "a": true}, spec: Endpoint{Body: map[string]any{"input": "{{text}}", "not": "{{style}}", "n": 1}, BodyType: "json"}}
		form, err := r.render(v)
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := r.encode(form)
		if err != nil {
			t.Fatal(err)
		}
		var back map[string]any
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]any{"input": v.text, "n": 1.0}, back); diff != "" {
			t.Fatal(diff)
		}
		if step, err := renderEscaped("/"+template, v); err == nil && strings.Contains(step, "{{") {
			t.Fatalf("%q became %q", template, step)
		}
	})
}

// BenchmarkKey is what a plan pays for every segment.
func BenchmarkKey(b *testing.B) {
	e := opened(b, Endpoint{Preset: "openai"})
	s := &Studio{endpoints: map[string]*openEndpoint{"studio": e}}
	req := Request{Voice: Voice{Endpoint: "studio", Voice: "alloy"}, Text: strings.Repeat("Some words. ", 100)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Key(req); err != nil {
			b.Fatal(err)
		}
	}
}
