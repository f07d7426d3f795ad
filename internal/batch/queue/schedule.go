package queue

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Slot is one time of a schedule.
type Slot struct {
	At      time.Time // to the millisecond
	Skipped bool      // passed by on purpose: it is over, and nothing is inserted
}

// mostAhead is how far the last slot may be ahead of a scheduler's clock: the clocks
// of several do not agree, and one is put back. A later one is of a clock that was
// wrong when it was claimed.
const mostAhead = time.Hour

// LastSlot is the last slot of a schedule that was claimed. A schedule that was
// never seen begins now: that is what is written down and returned, so that slots
// missed from here on are known as missed. So does one whose last slot is further
// ahead than clocks differ: else it would stand still until then.
func (q *Queue) LastSlot(ctx context.Context, schedule string, now time.Time) (time.Time, error) {
	var last int64
	err := q.db.transact(ctx, func(tx *sql.Tx) error {
		if _, err := q.db.exec(ctx, tx, `INSERT INTO narrapress_schedule (name, last) VALUES (?, ?) ON CONFLICT DO NOTHING`, schedule, now.UnixMilli()); err != nil {
			return err
		}
		n, err := q.db.exec(ctx, tx, `UPDATE narrapress_schedule SET last = ? WHERE name = ? AND last > ?`, now.UnixMilli(), schedule, now.Add(mostAhead).UnixMilli())
		if err != nil {
			return err
		}
		if n > 0 {
			q.log.WarnContext(ctx, "the last slot of a schedule is of a clock that was wrong; it begins now", "schedule", schedule)
		}
		return q.db.row(ctx, tx, `SELECT last FROM narrapress_schedule WHERE name = ?`, schedule).Scan(&last)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("last slot of schedule %s: %w", schedule, err)
	}
	return time.UnixMilli(last).UTC(), nil
}

// Slots claims those of the due slots that nobody has claimed, in the order of
// time, and returns them. For each that is not skipped insert is called in the
// transaction, and orders with InsertTx: with an error of insert, the slot before
// stays claimed, and it and later ones are still to be had. Over all processes,
// each slot is claimed exactly once; a slot before the last claimed one is over.
func (q *Queue) Slots(ctx context.Context, schedule string, due []Slot, insert func(tx *sql.Tx, slot Slot) error) ([]Slot, error) {
	due = slices.SortedFunc(slices.Values(due), func(a, b Slot) int { return a.At.Compare(b.At) })
	var claimed []Slot
	for _, slot := range due {
		ours := false
		err := q.db.transact(ctx, func(tx *sql.Tx) error {
			n, err := q.db.exec(ctx, tx, `INSERT INTO narrapress_schedule (name, last) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET last = excluded.last WHERE narrapress_schedule.last < excluded.last`,
				schedule, slot.At.UnixMilli())
			if err != nil || n == 0 {
				return err
			}
			ours = true
			if slot.Skipped {
				return nil
			}
			return insert(tx, slot)
		})
		if err != nil {
			return claimed, fmt.Errorf("slot %s of schedule %s: %w", slot.At.UTC().Format(time.RFC3339), schedule, err)
		}
		if ours {
			q.log.InfoContext(ctx, "slot claimed", "schedule", schedule, "slot", slot.At, "skipped", slot.Skipped, "worker", q.worker)
			claimed = append(claimed, slot)
		}
	}
	return claimed, nil
}
