package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gocloud.dev/blob/memblob"

	"github.com/narrapress/narrapress/internal/bucket"
	"github.com/narrapress/narrapress/internal/store"
)

// buckets are what machines share in these tests, each made anew.
var buckets = map[string]func(*testing.T) store.Bucket{
	"memory": func(t *testing.T) store.Bucket {
		t.Helper()
		b := bucket.New(memblob.OpenBucket(nil), "mem://takes")
		t.Cleanup(func() { b.Close() })
		return b
	},
	"folder": func(t *testing.T) store.Bucket {
		t.Helper()
		b, err := bucket.Open(t.Context(), "output.bucket", (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(t.TempDir(), "shared"))}).String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { b.Close() })
		return b
	},
}

// machine is a folder of its own before a bucket.
type machine struct {
	*store.Store
	dir     string
	shared  *store.Shared
	now     atomic.Int64 // beyond the real time
	mu      sync.Mutex
	notices []string
}

func newMachine(t *testing.T, b store.Bucket) *machine {
	t.Helper()
	return machineIn(t, t.TempDir(), b)
}

func machineIn(t *testing.T, dir string, b store.Bucket) *machine {
	t.Helper()
	m := &machine{dir: dir}
	now := func() time.Time { return time.Now().Add(time.Duration(m.now.Load())) }
	tell := func(s string) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.notices = append(m.notices, s)
	}
	m.shared = store.Share(t.Context(), b, store.SharedOptions{Now: now, Notice: tell})
	m.Store = store.Folder(m.dir, store.Options{Now: now, Shared: m.shared, Report: func(key string, err error) { tell("damage: " + err.Error()) }})
	return m
}

// later lets a bucket that failed be asked again.
func (m *machine) later() { m.now.Add(int64(time.Hour / 2)) }

func (m *machine) told() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Join(m.notices, "\n")
}

// waiting are the keys in the outbox.
func (m *machine) waiting(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(m.dir, "outbox"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		out = append(out, f.Name())
	}
	return out
}

