package art

import (
	"image"
	"image/color"
	"math"
)

// palette is the colours of a cover.
type palette struct {
	upper, lower color.RGBA // of the ground
	accent       color.RGBA
	light        color.RGBA // of small words
}

// contrast is the least between white words and their ground: WCAG 2.2, 1.4.6
// (level AAA), asks 7 of small text.
const contrast = 7

// paletteOf picks a hue, and darkens it until words stand out.
func paletteOf(a, b byte) palette {
	hue := (float64(a) + float64(b)/256) / 256
	other := math.Mod(hue+0.09, 1)
	dark := func(hue, lightness float64) color.RGBA {
		for ; ; lightness -= 0.01 {
			if c := hsl(hue, 0.55, lightness); lightness <= 0 || 1.05/(luminance(c)+0.05) >= contrast {
				return c
			}
		}
	}
	return palette{
		upper: dark(hue, 0.34), lower: dark(other, 0.20),
		accent: hsl(math.Mod(hue+0.5, 1), 0.6, 0.62), light: hsl(hue, 0.4, 0.86),
	}
}

// shade lays the ground, from one colour down to the other.
func (p *palette) shade(m *image.RGBA) {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		t := float64(y-b.Min.Y) / float64(b.Dy()-1)
		c := [4]byte{mixed(p.upper.R, p.lower.R, t), mixed(p.upper.G, p.lower.G, t), mixed(p.upper.B, p.lower.B, t), 0xff}
		for i := m.PixOffset(b.Min.X, y); i < m.PixOffset(b.Max.X, y); i += 4 {
			copy(m.Pix[i:], c[:])
		}
	}
}

func mixed(a, b byte, t float64) byte {
	return byte(math.Round(float64(a) + t*(float64(b)-float64(a))))
}

// hsl is a colour by hue, saturation and lightness, each 0 to 1 (CSS Color 4,
// section 7.1).
func hsl(h, s, l float64) color.RGBA {
	f := func(n float64) byte {
		k := math.Mod(n+h*12, 12)
		a := s * min(l, 1-l)
		return byte(math.Round(255 * (l - a*max(-1, min(k-3, 9-k, 1)))))
	}
	return color.RGBA{f(0), f(8), f(4), 0xff}
}

// luminance is relative (WCAG 2.2, "relative luminance").
func luminance(c color.RGBA) float64 {
	f := func(v byte) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}
