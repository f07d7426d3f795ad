package main

import (
	"bytes"
	"io"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/narrapress/narrapress/internal/cli"
)

// manual makes a page of the manual for each command, section 1, of what its
// help says.
func manual(rel *release) []entry {
	var pages []entry
	for _, c := range commands(cli.Commands()) {
		c.InitDefaultHelpFlag()
		pages = append(pages, entry{name: path.Join("man", "man1", pageName(c)+".1"), body: manPage(c, rel.version, rel.time)})
	}
	return pages
}

// commands are a command and all below it that a person is shown.
func commands(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			all = append(all, commands(sub)...)
		}
	}
	return all
}

// pageName is what `man` finds a command by.
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// completions are the scripts that complete a command line, a file a shell, named
// as each shell looks for it.
func completions() ([]entry, error) {
	root := cli.Commands()
	var all []entry
	for _, s := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"narrapress.bash", func(w io.Writer) error { return root.GenBashCompletionV2(w, true) }},
		{"_narrapress", root.GenZshCompletion},
		{"narrapress.fish", func(w io.Writer) error { return root.GenFishCompletion(w, true) }},
		{"narrapress.ps1", root.GenPowerShellCompletionWithDesc},
	} {
		var b bytes.Buffer
		if err := s.write(&b); err != nil {
			return nil, err
		}
		all = append(all, entry{name: path.Join("completions", s.name), body: b.Bytes()})
	}
	return all, nil
}
