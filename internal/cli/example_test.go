package cli_test

import (
	"context"
	"fmt"
	"os"

	"github.com/narrapress/narrapress/internal/cli"
)

// A command line is followed with the streams that it is given; what it did
// is the exit code.
func ExampleRun() {
	code := cli.Run(context.Background(), []string{"produce", "posts/*.rst"}, cli.Streams{
		Out: os.Stdout, Err: os.Stdout, Dir: "/tmp",
	})
	fmt.Println(code)
	// Output:
	// narrapress: the pattern 'posts/*.rst' matches no file (see narrapress produce --help)
	// 2
}
