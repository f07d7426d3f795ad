package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// docs/commands.md is what the commands say of themselves.
func TestReference(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "docs", "commands.md")
	want := reference()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Errorf("%s (-want +got; go test ./internal/cli -run TestReference -update writes it anew):\n%s", path, diff)
	}
}

// reference is the page of all commands.
func reference() string {
	root := newRoot(&globals{}, Streams{})
	var b strings.Builder
	b.WriteString(`# Commands

What stands here is what the program says of itself (` + "`narrapress help COMMAND`" + `); it is written by
` + "`go test ./internal/cli -run TestReference -update`" + `.

`)
	walkCommands(root, func(c *cobra.Command) {
		if c.HasParent() {
			fmt.Fprintf(&b, "- [%s](#%s): %s\n", c.CommandPath(), strings.ReplaceAll(c.CommandPath(), " ", "-"), c.Short)
		}
	})
	b.WriteString("\n## Exit codes\n\n| code | meaning |\n|---|---|\n")
	for _, m := range exitLine.FindAllStringSubmatch(exitTable, -1) {
		fmt.Fprintf(&b, "| %s | %s |\n", m[1], m[2])
	}
	b.WriteString("\n## Flags of every command\n\n")
	writeFlags(&b, root.PersistentFlags())
	walkCommands(root, func(c *cobra.Command) {
		if c.HasParent() {
			writeCommand(&b, c)
		}
	})
	return b.String()
}

var exitLine = regexp.MustCompile(`(?m)^ +(\d+)  (.+)$`)

// walkCommands goes through the commands that help names, those of a group
// behind it.
func walkCommands(c *cobra.Command, see func(*cobra.Command)) {
	see(c)
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "completion" && sub.Name() != "help" {
			walkCommands(sub, see)
		}
	}
}

func writeCommand(b *strings.Builder, c *cobra.Command) {
	fmt.Fprintf(b, "## %s\n\n%s.\n\n", c.CommandPath(), strings.TrimSuffix(c.Short, "."))
	if c.Long != "" {
		b.WriteString("```text\n" + strings.TrimSpace(c.Long) + "\n```\n\n")
	}
	if !c.HasSubCommands() {
		fmt.Fprintf(b, "Usage: `%s`\n\n", c.UseLine())
	}
	writeFlags(b, c.LocalNonPersistentFlags())
	if c.Example == "" {
		return
	}
	b.WriteString("<!-- not run: examples of the help; each is parsed -->\n```sh\n")
	for line := range strings.Lines(c.Example) {
		b.WriteString(remark.ReplaceAllString(strings.TrimSpace(line), "$1   # $2") + "\n")
	}
	b.WriteString("```\n\n")
}

// remark is what an example says behind its command.
var remark = regexp.MustCompile(`^(.*?\S) {2,}(\S.*)$`)

func writeFlags(b *strings.Builder, flags *pflag.FlagSet) {
	rows := ""
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if value != "" {
			name += " " + value
		}
		standard := ""
		if d := f.DefValue; d != "" && d != "false" && d != "[]" && d != "0" && d != "0s" {
			standard = "`" + d + "`"
		}
		rows += fmt.Sprintf("| `%s` | %s | %s |\n", name, strings.ReplaceAll(strings.ReplaceAll(usage, "|", `\|`), "<", "&lt;"), standard)
	})
	if rows != "" {
		b.WriteString("| flag | meaning | default |\n|---|---|---|\n" + rows + "\n")
	}
}
