package store_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/narrapress/narrapress/internal/store"
)

func sharedCache(t *testing.T, b store.Bucket) *store.Cache {
	t.Helper()
	return store.OpenCache(t.TempDir(), store.Options{Shared: store.Share(t.Context(), b, store.SharedOptions{})})
}

// TestCacheOfTwoMachines shares blocks, and nothing that is of one machine
// alone, or costs less to make than to send.
func TestCacheOfTwoMachines(t *testing.T) {
	t.Parallel()
	for name, open := range buckets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t)
			one, two := sharedCache(t, b), sharedCache(t, b)
			block := bytes.Repeat([]byte("block"), 1000)
			keyC, keyD := "cc"+keyA[2:], "dd"+keyA[2:]
			for key, err := range map[string]error{
				"a block":   one.Put(keyA, block),
				"a ceiling": one.Put(keyB, []byte("four")),
				"a memory":  one.With(nil).Put(keyC, block),
				"a track":   one.Make(keyD, func(w io.Writer) error { _, err := w.Write(block); return err }),
			} {
				if err != nil {
					t.Errorf("%s: %v", key, err)
				}
			}
			one.Flush(t.Context())
			if got := inBucket(t, b); len(got) != 1 || got[0] != "blocks/aa/"+keyA {
				t.Errorf("there is %v", got)
			}
			if head, size := two.Peek(keyA, 5); string(head) != "block" || size != int64(len(block)) {
				t.Errorf("%q of %d bytes", head, size)
			}
			if got := two.Get(keyA); !bytes.Equal(got, block) {
				t.Errorf("%d bytes", len(got))
			}
			if head, _ := two.Peek(keyB, 4); head != nil {
				t.Errorf("%q of what was not sent", head)
			}
			// One that is damaged is not there, and is made again.
			whole := contents(t, b, "blocks/aa/"+keyA)
			whole[len(whole)/2] ^= 1
			holds(t, b, "blocks/aa/"+keyA, whole)
			if head, _ := sharedCache(t, b).Peek(keyA, 5); head != nil {
				t.Errorf("%q of a damaged block", head)
			}
		})
	}
}

// A bucket that is down costs an episode nothing but what was in it.
func TestCacheWithoutItsBucket(t *testing.T) {
	t.Parallel()
	w := &weather{Bucket: buckets["memory"](t), fails: func(int64) error { return errWeather }}
	c := sharedCache(t, w)
	for range 20 {
		if head, _ := c.Peek(keyA, 1); head != nil {
			t.Errorf("%q", head)
		}
		if err := c.Put(keyB, []byte(strings.Repeat("x", 1000))); err != nil {
			t.Error(err)
		}
	}
	c.Flush(t.Context())
	if n := w.asked.Load(); n != 1 {
		t.Errorf("a bucket that is down was asked %d times", n)
	}
	if head, _ := c.Peek(keyB, 1); string(head) != "x" {
		t.Errorf("what is here is not: %q", head)
	}
}
