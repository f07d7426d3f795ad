package source

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"

	"github.com/narrapress/narrapress/internal/fetch"
	"github.com/narrapress/narrapress/pipeline/document"
)

// Reason is why a source or a post was set aside, as a run's report says it.
type Reason string

// The reasons.
const (
	NotFound  Reason = "not found"          // 404, 410, or no such file
	Login     Reason = "login wall"         // 401, 402, 403, 407, 451, or a page that asks to log in
	ErrorPage Reason = "error page"         // a page that says it is not the one that was asked for
	TooLarge  Reason = "too large"          // more bytes than are read
	Redirects Reason = "too many redirects" //
	NoAnswer  Reason = "no answer"          // unreachable, silent, too slow, 408, 429, 5xx: try again later
	Bomb      Reason = "bomb"               // a feed or sitemap that is made to swamp its reader
	NoFeed    Reason = "no feed"            // something else stands where a feed or sitemap should
	NoText    Reason = "no text"            // there is nothing to speak
	NoAddress Reason = "no address"         // a feed's item that links to no page of the web
	Private   Reason = "private address"    // no part of the web, and nobody named it
	Unsettled Reason = "unsettled"          // a file that is being written
	BadName   Reason = "bad name"           // an ID or a file's name that no database takes
	Unread    Reason = "cannot be read"     // anything else
)

// Problem is a source or a post that was set aside. The others are not touched.
type Problem struct {
	Source string // as config.Source.Title has it
	Item   string // path or address of the post; empty where it is the source
	Reason Reason
	Err    error // the whole story, with what to do
}

func (p *Problem) Error() string { return string(p.Reason) + ": " + p.Err.Error() }

// Unwrap is the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Temporary says whether the same may succeed later.
func (p *Problem) Temporary() bool { return p.Reason == NoAnswer || p.Reason == Unsettled }

// Why is the reason for which reading a source or a post failed. Whoever makes
// an episode of a post may ask it of the error.
func Why(err error) Reason {
	var (
		own     *Problem
		web     *fetch.Error
		private *fetch.PrivateError
		empty   *document.EmptyError
	)
	switch {
	case errors.As(err, &own):
		return own.Reason
	case errors.As(err, &private):
		return Private
	case errors.Is(err, fetch.ErrTooLarge):
		return TooLarge
	case errors.Is(err, fetch.ErrRedirects):
		return Redirects
	case errors.As(err, &web):
		return whyWeb(web)
	case errors.Is(err, fs.ErrNotExist):
		return NotFound
	case errors.As(err, &empty):
		return NoText
	case errors.Is(err, context.DeadlineExceeded):
		return NoAnswer
	}
	return Unread
}

func whyWeb(e *fetch.Error) Reason {
	switch e.Status {
	case 404, 410:
		return NotFound
	case 401, 402, 403, 407, 451:
		return Login
	case 0:
		if unanswered(e) {
			return NoAnswer
		}
		return Unread
	}
	if e.Temporary() {
		return NoAnswer
	}
	return Unread
}

// unanswered says whether a request failed on its way, or on its way back.
func unanswered(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, fetch.ErrIdle) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF)
}
