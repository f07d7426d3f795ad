package cli

import (
	"io"
	"os"
	"path/filepath"

	"golang.org/x/term"
)

// Streams are what a command has of the world outside.
type Streams struct {
	In          io.Reader
	Out, Err    io.Writer
	Env         func(string) (string, bool) // as os.LookupEnv
	Environ     []string                    // as os.Environ
	Dir         string                      // working folder
	Home        string                      // the user's home folder; may be empty
	OutTerminal bool                        // whether Out is a terminal
	ErrTerminal bool                        // whether Err is a terminal
	Width       func() int                  // columns of the terminal; 0 if there is none
}

// Std are the streams of this process.
func Std() Streams {
	dir, _ := os.Getwd() // a folder that is gone shows up when a path in it is used
	home, _ := os.UserHomeDir()
	out, err := int(os.Stdout.Fd()), int(os.Stderr.Fd())
	return Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Env: os.LookupEnv, Environ: os.Environ(), Dir: dir, Home: home,
		OutTerminal: term.IsTerminal(out), ErrTerminal: term.IsTerminal(err),
		Width: func() int {
			for _, fd := range []int{out, err} {
				if w, _, e := term.GetSize(fd); e == nil {
					return w
				}
			}
			return 0
		},
	}
}

// dumb says that the terminal can neither move its cursor nor show colours.
func (s Streams) dumb() bool {
	t, ok := s.Env("TERM")
	return ok && t == "dumb"
}

// colours says whether a stream that is a terminal may be coloured
// (https://no-color.org: any value but the empty one forbids it).
func (s Streams) colours(terminal bool) bool {
	no, _ := s.Env("NO_COLOR")
	return terminal && no == "" && !s.dumb()
}

// columns is the width that text is wrapped to.
func (s Streams) columns() int {
	if s.Width != nil {
		if w := s.Width(); w > 0 {
			return min(max(w, 40), 120)
		}
	}
	return 80
}

// short is a path as messages show it: relative to the working folder where it
// lies in it.
func (s Streams) short(path string) string {
	rel, err := filepath.Rel(s.Dir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return rel
}

// sticky remembers the first error of a writer, so that a full disk under
// standard output is not taken for success.
type sticky struct {
	w   io.Writer
	err error
}

func (s *sticky) Write(b []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.w.Write(b)
	s.err = err
	return n, err
}
