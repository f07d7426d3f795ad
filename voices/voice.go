package voices

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/narrapress/narrapress/pipeline/level"
)

// Voice is somebody who speaks: a voice of an endpoint with its settings.
type Voice struct {
	Name     string         `yaml:"-" json:"name"`
	Endpoint string         `yaml:"endpoint" json:"endpoint"`
	Voice    string         `yaml:"voice,omitempty" json:"voice,omitempty"` // the provider's name or ID of it
	Model    string         `yaml:"model,omitempty" json:"model,omitempty"` // else the endpoint's
	Language string         `yaml:"language,omitempty" json:"language,omitempty"`
	Speed    float64        `yaml:"speed,omitempty" json:"speed,omitempty"` // 1 is the voice's own; 0 leaves it to the endpoint
	Pitch    float64        `yaml:"pitch,omitempty" json:"pitch,omitempty"` // in the provider's own unit
	Style    string         `yaml:"style,omitempty" json:"style,omitempty"` // how to speak, where the provider takes it
	Gain     level.DB       `yaml:"gain,omitempty" json:"gain,omitempty"`   // applied in the mix, not by the endpoint
	Params   map[string]any `yaml:"params,omitempty" json:"params,omitempty"`

	// Understudy is the name of the voice that speaks an episode in this one's
	// place, where the endpoint is down before the episode begins.
	Understudy string `yaml:"understudy,omitempty" json:"understudy,omitempty"`

	// Lexicon are files that say how words are said, over the show's. They do
	// their work before a request is made.
	Lexicon []string `yaml:"lexicon,omitempty" json:"lexicon,omitempty"`

	// Normalize says how much of what it speaks is put into words: full, light
	// or off; else the show's. It does its work before a request is made.
	Normalize string `yaml:"normalize,omitempty" json:"normalize,omitempty"`

	// Context is how much of the text around it a request is told of: one of
	// Contexts; empty is ContextNone. It does its work before a request is made.
	Context string `yaml:"context,omitempty" json:"context,omitempty"`
}

// How much of the text around it a request is told of.
const (
	ContextNone      = "none"
	ContextSentence  = "sentence"  // the sentence before and the one after
	ContextParagraph = "paragraph" // the segments before and after
)

// Contexts are the values of Voice.Context.
func Contexts() []string { return []string{ContextNone, ContextSentence, ContextParagraph} }

// Request is one segment to be spoken.
type Request struct {
	Voice    Voice
	Text     string
	Language string // of the text, BCP 47; the voice's own setting wins
	Take     int    // 0; a retake is 1, 2 …

	// Phonemes are in order and do not overlap. They are in the take's key as
	// they are written into the request; without any, the key is as before.
	Phonemes []Phoneme
	// What is said before and after the text, for endpoints that take it to
	// speak in keeping; then it is a part of what makes the take, and of its key.
	Previous, Next string
	// Spellings say how stretches of the text are written, in order: for
	// whoever listens, who may write them so. They are no part of the request.
	Spellings []Spelling
}

// Characters is what most providers bill and limit by: the Unicode code points of the text.
func (r Request) Characters() int { return len([]rune(r.Text)) }

// Speech is a request's answer.
type Speech struct {
	Key       string // of the take; empty without a store
	Audio     []byte // a whole file: WAV, MP3, FLAC, Ogg …; headerless samples have been given a WAV header
	MediaType string // by the bytes, not by what the endpoint said
	RequestID string // the provider's, for support
	Stored    bool   // from the store: nothing was asked of the endpoint
	Attempts  int    // requests made for it; 0 if Stored
	Billed    int    // attempts that were answered with sound, this one and those of no use; 0 if Stored
	Marks     []Mark // when its words are spoken, in order, where the endpoint tells; nil else
	Waiting   bool   // of an Episode: it may yet be refused

	sound sound // as the check heard it
}

// Synthesizer speaks. Implementations are safe for concurrent use. An error
// of the endpoint is an *Error.
type Synthesizer interface {
	Synthesize(ctx context.Context, req Request) (*Speech, error)
}

// Cast says which voice speaks a role.
type Cast struct {
	roles   map[string]string
	voices  map[string]Voice
	instead map[string]string // who speaks in whose place
}

// NewCast casts voices in roles; body needs one. It returns a *CastError for a
// role that names no voice.
func NewCast(roles map[string]string, voices map[string]Voice) (*Cast, error) {
	for _, role := range sorted(roles) {
		if _, ok := voices[roles[role]]; !ok {
			return nil, &CastError{Role: role, Voice: roles[role]}
		}
	}
	if roles["body"] == "" {
		return nil, &CastError{Role: "body"}
	}
	c := &Cast{roles: map[string]string{}, voices: map[string]Voice{}}
	for role, name := range roles {
		c.roles[role] = name
	}
	for name, v := range voices {
		v.Name = name
		c.voices[name] = v
	}
	return c, nil
}

// Instead is the cast with understudies: in place of each voice that is a key
// speaks the one that is its value, wherever it would have spoken.
func (c *Cast) Instead(understudies map[string]string) *Cast {
	out := *c
	out.instead = understudies
	return &out
}

// Voice is the voice of a role, or the one that speaks in its place.
func (c *Cast) Voice(role string) Voice {
	v := c.first(role)
	if name, ok := c.instead[v.Name]; ok {
		if other, ok := c.voices[name]; ok {
			return other
		}
	}
	return v
}

// first is the voice of a role: its own, or by the fallbacks speaker → quote
// → body, and any other role → body. "voice:NAME" is the voice of that name.
func (c *Cast) first(role string) Voice {
	if name, ok := strings.CutPrefix(role, "voice:"); ok {
		if v, ok := c.voices[name]; ok {
			return v
		}
		role = "body"
	}
	for {
		if name, ok := c.roles[role]; ok {
			return c.voices[name]
		}
		switch {
		case strings.HasPrefix(role, "speaker:"):
			role = "quote"
		default:
			role = "body"
		}
	}
}

// CastError is a role without a voice.
type CastError struct {
	Role  string
	Voice string // the name that is no voice; empty if the role has none
}

func (e *CastError) Error() string {
	if e.Voice == "" {
		return fmt.Sprintf("role %s has no voice", e.Role)
	}
	return fmt.Sprintf("role %s names the voice %q, which is not there", e.Role, e.Voice)
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
