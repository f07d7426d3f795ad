package queue

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/gofrs/flock"
)

// lock takes a database file for this process alone, and writes down for others
// who has it. The lock is the operating system's: it goes with the process.
func lock(path, now string) (unlock func() error, err error) {
	name := path + ".lock"
	l := flock.New(name, flock.SetPermissions(0o600))
	locked, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", roomless(err))
	}
	if !locked {
		return nil, &LockedError{Path: path, Holder: holder(name)}
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	line := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, now)
	if err := os.WriteFile(name, []byte(line), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the database: %w", roomless(err)), l.Unlock())
	}
	return l.Unlock, nil
}

// mostHolder bounds what is read of a lock file.
const mostHolder = 200

// holder is what the lock's owner wrote of itself.
func holder(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	b, err := io.ReadAll(io.LimitReader(f, mostHolder))
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if !strings.HasPrefix(line, "process ") {
		return ""
	}
	return line
}
