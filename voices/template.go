package voices

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// values are what placeholders stand for.
type values struct {
	text, voice, model, style, language string
	previous, next                      string // of the text
	ssml                                string
	marked                              string // the text as SSML, with its phonemes; empty where there is no such form
	speed, pitch                        float64
	take                                int
	key, token                          string // empty where a take's key is made
	out                                 string
	params                              map[string]any
}

// placeholders are the names that are known, besides params.NAME.
var placeholders = [...]string{
	"text", "line", "ssml", "previous", "next", "voice", "model", "speed", "pitch", "style", "language", "language.primary",
	"seed", "key", "token", "out",
}

// get is the value of a placeholder; nil is empty.
func (v values) get(name string) any {
	switch name {
	case "text":
		return v.text
	case "line":
		return strings.Join(strings.Fields(v.text), " ")
	case "ssml":
		return v.ssml
	case "previous":
		return v.previous
	case "next":
		return v.next
	case "voice":
		return v.voice
	case "model":
		return v.model
	case "style":
		return v.style
	case "language":
		return v.language
	case "language.primary": // RFC 5646, section 2.2.1
		primary, _, _ := strings.Cut(v.language, "-")
		return primary
	case "seed":
		return v.seed()
	case "key":
		return v.key
	case "token":
		return v.token
	case "out":
		return v.out
	case "speed":
		return number(v.speed)
	case "pitch":
		return number(v.pitch)
	}
	var at any = v.params
	for _, step := range strings.Split(strings.TrimPrefix(name, "params."), ".") {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[step]
	}
	return at
}

// seed is params.seed, and another one for every retake: an engine that keeps
// to its seed would say again what was not good.
func (v values) seed() any {
	seed := v.params["seed"]
	if f, err := toFloat(seed); err == nil && v.take != 0 {
		return int(f) + v.take
	}
	return seed
}

// number keeps 0 for "not said".
func number(f float64) any {
	if f == 0 {
		return nil
	}
	return f
}

// scalar is a parsed text: literals and placeholders in turn.
type scalar []piece

type piece struct {
	literal string
	ref     *reference
}

// reference is a placeholder, scaled or not: name, name * by, name / by, or
// by / name where inverse.
type reference struct {
	name     string
	op       byte
	by       float64
	decimals int
	inverse  bool
}

const namePattern = `[a-z]+(?:\.[A-Za-z0-9_-]+)*`

var referencePattern = regexp.MustCompile(`^(?:(` + namePattern + `)(?:\s*([*/])\s*(\d+(?:\.\d+)?))?|(\d+(?:\.\d+)?)\s*/\s*(` + namePattern + `))$`)

// parseScalar finds the placeholders of s.
func parseScalar(s string) (scalar, error) {
	var out scalar
	for {
		before, rest, found := strings.Cut(s, "{{")
		if before != "" {
			out = append(out, piece{literal: before})
		}
		if !found {
			return out, nil
		}
		inner, after, found := strings.Cut(rest, "}}")
		if !found {
			return nil, fmt.Errorf("a {{ without its }} in %q", s)
		}
		ref, err := parseReference(strings.TrimSpace(inner))
		if err != nil {
			return nil, err
		}
		out = append(out, piece{ref: ref})
		s = after
	}
}

func parseReference(s string) (*reference, error) {
	if slices.Contains(placeholders[:], s) {
		return &reference{name: s}, nil // most are: 5,000 segments have 20,000
	}
	m := referencePattern.FindStringSubmatch(s)
	if m == nil {
		return nil, fmt.Errorf("{{%s}} is no placeholder: write a name, NAME * NUMBER or NUMBER / NAME", s)
	}
	r := &reference{name: m[1]}
	digits := m[3]
	if m[2] != "" {
		r.op = m[2][0]
	}
	if m[5] != "" {
		r.name, r.op, r.inverse, digits = m[5], '/', true, m[4]
	}
	if digits != "" {
		var err error
		if r.by, err = strconv.ParseFloat(digits, 64); err != nil || r.by == 0 || r.by > 1e9 {
			return nil, fmt.Errorf("{{%s}}: %s is no number to scale by", s, digits)
		}
		if i := strings.IndexByte(digits, '.'); i >= 0 {
			r.decimals = min(len(digits)-i-1, 9)
		}
	}
	return r, known(r.name)
}

