package pipeline_test

import (
	"os"
	"testing"

	"github.com/narrapress/narrapress/voices/voicetest"
)

func TestMain(m *testing.M) { os.Exit(voicetest.Main(m)) }
