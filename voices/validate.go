package voices

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// faults gathers what is wrong with an endpoint.
type faults []error

func (f *faults) add(when bool, format string, a ...any) {
	if when {
		*f = append(*f, fmt.Errorf(format, a...))
	}
}

// Transports are the ways in which an endpoint can be spoken to. Each has its
// defaults in resolve.go, its checks in validate, and is opened in open.go.
func Transports() []string { return []string{"http", "command", "polly"} }

func validate(e Endpoint) error {
	var f faults
	f.add(e.Identity == "", "identity is missing: without a preset, name the engine, for the stored takes to be found by")
	f.add(strings.ContainsAny(e.Identity, "\r\n"), "identity: must be one line")
	switch e.Transport {
	case "http":
		validateHTTP(e, &f)
	case "command":
		f.add(len(e.Argv) == 0 || strings.Contains(e.Argv[0], "{{"), "argv: must start with the program")
		f.add(e.Response.Audio != "stdout" && e.Response.Audio != "file", "response.audio %q: a command has stdout or file", e.Response.Audio)
	case "polly":
		validatePolly(e, &f)
	case "":
		f.add(true, "preset is missing; there are %s. Without one, transport is needed: http or command", strings.Join(presetNames(), ", "))
		return errors.Join(f...)
	default:
		f.add(true, "transport %q: must be one of %s", e.Transport, strings.Join(Transports(), ", "))
	}
	e.Phonemes.validate(&f)
	validatePlaceholders(e, &f)
	validateNumbers(e, &f)
	return errors.Join(f...)
}

// validateURL shows nothing of it: it may hold a secret.
func validateURL(address string, f *faults) {
	u, err := url.Parse(placeholderless(address))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		f.add(true, "url: must be an address such as https://host/v1")
		return
	}
	f.add(u.User != nil, "url: must not hold a password; write it under key or headers")
	f.add(u.RawQuery != "" || u.Fragment != "", "url: must not hold a query; write it under query")
}

func validateHTTP(e Endpoint, f *faults) {
	f.add(e.URL == "", "url is missing")
	if e.URL != "" {
		validateURL(e.URL, f)
	}
	f.add(e.BodyType != "json" && e.BodyType != "form" && e.BodyType != "ssml", "body_type %q: must be json, form or ssml", e.BodyType)
	f.add(e.BodyType == "ssml" && e.SSML == "", "body_type ssml: ssml is missing")
	f.add(e.BodyType == "ssml" && len(e.Body) > 0, "body_type ssml: body has no place beside it")
	f.add(e.Response.Audio != "body" && !strings.HasPrefix(e.Response.Audio, "json:"), "response.audio %q: must be body or json:PATH", e.Response.Audio)
	validateAuth(e, f)
	f.add(strings.ContainsAny(e.Key.Reveal(), "\r\n"), "key: holds a line break")
	for _, name := range sorted(e.Headers) {
		f.add(strings.ContainsAny(e.Headers[name].Reveal()+name, "\r\n"), "headers.%q: holds a line break", name)
	}
}

