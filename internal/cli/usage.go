package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// dress gives a command and all below it the exit table in their help, and
// errors that say which command's help to read and which word is nearest.
func dress(root *cobra.Command, s Streams) {
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetHelpTemplate(root.HelpTemplate() + "\n" + exitTable)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &usageError{reason: flagReason(c, err), command: c.CommandPath()}
	})
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	exampleCompletions(root)
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		if c.HasSubCommands() {
			asGroup(c)
		} else if c.Args != nil {
			c.Args = pointed(c.Args)
		}
		if run := c.RunE; run != nil && !c.HasSubCommands() {
			c.RunE = func(c *cobra.Command, args []string) error { return pointTo(c, run(c, args)) }
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
}

// exampleCompletions says of Cobra's commands of completion how they are used.
func exampleCompletions(root *cobra.Command) {
	examples := map[string]string{
		"completion": "  narrapress completion bash > /etc/bash_completion.d/narrapress",
		"bash":       "  narrapress completion bash > /etc/bash_completion.d/narrapress",
		"zsh":        "  narrapress completion zsh > /usr/local/share/zsh/site-functions/_narrapress",
		"fish":       "  narrapress completion fish > ~/.config/fish/completions/narrapress.fish",
		"powershell": "  narrapress completion powershell >> $PROFILE",
	}
	for _, c := range root.Commands() {
		if c.Name() != "completion" {
			continue
		}
		c.Example = examples[c.Name()]
		for _, shell := range c.Commands() {
			shell.Example = examples[shell.Name()]
		}
	}
}

// asGroup makes a command of commands show its help when it is called alone,
// and name the nearest when it is called with a word it does not know.
func asGroup(c *cobra.Command) {
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		reason := fmt.Sprintf("there is no command %q", args[0])
		var names []string
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				names = append(names, sub.Name())
			}
		}
		if near := nearest(args[0], names); near != "" {
			reason += fmt.Sprintf("; the nearest is %q", near)
		}
		return &usageError{reason: reason, command: c.CommandPath()}
	}
}

func pointed(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return &usageError{reason: err.Error(), command: c.CommandPath()}
		}
		return nil
	}
}

// pointTo makes a usage error of a run function name the command.
func pointTo(c *cobra.Command, err error) error {
	var usage *usageError
	if errors.As(err, &usage) && usage.command == "" {
		usage.command = c.CommandPath()
	}
	return err
}

// between is how many arguments a command takes; most < 0 is no bound.
func between(least, most int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return fmt.Errorf("%s is missing", what)
		case most == 0 && len(args) > 0:
			return fmt.Errorf("it takes no arguments, but %q was given", args[0])
		case most >= 0 && len(args) > most:
			return fmt.Errorf("%q is one argument too many", args[most])
		}
		return nil
	}
}

func flagReason(c *cobra.Command, err error) string {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		f := value.GetFlag()
		kind := map[string]string{"duration": "a length such as 60s or 1m30s", "float64": "a number such as 2.50"}[f.Value.Type()]
		if kind == "" {
			kind = "a " + f.Value.Type()
		}
		return fmt.Sprintf("--%s is %s, not %q", f.Name, kind, value.GetValue())
	}
	if !errors.As(err, &unknown) {
		return err.Error()
	}
	name := unknown.GetSpecifiedName()
	if unknown.GetSpecifiedShortnames() != "" {
		return fmt.Sprintf("there is no flag -%s", name)
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	c.InheritedFlags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	reason := fmt.Sprintf("there is no flag --%s", name)
	if near := nearest(name, names); near != "" {
		reason += fmt.Sprintf("; the nearest is --%s", near)
	}
	return reason
}

// nearest is the name that word was probably meant to be; empty if none is near.
func nearest(word string, names []string) string {
	best, least := "", max(1, len(word)/2)+1
	for _, n := range names {
		d := levenshtein.ComputeDistance(strings.ToLower(word), n)
		if strings.HasPrefix(n, strings.ToLower(word)) {
			d = min(d, 1)
		}
		if d < least {
			best, least = n, d
		}
	}
	return best
}
