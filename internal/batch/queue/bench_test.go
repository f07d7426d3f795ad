//go:build unix

package queue

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// BenchmarkJob is what a job costs from its order to its end, beside what its
// handler does: processor time of this process (PostgreSQL's is not in it).
func BenchmarkJob(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkJob(b, filepath.Join(b.TempDir(), "queue.db")) })
	b.Run("postgres", func(b *testing.B) { benchmarkJob(b, postgres(b)) })
}

func benchmarkJob(b *testing.B, address string) {
	q := open(b, address, Options{})
	var done atomic.Int64
	all := make(chan struct{})
	commits := transactions(b, q)
	before := cpu(b)
	stop := work(b, q, WorkOptions{Jobs: 16}, func(ctx context.Context, j *Job) error {
		err := j.Finish(ctx, nil)
		if done.Add(1) == int64(b.N) {
			close(all)
		}
		return err
	})
	for i := range b.N {
		insert(b, q, episode(fmt.Sprint("show", i%10), fmt.Sprint(i), "1"))
	}
	<-all
	stop()
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N)/1000, "cpu-ms/job")
	if n := transactions(b, q); n > 0 {
		b.ReportMetric(float64(n-commits)/float64(b.N), "transactions/job")
	}
}

// transactions is how many a PostgreSQL has committed; 0 of another database.
func transactions(b *testing.B, q *Queue) (n int64) {
	b.Helper()
	if !q.db.postgres {
		return 0
	}
	b.StopTimer()
	defer b.StartTimer()
	time.Sleep(2 * time.Second) // its sessions tell of theirs once a second
	if err := q.db.QueryRow(`SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()`).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