func validateAuth(e Endpoint, f *faults) {
	a := e.Auth
	if !a.there() {
		return
	}
	f.add(a.URL != "" && len(a.Command) > 0, "auth: either url or command")
	if u, err := url.Parse(placeholderless(a.URL)); a.URL != "" {
		f.add(err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"), "auth.url: must be an address such as https://host/token")
	}
	f.add(a.BodyType != "json" && a.BodyType != "form", "auth.body_type %q: must be json or form", a.BodyType)
	f.add(a.Token != "body" && !strings.HasPrefix(a.Token, "json:"), "auth.token %q: must be body or json:PATH", a.Token)
	f.add(a.Lasts < 0, "auth.lasts: must not be negative")
}

// placeholderless lets an address with placeholders be parsed.
func placeholderless(s string) string {
	return strings.NewReplacer("{{", "", "}}", "", " ", "").Replace(s)
}

func validatePlaceholders(e Endpoint, f *faults) {
	uses := map[string]bool{}
	for _, part := range e.parts() {
		err := references(part.tree, func(name string) { uses[name] = true })
		f.add(err != nil, "%s: %w", part.name, err)
	}
	if e.SSML != "" {
		_, err := parseSSML(e.SSML)
		f.add(err != nil, "ssml: %w", err)
		f.add(!uses["ssml"] && e.BodyType != "ssml", "ssml: {{ssml}} stands nowhere, so it would not be sent")
	}
	f.add(uses["token"] && (e.Transport != "http" || !e.Auth.there()), "{{token}} stands for nothing: auth of an endpoint over http gives it a url or a command")
	for _, name := range e.Needs {
		f.add(known(name) != nil, "needs: %w", known(name))
		f.add(name == "key" || name == "token", "needs: %s is asked for by the provider, where it needs one", name)
	}
	f.add(!uses["text"] && !uses["line"], "{{text}} stands nowhere: it would never be told what to say")
	f.add(uses["out"] != (e.Response.Audio == "file"), "response.audio: file and {{out}} in argv belong together")
}

// units of limits.most.
var units = [...]string{"chars", "bytes", "tokens", "minutes"}

// part is a part of an endpoint in which placeholders may stand.
type part struct {
	name string
	tree any
}

func (e Endpoint) parts() []part {
	headers := map[string]any{}
	for k, v := range e.Headers {
		headers[k] = v.Reveal()
	}
	argv := make([]any, len(e.Argv))
	for i, a := range e.Argv {
		argv[i] = a
	}
	if e.Transport == "command" {
		return []part{{"argv", argv}, {"stdin", e.Stdin}, {"ssml", e.SSML}}
	}
	auth := map[string]any{"url": e.Auth.URL, "body": e.Auth.Body}
	for k, v := range e.Auth.Headers {
		auth["headers."+k] = v.Reveal()
	}
	for i, arg := range e.Auth.Command {
		auth[fmt.Sprintf("command[%d]", i)] = arg
	}
	return []part{
		{"url", e.URL}, {"path", e.Path}, {"query", e.Query}, {"headers", headers}, {"body", e.Body}, {"ssml", e.SSML}, {"auth", auth},
	}
}

func validateNumbers(e Endpoint, f *faults) {
	pcm := e.Response.Format != "auto"
	f.add(pcm && e.Response.Format != "pcm_s16le" && e.Response.Format != "pcm_f32le", "response.format %q: must be auto, pcm_s16le or pcm_f32le", e.Response.Format)
	f.add(pcm && e.Response.SampleRate <= 0, "response.sample_rate is missing: samples without a header need it")
	f.add(e.Response.Channels < 1 || e.Response.Channels > 2, "response.channels %d: must be 1 or 2", e.Response.Channels)
	f.add(!slices.Contains(units[:], e.Limits.Unit), "limits.unit %q: must be %s", e.Limits.Unit, strings.Join(units[:], ", "))
	for _, model := range sorted(e.Limits.Models) {
		f.add(e.Limits.Models[model] < 0, "limits.models.%s: must not be negative", model)
	}
	if e.Response.Encoding != "" {
		f.add(e.Response.Encoding != "base64" && e.Response.Encoding != "hex", "response.encoding %q: must be base64 or hex", e.Response.Encoding)
	}
	if m := e.Response.Marks; m.Text != "" {
		f.add(m.Start == "", "response.marks.start is missing")
		f.add(m.Of != "words" && m.Of != "characters", "response.marks.of %q: must be words or characters", m.Of)
		f.add(m.Unit != "s" && m.Unit != "ms", "response.marks.unit %q: must be s or ms", m.Unit)
	}
	validateRules(e.Retry.Rules, f)
	f.add(min(e.Limits.Most, e.Limits.Concurrency, e.Limits.PerMinute, e.Limits.CharsPerMinute, e.Retry.Attempts) < 0, "limits and retry.attempts: must not be negative")
	f.add(min(e.Retry.Base, e.Retry.Cap, e.Retry.Total, e.Timeout.Connect, e.Timeout.Idle, e.Timeout.Base, e.Timeout.PerKChars) < 0, "retry and timeout: must not be negative")
	f.add(e.Breaker.Failures < 0 || e.Breaker.Rest < 0, "breaker: must not be negative")
	f.add(e.Check.MostBytes < 0, "check.most_bytes: must not be negative")
	band := e.Check.CharsPerSec
	f.add(len(band) != 2 || slices.Min(band) <= 0 || band[0] >= band[1], "check.chars_per_sec: must be the slowest and the fastest, such as [4, 60]")
	f.add(min(e.Check.Clipped, e.Check.Offset, float64(e.Check.Level), float64(e.Check.Silence), float64(e.Check.retakes())) < 0, "check: must not be negative")
	pace := e.Check.Pace
	f.add(len(pace) != 2 || slices.Min(pace) <= 0 || pace[0] >= 1 || pace[1] <= 1, "check.pace: must be the shortest and the longest, such as [0.74, 1.5]")
	f.add(e.Price.PerMChars < 0, "price.per_1m_chars: must not be negative")
	_, err := linePattern(e.Voices.Pattern)
	f.add(err != nil, "voices.pattern: %w", err)
}
