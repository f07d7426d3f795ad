package mix_test

import (
	"math"
	"testing"

	"github.com/narrapress/narrapress/pipeline/level"
	"github.com/narrapress/narrapress/pipeline/mix"
)

// factorAt is a clip's factor at a frame, from the definitions alone.
func factorAt(c *mix.Clip, i int64) float64 {
	db := float64(c.Gain)
	if ps := c.Envelope; len(ps) > 0 {
		switch {
		case i <= ps[0].At:
			db += float64(ps[0].Gain)
		case i >= ps[len(ps)-1].At:
			db += float64(ps[len(ps)-1].Gain)
		}
		for k := 1; k < len(ps); k++ {
			if a, b := ps[k-1], ps[k]; i > a.At && i < b.At || i == b.At && k < len(ps)-1 {
				x := float64(i-a.At) / float64(b.At-a.At)
				db += float64(a.Gain)*(1-x) + float64(b.Gain)*x
			}
		}
	}
	shape := func(s mix.FadeShape, i, n int64) float64 {
		switch s {
		case mix.Linear:
			return (float64(i) + 0.5) / float64(n)
		case mix.EqualPower:
			return math.Sin(math.Pi / 2 * (float64(i) + 0.5) / float64(n))
		}
		return (1 - math.Cos(math.Pi*float64(i)/float64(n))) / 2
	}
	g := math.Pow(10, db/20)
	if i < c.FadeIn {
		g *= shape(c.FadeInShape, i, c.FadeIn)
	}
	if left := c.Length - 1 - i; left < c.FadeOut {
		g *= shape(c.FadeOutShape, left, c.FadeOut)
	}
	return g
}

func TestGains(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]mix.Clip{
		"plain":                {Length: 50, Gain: -3},
		"fades":                {Length: 50, FadeIn: 10, FadeOut: 20},
		"fades that meet":      {Length: 50, FadeIn: 30, FadeOut: 30, Gain: 6},
		"fades of its length":  {Length: 20, FadeIn: 20, FadeOut: 20},
		"equal power":          {Length: 50, FadeIn: 10, FadeOut: 20, FadeInShape: mix.EqualPower, FadeOutShape: mix.EqualPower},
		"linear":               {Length: 50, FadeIn: 10, FadeOut: 20, FadeInShape: mix.Linear, FadeOutShape: mix.Linear},
		"one point":            {Length: 50, Envelope: []mix.Point{{At: 20, Gain: -6}}},
		"ducked":               {Length: 60, Gain: 2, Envelope: []mix.Point{{At: 5}, {At: 10, Gain: -12}, {At: 30, Gain: -12}, {At: 45}}},
		"point at the start":   {Length: 30, Envelope: []mix.Point{{At: 0, Gain: -20}, {At: 10, Gain: -10}}},
		"points outside":       {Length: 30, Envelope: []mix.Point{{At: -10, Gain: -20}, {At: 40, Gain: -10}}},
		"ducked, with fades":   {Length: 60, FadeIn: 12, FadeOut: 40, Envelope: []mix.Point{{At: 5}, {At: 10, Gain: -12}, {At: 30, Gain: -12}, {At: 45}}},
		"points one frame off": {Length: 30, Envelope: []mix.Point{{At: 9}, {At: 10, Gain: -60}, {At: 11}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := make([]float32, c.Length)
			c.Gains(whole, 0)
			for i, g := range whole {
				if want := factorAt(&c, int64(i)); math.Abs(float64(g)-want) > 1e-6*(1+want) {
					t.Fatalf("frame %d: %g, want %g", i, g, want)
				}
			}
			for from := range c.Length {
				for n := int64(1); n <= c.Length-from; n++ {
					part := make([]float32, n)
					constant := c.Gains(part, from)
					equal := true
					for i, g := range part {
						equal = equal && g == part[0]
						if g != whole[from+int64(i)] {
							t.Fatalf("frames [%d, %d): the factor of frame %d is %g, and %g in the whole clip", from, from+n, from+int64(i), g, whole[from+int64(i)])
						}
					}
					if constant && !equal {
						t.Fatalf("frames [%d, %d) are not constant", from, from+n)
					}
				}
			}
		})
	}
}

// TestCrossfadesKeepTheirPromise crosses a fade with its mirror.
func TestCrossfadesKeepTheirPromise(t *testing.T) {
	t.Parallel()
	const n = 997
	for shape, sum := range map[mix.FadeShape]func(a, b float64) float64{
		mix.EqualPower: func(a, b float64) float64 { return a*a + b*b },
		mix.Linear:     func(a, b float64) float64 { return a + b },
	} {
		out := mix.Clip{Length: n, FadeOut: n, FadeOutShape: shape}
		in := mix.Clip{Length: n, FadeIn: n, FadeInShape: shape}
		a, b := make([]float32, n), make([]float32, n)
		out.Gains(a, 0)
		in.Gains(b, 0)
		for i := range a {
			if s := sum(float64(a[i]), float64(b[i])); math.Abs(s-1) > 1e-6 {
				t.Fatalf("%s: frame %d sums to %g", shape, i, s)
			}
		}
	}
}

func TestGainsAreConstantInTheMiddle(t *testing.T) {
	t.Parallel()
	c := mix.Clip{Length: 100, FadeIn: 10, FadeOut: 10, Envelope: []mix.Point{{At: 30}, {At: 40, Gain: -12}, {At: 60, Gain: -12}, {At: 70, Gain: level.DB(0)}}}
	for _, tc := range []struct {
		from, to int64
		want     bool
	}{{0, 20, false}, {9, 20, false}, {10, 30, true}, {10, 41, false}, {40, 60, true}, {40, 62, false}, {70, 90, true}, {70, 91, false}, {5, 6, false}} {
		dst := make([]float32, tc.to-tc.from)
		if got := c.Gains(dst, tc.from); got != tc.want {
			t.Errorf("frames [%d, %d): constant is %v, want %v", tc.from, tc.to, got, tc.want)
		}
	}
}

func BenchmarkGains(b *testing.B) {
	dst := make([]float32, 8*mix.Grid)
	for name, c := range map[string]mix.Clip{
		"middle of a voice": {Length: 1 << 20, FadeIn: 256, FadeOut: 256},
		"ducked":            {Length: 1 << 20, Envelope: []mix.Point{{At: 0}, {At: 100, Gain: -12}, {At: 1 << 19, Gain: -12}}},
		"ramp":              {Length: 1 << 20, Envelope: []mix.Point{{At: 0}, {At: 1 << 19, Gain: -12}}},
		"fade":              {Length: 1 << 20, FadeIn: 1 << 20},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.Gains(dst, 1000)
			}
		})
	}
}
