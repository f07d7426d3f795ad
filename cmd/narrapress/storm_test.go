//go:build unix

package main

import (
	"context"
	"encoding/xml"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"net"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/narrapress/narrapress/internal/batch"
	"github.com/narrapress/narrapress/internal/batch/queue"
	"github.com/narrapress/narrapress/internal/batch/queue/pgtest"
	"github.com/narrapress/narrapress/pipeline/publish"
	"github.com/narrapress/narrapress/voices/voicetest"
)

var stormPosts = flag.Int("storm", 20, "posts in TestServeInAStorm; of more than 20, a server is killed every 10 s")

const (
	// latestRelease is from a worker's death until what was under way there is others'
	// to take: 8 s until its heart counts as stopped, 2 s until another's next beat, and
	// 4 s for a busy machine. Where the database was away meanwhile, it counts from when
	// that answers again.
	latestRelease = 14 * time.Second
	// latestRerun is until it has begun again. With places free it begins at once; a
	// machine with a load of 40 may take longer for that, so it is asked of a storm of
	// many posts, which has the machine to itself.
	latestRerun      = 15 * time.Second
	stormConcurrency = 4 // of the endpoint: what a kill may cost
	soon             = 2 // episodes that are made between two kills of a short storm: it is to have three before all are made
)

// TestServeInAStorm makes the episodes of a watched folder with `narrapress serve`
// and an endpoint whose answers are partly faulty and never alike, while servers are
// killed again and again, and the database once.
func TestServeInAStorm(t *testing.T) {
	many := *stormPosts > 20
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := newStorm(t, *stormPosts, twoParts, "server: {jobs: 3}")
		s.address = filepath.Join(s.dir, "out", ".runs", "queue.db")
		s.kills = 3
		if many {
			s.kills, s.every = 20, 10*time.Second
		}
		s.blow(t, []string{"web,scheduler,worker"}, nil)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := pgtest.For(t)
		address, err := server.Create("storm", "template1")
		if err != nil {
			t.Fatal(err)
		}
		s := newStorm(t, *stormPosts, twoParts, fmt.Sprintf("server: {jobs: 2, database: %q}", address))
		s.address = address
		s.kills = 3
		if many {
			s.kills, s.every = 1<<30, 10*time.Second // until all is made
		}
		s.blow(t, []string{"web,scheduler,worker", "worker", "worker"}, server.Crash)
	})
}

// storm is a show in a folder whose servers are killed.
type storm struct {
	dir, address string
	posts        int
	env          []string // of the servers, beside that of the test
	sky          *voicetest.Weather
	kills        int           // at most
	every        time.Duration // from kill to kill, at least; 0 is as soon as some more episodes are made

	servers []*served
	queue   *queue.Queue // to look on; nil while the database is away

	killed   int
	back     time.Time         // when the database answered again
	underWay map[int64]*undone // by job
	released time.Duration     // the longest until a job was another's to take
	slowest  time.Duration     // the longest until it had begun again
	reruns   int
}

// undone is a job whose worker was killed with it.
type undone struct {
	when   time.Time
	worker string
	sent   time.Time // when it was seen to be others' to take; zero: not yet
}

// twoParts is the text of a post, of two segments.
func twoParts(i int) string {
	return fmt.Sprintf("This is post number %d of the storm.\n\nIt has a second part, which is the %dth of its kind.\n", i, i*7+1)
}

