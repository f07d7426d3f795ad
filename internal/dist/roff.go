package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/narrapress/narrapress/internal/cli"
)

// manPage is a command's help as a page of the manual, in the macros of man(7).
// Cobra has a generator of its own, which takes the texts of help for Markdown
// and shows no flag with the name of its value.
func manPage(c *cobra.Command, version string, day time.Time) []byte {
	p := &manWriter{}
	p.macro(".TH", strings.ToUpper(pageName(c)), "1", day.Format(time.DateOnly), "narrapress "+version, "Narrapress")
	p.section("NAME")
	p.line(pageName(c) + ` \- ` + roff(c.Short))
	p.section("SYNOPSIS")
	p.line(`\fB` + roff(c.CommandPath()) + `\fR ` + roff(strings.TrimPrefix(c.UseLine(), c.CommandPath())))
	p.section("DESCRIPTION")
	p.prose(cmp.Or(c.Long, c.Short+"."))
	p.commands(c)
	p.flags("OPTIONS", c.NonInheritedFlags())
	p.flags("OPTIONS OF EVERY COMMAND", c.InheritedFlags())
	p.section("EXIT STATUS")
	for line := range strings.Lines(cli.ExitTable()) {
		if number, what, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			p.item(roff(number), roff(what))
		}
	}
	if c.Example != "" {
		p.section("EXAMPLES")
		p.verbatim(c.Example)
	}
	p.section("SEE ALSO")
	if c.HasParent() {
		p.line(reference(c.Parent()) + ",")
	}
	p.line(roff("https://github.com/narrapress/narrapress"))
	return []byte(p.String())
}

// manWriter writes the macros of man(7).
type manWriter struct{ strings.Builder }

// escapes are how signs are written that roff(7) takes for its own, or for
// typographic ones, which nobody can copy to a command line.
var escapes = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)

func roff(text string) string { return escapes.Replace(strings.TrimSpace(text)) }

func (p *manWriter) macro(name string, args ...string) {
	for _, a := range args {
		name += ` "` + strings.NewReplacer(`\`, `\e`, `"`, `\(dq`).Replace(a) + `"`
	}
	p.WriteString(name + "\n")
}

func (p *manWriter) section(title string) { p.macro(".SH", title) }

// line writes what is escaped already. A line that begins with a point is a macro.
func (p *manWriter) line(text string) {
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	p.WriteString(text + "\n")
}

func (p *manWriter) item(name, text string) {
	p.WriteString(".TP\n")
	p.line(name)
	p.line(text)
}

// prose writes paragraphs. What is set in stays as its lines are.
func (p *manWriter) prose(text string) {
	for i, paragraph := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		if strings.HasPrefix(paragraph, " ") || strings.HasPrefix(paragraph, "\t") {
			p.WriteString(".PP\n")
			p.verbatim(paragraph)
			continue
		}
		if i > 0 {
			p.WriteString(".PP\n")
		}
		for line := range strings.Lines(paragraph) {
			p.line(roff(line))
		}
	}
}

// verbatim writes lines that are not filled.
func (p *manWriter) verbatim(text string) {
	p.WriteString(".RS 4\n.nf\n")
	for line := range strings.Lines(text) {
		if line = roff(line); line == "" {
			p.WriteString(".sp\n")
			continue
		}
		p.line(line)
	}
	p.WriteString(".fi\n.RE\n")
}

// commands lists the pages of what a command of commands has.
func (p *manWriter) commands(c *cobra.Command) {
	if !c.HasAvailableSubCommands() {
		return
	}
	p.section("COMMANDS")
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			p.item(reference(sub), roff(sub.Short))
		}
	}
}

func (p *manWriter) flags(title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	p.section(title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := `\fB` + roff("--"+f.Name) + `\fR`
		if f.Shorthand != "" {
			name = `\fB` + roff("-"+f.Shorthand) + `\fR, ` + name
		}
		if value != "" {
			name += ` \fI` + roff(value) + `\fR`
		}
		if !plainDefault(f) {
			usage += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		p.item(name, roff(usage))
	})
}

// plainDefault says that a flag's default is that it is not given.
func plainDefault(f *pflag.Flag) bool {
	switch f.DefValue {
	case "", "0", "0s", "false", "[]":
		return true
	}
	return false
}

// reference names a command's page.
func reference(c *cobra.Command) string { return `\fB` + roff(pageName(c)) + `\fR(1)` }
