package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

var soakPosts = flag.Int("soak", 0, "episodes that TestSoak lets one server make; make soak makes 1000")

// held is what a server has at an instant.
type held struct {
	resident   float64 // MiB, of the process
	heap       float64 // MiB, of what lives in Go's heap or waits to be collected
	goroutines float64
	handles    float64 // open files, sockets and the like
	leavings   float64 // files under way or left: in its folder for temporary files, beside takes, sounds and episodes
}

// measures are the numbers of a sample by name, and how much more a server may have
// of each late in its life than early: a part of what it had, and something on top
// for what is under way at once.
var measures = []struct {
	name string
	of   func(held) float64
	part float64
	over float64
}{
	// The heap grows until the collector runs, and keeps what it had; the feed, which
	// is made anew after every episode, grows with the show.
	{"resident MiB", func(h held) float64 { return h.resident }, 0.25, 24},
	{"heap MiB", func(h held) float64 { return h.heap }, 0.5, 12},
	{"goroutines", func(h held) float64 { return h.goroutines }, 0.1, 12},
	{"open files", func(h held) float64 { return h.handles }, 0.1, 12},
	{"files left", func(h held) float64 { return h.leavings }, 0, 12},
}

// fewest samples of a life by which it is judged, six in each quarter: what is done
// once, such as to scale the cover, is over by the second.
const fewest = 24

