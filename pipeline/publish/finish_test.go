package publish_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// A file that another program wrote is told of as if it had been written here.
func TestFinish(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.opus")
	want, err := publish.WriteFile(path, []byte("sound"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := publish.Finish(path)
	if err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := publish.Finish(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v of a file that is not there", err)
	}
}