func inBucket(t *testing.T, b store.Bucket) []string {
	t.Helper()
	var out []string
	err := b.List(t.Context(), "", func(name string, _ int64, _ time.Time) error {
		if strings.HasPrefix(name, "takes/") || strings.HasPrefix(name, "blocks/") {
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// weather is a bucket some of whose requests go wrong.
type weather struct {
	store.Bucket
	asked atomic.Int64
	fails func(n int64) error                  // the n-th request, from 1; nil lets it pass
	lost  func(n int64) bool                   // what it did is done, and its answer is lost
	reads func(n int64, r io.Reader) io.Reader // what comes of an answer's bytes; nil leaves them
}

var errWeather = errors.New("SlowDown: reduce your request rate")

func (w *weather) ask(do func() error) error {
	n := w.asked.Add(1)
	if w.fails != nil {
		if err := w.fails(n); err != nil {
			return err
		}
	}
	err := do()
	if err == nil && w.lost != nil && w.lost(n) {
		return errWeather
	}
	return err
}

func (w *weather) Ready(ctx context.Context) error {
	return w.ask(func() error { return w.Bucket.Ready(ctx) })
}

func (w *weather) Has(ctx context.Context, name string) (there bool, err error) {
	err = w.ask(func() error { there, err = w.Bucket.Has(ctx, name); return err })
	return there, err
}

func (w *weather) Get(ctx context.Context, name string) (r io.ReadCloser, err error) {
	err = w.ask(func() error { r, err = w.Bucket.Get(ctx, name); return err })
	if err != nil || w.reads == nil {
		return r, err
	}
	return struct {
		io.Reader
		io.Closer
	}{w.reads(w.asked.Load(), r), r}, nil
}

func (w *weather) PutIfAbsent(ctx context.Context, name string, size int64, fill func(io.Writer) error) (stored bool, err error) {
	err = w.ask(func() error { stored, err = w.Bucket.PutIfAbsent(ctx, name, size, fill); return err })
	return stored, err
}

func (w *weather) Remove(ctx context.Context, name string) error {
	return w.ask(func() error { return w.Bucket.Remove(ctx, name) })
}

func TestTwoMachines(t *testing.T) {
	t.Parallel()
	for name, open := range buckets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			one, two := newMachine(t, b), newMachine(t, b)
			const meta = `{"name":"take.wav","text":"<b> & Hello.","a":1.50}`
			sound := strings.Repeat("sound", 1000)
			if !put(t, one.Store, key, meta, sound) {
				t.Error("the first is not stored")
			}
			if got := inBucket(t, b); !slices.Equal(got, []string{"takes/ab/" + key + ".tar"}) {
				t.Errorf("there is %v", got)
			}
			if !two.Has(key) || two.Here(key) {
				t.Errorf("Has %v, Here %v, want it in the bucket alone", two.Has(key), two.Here(key))
			}
			if data, m := get(t, two.Store, key); data != sound || m != meta {
				t.Errorf("%d bytes, %s", len(data), m)
			}
			if err := two.Verify(key); err != nil || !two.Here(key) {
				t.Errorf("it did not stay: %v", err)
			}
			for _, file := range []string{"entry.json", "take.wav"} {
				a, errA := os.ReadFile(filepath.Join(one.dir, "ab", key, file))
				b, errB := os.ReadFile(filepath.Join(two.dir, "ab", key, file))
				if errA != nil || errB != nil || !bytes.Equal(a, b) {
					t.Errorf("%s is another one: %v, %v", file, errA, errB)
				}
			}
			if put(t, two.Store, key, meta, "another") || len(two.waiting(t))+len(one.waiting(t)) != 0 {
				t.Error("the second is stored, or something waits")
			}
			// A third describes it, and takes it for another key.
			three := newMachine(t, b)
			if m, err := three.Describe(key); err != nil || string(m) != meta {
				t.Errorf("described as %s, %v", m, err)
			}
			other := strings.Repeat("cd", 32)
			if stored, err := newMachine(t, b).Adopt(other, key, []byte(`{"name":"take.wav"}`)); !stored || err != nil {
				t.Error(stored, err)
			}
			if data, _ := get(t, one.Store, other); data != sound {
				t.Error("what was adopted has other bytes")
			}
			// Evicted here, it comes back; removed, it is gone for all who look.
			if err := three.Evict(key); err != nil || three.Here(key) || !three.Has(key) {
				t.Errorf("after Evict: %v, Here %v, Has %v", err, three.Here(key), three.Has(key))
			}
			if err := one.Remove(key); err != nil || len(inBucket(t, b)) != 1 {
				t.Errorf("after Remove: %v, %v", err, inBucket(t, b))
			}
			if _, _, err := newMachine(t, b).Open(key); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("after Remove: %v", err)
			}
		})
	}
}

// TestRace has machines put other answers to one key at the same time: one wins,
// everywhere, and exactly one is told that it was stored.
func TestRace(t *testing.T) {
	t.Parallel()
	for name, open := range buckets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			const machines, keys = 6, 20
			var all []*machine
			for range machines {
				all = append(all, newMachine(t, b))
			}
			for k := range keys {
				key := fmt.Sprintf("%064x", k)
				var won atomic.Int64
				var wg sync.WaitGroup
				for i, m := range all {
					wg.Go(func() {
						stored, err := m.Put(key, []byte(`{"name":"take.wav"}`), strings.NewReader(fmt.Sprintf("answer %d", i)))
						if err != nil {
							t.Error(err)
						}
						if stored {
							won.Add(1)
						}
					})
				}
				wg.Wait()
				want, _ := get(t, all[0].Store, key)
				for i, m := range all {
					if got, _ := get(t, m.Store, key); got != want {
						t.Errorf("machine %d has %q, the first %q", i, got, want)
					}
				}
				if won.Load() != 1 {
					t.Errorf("%d were stored", won.Load())
				}
			}
			for _, m := range all {
				if left, _ := os.ReadDir(filepath.Join(m.dir, "tmp")); len(left) != 0 || len(m.waiting(t)) != 0 || m.told() != "" {
					t.Errorf("left: %d in tmp, %v in the outbox, told %q", len(left), m.waiting(t), m.told())
				}
			}
		})
	}
}

