package upload

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"

	"github.com/narrapress/narrapress/internal/bucket"
)

// weather is a bucket that takes nothing, and notes when it was asked to.
type weather struct {
	driver.Bucket
	code  gcerrors.ErrorCode
	began time.Time
	asked []time.Duration
}

func (w *weather) NewTypedWriter(context.Context, string, string, *driver.WriterOptions) (driver.Writer, error) {
	w.asked = append(w.asked, time.Since(w.began))
	return nil, errors.New("not now")
}

func (w *weather) ErrorCode(error) gcerrors.ErrorCode { return w.code }
func (w *weather) Close() error                       { return nil }

// TestAttempts tries again a few times, and waits longer each time, where that may
// help; at once it gives up where it cannot.
func TestAttempts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		code gcerrors.ErrorCode
		want []time.Duration
	}{
		{"throttled", gcerrors.ResourceExhausted, []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond}},
		{"unknown", gcerrors.Unknown, []time.Duration{0, 500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond}},
		{"not allowed", gcerrors.PermissionDenied, []time.Duration{0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				there := &weather{code: tt.code, began: time.Now()}
				u := &upload{to: &target{bucket: blob.NewBucket(there), within: bucket.Within}}
				defer u.to.bucket.Close()
				sum := sha256.Sum256([]byte("<rss/>"))
				err := u.send(t.Context(), &file{name: "feed.xml", mediaType: "text/xml", bytes: 6, sha256: hex.EncodeToString(sum[:]), stage: front, data: []byte("<rss/>")})
				if gcerrors.Code(err) != tt.code || !slices.Equal(there.asked, tt.want) {
					t.Errorf("it ended with %v; it was asked at %v, want %v", err, there.asked, tt.want)
				}
			})
		})
	}
}
