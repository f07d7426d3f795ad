package mix

import (
	"math"
	"sort"

	"github.com/narrapress/narrapress/pipeline/level"
)

// FadeShape is how a fade rises from silence to full; a fade-out is the same
// backwards.
type FadeShape string

// The shapes. x is the share of the fade that is over.
const (
	// RaisedCosine, (1−cos πx)/2, begins and ends without a corner: for sounds
	// that come out of silence or go into it.
	RaisedCosine FadeShape = ""
	// EqualPower, sin(πx/2), crossed with its mirror keeps the power of two
	// sounds that have nothing to do with each other: sin² + cos² = 1.
	EqualPower FadeShape = "equal-power"
	// Linear, x, crossed with its mirror keeps the amplitude of two sounds that
	// are alike.
	Linear FadeShape = "linear"
)

// at is the factor of frame i of a fade-in of n. A raised cosine is silent at
// its first frame. The others are taken in the middle of each frame, so that a
// fade and its mirror, laid over each other, keep what they promise exactly.
func (s FadeShape) at(i, n int64) float64 {
	switch s {
	case EqualPower:
		return math.Sin(math.Pi / 2 * (float64(i) + 0.5) / float64(n))
	case Linear:
		return (float64(i) + 0.5) / float64(n)
	default:
		return 0.5 - 0.5*math.Cos(math.Pi*float64(i)/float64(n))
	}
}

// Point is a place of an envelope.
type Point struct {
	At   int64    `json:"at"` // frames from the clip's start
	Gain level.DB `json:"gain"`
}

// Gains fills dst with the factors of the clip's frames [from, from+len(dst)),
// all of them within the clip: gain, fades and envelope together. It reports
// whether they are all equal, which costs no more than filling dst. A frame's
// factor depends on the frame alone, however the clip is divided.
func (c *Clip) Gains(dst []float32, from int64) (constant bool) {
	end := from + int64(len(dst))
	base := float32(c.Gain.Factor())
	if len(c.Envelope) == 0 {
		fill(dst, base)
		constant = true
	} else {
		constant = c.follow(dst, from)
	}
	for i := from; i < min(end, c.FadeIn); i++ {
		dst[i-from] *= float32(c.FadeInShape.at(i, c.FadeIn))
		constant = false
	}
	for i := max(from, c.Length-c.FadeOut); i < end; i++ {
		dst[i-from] *= float32(c.FadeOutShape.at(c.Length-1-i, c.FadeOut))
		constant = false
	}
	return constant
}

// follow fills dst with gain and envelope, stretch by stretch.
func (c *Clip) follow(dst []float32, from int64) (constant bool) {
	ps := c.Envelope
	end := from + int64(len(dst))
	constant = true
	for i := from; i < end; {
		// ps[k-1] is the last point at or before i, ps[k] the first after it.
		k := sort.Search(len(ps), func(k int) bool { return ps[k].At > i })
		until := end
		if k < len(ps) {
			until = min(end, ps[k].At)
		}
		part := dst[i-from : until-from]
		switch {
		case k == 0:
			fill(part, float32((c.Gain + ps[0].Gain).Factor()))
		case k == len(ps) || ps[k-1].Gain == ps[k].Gain:
			fill(part, float32((c.Gain + ps[k-1].Gain).Factor()))
		default:
			a, b := ps[k-1], ps[k]
			slope := float64(b.Gain-a.Gain) / float64(b.At-a.At) // dB a frame
			for j := range part {
				part[j] = float32((c.Gain + a.Gain + level.DB(slope*float64(i+int64(j)-a.At))).Factor())
			}
		}
		constant = constant && part[0] == dst[0] && (k == 0 || k == len(ps) || ps[k-1].Gain == ps[k].Gain)
		i = until
	}
	return constant
}

func fill(dst []float32, v float32) {
	for i := range dst {
		dst[i] = v
	}
}
