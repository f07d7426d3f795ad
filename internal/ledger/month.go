package ledger

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
)

// month is what was read of a month's file so far.
type month struct {
	name string // 2026-11
	read int64  // bytes, to the end of the last whole line or of one that was cut off
	torn bool   // the last line is cut off
	file os.FileInfo

	open  map[string]Entry // asked, and no more is known
	spent map[sumKey]int64 // billionths
}

type sumKey struct {
	day      int // 0 is the whole month
	currency string
}

func newMonth(name string) *month {
	return &month{name: name, open: map[string]Entry{}, spent: map[sumKey]int64{}}
}

// mostLine is longer than any line that is written.
const mostLine = 8 << 10

// catchUp reads what was added to the file since it was read last. Only who
// holds the lock may call it: then an unfinished line is one that a crash cut off.
func (m *month) catchUp(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if m.file != nil && (!os.SameFile(m.file, info) || info.Size() < m.read) {
		*m = *newMonth(m.name) // a person put another file in its place
	}
	m.file = info
	if _, err := f.Seek(m.read, io.SeekStart); err != nil {
		return err
	}
	n, torn, err := eachLine(f, func(e Entry, err error) {
		if err == nil {
			m.add(e)
		}
	})
	if n > 0 {
		m.torn = torn
	}
	m.read += n
	return err
}

// add counts a line.
func (m *month) add(e Entry) {
	if was, ok := m.open[e.ID]; ok && e.What != Asked {
		delete(m.open, e.ID)
		m.count(was, -was.nano)
		e.Time = was.Time // it is of the day when it was asked
	}
	switch e.What {
	case Asked:
		m.open[e.ID] = e
		m.count(e, e.nano)
	case Answered, Unknown:
		m.count(e, e.nano)
	}
}

func (m *month) count(e Entry, by int64) {
	m.spent[sumKey{0, e.Currency}] += by
	m.spent[sumKey{e.Time.Day(), e.Currency}] += by
}

// eachLine reads lines to the end: n bytes, torn if the last has no line feed.
// Comments and the names of the columns are passed over, what is too long is
// an error of its line.
func eachLine(r io.Reader, f func(Entry, error)) (n int64, torn bool, err error) {
	b := bufio.NewReaderSize(r, mostLine)
	long := false
	for {
		s, err := b.ReadSlice('\n')
		n += int64(len(s))
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = true
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return n, torn, err
		case err != nil: // the end
			if torn = len(s) > 0 || long; torn {
				f(Entry{}, errLine)
			}
			return n, torn, nil
		}
		text := strings.TrimRight(string(s), "\r\n")
		switch {
		case long:
			f(Entry{}, errLine)
		case text == "" || text[0] == '#' || text+"\n" == columns:
		default:
			f(parseLine(text))
		}
		long = false
	}
}
