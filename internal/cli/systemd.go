package cli

import (
	"context"
	"net"
	"os"
	"strconv"
	"time"
)

// systemd tells the service manager how it goes, by the protocol of sd_notify(3):
// lines NAME=VALUE in a datagram to $NOTIFY_SOCKET. Without one it is silent.
type systemd struct {
	socket string
	every  time.Duration // half of what the watchdog waits for; 0 is no watchdog
}

// newSystemd reads what the manager says in the environment: the socket, and the
// watchdog's time in microseconds (sd_watchdog_enabled(3)), where it is meant for
// this process.
func newSystemd(env func(string) (string, bool)) *systemd {
	s := &systemd{}
	s.socket, _ = env("NOTIFY_SOCKET")
	usec, _ := env("WATCHDOG_USEC")
	if n, err := strconv.ParseInt(usec, 10, 64); err == nil && n > 0 {
		pid, given := env("WATCHDOG_PID")
		if !given || pid == strconv.Itoa(os.Getpid()) {
			s.every = time.Duration(n) * time.Microsecond / 2
		}
	}
	return s
}

// tell sends lines. Who is not heard goes on.
func (s *systemd) tell(lines string) {
	if s.socket == "" {
		return
	}
	// A name in the abstract space begins with @, as Go has it, too.
	c, err := net.Dial("unixgram", s.socket) //nolint:noctx // a socket of this machine: nothing waits
	if err != nil {
		return
	}
	defer c.Close()
	_, _ = c.Write([]byte(lines))
}

// watch says that the process lives, as often as the watchdog wants, after alive
// came back.
func (s *systemd) watch(ctx context.Context, alive func()) {
	if s.socket == "" || s.every == 0 {
		return
	}
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		alive()
		s.tell("WATCHDOG=1")
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
