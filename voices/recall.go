package voices

import (
	"context"
	"encoding/json"
)

// describer is a store that tells what it knows of a take without reading its
// sound.
type describer interface {
	Describe(key string) (meta []byte, err error)
}

// Recall counts a stored take among those of its voice that answers are judged
// by, as Synthesize does, by what was heard when it was stored: its sound is
// not read. Where that is not known, it counts for nothing.
func (e *Episode) Recall(ctx context.Context, req Request) error {
	store, ok := e.studio.store.(describer)
	if !ok {
		return nil
	}
	o, c, err := e.studio.call(ctx, req)
	if err != nil {
		return err
	}
	voice, err := o.recordKey(ctx, req)
	if err != nil {
		return err
	}
	b, err := store.Describe(c.key)
	if err != nil {
		return nil // it is missed when it is wanted
	}
	var m takeMeta
	if json.Unmarshal(b, &m) != nil || m.Format.Speech == 0 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.add(voice, c.key, paceOf(req.Text, m.Format))
	return nil
}

// StoredMarks are when the words of a take are spoken, by its description in
// the store; nil where its endpoint did not tell.
func StoredMarks(meta []byte) []Mark {
	var m takeMeta
	if json.Unmarshal(meta, &m) != nil {
		return nil
	}
	return m.Marks
}

// WaitingKey is where the n-th answer to a take, from 0, is stored while it
// waits for the others of its episode to be judged with them (see Episode).
func WaitingKey(take string, n int) string { return besideKey(take, n) }
