package voices

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// rendered is a request in an endpoint's own terms, without its address,
// headers and secrets: what a take's key is made of.
type rendered struct {
	Path  map[string]any `json:"path,omitempty"` // values of the path's placeholders
	Query map[string]any `json:"query,omitempty"`
	Body  map[string]any `json:"body,omitempty"`
	SSML  string         `json:"ssml,omitempty"` // in place of the body

	Args  []string `json:"args,omitempty"` // of a command, without the program
	Stdin string   `json:"stdin,omitempty"`

	Samples string `json:"samples,omitempty"` // how samples without a header are read
}

// renderer turns requests into an endpoint's terms.
type renderer struct {
	spec   Endpoint
	ssml   *element        // nil where there is none
	direct map[string]bool // params that have their place: placeholders name them
}

func newRenderer(spec Endpoint) (*renderer, error) {
	r := &renderer{spec: spec, direct: map[string]bool{}}
	if spec.Transport == "polly" {
		r.direct["region"] = true // the transport's own
	}
	place := func(name string) {
		if param, ok := strings.CutPrefix(name, "params."); ok {
			first, _, _ := strings.Cut(param, ".")
			r.direct[first] = true
		} else if name == "seed" {
			r.direct["seed"] = true
		}
	}
	for _, part := range spec.parts() {
		if err := references(part.tree, place); err != nil {
			return nil, fmt.Errorf("endpoint %s: %s: %w", spec.Name, part.name, err)
		}
	}
	for _, name := range spec.Needs {
		place(name)
	}
	if spec.SSML != "" {
		var err error
		if r.ssml, err = parseSSML(spec.SSML); err != nil {
			return nil, fmt.Errorf("endpoint %s: ssml: %w", spec.Name, err)
		}
	}
	return r, nil
}

// values of a request, with the endpoint's defaults and without its key.
func (r *renderer) values(req Request) values {
	v := values{
		voice: req.Voice.Voice, model: req.Voice.Model,
		style: req.Voice.Style, language: req.Voice.Language, speed: req.Voice.Speed, pitch: req.Voice.Pitch,
		previous: valid(req.Previous), next: valid(req.Next), take: req.Take, out: "{{out}}", params: overTree(r.spec.Params, req.Voice.Params),
	}
	if v.model == "" {
		v.model = r.spec.Model
	}
	if v.voice == "" && len(r.spec.Voices.Names) > 0 {
		v.voice = r.spec.Voices.Names[0]
	}
	if v.language == "" {
		v.language = req.Language
	}
	if v.language == "" {
		v.language = r.spec.Language
	}
	if v.text = r.spec.Phonemes.text(req, v.model, v.voice); r.ssml != nil && r.spec.Phonemes.Form == phonemesSSML {
		v.text, v.marked = plainText(req.Text), v.text
	}
	return v
}

func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

// render is the request in the endpoint's terms. It depends on nothing but
// the endpoint and the values.
func (r *renderer) render(v values) (rendered, error) {
	for _, name := range r.spec.Needs {
		if empty(v.get(name)) {
			return rendered{}, r.missing(name)
		}
	}
	if r.ssml != nil {
		var err error
		if v.ssml, err = r.ssml.render(v); err != nil {
			return rendered{}, fmt.Errorf("ssml: %w", err)
		}
	}
	if r.spec.Transport == "command" {
		return r.command(v)
	}
	out := rendered{Path: map[string]any{}}
	err := references(r.spec.Path, func(name string) {
		if x := v.get(name); name != "key" && !empty(x) {
			out.Path[name] = x
		}
	})
	if err != nil {
		return out, fmt.Errorf("path: %w", err)
	}
	if out.Query, err = renderMap("query", r.spec.Query, v); err != nil {
		return out, err
	}
	if out.Body, err = renderMap("body", r.spec.Body, v); err != nil {
		return out, err
	}
	if r.spec.BodyType == "ssml" {
		out.SSML = v.ssml
	}
	for _, name := range sorted(v.params) {
		if r.direct[name] || empty(v.params[name]) {
			continue
		}
		if len(r.spec.Body) == 0 {
			return out, fmt.Errorf("params.%s is used nowhere: the request has no body to put it into", name)
		}
		out.Body[name] = v.params[name]
	}
	if r.spec.Response.Format != "auto" {
		out.Samples = fmt.Sprintf("%s %d Hz, %d channels", r.spec.Response.Format, r.spec.Response.SampleRate, r.spec.Response.Channels)
	}
	return out, nil
}

// missing says where a value that is needed belongs.
func (r *renderer) missing(name string) error {
	switch {
	case strings.HasPrefix(name, "params."):
		return fmt.Errorf("%s is missing: set endpoints.%s.%s, or that of the voice", name, r.spec.Name, name)
	case name == "model", name == "language":
		return fmt.Errorf("the %s is missing: set that of the voice, or endpoints.%s.%s", name, r.spec.Name, name)
	}
	return fmt.Errorf("the %s is missing: the endpoint cannot do without it", name)
}

