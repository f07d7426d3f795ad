package audio

import (
	"fmt"
	"io"
)

// Remix changes the number of channels: one is copied to both, two become
// their mean. A src that has the number already is returned as it is.
func Remix(src Source, channels int) Source {
	f := src.Format()
	if f.Channels == channels {
		return src
	}
	out := Format{Rate: f.Rate, Channels: channels}
	for _, g := range []Format{f, out} {
		if err := g.check(); err != nil {
			return &failed{out, fmt.Errorf("remix: %w", err)}
		}
	}
	return &remixer{src: src, out: out}
}

type remixer struct {
	src Source
	out Format
	buf []float32
}

func (r *remixer) Format() Format { return r.out }

func (r *remixer) ReadSamples(dst []float32) (int, error) {
	if len(dst) < r.out.Channels {
		return 0, io.ErrShortBuffer
	}
	if r.buf == nil {
		r.buf = make([]float32, 4096)
	}
	if r.out.Channels == 2 {
		n, err := r.src.ReadSamples(r.buf[:min(len(dst)/2, len(r.buf))])
		for i, v := range r.buf[:n] {
			dst[2*i], dst[2*i+1] = v, v
		}
		return 2 * n, err
	}
	n, err := r.src.ReadSamples(r.buf[:min(2*len(dst), len(r.buf))])
	for i := range n / 2 {
		dst[i] = (r.buf[2*i] + r.buf[2*i+1]) / 2
	}
	return n / 2, err
}
