package voices

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Auth is how a key is exchanged for a token that is good for a while, which
// {{token}} stands for: an HTTP request, or a command that prints it. It is
// got when it is first needed, again when it has lasted, and once more when
// the endpoint does not take it.
type Auth struct {
	URL      string            `yaml:"url,omitempty" json:"url,omitempty"` // whole; asked with POST
	Headers  map[string]Secret `yaml:"headers,omitempty" json:"headers,omitempty"`
	Body     map[string]any    `yaml:"body,omitempty" json:"body,omitempty"`
	BodyType string            `yaml:"body_type,omitempty" json:"body_type,omitempty"` // json or form
	Command  []string          `yaml:"command,omitempty" json:"command,omitempty"`     // in place of url
	Token    string            `yaml:"token,omitempty" json:"token,omitempty"`         // where it is in the answer: body, or json:PATH
	Lasts    time.Duration     `yaml:"lasts,omitempty" json:"lasts,omitempty"`         // how long it is used
}

func (a Auth) there() bool { return a.URL != "" || len(a.Command) > 0 }

// tokens keeps the token of an endpoint.
type tokens struct {
	fetching sync.Mutex // held while one is fetched: whoever comes then waits for it

	mu     sync.Mutex
	token  string
	until  time.Time
	worked bool     // it was taken once
	used   []string // the last ones, to be kept out of errors
}

// get is the token that is good now; fetch asks for another one.
func (k *tokens) get(lasts time.Duration, fetch func() (string, error)) (string, error) {
	k.fetching.Lock()
	defer k.fetching.Unlock()
	if token := k.good(); token != "" {
		return token, nil
	}
	token, err := fetch()
	if err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.token, k.worked, k.until = token, false, time.Now().Add(lasts)
	k.used = append(k.used[max(0, len(k.used)-3):], token)
	return token, nil
}

// good is the token, where it has not lasted yet.
func (k *tokens) good() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Now().Before(k.until) {
		return k.token
	}
	return ""
}

// took says that the endpoint takes the token.
func (k *tokens) took(token string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.worked = k.worked || token == k.token
}

// drop has another token fetched in place of one that was refused. It says
// whether that is worth it: a new one that was never taken would be followed
// by another that is not.
func (k *tokens) drop(token string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case token == "", token == k.token && !k.worked:
		return false
	case token == k.token:
		k.token = ""
	}
	return true
}

// hide takes the tokens out of a text that others wrote.
func (k *tokens) hide(s string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, token := range k.used {
		if len(token) >= shortestSecret {
			s = strings.ReplaceAll(s, token, masked)
		}
	}
	return s
}

// authorised is v with the key, and with the token where one is needed.
func (t *httpTransport) authorised(ctx context.Context, v values) (values, error) {
	v.key = t.spec.usableKey()
	if !t.spec.Auth.there() || !t.spec.wants("token") {
		return v, nil
	}
	var err error
	v.token, err = t.tokens.get(t.spec.Auth.Lasts, func() (string, error) { return t.exchange(ctx, v) })
	return v, err
}

// wants says whether a placeholder stands where a request is made of.
func (e Endpoint) wants(placeholder string) bool {
	found := false
	for _, part := range e.parts() {
		if part.name != "auth" {
			_ = references(part.tree, func(name string) { found = found || name == placeholder }) // were validated
		}
	}
	return found
}

// exchange gets a token.
func (t *httpTransport) exchange(ctx context.Context, v values) (string, error) {
	a := t.spec.Auth
	if len(a.Command) > 0 {
		return t.printedToken(ctx, v)
	}
	address, err := renderAddress(a.URL, "", nil, v)
	if err != nil {
		return "", t.fault(GiveUp, "auth: %s", err)
	}
	header, err := renderHeaders(a.Headers, v)
	if err != nil {
		return "", t.fault(GiveUp, "auth: %s", err)
	}
	tree, err := renderMap("body", a.Body, v)
	if err != nil {
		return "", t.fault(GiveUp, "auth: %s", err)
	}
	body, mediaType, err := encodeBody(a.BodyType, tree)
	if err != nil {
		return "", t.fault(GiveUp, "auth: %s", err)
	}
	if mediaType != "" && header.Get("Content-Type") == "" {
		header.Set("Content-Type", mediaType)
	}
	res, err := t.do(ctx, newRequest(http.MethodPost, address, header, body), quick)
	if err != nil {
		return "", t.broken(ctx, err)
	}
	if !res.ok() {
		return "", t.refusal(res)
	}
	token := strings.TrimSpace(string(res.body))
	if path, ok := strings.CutPrefix(a.Token, "json:"); ok {
		var tree any
		_ = json.Unmarshal(res.body, &tree) // of what is none, nothing is found
		token, _ = at(tree, path).(string)
	}
	if token == "" || strings.ContainsAny(token, "\r\n<") {
		e := t.fault(GiveUp, "auth: the answer has no token at %s", a.Token)
		e.Remedy = t.line(fmt.Sprintf("check endpoints.%s.auth", t.spec.Name))
		return "", e
	}
	return token, nil
}

// printedToken is the token that a command prints.
func (t *httpTransport) printedToken(ctx context.Context, v values) (string, error) {
	argv := make([]string, len(t.spec.Auth.Command))
	for i, arg := range t.spec.Auth.Command {
		var err error
		if argv[i], err = renderText(arg, v); err != nil {
			return "", t.fault(GiveUp, "auth: %s", err)
		}
	}
	c := &commandTransport{spec: t.spec, redactor: t.redactor}
	out, err := c.run(ctx, argv, "", quick)
	if e, ok := err.(*Error); ok { //nolint:errorlint // run's own
		e.Reason = "auth: " + e.Reason
		if e.Remedy = t.line(t.spec.Install); !errors.Is(e.Err, exec.ErrNotFound) || e.Remedy == "" {
			e.Remedy = t.line(fmt.Sprintf("run it by hand to see what it does; endpoints.%s.auth.command says how it is run", t.spec.Name))
		}
	}
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(out))
	if token == "" || strings.ContainsAny(token, "\r\n") {
		return "", t.fault(GiveUp, "auth: %s printed no token", argv[0])
	}
	return token, nil
}

// line is a text that may be shown.
func (t *httpTransport) line(s string) string { return t.redactor.line(t.tokens.hide(s)) }
