package main

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"os"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Colours that people tell apart who see few (Okabe and Ito, "Color Universal
// Design", 2008).
var seriesColours = map[string]color.Color{
	seriesOurs: color.RGBA{0, 114, 178, 255},
	seriesEdit: color.RGBA{0, 158, 115, 255},
	seriesTwo:  color.RGBA{213, 94, 0, 255},
	seriesNone: color.RGBA{230, 159, 0, 255},
}

// draw writes the picture: time by length, processor time by length, time by
// workers.
func (r *results) draw(file string) error {
	plots, err := r.plots()
	if err != nil {
		return err
	}
	const width, height = 300 * vg.Millimeter, 90 * vg.Millimeter
	canvas := vgsvg.New(width, height)
	tile(plots, draw.New(canvas))
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = canvas.WriteTo(f)
	return errors.Join(err, f.Close())
}

// tile draws plots side by side.
func tile(plots []*plot.Plot, onto draw.Canvas) {
	tiles := draw.Tiles{Rows: 1, Cols: len(plots), PadX: vg.Points(16), PadLeft: vg.Points(8), PadRight: vg.Points(8), PadTop: vg.Points(6), PadBottom: vg.Points(6)}
	for i, p := range plots {
		p.Draw(tiles.At(onto, i, 0))
	}
}

func (r *results) plots() ([]*plot.Plot, error) {
	names := []string{seriesTwo, seriesNone, seriesOurs, seriesEdit}
	wall, err := r.byLength("time", "s", names, func(p point) float64 { return p.Wall })
	if err != nil {
		return nil, err
	}
	cpu, err := r.byLength("processor time", "s", names, func(p point) float64 { return p.CPU })
	if err != nil {
		return nil, err
	}
	workers, err := r.byWorkers()
	if err != nil {
		return nil, err
	}
	return []*plot.Plot{wall, cpu, workers}, nil
}

// errNoPoints is a picture of nothing.
var errNoPoints = errors.New("there is nothing to draw: run the rows length and workers first")

func (r *results) byLength(title, unit string, names []string, of func(point) float64) (*plot.Plot, error) {
	p := newPlot(title+" by length", "minutes of episode", unit)
	p.X.Min, p.Y.Min = 0, 0
	drawn := false
	for _, name := range names {
		var xys plotter.XYs
		for _, at := range r.Points {
			if at.Series == name {
				xys = append(xys, plotter.XY{X: float64(at.Minutes), Y: of(at)})
			}
		}
		if len(xys) == 0 {
			continue
		}
		if err := series(p, name, xys, seriesColours[name]); err != nil {
			return nil, err
		}
		drawn = true
	}
	if !drawn {
		return nil, errNoPoints
	}
	p.Y.Max *= 1.4 // the legend stands above the lines
	return p, nil
}

// byWorkers draws how many times as fast more workers are than one, and what
// would be if nothing else took time.
func (r *results) byWorkers() (*plot.Plot, error) {
	longest := 0
	for _, at := range r.Points {
		if at.Series == "workers" {
			longest = max(longest, at.Minutes)
		}
	}
	walls := map[int]float64{}
	for _, at := range r.Points {
		if at.Series == "workers" && at.Minutes == longest {
			walls[at.Workers] = at.Wall
		}
	}
	if walls[1] == 0 {
		return nil, errNoPoints
	}
	p := newPlot(fmt.Sprintf("speed by workers (%d minutes, %d cores)", longest, r.Machine.Cores), "workers", "times one worker")
	p.Y.Min = 0
	var got, ideal plotter.XYs
	var ticks []plot.Tick
	for w, wall := range walls {
		got = append(got, plotter.XY{X: float64(w), Y: walls[1] / wall})
		ideal = append(ideal, plotter.XY{X: float64(w), Y: float64(w)})
		ticks = append(ticks, plot.Tick{Value: float64(w), Label: fmt.Sprint(w)})
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	if err := series(p, "as many times", ideal, color.Gray{160}); err != nil {
		return nil, err
	}
	if err := series(p, seriesOurs, got, seriesColours[seriesOurs]); err != nil {
		return nil, err
	}
	p.Y.Max *= 1.2
	return p, nil
}

func series(p *plot.Plot, name string, xys plotter.XYs, c color.Color) error {
	slices.SortFunc(xys, func(a, b plotter.XY) int { return cmp.Compare(a.X, b.X) })
	line, dots, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width = c, vg.Points(1.5)
	dots.Color, dots.Shape, dots.Radius = c, draw.CircleGlyph{}, vg.Points(2.5)
	p.Add(line, dots)
	p.Legend.Add(name, line, dots)
	return nil
}

func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Legend.Top, p.Legend.Left = true, true
	for _, style := range []*draw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle,
		&p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		style.Font.Variant = "Sans"
	}
	return p
}
