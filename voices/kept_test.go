package voices_test

import (
	"bytes"
	"io"
	"testing"

	"github.com/narrapress/narrapress/internal/store"
	"github.com/narrapress/narrapress/voices"
	"github.com/narrapress/narrapress/voices/voicetest"
	"github.com/narrapress/narrapress/voices/voicetest/contract"
)

// Whoever has heard an answer need not read the take, unless another process
// was faster.
func TestKept(t *testing.T) {
	t.Parallel()
	for name, faster := range map[string]bool{"alone": false, "another process was faster": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := store.Folder(t.TempDir(), store.Options{})
			s := open(t, voicetest.Options{}, nil, folder)
			e := s.studio.Episode()
			speech, err := e.Synthesize(t.Context(), voices.Request{Voice: host, Text: contract.Text, Language: "en-US"})
			if err != nil {
				t.Fatal(err)
			}
			if !speech.Waiting || e.Kept(speech.Key) {
				t.Fatalf("before it is settled: waiting %v, kept %v", speech.Waiting, e.Kept(speech.Key))
			}
			want := speech.Audio
			if faster {
				want = []byte("another answer")
				if _, err := folder.Put(speech.Key, nil, bytes.NewReader(want)); err != nil {
					t.Fatal(err)
				}
			}
			if refused, err := e.Settle(t.Context()); err != nil || len(refused) > 0 {
				t.Fatal(refused, err)
			}
			if e.Kept(speech.Key) == faster {
				t.Errorf("kept: %v", !faster)
			}
			r, _, err := folder.Open(speech.Key)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
			}
		})
	}
}
