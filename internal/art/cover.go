package art

import (
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// The shape of a cover, in pixels.
const (
	side   = MostSide
	margin = 260
	width  = side - 2*margin
	top    = 330         // of the title
	foot   = side - 1060 // where the title ends at the latest
	waves  = side - 640  // the middle of the bars
	byline = side - 230  // the base of the author's line
)

// Cover draws a cover of words: the title, large, and the author, on a colour of
// their own, with bars that look like sound. It is a square JPEG of 3000 pixels
// a side, and the same words give the same one.
//
// The letters are those of Latin, Greek and Cyrillic scripts. Signs that the
// font lacks are left out, such as emoji; a title in letters that it lacks gives
// a cover without a title (see [Lettered]), for boxes in place of words are
// worse than none.
func Cover(title, author string) ([]byte, error) {
	bold, err := parse(gobold.TTF)
	if err != nil {
		return nil, err
	}
	regular, err := parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(title + "\x00" + author))
	p := paletteOf(sum[0], sum[1])
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	p.shade(m)
	bars(m, sum, p.accent, waves, 420)
	words, ok := bold.words(title)
	if !ok {
		bars(m, sha256.Sum256(sum[:]), p.light, (top+foot)/2, 1300)
	}
	if ok {
		lines, face, height, err := bold.fit(words, width, foot-top)
		if err != nil {
			return nil, err
		}
		y := top + int(math.Round(0.8*float64(height)))
		for _, l := range lines {
			write(m, face, color.White, margin, y, l)
			y += height
		}
	}
	if words, ok := regular.words(author); ok {
		line, face, err := regular.fitLine(words, width, 120)
		if err != nil {
			return nil, err
		}
		write(m, face, p.light, margin, byline, line)
	}
	b, err := encode(m, 90)
	if err != nil {
		return nil, fmt.Errorf("cover of %q: %w", title, err)
	}
	return b, nil
}

// Lettered says whether a cover can show a title in letters.
func Lettered(title string) (bool, error) {
	bold, err := parse(gobold.TTF)
	if err != nil {
		return false, err
	}
	_, ok := bold.words(title)
	return ok, nil
}

func write(m draw.Image, face font.Face, c color.Color, x, y int, s string) {
	d := font.Drawer{Dst: m, Src: image.NewUniform(c), Face: face}
	d.Dot = pointAt(x, y)
	d.DrawString(s)
}

// bars draws a row of bars around a line, their heights by the sum.
func bars(m draw.Image, sum [32]byte, c color.Color, middle, height int) {
	const (
		n    = 32
		each = width / n
		wide = each * 5 / 9
	)
	for i, v := range sum {
		swell := math.Sin(math.Pi * (float64(i) + 0.5) / n) // quieter at both ends
		h := int(float64(height) * (0.12 + 0.88*swell*float64(v)/255))
		x := margin + i*each + (each-wide)/2
		draw.Draw(m, image.Rect(x, middle-h/2, x+wide, middle+h/2), image.NewUniform(c), image.Point{}, draw.Src)
	}
}
