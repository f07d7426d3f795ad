package voices

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/narrapress/narrapress/internal/audio"
)

// again is what holds after every failure that may pass.
const again = "run it again: what was finished is kept"

// uselessKind says what an answer is instead of a sound.
type uselessKind int

const (
	useText       uselessKind = iota // something else to read
	usePage                          // a web page
	useNothing                       // nothing, or nothing to hear
	useMissing                       // not where response.audio says
	useCut                           // the beginning of a sound
	useUnfinished                    // not the whole, as it says itself
)

// useless is an answer without a whole sound.
type useless struct {
	kind   uselessKind
	reason string
	err    error // the cause, where there is one
}

func (u *useless) Error() string { return u.reason }
func (u *useless) Unwrap() error { return u.err }

// at is where a show's file has the endpoint.
func (e Endpoint) at() string {
	if e.Transport == listening {
		return listening
	}
	return "endpoints." + e.Name
}

// site is the endpoint's scheme and host: the rest of its url may hold a secret.
func (e Endpoint) site() string {
	u, err := url.Parse(e.URL)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Host, "{}") {
		return e.at() + ".url"
	}
	return u.Scheme + "://" + u.Host
}

var versioned = regexp.MustCompile(`/v\d+/*$`)

// unversioned says whether the url lacks the /v1 that servers with OpenAI's
// paths have theirs under, and that is forgotten more than anything else.
func (e Endpoint) unversioned() bool {
	return strings.HasPrefix(e.Path, "/audio/") && !versioned.MatchString(e.URL)
}

// uselessRemedy is what to do about an answer over HTTP that is no sound.
func (e Endpoint) uselessRemedy(err error) string {
	u, ok := errors.AsType[*useless](err)
	switch {
	case !ok:
		return again
	case u.kind == usePage && e.unversioned():
		return fmt.Sprintf("does %s.url end in /v1? Something else answers at %s", e.at(), e.site())
	case u.kind == usePage:
		return fmt.Sprintf("is %s.url right? Something else answers at %s", e.at(), e.site())
	case u.kind == useText:
		return fmt.Sprintf("check %s (url, path, model); if they are right, look at the server's log", e.at())
	case u.kind == useNothing:
		return "does the server have the voice and the model? Look at its log, then " + again
	case u.kind == useMissing:
		return fmt.Sprintf("set %s.response.audio to where it is", e.at())
	}
	return again + "; if it is cut off every time, look at the server's log"
}

// printedRemedy is the same for a program.
func (e Endpoint) printedRemedy(err error) string {
	if u, ok := errors.AsType[*useless](err); ok && u.kind == useCut {
		return again
	}
	return fmt.Sprintf("run the program by hand to see what it does; %s.argv says how it is run", e.at())
}

// statusRemedy is what to do about an answer that is no success; "" where
// only the answer itself can say it.
func (e Endpoint) statusRemedy(status int, wait time.Duration) string {
	key := e.at() + ".key"
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		if e.usableKey() == "" {
			return "set " + key
		}
		return "check " + key + ": the endpoint does not take it"
	case status == http.StatusPaymentRequired:
		return "add credit to the account, then " + again
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		if e.unversioned() {
			return fmt.Sprintf("does %s.url end in /v1? The server at %s has nothing there", e.at(), e.site())
		}
		return fmt.Sprintf("check %s.url and path; the server is %s", e.at(), e.site())
	case status == http.StatusRequestEntityTooLarge && e.Transport == listening:
		return "set listen.limits.most_bytes to what it takes"
	case status == http.StatusRequestEntityTooLarge:
		return fmt.Sprintf("set %s.limits.most lower", e.at())
	case status == http.StatusTooManyRequests && wait > patience*e.Retry.Cap:
		return fmt.Sprintf("it asks to wait %v: then %s", wait.Round(time.Second), again)
	case status == http.StatusTooManyRequests:
		return fmt.Sprintf("lower %s.limits.concurrency or per_minute, then %s", e.at(), again)
	case status >= 500:
		return "the fault is the server's: look at its log, or wait, then " + again
	case status < 400:
		return fmt.Sprintf("check %s.url and path", e.at())
	case e.worthAgain(status):
		return "wait, then " + again
	}
	return ""
}

// heardRemedy is what to do about a sound that is not the text.
func (e Endpoint) heardRemedy(err error) string {
	switch {
	case errors.Is(err, errSilent):
		return "does the voice speak the text's language? Try another voice or other words, or look at the engine's log"
	case errors.Is(err, errLength):
		return "listen to what it says to this text; if it is right, widen " + e.at() + ".check.chars_per_sec"
	case ours(err):
		return "" // it says it itself
	case e.Transport == "command":
		return e.printedRemedy(err)
	}
	return "have the endpoint answer in another format, such as WAV or MP3; if it does, look at its log"
}

// ours says whether it is this machine that cannot listen, whatever the answer is.
func ours(err error) bool {
	_, full := errors.AsType[*audio.FullError](err)
	return full || errors.Is(err, audio.ErrNoFFmpeg)
}
