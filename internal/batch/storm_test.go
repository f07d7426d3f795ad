//go:build unix

package batch_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/queue/pgtest"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/pipeline/publish/feed"
)

var (
	stormPosts = flag.Int("storm", 12, "posts in TestStorm")
	stormEvery = flag.Duration("every", 700*time.Millisecond, "how long a worker of TestStorm is at work before it is killed")
	stormKills = flag.Int("kills", 3, "how often TestStorm kills a worker, at most")
)

const (
	// mostBuried is from a worker's death until its jobs are on their way again: 8 s
	// until its heart counts as stopped, 2 s until another's next beat, and 4 s for a
	// busy machine. Where the database was away meanwhile, it counts from when that
	// answers again. When the jobs then find a place is a matter of the machine.
	mostBuried  = 14 * time.Second
	concurrency = 4 // of the endpoint, in newPress
)

// TestStorm makes episodes with an endpoint whose answers are partly faulty and
// never alike, while the workers are killed again and again, and the database once.
func TestStorm(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		storm(t, filepath.Join(t.TempDir(), "queue.db"), 1, 3, nil)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		s, err := pgtest.Start()
		if errors.Is(err, pgtest.ErrAbsent) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
		address, err := s.Create("storm", "template1")
		if err != nil {
			t.Fatal(err)
		}
		storm(t, address, 3, 1, s.Crash)
	})
}

type kill struct {
	pid  int
	when time.Time
}

func storm(t *testing.T, address string, workers, jobs int, crash func() error) {
	p := newPress(t, 0.1, "publish: {base_url: \"https://example.com/show\"}\naudio: {formats: {mp3: {bitrate: 64}}}")
	p.sky.Unlike()
	for i := range *stormPosts {
		p.post(t, i, fmt.Sprintf("This is post number %d of the storm.\n\nIt has a second part, which is the %dth of its kind.", i, i*7+1))
	}
	cfg := p.config(t)
	id := beginRun(t, p, address)
	c := task{Show: cfg.File, Database: address, Jobs: jobs, Begins: filepath.Join(t.TempDir(), "begins"), Crashes: 1000}
	var running, all []*process
	begin := func() *process {
		w := spawn(t, c)
		all = append(all, w)
		return w
	}
	for range workers {
		running = append(running, begin())
	}
	var kills []kill
	var back []time.Time // when the database answered again
	began := time.Now()
	for turn := 0; !ended(t, address, id); turn++ {
		if limit := 2*time.Minute + time.Duration(*stormPosts)*4*time.Second; time.Since(began) > limit {
			t.Fatalf("not done after %v and %d kills", time.Since(began), len(kills))
		}
		if len(kills) == *stormKills {
			time.Sleep(200 * time.Millisecond)
			continue
		}
		victim := turn % workers
		waitBusy(t, c.Begins, running[victim], func() bool { return ended(t, address, id) })
		time.Sleep(*stormEvery)
		if turn == 2 && crash != nil {
			if err := crash(); err != nil {
				t.Fatal(err)
			}
			back = append(back, time.Now())
			continue
		}
		running[victim].kill()
		kills = append(kills, kill{running[victim].Process.Pid, time.Now()})
		running[victim] = begin()
	}
	took := time.Since(began)
	for _, w := range running {
		w.kill()
	}
	if len(kills) < min(4, *stormKills) {
		t.Errorf("only %d kills: the test shows little", len(kills))
	}
	rep := outcomes(t, p, address)
	takes := p.check(t, rep)
	if most := takes + concurrency*len(kills); p.sky.Answered() > most {
		t.Errorf("%d requests were answered; calm it takes %d, and %d kills may cost %d each", p.sky.Answered(), takes, len(kills), concurrency)
	}
	buried := map[int]time.Time{}
	for _, w := range all {
		w.buried(t, buried)
	}
	slowest, reruns := checkReruns(t, told(t, c.Begins), kills, back, buried)
	t.Logf("%d posts, %d workers, %d kills, %d reruns, the slowest on its way %v after the kill or the database; %d answers for %d takes, %d requests; %v in all",
		*stormPosts, workers, len(kills), reruns, slowest.Round(time.Millisecond), p.sky.Answered(), takes, p.sky.Requests(), took.Round(time.Second))
}

