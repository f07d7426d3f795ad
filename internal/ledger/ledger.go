package ledger

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Ledger is written by this process. It is safe for concurrent use, by several
// processes at once.
type Ledger struct {
	dir string
	now func() time.Time
	who string // tells this process's requests from those of others

	mu    sync.Mutex
	asked int
	month *month // the current one, as far as it was read
}

// Open is the ledger in the folder dir. It makes nothing before something is
// written down. now is the clock; nil is time.Now.
func Open(dir string, now func() time.Time) *Ledger {
	if now == nil {
		now = time.Now
	}
	var b [4]byte
	_, _ = rand.Read(b[:]) // it never fails
	return &Ledger{dir: dir, now: now, who: hex.EncodeToString(b[:])}
}

// Caps are the most that may be spent; 0 is no cap. They hold for each
// currency by itself, over all that the ledger knows.
type Caps struct{ Day, Month float64 }

// CapError is a request that would pass a cap. Nothing was reserved.
type CapError struct {
	Cap      string  // day or month
	Cost     float64 // of the request
	Spent    float64 // before it, what is reserved included
	Limit    float64
	Currency string
	Until    time.Time // when the day or month ends, UTC
}

func (e *CapError) Error() string {
	return fmt.Sprintf("%g %s on top of %g are over the %g of the %s", e.Cost, e.Currency, e.Spent, e.Limit, e.Cap)
}

// Reservation is a request that was written down and may be made. It must be
// settled once.
type Reservation struct {
	ledger *Ledger
	entry  Entry
}

// Reserve writes down that a request is about to be made, unless it would pass
// a cap: then the error is a *CapError. A request that is known to cost nothing
// is written down when it is settled only.
func (l *Ledger) Reserve(c Charge, caps Caps) (*Reservation, error) {
	if c.Cost < 0 || c.Cost > mostCost {
		return nil, fmt.Errorf("ledger: a request cannot cost %g", c.Cost)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	e := Entry{Time: l.now().UTC(), What: Asked, ID: l.who + "-" + strconv.Itoa(l.asked), Charge: c, nano: nano(c.Cost)}
	r := &Reservation{ledger: l, entry: e}
	if c.Priced && e.nano == 0 {
		return r, nil
	}
	return r, l.locked(e.Time, func(f *os.File) error {
		if err := l.month.fits(e, caps); err != nil {
			return err
		}
		if err := l.write(f, e); err != nil {
			return err
		}
		if caps != (Caps{}) {
			return f.Sync() // a cap holds over a power cut
		}
		return nil
	})
}

// Settle writes down what became of the request.
func (r *Reservation) Settle(what What) error {
	e := r.entry
	if e.Priced && e.nano == 0 && what != Answered {
		return nil
	}
	l := r.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	asked := e.Time
	e.What, e.Time = what, l.now().UTC()
	return l.locked(asked, func(f *os.File) error { return l.write(f, e) })
}

// Spent is what was spent and reserved today and this month, in a currency.
func (l *Ledger) Spent(currency string) (day, month float64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.now().UTC()
	if _, err := os.Stat(l.path(monthOf(at))); errors.Is(err, fs.ErrNotExist) {
		return 0, 0, nil
	}
	err = l.locked(at, func(*os.File) error {
		day = float64(l.month.spent[sumKey{at.Day(), currency}]) / unit
		month = float64(l.month.spent[sumKey{0, currency}]) / unit
		return nil
	})
	return day, month, err
}

// Fits says whether what costs so much can be asked for today without passing
// a cap; else the error is a *CapError. It reserves nothing.
func (l *Ledger) Fits(cost float64, currency string, caps Caps) error {
	at := l.now().UTC()
	day, month, err := l.Spent(currency)
	if err != nil {
		return err
	}
	return caps.fit(at, nano(cost), nano(day), nano(month), currency)
}

func (m *month) fits(e Entry, caps Caps) error {
	return caps.fit(e.Time, e.nano, m.spent[sumKey{e.Time.Day(), e.Currency}], m.spent[sumKey{0, e.Currency}], e.Currency)
}

func (c Caps) fit(at time.Time, cost, day, month int64, currency string) error {
	for _, b := range []struct {
		name  string
		limit float64
		spent int64
		until time.Time
	}{
		{"day", c.Day, day, time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, time.UTC)},
		{"month", c.Month, month, time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if b.limit > 0 && b.spent+cost > nano(b.limit) {
			return &CapError{
				Cap: b.name, Cost: float64(cost) / unit, Spent: float64(b.spent) / unit, Limit: b.limit, Currency: currency, Until: b.until,
			}
		}
	}
	return nil
}

// write adds a line and counts it.
func (l *Ledger) write(f *os.File, e Entry) error {
	text := e.line()
	if l.month.torn {
		text = cutOff + "\n" + text
	}
	if l.month.read == 0 {
		text = heading + text
	}
	n, err := f.WriteString(text)
	l.month.read += int64(n)
	l.month.torn = n < len(text) && n > 0
	if err != nil {
		return err
	}
	if e.What == Asked {
		e.nano = nano(e.Cost)
	}
	l.month.add(e)
	return nil
}

// locked calls f with the file of the month of at, read to its end, while no
// other process reads or writes it.
func (l *Ledger) locked(at time.Time, f func(*os.File) error) error {
	if err := os.MkdirAll(l.dir, 0o777); err != nil {
		return l.fault(err)
	}
	lock := flock.New(filepath.Join(l.dir, "ledger.lock"))
	if err := lock.Lock(); err != nil {
		return l.fault(err)
	}
	defer lock.Unlock() //nolint:errcheck // closing the file lets go of it in any case
	name := monthOf(at)
	file, err := os.OpenFile(l.path(name), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return l.fault(err)
	}
	if l.month == nil || l.month.name != name {
		l.month = newMonth(name)
	}
	if err = l.month.catchUp(file); err == nil {
		err = f(file)
	}
	err = errors.Join(err, file.Close())
	if over := new(CapError); errors.As(err, &over) {
		return over
	}
	return l.fault(err)
}

func (l *Ledger) fault(err error) error {
	if err == nil {
		return nil
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("ledger %s: %w: nothing is asked for that cannot be written down", pe.Path, pe.Err)
	}
	return fmt.Errorf("ledger %s: %w", l.dir, err)
}

func (l *Ledger) path(month string) string { return filepath.Join(l.dir, "ledger-"+month+".tsv") }

func monthOf(at time.Time) string { return at.UTC().Format("2006-01") }
