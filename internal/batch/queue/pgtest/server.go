//go:build unix

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// ErrAbsent is a machine without PostgreSQL's server programs.
var ErrAbsent = errors.New("PostgreSQL is not installed (scripts/setup --test)")

// Server is a running server. It listens on a socket in its folder only.
type Server struct {
	bin, dir string
	as       *syscall.Credential // nil: as this process
}

// Start makes a database cluster and starts its server.
func Start() (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin}
	// Not under a test's folder: that is for its own user alone, and its name is too
	// long for a socket.
	if s.dir, err = os.MkdirTemp("", "pg"); err != nil {
		return nil, err
	}
	if err := s.drop(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	if err := s.run("initdb", "-D", s.data(), "-U", "narrapress", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	if err := s.control("start"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, nil
}

// programs is the folder of the newest server's.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_ctl") // Debian keeps them out of PATH
	if len(found) > 0 {
		slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
		return filepath.Dir(found[len(found)-1]), nil
	}
	p, err := exec.LookPath("pg_ctl")
	if err != nil {
		return "", ErrAbsent
	}
	return filepath.Dir(p), nil
}

func version(program string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(program))))
	if err != nil {
		return 0
	}
	return n
}

// drop finds a user to run as: the server refuses to run as root.
func (s *Server) drop() error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	s.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(s.dir, uid, gid)
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// longest is how long a command of the server's may take, on a machine with much else to do.
const longest = 5 * time.Minute

func (s *Server) run(program string, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, program), args...)
	cmd.Dir = s.dir
	cmd.Env = []string{"LC_ALL=C.UTF-8", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	// The server keeps its parent's streams: a file, so that nobody waits for their end.
	log, err := os.CreateTemp("", "pglog")
	if err != nil {
		return err
	}
	defer func() { _, _ = log.Close(), os.Remove(log.Name()) }()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w\n%s", program, err, said)
	}
	return nil
}

func (s *Server) control(command string, args ...string) error {
	options := "-k " + s.dir + " -c listen_addresses= -c max_connections=200 -c fsync=off"
	return s.run("pg_ctl", append([]string{command, "-w", "-t", "60", "-D", s.data(), "-l", filepath.Join(s.dir, "log"), "-o", options}, args...)...)
}

// Crash restarts the server as after a crash: no checkpoint, connections cut.
func (s *Server) Crash() error { return s.control("restart", "-m", "immediate") }

// Stop ends the server and removes all it had.
func (s *Server) Stop() error {
	return errors.Join(s.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", s.data()), os.RemoveAll(s.dir))
}

// Address is of a database on the server, which need not be there.
func (s *Server) Address(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("narrapress"), Host: "", Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}
	return u.String()
}

// Create makes a database, like another one, and says where. Like "template1" it
// is empty.
func (s *Server) Create(database, like string) (address string, err error) {
	if err := s.run("createdb", "-h", s.dir, "-U", "narrapress", "-T", like, database); err != nil {
		return "", err
	}
	return s.Address(database), nil
}
