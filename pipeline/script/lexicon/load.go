package lexicon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Load reads lexicons, later ones above earlier ones: W3C PLS where a file is
// XML, else YAML. What a person can mend is an *Error with its place.
func Load(ctx context.Context, files ...string) (*Lexicon, error) {
	all := make([]*Lexicon, 0, len(files))
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l, err := load(file)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return Merge(all...), nil
}

func load(file string) (*Lexicon, error) {
	fault := func(format string, args ...any) error {
		return &Error{Place{File: file}, fmt.Sprintf(format, args...)}
	}
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault("no such file in %s", filepath.Dir(file))
	case err != nil:
		return nil, fmt.Errorf("reading a lexicon: %w", err)
	case !info.Mode().IsRegular():
		return nil, fault("is no file") // a pipe or a device could be waited on for ever
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading a lexicon: %w", err)
	}
	defer f.Close()
	return Read(file, f)
}

// Read reads one lexicon, whose name is for messages: W3C PLS if it is XML,
// else YAML. What a person can mend is an *Error with its place.
func Read(name string, r io.Reader) (*Lexicon, error) {
	data, err := io.ReadAll(io.LimitReader(r, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(data) > mostBytes {
		return nil, &Error{Place{File: name}, fmt.Sprintf("is larger than %d MiB: split it", mostBytes>>20)}
	}
	data, err = decoded(data)
	if err != nil {
		return nil, &Error{Place{File: name}, err.Error()}
	}
	read := readYAML
	if isXML(name, data) {
		read = readPLS
	} else if !utf8.Valid(data) {
		return nil, &Error{Place{File: name}, "is not UTF-8: save it as UTF-8 text"}
	}
	l, err := read(name, data)
	if err != nil {
		return nil, err
	}
	l.compile()
	return l, nil
}

// isXML goes by what is in the file, and by its name where that says nothing.
func isXML(name string, data []byte) bool {
	text := bytes.TrimLeft(data, " \t\r\n")
	ext := strings.ToLower(filepath.Ext(name))
	return bytes.HasPrefix(text, []byte("<")) || len(text) == 0 && (ext == ".pls" || ext == ".xml")
}
