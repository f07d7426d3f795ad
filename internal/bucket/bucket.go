package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/smithy-go"
	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// Bucket is one that is open. It is safe for concurrent use.
type Bucket struct {
	blob *blob.Bucket
	dir  string // of this machine; empty for a bucket
	name string

	looks atomic.Bool // before it puts, for its server does not know put-if-absent
}

// What is waited for at most: an answer, and for each byte beside it the time of
// a slow line. An attempt is made twice, each with those that the server's own
// client makes (AWS_MAX_ATTEMPTS).
const (
	patience    = 30 * time.Second
	slowest     = 64 << 10 // bytes a second
	mostRetries = 1
	firstWait   = 250 * time.Millisecond
	longestWait = 2 * time.Second
)

// Open opens what a setting names, as [Blob] does. Nothing is asked of a server
// yet: [Bucket.Ready] does.
func Open(ctx context.Context, setting, to string) (*Bucket, error) {
	b, dir, err := Blob(ctx, setting, to)
	if err != nil {
		return nil, err
	}
	if dir != "" {
		sweep(dir)
	}
	return &Bucket{blob: b, dir: dir, name: short(to)}, nil
}

// New is a bucket that is open already, with a name for messages.
func New(b *blob.Bucket, name string) *Bucket { return &Bucket{blob: b, name: name} }

// String is its address, without parameters.
func (b *Bucket) String() string { return b.name }

// Close lets go of it.
func (b *Bucket) Close() error { return b.blob.Close() }

// Within is how long a server may take for so many bytes: some time for its answer,
// and for each byte that of a slow line.
func Within(bytes int64) time.Duration {
	return patience + time.Duration(bytes/slowest)*time.Second
}

// Has says whether there is a file under a name.
func (b *Bucket) Has(ctx context.Context, name string) (there bool, err error) {
	err = b.try(ctx, "ask for "+name, func() error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		var err error
		there, err = b.blob.Exists(ctx, name)
		return err
	})
	return there, err
}

// Get opens the file under a name for reading. The error wraps fs.ErrNotExist
// where there is none. It must be closed.
func (b *Bucket) Get(ctx context.Context, name string) (r io.ReadCloser, err error) {
	err = b.try(ctx, "read "+name, func() error {
		ctx, cancel := context.WithCancel(ctx)
		timer := time.AfterFunc(patience, cancel)
		from, err := b.blob.NewReader(ctx, name, nil)
		if err != nil {
			timer.Stop()
			cancel()
			return err
		}
		timer.Reset(Within(from.Size()))
		r = &incoming{from, timer, cancel}
		return nil
	})
	return r, err
}

// incoming is a file that is being read.
type incoming struct {
	*blob.Reader
	timer  *time.Timer
	cancel context.CancelFunc
}

func (r *incoming) Close() error {
	r.timer.Stop()
	err := r.Reader.Close()
	r.cancel()
	return err
}

// PutIfAbsent puts what fill writes, size bytes, under a name, unless there is
// a file: stored says whether it was put. An answer that is lost on its way may
// make it look as if another had been there: whoever needs to know reads it.
// fill is called once for each attempt.
func (b *Bucket) PutIfAbsent(ctx context.Context, name string, size int64, fill func(io.Writer) error) (stored bool, err error) {
	err = b.try(ctx, "put "+name, func() error {
		ctx, cancel := context.WithTimeout(ctx, Within(size))
		defer cancel()
		var err error
		if b.dir != "" {
			stored, err = b.link(ctx, name, fill)
		} else {
			stored, err = b.put(ctx, name, fill)
		}
		return err
	})
	return stored, err
}

func (b *Bucket) put(ctx context.Context, name string, fill func(io.Writer) error) (bool, error) {
	o := &blob.WriterOptions{ContentType: "application/octet-stream", IfNotExist: !b.looks.Load(), MaxConcurrency: 1}
	if !o.IfNotExist {
		if there, err := b.blob.Exists(ctx, name); there || err != nil {
			return false, err
		}
	}
	err := b.write(ctx, name, o, fill)
	if o.IfNotExist && b.unknown(err) {
		b.looks.Store(true)
		return b.put(ctx, name, fill)
	}
	if o.IfNotExist && gcerrors.Code(err) == gcerrors.FailedPrecondition {
		return false, nil
	}
	return err == nil, err
}

