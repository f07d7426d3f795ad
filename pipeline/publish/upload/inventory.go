package upload

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// inventoryName is the file at a target that lists what was sent there. By it
// alone a file may be removed; and one of a folder that is as it was when it
// was last looked at need not be read again.
const inventoryName = ".narrapress-files.json"

// inventoryVersion is that of its shape; another one is nobody's.
const inventoryVersion = 1

// maxInventory bounds what is read: some 300,000 files.
const maxInventory = 64 << 20

// inventory is what was sent to a target, by name.
type inventory struct {
	Version int             `json:"version"`
	Files   map[string]sent `json:"files"`
}

// sent is a file as it was when it was last seen at the target.
type sent struct {
	SHA256 string    `json:"sha256"`
	Bytes  int64     `json:"bytes"`
	Time   time.Time `json:"time,omitzero"` // of its last change, in a folder
}

// seen is a file at the target.
type seen struct {
	bytes int64
	time  time.Time // of its last change; zero in a bucket, whose clock is another's
}

// is says whether the file that was sent is the one that is there.
func (s sent) is(there seen) bool { return s.Bytes == there.bytes && s.Time.Equal(there.time) }

// inventory reads that of the target. One that is not there, or cannot be made
// out, lists nothing: then nothing is removed, and everything is looked at.
func (t *target) inventory(ctx context.Context) (*inventory, error) {
	none := &inventory{Version: inventoryVersion, Files: map[string]sent{}}
	// Its length is known when it is open: then it has the time for that.
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(t.within(0), func() { cancel(context.DeadlineExceeded) })
	defer timer.Stop()
	r, err := t.bucket.NewReader(ctx, inventoryName, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return none, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s at the target: %w", inventoryName, cmp.Or(context.Cause(ctx), err))
	}
	defer r.Close()
	timer.Reset(t.within(r.Size()))
	b, err := io.ReadAll(io.LimitReader(r, maxInventory))
	if err != nil {
		return nil, fmt.Errorf("read %s at the target: %w", inventoryName, cmp.Or(context.Cause(ctx), err))
	}
	inv := &inventory{}
	if json.Unmarshal(b, inv) != nil || inv.Version != inventoryVersion || inv.Files == nil {
		return none, nil
	}
	return inv, nil
}

// note writes what is at the target now, also of an upload that was
// interrupted: what it has sent is its own.
func (u *upload) note(ctx context.Context) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.noted || u.o.DryRun {
		return nil
	}
	const most = 30 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), most)
	defer cancel()
	b, err := json.Marshal(u.inventory)
	if err == nil {
		err = u.to.write(ctx, inventoryName, int64(len(b)), &blob.WriterOptions{ContentType: "application/json", CacheControl: "no-store"}, func(w io.Writer) error {
			_, err := w.Write(b)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("send %s: %w", inventoryName, err)
	}
	return nil
}

// has notes that a file is at the target.
func (u *upload) has(f *file, there seen) {
	is := sent{SHA256: f.sha256, Bytes: f.bytes, Time: there.time}
	u.mu.Lock()
	defer u.mu.Unlock()
	if was, ok := u.inventory.Files[f.name]; !ok || was.SHA256 != is.SHA256 || !was.is(there) {
		u.inventory.Files[f.name], u.noted = is, true
	}
}

// known says whether a file at the target was looked at before, and is the one
// that is wanted.
func (u *upload) known(f *file, there seen) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	was, ok := u.inventory.Files[f.name]
	return ok && u.to.dir != "" && was.SHA256 == f.sha256 && was.is(there)
}

// look is a file that was sent, as it is at the target.
func (u *upload) look(ctx context.Context, f *file) (seen, error) {
	if u.to.dir == "" {
		return seen{bytes: f.bytes}, nil
	}
	a, err := u.to.bucket.Attributes(ctx, f.name)
	if err != nil {
		return seen{}, fmt.Errorf("ask for %s at the target: %w", f.name, err)
	}
	return seen{a.Size, a.ModTime}, nil
}
