package voices

import (
	"io"
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Endpoint is where voices live and how it is spoken to. A show's endpoint
// names a preset and overrides what it needs to; every field can be
// overridden: maps key by key, lists and scalars as a whole. A key of query,
// headers, body or params is taken away by giving it nothing.
//
// In url, path, query, headers, body, ssml, argv, stdin and auth, placeholders
// stand for the request's values:
//
//	{{text}}, {{line}}        what is said; the same on one line
//	{{ssml}}                  the document that ssml makes of it
//	{{previous}}, {{next}}    what is said before and after it, not spoken
//	{{voice}}, {{model}}, {{speed}}, {{pitch}}, {{style}}
//	{{language}}              BCP 47; {{language.primary}} is its first part
//	{{seed}}                  params.seed, and one more for every retake
//	{{key}}, {{token}}        the provider's key, and what auth got for it
//	{{params.NAME}}           anything else
//	{{out}}                   in argv, the file that a command writes
//
// A number can be scaled to the engine's own unit: {{speed * 175}},
// {{1.00 / speed}}; the result has as many decimals as the number that is
// written.
//
// A scalar that is exactly one placeholder keeps the value's type. A scalar
// whose placeholders all come out empty is empty, and what is empty is left
// out: the key of a map, or the argument of a command together with the flag
// right before it. A speed or pitch of 0 is empty. In url and path, values are
// escaped. Params that no placeholder names go into the body under their own
// names.
type Endpoint struct {
	Name     string `yaml:"-" json:"name"`
	Preset   string `yaml:"preset,omitempty" json:"preset,omitempty"`
	Identity string `yaml:"identity,omitempty" json:"identity,omitempty"` // in take keys; else the preset's name

	Transport string            `yaml:"transport,omitempty" json:"transport,omitempty"` // http, command or polly
	URL       string            `yaml:"url,omitempty" json:"url,omitempty"`             // base, such as http://127.0.0.1:8880/v1
	Path      string            `yaml:"path,omitempty" json:"path,omitempty"`
	Probe     string            `yaml:"probe,omitempty" json:"probe,omitempty"`   // HTTP GET under url that costs nothing: is it there, is the key right?
	Method    string            `yaml:"method,omitempty" json:"method,omitempty"` // POST
	Query     map[string]any    `yaml:"query,omitempty" json:"query,omitempty"`
	Headers   map[string]Secret `yaml:"headers,omitempty" json:"headers,omitempty"`
	Key       Secret            `yaml:"key,omitempty" json:"key,omitempty"`
	Model     string            `yaml:"model,omitempty" json:"model,omitempty"`
	Body      map[string]any    `yaml:"body,omitempty" json:"body,omitempty"`
	BodyType  string            `yaml:"body_type,omitempty" json:"body_type,omitempty"` // json or form, or ssml, which stands in place of body
	SSML      string            `yaml:"ssml,omitempty" json:"ssml,omitempty"`           // XML with placeholders; values are escaped
	Language  string            `yaml:"language,omitempty" json:"language,omitempty"`   // of voices and texts that name none, BCP 47
	Needs     []string          `yaml:"needs,omitempty" json:"needs,omitempty"`         // placeholders that must not be empty
	Auth      Auth              `yaml:"auth,omitempty" json:"auth,omitzero"`

	Argv    []string `yaml:"argv,omitempty" json:"argv,omitempty"`       // of a command; no shell
	Stdin   string   `yaml:"stdin,omitempty" json:"stdin,omitempty"`     // of a command
	Version []string `yaml:"version,omitempty" json:"version,omitempty"` // argv that prints the engine's version, which the identity then includes
	Install string   `yaml:"install,omitempty" json:"install,omitempty"` // what to do where the program is missing

	Phonemes Phonemes       `yaml:"phonemes,omitempty" json:"phonemes,omitzero"`
	Response Response       `yaml:"response,omitempty" json:"response,omitzero"`
	Limits   Limits         `yaml:"limits,omitempty" json:"limits,omitzero"`
	Retry    Retry          `yaml:"retry,omitempty" json:"retry,omitzero"`
	Breaker  Breaker        `yaml:"breaker,omitempty" json:"breaker,omitzero"`
	Timeout  Timeout        `yaml:"timeout,omitempty" json:"timeout,omitzero"`
	Check    Check          `yaml:"check,omitempty" json:"check,omitzero"`
	Price    Price          `yaml:"price,omitempty" json:"price,omitzero"`
	Voices   VoiceList      `yaml:"voices,omitempty" json:"voices,omitzero"`
	Params   map[string]any `yaml:"params,omitempty" json:"params,omitempty"` // defaults under each voice's params

	Hidden []Secret `yaml:"-" json:"-"` // texts of query, body and params that no message may show
}

// Response says where the audio is in the answer.
//
// A PATH is keys and indexes joined by dots; * stands for every item of a list
// in turn. An answer of JSON may be several values one after the other, as
// NDJSON has them: their audio is joined, and so are the times of their words.
type Response struct {
	Audio      string      `yaml:"audio,omitempty" json:"audio,omitempty"`             // body, stdout, file, or json:PATH
	Encoding   string      `yaml:"encoding,omitempty" json:"encoding,omitempty"`       // of audio in JSON: base64 or hex
	Format     string      `yaml:"format,omitempty" json:"format,omitempty"`           // auto, or pcm_s16le / pcm_f32le for samples without a header
	SampleRate int         `yaml:"sample_rate,omitempty" json:"sample_rate,omitempty"` // Hz; needed with pcm. The answer's own rate goes before it
	Channels   int         `yaml:"channels,omitempty" json:"channels,omitempty"`       // 1
	MediaType  string      `yaml:"media_type,omitempty" json:"media_type,omitempty"`   // PATH in JSON of what the audio is, such as audio/L16;rate=24000
	RequestID  string      `yaml:"request_id,omitempty" json:"request_id,omitempty"`   // name of the header
	Require    []Condition `yaml:"require,omitempty" json:"require,omitempty"`         // of JSON that has the whole audio
	Marks      Marks       `yaml:"marks,omitempty" json:"marks,omitzero"`
}

// Marks say where the times of words are in a JSON answer: three PATHs, whose
// lists go together.
type Marks struct {
	Text  string `yaml:"text,omitempty" json:"text,omitempty"`
	Start string `yaml:"start,omitempty" json:"start,omitempty"`
	End   string `yaml:"end,omitempty" json:"end,omitempty"`   // may be left out: a word ends where the next begins
	Of    string `yaml:"of,omitempty" json:"of,omitempty"`     // words or characters
	Unit  string `yaml:"unit,omitempty" json:"unit,omitempty"` // s or ms
}

// Condition holds where the value at Path of a JSON answer is one of In.
type Condition struct {
	Path string   `yaml:"path" json:"path"`
	In   []string `yaml:"in" json:"in"`
}

// Limits are the provider's.
type Limits struct {
	Most        int            `yaml:"most,omitempty" json:"most,omitempty"`               // longest text of one request
	Likes       int            `yaml:"likes,omitempty" json:"likes,omitempty"`             // length of the texts that it speaks best; 0 is not known
	Unit        string         `yaml:"unit,omitempty" json:"unit,omitempty"`               // chars, bytes, tokens, or minutes of speech
	Models      map[string]int `yaml:"models,omitempty" json:"models,omitempty"`           // most of single models
	Concurrency int            `yaml:"concurrency,omitempty" json:"concurrency,omitempty"` // requests in flight
	Adaptive    bool           `yaml:"adaptive,omitempty" json:"adaptive,omitempty"`       // find how many may be in flight, beginning with Concurrency
	PerMinute   int            `yaml:"per_minute,omitempty" json:"per_minute,omitempty"`   // requests started; 0 is no limit

	CharsPerMinute int `yaml:"chars_per_minute,omitempty" json:"chars_per_minute,omitempty"` // of the requests started; 0 is no limit

	// What a Gate keeps, over all processes that share one; 0 is no limit.
	CharsPerDay  int     `yaml:"chars_per_day,omitempty" json:"chars_per_day,omitempty"`   // UTC
	CostPerMonth float64 `yaml:"cost_per_month,omitempty" json:"cost_per_month,omitempty"` // UTC, in the currency of the endpoint's price
}

const (
	// charsPerToken is how many characters surely fit into a token, where no
	// tokenizer is at hand to count them: of an ideograph some tokenizers make
	// one token, and now and then more.
	charsPerToken = 0.9
	// charsPerMinute of a slow voice: engines speak 12.5 to 18 characters a
	// second, and eight is slower than all that were measured.
	charsPerMinute = 8 * 60
)

// of are the limits of a model at a speed, in characters or bytes.
func (l Limits) of(model string, speed float64) Limits {
	if most, ok := l.Models[model]; ok {
		l.Most = most
	}
	l.Models = nil
	var scale float64
	switch l.Unit {
	case "tokens":
		scale = charsPerToken
	case "minutes":
		if speed <= 0 {
			speed = 1
		}
		scale = charsPerMinute * speed
	default:
		return l
	}
	l.Most, l.Likes, l.Unit = int(float64(l.Most)*scale), int(float64(l.Likes)*scale), "chars"
	return l
}

// Retry says what is worth asking again.
type Retry struct {
	Attempts int           `yaml:"attempts,omitempty" json:"attempts,omitempty"` // in all
	Base     time.Duration `yaml:"base,omitempty" json:"base,omitempty"`         // first wait; doubles
	Cap      time.Duration `yaml:"cap,omitempty" json:"cap,omitempty"`           // longest wait of our own; what an endpoint asks for may be 5 times as long
	Total    time.Duration `yaml:"total,omitempty" json:"total,omitempty"`       // longest that the waits of one request are together
	Statuses []int         `yaml:"statuses,omitempty" json:"statuses,omitempty"` // HTTP
	Rules    []Rule        `yaml:"rules,omitempty" json:"rules,omitempty"`       // before Statuses; the first that holds decides
}

// Breaker leaves an endpoint alone that has failed: after Failures in a row,
// which were not the requests' own fault, nothing is asked for Rest; then one
// request tries, and the others go on when it is answered.
type Breaker struct {
	Failures int           `yaml:"failures,omitempty" json:"failures,omitempty"`
	Rest     time.Duration `yaml:"rest,omitempty" json:"rest,omitempty"`
}

// Timeout of one attempt: Base and PerKChars for every thousand characters;
// Connect to reach the server, Idle between two reads.
type Timeout struct {
	Connect   time.Duration `yaml:"connect,omitempty" json:"connect,omitempty"`
	Idle      time.Duration `yaml:"idle,omitempty" json:"idle,omitempty"`
	Base      time.Duration `yaml:"base,omitempty" json:"base,omitempty"`
	PerKChars time.Duration `yaml:"per_1k_chars,omitempty" json:"per_1k_chars,omitempty"`
}

// Check bounds an answer; one outside is asked for again. docs/takes.md says
// where the defaults are from.
type Check struct {
	MostBytes   int64     `yaml:"most_bytes,omitempty" json:"most_bytes,omitempty"`       // of an answer
	CharsPerSec []float64 `yaml:"chars_per_sec,omitempty" json:"chars_per_sec,omitempty"` // slowest and fastest believable speech

	// Retakes of a text, before it is divided; 0 reports at once: no retake, and
	// it is not divided. Nil leaves it to the default.
	Retakes *int          `yaml:"retakes,omitempty" json:"retakes,omitempty"`
	Silence time.Duration `yaml:"silence,omitempty" json:"silence,omitempty"` // longest inside the speech
	Clipped float64       `yaml:"clipped,omitempty" json:"clipped,omitempty"` // most of the samples that may stand in flat tops, 0 to 1
	Offset  float64       `yaml:"offset,omitempty" json:"offset,omitempty"`   // farthest the mean may lie off the middle, full scale 1
	Level   level.DB      `yaml:"level,omitempty" json:"level,omitempty"`     // farthest from the level of the voice's other takes
	Pace    []float64     `yaml:"pace,omitempty" json:"pace,omitempty"`       // shortest and longest, of what the voice's other takes make expect
}

// retakes of a resolved check.
func (c Check) retakes() int {
	if c.Retakes == nil {
		return 0
	}
	return *c.Retakes
}

// Price of speech, as last seen; only used to say what a plan costs. It is a
// fact of one address: a show that sets another url has no price, unless it
// gives its own. A show's price takes the place of the preset's as a whole.
type Price struct {
	PerMChars float64 `yaml:"per_1m_chars,omitempty" json:"per_1m_chars,omitempty"`
	Currency  string  `yaml:"currency,omitempty" json:"currency,omitempty"` // USD
	Date      string  `yaml:"date,omitempty" json:"date,omitempty"`         // when it was seen
	Free      bool    `yaml:"free,omitempty" json:"free,omitempty"`         // it costs nothing

	Models map[string]float64 `yaml:"models,omitempty" json:"models,omitempty"` // per_1m_chars of single models

	PerMinute float64 `yaml:"-" json:"-"` // of listening, see ListenPrice
}

// Known says whether there is a price, be it that it costs nothing.
func (p Price) Known() bool { return p.Free || p.PerMChars > 0 || p.PerMinute > 0 }

// of is the price of a model.
func (p Price) of(model string) Price {
	if perMChars, ok := p.Models[model]; ok {
		p.PerMChars = perMChars
	}
	p.Models = nil
	return p
}

// VoiceList says which voices an endpoint has: a list, or where to ask. A list
// is a fact of one address, as the price is.
type VoiceList struct {
	Names []string `yaml:"names,omitempty" json:"names,omitempty"` // known, for checks and defaults, best first
	Path  string   `yaml:"path,omitempty" json:"path,omitempty"`   // HTTP GET under url: JSON in any of the shapes seen in the wild
	Argv  []string `yaml:"argv,omitempty" json:"argv,omitempty"`   // command that prints them

	JSON string `yaml:"json,omitempty" json:"json,omitempty"` // PATH of the names in the JSON, where it is in no shape that is known

	// Pattern is a regular expression for the lines that the command prints;
	// its first group is a voice's name, in each place where it is found. Without one, a line "title: a b c"
	// names a, b and c, and any other line its first word.
	Pattern string `yaml:"pattern,omitempty" json:"pattern,omitempty"`
}

// Store keeps takes by key. Open's error wraps fs.ErrNotExist where there is
// none. Put is put-if-absent: the first stored wins, and stored says whether
// it was this one; the bytes are whole or not there at all.
type Store interface {
	Open(key string) (audio io.ReadCloser, meta []byte, err error)
	Has(key string) bool
	Put(key string, meta []byte, audio io.Reader) (stored bool, err error)
}
