package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHarmless(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"words":            {"Grüße, 你好 😀\n\tx", "Grüße, 你好 😀\n\tx"},
		"a colour":         {paint(true).yellow("warning:") + " x", "\x1b[33mwarning:\x1b[0m x"},
		"a cleared screen": {"a\x1b[2Jb", "a�[2Jb"},
		"hidden words":     {"\x1b[8mx", "�[8mx"},
		"a window's name":  {"\x1b]0;x\a", "�]0;x�"},
		"a C1 character":   {"\u009b31m", "�31m"},
		"a carriage":       {"safe\rfake", "safe�fake"},
		"direction":        {"a\u202eb\u2066c", "a�b�c"},
		"no UTF-8":         {"a\x9b2Jb", "a�2Jb"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := harmless(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// No command writes to a terminal what a document wants written there.
func TestDocumentsDoNotReachTheTerminal(t *testing.T) {
	t.Parallel()
	const evil = "\x1b]52;c;eA==\a\u202e\u009b2J"
	dir := t.TempDir()
	source := "---\ntitle: \"T\\e]0;x\\a\\u202E\"\nauthor: \"A\\e[2J\"\n---\n## H" + evil + "\n\nText " + evil + " here.\n\n![alt" + evil + "](a.png \"cap" + evil + "\")\n\n> Said.\n> — Ann" + evil + " Lee\n\n```\ncode" + evil + "\n```\n\n<!-- narrapress: " + evil + " -->\n"
	if err := os.WriteFile(filepath.Join(dir, "a.md"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"plan", "a.md"}, {"plan", "a.md", "--unknown"}, {"plan", "a.md", "--json"}, {"text", "article", "a.md"}, {"text", "article", "--html", "a.md"}, {"text", "segments", "a.md"}, {"plan", "none" + evil + ".md"}} {
		var out, complaints bytes.Buffer
		Run(context.Background(), args, Streams{
			In: strings.NewReader(""), Out: &out, Err: &complaints, Dir: dir, Home: dir, OutTerminal: true, ErrTerminal: true,
			Env: func(name string) (string, bool) { return os.Getenv(name), name == "PATH" },
		})
		for stream, text := range map[string]string{"output": out.String(), "errors": complaints.String()} {
			for _, code := range []string{"0", "1", "2", "31", "32", "33"} {
				text = strings.ReplaceAll(text, "\x1b["+code+"m", "")
			}
			if i := strings.IndexFunc(text, harmful); i >= 0 {
				t.Errorf("%q: %s has %.30q", args, stream, text[i:])
			}
		}
		if out.Len()+complaints.Len() == 0 {
			t.Errorf("%q says nothing", args)
		}
	}
}
