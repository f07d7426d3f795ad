package config

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
)

// mostSecret bounds a file named by ${file:PATH}.
const mostSecret = 64 << 10

// variables puts values in the place of ${NAME}, ${NAME:-default} and
// ${file:PATH}. $${ stands for ${ itself. No value is looked at again, and
// none is ever part of a fault.
type variables struct {
	env    func(string) (string, bool)
	dir    string // of the file, for ${file:PATH}
	read   reader
	faults *faults
	name   *regexp.Regexp
	held   map[string]string // value → the variable, of all values put in
}

func variableName() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`) }

// expand is the text with its variables put in; every fault in it is reported.
func (v *variables) expand(s string, at pos) (string, bool) {
	var out strings.Builder
	ok := true
	for {
		i := strings.Index(s, "${")
		if i < 0 {
			out.WriteString(s)
			return out.String(), ok
		}
		if i > 0 && s[i-1] == '$' {
			out.WriteString(s[:i-1] + "${")
			s = s[i+2:]
			continue
		}
		out.WriteString(s[:i])
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			v.faults.add(at, "${ without its }; write $${ for the signs themselves")
			return "", false
		}
		value, found := v.value(s[i+2:i+end], at)
		out.WriteString(value)
		ok = ok && found
		s = s[i+end+1:]
	}
}

// value of what stands between the braces.
func (v *variables) value(inside string, at pos) (string, bool) {
	if path, file := strings.CutPrefix(inside, "file:"); file {
		return v.file(path, at)
	}
	name, def, hasDefault := strings.Cut(inside, ":-")
	switch {
	case strings.Contains(def, "${"):
		v.faults.add(at, "${%s:-…}: a default cannot hold a variable", word(name))
		return "", false
	case !v.name.MatchString(name):
		v.faults.add(at, "${%s} names no variable; write $${ for the signs themselves", word(name))
		return "", false
	}
	value, set := v.env(name)
	switch {
	case hasDefault && value == "":
		return def, true
	case !set:
		v.faults.add(at, "the variable %s is not set; set it, or write ${%s:-default}", name, name)
		return "", false
	}
	v.held[value] = "${" + name + "}"
	return value, true
}

func (v *variables) file(path string, at pos) (string, bool) {
	if path == "" {
		v.faults.add(at, "${file:} names no file")
		return "", false
	}
	full := path
	if !filepath.IsAbs(full) {
		full = filepath.Join(v.dir, full)
	}
	data, err := v.read(full, mostSecret)
	switch {
	case errors.Is(err, errTooLong):
		v.faults.add(at, "${file:%s} is longer than %d KiB", word(path), mostSecret>>10)
	case errors.Is(err, fs.ErrNotExist):
		v.faults.add(at, "${file:%s}: %s", word(path), missing("file", full))
	case err != nil:
		v.faults.add(at, "${file:%s} cannot be read: %s", word(path), cause(err))
	case bytes.IndexByte(data, 0) >= 0:
		v.faults.add(at, "${file:%s} holds no text", word(path))
	default:
		value := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
		v.held[value] = "${file:" + path + "}"
		return value, true
	}
	return "", false
}
