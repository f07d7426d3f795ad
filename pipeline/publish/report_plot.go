package publish

import (
	"bytes"
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/narrapress/narrapress/pipeline/podcast"
)

// picture is one of a report's, with what it says for who does not see it.
type picture struct {
	Name string
	Alt  string
	SVG  []byte
}

// The names of the pictures.
const (
	waveformPicture = "waveform"
	loudnessPicture = "loudness"
	levelsPicture   = "levels"
	pacePicture     = "pace"
	callsPicture    = "calls"
)

// columns are how many points a picture is wide: more are not seen, and ten
// hours take no more than one.
const columns = 800

// Colours that people tell apart who see few (Okabe and Ito, "Color Universal
// Design", 2008).
func blue() color.Color      { return color.RGBA{0, 114, 178, 255} }
func skyBlue() color.Color   { return color.RGBA{86, 180, 233, 255} }
func vermilion() color.Color { return color.RGBA{213, 94, 0, 255} }
func grey() color.Color      { return color.Gray{110} }

// draw makes the pictures.
func (r *report) draw(mat *Material, m *Manifest) error {
	segments := segmentsOf(mat)
	unlike := map[int]outlier{}
	all, _ := outliers(segments)
	for _, o := range all {
		unlike[o.Ordinal] = o
	}
	for _, d := range []struct {
		name, alt string
		draw      func() (*plot.Plot, error)
	}{
		{waveformPicture, fmt.Sprintf("Waveform of the episode, %s long, with its %d chapters.", clock(m.Episode.Length), len(m.Episode.Chapters)), func() (*plot.Plot, error) {
			return waveform(mat.Energies, m.Episode.Chapters)
		}},
		{loudnessPicture, fmt.Sprintf("Momentary and short-term loudness over time; %v integrated.", m.Episode.Loudness.Integrated), func() (*plot.Plot, error) {
			return loudnessOver(mat.Energies, float64(m.Episode.Loudness.Integrated))
		}},
		{levelsPicture, fmt.Sprintf("Level of each of %d segments over time.", len(segments)), func() (*plot.Plot, error) {
			return scatter("Level of each segment", "LUFS", segments,
				func(s spoken) (float64, bool) { return s.level, unlike[s.Segment].louder })
		}},
		{pacePicture, fmt.Sprintf("Speaking rate of each of %d segments over time.", len(segments)), func() (*plot.Plot, error) {
			return scatter("Speaking rate of each segment", "characters/s", segments,
				func(s spoken) (float64, bool) { return s.rate, unlike[s.Segment].faster })
		}},
		{callsPicture, "How long the slowest calls took.", func() (*plot.Plot, error) { return slowCalls(r.Calls) }},
	} {
		p, err := d.draw()
		if err != nil {
			return fmt.Errorf("picture %s: %w", d.name, err)
		}
		if p == nil {
			continue // there is nothing to draw
		}
		svg, err := svgOf(p)
		if err != nil {
			return fmt.Errorf("picture %s: %w", d.name, err)
		}
		r.Pictures = append(r.Pictures, picture{d.name, d.alt, svg})
	}
	return nil
}

func svgOf(p *plot.Plot) ([]byte, error) {
	const width, height = 760, 200 // points
	c := vgsvg.New(width, height)
	p.Draw(draw.New(c))
	var b bytes.Buffer
	_, err := c.WriteTo(&b)
	return b.Bytes(), err
}

func newPlot(title, unit string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.Y.Label.Text = title, unit
	p.Legend.Top = true
	for _, style := range []*draw.TextStyle{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle,
		&p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		style.Font.Variant = "Sans"
	}
	p.X.Tick.Marker = clockTicks{}
	return p
}

// clockTicks marks times: about eight of them, at round ones.
type clockTicks struct{}

// Ticks are those between two times in seconds.
func (clockTicks) Ticks(least, most float64) []plot.Tick {
	step := 1.0
	for _, step = range []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400} {
		if (most-least)/step <= 9 {
			break
		}
	}
	for (most-least)/step > 9 {
		step *= 2
	}
	var out []plot.Tick
	for at := math.Ceil(least/step) * step; at <= most; at += step {
		s := int(at)
		label := fmt.Sprintf("%d:%02d", s/60, s%60)
		if most >= 3600 {
			label = fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
		}
		out = append(out, plot.Tick{Value: at, Label: label})
	}
	return out
}

// waveform draws how strong the sound is: the highest energy of each column,
// to both sides, with the chapters by their numbers.
func waveform(energies []float32, chapters []podcast.Chapter) (*plot.Plot, error) {
	if len(energies) == 0 {
		return nil, nil
	}
	p := newPlot("Waveform, with the chapters by their numbers", "")
	per := max(1, (len(energies)+columns-1)/columns)
	var up, down plotter.XYs
	highest := 0.0
	for from := 0; from < len(energies); from += per {
		e := float32(0)
		for _, v := range energies[from:min(from+per, len(energies))] {
			e = max(e, v)
		}
		y := math.Sqrt(float64(e))
		highest = max(highest, y)
		up = append(up, plotter.XY{X: float64(from) / perSecond, Y: y})
		down = append(down, plotter.XY{X: float64(from) / perSecond, Y: -y})
	}
	for i := len(down) - 1; i >= 0; i-- {
		up = append(up, down[i])
	}
	area, err := plotter.NewPolygon(up)
	if err != nil {
		return nil, err
	}
	area.Color, area.LineStyle.Width = skyBlue(), 0
	p.Add(area)
	top := max(highest, 1e-6) * 1.2
	// More than forty would be a smear: then every so-manieth is shown.
	const most = 40
	every := (len(chapters) + most - 1) / most
	var marks plotter.XYLabels
	for i, c := range chapters {
		if i%every != 0 {
			continue
		}
		line, err := plotter.NewLine(plotter.XYs{{X: float64(c.Start), Y: -top}, {X: float64(c.Start), Y: top}})
		if err != nil {
			return nil, err
		}
		line.Color = vermilion()
		p.Add(line)
		marks.XYs = append(marks.XYs, plotter.XY{X: float64(c.Start), Y: top * 0.86})
		marks.Labels = append(marks.Labels, fmt.Sprintf(" %d", i+1))
	}
	if len(marks.XYs) > 0 {
		labels, err := plotter.NewLabels(marks)
		if err != nil {
			return nil, err
		}
		for i := range labels.TextStyle {
			labels.TextStyle[i].Font.Variant = "Sans"
		}
		p.Add(labels)
	}
	p.X.Min, p.X.Max = 0, max(1, float64(len(energies))/perSecond)
	p.Y.Min, p.Y.Max = -top, top
	p.Y.Tick.Marker = plot.ConstantTicks(nil)
	return p, nil
}

