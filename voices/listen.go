package voices

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"
)

// Listen is an endpoint that writes down what it hears, with OpenAI's
// interface (POST /audio/transcriptions), by which takes are checked: are the
// words heard those that were sent? Without a URL nobody listens.
type Listen struct {
	URL     string            `yaml:"url" json:"url"` // base, such as http://127.0.0.1:8000/v1
	Path    string            `yaml:"path" json:"path"`
	Headers map[string]Secret `yaml:"headers,omitempty" json:"headers,omitempty"`
	Key     Secret            `yaml:"key" json:"key"`
	Model   string            `yaml:"model" json:"model"`
	Format  string            `yaml:"response_format" json:"response_format"` // one of ListenFormats

	Rate     float64 `yaml:"rate" json:"rate"`         // most of a text's words that may be wrong, 0 to 1
	InARow   float64 `yaml:"in_a_row" json:"in_a_row"` // most that may be wrong in one stretch
	Required bool    `yaml:"required" json:"required"` // no take is stored unheard

	Limits  ListenLimits `yaml:"limits" json:"limits"`
	Retry   Retry        `yaml:"retry" json:"retry"`
	Breaker Breaker      `yaml:"breaker" json:"breaker"`
	Timeout Timeout      `yaml:"timeout" json:"timeout"`
	Price   ListenPrice  `yaml:"price" json:"price"`
}

// ListenLimits are those of whoever listens.
type ListenLimits struct {
	Most        int64 `yaml:"most_bytes" json:"most_bytes"`   // largest file
	Concurrency int   `yaml:"concurrency" json:"concurrency"` // requests in flight; 0 finds how many there may be
	PerMinute   int   `yaml:"per_minute" json:"per_minute"`   // requests started; 0 is no limit
}

// ListenPrice is what listening costs.
type ListenPrice struct {
	PerMinute float64 `yaml:"per_minute" json:"per_minute"` // of sound
	Free      bool    `yaml:"free" json:"free"`
	Currency  string  `yaml:"currency" json:"currency"`
	Date      string  `yaml:"date" json:"date"` // when it was seen
}

// ListenFormats are the forms of an answer: JSON with a text in it, JSON with
// more beside it, or the text alone.
func ListenFormats() []string { return []string{"json", "verbose_json", "text"} }

// DefaultListen is a listener with everything but a place and a model.
// docs/takes.md says where the numbers are from.
func DefaultListen() Listen {
	e := Endpoint{Transport: listening}
	defaults(&e)
	return Listen{
		Path: "/audio/transcriptions", Format: "json", Rate: 0.15, InARow: 4,
		Limits: ListenLimits{Most: 25_000_000}, // OpenAI's, and 9 minutes of 24 kHz in 16 bits
		Retry:  e.Retry, Breaker: e.Breaker, Timeout: e.Timeout,
		Price: ListenPrice{Currency: "USD"},
	}
}

// There says whether anybody listens.
func (l Listen) There() bool { return l.URL != "" }

// listening is the transport of a listener, and its name in errors, the ledger
// and the log. A show cannot choose it.
const listening = "listen"

// longestTranscript is how long a listener's answer may be, in bytes: a
// verbose one takes about 100 a word.
const longestTranscript = 8 << 20

// endpoint is the listener in the terms of the wrappers.
func (l Listen) endpoint() Endpoint {
	e := Endpoint{
		Name: listening, Transport: listening, URL: l.URL, Path: l.Path, Probe: "/models", Method: http.MethodPost,
		Headers: overHeaders(map[string]Secret{"Authorization": NewSecret("Bearer {{key}}")}, l.Headers), Key: l.Key, Model: l.Model,
		Limits: Limits{Concurrency: l.Limits.Concurrency, PerMinute: l.Limits.PerMinute},
		Retry:  l.Retry, Breaker: l.Breaker, Timeout: l.Timeout, Check: Check{MostBytes: longestTranscript},
		Price:    Price{PerMinute: l.Price.PerMinute, Free: l.Price.Free, Currency: l.Price.Currency, Date: l.Price.Date},
		Response: Response{RequestID: "X-Request-Id"},
	}
	defaults(&e)
	return e
}