// TestInBadWeather lets each request of a bucket fail in turn, or each from
// there on, or its answer get lost: what was put is here at once, and in the
// bucket in good weather.
func TestInBadWeather(t *testing.T) {
	t.Parallel()
	fail := func(lasts int64) func(*weather, int64) {
		return func(w *weather, from int64) {
			w.fails = func(n int64) error {
				if n >= from && n < from+lasts {
					return errWeather
				}
				return nil
			}
		}
	}
	for _, tt := range []struct {
		name string
		make func(*weather, int64)
	}{
		{"one fails", fail(1)},
		{"all fail from then on", fail(1 << 40)},
		{"an answer is lost", func(w *weather, from int64) { w.lost = func(n int64) bool { return n == from } }},
		{"short reads", func(w *weather, from int64) {
			w.reads = func(n int64, r io.Reader) io.Reader {
				if n == from {
					return io.LimitReader(r, 700)
				}
				return r
			}
		}},
		{"a reader that fails", func(w *weather, from int64) {
			w.reads = func(n int64, r io.Reader) io.Reader {
				if n == from {
					return io.MultiReader(io.LimitReader(r, 700), badReader{})
				}
				return r
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for n := int64(1); ; n++ {
				w := &weather{Bucket: buckets["memory"](t)}
				theirs := newMachine(t, w.Bucket)
				put(t, theirs.Store, keyB, `{"name":"take.wav"}`, "theirs")
				one := newMachine(t, w)
				letGo, err := one.Hold()
				if err != nil {
					t.Fatal(err)
				}
				tt.make(w, n)
				put(t, one.Store, key, `{"name":"take.wav"}`, "mine")
				put(t, one.Store, keyB, `{"name":"take.wav"}`, "mine too, and later")
				if data, _ := get(t, one.Store, key); data != "mine" {
					t.Errorf("at %d: it is %q", n, data)
				}
				done := w.asked.Load() < n
				w.fails, w.lost, w.reads = nil, nil, nil
				one.later()
				if left, err := one.Settle(t.Context()); left != 0 || err != nil {
					t.Errorf("at %d: %d wait in good weather, %v", n, left, err)
				}
				letGo()
				for _, m := range []*machine{one, theirs, newMachine(t, w.Bucket)} {
					if data, _ := get(t, m.Store, key); data != "mine" {
						t.Errorf("at %d: it is %q", n, data)
					}
					if data, _ := get(t, m.Store, keyB); data != "theirs" {
						t.Errorf("at %d: the second wins: %q", n, data)
					}
				}
				if left, _ := os.ReadDir(filepath.Join(one.dir, "tmp")); len(left) != 0 || len(one.waiting(t)) != 0 {
					t.Errorf("at %d: left: %d in tmp, %v in the outbox", n, len(left), one.waiting(t))
				}
				if done {
					break
				}
			}
		})
	}
}

type badReader struct{}

func (badReader) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }

