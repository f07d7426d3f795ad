package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The page's part that this program writes lies between these.
const (
	pageBegin = "<!-- figures: written by go run ./internal/bench -doc -->"
	pageEnd   = "<!-- end of figures -->"
)

// markdown is the table; minutes stands for the lines' own lengths where it is
// not 0.
func (r *results) markdown(minutes int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n\n", r.Machine)
	b.WriteString("| what | median | least–most | n | must | aim | |\n|---|---|---|---|---|---|---|\n")
	seen := map[string]bool{}
	for _, l := range lines() {
		if minutes > 0 {
			if seen[l.id] {
				continue
			}
			seen[l.id] = true
			l.title += fmt.Sprintf(" [%d min]", minutes)
			l.minutes = minutes
		}
		b.WriteString(r.line(l))
	}
	var loads []float64
	when := ""
	for _, f := range r.Figures {
		if minutes == 0 || f.Minutes == minutes {
			loads = append(loads, f.Load)
			when = max(when, f.When.Format("2006-01-02"))
		}
	}
	if s := spreadOf(loads); s.N > 0 {
		fmt.Fprintf(&b, "\nMeasured until %s; %.1f processes wanted to run when a row began (%.1f–%.1f), those of the row before among them.\n", when, s.Median, s.Min, s.Max)
	}
	for _, row := range rows() {
		if why := r.Missing[row.name]; why != "" {
			fmt.Fprintf(&b, "\n%s: %s.\n", row.name, why)
		}
	}
	return b.String()
}

func (r *results) line(l line) string {
	must, aim := "", ""
	if l.bound != 0 {
		sign := "≤"
		if l.atLeast {
			sign = "≥"
		}
		must, aim = fmt.Sprintf("%s %v %s", sign, l.bound, l.unit), fmt.Sprintf("%s %v %s", sign, l.aim, l.unit)
	}
	f, ok := r.figure(l.id, l.minutes)
	if !ok {
		return fmt.Sprintf("| %s | not measured yet | | | %s | %s | |\n", l.title, must, aim)
	}
	verdict := ""
	if l.bound != 0 {
		keeps, reaches := l.met(f.Median)
		switch {
		case reaches:
			verdict = "aim"
		case keeps:
			verdict = "kept"
		default:
			verdict = "**missed**"
		}
	}
	decimals := 2
	if l.unit == "MiB" {
		decimals = 0
	}
	return fmt.Sprintf("| %s | %.*f %s | %.*f–%.*f | %d | %s | %s | %s |\n",
		l.title, decimals, f.Median, l.unit, decimals, f.Min, decimals, f.Max, f.N, must, aim, verdict)
}

// intoPage writes the table between the page's marks, and below it the picture
// if one was drawn.
func (r *results) intoPage(page, picture string) error {
	b, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	text := r.markdown(0)
	if picture != "" {
		rel, err := filepath.Rel(filepath.Dir(page), picture)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("\n![What an episode costs by its length, and by workers](%s)\n", filepath.ToSlash(rel))
	}
	out, err := between(string(b), text)
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return os.WriteFile(page, []byte(out), 0o644)
}

// between puts text between the marks of a page.
func between(page, text string) (string, error) {
	before, rest, ok := strings.Cut(page, pageBegin)
	_, after, ended := strings.Cut(rest, pageEnd)
	if !ok || !ended {
		return "", fmt.Errorf("it has no lines %q and %q", pageBegin, pageEnd)
	}
	return before + pageBegin + "\n\n" + text + "\n" + pageEnd + after, nil
}