func newStorm(t *testing.T, posts int, text func(i int) string, more string) *storm {
	t.Helper()
	sky, err := voicetest.NewWeather(t.Context(), 0.1, 1)
	if err != nil {
		t.Fatal(err)
	}
	sky.Unlike()
	front := httptest.NewServer(sky)
	t.Cleanup(front.Close)
	s := &storm{dir: t.TempDir(), posts: posts, sky: sky, underWay: map[int64]*undone{}}
	write(t, filepath.Join(s.dir, "narrapress.yaml"), fmt.Sprintf(`
show: {id: storm, title: "The Storm", author: "A. Author", language: en-US, description: "Of storms.", category: [Arts], explicit: false, cover: cover.png}
endpoints: {studio: {preset: openai, url: %q, price: {free: true}, retry: {base: 1ms, cap: 50ms}, breaker: {rest: 5ms}, limits: {concurrency: %d}}}
voices: {narrator: {endpoint: studio, voice: alloy}}
roles: {body: narrator}
sources: [{from: posts, watch: true}]
audio: {formats: {mp3: {bitrate: 64}}}
output: {store: takes, cache: cache}
publish: {base_url: "https://example.org/storm"}
%s
`, front.URL+"/v1", stormConcurrency, more))
	cover, err := os.Create(filepath.Join(s.dir, "cover.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer cover.Close()
	if err := png.Encode(cover, image.NewGray(image.Rect(0, 0, 1400, 1400))); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.dir, "posts"), 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range posts {
		write(t, filepath.Join(s.dir, "posts", fmt.Sprintf("%03d.md", i)), fmt.Sprintf("---\ntitle: Post %d\ndate: 2026-11-01\n---\n\n%s", i, text(i)))
	}
	return s
}

// begin begins a server, as a service manager does after its end.
func (s *storm) begin(t *testing.T, roles string) *served {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	p := &served{Cmd: command(s.dir, "serve", "--roles", roles, "--listen", address), url: "http://" + address}
	p.Stderr = &p.errs
	p.Env = append(p.Env, s.env...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = p.Process.Kill(), p.Wait() })
	return p
}

// blow serves, kills, and looks at what comes of it.
func (s *storm) blow(t *testing.T, roles []string, crash func() error) {
	for _, r := range roles {
		s.servers = append(s.servers, s.begin(t, r))
	}
	defer func() {
		if s.queue != nil {
			s.queue.Close()
		}
	}()
	began, last, had := time.Now(), time.Now(), 0
	for turn := 0; !s.allMade(t); {
		if limit := 3*time.Minute + time.Duration(s.posts)*15*time.Second; time.Since(began) > limit {
			t.Fatalf("not done after %v and %d kills: %d folders; stderr:\n%s", limit, s.killed, s.folders(t), s.servers[0].errs.String())
		}
		s.lookForReruns(t)
		time.Sleep(100 * time.Millisecond)
		victim := turn % len(roles)
		more := s.folders(t) - had // what gets no further in between shows no more than one kill
		calm := time.Since(last) < s.every || more < 1 || s.every == 0 && more < soon
		if calm || s.killed == s.kills || !s.ripe(t, s.servers[victim]) {
			continue
		}
		if crash != nil && turn == 2 {
			if err := crash(); err != nil {
				t.Fatal(err)
			}
			s.back = time.Now()
		} else {
			s.kill(t, victim, roles[victim])
		}
		turn++
		last, had = time.Now(), s.folders(t)
	}
	made := time.Since(began)
	if s.killed < min(3, s.kills) {
		t.Errorf("only %d kills: the test shows little", s.killed)
	}
	// Its last deed is cut off, too: the feed of the run.
	s.kill(t, 0, roles[0])
	s.check(t)
	for _, p := range s.servers {
		p.stop(t)
	}
	if s.reruns == 0 {
		t.Error("no kill met an episode: the test shows nothing")
	}
	t.Logf("%d posts, %d servers, %d kills, %d reruns, free for others %v and begun again %v after the kill or the database at the latest; %d answers, %d requests; made in %v",
		s.posts, len(roles), s.killed, s.reruns, s.released.Round(time.Millisecond), s.slowest.Round(time.Millisecond), s.sky.Answered(), s.sky.Requests(), made.Round(time.Second))
}

