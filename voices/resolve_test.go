package voices

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

func resolveOne(t *testing.T, e Endpoint) Endpoint {
	t.Helper()
	m, err := Resolve(map[string]Endpoint{"studio": e})
	if err != nil {
		t.Fatal(err)
	}
	return m["studio"]
}

func secrets() cmp.Option { return cmp.Comparer(func(a, b Secret) bool { return a == b }) }

var allPresets = []string{
	"azure", "cartesia", "coqui", "deepgram", "elevenlabs", "espeak-ng", "festival", "flite", "gemini", "google", "kokoro", "localai",
	"openai", "piper", "piper-http", "piper-http-old", "polly", "say", "speaches",
}

func TestPresets(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(allPresets, presetNames()); diff != "" {
		t.Error(diff)
	}
	for _, name := range presetNames() {
		e := resolveOne(t, Endpoint{Preset: name})
		identity := strings.TrimSuffix(name, "-old")
		if e.Identity != identity || e.Limits.Most == 0 || (e.Transport == "command" && e.Install == "") {
			t.Errorf("%s: %+v", name, e)
		}
		if again := resolveOne(t, e); !cmp.Equal(e, again, secrets()) {
			t.Errorf("%s: resolved twice: %s", name, cmp.Diff(e, again, secrets()))
		}
	}
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	e := resolveOne(t, Endpoint{
		Preset: "openai", URL: "http://127.0.0.1:8880/v1/", Model: "kokoro",
		Body:    map[string]any{"stream": false, "instructions": nil, "extra": map[string]any{"a": 1}},
		Headers: map[string]Secret{"authorization": NewSecret("Token {{key}}"), "x-team": NewSecret("t")},
		Limits:  Limits{Concurrency: 9}, Timeout: Timeout{Base: time.Second},
		Retry: Retry{Statuses: []int{500}},
	})
	want := map[string]any{
		"model": "{{model}}", "input": "{{text}}", "voice": "{{voice}}", "response_format": "wav", "speed": "{{speed}}",
		"instructions": nil, "stream": false, "extra": map[string]any{"a": 1},
	}
	if diff := cmp.Diff(want, e.Body); diff != "" {
		t.Error(diff)
	}
	if len(e.Headers) != 2 || e.Headers["Authorization"].Reveal() != "Token {{key}}" {
		t.Errorf("headers: %d", len(e.Headers))
	}
	if !cmp.Equal(e.Limits, Limits{Most: 1800, Unit: "chars", Concurrency: 9}) || e.Timeout.Base != time.Second || e.Timeout.Idle != time.Minute || len(e.Retry.Rules) != 2 {
		t.Errorf("%+v %+v %+v", e.Limits, e.Timeout, e.Retry)
	}
	if e := resolveOne(t, Endpoint{Preset: "elevenlabs", Limits: Limits{Models: map[string]int{"eleven_v3": 5000, "eleven_v4": 7}}}); e.Limits.Models["eleven_v3"] != 5000 ||
		e.Limits.Models["eleven_v4"] != 7 || e.Limits.Models["eleven_flash_v2"] != 30000 {
		t.Errorf("%+v", e.Limits)
	}
	// The preset itself stays as it is.
	if p := resolveOne(t, Endpoint{Preset: "openai"}); p.Body["stream"] != nil || p.Model != "tts-1" {
		t.Error("the preset has been changed")
	}
}

