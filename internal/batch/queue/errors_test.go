package queue

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// A database that may not grow says what to do, and others do not.
func TestRoomless(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "a.db")+"?_pragma=max_page_count(2)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "create table a (b)"); err != nil {
		t.Fatal(err)
	}
	_, full := db.ExecContext(t.Context(), "insert into a values (zeroblob(10000))")
	if err := roomless(full); err == nil || !strings.HasPrefix(err.Error(), "the disk is full: make room") {
		t.Errorf("%v", err)
	}
	_, wrong := db.ExecContext(t.Context(), "insert into b values (1)")
	if err := roomless(wrong); err == nil || strings.Contains(err.Error(), "disk") {
		t.Errorf("%v", err)
	}
}