// look looks into the queue, and is false while the database is away.
func (s *storm) look(t *testing.T, f func(context.Context, *queue.Queue) error) bool {
	t.Helper()
	if s.queue == nil {
		q, err := queue.Open(t.Context(), s.address, queue.Options{ReadOnly: true})
		if err != nil {
			return false
		}
		s.queue = q
	}
	return f(t.Context(), s.queue) == nil
}

// running are the jobs that run at a server.
func (s *storm) running(t *testing.T, p *served) (jobs []queue.Entry, ok bool) {
	t.Helper()
	ok = s.look(t, func(ctx context.Context, q *queue.Queue) (err error) {
		jobs, err = q.List(ctx, queue.Filter{States: []queue.State{queue.Running}, Brief: true})
		return err
	})
	return slices.DeleteFunc(jobs, func(e queue.Entry) bool {
		return !strings.Contains(e.Worker, fmt.Sprintf("-%d-", p.Process.Pid))
	}), ok
}

// ripe says whether a server may be killed: it makes an episode, for to kill one that
// starts is no test.
func (s *storm) ripe(t *testing.T, p *served) bool {
	t.Helper()
	jobs, _ := s.running(t, p)
	return len(jobs) > 0
}

// suspect says whether a job is tried with others like it one at a time: what is
// between its worker's death and its next begin is then a matter of the others.
func suspect(e queue.Entry) bool { return e.Crashes >= 4 }