// TestSoak lets `narrapress serve` make many small episodes, at an endpoint of which
// one answer in ten is faulty, killed every minute while the first two thirds of them
// are made. It looks every second what the server holds, and wants no measure to grow
// within a life, from the second quarter to the last, nor from the first life to the
// last; and every episode once in the feed.
func TestSoak(t *testing.T) {
	if *soakPosts == 0 {
		t.Skip("it takes minutes: make soak")
	}
	s := newStorm(t, *soakPosts, func(i int) string { return fmt.Sprintf("This is number %d.\n", i) }, "server: {jobs: 3}")
	s.address = filepath.Join(s.dir, "out", ".runs", "queue.db")
	s.kills, s.every = 1<<30, time.Minute
	if s.posts < 300 {
		s.every = 15 * time.Second
	}
	temporary := filepath.Join(s.dir, "temporary")
	if err := os.Mkdir(temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	s.env = []string{"TMPDIR=" + temporary}
	defer func() {
		if s.queue != nil {
			s.queue.Close()
		}
	}()
	const roles = "web,scheduler,worker"
	s.servers = append(s.servers, s.begin(t, roles))
	lives := [][]held{nil}
	began, last, had, looked := time.Now(), time.Now(), 0, time.Now()
	for !s.allMade(t) {
		if limit := 3*time.Minute + time.Duration(s.posts)*15*time.Second; time.Since(began) > limit {
			t.Fatalf("not done after %v and %d kills: %d folders; stderr:\n%s", limit, s.killed, s.folders(t), s.servers[0].errs.String())
		}
		s.lookForReruns(t)
		time.Sleep(100 * time.Millisecond)
		if time.Since(looked) >= time.Second {
			looked = time.Now()
			if h, ok := s.holds(t, temporary); ok {
				lives[len(lives)-1] = append(lives[len(lives)-1], h)
			}
		}
		made := s.folders(t)
		if time.Since(last) >= s.every && made > had && made < s.posts*2/3 && s.ripe(t, s.servers[0]) {
			s.kill(t, 0, roles)
			lives = append(lives, nil)
			last, had = time.Now(), made
		}
	}
	made := time.Since(began)
	s.check(t)
	s.servers[0].stop(t)
	if s.killed == 0 {
		t.Error("it was never killed: the test shows little")
	}
	for _, fault := range judge(lives) {
		t.Error(fault)
	}
	t.Logf("%d episodes, %d kills, %d reruns, %d answers to %d requests; made in %v\n%s",
		s.posts, s.killed, s.reruns, s.sky.Answered(), s.sky.Requests(), made.Round(time.Second), tableOf(lives))
}

// holds samples the server; it is false while that is not ready.
func (s *storm) holds(t *testing.T, temporary string) (h held, ok bool) {
	t.Helper()
	p := s.servers[0]
	code, metrics := p.get("/metrics")
	if code != 200 {
		return h, false
	}
	for name, to := range map[string]*float64{"go_goroutines": &h.goroutines, "go_memstats_heap_alloc_bytes": &h.heap, "process_resident_memory_bytes": &h.resident} {
		_, rest, found := strings.Cut(metrics, "\n"+name+" ")
		line, _, _ := strings.Cut(rest, "\n")
		v, err := strconv.ParseFloat(line, 64)
		if !found || err != nil {
			t.Fatalf("/metrics has no number %s", name)
		}
		*to = v
	}
	h.resident, h.heap = h.resident/(1<<20), h.heap/(1<<20)
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", p.Process.Pid))
	if err != nil {
		return h, false
	}
	h.handles = float64(len(open))
	h.leavings = float64(s.leavings(t, temporary))
	return h, true
}

// leavings counts what is there for a while only: files in the folder for temporary
// files, takes that are being stored, and files that are written beside others.
func (s *storm) leavings(t *testing.T, temporary string) (n int) {
	t.Helper()
	for _, dir := range []string{temporary, filepath.Join(s.dir, "takes", "tmp"), filepath.Join(s.dir, "out", ".making")} {
		err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && name != dir {
				n++
			}
			return nil // gone meanwhile
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, pattern := range []string{"out/*", "out/*/*", "cache/*", "cache/*/*", "cache/*/*/*"} {
		names, err := filepath.Glob(filepath.Join(s.dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if base := filepath.Base(name); strings.Contains(base, ".pending") || strings.HasSuffix(base, ".tmp") || strings.HasPrefix(base, ".episode") {
				n++
			}
		}
	}
	return n
}

// quarters are the samples of the second and of the last quarter of a life.
func quarters(life []held) (early, late []held) {
	q := len(life) / 4
	return life[q : 2*q], life[len(life)-q:]
}

func median(of func(held) float64, list []held) float64 {
	values := make([]float64, len(list))
	for i, h := range list {
		values[i] = of(h)
	}
	slices.SortFunc(values, cmp.Compare)
	return values[len(values)/2]
}

// judge says what grew: within a life, and from the first to the last of those that
// were long enough.
func judge(lives [][]held) (faults []string) {
	var first []held
	for i, life := range lives {
		if len(life) < fewest {
			continue
		}
		early, late := quarters(life)
		if first == nil {
			first = early
		}
		for _, m := range measures {
			for when, before := range map[string][]held{"its second quarter": early, "the first life": first} {
				was, is := median(m.of, before), median(m.of, late)
				if is > was*(1+m.part)+m.over {
					faults = append(faults, fmt.Sprintf("life %d has %.0f %s in its last quarter, and in %s they were %.0f", i+1, is, m.name, when, was))
				}
			}
		}
	}
	if first == nil {
		faults = append(faults, fmt.Sprintf("no life of %d was long enough to be judged", len(lives)))
	}
	return faults
}

// tableOf is what the servers held: medians of the second and the last quarter of each
// life, and the most.
func tableOf(lives [][]held) string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "life\tsamples")
	for _, m := range measures {
		fmt.Fprintf(w, "\t%s", m.name)
	}
	fmt.Fprintln(w)
	for i, life := range lives {
		if len(life) < 4 {
			continue
		}
		early, late := quarters(life)
		fmt.Fprintf(w, "%d\t%d", i+1, len(life))
		for _, m := range measures {
			most := 0.0
			for _, h := range life {
				most = max(most, m.of(h))
			}
			fmt.Fprintf(w, "\t%.0f → %.0f (%.0f)", median(m.of, early), median(m.of, late), most)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	return b.String()
}

func TestJudgeOfASoak(t *testing.T) {
	t.Parallel()
	life := func(samples int, at func(i int) held) (out []held) {
		for i := range samples {
			out = append(out, at(i))
		}
		return out
	}
	calm := held{resident: 60, heap: 20, goroutines: 40, handles: 30}
	saw := func(i int) held { h := calm; h.heap += float64(i % 5); h.leavings = float64(i % 4); return h }
	leak := func(add func(h *held, i int)) func(int) held {
		return func(i int) held { h := saw(i); add(&h, i); return h }
	}
	for _, tt := range []struct {
		name  string
		lives [][]held
		want  string
	}{
		{"calm", [][]held{life(60, saw), life(60, saw)}, ""},
		{"it warms up", [][]held{life(60, leak(func(h *held, i int) { h.resident += 100 - 100/float64(1+i) }))}, ""},
		{"a goroutine in two seconds", [][]held{life(120, leak(func(h *held, i int) { h.goroutines += float64(i / 2) }))}, "goroutines"},
		{"a file in two seconds", [][]held{life(120, leak(func(h *held, i int) { h.handles += float64(i / 2) }))}, "open files"},
		{"a MiB a second", [][]held{life(120, leak(func(h *held, i int) { h.resident += float64(i) }))}, "resident"},
		{"the heap", [][]held{life(120, leak(func(h *held, i int) { h.heap += float64(i) }))}, "heap"},
		{"twenty files at each death", [][]held{life(30, saw), life(30, leak(func(h *held, _ int) { h.leavings += 20 }))}, "files left"},
		{"too short", [][]held{life(23, saw), nil}, "no life of 2"},
		{"too short beside another", [][]held{life(23, leak(func(h *held, i int) { h.handles += float64(9 * i) })), life(24, saw)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(judge(tt.lives), "\n")
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("judged %q, want %q", got, tt.want)
			}
		})
	}
}
