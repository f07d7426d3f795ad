//go:build amd64 || arm64

package faults

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A program reads the clock without a call of the system: the kernel maps a page of
// code into it for that (vdso(7)). Where its clock is to be another one, a call is
// written over that code, as a debugger writes a breakpoint; then it waits for an
// answer as file operations do. The moment for it is a call that a Go program makes
// before it reads the clock for the first time.
const (
	readsClock = unix.SYS_CLOCK_GETTIME
	begins     = unix.SYS_SCHED_GETAFFINITY // the runtime counts processors
	realtime   = unix.CLOCK_REALTIME
)

// mostOfVDSO bounds the page of code: it has two or three.
const mostOfVDSO = 1 << 16

// rewind makes a process ask for the time.
func rewind(proc string) error {
	maps, err := os.ReadFile(filepath.Join(proc, "maps"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(maps)) {
		if !strings.HasSuffix(strings.TrimSpace(line), "[vdso]") {
			continue
		}
		var from, to uint64
		if _, err := fmt.Sscanf(line, "%x-%x ", &from, &to); err != nil || to-from > mostOfVDSO {
			return fmt.Errorf("the clock's page is not understood: %s", line)
		}
		memory, err := os.OpenFile(filepath.Join(proc, "mem"), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		defer memory.Close()
		page := make([]byte, to-from)
		if _, err := memory.ReadAt(page, int64(from)); err != nil {
			return err
		}
		at, err := clockIn(page)
		if err != nil {
			return err
		}
		_, err = memory.WriteAt(asksTheKernel, int64(from+at))
		return err
	}
	return nil // no such page: it asks anyway
}

// clockIn is where the code is that reads the clock.
func clockIn(page []byte) (at uint64, err error) {
	file, err := elf.NewFile(bytes.NewReader(page))
	if err != nil {
		return 0, err
	}
	symbols, err := file.DynamicSymbols()
	if err != nil {
		return 0, err
	}
	for _, s := range symbols {
		if s.Name == clockSymbol && s.Size >= uint64(len(asksTheKernel)) && s.Value+s.Size <= uint64(len(page)) {
			return s.Value, nil
		}
	}
	return 0, fmt.Errorf("%s is not in the clock's page", clockSymbol)
}

// clock answers a thread that begins, or asks for the time. ok is false where its
// call is another one.
func (w *watch) clock(n notice) (a *answer, ok bool, err error) {
	proc := filepath.Join("/proc", strconv.Itoa(int(n.pid)))
	switch {
	case uint32(n.nr) == begins && w.ahead != nil:
		if err := rewind(proc); err != nil {
			return nil, true, fmt.Errorf("faults: another clock: %w", err)
		}
	case uint32(n.nr) == readsClock && w.ahead != nil:
		memory, err := os.OpenFile(filepath.Join(proc, "mem"), os.O_RDWR, 0)
		if err != nil { // who asked is gone
			return nil, true, nil
		}
		defer memory.Close()
		now := time.Now().Add(w.ahead())
		var b [16]byte // struct timespec, of both processors
		binary.LittleEndian.PutUint64(b[:8], uint64(now.Unix()))
		binary.LittleEndian.PutUint64(b[8:], uint64(now.Nanosecond()))
		if _, err := memory.WriteAt(b[:], int64(n.args[1])); err == nil {
			return &answer{id: n.id}, true, nil
		}
	case uint32(n.nr) != begins && uint32(n.nr) != readsClock:
		return nil, false, nil
	}
	return &answer{id: n.id, flags: doIt}, true, nil
}
