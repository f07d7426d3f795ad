package voices

import "log/slog"

// Secret is a text that never prints: not by fmt, log, JSON or YAML. Reveal
// gives it to the one place that sends it.
type Secret struct{ text string }

const masked = "•••"

// NewSecret keeps s.
func NewSecret(s string) Secret { return Secret{text: s} }

// Reveal is the secret itself.
func (s Secret) Reveal() string { return s.text }

// IsZero says whether there is none.
func (s Secret) IsZero() bool { return s.text == "" }

func (s Secret) String() string {
	if s.text == "" {
		return ""
	}
	return masked
}

// GoString masks %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue masks slog's output.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText masks JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the secret.
func (s *Secret) UnmarshalText(b []byte) error { s.text = string(b); return nil }
