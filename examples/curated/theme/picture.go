package main

import (
	"image"
	"image/color"
	"math"
)

// Inks of the press.
var (
	paper     = color.RGBA{0xf4, 0xed, 0xe1, 0xff}
	ink       = color.RGBA{0x1d, 0x2b, 0x38, 0xff}
	vermilion = color.RGBA{0xd9, 0x4b, 0x32, 0xff}
	ochre     = color.RGBA{0xe3, 0xb2, 0x5b, 0xff}
)

// picture is an image with round shapes laid on it; edges are smoothed by how
// much of a pixel a shape covers.
type picture struct{ *image.RGBA }

func newPicture(width, height int, ground color.RGBA) *picture {
	p := &picture{image.NewRGBA(image.Rect(0, 0, width, height))}
	for i := 0; i < len(p.Pix); i += 4 {
		p.Pix[i], p.Pix[i+1], p.Pix[i+2], p.Pix[i+3] = ground.R, ground.G, ground.B, 0xff
	}
	return p
}

// lay paints where distance (in pixels, negative inside) says the shape is.
func (p *picture) lay(c color.RGBA, distance func(x, y float64) float64) {
	b := p.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			cover := min(1, max(0, 0.5-distance(float64(x)+0.5, float64(y)+0.5)))
			if cover == 0 {
				continue
			}
			i := p.PixOffset(x, y)
			for k, v := range [3]uint8{c.R, c.G, c.B} {
				old := float64(p.Pix[i+k])
				p.Pix[i+k] = uint8(math.Round(old + cover*(float64(v)-old)))
			}
		}
	}
}

func disc(cx, cy, r float64) func(x, y float64) float64 {
	return func(x, y float64) float64 { return math.Hypot(x-cx, y-cy) - r }
}

// bar stands upright with round ends.
func bar(cx, cy, half, r float64) func(x, y float64) float64 {
	return func(x, y float64) float64 { return math.Hypot(x-cx, max(0, math.Abs(y-cy)-half)) - r }
}

// cover is a page, a wheel, and a voice going through it. 1400 pixels is the
// least side that directories take (Apple Podcasts, "Artwork requirements").
func cover() *picture {
	const side = 1400
	p := newPicture(side, side, paper)
	p.lay(ink, disc(700, 660, 450))
	p.lay(ochre, disc(700, 660, 398))
	p.lay(ink, disc(700, 660, 384))
	const bars = 13
	for i := range bars {
		t := float64(i-bars/2) / (bars / 2)
		half := 205*math.Exp(-2.2*t*t)*(0.72+0.28*math.Cos(float64(i)*2.1)) + 12
		c := vermilion
		if i%4 == 2 {
			c = paper
		}
		p.lay(c, bar(700+t*290, 660, half, 14))
	}
	for i, width := range []float64{300, 300, 180} { // lines of type at the foot
		y := 1205 + float64(i)*48
		p.lay(ink, func(x, y0 float64) float64 {
			return math.Hypot(max(0, math.Abs(x-700)-width), y0-y) - 9
		})
	}
	return p
}

// contour is the pitch of one sentence: it rises to the comma and falls to the
// full stop.
func contour() *picture {
	const width, height = 1000, 420
	p := newPicture(width, height, paper)
	f := func(x float64) float64 {
		t := (x - 80) / (width - 160)
		return 250 - 120*math.Exp(-30*(t-0.42)*(t-0.42)) - 60*math.Exp(-60*(t-0.68)*(t-0.68)) + 90*t*t
	}
	p.lay(ink, func(x, y float64) float64 {
		if x < 80 || x > width-80 {
			return math.Inf(1)
		}
		slope := f(x+0.5) - f(x-0.5)
		return math.Abs(y-f(x))/math.Hypot(1, slope) - 5
	})
	p.lay(vermilion, disc(80+0.42*(width-160), f(80+0.42*(width-160)), 16))
	p.lay(vermilion, disc(width-80, f(width-80), 16))
	return p
}
