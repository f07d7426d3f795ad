package voices

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/narrapress/narrapress/internal/audio"
)

// Texts shorter than this are not divided: a clause of a few words is spoken
// worse alone, by models above all.
const divisible = 60 // characters

// retakesOfHalf are few: the whole has failed often enough to cost.
const retakesOfHalf = 1

// halved has a text that fails as a whole spoken in two halves, each checked,
// and puts their sound together. That is the take of the whole, under its key:
// it says the same words. Nil without an error is a text that cannot be
// divided.
func halved(ctx context.Context, spec Endpoint, r *renderer, c *call, ask func(context.Context, *call) (*spoken, error), t *tally) (*spoken, error) {
	at := middle(c.req)
	if at == 0 {
		return nil, nil
	}
	var parts [2]*spoken
	for i := range parts {
		half, err := r.half(c, at, i)
		if err != nil {
			return nil, err
		}
		for n := 0; ; n++ {
			again, err := r.retake(half, n)
			if err != nil {
				return nil, err
			}
			answer, err := ask(ctx, again)
			if t.add(answer, err); err == nil {
				parts[i] = answer
				break
			}
			if why := (*unsound)(nil); n == retakesOfHalf || !errors.As(err, &why) || ours(err) {
				return nil, t.fault(spec, answer, err)
			}
		}
	}
	joined, err := together(ctx, parts[0], parts[1])
	if err != nil {
		return nil, err
	}
	for _, m := range parts[1].marks {
		offset := seconds(parts[0].sound.seconds())
		m.Start, m.End, m.From, m.To = m.Start+offset, m.End+offset, m.From+at, m.To+at
		joined.marks = append(joined.marks, m)
	}
	if joined.sound, err = listen(ctx, joined.audio); err != nil {
		return nil, err
	}
	return t.of(joined), nil
}

// half is the call for the text before the place, or from it on.
func (r *renderer) half(c *call, at, i int) (*call, error) {
	half := *c
	req := c.req
	req.Phonemes = nil
	from, to := 0, at
	if i == 1 {
		from, to = at, len(c.req.Text)
	}
	req.Text = c.req.Text[from:to]
	for _, p := range c.req.Phonemes {
		if p.From >= from && p.To <= to {
			p.From, p.To = p.From-from, p.To-from
			req.Phonemes = append(req.Phonemes, p)
		}
	}
	half.req, half.values = req, r.values(req)
	var err error
	half.form, err = r.render(half.values)
	return &half, err
}

// middle is the place nearest to the middle of a text where it may be divided:
// behind a sentence, else behind a clause; 0 if there is none within its
// middle three fifths, or if the text is short.
func middle(req Request) int {
	text := req.Text
	if utf8.RuneCountInString(text) < divisible {
		return 0
	}
	for _, signs := range []string{".?!…。！？", ",;:–—，；："} {
		best := 0
		for i, c := range text {
			end := i + utf8.RuneLen(c)
			rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
			if !strings.ContainsRune(signs, c) || len(rest) == 0 || end < len(text)/5 || end > len(text)*4/5 {
				continue
			}
			if next, _ := utf8.DecodeRuneInString(text[end:]); !unicode.IsSpace(next) && utf8.RuneLen(c) == 1 {
				continue // 3.14, 12:30
			}
			if req.within(end) {
				continue
			}
			if best == 0 || distance(end, len(text)/2) < distance(best, len(text)/2) {
				best = end
			}
		}
		if best > 0 {
			return best
		}
	}
	return 0
}

// within says whether a word with phonemes goes over the place.
func (r Request) within(at int) bool {
	for _, p := range r.Phonemes {
		if p.From < at && at < p.To {
			return true
		}
	}
	return false
}

func distance(a, b int) int { return max(a-b, b-a) }

// together is a WAV file of two answers, one after the other.
func together(ctx context.Context, a, b *spoken) (*spoken, error) {
	if a.sound.Rate != b.sound.Rate || a.sound.Channels != b.sound.Channels {
		return nil, fmt.Errorf("two halves of a take are of %d Hz and %d Hz, with %d and %d channels",
			a.sound.Rate, b.sound.Rate, a.sound.Channels, b.sound.Channels)
	}
	var pcm []byte
	for _, half := range []*spoken{a, b} {
		var err error
		if pcm, err = appendSamples(ctx, pcm, half.audio); err != nil {
			return nil, err
		}
	}
	file, err := audio.WrapPCM(pcm, "pcm_s16le", a.sound.Rate, a.sound.Channels)
	if err != nil {
		return nil, err
	}
	return &spoken{audio: file, mediaType: "audio/wav", requestID: b.requestID, marks: a.marks}, nil
}

// appendSamples decodes a file to samples of 16 bits.
func appendSamples(ctx context.Context, pcm, file []byte) ([]byte, error) {
	d, err := audio.Decode(ctx, file)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	buf := make([]float32, 8192*d.Format().Channels)
	for {
		n, err := d.ReadSamples(buf)
		for _, x := range buf[:n] {
			v := math.Round(float64(x) * 32768)
			pcm = binary.LittleEndian.AppendUint16(pcm, uint16(int16(max(math.MinInt16, min(math.MaxInt16, v)))))
		}
		if errors.Is(err, io.EOF) {
			return pcm, nil
		}
		if err != nil {
			return nil, err
		}
	}
}