// loudnessOver draws momentary and short-term loudness: the highest of each
// column.
func loudnessOver(energies []float32, integrated float64) (*plot.Plot, error) {
	if len(energies) == 0 {
		return nil, nil
	}
	p := newPlot("Loudness", "LUFS")
	sums := sumsOf(energies)
	per := max(1, (len(energies)+columns-1)/columns)
	var fast, slow plotter.XYs
	for from := 0; from < len(energies); from += per {
		m, s := lufs(0), lufs(0)
		for i := from; i < min(from+per, len(energies)); i++ {
			m, s = max(m, window(sums, i, momentary)), max(s, window(sums, i, shortTerm))
		}
		x := float64(from) / perSecond
		fast, slow = append(fast, plotter.XY{X: x, Y: m}), append(slow, plotter.XY{X: x, Y: s})
	}
	end := max(1, float64(len(energies))/perSecond)
	for _, l := range []struct {
		name  string
		xys   plotter.XYs
		c     color.Color
		width vg.Length
	}{
		{"momentary (400 ms)", fast, skyBlue(), 0.6},
		{"short-term (3 s)", slow, blue(), 1.2},
		{"integrated", plotter.XYs{{X: 0, Y: integrated}, {X: end, Y: integrated}}, vermilion(), 1},
	} {
		line, err := plotter.NewLine(l.xys)
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = l.c, l.width
		p.Add(line)
		p.Legend.Add(l.name, line)
	}
	p.X.Min, p.X.Max = 0, end
	p.Y.Min, p.Y.Max = -60, 5 // room for the legend
	return p, nil
}

// scatter draws a value of each segment at its time. Of many segments, those
// that stand together become one dot; those unlike the others stay their own.
func scatter(title, unit string, all []spoken, of func(spoken) (value float64, unlike bool)) (*plot.Plot, error) {
	p := newPlot(title, unit)
	var usual, unlike plotter.XYs
	per := max(1, (len(all)+columns-1)/columns)
	for from := 0; from < len(all); from += per {
		var sum plotter.XY
		n := 0.0
		for _, s := range all[from:min(from+per, len(all))] {
			v, off := of(s)
			switch at := (plotter.XY{X: float64(s.Start), Y: v}); {
			case v == 0:
			case off:
				unlike = append(unlike, at)
			default:
				sum.X, sum.Y, n = sum.X+at.X, sum.Y+at.Y, n+1
			}
		}
		if n > 0 {
			usual = append(usual, plotter.XY{X: sum.X / n, Y: sum.Y / n})
		}
	}
	if len(usual)+len(unlike) == 0 {
		return nil, nil
	}
	for _, s := range []struct {
		name  string
		xys   plotter.XYs
		shape draw.GlyphDrawer
		c     color.Color
		size  vg.Length
	}{
		{"like the others of its voice", usual, draw.CircleGlyph{}, blue(), 1.6},
		{"unlike them", unlike, draw.TriangleGlyph{}, vermilion(), 4},
	} {
		if len(s.xys) == 0 {
			continue
		}
		dots, err := plotter.NewScatter(s.xys)
		if err != nil {
			return nil, err
		}
		dots.Shape, dots.Color, dots.Radius = s.shape, s.c, s.size
		p.Add(dots)
		p.Legend.Add(s.name, dots)
	}
	p.X.Min = 0
	p.X.Max = max(p.X.Max, 1)
	span := max(p.Y.Max-p.Y.Min, 1)
	p.Y.Min, p.Y.Max = p.Y.Min-0.1*span, p.Y.Max+0.4*span // room for the legend
	return p, nil
}

// slowCalls draws how long the slowest calls took, by the segments they were for.
func slowCalls(calls []call) (*plot.Plot, error) {
	if len(calls) == 0 {
		return nil, nil
	}
	p := newPlot("Slowest calls", "seconds")
	p.X.Label.Text = "segment"
	values := make(plotter.Values, len(calls))
	names := make([]string, len(calls))
	for i, c := range calls {
		values[i], names[i] = c.Seconds, fmt.Sprint(c.Ordinal)
	}
	bars, err := plotter.NewBarChart(values, 24)
	if err != nil {
		return nil, err
	}
	bars.Color, bars.LineStyle.Color = skyBlue(), grey()
	p.Add(bars)
	p.NominalX(names...)
	p.Y.Min = 0
	p.Y.Max = max(p.Y.Max, 0.01)
	return p, nil
}
