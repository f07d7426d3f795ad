package queue

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

var (
	// ErrFenced is the end of an attempt that is no longer the current one: its
	// worker was taken for dead, and the job is or was another's.
	ErrFenced = errors.New("queue: the job is no longer this worker's")
	// ErrCancelled is the end of an attempt whose job somebody cancelled.
	ErrCancelled = errors.New("queue: the job was cancelled")
	// ErrStopping is the end of an attempt that is handed back, for the process stops.
	ErrStopping = errors.New("queue: the worker stops")
	// ErrNotFound is a job that there is not.
	ErrNotFound = errors.New("queue: there is no such job")
	// ErrFull is a database whose files may not grow.
	ErrFull = errors.New("the disk is full: make room and run it again")
	// ErrState is a command that a job in its state does not take.
	ErrState = errors.New("queue: not in this state")
)

// AddressError is an address that no database has, whenever it is asked. It does not
// quote it: what is wrong may well be where a password begins or ends.
type AddressError struct{}

func (*AddressError) Error() string {
	return "the database's address is not one of PostgreSQL (postgres://USER:PASSWORD@HOST:PORT/NAME); signs such as @ : / % in a password are written %40 %3A %2F %25"
}

// Refused says whether a database answered that it will not have this program:
// another user, password or database must be named.
func Refused(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	// PostgreSQL, "Error Codes": class 28, invalid authorization specification, and
	// 3D000, invalid catalog name.
	return strings.HasPrefix(pg.Code, "28") || pg.Code == "3D000"
}

// LockedError is a database file that another process has open.
type LockedError struct {
	Path   string
	Holder string // such as "process 4711 on studio since 2026-11-26T02:00:00Z"; empty if it does not say
}

func (e *LockedError) Error() string {
	holder := e.Holder
	if holder == "" {
		holder = "another process"
	}
	return fmt.Sprintf("the database %s is in use by %s: let it finish or stop it; several processes at once need PostgreSQL (server.database: postgres://…)", e.Path, holder)
}

// Permanent is an error that another attempt would only meet again: the job is
// set aside at once. A nil err stays nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanentError{err}
}

type permanentError struct{ err error }

func (e *permanentError) Error() string { return e.err.Error() }
func (e *permanentError) Unwrap() error { return e.err }

// Wait is returned by a handler that cannot go on before until: it is called
// again then, and no attempt is counted. what says what it waits for.
func Wait(until time.Time, what string) error { return &waitError{until, what} }

type waitError struct {
	until time.Time
	what  string
}

func (e *waitError) Error() string {
	return fmt.Sprintf("waits until %s: %s", e.until.UTC().Format(time.RFC3339), e.what)
}

// roomless says what to do where a database may not grow. SQLite calls that a full
// database, or a failing disk where it is the index of its log (sqlite.org/rescode.html,
// "full" and "ioerr_shmsize"); PostgreSQL disk_full (its documentation, appendix A).
func roomless(err error) error {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && e.Code == "53100" {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok && (e.Code() == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) { // a file beside it
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// unopened says why a database could not be opened. SQLite does not tell why a file
// of it could not be, and takes one that it may not write to for one to be read
// (sqlite.org/rescode.html, "cantopen" and "readonly"): another one beside it is tried,
// and meets the same.
func (d *database) unopened(err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if d.file == "" || !ok || e.Code()&0xff != sqlite3.SQLITE_CANTOPEN && e.Code()&0xff != sqlite3.SQLITE_READONLY {
		return roomless(err)
	}
	f, why := os.CreateTemp(filepath.Dir(d.file), ".tried-")
	switch {
	case why == nil:
		_, _ = f.Close(), os.Remove(f.Name())
		return err
	}
	return roomless(fmt.Errorf("%w: %w", err, why))
}

// inLine puts an error's lines into one.
type inLine struct{ error }

func (e inLine) Error() string { return strings.Join(strings.Fields(e.error.Error()), " ") }
func (e inLine) Unwrap() error { return e.error }
