package store_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/store"
)

// archiveName is where an entry is in a bucket.
func archiveName(key string) string { return "takes/" + key[:2] + "/" + key + ".tar" }

// archiveOf is what a machine puts into a bucket.
func archiveOf(t *testing.T, meta, data string) []byte {
	t.Helper()
	b := buckets["memory"](t)
	put(t, newMachine(t, b).Store, key, meta, data)
	return contents(t, b, archiveName(key))
}

func contents(t *testing.T, b store.Bucket, name string) []byte {
	t.Helper()
	r, err := b.Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// holds puts bytes under a name, whatever is there.
func holds(t *testing.T, b store.Bucket, name string, data []byte) {
	t.Helper()
	if err := b.Remove(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	_, err := b.PutIfAbsent(t.Context(), name, int64(len(data)), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An archive is one that everybody's tar unpacks, and its length is known
// before it is sent.
func TestArchiveIsForPeople(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 511, 512, 513, 100_000} {
		var told int64
		b := &measured{Bucket: buckets["memory"](t), told: &told}
		put(t, newMachine(t, b).Store, key, `{"name":"take.wav"}`, strings.Repeat("x", size))
		all := contents(t, b, archiveName(key))
		if int64(len(all)) != told {
			t.Errorf("%d bytes of sound: %d were told, and %d sent", size, told, len(all))
		}
		names := []string{}
		for r := tar.NewReader(bytes.NewReader(all)); ; {
			h, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, h.Name)
		}
		if !slices.Equal(names, []string{"entry.json", "take.wav"}) {
			t.Errorf("in it are %v", names)
		}
	}
}

// measured notes the size that it is told.
type measured struct {
	store.Bucket
	told *int64
}

func (m *measured) PutIfAbsent(ctx context.Context, name string, size int64, fill func(io.Writer) error) (bool, error) {
	*m.told = size
	return m.Bucket.PutIfAbsent(ctx, name, size, fill)
}

// TestEveryFlippedByteInABucket flips a bit of each byte of an archive. Whatever
// is handed out is what was put, the damage is told, and the next who puts mends
// it for all.
func TestEveryFlippedByteInABucket(t *testing.T) {
	t.Parallel()
	const meta, data = `{"name":"take.wav","text":"Ä <b> & c"}`, "some sound"
	sound := archiveOf(t, meta, data)
	b := buckets["memory"](t)
	damaged := 0
	for i := range sound {
		if sound[i] == 0 && i%32 != 0 {
			continue // most of it fills up
		}
		is := slices.Clone(sound)
		is[i] ^= 1 << (i % 8)
		holds(t, b, archiveName(key), is)
		m := newMachine(t, b)
		r, got, err := m.Open(key)
		if err == nil {
			all, _ := io.ReadAll(r)
			r.Close()
			if string(all) != data || string(got) != meta {
				t.Errorf("byte %d: handed out as %q, %s", i, all, got)
			}
			continue
		}
		damaged++
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(m.told(), "damage: bucket mem://takes: entry "+key) || m.Here(key) {
			t.Fatalf("byte %d: %v; told %q", i, err, m.told())
		}
		if i%100 == 0 {
			if put(t, m.Store, key, meta, "asked for again"); !bytes.Contains(contents(t, b, archiveName(key)), []byte("asked for again")) {
				t.Errorf("byte %d: it is not mended", i)
			}
		}
	}
	if damaged < len(data)+len(meta) {
		t.Errorf("only %d of %d were found", damaged, len(sound))
	}
}

// TestHostileArchives are made to be unpacked where nothing is to be written, or
// to pass for another entry.
func TestHostileArchives(t *testing.T) {
	t.Parallel()
	sound := archiveOf(t, `{"name":"take.wav"}`, "some sound")
	pack := func(files ...*tar.Header) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, h := range files {
			body := h.Linkname
			if h.Typeflag == tar.TypeReg {
				h.Linkname = ""
				h.Size = int64(len(body))
			}
			h.Mode = 0o644
			if err := w.WriteHeader(h); err != nil {
				t.Fatal(err)
			}
			if h.Typeflag == tar.TypeReg {
				if _, err := io.WriteString(w, body); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	entry := func(name, body string) *tar.Header {
		return &tar.Header{Typeflag: tar.TypeReg, Name: name, Linkname: body}
	}
	described := func(key, file, size string) string {
		return `{"version":1,"key":"` + key + `","file":"` + file + `","size":` + size + `,"sha256":"` + strings.Repeat("0", 64) + `"}`
	}
	for name, data := range map[string][]byte{
		"nothing":            {},
		"no archive":         []byte("<html>Sign in to your network</html>"),
		"cut":                sound[:len(sound)-1024-508],
		"a head alone":       sound[:512],
		"of another key":     pack(entry("entry.json", described(keyA, "data", "1")), entry("data", "x")),
		"a file that climbs": pack(entry("entry.json", described(key, "../../data", "1")), entry("../../data", "x")),
		"a link":             pack(entry("entry.json", described(key, "data", "1")), &tar.Header{Typeflag: tar.TypeSymlink, Name: "data", Linkname: "/etc/passwd"}),
		"a large one":        pack(entry("entry.json", described(key, "data", "99999999999999"))),
		"less than nothing":  pack(entry("entry.json", described(key, "data", "-1"))),
		"a long description": pack(entry("entry.json", strings.Repeat(" ", 2<<20))),
		"no description":     pack(entry("data", "x")),
		"a later version":    pack(entry("entry.json", strings.Replace(described(key, "data", "1"), `:1`, `:2`, 1)), entry("data", "x")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := buckets["memory"](t)
			holds(t, b, archiveName(key), data)
			m := machineIn(t, filepath.Join(t.TempDir(), "a", "b"), b)
			if _, _, err := m.Open(key); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(m.told(), "damage: ") {
				t.Errorf("%v; told %q", err, m.told())
			}
			if left, _ := os.ReadDir(filepath.Join(m.dir, "tmp")); len(left) != 0 || m.Here(key) {
				t.Errorf("left: %d in tmp, here: %v", len(left), m.Here(key))
			}
			if up, _ := os.ReadDir(filepath.Dir(filepath.Dir(m.dir))); len(up) != 1 {
				t.Errorf("written beside: %v", up)
			}
		})
	}
}

// FuzzUnpack has whatever stands in a bucket under an entry's name: nothing but a
// sound entry comes of it.
func FuzzUnpack(f *testing.F) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	entry := []byte("{\n  \"version\": 1,\n  \"key\": \"" + key + "\",\n  \"file\": \"data\",\n  \"size\": 1,\n  \"sha256\": \"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\"\n}\n")
	for _, file := range []struct {
		name string
		data []byte
	}{{"entry.json", entry}, {"data", []byte("x")}} {
		if err := errors.Join(w.WriteHeader(&tar.Header{Name: file.name, Mode: 0o644, Size: int64(len(file.data))})); err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write(file.data); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(archive.Bytes())
	f.Add(archive.Bytes()[:600])
	f.Add([]byte("entry.json"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b := buckets["memory"](t)
		holds(t, b, archiveName(key), data)
		m := newMachine(t, b)
		r, _, err := m.Open(key)
		if err == nil {
			r.Close()
			if err := m.Verify(key); err != nil {
				t.Errorf("it was handed out, and %v", err)
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
}
