//go:build unix

package batch_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/pipeline/podcast"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// many makes a show with n posts and their episodes, as far as a listing looks at
// them: of files and manifests.
func many(tb testing.TB, p *press, n int) {
	tb.Helper()
	for i := range n {
		name := fmt.Sprintf("%05d", i)
		text := []byte(fmt.Sprintf("---\ntitle: Post %d\ndate: 2026-11-01\n---\n\nWords of post %d.\n", i, i))
		post := filepath.Join(p.dir, "posts", name+".md")
		dir := filepath.Join(p.dir, "out", name)
		for _, folder := range []string{filepath.Dir(post), dir} {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				tb.Fatal(err)
			}
		}
		if err := os.WriteFile(post, text, 0o644); err != nil {
			tb.Fatal(err)
		}
		m := publish.Manifest{
			Episode: podcast.Episode{ID: "posts/" + name + ".md", Slug: name, Title: fmt.Sprintf("Post %d", i)}, Build: "b",
			Source: publish.Source{Path: "posts/" + name + ".md", SHA256: hashOf(text)},
		}
		if err := publish.WriteManifest(dir, m); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkUnchanged is a run over posts of which nothing is to be made, and the most
// memory that it has in use.
func BenchmarkUnchanged(b *testing.B) {
	for _, posts := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(posts), func(b *testing.B) {
			p := newPress(b, 0, "")
			many(b, p, posts)
			most := uint64(0)
			for n := 0; b.Loop(); n++ {
				began := time.Now()
				most = max(most, peak(func() {
					if rep := p.run(b, batch.Wish{}); states(rep) != fmt.Sprintf(`{"unchanged":%d}`, posts) {
						b.Fatal(text(rep))
					}
				}))
				if n == 0 { // nothing was known of the files
					b.ReportMetric(time.Since(began).Seconds(), "s/first")
				}
			}
			b.ReportMetric(float64(most)/(1<<20), "MiB")
		})
	}
}

// TestRunsLeaveNothing wants the memory that is in use after many runs of one process
// to be that after two.
func TestRunsLeaveNothing(t *testing.T) {
	const posts = 300
	p := newPress(t, 0, "")
	many(t, p, posts)
	var after [12]uint64
	for i := range after {
		if rep := p.run(t, batch.Wish{}); states(rep) != fmt.Sprintf(`{"unchanged":%d}`, posts) {
			t.Fatal(text(rep))
		}
		for range 3 { // a pool keeps what it has for one collection more, and what has a cleanup for another
			runtime.GC()
		}
		after[i] = inUse()
	}
	const slack = 32 << 10 // what ten runs of 300 posts may leave: 11 bytes a post
	if first, last := slices.Min(after[1:4]), slices.Min(after[9:]); last > first+slack {
		t.Errorf("%d KiB in use after some runs, %d KiB after ten", first>>10, last>>10)
	}
}

// inUse is how many bytes of memory are in use by objects.
func inUse() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// peak is the most memory in use while something is done, looked at each millisecond.
func peak(do func()) (most uint64) {
	done := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				most = max(most, inUse())
			}
		}
	})
	do()
	close(done)
	watch.Wait()
	return most
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// BenchmarkBookkeeping is a run over new posts in which there is nothing to speak:
// each is listed, ordered, claimed, read, planned and set aside, and reported.
func BenchmarkBookkeeping(b *testing.B) {
	const posts = 300
	for b.Loop() {
		p := newPress(b, 0, "")
		for i := range posts {
			p.write(b, fmt.Sprintf("posts/%05d.md", i), fmt.Sprintf("---\ntitle: Post %d\n---\n", i))
		}
		before := cpu(b)
		rep := p.run(b, batch.Wish{})
		if got := states(rep); got != fmt.Sprintf(`{"failed":%d}`, posts) {
			b.Fatal(text(rep))
		}
		b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/posts, "cpu-ms/post")
	}
}

// cpu is what this process has used.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
