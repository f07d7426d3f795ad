package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/internal/cli"
	"github.com/narrapress/narrapress/pipeline/script/lexicon"
	"github.com/narrapress/narrapress/pipeline/script/overlay"
)

// TestDocsCommands has the program look at every command line that the pages
// show: its commands and flags are there, and take such values. Those that can
// be run are, by TestDocsRun.
func TestDocsCommands(t *testing.T) {
	t.Parallel()
	shown, spans := 0, 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if !b.fenced && commandLike.MatchString(b.text) {
				t.Errorf("%s: commands stand in a block ```sh or ```console, so that they are tried", b.where())
			}
			script := b.text
			switch {
			case b.is("sh"):
			case b.is("console"):
				script = strings.Join(commandsOf(b.text), "\n")
			case b.is("cron"):
				script = cronCommands.ReplaceAllString(script, "")
			default:
				continue
			}
			lines, err := commandLines(script)
			if err != nil {
				t.Errorf("%s: %v", b.where(), err)
			}
			for _, args := range lines {
				shown++
				if reason := refused(args); reason != "" {
					t.Errorf("%s: narrapress %s: %s", b.where(), strings.Join(args, " "), reason)
				}
			}
		}
		for _, b := range p.spans {
			if !strings.HasPrefix(b.text, "narrapress ") {
				continue
			}
			lines, err := commandLines(b.text)
			if err != nil {
				t.Errorf("%s: `%s`: %v", b.where(), b.text, err)
			}
			for _, args := range lines {
				spans++
				if reason := refused(args); reason != "" && !strings.Contains(reason, "is missing") {
					t.Errorf("%s: `%s`: %s", b.where(), b.text, reason)
				}
			}
		}
	}
	if shown < 30 || spans < 30 {
		t.Errorf("only %d commands in blocks and %d in sentences were found", shown, spans)
	}
	t.Logf("%d commands in blocks, %d in sentences", shown, spans)
}

// commandLike is a line that is typed.
var commandLike = regexp.MustCompile(`(?m)^(\$ )?(narrapress|make|git|go|systemctl|install|\./\w+)( |$)`)

// cronCommands is what stands before a command in a crontab: five fields.
var cronCommands = regexp.MustCompile(`(?m)^(\S+[ \t]+){5}`)

// commandsOf are the lines behind a prompt.
func commandsOf(console string) []string {
	var all []string
	for line := range strings.Lines(console) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			all = append(all, strings.TrimSuffix(command, "\n"))
		}
	}
	return all
}

// commandLines are the arguments of every call of narrapress in a script.
func commandLines(script string) ([][]string, error) {
	f, err := syntax.NewParser().Parse(strings.NewReader(script), "")
	if err != nil {
		return nil, err
	}
	var all [][]string
	syntax.Walk(f, func(n syntax.Node) bool {
		call, ok := n.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		var words []string
		for _, w := range call.Args {
			word, ferr := expand.Literal(nil, w)
			if ferr != nil {
				err = ferr
			}
			words = append(words, word)
		}
		if filepath.Base(words[0]) == "narrapress" {
			all = append(all, words[1:])
		}
		return true
	})
	return all, err
}

