//go:build unix

package queue

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadOnly(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, address string) {
		if _, err := Open(t.Context(), t.TempDir()+"/none.db", Options{ReadOnly: true}); err == nil {
			t.Error("a database that is not there was opened")
		}
		q := open(t, address, quick())
		insert(t, q, episode("s", "e", "1"))
		o := quick()
		o.ReadOnly = true
		reader := open(t, address, o)
		s, err := reader.Status(t.Context())
		if err != nil || s.Counts["s"][Ready] != 1 {
			t.Errorf("%+v %v", s, err)
		}
		if _, err := reader.Insert(t.Context(), episode("s", "f", "1")); err == nil {
			t.Error("it wrote")
		}
	})
}

func TestPasswordIsNotShown(t *testing.T) {
	t.Parallel()
	const secret = "hunter2%zz"
	for _, address := range []string{
		"postgres://u:" + secret + "@127.0.0.1:1/db",
		"postgres://u:hunter2@127.0.0.1:1/db?connect_timeout=1",
		"postgres://u:hunter2@[::1/db",
		"postgres://u@127.0.0.1:1/db?password=hunter2&connect_timeout=1",
		"postgres://u:hunter2@127.0.0.1:port/db",
		"postgresql://u:p@hunter2@127.0.0.1:1/db",
	} {
		_, err := Open(t.Context(), address, Options{})
		if err == nil {
			t.Fatalf("%s was opened", address)
		}
		if said := fmt.Sprintf("%v %+v", err, err); strings.Contains(said, "hunter2") || strings.Contains(said, "\n") {
			t.Errorf("%s: %s", address, said)
		}
	}
}
