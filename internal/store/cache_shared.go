package store

import (
	"context"
	"io"
	"os"
	"sync"
	"time"
)

// What is sent to a bucket, and what is taken from it. A joint's ceiling of four
// bytes is made sooner than it is asked for; a block has some 100 kB.
const (
	leastSent = 256
	mostBlock = 64 << 20

	sending   = 4           // blocks at a time
	mostSends = 4096        // blocks that wait: they are in the folder, and made again elsewhere
	flushing  = time.Minute // that the end of an episode waits for them at most
)

// sends are the blocks on their way to a bucket.
type sends struct {
	slots chan struct{}

	mu      sync.Mutex
	waiting int
	ended   *sync.Cond
}

// With is the same cache with a bucket behind it; nil is none, so that what is
// put there is of this machine alone. What Peek does not find in the folder
// comes from the bucket, and what Put is given goes there, as a block does: its
// key tells its bytes. What Make writes stays here: a decoded track has some
// twenty times the bytes of its file, and is decoded sooner than it is sent.
func (c *Cache) With(shared *Shared) *Cache {
	if c == nil {
		return nil
	}
	with := &Cache{dir: c.dir, now: c.now, shared: shared}
	if shared != nil {
		with.sends = &sends{slots: make(chan struct{}, sending)}
		with.sends.ended = sync.NewCond(&with.sends.mu)
	}
	return with
}

// fetch brings a block here. Whatever is wrong with it, it can be made.
func (c *Cache) fetch(key string) bool {
	got, _, _ := c.shared.flights.Do(c.dir+"\x00"+key, func() (any, error) {
		b, err := c.download(key)
		if err != nil || b == nil {
			return false, nil //nolint:nilerr // a cache without it makes it anew
		}
		err = c.write(key, func(f *os.File) error {
			_, err := f.Write(b)
			return err
		})
		return err == nil, nil
	})
	return got.(bool)
}

func (c *Cache) download(key string) (b []byte, err error) {
	name := blockName(key)
	err = c.shared.ask(func(ctx context.Context, bucket Bucket) error {
		r, err := bucket.Get(ctx, name)
		if err != nil {
			return err
		}
		defer r.Close()
		b, err = io.ReadAll(io.LimitReader(r, mostBlock+1))
		return err
	})
	if err != nil {
		return nil, err
	}
	if _, ok := sound(b); !ok {
		c.shared.log.Warn("a block in the bucket is damaged and is made again", "block", name)
		return nil, nil
	}
	return b, nil
}

// send puts a block into the bucket, meanwhile.
func (c *Cache) send(key string) {
	if c.shared == nil {
		return
	}
	s := c.sends
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting == mostSends {
		return
	}
	s.waiting++
	go func() {
		defer func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.waiting--; s.waiting == 0 {
				s.ended.Broadcast()
			}
		}()
		s.slots <- struct{}{}
		defer func() { <-s.slots }()
		if err := c.upload(key); err != nil {
			c.shared.log.Warn("a block is not sent to the bucket", "block", blockName(key), "error", err)
		}
	}()
}

func (c *Cache) upload(key string) error {
	f, err := openFile(c.path(key))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() > mostBlock {
		return nil
	}
	return c.shared.ask(func(ctx context.Context, b Bucket) error {
		_, err := b.PutIfAbsent(ctx, blockName(key), info.Size(), func(w io.Writer) error {
			_, err := io.Copy(w, localReader{io.NewSectionReader(f, 0, info.Size())})
			return err
		})
		return err
	})
}

// Flush waits until what was put is in the bucket as well, at most a minute, or
// until ctx ends: what is not there by then may get there, or is made again.
func (c *Cache) Flush(ctx context.Context) {
	if c == nil || c.shared == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, flushing)
	defer cancel()
	s := c.sends
	defer context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ended.Broadcast()
	})()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.waiting > 0 && ctx.Err() == nil {
		s.ended.Wait()
	}
}
