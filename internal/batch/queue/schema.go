package queue

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/riverqueue/river/rivermigrate"
)

// migrations are the steps from an empty database to this program's. A step
// that was released is never changed; {id} is the database's way of counting.
// Times are milliseconds since 1970 by the database's clock, 0 for never.
var migrations = []string{
	`
CREATE TABLE narrapress_job (
	id       {id},
	show     TEXT NOT NULL,
	episode  TEXT NOT NULL,
	revision TEXT NOT NULL,
	payload  TEXT NOT NULL,
	state    TEXT NOT NULL,
	due      BIGINT NOT NULL,
	added    BIGINT NOT NULL,
	started  BIGINT NOT NULL DEFAULT 0,
	ended    BIGINT NOT NULL DEFAULT 0,
	token    BIGINT NOT NULL DEFAULT 0,
	worker   TEXT NOT NULL DEFAULT '',
	stop     INTEGER NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL DEFAULT 0,
	crashes  INTEGER NOT NULL DEFAULT 0,
	waits    TEXT NOT NULL DEFAULT '',
	error    TEXT NOT NULL DEFAULT '',
	excerpt  TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX narrapress_job_current ON narrapress_job (show, episode) WHERE state IN ('ready', 'running', 'held');
CREATE UNIQUE INDEX narrapress_job_behind ON narrapress_job (show, episode) WHERE state = 'behind';
CREATE INDEX narrapress_job_episode ON narrapress_job (show, episode, id);
CREATE INDEX narrapress_job_state ON narrapress_job (state, show);
CREATE INDEX narrapress_job_token ON narrapress_job (token);
CREATE INDEX narrapress_job_worker ON narrapress_job (worker) WHERE state = 'running';
CREATE TABLE narrapress_worker (
	id      TEXT PRIMARY KEY,
	name    TEXT NOT NULL,
	started BIGINT NOT NULL,
	beat    BIGINT NOT NULL
);
CREATE TABLE narrapress_pause (
	show   TEXT PRIMARY KEY,
	since  BIGINT NOT NULL,
	reason TEXT NOT NULL
);
CREATE TABLE narrapress_schedule (
	name TEXT PRIMARY KEY,
	last BIGINT NOT NULL
);
CREATE TABLE narrapress_limit (
	endpoint   TEXT PRIMARY KEY,
	next       BIGINT NOT NULL DEFAULT 0,
	day        TEXT NOT NULL DEFAULT '',
	characters BIGINT NOT NULL DEFAULT 0,
	month      TEXT NOT NULL DEFAULT '',
	money      BIGINT NOT NULL DEFAULT 0
);
CREATE TABLE narrapress_share (
	endpoint   TEXT NOT NULL,
	worker     TEXT NOT NULL,
	slots      INTEGER NOT NULL,
	wants      TEXT NOT NULL,
	starts     INTEGER NOT NULL,
	asked      BIGINT NOT NULL,
	got        BIGINT NOT NULL,
	PRIMARY KEY (endpoint, worker)
);`,
	`
CREATE TABLE narrapress_record (
	kind  TEXT NOT NULL,
	name  TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (kind, name)
);`,
	`
ALTER TABLE narrapress_worker ADD COLUMN steady BIGINT NOT NULL DEFAULT 0;`,
	`
ALTER TABLE narrapress_job ADD COLUMN reached BIGINT NOT NULL DEFAULT 0;
ALTER TABLE narrapress_job ADD COLUMN died_at BIGINT NOT NULL DEFAULT 0;`,
}

// migrationLock is the key of the advisory lock under which one process at a
// time brings the tables up to date: "narrapre" in ASCII.
const migrationLock = 0x6e61727261707265

// migrate brings River's tables and our own up to date.
func (d *database) migrate(ctx context.Context) error {
	if d.postgres {
		conn, err := d.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }()
		if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
			return err
		}
		defer func() {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
		}()
	}
	rivers, err := rivermigrate.New(d.driver, &rivermigrate.Config{Logger: silent()})
	if err != nil {
		return err
	}
	if _, err := rivers.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("the queue's tables: %w", err)
	}
	return d.transact(ctx, func(tx *sql.Tx) error { return d.migrateOwn(ctx, tx) })
}

func (d *database) migrateOwn(ctx context.Context, tx *sql.Tx) error {
	if _, err := d.exec(ctx, tx, `CREATE TABLE IF NOT EXISTS narrapress_migration (version INTEGER PRIMARY KEY)`); err != nil {
		return err
	}
	var done int
	if err := d.row(ctx, tx, `SELECT coalesce(max(version), 0) FROM narrapress_migration`).Scan(&done); err != nil {
		return err
	}
	if done > len(migrations) {
		return fmt.Errorf("the database is of a newer version of this program (tables %d, this program knows %d)", done, len(migrations))
	}
	id := "INTEGER PRIMARY KEY AUTOINCREMENT"
	if d.postgres {
		id = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
	}
	for version := done + 1; version <= len(migrations); version++ {
		for statement := range strings.SplitSeq(strings.ReplaceAll(migrations[version-1], "{id}", id), ";") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if _, err := d.exec(ctx, tx, statement); err != nil {
				return fmt.Errorf("tables %d: %w", version, err)
			}
		}
		if _, err := d.exec(ctx, tx, `INSERT INTO narrapress_migration (version) VALUES (?)`, version); err != nil {
			return err
		}
	}
	return nil
}
