//go:build unix

package batch_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
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

// BenchmarkUnchanged is a run over 10,000 posts of which nothing is to be made.
func BenchmarkUnchanged(b *testing.B) {
	const posts = 10_000
	p := newPress(b, 0, "")
	many(b, p, posts)
	for n := 0; b.Loop(); n++ {
		began := time.Now()
		rep := p.run(b, batch.Wish{})
		if got := states(rep); got != fmt.Sprintf(`{"unchanged":%d}`, posts) {
			b.Fatal(text(rep))
		}
		if n == 0 { // nothing was known of the files
			b.ReportMetric(time.Since(began).Seconds(), "s/first")
		}
	}
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
