package record

import (
	"context"
)

// recall takes what is remembered, and returns the segments that are left.
func (r *recording) recall(ctx context.Context, all []segment) ([]segment, error) {
	if r.Memory == nil {
		return all, nil
	}
	var todo, known []segment
	for _, seg := range all {
		req := Request(r.Cast, r.script, seg.at)
		key, err := r.Studio.Key(req)
		if err != nil {
			return nil, &SegmentError{Ordinal: seg.ordinal, Of: len(r.takes), At: seg.At(), Err: err}
		}
		sound, ok := r.Memory.Recall(key)
		if !ok {
			todo = append(todo, seg)
			continue
		}
		known = append(known, seg)
		take := Take{
			Ordinal: seg.ordinal, Role: seg.Role, Voice: req.Voice.Name, Key: key, Characters: req.Characters(),
			Stored: true, Endpoint: req.Voice.Endpoint, Sound: sound,
		}
		r.takes[seg.ordinal-1] = take
		if r.observe != nil {
			r.observe(Told{Take: take})
		}
	}
	if len(todo) == 0 {
		return nil, nil
	}
	// New ones are judged by them.
	for _, seg := range known {
		if err := r.Studio.Recall(ctx, Request(r.Cast, r.script, seg.at)); err != nil {
			return nil, &SegmentError{Ordinal: seg.ordinal, Of: len(r.takes), At: seg.At(), Err: err}
		}
	}
	return todo, nil
}

func (r *recording) remember(all []segment) {
	if r.Memory == nil {
		return
	}
	for _, seg := range all {
		t := &r.takes[seg.ordinal-1]
		r.Memory.Remember(t.Key, t.Sound)
	}
}
