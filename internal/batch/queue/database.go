package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite" // the driver "sqlite" of database/sql
)

// database is where the two kinds of database differ.
type database struct {
	*sql.DB
	driver   riverdriver.Driver[*sql.Tx]
	complete func(context.Context, *sql.Tx, *river.Job[ticket]) error
	postgres bool
	file     string // of SQLite, that this process alone writes to; empty elsewhere
	unlock   func() error
}

// isPostgres tells the addresses of servers from those of files.
func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// CheckAddress says what is wrong with a database's address; it is nil, or an
// *AddressError. The path of a file is in order.
func CheckAddress(address string) error {
	if isPostgres(address) {
		_, err := parsePostgres(address)
		return err
	}
	if strings.Contains(address, "://") {
		return &AddressError{}
	}
	return nil
}

// openDatabase opens, and asks nothing of the database yet but a file's lock.
func openDatabase(address string, readOnly bool, now string) (*database, error) {
	if err := CheckAddress(address); err != nil {
		return nil, err
	}
	if isPostgres(address) {
		return openPostgres(address, readOnly)
	}
	return openSQLite(address, readOnly, now)
}

// openSQLite opens one file by one connection: SQLite has one writer at a time,
// and River's driver advises it. With the lock a process knows that it is alone.
func openSQLite(path string, readOnly bool, now string) (*database, error) {
	d := &database{complete: completeBy[*riversqlite.Driver], unlock: func() error { return nil }}
	// WAL lets others read while it is written to. NORMAL loses nothing in a
	// crash of the process; in a power cut the last commits may be missing, whole.
	pragmas := url.Values{
		"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)", "synchronous(NORMAL)"},
		"_txlock": {"immediate"},
	}
	if readOnly {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
		pragmas = url.Values{"_pragma": {"busy_timeout(5000)", "query_only(1)"}}
	} else {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("open the database: %w", roomless(err))
		}
		unlock, err := lock(path, now)
		if err != nil {
			return nil, err
		}
		d.unlock = unlock
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open the database: %w", roomless(err)), unlock())
		}
		_ = f.Close()
		d.file = path
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", path, err), d.unlock())
	}
	d.DB = db
	d.SetMaxOpenConns(1)
	d.driver = riversqlite.New(d.DB)
	return d, nil
}

// postgresConns are a process's connections, at most: heart, limits, River's
// fetching, upkeep and listener, and the jobs, which need one only to begin and end.
const postgresConns = 16

// mostIdle is how long a transaction may stand still: they rename files and write
// records, which takes milliseconds.
const mostIdle = 10 * time.Second

func parsePostgres(address string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil || strings.Contains(config.ConnConfig.Host, "@") { // a password's @
		return nil, &AddressError{}
	}
	return config, nil
}

func openPostgres(address string, readOnly bool) (*database, error) {
	config, err := parsePostgres(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = max(config.MaxConns, postgresConns)
	config.ConnConfig.RuntimeParams["application_name"] = "narrapress"
	// A process that is stopped in the middle of a transaction, with its machine
	// perhaps, must not keep others from its jobs: the server ends its session.
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.Itoa(int(mostIdle.Milliseconds()))
	if readOnly {
		config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("open the database at %s: %w", config.ConnConfig.Host, err)
	}
	db := stdlib.OpenDBFromPool(pool)
	db.SetMaxOpenConns(int(config.MaxConns) - 2) // the listener has its own
	return &database{
		DB:       db,
		driver:   riverdatabasesql.NewWithPgxListener(db, pool),
		complete: completeBy[*riverdatabasesql.Driver],
		postgres: true,
		unlock:   func() error { pool.Close(); return nil },
	}, nil
}

// completeBy ends a River job in the transaction. One that is no longer running
// is no fault: whether it was the current attempt was asked of our own table.
func completeBy[D riverdriver.Driver[*sql.Tx]](ctx context.Context, tx *sql.Tx, job *river.Job[ticket]) error {
	_, err := river.JobCompleteTx[D](ctx, tx, job)
	if errors.Is(err, river.ErrNotFound) {
		return nil
	}
	return err
}

func (d *database) close() error { return errors.Join(d.Close(), d.unlock()) }

// sql is a statement with ? for its arguments, as this database writes them.
func (d *database) sql(statement string) string {
	if !d.postgres {
		return statement
	}
	var b strings.Builder
	n := 0
	for _, part := range strings.SplitAfter(statement, "?") {
		head, asks := strings.CutSuffix(part, "?")
		b.WriteString(head)
		if asks {
			n++
			b.WriteString("$" + strconv.Itoa(n))
		}
	}
	return b.String()
}

// riverNow is the time as River writes it into its own table.
func (d *database) riverNow() string {
	if d.postgres {
		return "now()"
	}
	return "datetime('now', 'subsec')"
}

// transact runs f in a transaction.
func (d *database) transact(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (d *database) exec(ctx context.Context, tx *sql.Tx, statement string, args ...any) (int64, error) {
	res, err := tx.ExecContext(ctx, d.sql(statement), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (d *database) row(ctx context.Context, tx *sql.Tx, statement string, args ...any) *sql.Row {
	return tx.QueryRowContext(ctx, d.sql(statement), args...)
}

// querier is a transaction or the database itself.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each calls scan for every row.
func (d *database) each(ctx context.Context, q querier, scan func(*sql.Rows) error, statement string, args ...any) error {
	rows, err := q.QueryContext(ctx, d.sql(statement), args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
