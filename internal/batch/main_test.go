//go:build unix

package batch_test

import (
	"os"
	"testing"

	"github.com/narrapress/narrapress/voices/voicetest"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(childEnv); task != "" {
		os.Exit(child(task))
	}
	os.Exit(voicetest.Main(m))
}