// unknown says whether a server refused If-None-Match for what it is.
func (b *Bucket) unknown(err error) bool {
	var api smithy.APIError
	return err != nil && errors.As(err, &api) && api.ErrorCode() == "NotImplemented"
}

// write puts what fill writes under a name, whole or not at all.
func (b *Bucket) write(ctx context.Context, name string, o *blob.WriterOptions, fill func(io.Writer) error) error {
	// A writer whose context ends before it is closed writes nothing.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := b.blob.NewWriter(ctx, name, o)
	if err != nil {
		return err
	}
	if err := fill(w); err != nil {
		cancel()
		// Where the server refused it in the middle, that is the reason.
		if closing := w.Close(); gcerrors.Code(closing) == gcerrors.FailedPrecondition {
			return closing
		}
		return err
	}
	return w.Close()
}

// Remove removes the file under a name. One that is not there is no error.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	err := b.try(ctx, "remove "+name, func() error {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		return b.blob.Delete(ctx, name)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// List calls each for every file whose name begins with prefix, by name: its
// size in bytes, and when it was put by the clock of its server. It ends at the
// first error of each.
func (b *Bucket) List(ctx context.Context, prefix string, each func(name string, size int64, changed time.Time) error) error {
	for it := b.blob.List(&blob.ListOptions{Prefix: prefix}); ; {
		page, cancel := context.WithTimeout(ctx, patience)
		o, err := it.Next(page)
		cancel()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return b.failed("list "+prefix, err)
		}
		if err := each(o.Key, o.Size, o.ModTime); err != nil {
			return err
		}
	}
}

// probe is the file by which a bucket is asked whether it can be written to.
const probe = "narrapress.txt"

const probed = "Narrapress keeps takes and blocks here, for the machines that make episodes of the same shows.\n"

// Ready asks whether the bucket can be written to, and finds out whether its
// server keeps to put-if-absent.
func (b *Bucket) Ready(ctx context.Context) error {
	put := func() (bool, error) {
		return b.PutIfAbsent(ctx, probe, int64(len(probed)), func(w io.Writer) error {
			_, err := io.WriteString(w, probed)
			return err
		})
	}
	stored, err := put()
	if !stored || err != nil { // one that is there was not written over
		return err
	}
	if stored, err = put(); stored {
		b.looks.Store(true)
	}
	return err
}

// Exclusive says whether of two who put under one name at the same time exactly
// one succeeds. It is known once the bucket was Ready.
func (b *Bucket) Exclusive() bool { return !b.looks.Load() }

// try does something, again where that may help.
func (b *Bucket) try(ctx context.Context, what string, do func() error) error {
	again := retrypolicy.NewBuilder[any]().WithMaxRetries(mostRetries).WithBackoff(firstWait, longestWait).WithJitterFactor(0.25).ReturnLastFailure().
		HandleIf(func(_ any, err error) bool { return err != nil && ctx.Err() == nil && b.dir == "" && Transient(err) }).Build()
	if err := failsafe.With[any](again).WithContext(ctx).Run(do); err != nil {
		return b.failed(what, err)
	}
	return nil
}

// failed says in one line what could not be done.
func (b *Bucket) failed(what string, err error) error {
	if gcerrors.Code(err) == gcerrors.NotFound && !missing(err) {
		return fmt.Errorf("bucket %s: %s: %w", b.name, what, fs.ErrNotExist)
	}
	const most = 300 // characters: clients quote whole answers
	reason := strings.Join(strings.Fields(err.Error()), " ")
	if r := []rune(reason); len(r) > most {
		reason = string(r[:most]) + "…"
	}
	return &Error{Bucket: b.name, Doing: what, Reason: reason, err: err}
}

// missing says whether it is the bucket that is not there.
func missing(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "NoSuchBucket"
}

// Transient says whether another attempt may help.
func Transient(err error) bool {
	switch gcerrors.Code(err) {
	case gcerrors.PermissionDenied, gcerrors.NotFound, gcerrors.InvalidArgument, gcerrors.Unimplemented, gcerrors.FailedPrecondition:
		return false
	}
	return true
}

// Error is what a bucket could not do.
type Error struct {
	Bucket string // its address, without parameters
	Doing  string
	Reason string // one line

	err error
}

func (e *Error) Error() string { return fmt.Sprintf("bucket %s: %s: %s", e.Bucket, e.Doing, e.Reason) }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.err }
