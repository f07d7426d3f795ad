package record_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline/record"
	"github.com/narrapress/narrapress/voices"
)

// judging is a studio that refuses what was said, as often as it is told to.
type judging struct {
	studio
	refusals [][]voices.Refusal // of each round, in order
	keyless  error
}

func (j *judging) Key(req voices.Request) (string, error) { return req.Text, j.keyless }

func (j *judging) Settle(context.Context) (now []voices.Refusal, err error) {
	if len(j.refusals) > 0 {
		now, j.refusals = j.refusals[0], j.refusals[1:]
	}
	return now, nil
}

// TestRefusedIsRecordedAnew adds up what a take has cost that was refused at first.
func TestRefusedIsRecordedAnew(t *testing.T) {
	t.Parallel()
	file := sine(t, 8000, 0, 0, 0.5)
	asked := map[string]int{}
	j := &judging{studio: func(_ context.Context, req voices.Request) (*voices.Speech, error) {
		asked[req.Text]++
		again := asked[req.Text] > 1
		return &voices.Speech{Audio: file, Attempts: 2, Billed: 1, Stored: again || req.Text == "segment 4"}, nil
	}, refusals: [][]voices.Refusal{{{Key: "segment 2"}, {Key: "segment 4"}, {Key: "nobody's"}}, {{Key: "segment 2"}}}}
	s := session(t, nil, 1)
	s.Studio = j
	clock := time.Unix(0, 0)
	s.Now = func() time.Time { clock = clock.Add(time.Second); return clock }
	var again []int
	takes, err := s.Record(t.Context(), talk(4), func(told record.Told) {
		if told.Again {
			again = append(again, told.Ordinal)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(again) != 3 || again[0] != 2 || again[1] != 4 || again[2] != 2 {
		t.Errorf("recorded anew: %v", again)
	}
	for i, want := range []struct {
		times  int
		stored bool
	}{{1, false}, {3, false}, {1, false}, {2, true}} { // an answer that was paid for in this run is not of the store
		tk := takes[i]
		if tk.Attempts != 2*want.times || tk.Billed != want.times || tk.Stored != want.stored || tk.Elapsed != takes[0].Elapsed*time.Duration(want.times) || tk.Elapsed == 0 {
			t.Errorf("take %d: %d attempts, %d billed, stored %v, in %v; want %d times those of the first", i+1, tk.Attempts, tk.Billed, tk.Stored, tk.Elapsed, want.times)
		}
	}
}

// TestRefusedTooOften ends with what the studio says of it, and asks no more.
func TestRefusedTooOften(t *testing.T) {
	t.Parallel()
	file, asked, boom := sine(t, 8000, 0, 0, 0.5), 0, errors.New("unlike the others")
	j := &judging{studio: func(context.Context, voices.Request) (*voices.Speech, error) {
		asked++
		return &voices.Speech{Audio: file}, nil
	}, refusals: [][]voices.Refusal{{{Key: "segment 2", Err: boom}}}}
	s := session(t, nil, 1)
	s.Studio = j
	_, err := s.Record(t.Context(), talk(3), nil)
	if se, ok := errors.AsType[*record.SegmentError](err); !ok || se.Ordinal != 2 || !errors.Is(err, boom) || asked != 3 {
		t.Errorf("%v after %d requests", err, asked)
	}
}

// TestNoKey is of a request that has none, such as one to a voice that is not there.
func TestNoKey(t *testing.T) {
	t.Parallel()
	boom := errors.New("no such voice")
	s := session(t, nil, 1)
	s.Studio = &judging{studio: func(context.Context, voices.Request) (*voices.Speech, error) {
		t.Error("it was asked for all the same")
		return nil, boom
	}, keyless: boom}
	if _, err := s.Record(t.Context(), talk(2), nil); !errors.Is(err, boom) {
		t.Errorf("%v", err)
	}
}
