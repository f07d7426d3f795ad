package voices

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"
)

// Resolve lays each endpoint of a show over its preset, fills in what neither
// says, and checks the whole. Errors name the endpoint and the field, and the
// nearest preset. Resolving what is resolved changes nothing.
func Resolve(endpoints map[string]Endpoint) (map[string]Endpoint, error) {
	out := make(map[string]Endpoint, len(endpoints))
	var errs []error
	for _, name := range sorted(endpoints) {
		e, err := resolve(endpoints[name])
		if err != nil {
			for _, one := range split(err) {
				errs = append(errs, fmt.Errorf("endpoint %s: %w", name, one))
			}
			continue
		}
		e.Name = name
		out[name] = e
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return out, nil
}

// split is the errors of a join.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

func resolve(show Endpoint) (Endpoint, error) {
	var base Endpoint
	if show.Preset != "" {
		var err error
		if base, err = readPreset(show.Preset); err != nil {
			return show, err
		}
	}
	e := base
	overlay(reflect.ValueOf(&e).Elem(), reflect.ValueOf(show))
	// The price and the list are those of the preset's address.
	elsewhere := strings.TrimRight(e.URL, "/") != strings.TrimRight(base.URL, "/")
	if !reflect.ValueOf(show.Price).IsZero() {
		e.Price = show.Price
	} else if elsewhere {
		e.Price = Price{}
	}
	if elsewhere && show.Voices.Names == nil {
		e.Voices.Names = nil
	}
	if e.Identity == "" {
		e.Identity = e.Preset
	}
	defaults(&e)
	return e, validate(e)
}

// overlay lays top over base: structs field by field, maps key by key, any
// other value where it is not zero. A key that is there with nothing stays, so
// that it takes the preset's away when it is rendered.
func overlay(base, top reflect.Value) {
	switch {
	case top.Type() == reflect.TypeFor[Secret]():
		if !top.IsZero() {
			base.Set(top)
		}
	case top.Kind() == reflect.Struct:
		for i := range top.NumField() {
			overlay(base.Field(i), top.Field(i))
		}
	case top.Type() == reflect.TypeFor[map[string]Secret]():
		base.Set(reflect.ValueOf(overHeaders(base.Interface().(map[string]Secret), top.Interface().(map[string]Secret))))
	case top.Type() == reflect.TypeFor[map[string]any]():
		base.Set(reflect.ValueOf(overTree(base.Interface().(map[string]any), top.Interface().(map[string]any))))
	case top.Kind() == reflect.Map && base.Len() > 0:
		over := reflect.MakeMap(top.Type())
		for _, m := range []reflect.Value{base, top} {
			for _, k := range m.MapKeys() {
				over.SetMapIndex(k, m.MapIndex(k))
			}
		}
		base.Set(over)
	case !top.IsZero():
		base.Set(top)
	}
}

func overTree(base, top map[string]any) map[string]any {
	if len(base)+len(top) == 0 {
		return nil
	}
	out := make(map[string]any, len(base)+len(top))
	for k, v := range base {
		out[k] = v
	}
	for k, v := range top {
		under, isMap := out[k].(map[string]any)
		if over, ok := v.(map[string]any); ok && isMap {
			v = overTree(under, over)
		}
		out[k] = v
	}
	return out
}

// overHeaders knows that the case of a header's name means nothing.
func overHeaders(base, top map[string]Secret) map[string]Secret {
	if len(base)+len(top) == 0 {
		return nil
	}
	out := make(map[string]Secret, len(base)+len(top))
	for _, headers := range []map[string]Secret{base, top} {
		for k, v := range headers {
			out[http.CanonicalHeaderKey(k)] = v
		}
	}
	return out
}

// passing are the HTTP statuses that may heal by themselves: request timeout,
// conflict, too early, too many requests, and the server's own troubles
// (RFC 9110, section 15; RFC 8470; RFC 6585).
var passing = [...]int{408, 409, 425, 429, 500, 502, 503, 504}

func defaults(e *Endpoint) {
	set(&e.Limits.Unit, "chars")
	if e.Limits.Concurrency == 0 && e.Transport != "command" {
		e.Limits.Adaptive = true // nobody knows what the server takes
	}
	set(&e.Limits.Concurrency, 2)
	set(&e.Retry.Attempts, 5)
	set(&e.Retry.Base, time.Second)
	set(&e.Retry.Cap, time.Minute)
	set(&e.Retry.Total, 10*time.Minute)
	// Faults that pass come one at a time: where a third of the answers are
	// faulty, eight in a row are one chance in six thousand.
	set(&e.Breaker.Failures, 8)
	set(&e.Breaker.Rest, 15*time.Second)
	if e.Retry.Statuses == nil {
		e.Retry.Statuses = passing[:]
	}
	// Generous: a request that is given up on was paid for, and a small
	// machine may speak slower than a person.
	set(&e.Timeout.Connect, 10*time.Second)
	set(&e.Timeout.Idle, time.Minute)
	set(&e.Timeout.Base, time.Minute)
	set(&e.Timeout.PerKChars, 2*time.Minute)
	set(&e.Check.MostBytes, 128<<20) // 12 minutes of 48 kHz stereo in 16 bits
	if e.Check.CharsPerSec == nil {
		e.Check.CharsPerSec = []float64{4, 60} // people and engines are at 8 to 25
	}
	// One of a thousand texts fails four times by chance where one answer in
	// six is bad, which is worse than any endpoint seen.
	if e.Check.Retakes == nil {
		e.Check.Retakes = new(3)
	}
	// Dead air of 2 to 3 s is what models hallucinate; three engines pause 0.75 s.
	set(&e.Check.Silence, 2500*time.Millisecond)
	set(&e.Check.Clipped, 0.002) // three engines: 0.00005, at full scale
	set(&e.Check.Offset, 0.02)   // three engines: 0.0025
	set(&e.Check.Level, 6)
	if e.Check.Pace == nil {
		e.Check.Pace = []float64{0.74, 1.5} // three engines: 0.80 to 1.21, from two words on
	}
	set(&e.Response.Format, "auto")
	set(&e.Response.Channels, 1)
	if e.Response.Marks.Text != "" {
		set(&e.Response.Marks.Of, "words")
		set(&e.Response.Marks.Unit, "s")
	}
	if strings.HasPrefix(e.Response.Audio, "json:") {
		set(&e.Response.Encoding, "base64")
	}
	if e.Auth.there() {
		set(&e.Auth.BodyType, "json")
		set(&e.Auth.Token, "body")
		set(&e.Auth.Lasts, 5*time.Minute)
	}
	switch e.Transport {
	case "polly":
		set(&e.BodyType, "json")
		set(&e.Response.Audio, "body")
		set(&e.Response.RequestID, "X-Amzn-Requestid")
	case "http":
		set(&e.Method, http.MethodPost)
		e.Method = strings.ToUpper(e.Method)
		set(&e.BodyType, "json")
		set(&e.Response.Audio, "body")
		set(&e.Response.RequestID, "X-Request-Id")
	case "command":
		set(&e.Response.Audio, "stdout")
	}
	if e.Price.Known() || len(e.Price.Models) > 0 {
		set(&e.Price.Currency, "USD")
	}
}

// set fills in a value that nobody has given.
func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
