package main

import "slices"

// spread is the middle and the ends of some measurements.
type spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	N      int     `json:"n"`
}

// spreadOf some values; of none it is the zero value.
func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	return spread{Median: (s[(n-1)/2] + s[n/2]) / 2, Min: s[0], Max: s[n-1], N: n}
}

// ratios of each value to the one that was measured beside it: what slowed
// both of a pair down is not in them.
func ratios(a, b []float64) []float64 {
	out := make([]float64, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] / b[i]
	}
	return out
}

// costs are measurements of one command.
type costs []cost

func (c costs) of(part func(cost) float64) []float64 {
	out := make([]float64, len(c))
	for i := range c {
		out[i] = part(c[i])
	}
	return out
}

func (c costs) wall() []float64 { return c.of(func(c cost) float64 { return c.Wall }) }
func (c costs) cpu() []float64  { return c.of(func(c cost) float64 { return c.CPU }) }
func (c costs) rss() []float64  { return c.of(func(c cost) float64 { return c.RSS }) }