// Validate says what is wrong with a listener that is there, one error for each.
func (l Listen) Validate() error {
	var f faults
	validateURL(l.URL, &f)
	f.add(!strings.HasPrefix(l.Path, "/") || strings.Contains(l.Path, "{{"), "path %q: must begin with / and hold no placeholder", l.Path)
	f.add(l.Model == "", "model is missing: name the one that is to listen, such as whisper-1")
	f.add(strings.ContainsAny(l.Key.Reveal(), "\r\n"), "key: holds a line break")
	for _, name := range sorted(l.Headers) {
		f.add(strings.ContainsAny(l.Headers[name].Reveal()+name, "\r\n"), "headers.%q: holds a line break", name)
	}
	validateRules(l.Retry.Rules, &f)
	return errors.Join(f...)
}

// ear is a listener that is ready.
type ear struct {
	Listen
	spec    Endpoint
	options OpenOptions
	http    *httpTransport
	send    *sender
	ask     speaker
}

func newEar(l Listen, o OpenOptions) (*ear, error) {
	if err := l.Validate(); err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	spec := l.endpoint()
	r, err := newRenderer(spec)
	if err != nil {
		return nil, err
	}
	e := &ear{Listen: l, spec: spec, options: o, http: newHTTP(spec, r, o.Client)}
	say := metered(spec, o.Meter, logged(spec, o.Log, e.hear))
	e.send = limited(spec.Limits, say)
	e.ask = retried(spec, o, guarded(spec, o, e.send.speak))
	return e, nil
}

// heard is what a listener makes of a take. It is kept beside the take.
type heard struct {
	By    string  `json:"by"` // model
	Words string  `json:"words"`
	Rate  float64 `json:"rate"`          // of the text's words that are wrong
	Row   float64 `json:"row,omitempty"` // the most of them in one stretch

	likeness likeness
}

// judge compares what was heard with what was sent.
func (e *ear) judge(c *call, words string) heard {
	language := c.values.language
	l := compare(
		wordingOf(c.req.Text, language, e.options.Spell, c.req.Spellings),
		wordingOf(words, language, e.options.Spell, nil))
	return heard{By: e.Model, Words: words, Rate: math.Round(l.rate()*1000) / 1000, Row: math.Round(l.row*10) / 10, likeness: l}
}

// oneSlip is half a word, which every text may have beside the rate: of a text
// of one word, a letter that is heard otherwise is a large share.
const oneSlip = 0.5

// against says what speaks against a take; "" if nothing does.
func (l Listen) against(x likeness) string {
	switch {
	case x.row > max(l.InARow, oneSlip):
		return fmt.Sprintf("%.0f words in a row are not those of the text: %s was heard for %s", math.Ceil(x.row), x.heard, x.sent)
	case x.wrong > l.Rate*float64(x.words)+oneSlip:
		return fmt.Sprintf("%.0f %% of its words are not those of the text: %s was heard for %s", 100*x.rate(), x.heard, x.sent)
	}
	return ""
}

// minutes of a sound, for its price.
func minutes(s sound) float64 { return s.seconds() / time.Minute.Seconds() }

// Listening is what a listener would charge for so many seconds of sound; ok
// says whether there is one.
func (s *Studio) Listening(seconds float64) (c Charge, ok bool) {
	if s.ear == nil {
		return Charge{}, false
	}
	return Charge{Endpoint: listening, Cost: seconds / 60 * s.ear.spec.Price.PerMinute, Price: s.ear.spec.Price}, true
}

// ListenersParallel is how many takes are worth being listened to at once; 0
// where nobody listens.
func (s *Studio) ListenersParallel() int {
	if s.ear == nil {
		return 0
	}
	return s.ear.send.gate.size()
}