func renderMap(name string, tree map[string]any, v values) (map[string]any, error) {
	x, err := render(tree, v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return x.(map[string]any), nil
}

// command renders a command's arguments: one that is left out takes the flag
// right before it along.
func (r *renderer) command(v values) (rendered, error) {
	var out rendered
	for _, name := range sorted(v.params) {
		if !r.direct[name] && !empty(v.params[name]) {
			return out, fmt.Errorf("params.%s is used nowhere: write {{params.%s}} into argv", name, name)
		}
	}
	for i, arg := range r.spec.Argv[1:] {
		text, err := renderText(arg, v)
		if err != nil {
			return out, fmt.Errorf("argv: %w", err)
		}
		if strings.ContainsRune(text, 0) {
			return out, errors.New("argv: an argument cannot hold the character NUL")
		}
		if text != "" {
			out.Args = append(out.Args, text)
			continue
		}
		if before := r.spec.Argv[i]; i > 0 && len(out.Args) > 0 && strings.HasPrefix(before, "-") && !strings.Contains(before, "{{") {
			out.Args = out.Args[:len(out.Args)-1]
		}
	}
	text, err := renderText(r.spec.Stdin, v)
	if err != nil {
		return out, fmt.Errorf("stdin: %w", err)
	}
	out.Stdin = strings.ReplaceAll(text, "\x00", " ") // engines in C would stop there
	if r.spec.Response.Format != "auto" {
		out.Samples = fmt.Sprintf("%s %d Hz, %d channels", r.spec.Response.Format, r.spec.Response.SampleRate, r.spec.Response.Channels)
	}
	return out, nil
}

// renderAddress is a URL.
func renderAddress(base, path string, query map[string]any, v values) (*url.URL, error) {
	base, err := renderEscaped(strings.TrimRight(base, "/"), v)
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	if path, err = renderEscaped(path, v); err != nil {
		return nil, fmt.Errorf("path: %w", err)
	}
	if path != "" && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	u, err := url.Parse(base + path)
	if err != nil || u.Host == "" {
		return nil, errors.New("url: its values do not make an address") // they may be secret: not shown
	}
	q := u.Query()
	for _, k := range sorted(query) {
		text, err := toText(query[k])
		if err != nil {
			return nil, fmt.Errorf("query: %s: %w", k, err)
		}
		q.Set(k, text)
	}
	u.RawQuery = q.Encode()
	return u, nil
}

// renderEscaped puts values into an address, each as one step of a path.
func renderEscaped(s string, v values) (string, error) {
	parsed, err := parseScalar(s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range parsed {
		if p.ref == nil {
			b.WriteString(p.literal)
			continue
		}
		x, err := p.ref.value(v)
		if err != nil {
			return "", err
		}
		if empty(x) {
			return "", fmt.Errorf("{{%s}} is empty", p.ref.name)
		}
		text, err := toText(x)
		if err != nil {
			return "", fmt.Errorf("{{%s}}: %w", p.ref.name, err)
		}
		if text == "." || text == ".." {
			return "", fmt.Errorf("{{%s}} cannot be %q", p.ref.name, text)
		}
		b.WriteString(url.PathEscape(text))
	}
	return b.String(), nil
}

// renderHeaders leaves out those that come out empty.
func renderHeaders(headers map[string]Secret, v values) (http.Header, error) {
	h := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		text, err := renderText(headers[name].Reveal(), v)
		if err != nil {
			return nil, fmt.Errorf("headers: %s: %w", name, err)
		}
		if text != "" {
			h.Set(name, text)
		}
	}
	return h, nil
}

// encode is the body and its type.
func (r *renderer) encode(form rendered) ([]byte, string, error) {
	if r.spec.BodyType == "ssml" {
		return []byte(form.SSML), "application/ssml+xml", nil
	}
	return encodeBody(r.spec.BodyType, form.Body)
}

func encodeBody(bodyType string, body map[string]any) ([]byte, string, error) {
	if len(body) == 0 {
		return nil, "", nil
	}
	if bodyType == "form" {
		form := url.Values{}
		for _, k := range sorted(body) {
			text, err := toText(body[k])
			if err != nil {
				return nil, "", fmt.Errorf("body: %s: %w", k, err)
			}
			form.Set(k, text)
		}
		return []byte(form.Encode()), "application/x-www-form-urlencoded", nil
	}
	b, err := plainJSON(body)
	if err != nil {
		return nil, "", fmt.Errorf("body: %w", err)
	}
	return b, "application/json", nil
}

// plainJSON sorts keys, and writes <, > and & as they are.
func plainJSON(x any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(x); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
