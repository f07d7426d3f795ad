package voices

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// answer is what came back over HTTP.
type answer struct {
	status int
	phrase string // the reason phrase; with some providers, it is all that they say
	header http.Header
	body   []byte
}

func (a answer) ok() bool { return a.status >= 200 && a.status <= 299 }

// line is its status, as a person reads it.
func (a answer) line() string {
	phrase := a.phrase
	if phrase == "" {
		phrase = http.StatusText(a.status)
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", a.status, phrase))
}

// refusal reads an answer that is not a success.
func (t *httpTransport) refusal(a answer) *Error {
	e := t.fault(GiveUp, "%s", a.line()+whatItRefuses(a.body, a.header.Get("Content-Type")))
	e.Status = a.status
	e.RequestID = t.requestID(a.header)
	e.RetryAfter = a.asked(time.Now(), t.spec.Retry.Cap)
	t.spec.advise(e, a)
	e.Remedy = t.line(e.Remedy)
	return e
}

// advise says what a refusal calls for: what the endpoint's rules say, else
// what the answer itself asks for, else what its status means.
func (e Endpoint) advise(refused *Error, a answer) {
	if rule := decide(e.Retry.Rules, a.status, a.body); rule != nil {
		rule.apply(refused)
		if refused.Remedy == "" {
			refused.Remedy = e.statusRemedy(a.status, refused.RetryAfter)
		}
		if refused.Remedy == "" && refused.Advice != GiveUp {
			refused.Remedy = "wait, then " + again
		}
		return
	}
	refused.Remedy = e.statusRemedy(a.status, refused.RetryAfter)
	switch should := a.header.Get("X-Should-Retry"); {
	case should == "false":
	case a.status == http.StatusTooManyRequests && e.worthAgain(a.status), refused.RetryAfter > 0 && e.worthAgain(a.status):
		refused.Advice = Wait
	case should == "true" || e.worthAgain(a.status):
		refused.Advice = Again
	}
}

func (e Endpoint) worthAgain(status int) bool {
	return slices.Contains(e.Retry.Statuses, status)
}

// whatItRefuses is what the answer says, if it says anything.
func whatItRefuses(body []byte, label string) string {
	switch strings.TrimSpace(string(body)) {
	case "{}", "[]", "null", `""`:
		return ""
	}
	return whatItSays(body, label)
}
