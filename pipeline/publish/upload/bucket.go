package upload

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"
)

// target is where files go.
type target struct {
	bucket *blob.Bucket
	local  bool // a folder of this machine: it keeps files alone, without types and hashes
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
		return &target{b, true}, nil
	case "s3":
		prefix := strings.Trim(u.Path, "/")
		u.Path = ""
		b, err := (&s3blob.URLOpener{}).OpenBucketURL(ctx, u)
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", to, err)
		}
		if prefix != "" {
			b = blob.PrefixedBucket(b, prefix+"/")
		}
		return &target{b, false}, nil
	}
	return nil, fmt.Errorf("publish.to: %s is neither file:///FOLDER nor s3://BUCKET/FOLDER", to)
}
