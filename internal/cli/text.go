package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// newText is the group of commands that show what a stage of the text makes of
// its input.
func newText(g *globals, s Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "text",
		Short: "Look at what each step makes of a text",
		Long: `The commands below text show one step of the way from a text to its speech each.
sentences, normalize and math read lines from standard input and write a line
for each at once, so that they can stand in a pipe; they ask nothing of any show
or endpoint.`,
		Example: `  echo 'Dr. Lee paid $2.5m on 3/4/2026.' | narrapress text normalize
  echo '"\\frac{1}{2}"' | narrapress text math
  narrapress text segments post.md | jq -r .text`,
	}
	c.AddCommand(newTextArticle(g, s), newTextSentences(s), newTextNormalize(g, s), newTextMath(s), newTextSegments(g, s))
	return c
}

// Bounds of a line that the commands below text read, in bytes.
const (
	mostLine    = 1 << 20
	mostFormula = 64 << 10
	// A character of a JSON string is written with up to six.
	mostFormulaLine = 6*mostFormula + 2
)

// line is a line of standard input, or the error that stands for it.
type line struct {
	text string
	err  error
	last bool // no other is waiting to be read
}

// lines reads standard input until it ends or done is closed.
func lines(in io.Reader, most int, done <-chan struct{}) <-chan line {
	out := make(chan line)
	go func() {
		defer close(out)
		in := bufio.NewReaderSize(in, 64<<10)
		for {
			text, err := readLine(in, most)
			if errors.Is(err, io.EOF) {
				return
			}
			select {
			case out <- line{text, err, in.Buffered() == 0}:
			case <-done:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return out
}

// eachLine answers each line of In with what answer gives for it. Answers are
// written before the next line is waited for, and nothing is waited for when
// ctx ends.
func eachLine(ctx context.Context, s Streams, most int, answer func(line string) (string, error)) error {
	done := make(chan struct{})
	defer close(done)
	in := lines(s.In, most, done)
	out := bufio.NewWriterSize(s.Out, 64<<10)
	written := func(err error) error {
		if err != nil {
			return fmt.Errorf("writing to standard output: %w", err)
		}
		return nil
	}
	for n := 1; ; n++ {
		var l line
		var more bool
		select {
		case <-ctx.Done():
			out.Flush()
			return ctx.Err()
		case l, more = <-in:
		}
		if !more {
			return written(out.Flush())
		}
		said, err := "", l.err
		if err == nil {
			said, err = answer(l.text)
		}
		if err != nil {
			out.Flush()
			return fmt.Errorf("line %d: %w", n, err)
		}
		out.WriteString(said + "\n") // out remembers its first error
		if l.last {
			if err := out.Flush(); err != nil {
				return written(err)
			}
		}
	}
}

// readLine reads a line without its end; io.EOF where there is none.
func readLine(in *bufio.Reader, most int) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if line = append(line, part...); len(line) > most+len("\r\n") {
			return "", tooLong(most)
		}
		switch {
		case err == nil:
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
		default:
			return "", err
		}
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if len(line) > most {
			return "", tooLong(most)
		}
		return string(line), nil
	}
}

func tooLong(most int) error { return fmt.Errorf("is longer than %d KiB: divide it", most>>10) }

// jsonText is a line that is a JSON text.
func jsonText(line string) (string, error) {
	var text string
	d := json.NewDecoder(strings.NewReader(line))
	if err := d.Decode(&text); err != nil || strings.TrimSpace(line[d.InputOffset():]) != "" {
		return "", errors.New(`is no JSON string, such as "a \"text\" of two lines\nin one"`)
	}
	return text, nil
}

// jsonLine is a value as JSON on one line.
func jsonLine(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("writing JSON: %w", err)
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// oneLine is a text with its line ends as spaces.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\u0085', '\u2028', '\u2029', '\v', '\f':
			return ' '
		}
		return r
	}, text)
}

// oneOf refuses a flag's value that is none of those that are known.
func oneOf(flag, value string, known ...string) error {
	for _, k := range known {
		if value == k {
			return nil
		}
	}
	reason := fmt.Sprintf("--%s is %s, not %q", flag, strings.Join(known, ", "), value)
	if near := nearest(value, known); near != "" {
		reason += fmt.Sprintf("; the nearest is %q", near)
	}
	return misuse("%s", reason)
}
