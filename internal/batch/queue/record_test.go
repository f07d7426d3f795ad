package queue

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
)

func TestRecords(t *testing.T) {
	ctx := t.Context()
	q, err := Open(ctx, filepath.Join(t.TempDir(), "queue.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	if _, err := q.Record(ctx, "run", "a"); !errors.Is(err, ErrNotFound) {
		t.Fatalf("a record that is not there: %v", err)
	}
	value := func(s string) json.RawMessage { return json.RawMessage(`{"is":"` + s + `"}`) }
	for _, key := range []string{"b", "a"} {
		if err := q.Put(ctx, nil, Record{"run", key, value("new")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.Put(ctx, nil, Record{"run", "c", json.RawMessage(`{`)}); err == nil {
		t.Error("half a value was taken")
	}
	for i, c := range []struct {
		was  json.RawMessage
		key  string
		done bool
	}{
		{value("new"), "a", true},
		{value("new"), "a", false}, // it is another by now
		{nil, "a", false},
		{nil, "d", true},
		{value("new"), "e", false},
	} {
		done, err := q.Swap(ctx, c.was, Record{"run", c.key, value("old")})
		if err != nil || done != c.done {
			t.Errorf("swap %d: %v, %v", i, done, err)
		}
	}
	if err := q.Remove(ctx, "run", "b"); err != nil {
		t.Fatal(err)
	}
	all, err := q.Records(ctx, "run")
	if err != nil || len(all) != 2 || all[0].Key != "a" || all[1].Key != "d" || string(all[0].Value) != string(value("old")) {
		t.Errorf("records %v, %v", all, err)
	}
}
