package master

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// Sounds opens what a timeline's clips refer to.
type Sounds interface {
	// Take is the whole file of a take.
	Take(key string) ([]byte, error)
}

// stretch is how many frames are rendered at a time.
const stretch = 8 * mix.Grid

// rendering is a timeline as sound. Takes are decoded ahead on every core;
// tracks, which may be long, are streamed. It implements audio.Source.
type rendering struct {
	ctx    context.Context
	cancel context.CancelFunc
	tl     *mix.Timeline
	ahead  chan *playing // clips by start, being prepared
	next   *playing      // the first that has not begun
	live   []*playing
	pos    int64 // frames rendered
}

// playing is a clip under way.
type playing struct {
	clip  *mix.Clip
	ready chan struct{} // closed when src or err is set
	src   audio.Source  // at the timeline's rate and channels, cut to the clip
	close func() error
	err   error
	gain  float32
	done  int64 // frames of the clip already mixed
}

func render(ctx context.Context, tl *mix.Timeline, sounds Sounds) *rendering {
	ctx, cancel := context.WithCancel(ctx)
	// The channel's room bounds how far ahead takes are decoded.
	r := &rendering{ctx: ctx, cancel: cancel, tl: tl, ahead: make(chan *playing, 2*runtime.GOMAXPROCS(0))}
	go func() {
		defer close(r.ahead)
		for i := range tl.Clips {
			if ctx.Err() != nil {
				return
			}
			p := &playing{clip: &tl.Clips[i], ready: make(chan struct{}), gain: float32(tl.Clips[i].Gain.Factor())}
			go func() {
				defer close(p.ready)
				p.err = p.open(ctx, tl, sounds)
			}()
			select {
			case r.ahead <- p:
			case <-ctx.Done():
				<-p.ready
				p.end()
				return
			}
		}
	}()
	return r
}

// Close ends what is still under way.
func (r *rendering) Close() {
	r.cancel()
	for p := range r.ahead {
		r.live = append(r.live, p)
	}
	if r.next != nil {
		r.live = append(r.live, r.next)
	}
	for _, p := range r.live {
		<-p.ready
		p.end()
	}
	r.live, r.next = nil, nil
}

func (r *rendering) Format() audio.Format {
	return audio.Format{Rate: r.tl.Rate, Channels: r.tl.Channels}
}

// ReadSamples renders the next frames.
func (r *rendering) ReadSamples(dst []float32) (int, error) {
	channels := r.tl.Channels
	frames := min(int64(len(dst)/channels), r.tl.Frames-r.pos)
	if frames <= 0 {
		return 0, io.EOF
	}
	dst = dst[:int(frames)*channels]
	clear(dst)
	end := r.pos + frames
	for {
		if r.next == nil {
			r.next = <-r.ahead
		}
		if r.next == nil || r.next.clip.Start >= end {
			break
		}
		r.live = append(r.live, r.next)
		r.next = nil
	}
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	still := r.live[:0]
	for i, p := range r.live {
		from := max(0, p.clip.Start-r.pos) // in dst
		n := min(frames-from, p.clip.Length-p.done)
		if err := p.add(dst[int(from)*channels:int(from+n)*channels], channels); err != nil {
			r.live = append(still, r.live[i:]...)
			return 0, err
		}
		if p.done < p.clip.Length {
			still = append(still, p)
		} else if err := p.end(); err != nil {
			r.live = append(still, r.live[i+1:]...)
			return 0, err
		}
	}
	r.live = still
	r.pos = end
	return len(dst), nil
}

// open decodes the clip: a take to its end, so that it is ready when its turn
// comes; a track only to its first samples.
func (p *playing) open(ctx context.Context, tl *mix.Timeline, sounds Sounds) error {
	c := p.clip
	var d audio.Decoder
	var err error
	if c.Track != "" {
		d, err = audio.DecodeFile(ctx, c.Track)
	} else {
		var file []byte
		if file, err = sounds.Take(c.Take); err == nil {
			d, err = audio.Decode(ctx, file)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", p.name(), err)
	}
	if d.Format().Rate != c.Rate {
		d.Close()
		return fmt.Errorf("%s has %d Hz where %d Hz were measured: it changed while the episode was made", p.name(), d.Format().Rate, c.Rate)
	}
	p.src = audio.Resample(audio.Remix(&section{src: d, skip: c.From, left: c.To - c.From}, tl.Channels), tl.Rate)
	p.close = d.Close
	if c.Track != "" {
		return nil
	}
	samples := make([]float32, int(c.Length)*tl.Channels)
	if err := fill(p.src, samples); err != nil {
		d.Close()
		p.close = nil
		return fmt.Errorf("%s: %w", p.name(), err)
	}
	p.src = &held{format: p.src.Format(), samples: samples}
	return nil
}

func (p *playing) name() string {
	if p.clip.Track != "" {
		return "track " + p.clip.Track
	}
	return fmt.Sprintf("take %.12s", p.clip.Take)
}

func (p *playing) end() error {
	if p.close == nil {
		return nil
	}
	err := p.close()
	p.close = nil
	return err
}

// add mixes the clip's next samples into dst.
func (p *playing) add(dst []float32, channels int) error {
	<-p.ready
	if p.err != nil {
		return p.err
	}
	buf := make([]float32, len(dst))
	if err := fill(p.src, buf); err != nil {
		return fmt.Errorf("%s: %w", p.name(), err)
	}
	c := p.clip
	for i := 0; i < len(buf); i += channels {
		g := p.gain
		if p.done < c.FadeIn {
			g *= fade(p.done, c.FadeIn)
		}
		if left := c.Length - 1 - p.done; left < c.FadeOut {
			g *= fade(left, c.FadeOut)
		}
		for ch := range channels {
			dst[i+ch] += g * buf[i+ch]
		}
		p.done++
	}
	return nil
}

// fade is a raised cosine from silence (i = 0) to full (i = n).
func fade(i, n int64) float32 {
	return float32(0.5 - 0.5*math.Cos(math.Pi*float64(i)/float64(n)))
}

var errShort = errors.New("the sound is shorter than it was measured: it changed while the episode was made")

// fill reads exactly len(dst) samples.
func fill(src audio.Source, dst []float32) error {
	for len(dst) > 0 {
		n, err := src.ReadSamples(dst)
		dst = dst[n:]
		if err != nil && len(dst) > 0 {
			if errors.Is(err, io.EOF) {
				return errShort
			}
			return err
		}
	}
	return nil
}

// section is a stretch of a source: skip frames are passed over, left follow.
type section struct {
	src        audio.Source
	skip, left int64
}

func (s *section) Format() audio.Format { return s.src.Format() }

func (s *section) ReadSamples(dst []float32) (int, error) {
	channels := int64(s.src.Format().Channels)
	for s.skip > 0 {
		n, err := s.src.ReadSamples(dst[:min(int64(len(dst))/channels, s.skip)*channels])
		s.skip -= int64(n) / channels
		if err != nil {
			return 0, err
		}
	}
	if s.left <= 0 {
		return 0, io.EOF
	}
	n, err := s.src.ReadSamples(dst[:min(int64(len(dst))/channels, s.left)*channels])
	s.left -= int64(n) / channels
	return n, err
}

// held is a source in memory.
type held struct {
	format  audio.Format
	samples []float32
}

func (h *held) Format() audio.Format { return h.format }

func (h *held) ReadSamples(dst []float32) (int, error) {
	if len(h.samples) == 0 {
		return 0, io.EOF
	}
	n := copy(dst, h.samples)
	h.samples = h.samples[n:]
	return n, nil
}