func known(name string) error {
	if strings.HasPrefix(name, "params.") {
		return nil
	}
	if slices.Contains(placeholders[:], name) {
		return nil
	}
	return fmt.Errorf("{{%s}} is no placeholder%s and params.NAME", name, meantOf(name, placeholders[:]))
}

// value of the reference; nil is empty.
func (r *reference) value(v values) (any, error) {
	x := v.get(r.name)
	if r.op == 0 || empty(x) {
		return x, nil
	}
	f, err := toFloat(x)
	if err != nil {
		return nil, fmt.Errorf("{{%s}}: %w", r.name, err)
	}
	switch {
	case r.inverse:
		f = r.by / f
	case r.op == '*':
		f *= r.by
	default:
		f /= r.by
	}
	ten := math.Pow10(r.decimals)
	f = math.Round(f*ten) / ten
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("{{%s}} of %v is no number", r.name, x)
	}
	return f, nil
}

// render is the scalar with its values, and nil if it is empty.
func (s scalar) render(v values) (any, error) {
	if len(s) == 1 && s[0].ref != nil {
		return s[0].ref.value(v)
	}
	var b strings.Builder
	refs, full := 0, 0
	for _, p := range s {
		b.WriteString(p.literal)
		if p.ref == nil {
			continue
		}
		x, err := p.ref.value(v)
		if err != nil {
			return nil, err
		}
		refs++
		if empty(x) {
			continue
		}
		full++
		text, err := toText(x)
		if err != nil {
			return nil, fmt.Errorf("{{%s}}: %w", p.ref.name, err)
		}
		b.WriteString(text)
	}
	if refs > 0 && full == 0 {
		return nil, nil
	}
	return b.String(), nil
}

// renderText is the scalar as a text; "" is empty.
func renderText(s string, v values) (string, error) {
	parsed, err := parseScalar(s)
	if err != nil {
		return "", err
	}
	return parsed.text(v)
}

// text is the scalar as a text; "" is empty.
func (s scalar) text(v values) (string, error) {
	x, err := s.render(v)
	if err != nil || empty(x) {
		return "", err
	}
	return toText(x)
}

// render substitutes in a decoded tree; nil is empty. The tree is not changed.
func render(tree any, v values) (any, error) {
	switch t := tree.(type) {
	case string:
		s, err := parseScalar(t)
		if err != nil {
			return nil, err
		}
		return s.render(v)
	case map[string]any:
		m := make(map[string]any, len(t))
		for _, k := range sorted(t) {
			x, err := render(t[k], v)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", k, err)
			}
			if !empty(x) {
				m[k] = x
			}
		}
		return m, nil
	case []any:
		l := make([]any, 0, len(t))
		for _, item := range t {
			x, err := render(item, v)
			if err != nil {
				return nil, err
			}
			if !empty(x) {
				l = append(l, x)
			}
		}
		return l, nil
	default:
		return tree, nil
	}
}

// references calls f for every placeholder's name in the tree.
func references(tree any, f func(name string)) error {
	switch t := tree.(type) {
	case string:
		s, err := parseScalar(t)
		for _, p := range s {
			if p.ref != nil {
				f(p.ref.name)
			}
		}
		return err
	case map[string]any:
		var errs []error
		for _, k := range sorted(t) {
			if err := references(t[k], f); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", k, err))
			}
		}
		return errors.Join(errs...)
	case []any:
		for _, item := range t {
			if err := references(item, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// empty says what is left out: nothing, an empty text, map or list. Zero and
// false are values.
func empty(x any) bool {
	switch t := x.(type) {
	case nil:
		return true
	case string:
		return t == ""
	case map[string]any:
		return len(t) == 0
	case []any:
		return len(t) == 0
	}
	return false
}

func toFloat(x any) (float64, error) {
	text, err := toText(x)
	if err != nil {
		return 0, err
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no number", text)
	}
	return f, nil
}

func toText(x any) (string, error) {
	switch t := x.(type) {
	case string:
		return t, nil
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64), nil
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32:
		return fmt.Sprint(t), nil
	default:
		return "", errors.New("a list or a map has no place in a text")
	}
}
