// Package level answers how loud something is: the units in which gains,
// loudness and peaks are written in a show's file and reported to a person.
package level

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// DB is a relative level in decibels: a gain (positive is louder).
type DB float64

// LUFS is an absolute loudness, K-weighted and gated as ITU-R BS.1770-4 says.
type LUFS float64

// DBTP is an absolute true peak in decibels relative to full scale
// (ITU-R BS.1770-4, annex 2).
type DBTP float64

// Factor is the gain as the number that samples are multiplied by.
func (d DB) Factor() float64 { return math.Pow(10, float64(d)/20) }

// FromFactor is the gain that multiplies samples by f; f must be positive.
func FromFactor(f float64) DB { return DB(20 * math.Log10(f)) }

func (d DB) String() string   { return format(float64(d), "dB") }
func (l LUFS) String() string { return format(float64(l), "LUFS") }
func (p DBTP) String() string { return format(float64(p), "dBTP") }

// MarshalText writes the gain as a show's file has it, such as "-1dB".
func (d DB) MarshalText() ([]byte, error) { return []byte(plain(float64(d)) + "dB"), nil }

// UnmarshalText reads "-1dB", "-1 dB" or "-1".
func (d *DB) UnmarshalText(b []byte) error { return parse((*float64)(d), string(b), "dB") }

// MarshalText writes the loudness as a show's file has it, such as "-16LUFS".
func (l LUFS) MarshalText() ([]byte, error) { return []byte(plain(float64(l)) + "LUFS"), nil }

// UnmarshalText reads "-16LUFS", "-16 LUFS" or "-16".
func (l *LUFS) UnmarshalText(b []byte) error { return parse((*float64)(l), string(b), "LUFS") }

// MarshalText writes the peak as a show's file has it, such as "-1dBTP".
func (p DBTP) MarshalText() ([]byte, error) { return []byte(plain(float64(p)) + "dBTP"), nil }

// UnmarshalText reads "-1dBTP", "-1 dBTP" or "-1".
func (p *DBTP) UnmarshalText(b []byte) error { return parse((*float64)(p), string(b), "dBTP") }

// MarshalJSON writes the gain as a number of dB.
func (d DB) MarshalJSON() ([]byte, error) { return number(float64(d)) }

// UnmarshalJSON reads a number of dB, or what UnmarshalText does.
func (d *DB) UnmarshalJSON(b []byte) error { return (*jsonLevel)(d).read(b, d.UnmarshalText) }

// MarshalJSON writes the loudness as a number of LUFS.
func (l LUFS) MarshalJSON() ([]byte, error) { return number(float64(l)) }

// UnmarshalJSON reads a number of LUFS, or what UnmarshalText does.
func (l *LUFS) UnmarshalJSON(b []byte) error { return (*jsonLevel)(l).read(b, l.UnmarshalText) }

// MarshalJSON writes the peak as a number of dBTP.
func (p DBTP) MarshalJSON() ([]byte, error) { return number(float64(p)) }

// UnmarshalJSON reads a number of dBTP, or what UnmarshalText does.
func (p *DBTP) UnmarshalJSON(b []byte) error { return (*jsonLevel)(p).read(b, p.UnmarshalText) }

// number is v in JSON; silence, which has no number there, is null.
func number(v float64) ([]byte, error) {
	if math.IsInf(v, -1) {
		return []byte("null"), nil
	}
	return json.Marshal(v)
}

type jsonLevel float64

func (j *jsonLevel) read(b []byte, text func([]byte) error) error {
	var s string
	switch {
	case string(b) == "null":
		*j = jsonLevel(math.Inf(-1))
		return nil
	case json.Unmarshal(b, &s) == nil:
		return text([]byte(s))
	}
	return json.Unmarshal(b, (*float64)(j))
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func format(v float64, unit string) string {
	if math.IsInf(v, -1) {
		return "−∞ " + unit
	}
	return fmt.Sprintf("%.1f %s", v, unit)
}

func parse(dst *float64, s, unit string) error {
	t := strings.TrimSpace(s)
	if len(t) >= len(unit) && strings.EqualFold(t[len(t)-len(unit):], unit) {
		t = strings.TrimSpace(t[:len(t)-len(unit)])
	}
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%q is not a level in %s, such as \"-1%s\"", s, unit, unit)
	}
	*dst = v
	return nil
}
