// Package upload answers how a show gets onto the web: it copies the feed and
// what it names to a folder or a bucket, and only what is not there as it is.
//
// The feed is the last to go up, and only after everything that it names was
// seen at the target in its length: whatever happens on the way, a feed never
// names a file that is not there. What an interrupted upload has sent stays, and
// is not sent again.
package upload

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
	"golang.org/x/sync/errgroup"
)

// Options are what is uploaded, and where to.
type Options struct {
	Out     string // folder of the feed and the episodes' folders
	BaseURL string // of Out on the web, as the feed has it
	To      string // file:///FOLDER or s3://BUCKET/FOLDER?region=…

	DryRun   bool // only say what would be done
	Prune    bool // at the end, remove what no manifest names any more, and what is of withdrawn episodes
	Parallel int  // files at a time; 0 is 8

	Within  func(bytes int64) time.Duration // how long a bucket's server may take for so many; nil is bucket.Within
	Observe func(Sent)                      // told of each file as it is there, one call at a time; may be nil
}

// Sent is a file that was sent, or would be.
type Sent struct {
	Name  string `json:"name"` // in the output folder, with slashes
	Bytes int64  `json:"bytes"`
}

// Result is what was done, or would be.
type Result struct {
	To        string   `json:"to"`
	Sent      []Sent   `json:"sent"` // in the order in which they went up
	Bytes     int64    `json:"bytes"`
	Same      int      `json:"same"`      // files that are there as they are
	Stale     []string `json:"stale"`     // files there that no manifest names any more, or that of a withdrawn episode
	Withdrawn int      `json:"withdrawn"` // how many of those are of withdrawn episodes
	Removed   bool     `json:"removed"`   // whether those were removed, or would be
}

// Attempts at a file, beside those that the store's own client makes, and the
// wait between them.
const (
	mostRetries = 3
	firstWait   = 500 * time.Millisecond
	longestWait = 8 * time.Second
)

// What a bucket keeps with a file: its SHA-256, in hex, and the headers that it
// was sent with. Not every server with S3's interface gives those back.
const (
	shaKey    = "sha256"
	servedKey = "served"
)

func (f *file) served() string { return f.mediaType + "; " + f.cache() }

// Run uploads. On error the result says what is there already.
func Run(ctx context.Context, o Options) (res *Result, err error) {
	res = &Result{To: o.To, Sent: []Sent{}, Stale: []string{}}
	files, err := want(o.Out, o.BaseURL)
	if err != nil {
		return res, err
	}
	t, err := open(ctx, o.To)
	if err != nil {
		return res, err
	}
	defer t.bucket.Close()
	if o.Within != nil {
		t.within = o.Within
	}
	root, err := os.OpenRoot(o.Out)
	if err != nil {
		return res, fmt.Errorf("read %s: %w", o.Out, err)
	}
	defer root.Close()
	if o.Parallel <= 0 {
		o.Parallel = 8
	}
	u := &upload{o: o, to: t, root: root, res: res}
	if u.inventory, err = t.inventory(ctx); err != nil {
		return res, err
	}
	there, err := t.list(ctx)
	if err != nil {
		return res, err
	}
	defer func() {
		if noting := u.note(ctx); err == nil {
			err = noting
		}
	}()
	for s := artefacts; s <= front; s++ {
		if s == archives && !o.DryRun {
			if err := u.verify(ctx, files); err != nil {
				return res, err
			}
		}
		if err := u.stage(ctx, files, s, there); err != nil {
			return res, err
		}
	}
	if res.Stale, err = u.stale(files, there); err != nil || !o.Prune {
		return res, err
	}
	res.Removed = true
	if o.DryRun {
		return res, nil
	}
	return res, u.remove(ctx, res.Stale)
}

// upload is one that is under way.
type upload struct {
	o    Options
	to   *target
	root *os.Root

	mu        sync.Mutex // of what follows
	res       *Result
	inventory *inventory
	noted     bool // it changed
}

// list is what is at the target, by name.
func (t *target) list(ctx context.Context) (map[string]seen, error) {
	out := map[string]seen{}
	for it := t.bucket.List(nil); ; {
		asked, cancel := t.limit(ctx, 0)
		o, err := it.Next(asked)
		cancel()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("list the target: %w", err)
		}
		there := seen{bytes: o.Size}
		if t.dir != "" {
			there.time = o.ModTime
		}
		out[o.Key] = there
	}
}

