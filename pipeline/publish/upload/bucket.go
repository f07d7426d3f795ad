package upload

import (
	"context"
	"io"
	"path/filepath"
	"time"

	"gocloud.dev/blob"

	"github.com/narrapress/narrapress/internal/bucket"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// target is where files go.
type target struct {
	bucket *blob.Bucket
	dir    string // of this machine: it keeps files alone, without types and hashes; empty for a bucket
	within func(bytes int64) time.Duration
}

// limit bounds a request for so many bytes: a server that does not answer would be
// waited for without end. A folder of this machine takes its time.
func (t *target) limit(ctx context.Context, bytes int64) (context.Context, context.CancelFunc) {
	if t.dir != "" {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, t.within(bytes))
}

// write puts what fill writes at the target under a name with slashes, whole or
// not at all. In a folder that is on the disk when it is done, in the order in
// which it went: a feed never outlives a power cut that its sounds do not.
func (t *target) write(ctx context.Context, name string, bytes int64, o *blob.WriterOptions, fill func(io.Writer) error) error {
	if t.dir != "" && filepath.IsLocal(filepath.FromSlash(name)) {
		path := filepath.Join(t.dir, filepath.FromSlash(name))
		if err := publish.MakeFolder(filepath.Dir(path)); err != nil {
			return err
		}
		_, err := publish.Replace(path, func(w io.Writer) error {
			if err := fill(w); err != nil {
				return err
			}
			return context.Cause(ctx)
		})
		return err
	}
	// A writer whose context ends before it is closed writes nothing.
	ctx, cancel := t.limit(ctx, bytes)
	defer cancel()
	w, err := t.bucket.NewWriter(ctx, name, o)
	if err != nil {
		return err
	}
	if err := fill(w); err != nil {
		cancel()
		_ = w.Close() // says that it was cancelled
		return err
	}
	return w.Close()
}

// open opens what publish.to names.
func open(ctx context.Context, to string) (*target, error) {
	b, dir, err := bucket.Blob(ctx, "publish.to", to)
	if err != nil {
		return nil, err
	}
	return &target{b, dir, bucket.Within}, nil
}
