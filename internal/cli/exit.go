package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/narrapress/narrapress/config"
	"github.com/narrapress/narrapress/pipeline"
)

// code is an exit code of the program. As an error it ends a command whose
// message was already written.
type code int

// The exit codes.
const (
	done        code = 0
	failed      code = 1
	misused     code = 2
	partly      code = 3
	interrupted code = 130 // 128 + SIGINT, as shells have it
)

func (c code) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// exitTable stands in the help of every command.
const exitTable = `Exit codes:
    0  done
    1  failed
    2  usage or configuration: nothing was begun
    3  partly done, or held by a limit or the gate
  130  interrupted: finished takes are kept
`

// ExitTable is the list of exit codes as help shows it: a line a code, after one
// that says what it is.
func ExitTable() string { return exitTable }

// usageError is a command line that cannot be followed.
type usageError struct {
	reason  string
	command string // whose help tells more
}

func (e *usageError) Error() string {
	if e.command == "" {
		return e.reason
	}
	return fmt.Sprintf("%s (see %s --help)", e.reason, e.command)
}

func misuse(format string, args ...any) error {
	return &usageError{reason: fmt.Sprintf(format, args...)}
}

// codeOf is the exit code that an error calls for.
func codeOf(ctx context.Context, err error) code {
	var (
		c     code
		usage *usageError
	)
	switch {
	case err == nil:
		return done
	case errors.As(err, &c):
		return c
	case ctx.Err() != nil:
		return interrupted
	case errors.As(err, &usage), isConfig(err):
		return misused
	case isHeld(err):
		return partly
	default:
		return failed
	}
}

func isConfig(err error) bool {
	var (
		one  *config.Error
		all  config.Errors
		show *showError
	)
	return errors.As(err, &one) || errors.As(err, &all) || errors.As(err, &show)
}

func isHeld(err error) bool {
	var (
		cost *pipeline.CostError
		held *pipeline.HeldError
	)
	return errors.As(err, &cost) || errors.As(err, &held)
}

// complain is an error as it is shown: each line says whose it is.
func complain(err error) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(err.Error()), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString("narrapress: " + line + "\n")
		}
	}
	return b.String()
}
