package voices

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
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
		attempts := 0
		for n := 1; ; n++ {
			answer, err := next(ctx, c)
			if err != nil {
				if e := new(Error); errors.As(err, &e) {
					e.Attempts += attempts
				}
				return nil, err
			}
			attempts += answer.attempts
			answer.attempts = attempts
			answer.sound, err = listen(ctx, answer.audio)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err == nil {
				err = believable(c.req, answer.sound, spec.Check.CharsPerSec)
			}
			if err == nil {
				return answer, nil
			}
			if n == checks || errors.Is(err, exec.ErrNotFound) {
				return nil, &Error{
					Endpoint: spec.Name, Advice: GiveUp, Attempts: attempts, RequestID: answer.requestID, Err: err,
					Reason: "the answer is of no use: " + newRedactor(spec).line(err.Error()),
					Remedy: "listen to what it says to this text; if it is right, widen endpoints." + spec.Name + ".check.chars_per_sec",
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

// believable says what is wrong with the sound as speech of the text. band is
// the slowest and the fastest speech, in characters a second.
func believable(req Request, s sound, band []float64) error {
	switch {
	case s.Frames == 0:
		return errors.New("no sound")
	case s.peak < silence:
		return fmt.Errorf("%s of silence", clock(s.seconds()))
	case req.Characters() < measurable:
		return nil
	}
	speed := req.Voice.Speed
	if speed <= 0 {
		speed = 1
	}
	least, most := spokenCharacters(req.Text)
	if shortest := least / band[1] / speed; s.seconds() < shortest {
		return fmt.Errorf("%s of sound for %d characters, too short to be all of them", clock(s.seconds()), req.Characters())
	}
	if longest := most / band[0] / speed; s.seconds() > longest {
		return fmt.Errorf("%s of sound for %d characters, too long to be only them", clock(s.seconds()), req.Characters())
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