// TestOutbox has a machine go on without its bucket, while another answers the
// same: whoever put it into the bucket first wins, and the other answer is kept.
func TestOutbox(t *testing.T) {
	t.Parallel()
	w := &weather{Bucket: buckets["memory"](t)}
	one, two := newMachine(t, w), newMachine(t, w.Bucket)
	letGo, err := one.Hold()
	if err != nil {
		t.Fatal(err)
	}
	w.fails = func(int64) error { return errWeather }
	for _, k := range []string{key, keyA, keyB} {
		if !put(t, one.Store, k, `{"name":"take.wav"}`, "mine") {
			t.Error("it is not stored")
		}
	}
	if n := w.asked.Load(); n > 3 {
		t.Errorf("a bucket that is down was asked %d times", n)
	}
	if told := one.told(); strings.Count(told, "\n") != 0 || !strings.Contains(told, "kept on this machine, and sent later") {
		t.Errorf("told %q", told)
	}
	if got := one.waiting(t); len(got) != 3 {
		t.Errorf("%v waits", got)
	}
	put(t, two.Store, key, `{"name":"take.wav"}`, "theirs")
	if data, _ := get(t, one.Store, key); data != "mine" {
		t.Errorf("while it is down: %q", data)
	}
	letGo()

	// The next process begins with a bucket that answers, and finds what one left that
	// was killed before it placed an entry.
	w.fails = nil
	const never = "00000000000000000000000000000000000000000000000000000000000000ff"
	if err := os.WriteFile(filepath.Join(one.dir, "outbox", never), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	again := machineIn(t, one.dir, w)
	if data, _ := get(t, again.Store, key); data != "theirs" {
		t.Errorf("what waits is used before it is settled: %q", data)
	}
	if letGo, err = again.Hold(); err != nil {
		t.Fatal(err)
	}
	letGo()
	if got := again.waiting(t); len(got) != 0 {
		t.Errorf("%v waits", got)
	}
	if got := inBucket(t, w); len(got) != 3 {
		t.Errorf("there is %v", got)
	}
	kept, err := os.ReadFile(filepath.Join(one.dir, "extra", key, "take.wav"))
	if err != nil || string(kept) != "mine" || !strings.Contains(again.told(), "extra") {
		t.Errorf("the other answer: %q, %v; told %q", kept, err, again.told())
	}
	if data, _ := get(t, two.Store, keyA); data != "mine" {
		t.Errorf("the other machine has %q", data)
	}
}

// TestOffer gives a bucket what was made before there was one, and no more than that.
func TestOffer(t *testing.T) {
	t.Parallel()
	b, dir := buckets["memory"](t), t.TempDir()
	alone := store.Folder(dir, store.Options{})
	for _, k := range []string{key, keyA} {
		put(t, alone, k, `{"name":"take.wav"}`, "mine")
	}
	if n, err := alone.Offer(); err == nil || n != 0 || !strings.Contains(err.Error(), dir) {
		t.Errorf("offered to no bucket: %d, %v", n, err)
	}
	put(t, newMachine(t, b).Store, keyA, `{"name":"take.wav"}`, "mine")
	m := machineIn(t, dir, b)
	if n, err := m.Offer(); err != nil || n != 1 {
		t.Errorf("%d wait, %v", n, err)
	}
	if left, err := m.Settle(t.Context()); left != 0 || err != nil {
		t.Errorf("%d are left, %v", left, err)
	}
	if there := inBucket(t, b); len(there) != 2 {
		t.Errorf("there is %v", there)
	}
}

// TestUnreachable is about what nobody knows: it is not paid for again by who
// begins while the bucket is down, and an episode under way goes on.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	w := &weather{Bucket: buckets["memory"](t)}
	put(t, newMachine(t, w.Bucket).Store, keyB, ``, "theirs")
	down := func(int64) error { return errWeather }
	unreachable := func(m *machine, key string) bool {
		_, _, err := m.Open(key)
		return errors.As(err, new(*store.UnreachableError)) && !errors.Is(err, fs.ErrNotExist)
	}
	hold := func(m *machine) func() {
		t.Helper()
		letGo, err := m.Hold()
		if err != nil {
			t.Fatal(err)
		}
		return letGo
	}
	w.fails = down
	late := newMachine(t, w)
	if !unreachable(late, key) {
		t.Error("it was never asked, and says that nothing is there")
	}
	letGo := hold(late)
	if !unreachable(late, key) {
		t.Error("somebody begins with a bucket that is down")
	}
	letGo()

	w.fails = nil
	late.later()
	letGo = hold(late)
	late.Expect([]string{key, keyA, keyB})
	w.fails = down
	late.now.Add(int64(time.Minute))
	if _, _, err := late.Open(keyA); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an episode under way does not go on: %v", err)
	}
	if !unreachable(late, keyB) {
		t.Error("what is known to be there is paid for again")
	}
	letGo()

	ctx, cancel := context.WithCancel(t.Context())
	ends := store.Folder(t.TempDir(), store.Options{Shared: store.Share(ctx, w.Bucket, store.SharedOptions{})})
	cancel()
	if _, _, err := ends.Open(keyB); !errors.Is(err, context.Canceled) {
		t.Errorf("a process that ends: %v", err)
	}
	if stored, err := ends.Put(key, nil, strings.NewReader("paid")); !stored || err != nil {
		t.Errorf("what was paid for by a process that ends: %v, %v", stored, err)
	}
}
