package main

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/cli"
)

// instruction of a Dockerfile: its name, and the rest of it as one line.
type instruction struct{ name, rest string }

// instructions reads a Dockerfile as far as ours goes: lines, continued with \,
// and comments (https://docs.docker.com/reference/dockerfile/#format).
func instructions(t *testing.T) []instruction {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(source(), "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var all []instruction
	line := ""
	for l := range strings.Lines(string(b)) {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if more, ok := strings.CutSuffix(l, `\`); ok {
			line += more
			continue
		}
		name, rest, _ := strings.Cut(line+l, " ")
		all = append(all, instruction{name, strings.TrimSpace(rest)})
		line = ""
	}
	return all
}

// buildContext is the names at the top of what .dockerignore lets through.
func buildContext(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(source(), ".dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for l := range strings.Lines(string(b)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(l), "!"); ok {
			names = append(names, name)
		}
	}
	return names
}

// TestDockerfile checks what can be without Docker: that what it copies is there
// and let through, that the program is run as a person without rights, and that
// the commands and paths that it names exist.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	let := buildContext(t)
	made := map[string]bool{} // by the first stage
	user, entry, copied := "", "", 0
	for _, in := range instructions(t) {
		switch in.name {
		case "FROM":
			image, _, _ := strings.Cut(in.rest, " ")
			if _, tag, ok := strings.Cut(image, ":"); !ok || tag == "latest" {
				t.Errorf("FROM %s is pinned to no tag", in.rest)
			}
		case "RUN":
			for _, out := range regexp.MustCompile(`/out/\S+`).FindAllString(in.rest, -1) {
				made[out] = true
			}
			if strings.Contains(in.rest, "-X") && !strings.Contains(in.rest, linkedVariable+"=$VERSION") {
				t.Errorf("it does not set %s: %s", linkedVariable, in.rest)
			}
		case "COPY":
			words := strings.Fields(in.rest)
			if words[0] == "--from=build" {
				if !made[words[1]] {
					t.Errorf("COPY %s: nothing makes it", in.rest)
				}
				continue
			}
			for _, from := range words[:len(words)-1] {
				copied++
				if _, err := os.Stat(filepath.Join(source(), filepath.FromSlash(from))); err != nil {
					t.Errorf("COPY %s: %v", in.rest, err)
				}
				if !slices.Contains(let, strings.Split(path.Clean(from), "/")[0]) {
					t.Errorf("COPY %s: .dockerignore keeps it out", in.rest)
				}
			}
		case "USER":
			user = in.rest
		case "ENTRYPOINT":
			entry = in.rest
		case "CMD":
			words := regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(in.rest, -1)
			root := cli.Commands()
			c, _, err := root.Find([]string{words[0][1]})
			if err != nil || c == root {
				t.Errorf("CMD %s: there is no such command (%v)", in.rest, err)
				continue
			}
			for _, w := range words[1:] {
				if flag, ok := strings.CutPrefix(w[1], "--"); ok && c.Flags().Lookup(flag) == nil {
					t.Errorf("CMD %s: %s has no flag --%s", in.rest, c.Name(), flag)
				}
			}
		}
	}
	if user == "" || user == "root" || user == "0" {
		t.Errorf("the program is run by %q", user)
	}
	if entry != `["narrapress"]` || copied < 5 {
		t.Errorf("entry %s, %d paths copied: the file was not read as it is", entry, copied)
	}
}

// TestContext looks whether what the image's build is given has all that the program imports.
func TestContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range buildContext(t) {
		from := filepath.Join(source(), filepath.FromSlash(name))
		err := filepath.WalkDir(from, func(p string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(source(), p)
			to := filepath.Join(dir, rel)
			switch {
			case err != nil:
				return err
			case d.Name() == "testdata":
				return filepath.SkipDir
			case d.IsDir():
				return os.MkdirAll(to, 0o755)
			case strings.HasSuffix(p, "_test.go"), !d.Type().IsRegular():
				return nil
			}
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			return os.WriteFile(to, b, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// Whatever is imported or embedded and not there is an error; to compile it all takes minutes.
	cmd := exec.Command("go", "list", "-deps", "./cmd/narrapress")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