// refused says why the program would not take a command line; empty where it
// would. Help is asked for, so nothing is done.
func refused(args []string) string {
	args = slices.Clone(args)
	end := slices.Index(args, "--")
	if end < 0 {
		end = len(args)
	}
	var out, errs bytes.Buffer
	code := cli.Run(context.Background(), slices.Insert(args, end, "--help"), cli.Streams{Out: &out, Err: &errs, Dir: os.TempDir()})
	if code != 0 {
		return strings.TrimSpace(errs.String())
	}
	_, usage, _ := strings.Cut(out.String(), "Usage:\n")
	usage, _, _ = strings.Cut(usage, "\n\n")
	path, group := strings.CutSuffix(lastLine(usage), " [command]")
	words := strings.Fields(path)[1:]
	for _, arg := range args {
		switch {
		case len(words) > 0 && arg == words[0]:
			words = words[1:]
		case group && len(words) == 0 && !strings.HasPrefix(arg, "-"):
			return "there is no command " + arg
		}
	}
	return ""
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// A command that is not there, and a flag, are seen.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ line, want string }{
		"fine":              {"narrapress produce post.md --sample 60s # words", ""},
		"fine sub-command":  {"cd x && narrapress voices list --endpoint studio", ""},
		"fine in a group":   {"narrapress store", ""},
		"no such command":   {"narrapress prodce post.md", "there is no command prodce"},
		"no sub-command":    {"narrapress voices lst", "there is no command lst"},
		"no such flag":      {"narrapress produce --sampel 60s post.md", "there is no flag --sampel; the nearest is --sample (see narrapress produce --help)"},
		"no value of such":  {"narrapress produce post.md --max-cost much", "--max-cost is a number such as 2.50, not \"much\" (see narrapress produce --help)"},
		"behind a pipe":     {"echo a | narrapress produce - --tile b", "there is no flag --tile; the nearest is --title (see narrapress produce --help)"},
		"flag of a neigbor": {"narrapress feed --sample 60s", "there is no flag --sample (see narrapress feed --help)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines, err := commandLines(tt.line)
			if err != nil || len(lines) != 1 {
				t.Fatalf("%d lines, %v", len(lines), err)
			}
			if got := strings.TrimPrefix(refused(lines[0]), "narrapress: "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestDocsFiles reads every YAML that the pages show as the program would.
func TestDocsFiles(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if !b.is("yaml") {
				continue
			}
			kind, _, _ := strings.Cut(b.marks["yaml"], ":")
			counts[kind]++
			var err error
			switch kind {
			case "":
				err = loadShow(t, b.text)
			case "lexicon":
				_, err = lexicon.Read(p.name, strings.NewReader(b.text))
			case "overlay":
				_, err = overlay.Read(p.name, strings.NewReader(b.text))
			case "other":
			default:
				t.Errorf("%s: there is no kind of file %q", b.where(), kind)
			}
			if err != nil {
				t.Errorf("%s: %v", b.where(), err)
			}
		}
	}
	t.Logf("%v (\"\" are shows)", counts)
}

// loadShow reads a show's file, or a part of one, in a folder that has every
// file it names. Of a part that tells of voices, the rest of them is written.
func loadShow(t *testing.T, text string) error {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "show")
	names := append([]string{"narrapress.yaml"}, filesNamed.FindAllString(text, -1)...)
	for _, name := range names {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, name, "")
	}
	rest, err := restOfVoices(text)
	if err != nil {
		return err
	}
	write(t, filepath.Join(dir, "narrapress.yaml"), text+rest)
	_, err = config.Load(t.Context(), config.Sources{
		File: "narrapress.yaml", Dir: dir, Home: dir,
		Env: func(name string) (string, bool) {
			return "https://example.org/" + name, !strings.HasPrefix(name, "NARRAPRESS_")
		},
	})
	return err
}

// filesNamed are the paths of files in a show's file.
var filesNamed = regexp.MustCompile(`(?:\.\./|\b)(?:[\w-]+/)*[\w-]+\.(?:yaml|mp3|wav|flac|jpg)\b`)

// restOfVoices is what a show that begins with text lacks, so that every
// endpoint and voice in it is somebody's.
func restOfVoices(text string) (string, error) {
	var part struct {
		Endpoints, Voices map[string]any
		Roles             map[string]string
	}
	if err := yaml.Unmarshal([]byte(text), &part); err != nil {
		return "", err
	}
	if part.Endpoints == nil && part.Voices == nil && part.Roles == nil {
		return "", nil
	}
	rest, endpoints := "", slices.Sorted(maps.Keys(part.Endpoints))
	if part.Endpoints == nil {
		rest, endpoints = "endpoints: {studio: {preset: flite}, here: {preset: flite}}\n", []string{"here"}
	}
	if part.Voices == nil {
		rest += "voices: {narrator: {endpoint: " + endpoints[0] + ", voice: slt}}\n"
	}
	if part.Roles == nil {
		rest += "roles: {body: narrator}\n"
	}
	return rest, nil
}
