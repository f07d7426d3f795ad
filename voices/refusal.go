package voices

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// longestAsked is the longest wait that an endpoint's answer is believed in.
const longestAsked = 24 * time.Hour

// refusal reads an answer that is not a success.
func (t *httpTransport) refusal(status int, h http.Header, body []byte) *Error {
	e := t.fault(GiveUp, "%s", statusLine(status)+whatItRefuses(body, h.Get("Content-Type")))
	e.Status = status
	e.RequestID = t.requestID(h)
	e.RetryAfter = retryAfter(h, time.Now())
	switch should := h.Get("X-Should-Retry"); {
	case t.fatal(body):
		e.Remedy = "the account has run out of what it may use: add credit or raise its limit, then " + again
		return e
	case should == "false":
	case status == http.StatusTooManyRequests && t.spec.worthAgain(status), e.RetryAfter > 0 && t.spec.worthAgain(status):
		e.Advice = Wait
	case should == "true" || t.spec.worthAgain(status):
		e.Advice = Again
	}
	e.Remedy = t.line(t.spec.statusRemedy(status, e.RetryAfter))
	return e
}

func statusLine(status int) string {
	if text := http.StatusText(status); text != "" {
		return fmt.Sprintf("%d %s", status, text)
	}
	return strconv.Itoa(status)
}

func (e Endpoint) worthAgain(status int) bool {
	return slices.Contains(e.Retry.Statuses, status)
}

// fatal says whether the answer names a reason that no other try heals.
func (t *httpTransport) fatal(body []byte) bool {
	var tree any
	if len(t.spec.Retry.FatalIf) == 0 || json.Unmarshal(body, &tree) != nil {
		return false
	}
	for _, c := range t.spec.Retry.FatalIf {
		x := at(tree, c.Path)
		if empty(x) {
			continue
		}
		if text, err := toText(x); err == nil && slices.Contains(c.In, text) {
			return true
		}
	}
	return false
}

// whatItRefuses is what the answer says, if it says anything.
func whatItRefuses(body []byte, label string) string {
	switch strings.TrimSpace(string(body)) {
	case "{}", "[]", "null", `""`:
		return ""
	}
	return whatItSays(body, label)
}

// retryAfter is how long an answer asks to wait: Retry-After-Ms in
// milliseconds, else Retry-After in seconds or as a date (RFC 9110, section
// 10.2.3), which is held against the server's own clock where it tells it.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil {
		return wait(ms / 1000)
	}
	text := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseFloat(text, 64); err == nil {
		return wait(s)
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return wait(until.Sub(now).Seconds())
}

func wait(seconds float64) time.Duration {
	if math.IsNaN(seconds) || seconds <= 0 {
		return 0
	}
	return time.Duration(min(seconds, longestAsked.Seconds()) * float64(time.Second))
}
