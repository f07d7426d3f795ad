package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Error is an address that gives no document: what, and what to do.
type Error struct {
	URL    string
	Reason string
	Status int   // of HTTP, where that is the reason; else 0
	Err    error // the cause, if there is one
}

func (e *Error) Error() string { return hide(e.URL) + ": " + e.Reason }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary says whether the same request may succeed later.
func (e *Error) Temporary() bool {
	return e.Status == 408 || e.Status == 429 || e.Status >= 500 || e.Status == 0 && errors.Is(e.Err, context.DeadlineExceeded)
}

// IsFeed is the reason for which a feed is no document.
const IsFeed = "is a feed: name a post's address"

// PrivateError is an address that was not dialled, for it is no part of the web.
type PrivateError struct {
	Host, Address, Whose string
}

func (e *PrivateError) Error() string {
	where := e.Host
	if e.Address != e.Host {
		where += " (" + e.Address + ")"
	}
	if e.Whose == linkLocal {
		return fmt.Sprintf("%s is %s address, which is never asked: no document stands there", where, e.Whose)
	}
	return fmt.Sprintf("%s is %s address, no page of the web: name that host yourself if you mean it", where, e.Whose)
}

// The bounds of a request, as causes of an Error.
var (
	ErrTooLarge  = errors.New("too large")
	ErrIdle      = errors.New("silent too long")
	ErrRedirects = errors.New("too many redirects")
)

// ErrUnchanged is the answer that a page is as it was known to be.
var ErrUnchanged = errors.New("unchanged")

// hide is an address without the password in it.
func hide(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	return u.Redacted()
}

// explain says in one line why a request failed.
func (c *Client) explain(ctx context.Context, address string, err error) error {
	var (
		own     *Error
		private *PrivateError
		dns     *net.DNSError
		op      *net.OpError
		ue      *url.Error
		timeout net.Error
	)
	e := &Error{URL: address, Err: err}
	switch {
	case ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTime):
		return ctx.Err()
	case errors.As(err, &own):
		return own
	case errors.As(err, &private):
		e.Reason = private.Error()
	case errors.Is(context.Cause(ctx), errTime):
		e.Reason = fmt.Sprintf("took longer than %v: try again later, or save the page as a file", c.o.Timeout)
		e.Err = context.DeadlineExceeded
	case errors.Is(err, ErrTooLarge):
		e.Reason = fmt.Sprintf("sends more than %s: save the part that you want as a file", size(c.o.MaxBytes))
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Reason = fmt.Sprintf("there is no host %s: check the spelling", dns.Name)
	case errors.As(err, &dns):
		e.Reason = fmt.Sprintf("the host %s was not found: is this machine online?", dns.Name)
	case errors.As(err, &op) && op.Op == "dial":
		e.Reason = "cannot be reached: " + plain(op.Err)
	case errors.Is(err, ErrIdle), errors.As(err, &timeout) && timeout.Timeout():
		e.Reason = fmt.Sprintf("sent nothing for %v: try again later, or save the page as a file", c.o.Idle)
	case errors.As(err, &ue):
		e.Reason = plain(ue.Err)
	default:
		e.Reason = plain(err)
	}
	return e
}

// plain is the last part of an error's chain of words, in one line.
func plain(err error) string {
	words := strings.Join(strings.Fields(err.Error()), " ")
	for _, lead := range []string{"connect: ", "tls: ", "x509: "} {
		if i := strings.LastIndex(words, lead); i >= 0 && lead != "x509: " {
			words = words[i+len(lead):]
		}
	}
	return words
}

func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}