func TestPrices(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		e     Endpoint
		model string
		per   float64
		known bool
	}{
		"the preset's":             {Endpoint{Preset: "openai"}, "", 15, true},
		"of another model":         {Endpoint{Preset: "openai"}, "tts-1-hd", 30, true},
		"of one billed by tokens":  {Endpoint{Preset: "openai"}, "gpt-4o-mini-tts", 0, false},
		"the same address":         {Endpoint{Preset: "openai", URL: "https://api.openai.com/v1/"}, "", 15, true},
		"another address":          {Endpoint{Preset: "openai", URL: "http://127.0.0.1:8880/v1"}, "", 0, false},
		"another address, a price": {Endpoint{Preset: "openai", URL: "http://127.0.0.1:8880/v1", Price: Price{PerMChars: 2}}, "tts-1", 2, true},
		"the show's":               {Endpoint{Preset: "openai", Price: Price{PerMChars: 20}}, "tts-1", 20, true},
		"free":                     {Endpoint{Preset: "flite"}, "", 0, true},
	} {
		s := &Studio{endpoints: map[string]*openEndpoint{"studio": opened(t, test.e)}}
		p := s.Price(Voice{Endpoint: "studio", Model: test.model})
		if p.PerMChars != test.per || p.Known() != test.known || (test.known && p.Currency != "USD") {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestResolveErrors(t *testing.T) {
	t.Parallel()
	good := Endpoint{Identity: "x", Transport: "http", URL: "http://h", Body: map[string]any{"t": "{{text}}"}}
	for name, test := range map[string]struct {
		change func(*Endpoint)
		says   string
	}{
		"no such preset":  {func(e *Endpoint) { e.Preset = "opnai" }, `endpoint studio: there is no preset "opnai"; did you mean "openai"? There are azure, cartesia, `},
		"a path":          {func(e *Endpoint) { e.Preset = "../presets/openai" }, "there is no preset"},
		"nothing":         {func(e *Endpoint) { *e = Endpoint{Identity: "x"} }, "preset is missing"},
		"transport":       {func(e *Endpoint) { e.Transport = "smoke" }, `transport "smoke": must be one of http, command, polly`},
		"identity":        {func(e *Endpoint) { e.Identity = "" }, "identity is missing"},
		"no url":          {func(e *Endpoint) { e.URL = "" }, "url is missing"},
		"no address":      {func(e *Endpoint) { e.URL = "ftp://h" }, "url: must be an address"},
		"a password":      {func(e *Endpoint) { e.URL = "http://me:pa55word@h" }, "url: must not hold a password"},
		"a query":         {func(e *Endpoint) { e.URL = "http://h/?key=pa55word" }, "url: must not hold a query"},
		"placeholder":     {func(e *Endpoint) { e.Body["v"] = "{{vioce}}" }, `body: v: {{vioce}} is no placeholder; did you mean "voice"?`},
		"not closed":      {func(e *Endpoint) { e.Path = "/{{voice" }, "path: a {{ without its }}"},
		"arithmetic":      {func(e *Endpoint) { e.Body["v"] = "{{speed + 1}}" }, "is no placeholder: write"},
		"by zero":         {func(e *Endpoint) { e.Body["v"] = "{{speed * 0}}" }, "no number to scale by"},
		"says nothing":    {func(e *Endpoint) { e.Body = nil }, "{{text}} stands nowhere"},
		"samples":         {func(e *Endpoint) { e.Response.Format = "pcm_s16le" }, "response.sample_rate is missing"},
		"format":          {func(e *Endpoint) { e.Response.Format = "wav" }, `response.format "wav": must be auto`},
		"band":            {func(e *Endpoint) { e.Check.CharsPerSec = []float64{9, 3} }, "check.chars_per_sec"},
		"half a band":     {func(e *Endpoint) { e.Check.CharsPerSec = []float64{9} }, "check.chars_per_sec"},
		"negative":        {func(e *Endpoint) { e.Limits.PerMinute = -1 }, "must not be negative"},
		"key":             {func(e *Endpoint) { e.Key = NewSecret("pa55word\nx") }, "key: holds a line break"},
		"pattern":         {func(e *Endpoint) { e.Voices.Pattern = "(" }, "voices.pattern: "},
		"no group":        {func(e *Endpoint) { e.Voices.Pattern = "a" }, "has no group"},
		"no program":      {func(e *Endpoint) { *e = Endpoint{Identity: "x", Transport: "command", Stdin: "{{text}}"} }, "argv: must start with the program"},
		"no such unit":    {func(e *Endpoint) { e.Limits.Unit = "words" }, `limits.unit "words": must be chars, bytes, tokens, minutes`},
		"model's limit":   {func(e *Endpoint) { e.Limits.Models = map[string]int{"m": -1} }, "limits.models.m: must not be negative"},
		"encoding":        {func(e *Endpoint) { e.Response.Encoding = "rot13" }, `response.encoding "rot13": must be base64 or hex`},
		"marks":           {func(e *Endpoint) { e.Response.Marks = Marks{Text: "a"} }, "response.marks.start is missing"},
		"marks of what":   {func(e *Endpoint) { e.Response.Marks = Marks{Text: "a", Start: "b", Of: "lines"} }, "must be words or characters"},
		"marks in what":   {func(e *Endpoint) { e.Response.Marks = Marks{Text: "a", Start: "b", Unit: "h"} }, "must be s or ms"},
		"then what":       {func(e *Endpoint) { e.Retry.Rules = []Rule{{Status: []int{1}, Then: "shout"}} }, `retry.rules[0]: then "shout": must be again, wait, give_up, pay`},
		"of everything":   {func(e *Endpoint) { e.Retry.Rules = []Rule{{Then: "wait"}} }, "retry.rules[0]: says of no answer that it is meant"},
		"a path alone":    {func(e *Endpoint) { e.Retry.Rules = []Rule{{Status: []int{1}, Path: "a", Then: "wait"}} }, "path without in or has"},
		"no ssml":         {func(e *Endpoint) { e.BodyType, e.Body = "ssml", nil }, "body_type ssml: ssml is missing"},
		"ssml and body":   {func(e *Endpoint) { e.BodyType, e.SSML = "ssml", "<s>{{text}}</s>" }, "body has no place beside it"},
		"broken ssml":     {func(e *Endpoint) { e.SSML = "<s>{{text}}" }, "ssml: <s> is not ended"},
		"ssml for nobody": {func(e *Endpoint) { e.SSML = "<s>{{text}}</s>" }, "{{ssml}} stands nowhere"},
		"no auth":         {func(e *Endpoint) { e.Headers = map[string]Secret{"A": NewSecret("Bearer {{token}}")} }, "{{token}} stands for nothing"},
		"auth twice":      {func(e *Endpoint) { e.Auth = Auth{URL: "http://h", Command: []string{"x"}} }, "auth: either url or command"},
		"auth's address":  {func(e *Endpoint) { e.Auth.URL = "pa55word" }, "auth.url: must be an address"},
		"auth's token":    {func(e *Endpoint) { e.Auth = Auth{URL: "http://h", Token: "header"} }, "must be body or json:PATH"},
		"needs":           {func(e *Endpoint) { e.Needs = []string{"vioce"} }, `needs: {{vioce}} is no placeholder`},
		"needs a key":     {func(e *Endpoint) { e.Needs = []string{"key"} }, "needs: key is asked for by the provider"},
		"polly's key":     {func(e *Endpoint) { *e = Endpoint{Preset: "polly", Key: NewSecret("pa55word")} }, "key: must be ID:SECRET"},
		"polly's body":    {func(e *Endpoint) { *e = Endpoint{Preset: "polly", BodyType: "form"} }, "polly takes the fields of SynthesizeSpeech"},
		"out, not a file": {func(e *Endpoint) { e.Transport, e.Argv = "command", []string{"p", "{{out}}", "{{text}}"} }, "belong together"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := good
			e.Body = map[string]any{"t": "{{text}}"}
			test.change(&e)
			_, err := Resolve(map[string]Endpoint{"studio": e})
			if err == nil || !strings.Contains(err.Error(), test.says) || !strings.HasPrefix(err.Error(), "endpoint studio: ") {
				t.Fatalf("%v", err)
			}
			if strings.Contains(err.Error(), "pa55word") {
				t.Errorf("a secret is in %v", err)
			}
		})
	}
}

// TestSecretNeverPrints looks for a secret in everything an endpoint can be
// written as.
func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	const secret = "sk-4711"
	e := resolveOne(t, Endpoint{Preset: "openai", Key: NewSecret(secret), Headers: map[string]Secret{"X-Key": NewSecret(secret)}})
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "endpoint", e, "key", e.Key)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "endpoint", e, "key", e.Key)
	asJSON, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{log.String(), string(asJSON), string(asYAML)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		all = append(all, fmt.Sprintf(verb, e), fmt.Sprintf(verb, e.Key), fmt.Sprintf(verb, &e.Key))
	}
	for _, text := range all {
		if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
			t.Errorf("the secret is in %s", text)
		}
	}
}

// TestOverlayKnowsEveryField fails where a field is added that Resolve would
// leave out.
func TestOverlayKnowsEveryField(t *testing.T) {
	t.Parallel()
	var top Endpoint
	fill(reflect.ValueOf(&top).Elem())
	var base Endpoint
	overlay(reflect.ValueOf(&base).Elem(), reflect.ValueOf(top))
	if diff := cmp.Diff(top, base, secrets()); diff != "" {
		t.Error(diff)
	}
}

func fill(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[Secret]():
		v.Set(reflect.ValueOf(NewSecret("s")))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		elem := reflect.New(v.Type().Elem()).Elem()
		if elem.Kind() == reflect.Interface {
			elem.Set(reflect.ValueOf("x"))
		} else {
			fill(elem)
		}
		v.SetMapIndex(reflect.ValueOf("X"), elem)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case v.Kind() == reflect.String:
		v.SetString("s")
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(7)
	case v.CanFloat():
		v.SetFloat(7)
	}
}
