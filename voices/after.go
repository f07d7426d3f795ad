package voices

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestAsked is the longest wait that an endpoint's answer is believed in.
const longestAsked = 24 * time.Hour

// asked is how long a refusal asks to wait, in whichever of the forms that are
// in use it says so; 0 if in none. What it says in so many words may be as
// long as longestAsked; what is only to be concluded from counters that start
// anew is at most cap, for they tell when all of an allowance is back, and a
// part of it is back before.
func (a answer) asked(now time.Time, longest time.Duration) time.Duration {
	if d := retryAfter(a.header, now); d > 0 {
		return d
	}
	if d := retryInfo(a.body); d > 0 {
		return d
	}
	if a.status != http.StatusTooManyRequests {
		return 0 // successes and other failures carry the counters too
	}
	return min(resetAfter(a.header), longest)
}

// retryAfter is what headers ask for: Retry-After-Ms in milliseconds, else
// Retry-After in seconds or as a date (RFC 9110, section 10.2.3), which is
// held against the server's own clock where it tells it, or as Go writes
// lengths of time.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(strings.TrimSpace(h.Get("Retry-After-Ms")), 64); err == nil {
		return wait(ms / 1000)
	}
	text := strings.TrimSpace(h.Get("Retry-After"))
	until, err := http.ParseTime(text)
	if err != nil {
		return span(text)
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return wait(until.Sub(now).Seconds())
}

// resetAfter is when the used up of a provider's counters start anew:
// X-RateLimit-Reset-Requests and -Tokens as OpenAI writes them ("1s",
// "6m0s"), where what remains is nothing or not told, and RateLimit-Reset in
// seconds (draft-ietf-httpapi-ratelimit-headers-06, section 5.3).
func resetAfter(h http.Header) time.Duration {
	var longest time.Duration
	for _, of := range [...]string{"X-Ratelimit-%-Requests", "X-Ratelimit-%-Tokens", "X-Ratelimit-%", "Ratelimit-%"} {
		left := strings.TrimSpace(h.Get(strings.Replace(of, "%", "Remaining", 1)))
		if n, err := strconv.ParseFloat(left, 64); err == nil && n > 0 {
			continue
		}
		text := strings.TrimSpace(h.Get(strings.Replace(of, "%", "Reset", 1)))
		if s, err := strconv.ParseFloat(text, 64); err == nil && s > longestAsked.Seconds() {
			continue // a point in time, of a clock that is not ours
		}
		longest = max(longest, span(text))
	}
	return longest
}

// retryInfo is what Google's APIs write into a refusal: among error.details
// one of the type google.rpc.RetryInfo, with retryDelay in seconds ("3.5s"),
// as protocol buffers write lengths of time in JSON (google/rpc/error_details.proto).
func retryInfo(body []byte) time.Duration {
	var refusal struct {
		Error struct {
			Details []struct {
				Type  string `json:"@type"`
				Delay any    `json:"retryDelay"`
			} `json:"details"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &refusal) // of what is none of these, nothing is found
	for _, d := range refusal.Error.Details {
		if text, ok := d.Delay.(string); ok && strings.HasSuffix(d.Type, "google.rpc.RetryInfo") {
			return span(text)
		}
	}
	return 0
}

// span reads a length of time: a number of seconds, or as Go writes it.
func span(text string) time.Duration {
	if s, err := strconv.ParseFloat(text, 64); err == nil {
		return wait(s)
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return max(0, min(d, longestAsked))
}

func wait(seconds float64) time.Duration {
	if math.IsNaN(seconds) || seconds <= 0 {
		return 0
	}
	return time.Duration(min(seconds, longestAsked.Seconds()) * float64(time.Second))
}
