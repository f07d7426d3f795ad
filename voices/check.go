package voices

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
	"unicode"

	"github.com/narrapress/narrapress/internal/audio"
)

// sound is what the check heard.
type sound struct {
	Rate     int   `json:"rate"` // Hz
	Channels int   `json:"channels"`
	Frames   int64 `json:"frames"`

	peak float64 // of the samples, full scale 1
}

func (s sound) seconds() float64 { return float64(s.Frames) / float64(s.Rate) }

const (
	checks = 3 // answers that are listened to before the endpoint is given up

	// silence is the peak below which nothing is to be heard: −50 dBFS. The
	// quietest engines seen peak at −14.
	silence = 0.00316

	// measurable is the least number of characters whose length in time says
	// anything; for shorter ones, only silence is a fault.
	measurable = 20
)

// checked listens to every answer: success is that the text can be heard, not
// that the status is 200.
func checked(spec Endpoint, next speaker) speaker {
	return func(ctx context.Context, c *call) (*spoken, error) {
		attempts, billed := 0, 0
		for n := 1; ; n++ {
			answer, err := next(ctx, c)
			if err != nil {
				if e := new(Error); errors.As(err, &e) {
					e.Attempts += attempts
					e.Billed += billed
				}
				return nil, err
			}
			attempts += answer.attempts
			billed += answer.billed
			answer.attempts, answer.billed = attempts, billed
			answer.sound, err = listen(ctx, answer.audio)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err == nil {
				err = believable(c.req, answer.sound, spec.Check.CharsPerSec)
			}
			if err == nil {
				if n := len(answer.marks); n > 0 && answer.marks[n-1].Start > seconds(answer.sound.seconds()) {
					answer.marks = nil // of another sound
				}
				return answer, nil
			}
			if n == checks || ours(err) {
				r, what := newRedactor(spec), "the answer is of no use: "
				if ours(err) {
					what = "the answer cannot be listened to: "
				}
				return nil, &Error{
					Endpoint: spec.Name, Advice: GiveUp, Attempts: attempts, Billed: billed, RequestID: answer.requestID, Err: err,
					Reason: what + r.line(err.Error()), Remedy: r.line(spec.heardRemedy(err)),
				}
			}
		}
	}
}

// listen decodes audio to its end.
func listen(ctx context.Context, b []byte) (sound, error) {
	d, err := audio.Decode(ctx, b)
	if err != nil {
		return sound{}, err
	}
	defer d.Close()
	f := d.Format()
	s := sound{Rate: f.Rate, Channels: f.Channels}
	buf := make([]float32, 8192*f.Channels)
	samples := int64(0)
	for {
		n, err := d.ReadSamples(buf)
		for _, x := range buf[:n] {
			s.peak = max(s.peak, math.Abs(float64(x)))
		}
		samples += int64(n)
		if errors.Is(err, io.EOF) {
			s.Frames = samples / int64(f.Channels)
			return s, nil
		}
		if err != nil {
			return s, err
		}
	}
}

// What a sound cannot be speech of the text for.
var (
	errSilent = errors.New("nothing is to be heard")
	errLength = errors.New("not of the text's length")
)

// unlike is a sound that cannot be speech of the text.
type unlike struct {
	reason string
	why    error // errSilent or errLength
}

func (u *unlike) Error() string { return u.reason }
func (u *unlike) Unwrap() error { return u.why }

// believable says what is wrong with the sound as speech of the text. band is
// the slowest and the fastest speech, in characters a second.
func believable(req Request, s sound, band []float64) error {
	switch {
	case s.Frames == 0:
		return &unlike{"no sound", errSilent}
	case s.peak < silence:
		return &unlike{clock(s.seconds()) + " of silence", errSilent}
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
