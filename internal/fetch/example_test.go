package fetch_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/narrapress/narrapress/internal/fetch"
)

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "The lamp still turns.")
	}))
	defer server.Close()

	ctx := context.Background()
	_, err := fetch.New(fetch.Options{}).Get(ctx, server.URL, "text/plain")
	fmt.Println(strings.Contains(err.Error(), "this machine's own address"))

	named := fetch.Options{AllowPrivate: func(host string) bool { return host == "127.0.0.1" }}
	page, err := fetch.New(named).Get(ctx, server.URL, "text/plain")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer page.Body.Close()
	text, err := io.ReadAll(page.Body)
	fmt.Println(string(text), err)
	// Output:
	// true
	// The lamp still turns. <nil>
}
