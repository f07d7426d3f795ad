package queue

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// Record is a fact that the queue's callers keep in its database, beside the
// jobs that it is about: what became of an episode, what a run found. A record
// that is written in [Job.Finish] is there exactly when the job is done.
type Record struct {
	Kind, Key string
	Value     json.RawMessage
}

// Put writes a record, in the place of an earlier one. With a nil tx it is a
// transaction of its own.
func (q *Queue) Put(ctx context.Context, tx *sql.Tx, r Record) error {
	if !json.Valid(r.Value) {
		return fmt.Errorf("record %s %s: the value is no JSON", r.Kind, r.Key)
	}
	err := q.within(ctx, tx, func(tx *sql.Tx) error {
		_, err := q.db.exec(ctx, tx, `INSERT INTO narrapress_record (kind, name, value) VALUES (?, ?, ?)
			ON CONFLICT (kind, name) DO UPDATE SET value = excluded.value`, r.Kind, r.Key, string(r.Value))
		return err
	})
	if err != nil {
		return fmt.Errorf("record %s %s: %w", r.Kind, r.Key, err)
	}
	return nil
}

// Swap writes a record where it still is as it was, and says whether it was. A
// nil was stands for a record that is not there.
func (q *Queue) Swap(ctx context.Context, was json.RawMessage, r Record) (bool, error) {
	return q.SwapTx(ctx, nil, was, r)
}

// SwapTx is Swap in a transaction of this queue's; others that swap the record
// wait for its end.
func (q *Queue) SwapTx(ctx context.Context, tx *sql.Tx, was json.RawMessage, r Record) (bool, error) {
	if !json.Valid(r.Value) {
		return false, fmt.Errorf("record %s %s: the value is no JSON", r.Kind, r.Key)
	}
	var n int64
	err := q.within(ctx, tx, func(tx *sql.Tx) error {
		var err error
		if was == nil {
			n, err = q.db.exec(ctx, tx, `INSERT INTO narrapress_record (kind, name, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, r.Kind, r.Key, string(r.Value))
		} else {
			n, err = q.db.exec(ctx, tx, `UPDATE narrapress_record SET value = ? WHERE kind = ? AND name = ? AND value = ?`, string(r.Value), r.Kind, r.Key, string(was))
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("record %s %s: %w", r.Kind, r.Key, err)
	}
	return n == 1, nil
}

// Record is the record of a kind and a key; ErrNotFound where there is none.
func (q *Queue) Record(ctx context.Context, kind, key string) (Record, error) {
	var value string
	err := q.db.QueryRowContext(ctx, q.db.sql(`SELECT value FROM narrapress_record WHERE kind = ? AND name = ?`), kind, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return Record{}, ErrNotFound
	}
	if err != nil {
		return Record{}, fmt.Errorf("record %s %s: %w", kind, key, err)
	}
	return Record{Kind: kind, Key: key, Value: json.RawMessage(value)}, nil
}

// Records are those of a kind, by their keys.
func (q *Queue) Records(ctx context.Context, kind string) ([]Record, error) {
	return q.records(ctx, q.db, kind)
}

// RecordsTx is Records in a transaction of this queue's.
func (q *Queue) RecordsTx(ctx context.Context, tx *sql.Tx, kind string) ([]Record, error) {
	return q.records(ctx, tx, kind)
}

func (q *Queue) records(ctx context.Context, in querier, kind string) ([]Record, error) {
	var out []Record
	err := q.db.each(ctx, in, func(rows *sql.Rows) error {
		r := Record{Kind: kind}
		var value string
		if err := rows.Scan(&r.Key, &value); err != nil {
			return err
		}
		r.Value = json.RawMessage(value)
		out = append(out, r)
		return nil
	}, `SELECT name, value FROM narrapress_record WHERE kind = ? ORDER BY name`, kind)
	if err != nil {
		return nil, fmt.Errorf("records %s: %w", kind, err)
	}
	return out, nil
}

// Remove forgets a record, where it is there.
func (q *Queue) Remove(ctx context.Context, kind, key string) error {
	return q.within(ctx, nil, func(tx *sql.Tx) error {
		_, err := q.db.exec(ctx, tx, `DELETE FROM narrapress_record WHERE kind = ? AND name = ?`, kind, key)
		return err
	})
}

// Drop forgets a record where it still is as it was read, and says whether it was.
// With a nil tx it is a transaction of its own.
func (q *Queue) Drop(ctx context.Context, tx *sql.Tx, was Record) (bool, error) {
	var n int64
	err := q.within(ctx, tx, func(tx *sql.Tx) error {
		var err error
		n, err = q.db.exec(ctx, tx, `DELETE FROM narrapress_record WHERE kind = ? AND name = ? AND value = ?`, was.Kind, was.Key, string(was.Value))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("record %s %s: %w", was.Kind, was.Key, err)
	}
	return n == 1, nil
}

func (q *Queue) within(ctx context.Context, tx *sql.Tx, f func(*sql.Tx) error) error {
	if tx != nil {
		return f(tx)
	}
	return q.db.transact(ctx, f)
}

// Transact runs f in a transaction of the queue's database, for InsertTx and Put.
func (q *Queue) Transact(ctx context.Context, f func(tx *sql.Tx) error) error {
	return q.db.transact(ctx, f)
}
