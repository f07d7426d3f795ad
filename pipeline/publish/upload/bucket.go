package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"

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
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
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

// open opens what publish.to names: file:///FOLDER, or s3://BUCKET/FOLDER with
// the parameters of gocloud.dev/aws (region, endpoint, profile …). Keys come
// from where the AWS tools look for them.
func open(ctx context.Context, to string) (*target, error) {
	u, err := url.Parse(to)
	if err != nil {
		return nil, fmt.Errorf("publish.to: %w", err)
	}
	switch u.Scheme {
	case "file":
		if u.Host != "" || u.Path == "" || u.RawQuery != "" {
			return nil, fmt.Errorf("publish.to: %s is no folder of this machine: write file:///srv/www/podcast", to)
		}
		b, err := fileblob.OpenBucket(filepath.FromSlash(u.Path), &fileblob.Options{
			CreateDir: true, NoTempDir: true, Metadata: fileblob.MetadataDontWrite,
		})
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", to, err)
		}
		return &target{b, filepath.FromSlash(u.Path)}, nil
	case "s3":
		if err := elsewhere(u.Query().Get("endpoint")); err != nil {
			return nil, err
		}
		prefix := strings.Trim(u.Path, "/")
		u.Path = ""
		b, err := (&s3blob.URLOpener{}).OpenBucketURL(ctx, u)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", to, err)
		}
		if prefix != "" {
			b = blob.PrefixedBucket(b, prefix+"/")
		}
		return &target{b, ""}, nil
	}
	return nil, fmt.Errorf("publish.to: %s is neither file:///FOLDER nor s3://BUCKET/FOLDER", to)
}

// elsewhere refuses a server of buckets at a link-local address: clouds keep the
// credentials of their machines there, and no bucket stands there.
func elsewhere(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil {
		return errors.New("publish.to: its endpoint is no address: write it as https://host")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err == nil && (ip.Unmap().IsLinkLocalUnicast() || ip == netip.MustParseAddr("fd00:ec2::254")) {
		return fmt.Errorf("publish.to: %s is a link-local address, which is never asked: no bucket stands there", u.Host)
	}
	return nil
}
