package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/narrapress/narrapress/internal/store"
)

var key = strings.Repeat("ab", 32)

func Example() {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s := store.Folder(dir, store.Options{})
	stored, _ := s.Put("00112233445566778899aabbccddeeff", []byte(`{"name":"take.wav"}`), strings.NewReader("sound"))
	again, _ := s.Put("00112233445566778899aabbccddeeff", nil, strings.NewReader("another sound"))
	r, meta, _ := s.Open("00112233445566778899aabbccddeeff")
	defer r.Close()
	b, _ := io.ReadAll(r)
	fmt.Printf("%v %v %s %s\n", stored, again, b, meta)
	// Output: true false sound {"name":"take.wav"}
}

func get(t *testing.T, s *store.Store, key string) (string, string) {
	t.Helper()
	r, meta, err := s.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), string(meta)
}

func put(t *testing.T, s *store.Store, key, meta, data string) bool {
	t.Helper()
	stored, err := s.Put(key, []byte(meta), strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestLayoutIsForPeople(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store.Folder(dir, store.Options{})
	put(t, s, key, `{"name":"take.wav","text":"Hello."}`, "RIFF")
	b, err := os.ReadFile(filepath.Join(dir, "ab", key, "take.wav"))
	if err != nil || string(b) != "RIFF" {
		t.Fatalf("take.wav: %q, %v", b, err)
	}
	b, err = os.ReadFile(filepath.Join(dir, "ab", key, "entry.json"))
	if err != nil || !strings.Contains(string(b), `"text": "Hello."`) {
		t.Fatalf("entry.json: %s, %v", b, err)
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "tmp")); len(left) != 0 {
		t.Errorf("%d things left in tmp", len(left))
	}
}

// TestNoDescriptionHasNoSum keeps entry.json of bytes alone to what is there: two
// machines whose entries name different sums would take each other's for another answer.
func TestNoDescriptionHasNoSum(t *testing.T) {
	t.Parallel()
	for meta, want := range map[string]bool{``: false, `{"a":1}`: true} {
		dir := t.TempDir()
		put(t, store.Folder(dir, store.Options{}), key, meta, "x")
		b, err := os.ReadFile(filepath.Join(dir, "ab", key, "entry.json"))
		if err != nil || strings.Contains(string(b), "meta_sha256") != want {
			t.Errorf("described by %q: %s, %v", meta, b, err)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		`{"name":"take.mp3"}`: "take.mp3", `{"name":"../../etc/passwd"}`: "data", `{"name":".hidden"}`: "data",
		`{"name":"entry.json"}`: "data", `{"name":7}`: "data", `[1]`: "data", ``: "data", `{"name":"a/b.wav"}`: "data",
	} {
		dir := t.TempDir()
		put(t, store.Folder(dir, store.Options{}), key, name, "x")
		if _, err := os.Stat(filepath.Join(dir, "ab", key, want)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMetaComesBack(t *testing.T) {
	t.Parallel()
	for _, meta := range []string{``, `{}`, `null`, `{"a":[],"b":{"c":1.50}}`, `{"text":"<b> & \u2028 \u003c \"quoted\" 🎙"}`, "{\"text\":\"\u2028\"}"} {
		s := store.Folder(t.TempDir(), store.Options{})
		put(t, s, key, meta, "x")
		if _, got := get(t, s, key); got != meta {
			t.Errorf("%q came back as %q", meta, got)
		}
	}
	if _, err := store.Folder(t.TempDir(), store.Options{}).Put(key, []byte("{"), strings.NewReader("x")); err == nil {
		t.Error("no JSON was taken")
	}
}

func TestKeysAreNoPaths(t *testing.T) {
	t.Parallel()
	s := store.Folder(t.TempDir(), store.Options{})
	for _, k := range []string{"", "ab", "../../../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("a/", 16), strings.Repeat("a", 129)} {
		if _, err := s.Put(k, nil, strings.NewReader("x")); err == nil {
			t.Errorf("Put(%q) was taken", k)
		}
		if _, _, err := s.Open(k); err == nil || s.Has(k) || s.Verify(k) == nil || s.Remove(k) == nil {
			t.Errorf("%q was taken for a key", k)
		}
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store.Folder(dir, store.Options{})
	from, other := strings.Repeat("cd", 32), strings.Repeat("ef", 32)
	if _, err := s.Adopt(key, from, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of what is not there: %v", err)
	}
	put(t, s, from, `{"name":"answer.wav"}`, "sound")
	for _, want := range []bool{true, false} { // the first one wins
		if got, err := s.Adopt(key, from, []byte(`{"name":"take.wav","checked":true}`)); err != nil || got != want {
			t.Fatalf("%v, %v", got, err)
		}
	}
	if err := s.Remove(from); err != nil {
		t.Fatal(err)
	}
	if data, meta := get(t, s, key); data != "sound" || meta != `{"name":"take.wav","checked":true}` {
		t.Errorf("%s %s", data, meta)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "ab", key, "take.wav")); err != nil || string(got) != "sound" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := s.Adopt(other, key, []byte("{")); err == nil {
		t.Error("a description that is no JSON")
	}
	if _, err := s.Adopt("../../etc", key, nil); err == nil {
		t.Error("a key that is a path")
	}
	if _, err := s.Adopt(other, key, nil); err != nil {
		t.Fatal(err)
	}
	if data, meta := get(t, s, other); data != "sound" || meta != "" {
		t.Errorf("%s %s", data, meta)
	}
	// What is damaged stays so.
	third := strings.Repeat("0f", 32)
	if err := os.WriteFile(filepath.Join(dir, "ab", key, "take.wav"), []byte("noise"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Adopt(third, key, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Open(third); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("damaged: %v", err)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "there")
	s := store.Folder(dir, store.Options{})
	if _, _, err := s.Open(key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open: %v", err)
	}
	if s.Has(key) {
		t.Error("Has says yes")
	}
	if err := s.Walk(func(store.Entry) error { return errors.New("walked") }); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("looking made the folder")
	}
}

func TestFirstWins(t *testing.T) {
	t.Parallel()
	s := store.Folder(t.TempDir(), store.Options{})
	var won atomic.Int32
	var wg sync.WaitGroup
	got := make([]string, 32)
	for i := range got {
		wg.Go(func() {
			data := bytes.Repeat([]byte{byte(i)}, 10_000+i)
			stored, err := s.Put(key, fmt.Appendf(nil, `{"by":%d}`, i), bytes.NewReader(data))
			if err != nil {
				t.Error(err)
				return
			}
			if stored {
				won.Add(1)
			}
			r, _, err := s.Open(key)
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Close()
			b, _ := io.ReadAll(r)
			got[i] = string(b)
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d were stored", won.Load())
	}
	for i, b := range got {
		if b != got[0] || len(b) < 10_000 {
			t.Fatalf("goroutine %d read other bytes", i)
		}
	}
	if data, meta := get(t, s, key); meta != fmt.Sprintf(`{"by":%d}`, data[0]) {
		t.Errorf("the bytes of %d with the description %s", data[0], meta)
	}
}

// TestMain is also the other process of TestTwoProcesses.
func TestMain(m *testing.M) {
	if dir := os.Getenv("STORE_TEST_DIR"); dir != "" {
		s := store.Folder(dir, store.Options{})
		for i := range 50 {
			stored, err := s.Put(fmt.Sprintf("%032x", i), nil, strings.NewReader(os.Getenv("STORE_TEST_WHO")))
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			if stored {
				fmt.Println(i)
			}
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	outputs := make([][]byte, 2)
	var wg sync.WaitGroup
	for who := range outputs {
		wg.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), "STORE_TEST_DIR="+dir, fmt.Sprintf("STORE_TEST_WHO=%d", who))
			out, err := cmd.Output()
			if err != nil {
				t.Error(err)
			}
			outputs[who] = out
		})
	}
	wg.Wait()
	s := store.Folder(dir, store.Options{})
	owner := map[string]string{}
	for who, out := range outputs {
		for _, i := range strings.Fields(string(out)) {
			if _, twice := owner[i]; twice {
				t.Errorf("%s was stored twice", i)
			}
			owner[i] = fmt.Sprint(who)
		}
	}
	if len(owner) != 50 {
		t.Fatalf("%d of 50 were stored", len(owner))
	}
	for i := range 50 {
		if b, _ := get(t, s, fmt.Sprintf("%032x", i)); b != owner[fmt.Sprint(i)] {
			t.Errorf("%d holds the bytes of %q, stored by %q", i, b, owner[fmt.Sprint(i)])
		}
	}
}

func TestDamage(t *testing.T) {
	t.Parallel()
	edit := func(name string, f func([]byte) []byte) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), f(b), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, damage := range map[string]func(t *testing.T, dir string){
		"cut short":           edit("take.wav", func(b []byte) []byte { return b[:len(b)-1] }),
		"emptied":             edit("take.wav", func([]byte) []byte { return nil }),
		"a flipped bit":       edit("take.wav", func(b []byte) []byte { b[3] ^= 4; return b }),
		"changed description": edit("entry.json", func(b []byte) []byte { return bytes.Replace(b, []byte("Hello"), []byte("Jello"), 1) }),
		"cut description":     edit("entry.json", func(b []byte) []byte { return b[:len(b)/2] }),
		"huge description":    edit("entry.json", func(b []byte) []byte { return bytes.Repeat([]byte(" "), 2<<20) }),
		"another file":        edit("entry.json", func(b []byte) []byte { return bytes.Replace(b, []byte("take.wav"), []byte("../x.wav"), 1) }),
		"no file":             func(t *testing.T, dir string) { _ = os.Remove(filepath.Join(dir, "take.wav")) },
		"no description":      func(t *testing.T, dir string) { _ = os.Remove(filepath.Join(dir, "entry.json")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var reported []string
			s := store.Folder(dir, store.Options{Report: func(k string, err error) { reported = append(reported, k) }})
			put(t, s, key, `{"name":"take.wav","text":"Hello"}`, "some sound")
			damage(t, filepath.Join(dir, "ab", key))
			if err := s.Verify(key); !errors.As(err, new(*store.DamageError)) {
				t.Errorf("Verify: %v", err)
			}
			if _, _, err := s.Open(key); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("Open: %v", err)
			}
			if diff := cmp.Diff([]string{key}, reported); diff != "" {
				t.Error(diff)
			}
			if aside, _ := os.ReadDir(filepath.Join(dir, "quarantine")); len(aside) != 1 {
				t.Errorf("%d in the quarantine", len(aside))
			}
			if !put(t, s, key, ``, "new sound") {
				t.Error("there is no room for a sound one")
			}
			if b, _ := get(t, s, key); b != "new sound" {
				t.Errorf("read %q", b)
			}
		})
	}
}

func TestPutReplacesDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store.Folder(dir, store.Options{})
	put(t, s, key, ``, "some sound")
	if err := os.Truncate(filepath.Join(dir, "ab", key, "data"), 2); err != nil {
		t.Fatal(err)
	}
	if !put(t, s, key, ``, "new sound") {
		t.Error("the damaged one won")
	}
}

func TestSourceFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store.Folder(dir, store.Options{})
	broken := errors.New("the line is dead")
	_, err := s.Put(key, nil, io.MultiReader(strings.NewReader("half"), &failing{broken}))
	if !errors.Is(err, broken) || s.Has(key) {
		t.Errorf("%v, there: %v", err, s.Has(key))
	}
	if left, _ := os.ReadDir(filepath.Join(dir, "tmp")); len(left) != 0 {
		t.Errorf("%d things left in tmp", len(left))
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestUnwritable(t *testing.T) {
	t.Parallel()
	// A file in the folder's place: permissions do not stop root, this does.
	dir := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(dir, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := store.Folder(dir, store.Options{}).Put(key, nil, strings.NewReader("x"))
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("the error does not name the folder: %v", err)
	}
}

func TestLeftoversAreSwept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"old", "young"} {
		if err := os.MkdirAll(filepath.Join(dir, "tmp", name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	if err := os.Chtimes(filepath.Join(dir, "tmp", "old"), now, now.Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	store.Folder(dir, store.Options{Now: func() time.Time { return now }})
	left, _ := os.ReadDir(filepath.Join(dir, "tmp"))
	if len(left) != 1 || left[0].Name() != "young" {
		t.Errorf("left: %v", left)
	}
}

func TestWalkAndRemove(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := store.Folder(dir, store.Options{})
	other := strings.Repeat("01", 32)
	put(t, s, key, `{"n":1}`, "one")
	put(t, s, other, ``, "two!")
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	walked := func() (keys []string, size int64) {
		if err := s.Walk(func(e store.Entry) error {
			keys, size = append(keys, e.Key), size+e.Size
			return e.Damage
		}); err != nil {
			t.Fatal(err)
		}
		return keys, size
	}
	keys, size := walked()
	if diff := cmp.Diff([]string{other, key}, keys); diff != "" || size != 7 {
		t.Errorf("%d bytes, %s", size, diff)
	}
	for range 2 { // the second time it is not there
		if err := s.Remove(key); err != nil {
			t.Error(err)
		}
	}
	if keys, _ := walked(); len(keys) != 1 || s.Has(key) {
		t.Errorf("after Remove: %v", keys)
	}
}
