package publish_test

import (
	"testing"
	"time"

	"github.com/narrapress/narrapress/pipeline/publish"
)

// A post that is there again brings its episode back; what a person sent back
// waits for a person.
func TestReturn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		w    publish.Withdrawal
		back bool
	}{
		"its post was gone":     {publish.Withdrawal{Reason: "its post is gone", Source: "posts/a.md", When: time.Unix(0, 0)}, true},
		"a person sent it back": {publish.Withdrawal{Reason: "the date is wrong", When: time.Unix(0, 0)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if done, err := publish.Withdraw(dir, tt.w); !done || err != nil {
				t.Fatal(done, err)
			}
			if done, err := publish.Return(dir); done != tt.back || err != nil {
				t.Error(done, err)
			}
			if gone, _ := publish.Withdrawn(dir); gone == tt.back {
				t.Errorf("withdrawn: %v", gone)
			}
			if done, err := publish.Restore(dir); done == tt.back || err != nil {
				t.Error("restored by hand:", done, err)
			}
		})
	}
}