func (s *storm) folders(t *testing.T) int {
	t.Helper()
	made, err := filepath.Glob(filepath.Join(s.dir, "out", "*", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	return len(made)
}

// kill kills a server, notes what was under way there, and begins it again.
func (s *storm) kill(t *testing.T, i int, roles string) {
	t.Helper()
	p := s.servers[i]
	if err := p.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatalf("it had ended before it was killed: %v; stderr:\n%s", err, p.errs.String())
	}
	_ = p.Wait()
	when := time.Now()
	s.killed++
	jobs, ok := s.running(t, p)
	for !ok {
		time.Sleep(50 * time.Millisecond)
		jobs, ok = s.running(t, p)
	}
	for _, e := range jobs {
		s.underWay[e.ID] = &undone{when: when, worker: e.Worker}
	}
	s.servers[i] = s.begin(t, roles)
}

// lookForReruns looks which of the jobs whose workers were killed have begun again.
func (s *storm) lookForReruns(t *testing.T) {
	t.Helper()
	for id, u := range s.underWay {
		var e queue.Entry
		if !s.look(t, func(ctx context.Context, q *queue.Queue) (err error) {
			e, err = q.Get(ctx, id)
			return err
		}) {
			return
		}
		from := u.when
		if s.back.After(from) {
			from = s.back
		}
		if u.sent.IsZero() && (e.State != queue.Running || e.Worker != u.worker) {
			u.sent = time.Now()
			after := u.sent.Sub(from)
			s.released = max(s.released, after)
			if after > latestRelease {
				t.Errorf("job %d was others' to take %v after its worker was killed or the database was back", id, after)
			}
		}
		switch {
		case e.Started.After(u.when):
			s.reruns++
			if !suspect(e) {
				after := e.Started.Sub(from)
				s.slowest = max(s.slowest, after)
				if s.every > 0 && after > latestRerun {
					t.Errorf("job %d began again %v after its worker was killed or the database was back", id, after)
				}
			}
			delete(s.underWay, id)
		case e.State == queue.Done: // its end was on its way to the database
			delete(s.underWay, id)
		}
	}
}

// allMade says whether there is a record of every post's episode.
func (s *storm) allMade(t *testing.T) bool {
	t.Helper()
	if s.folders(t) < s.posts || len(s.underWay) > 0 {
		return false
	}
	return len(s.records(t)) == s.posts
}

// records are what the queue knows of the posts; nil while the database is away.
func (s *storm) records(t *testing.T) (out map[string]*batch.Outcome) {
	t.Helper()
	s.look(t, func(ctx context.Context, q *queue.Queue) (err error) {
		out, err = batch.New(q, batch.Options{}).Outcomes(ctx, "storm")
		return err
	})
	return out
}

// check wants every post's episode to be there exactly once: in the records, in the
// feed, and whole in its folder; and nothing to have been asked for needlessly.
func (s *storm) check(t *testing.T) {
	t.Helper()
	front := s.servers[0]
	front.until(t, "all runs have ended", func() bool {
		over := false
		return s.look(t, func(ctx context.Context, q *queue.Queue) error {
			runs, err := batch.New(q, batch.Options{}).Runs(ctx)
			over = len(runs) > 0 && !slices.ContainsFunc(runs, func(r batch.RunState) bool { return !r.Ended })
			return err
		}) && over
	})
	front.until(t, "it is ready", func() bool { code, _ := front.get("/readyz"); return code == 200 })
	var dead []queue.Entry
	if !s.look(t, func(ctx context.Context, q *queue.Queue) (err error) {
		dead, err = q.List(ctx, queue.Filter{States: []queue.State{queue.Dead}})
		return err
	}) {
		t.Fatal("the database is away")
	}
	for _, e := range dead {
		t.Errorf("job %d (%s) was set aside: %s", e.ID, e.Episode, e.Error)
	}
	records, seen := s.records(t), guids(t, front)
	if len(records) != s.posts || len(seen) != s.posts || s.folders(t) != s.posts {
		t.Errorf("%d records, %d GUIDs in the feed and %d folders, of %d posts", len(records), len(seen), s.folders(t), s.posts)
	}
	for guid, n := range seen {
		if n != 1 {
			t.Errorf("%s is %d times in the feed", guid, n)
		}
	}
	takes := s.takes(t, records)
	if most := takes + stormConcurrency*s.killed; s.sky.Answered() > most {
		t.Errorf("%d requests were answered; calm it takes %d, and %d kills may cost %d each", s.sky.Answered(), takes, s.killed, stormConcurrency)
	}
	s.checkFolders(t)
}

// guids are those of the feed and of its further pages, with how often each is there.
func guids(t *testing.T, front *served) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for page := "/feed.xml"; page != ""; {
		code, body := front.get(page)
		var feed struct {
			Links []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"channel>http://www.w3.org/2005/Atom link"`
			Items []struct {
				GUID string `xml:"guid"`
			} `xml:"channel>item"`
		}
		if err := xml.Unmarshal([]byte(body), &feed); code != 200 || err != nil {
			t.Fatalf("%s: %d, %v", page, code, err)
		}
		for _, item := range feed.Items {
			seen[item.GUID]++
		}
		page = ""
		for _, l := range feed.Links {
			if l.Rel == "next" {
				page = "/" + path.Base(l.Href)
			}
		}
	}
	return seen
}

// takes is how many there are in the episodes that the records name: what is asked
// for where nobody is killed.
func (s *storm) takes(t *testing.T, records map[string]*batch.Outcome) int {
	t.Helper()
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
		m, err := publish.ReadManifest(o.Dirs[0])
		if err != nil {
			t.Fatal(err)
		}
		if m.Episode.ID != id {
			t.Errorf("%s is the episode %s", o.Dirs[0], m.Episode.ID)
		}
		for _, take := range m.Takes {
			takes[take.Key] = true
		}
	}
	return len(takes)
}

// checkFolders wants every folder to be whole, and nothing half made beside them.
func (s *storm) checkFolders(t *testing.T) {
	t.Helper()
	made, err := filepath.Glob(filepath.Join(s.dir, "out", "*", "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range made {
		if out, err := command(s.dir, "inspect", "--verify", filepath.Dir(m)).CombinedOutput(); err != nil {
			t.Errorf("inspect: %v\n%s", err, out)
		}
	}
	err = filepath.WalkDir(s.dir, func(name string, d fs.DirEntry, err error) error {
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
