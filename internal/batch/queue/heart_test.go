package queue

import (
	"testing"
	"time"
)

// A process that has just begun learns from the others since when hearts were
// heard without a break: it need not wait itself before it takes over from the dead.
// Where nobody was heard the database may have been away, and all get their time.
func TestSteady(t *testing.T) {
	type row struct{ beat, steady time.Duration } // from now; a steady of 0 is unknown
	for _, tt := range []struct {
		name   string
		others []row
		buried bool
	}{
		{"others beat all the time", []row{{-time.Second, -time.Hour}}, true},
		{"one of them has begun before them", []row{{-time.Second, -time.Second}, {-time.Second, -time.Minute}}, true},
		{"others have beaten for a short time only", []row{{-time.Second, -3 * time.Second}}, false},
		{"nobody was heard", nil, false},
		{"nobody was heard of late", []row{{-5 * time.Second, -time.Hour}}, false},
		{"who was heard is of an older version", []row{{beat: -time.Second}}, false},
		{"the clock went back since", []row{{time.Hour, -time.Hour}}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			both(t, func(t *testing.T, address string) {
				now := time.UnixMilli(1_800_000_000_000)
				q := open(t, address, Options{Beat: 2 * time.Hour, Stale: 8 * time.Second, Now: func() time.Time { return now }})
				theirs := now.Add(q.heart.offset()) // by the database's clock
				put := func(id string, r row) {
					t.Helper()
					steady := int64(0)
					if r.steady != 0 {
						steady = theirs.Add(r.steady).UnixMilli()
					}
					if _, err := q.db.ExecContext(t.Context(), q.db.sql(`INSERT INTO narrapress_worker (id, name, started, beat, steady) VALUES (?, ?, 0, ?, ?)`),
						id, id, theirs.Add(r.beat).UnixMilli(), steady); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := q.db.ExecContext(t.Context(), `DELETE FROM narrapress_worker`); err != nil {
					t.Fatal(err)
				}
				put("dead", row{-time.Minute, -time.Hour})
				for i, r := range tt.others {
					put(string(rune('a'+i)), r)
				}
				if err := q.heart.beat(t.Context()); err != nil {
					t.Fatal(err)
				}
				q.heart.bury(t.Context(), false)
				alive, err := q.Alive(t.Context(), "dead")
				if err != nil || alive == tt.buried {
					t.Errorf("the dead one is there: %t, %v", alive, err)
				}
			})
		})
	}
}

// A clock that went back leaves beats behind that are not yet: they are dead, too.
func TestBeatsToCome(t *testing.T) {
	both(t, func(t *testing.T, address string) {
		q := open(t, address, quick())
		if _, err := q.db.ExecContext(t.Context(), q.db.sql(`INSERT INTO narrapress_worker (id, name, started, beat) VALUES ('dead', 'dead', 0, ?)`),
			time.Now().Add(time.Hour).UnixMilli()); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			alive, err := q.Alive(t.Context(), "dead")
			if err != nil {
				t.Fatal(err)
			}
			if !alive {
				return
			}
			if time.Now().After(end) {
				t.Fatal("it is not buried")
			}
		}
	})
}
