package voices

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
	"unicode"
)

const (
	// measurable is the least number of characters whose length in time says
	// anything; for shorter ones, only silence is a fault.
	measurable = 20

	// apart are the numbers of a check's retakes and of a person's: a retake on
	// purpose is never one that the check has made already.
	apart = 1000
)

// checked listens to every answer: success is that the text can be heard, not
// that the status is 200. What fails is taken again, with another seed where
// the endpoint takes one, check.retakes times; then in two halves, which are
// put together (see halved); then it is reported. Without retakes it is
// reported at once. Whatever it took, the take is that of the request, under
// the request's key.
func checked(spec Endpoint, r *renderer, next speaker) speaker {
	ask := func(ctx context.Context, c *call) (*spoken, error) {
		answer, err := next(ctx, c)
		if err != nil {
			return nil, err
		}
		if answer.sound, err = listen(ctx, answer.audio); err == nil {
			err = believable(c.req, answer.sound, spec.Check)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if n := len(answer.marks); n > 0 && answer.marks[n-1].Start > seconds(answer.sound.seconds()) {
			answer.marks = nil // of another sound
		}
		if err != nil {
			return answer, &unsound{err}
		}
		return answer, nil
	}
	return func(ctx context.Context, c *call) (*spoken, error) {
		t := tally{}
		var answer *spoken
		var err error
		last := spec.Check.retakes()
		if middle(c.req) == 0 {
			last = max(last, c.tried)
		}
		for n := c.tried; n <= last; n++ {
			var again *call
			if again, err = r.retake(c, n); err != nil {
				return nil, err
			}
			answer, err = ask(ctx, again)
			if t.add(answer, err); err == nil {
				return t.of(answer), nil
			}
			if why := (*unsound)(nil); !errors.As(err, &why) || ours(err) {
				break
			}
		}
		if why := (*unsound)(nil); spec.Check.retakes() > 0 && (err == nil || errors.As(err, &why)) && !ours(err) {
			whole, herr := halved(ctx, spec, r, c, ask, &t)
			if whole != nil || herr != nil {
				return whole, herr
			}
		}
		return nil, t.fault(spec, answer, err)
	}
}

// unsound is an answer that was listened to and is of no use.
type unsound struct{ err error }

func (u *unsound) Error() string { return u.err.Error() }
func (u *unsound) Unwrap() error { return u.err }

// tally counts the requests that a take has cost so far.
type tally struct{ attempts, billed int }

func (t *tally) add(answer *spoken, err error) {
	if answer != nil {
		t.attempts, t.billed = t.attempts+answer.attempts, t.billed+answer.billed
	} else if e := new(Error); errors.As(err, &e) {
		t.attempts, t.billed = t.attempts+e.Attempts, t.billed+e.Billed
	}
}

// with is an error with what was asked in vain before it.
func (t *tally) with(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && t.attempts > 0 {
		all := *e
		all.Attempts, all.Billed = t.attempts+e.Attempts, t.billed+e.Billed
		return &all
	}
	return err
}

func (t *tally) of(answer *spoken) *spoken {
	answer.attempts, answer.billed = t.attempts, t.billed
	return answer
}

// fault is the error of the last answer, with all that was asked in vain.
func (t *tally) fault(spec Endpoint, answer *spoken, err error) error {
	if e := new(Error); errors.As(err, &e) {
		e.Attempts, e.Billed = t.attempts, t.billed
		return err
	}
	if answer == nil || err == nil {
		return err
	}
	r, what := newRedactor(spec), "the answer is of no use: "
	if ours(err) {
		what = "the answer cannot be listened to: "
	}
	return &Error{
		Endpoint: spec.Name, Advice: GiveUp, Attempts: t.attempts, Billed: t.billed, RequestID: answer.requestID, Err: err,
		Reason: what + r.line(err.Error()), Remedy: r.line(spec.heardRemedy(err)),
	}
}

// retake is the call for its n-th retake: the same but for the seed.
func (r *renderer) retake(c *call, n int) (*call, error) {
	if n == 0 {
		return c, nil
	}
	again := *c
	req := c.req
	req.Take += n * apart
	again.values = r.values(req)
	var err error
	again.form, err = r.render(again.values)
	return &again, err
}

// What a sound cannot be speech of the text for.
var (
	errSilent = errors.New("nothing is to be heard")
	errLength = errors.New("not of the text's length")
	errSignal = errors.New("not a sound signal")
)

// unlike is a sound that cannot be speech of the text.
type unlike struct {
	reason string
	why    error // errSilent, errLength or errSignal
}

func (u *unlike) Error() string { return u.reason }
func (u *unlike) Unwrap() error { return u.why }

// believable says what is wrong with the sound as speech of the text, as far
// as one answer alone can tell.
func believable(req Request, s sound, check Check) error {
	band := check.CharsPerSec
	switch {
	case s.Frames == 0:
		return &unlike{"no sound", errSilent}
	case s.peak < silence:
		return &unlike{clock(s.seconds()) + " of silence", errSilent}
	case math.Abs(s.offset) > check.Offset:
		return &unlike{fmt.Sprintf("its mean lies %.1f %% of full scale off the middle (direct current)", 100*s.offset), errSignal}
	case s.clipped > check.Clipped:
		return &unlike{fmt.Sprintf("it is clipped: %.2f %% of it stands in flat tops", 100*s.clipped), errSignal}
	case seconds(s.pause) > check.Silence:
		return &unlike{clock(s.pause) + " of silence in the midst of it", errSignal}
	case s.loops > insists(req.Text):
		return &unlike{fmt.Sprintf("it ends in the same sounds %d times over", s.loops), errSignal}
	case req.Characters() < measurable:
		return nil
	}
	speed := req.Voice.Speed
	if speed <= 0 {
		speed = 1
	}
	least, most := spokenCharacters(req.Text)
	if shortest := least / band[1] / speed; s.seconds() < shortest {
		return &unlike{fmt.Sprintf("%s of sound for %d characters, too short to be all of them", clock(s.seconds()), req.Characters()), errLength}
	}
	if longest := most / band[0] / speed; s.seconds() > longest {
		return &unlike{fmt.Sprintf("%s of sound for %d characters, too long to be only them", clock(s.seconds()), req.Characters()), errLength}
	}
	return nil
}

// spokenCharacters are the characters that are surely spoken, and those that
// may be, in letters of an alphabet: "1" is "one", and an ideograph a syllable.
func spokenCharacters(text string) (least, most float64) {
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			least++
			most += 8
		case unicode.IsSymbol(r): // an engine may skip it
			most += 8
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			least++
			most += 4
		case unicode.IsLetter(r):
			least++
			most++
		default:
			most++
		}
	}
	return least, most
}

func clock(seconds float64) string {
	return (time.Duration(seconds*1000) * time.Millisecond).String()
}
