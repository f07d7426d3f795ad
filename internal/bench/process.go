package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// cost is what processes took: one after the other, times are added, and the
// largest memory counts.
type cost struct {
	Wall float64 `json:"wall"` // s
	CPU  float64 `json:"cpu"`  // s, user and system, children included
	RSS  float64 `json:"rss"`  // MiB, at its peak, of the largest process
}

func (c *cost) add(o cost) {
	c.Wall += o.Wall
	c.CPU += o.CPU
	c.RSS = max(c.RSS, o.RSS)
}

// measureWord as the first argument has the program measure the command that
// follows. A process begins with the peak memory of the one that started it
// (Linux counts what fork shared), so commands are started by a small one.
const measureWord = "measure"

// command is what is to be measured.
type command struct {
	argv  []string
	env   []string // beside PATH and the like
	dir   string
	stdin string
}

// run measures one command, and gives what it wrote.
func run(ctx context.Context, c command) (got cost, stdout, stderr string, err error) {
	self, err := os.Executable()
	if err != nil {
		return got, "", "", err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return got, "", "", err
	}
	defer r.Close()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, self, append([]string{measureWord}, c.argv...)...)
	cmd.Dir, cmd.Env = c.dir, append(plainEnv(), c.env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(c.stdin), &out, &errs
	cmd.ExtraFiles = []*os.File{w}
	err = cmd.Start()
	w.Close()
	if err != nil {
		return got, "", "", err
	}
	report, readErr := io.ReadAll(r)
	if err = cmd.Wait(); err != nil {
		return got, "", "", fmt.Errorf("%s: %w\n%s", strings.Join(shortened(c.argv), " "), err, tail(errs.String()))
	}
	if readErr == nil {
		readErr = json.Unmarshal(report, &got)
	}
	return got, out.String(), errs.String(), readErr
}

// plainEnv is the environment without a person's settings of narrapress.
func plainEnv() []string {
	var out []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "NARRAPRESS_") {
			out = append(out, e)
		}
	}
	return out
}

func shortened(argv []string) []string {
	const most = 6
	if len(argv) > most {
		return append(append([]string(nil), argv[:most]...), "…")
	}
	return argv
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

// measure is the small process: it runs argv and writes its cost to file 3.
func measure(argv []string) int {
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:noctx // Ctrl-C reaches it by the terminal
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	began := time.Now()
	err := cmd.Run()
	wall := time.Since(began)
	exit := new(exec.ExitError)
	switch {
	case errors.As(err, &exit):
		return max(1, exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	s := cmd.ProcessState
	b, err := json.Marshal(cost{
		Wall: wall.Seconds(),
		CPU:  (s.UserTime() + s.SystemTime()).Seconds(),
		RSS:  peakMemory(s) / (1 << 20),
	})
	if err == nil {
		_, err = os.NewFile(3, "cost").Write(b)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