// beginRun asks for a run of all posts.
func beginRun(t *testing.T, p *press, address string) string {
	t.Helper()
	cfg := p.config(t)
	q, err := queue.Open(t.Context(), address, queue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	id, err := batch.New(q, batch.Options{}).Begin(t.Context(), batch.Wish{Show: batch.ShowName(cfg), Sources: cfg.SourcesOf("")})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// look looks on, and is false while the database is away.
func look(t *testing.T, address string, f func(ctx context.Context, q *queue.Queue) error) bool {
	t.Helper()
	q, err := queue.Open(t.Context(), address, queue.Options{ReadOnly: true})
	if err != nil {
		return false
	}
	defer q.Close()
	return f(t.Context(), q) == nil
}

func ended(t *testing.T, address, id string) (over bool) {
	t.Helper()
	return look(t, address, func(ctx context.Context, q *queue.Queue) error {
		runs, err := batch.New(q, batch.Options{}).Runs(ctx)
		for _, r := range runs {
			over = over || r.ID == id && r.Ended
		}
		return err
	}) && over
}

func outcomes(t *testing.T, p *press, address string) (out map[string]*batch.Outcome) {
	t.Helper()
	if !look(t, address, func(ctx context.Context, q *queue.Queue) (err error) {
		out, err = batch.New(q, batch.Options{}).Outcomes(ctx, batch.ShowName(p.config(t)))
		return err
	}) {
		t.Fatal("the database is away")
	}
	return out
}

// check wants every post's episode to be there exactly once: in the records, whole
// in its folder, and in the feed. It gives the number of takes that they are of.
func (p *press) check(t *testing.T, records map[string]*batch.Outcome) int {
	t.Helper()
	cfg := p.config(t)
	if len(records) != *stormPosts {
		t.Errorf("%d records of %d posts", len(records), *stormPosts)
	}
	takes := map[string]bool{}
	folders := map[string]string{}
	for id, o := range records {
		if len(o.Dirs) != 1 || o.State != batch.StateMade && o.State != batch.StateUnchanged {
			t.Errorf("%s: %+v", id, o)
			continue
		}
		if other, twice := folders[o.Dirs[0]]; twice {
			t.Errorf("%s and %s are both in %s", id, other, o.Dirs[0])
		}
		folders[o.Dirs[0]] = id
		if err := publish.Verify(o.Dirs[0]); err != nil {
			t.Error(err)
		}
		m, err := publish.ReadManifest(o.Dirs[0])
		if err != nil {
			t.Fatal(err)
		}
		if m.Episode.ID != id {
			t.Errorf("%s is the episode %s", id, m.Episode.ID)
		}
		for _, take := range m.Takes {
			takes[take.Key] = true
		}
	}
	explicit := false
	show := cfg.Show
	show.Description, show.Category, show.Explicit, show.Cover = "A show.", []string{"Technology"}, &explicit, cover(t)
	res, err := feed.Write(t.Context(), feed.Options{Out: cfg.Output.Dir, Show: show, BaseURL: cfg.Publish.BaseURL, Listed: func(dir string, m *publish.Manifest) bool {
		listed, _ := publish.Listed(dir, m)
		return listed
	}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(res.Feed)
	if err != nil {
		t.Fatal(err)
	}
	guids := map[string]bool{}
	for _, m := range regexp.MustCompile(`<guid[^>]*>([^<]*)</guid>`).FindAllStringSubmatch(string(text), -1) {
		if guids[m[1]] {
			t.Errorf("%s is twice in the feed", m[1])
		}
		guids[m[1]] = true
	}
	if len(guids) != *stormPosts || res.Items != *stormPosts {
		t.Errorf("%d items and %d GUIDs in the feed, of %d posts", res.Items, len(guids), *stormPosts)
	}
	p.tidy(t)
	return len(takes)
}

// cover is a picture that a feed takes.
func cover(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "cover.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 1400, 1400))); err != nil {
		t.Fatal(err)
	}
	return name
}

// tidy wants nothing half made to be left behind.
func (p *press) tidy(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(p.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if base == ".making" {
			left, err := os.ReadDir(name)
			for _, e := range left {
				if e.IsDir() || !strings.HasSuffix(e.Name(), ".lock") {
					t.Errorf("left behind: %s", filepath.Join(name, e.Name()))
				}
			}
			return err
		}
		if strings.Contains(base, ".pending") || strings.HasSuffix(base, ".tmp") || strings.HasPrefix(base, ".episode") {
			t.Errorf("left behind: %s", name)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// waitBusy waits until a process has begun an episode, or there is none for it:
// one that is killed while it starts is no test of anything.
func waitBusy(t *testing.T, file string, p *process, over func() bool) {
	t.Helper()
	pid := strconv.Itoa(p.Process.Pid)
	for turn := range 400 {
		for _, line := range told(t, file) {
			if line[0] == "begin" && line[2] == pid {
				return
			}
		}
		if turn%10 == 0 && over() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// buried adds when this process took over from which dead ones, as its log says. What
// was undone with its transaction was done again later.
func (p *process) buried(t *testing.T, when map[int]time.Time) {
	t.Helper()
	for _, m := range regexp.MustCompile(`time=(\S+) level=WARN msg="worker died" worker=\S+-(\d+)-\w+ `).FindAllStringSubmatch(p.said.String(), -1) {
		at, err := time.Parse(time.RFC3339, m[1])
		if err != nil {
			t.Fatal(err)
		}
		if pid, _ := strconv.Atoi(m[2]); at.After(when[pid]) {
			when[pid] = at
		}
	}
}

// checkReruns looks at what was under way at a worker when it was killed: it must
// begin again, and be on its way in time, unless it was just over.
func checkReruns(t *testing.T, lines [][]string, kills []kill, back []time.Time, buried map[int]time.Time) (slowest time.Duration, reruns int) {
	t.Helper()
	begun := map[string][]int{} // by job, the processes in turn
	over := map[string]bool{}
	for _, line := range lines {
		pid, _ := strconv.Atoi(line[2])
		if line[0] == "end" {
			over[line[1]+" "+line[2]] = true
			continue
		}
		begun[line[1]] = append(begun[line[1]], pid)
	}
	for _, k := range kills {
		for job, pids := range begun {
			i := slices.Index(pids, k.pid)
			if i < 0 || over[job+" "+strconv.Itoa(k.pid)] || i+1 == len(pids) {
				continue
			}
			reruns++
			from := k.when
			for _, b := range back {
				if b.After(from) && b.Before(buried[k.pid]) {
					from = b
				}
			}
			after := buried[k.pid].Sub(from)
			slowest = max(slowest, after)
			if buried[k.pid].IsZero() || after > mostBuried {
				t.Errorf("job %s was on its way again %v after its worker was killed or the database was back", job, after)
			}
		}
	}
	if reruns == 0 {
		t.Error("no kill met an episode: the test shows nothing")
	}
	return slowest, reruns
}