// stage sends the files of one stage that are not there as they are.
func (u *upload) stage(ctx context.Context, files []*file, s stage, there map[string]seen) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(u.o.Parallel)
	for _, f := range files {
		if f.stage != s {
			continue
		}
		g.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			is, ok := there[f.name]
			if ok && is.bytes == f.bytes {
				same, err := u.known(f, is), error(nil)
				if !same {
					same, err = u.to.same(ctx, f)
				}
				if err != nil {
					return err
				}
				if same {
					u.has(f, is)
					u.mu.Lock()
					u.res.Same++
					u.mu.Unlock()
					return nil
				}
			}
			if !u.o.DryRun {
				if err := u.send(ctx, f); err != nil {
					return err
				}
				is, err := u.look(ctx, f)
				if err != nil {
					return err
				}
				u.has(f, is)
			}
			u.mu.Lock()
			defer u.mu.Unlock()
			u.res.Sent = append(u.res.Sent, Sent{f.name, f.bytes})
			u.res.Bytes += f.bytes
			if u.o.Observe != nil {
				u.o.Observe(Sent{f.name, f.bytes})
			}
			return nil
		})
	}
	return g.Wait()
}

// same says whether a file of its length at the target is the file: by the
// hash that was kept with it, in a folder by its bytes.
func (t *target) same(ctx context.Context, f *file) (bool, error) {
	if t.dir != "" {
		r, err := t.bucket.NewReader(ctx, f.name, nil)
		if err != nil {
			return false, fmt.Errorf("read %s at the target: %w", f.name, err)
		}
		defer r.Close()
		h := sha256.New()
		if _, err := io.Copy(h, r); err != nil {
			return false, fmt.Errorf("read %s at the target: %w", f.name, err)
		}
		return hex.EncodeToString(h.Sum(nil)) == f.sha256, nil
	}
	ctx, cancel := t.limit(ctx, 0)
	defer cancel()
	a, err := t.bucket.Attributes(ctx, f.name)
	if err != nil {
		return false, fmt.Errorf("ask for %s at the target: %w", f.name, err)
	}
	return a.Metadata[shaKey] == f.sha256 && a.Metadata[servedKey] == f.served(), nil
}

// send sends a file, again where that may help.
func (u *upload) send(ctx context.Context, f *file) error {
	again := retrypolicy.NewBuilder[any]().WithMaxRetries(mostRetries).WithBackoff(firstWait, longestWait).ReturnLastFailure().
		HandleIf(func(_ any, err error) bool { return err != nil && ctx.Err() == nil && u.to.dir == "" && transient(err) }).Build()
	return failsafe.With[any](again).WithContext(ctx).Run(func() error {
		if err := u.put(ctx, f); err != nil {
			return fmt.Errorf("send %s: %w", f.name, err)
		}
		return nil
	})
}

// transient says whether another attempt may help.
func transient(err error) bool {
	if changed := new(changedError); errors.As(err, &changed) {
		return false
	}
	switch gcerrors.Code(err) {
	case gcerrors.PermissionDenied, gcerrors.NotFound, gcerrors.InvalidArgument, gcerrors.Unimplemented, gcerrors.FailedPrecondition:
		return false
	}
	return true
}

// changedError is a file that is not what its manifest says.
type changedError struct{ path string }

func (e *changedError) Error() string {
	return e.path + " is not as it was made (its SHA-256 differs): produce the episode again"
}

// put writes one file to the target, whole or not at all.
func (u *upload) put(ctx context.Context, f *file) error {
	var from io.Reader = strings.NewReader(string(f.data))
	if f.data == nil {
		r, err := u.root.Open(filepath.FromSlash(f.name))
		if err != nil {
			return err
		}
		defer r.Close()
		from = r
	}
	o := &blob.WriterOptions{
		ContentType: f.mediaType, CacheControl: f.cache(), Metadata: map[string]string{shaKey: f.sha256, servedKey: f.served()},
	}
	return u.to.write(ctx, f.name, f.bytes, o, func(w io.Writer) error {
		h := sha256.New()
		_, err := io.Copy(w, io.TeeReader(io.LimitReader(from, f.bytes+1), h))
		if err == nil && hex.EncodeToString(h.Sum(nil)) != f.sha256 {
			err = &changedError{filepath.Join(u.o.Out, filepath.FromSlash(f.name))}
		}
		return err
	})
}

// verify sees that all that the feed names is at the target, in its length.
func (u *upload) verify(ctx context.Context, files []*file) error {
	there, err := u.to.list(ctx)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.stage >= archives {
			continue
		}
		if is, ok := there[f.name]; !ok || is.bytes != f.bytes {
			return fmt.Errorf("%s was sent and is not at the target as it should be: the feed is not sent: try again", f.name)
		}
	}
	return nil
}

func (u *upload) remove(ctx context.Context, names []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(u.o.Parallel)
	for _, name := range names {
		g.Go(func() error {
			asked, cancel := u.to.limit(ctx, 0)
			defer cancel()
			if err := u.to.bucket.Delete(asked, name); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
				return fmt.Errorf("remove %s at the target: %w", name, err)
			}
			u.mu.Lock()
			defer u.mu.Unlock()
			delete(u.inventory.Files, name)
			u.noted = true
			return nil
		})
	}
	return g.Wait()
}
