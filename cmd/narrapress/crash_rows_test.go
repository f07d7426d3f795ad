package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// rows are the commands of the crash matrix.
func rows() []row {
	produce := []string{"produce", "posts/one.md"}
	edit := func(w *workshop) { w.post("one", firstText+"\n\nThen it went out.") }
	published := func(w *workshop) {
		w.did(produce...)
		w.did("feed")
		w.did("upload")
	}
	return []row{
		{name: "produce", args: produce, sample: true},
		{name: "produce again", args: produce, before: func(w *workshop) {
			published(w)
			edit(w)
		}},
		{name: "retake", args: produce, before: func(w *workshop) {
			published(w)
			write(w.t, w.file("show/posts/one.md.narrapress.yaml"), "version: 1\nedits: [{on: It smoked., take: 1}]\n") // as the desk keeps it
		}},
		{name: "formats", settings: "audio: {formats: {wav: {}, opus: {}}}", args: produce},
		{name: "bucket", bucket: true, args: produce},
		{name: "another machine", bucket: true, machine: true, args: produce},
		{name: "restitch", args: []string{"produce", "out/one", "--offline"}, before: func(w *workshop) {
			published(w)
			w.add("audio: {loudness: -18, pauses: {paragraph: 1200ms}}")
		}},
		{name: "stitch", args: []string{"stitch", "lit.wav", "out.wav", "-o", "joined/both.mp3"}, before: func(w *workshop) {
			w.did(produce...)
			w.recordings("lit.wav", "out.wav")
		}},
		{name: "batch", long: true, episodes: 2, args: []string{"batch", "run"}, before: func(w *workshop) {
			published(w)
			edit(w)
			w.post("two", "A second lamp.")
		}},
		{name: "serve", long: true, args: []string{"serve", "--listen", "127.0.0.1:0"}, until: servedOnce},
		{name: "feed", args: []string{"feed"}, before: func(w *workshop) { w.did(produce...) }},
		{name: "upload", args: []string{"upload"}, sample: true, before: func(w *workshop) {
			published(w)
			w.post("two", "A second lamp.")
			edit(w)
			w.did("produce", "posts/one.md", "posts/two.md")
			w.did("feed")
		}},
	}
}

// servedOnce says whether the post is in the feed that was uploaded, and a run of this
// server is reported: it has looked at what there is.
func servedOnce(w *workshop) bool {
	feed, err := os.ReadFile(w.file("www/feed.xml"))
	return err == nil && w.reports() > w.reported && strings.Contains(string(feed), "<title>one</title>")
}

// serving is the server that has the show; nil where there is none.
func (w *workshop) serving() *os.Process {
	var pid int
	holder, err := os.ReadFile(w.file("show/out/.runs/queue.db.lock"))
	if err != nil {
		return nil
	}
	if _, err := fmt.Sscanf(string(holder), "process %d ", &pid); err != nil {
		return nil
	}
	p, err := os.FindProcess(pid)
	if err != nil || p.Signal(syscall.Signal(0)) != nil { // of one that was killed
		return nil
	}
	return p
}

// add appends to the show's file.
func (w *workshop) add(settings string) {
	w.t.Helper()
	file := w.file("show/narrapress.yaml")
	b, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	write(w.t, file, string(b)+settings+"\n")
}

// recordings takes some out of the store, as somebody brings them who has recorded
// elsewhere.
func (w *workshop) recordings(names ...string) {
	w.t.Helper()
	takes, err := filepath.Glob(w.file("show/takes/*/*/take.wav"))
	if err != nil || len(takes) < len(names) {
		w.t.Fatalf("%d takes, %v", len(takes), err)
	}
	for i, name := range names {
		b, err := os.ReadFile(takes[i])
		if err != nil {
			w.t.Fatal(err)
		}
		write(w.t, w.file("show/"+name), string(b))
	}
}
