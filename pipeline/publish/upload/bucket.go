package upload

import (
	"context"
	"io"
	"path/filepath"

	"gocloud.dev/blob"

	"github.com/narrapress/narrapress/internal/bucket"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// target is where files go.
type target struct {
	bucket *blob.Bucket
	dir    string // of this machine: it keeps files alone, without types and hashes; empty for a bucket
}

// write puts what fill writes at the target under a name with slashes, whole or
// not at all. In a folder that is on the disk when it is done, in the order in
// which it went: a feed never outlives a power cut that its sounds do not.
func (t *target) write(ctx context.Context, name string, o *blob.WriterOptions, fill func(io.Writer) error) error {
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
	ctx, cancel := context.WithCancel(ctx)
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
	return &target{b, dir}, nil
}
