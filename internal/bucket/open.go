package bucket

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/s3blob"
)

// Blob opens what a setting names: file:///FOLDER, or s3://BUCKET/FOLDER with
// the parameters of gocloud.dev/aws (region, endpoint, profile …). Keys come
// from where the AWS tools look for them. dir is a folder of this machine: it
// keeps files alone, without types and hashes; it is empty for a bucket. Nothing
// is asked of a server yet.
func Blob(ctx context.Context, setting, to string) (b *blob.Bucket, dir string, err error) {
	if err := Check(setting, to); err != nil {
		return nil, "", err
	}
	u, err := url.Parse(to)
	if err != nil {
		return nil, "", errors.New(setting + ": it is no address")
	}
	if u.Scheme == "file" {
		dir = filepath.FromSlash(u.Path)
		b, err = fileblob.OpenBucket(dir, &fileblob.Options{CreateDir: true, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
		if err != nil {
			return nil, "", fmt.Errorf("open %s: %w", to, err)
		}
		return b, dir, nil
	}
	prefix := strings.Trim(u.Path, "/")
	u.Path = ""
	if b, err = (&s3blob.URLOpener{}).OpenBucketURL(ctx, u); err != nil {
		return nil, "", fmt.Errorf("open %s: %w", short(to), err)
	}
	if prefix != "" {
		b = blob.PrefixedBucket(b, prefix+"/")
	}
	return b, "", nil
}

// Check says what is wrong with what a setting names, before anything is opened.
// It shows the address only where nobody's name or key is in it.
func Check(setting, to string) error {
	u, err := url.Parse(to)
	if err != nil {
		return errors.New(setting + ": it is no address: write file:///FOLDER or s3://BUCKET/FOLDER")
	}
	if u.User != nil {
		return errors.New(setting + ": a name or a key stands in the address: put them into the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)")
	}
	switch u.Scheme {
	case "file":
		if u.Host != "" || u.Path == "" || u.RawQuery != "" {
			return fmt.Errorf("%s: %s is no folder of this machine: write file:///srv/www/podcast", setting, short(to))
		}
		return nil
	case "s3":
		if u.Host == "" {
			return fmt.Errorf("%s: %s names no bucket: write s3://BUCKET/FOLDER", setting, short(to))
		}
		return elsewhere(setting, u.Query().Get("endpoint"))
	}
	return fmt.Errorf("%s: %s is neither file:///FOLDER nor s3://BUCKET/FOLDER", setting, short(to))
}

// elsewhere refuses a server of buckets at a link-local address: clouds keep the
// credentials of their machines there, and no bucket stands there.
func elsewhere(setting, endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.User != nil {
		return errors.New(setting + ": its endpoint is no address: write it as https://host")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err == nil && (ip.Unmap().IsLinkLocalUnicast() || ip == netip.MustParseAddr("fd00:ec2::254")) {
		return fmt.Errorf("%s: %s is a link-local address, which is never asked: no bucket stands there", setting, u.Host)
	}
	return nil
}

// short is an address without its parameters.
func short(to string) string {
	to, _, _ = strings.Cut(to, "?")
	return to
}
