package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/narrapress/narrapress/internal/glob"
)

// mostPause bounds a pause: more is a slip of the unit.
const mostPause = 5 * time.Minute

// mostList bounds a list and a file of chapters.
const mostList = 64 << 20

// listed is an audio file to be stitched.
type listed struct {
	file  string
	pause *time.Duration // after it; nil is that of the command line
	title string         // of the chapter that begins with it; may be empty
}

// pieces are the audio files that the command line and its lists name.
func (o *stitchOptions) pieces(ctx context.Context, s Streams) ([]listed, error) {
	var out []listed
	names := o.Audio
	if o.List != "" {
		names = append(names[:len(names):len(names)], "@"+o.List)
	}
	for _, name := range names {
		var more []listed
		var err error
		if list, ok := strings.CutPrefix(name, "@"); ok && list != "" {
			more, err = readList(ctx, list, s)
		} else {
			more, err = matching(name, "")
		}
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	return out, nil
}

// matching are the files of a name or a pattern, in the folder dir; a file that
// is named twice is heard twice.
func matching(name, dir string) ([]listed, error) {
	if name == "" {
		return nil, misuse("the name of an audio file is empty")
	}
	path := name
	if dir != "" && !filepath.IsAbs(name) {
		path = filepath.Join(dir, name)
	}
	if _, err := os.Stat(path); err == nil || !glob.Has(name) {
		return []listed{{file: path}}, nil // a file that is missing is named with the others
	}
	found, err := matches(dir, name)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, misuse("the pattern '%s' matches no file", name)
	}
	out := make([]listed, len(found))
	for i, f := range found {
		out[i].file = f
	}
	return out, nil
}

// readList reads a list: of a file, or of standard input.
func readList(ctx context.Context, name string, s Streams) ([]listed, error) {
	var text []byte
	var err error
	dir := ""
	if name == stdin {
		name = "standard input"
		text, err = readStdin(ctx, s.In)
	} else {
		dir = filepath.Dir(name)
		text, err = readSmall(name)
	}
	if err != nil {
		return nil, err
	}
	lines, err := parseList(name, text)
	if err != nil {
		return nil, err
	}
	var out []listed
	for _, l := range lines {
		found, err := matching(l.file, dir)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, l.line, err)
		}
		found[0].title = l.title
		for i := range found {
			found[i].pause = l.pause
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		return nil, misuse("%s: the list names no file", name)
	}
	return out, nil
}

// readSmall reads a list or a file of chapters whole.
func readSmall(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, misuse("%s: there is no such file", name)
	case !info.Mode().IsRegular():
		return nil, misuse("%s is not a regular file", name)
	case info.Size() > mostList:
		return nil, misuse("%s is larger than %d MiB", name, mostList>>20)
	}
	return os.ReadFile(name)
}

// listLine is a line of a list.
type listLine struct {
	listed
	line int // from 1
}

// parseList reads the lines of a list: path, pause and title, with tabs
// between them. Lines that begin with # (as those of M3U) are left out.
func parseList(name string, text []byte) ([]listLine, error) {
	lines, err := textLines(name, text)
	if err != nil {
		return nil, err
	}
	var out []listLine
	for i, l := range lines {
		if strings.TrimSpace(l) == "" || strings.HasPrefix(l, "#") {
			continue
		}
		fields := strings.SplitN(l, "\t", 3)
		at := listLine{line: i + 1}
		at.file = strings.TrimSpace(fields[0])
		if at.file == "" {
			return nil, misuse("%s:%d: there is no path before the tab", name, at.line)
		}
		if len(fields) > 1 && strings.TrimSpace(fields[1]) != "" {
			text := strings.TrimSpace(fields[1])
			pause, err := time.ParseDuration(text)
			if err != nil || pause < 0 || pause > mostPause {
				return nil, misuse("%s:%d: %q is no pause, such as 700ms (at most %s); the title of a chapter stands behind a second tab", name, at.line, text, mostPause)
			}
			at.pause = &pause
		}
		if len(fields) > 2 {
			at.title = strings.TrimSpace(fields[2])
		}
		out = append(out, at)
	}
	return out, nil
}

// textLines are the lines of a text file, whatever ends them.
func textLines(name string, text []byte) ([]string, error) {
	text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return nil, misuse("%s is not a text file in UTF-8", name)
	}
	lines := strings.Split(string(text), "\n")
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\r")
	}
	return lines, nil
}
