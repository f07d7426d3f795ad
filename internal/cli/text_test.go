package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestEachLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want, err string }{
		{"lines", "a\nb\r\n\nc", "A\nB\n\nC\n", ""},
		{"nothing", "", "", ""},
		{"as long as may be", "a\n12345678\n", "A\n12345678\n", ""},
		{"too long", "a\n123456789\nb\n", "A\n", "line 2: is longer than 0 KiB: divide it"},
		{"too long by far, without an end", strings.Repeat("x", 1<<20), "", "line 1: is longer than 0 KiB: divide it"},
		{"refused", "a\n!\nb\n", "A\n", "line 2: no"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := eachLine(t.Context(), Streams{In: strings.NewReader(c.in), Out: &out}, 8, func(line string) (string, error) {
				if line == "!" {
					return "", errors.New("no")
				}
				return strings.ToUpper(line), nil
			})
			said := ""
			if err != nil {
				said = err.Error()
			}
			if out.String() != c.want || said != c.err {
				t.Errorf("wrote %q, %q; want %q, %q", out.String(), said, c.want, c.err)
			}
		})
	}
}

// A line is answered before the next one comes, and an interrupt is followed
// while none does.
func TestEachLineWaits(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	in, typed := io.Pipe()
	read, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- eachLine(ctx, Streams{In: in, Out: out}, mostLine, func(line string) (string, error) { return line, nil })
	}()
	if _, err := io.WriteString(typed, "a\n"); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 2)
	if _, err := io.ReadFull(read, answer); err != nil || string(answer) != "a\n" {
		t.Fatalf("answered %q, %v", answer, err)
	}
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("still waiting for a line")
	}
}
