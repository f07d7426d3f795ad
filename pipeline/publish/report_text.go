package publish

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/narrapress/narrapress/pipeline/publish/gate"
)

// plainText is a text on one line, cut to most characters, without signs that
// are not seen or that turn the direction of what follows.
func plainText(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		if n > 0 {
			b.WriteByte(' ')
			n++
		}
		for _, r := range word {
			if unicode.Is(unicode.Cf, r) && r != '\u200d' || r == unicode.ReplacementChar { // but for what joins emoji
				continue
			}
			if n == most {
				return b.String() + "…"
			}
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

// mostText is how much of a text a report shows.
const mostText = 200

// escapeMarkdown is a text as Markdown shows it: no sign of it means anything.
func escapeMarkdown(s string) string {
	var b strings.Builder
	text := plainText(s, mostText)
	for i, r := range text {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case strings.ContainsRune("\\`*_[]|~$", r),
			i == 0 && strings.ContainsRune("#+-=", r),
			r == ':' && strings.HasPrefix(text[i:], "://"): // no address becomes a link
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// markdown is the report for who reads it in a terminal or a repository.
func (r *report) markdown() string {
	var b strings.Builder
	e := escapeMarkdown
	fmt.Fprintf(&b, "# %s\n\n", e(r.Title))
	b.WriteString(verdictBegin + r.verdictMarkdown() + verdictEnd + "\n")

	b.WriteString("## Facts\n\n| | |\n|---|---|\n")
	for _, f := range r.Facts {
		fmt.Fprintf(&b, "| %s | %s |\n", f.Name, e(f.Value))
	}
	b.WriteString("\n## Found on the way\n\n")
	for _, n := range r.notes() {
		fmt.Fprintf(&b, "- %s\n", e(n))
	}
	r.picture(&b, waveformPicture)
	b.WriteString("## Chapters\n\n")
	if len(r.Chapters) > 0 {
		b.WriteString("| | start | end | title |\n|--:|--:|--:|---|\n")
	}
	for i, c := range r.Chapters {
		if i == mostRows {
			fmt.Fprintf(&b, "\nand %d more\n", len(r.Chapters)-i)
			break
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", i+1, c.Start, c.End, e(c.Title))
	}
	r.picture(&b, loudnessPicture)
	b.WriteString("## Segments unlike the others of their voice\n\n" + r.outlierWords() + "\n\n")
	if len(r.Outliers) > 0 {
		b.WriteString("| segment | at | voice | level | characters/s | what | sentence |\n|--:|--:|---|--:|--:|---|---|\n")
	}
	for _, o := range r.Outliers {
		fmt.Fprintf(&b, "| %d | %s | %s | %.1f LUFS | %s | %s | %s |\n", o.Ordinal, o.At, e(o.Voice), o.Level, o.rate(), o.Why, e(o.Text))
	}
	r.picture(&b, levelsPicture)
	r.picture(&b, pacePicture)
	b.WriteString("## Slowest calls\n\n" + r.callWords() + "\n\n")
	if len(r.Calls) > 0 {
		b.WriteString("| segment | endpoint | attempts | took | sentence |\n|--:|---|--:|--:|---|\n")
	}
	for _, c := range r.Calls {
		fmt.Fprintf(&b, "| %d | %s | %d | %.2f s | %s |\n", c.Ordinal, e(c.Endpoint), c.Attempts, c.Seconds, e(c.Text))
	}
	r.picture(&b, callsPicture)
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// mostRows of a table are shown.
const mostRows = 400

func (r *report) picture(b *strings.Builder, name string) {
	b.WriteByte('\n')
	for _, p := range r.Pictures {
		if p.Name == name {
			fmt.Fprintf(b, "![%s](%s/%s.svg)\n\n", escapeMarkdown(p.Alt), reportPictures, p.Name)
		}
	}
}

// verdictMarkdown is what the gate says.
func (r *report) verdictMarkdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", r.Verdict())
	if len(r.Findings) == 0 {
		return b.String()
	}
	b.WriteString("\n| rule | verdict | measured | bound | |\n|---|---|---|---|---|\n")
	for _, f := range r.Findings {
		verdict := string(f.Verdict)
		if f.Verdict != gate.Passes {
			verdict = "**" + verdict + "**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.Rule, verdict, escapeMarkdown(f.Measured), escapeMarkdown(f.Bound), escapeMarkdown(f.Text))
	}
	return b.String()
}

// Verdict is the first thing that is said.
func (r *report) Verdict() string {
	warnings := len(gate.Warnings(r.Findings))
	switch {
	case len(r.Findings) == 0:
		return "The gate was not asked."
	case r.Held:
		return fmt.Sprintf("Held: the episode is kept out of the feed (%s).", strings.Join(rulesOf(gate.Reasons(r.Findings)), ", "))
	case warnings > 0:
		return fmt.Sprintf("It passes the gate, with something to look at (%s).", strings.Join(rulesOf(gate.Warnings(r.Findings)), ", "))
	}
	return "It passes the gate."
}

func rulesOf(findings []gate.Finding) []string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Rule)
	}
	return names
}

// notes are the findings of the run, or that there are none.
func (r *report) notes() []string {
	switch n := len(r.Notes); {
	case n == 0:
		return []string{"Nothing."}
	case n > mostRows:
		return append(r.Notes[:mostRows:mostRows], fmt.Sprintf("and %d more", n-mostRows))
	}
	return r.Notes
}

func (r *report) outlierWords() string {
	switch {
	case len(r.Outliers) == 0:
		return fmt.Sprintf("None of %d: level and speaking rate of all are near the middle of their voice.", r.Segments)
	case r.More > 0:
		return fmt.Sprintf("%d of %d segments; these are the farthest.", len(r.Outliers)+r.More, r.Segments)
	}
	return fmt.Sprintf("%d of %d segments.", len(r.Outliers), r.Segments)
}

func (r *report) callWords() string {
	if r.Asked == 0 {
		return "No endpoint was asked for anything in this run."
	}
	return fmt.Sprintf("%d segments were asked for in this run.", r.Asked)
}

func (o outlier) rate() string {
	if o.Rate == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", o.Rate)
}
