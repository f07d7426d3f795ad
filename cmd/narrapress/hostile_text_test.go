package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/internal/cli"
)

// An evil title closes all that it may stand in.
const evil = `</title></script><script>alert(1)</script><img src=x onerror=alert(2)>]]>"'`

// markup that must be in nothing that is published.
func markup() []string {
	return []string{"<script>alert", "<img src=x", "onerror=alert(2)>", "javascript:alert"}
}

// markupAttacks would have a text say more than words: to a browser, to an app, to a
// speech engine, to ffmpeg, to a terminal, to a shell.
func markupAttacks() []attack {
	post := func(text string) func(w *world) { return func(w *world) { w.put("show/post.md", text) } }
	produce := []string{"produce", "post.md"}
	clean := func(w *world) {
		for _, name := range []string{"post.html", "post.transcript.html", "report.html", "post.mp3", "post.vtt"} {
			if name == "post.mp3" || name == "post.vtt" { // no browser reads these as a page
				continue
			}
			w.lacks("show/out/post/"+name, markup()...)
		}
	}
	return []attack{
		{class: "markup", name: "in the title", give: post("---\ntitle: '" + strings.ReplaceAll(evil, "'", "''") + "'\nauthor: '<script>alert(1)</script>'\n---\nIt is said.\n"), args: produce, says: "out/post", then: clean},
		{
			class: "markup", name: "in the text", args: produce, says: "out/post", then: clean,
			give: post("# T\n\nIt is said. <script>alert(1)</script> <img src=x onerror=alert(2)> [go](javascript:alert(3)) [come](data:text/html,<script>alert(4)</script>) ![x](javascript:alert(5))\n\n## " + evil + "\n\nAnd `<script>alert(1)</script>` and &lt;script&gt;alert(1)&lt;/script&gt;.\n"),
		},
		{
			class: "markup", name: "in a page of the web", args: []string{"produce", "{site}/page"}, says: "out/", give: func(w *world) {
				w.serves("/page", "text/html", `<html lang=en><head><title>&lt;script&gt;alert(1)&lt;/script&gt;</title></head><body onload=alert(1)><article><h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1><p style="background:url(http://127.0.0.2:{port}/)">It is said. <a href="javascript:alert(1)">Here</a>.<svg onload=alert(2)><math href="javascript:alert(3)"></p></article></body></html>`)
			},
			then: func(w *world) {
				for name := range w.files() {
					if strings.HasSuffix(name, ".html") {
						w.lacks(name, append(markup(), "onload=", "127.0.0.2:"+w.canary.port)...)
					}
				}
			},
		},
		{
			class: "markup", name: "in a feed, of a manifest", args: []string{"feed"}, code: anyCode, says: "feed.xml",
			give: func(w *world) {
				w.episode("bad", map[string]any{"title": evil, "link": "javascript:alert(1)", "description": evil, "author": evil, "keywords": []string{evil}, "persons": []any{map[string]any{"name": evil, "link": "javascript:alert(1)"}}})
			},
			then: func(w *world) { w.lacks("show/out/feed.xml", "<script", "<img src=x") },
		},
		{
			class: "markup", name: "for a terminal", give: post("---\ntitle: \"\\e]0;owned\\a\\e[2J\\u202Eevil\"\n---\nIt is said.\n"),
			try: func(w *world) {
				var out bytes.Buffer
				code := cli.Run(w.t.Context(), []string{"plan", filepath.Join(w.show, "post.md")}, cli.Streams{
					Out: &out, Err: &out, Dir: w.show, Home: w.home, OutTerminal: true, ErrTerminal: true,
					Env: func(name string) (string, bool) { return secretKey, name == "STUDIO_KEY" },
				})
				for _, bad := range []string{"\x1b]", "\x1b[2J", "\a", "\u202e"} {
					if code != 0 || strings.Contains(out.String(), bad) || !strings.Contains(out.String(), "owned") {
						w.t.Errorf("%d: %q", code, cut(out.String()))
					}
				}
			},
		},
		{
			class: "markup", name: "for ffmpeg's metadata", args: produce, says: "out/post",
			give: post("---\ntitle: \"T\\n[CHAPTER]\\nTIMEBASE=1/1\\nSTART=0\\nEND=99\\ntitle=owned; #\\\\=\"\n---\n# One=1;#\\\n\nIt is said.\n"),
			then: func(w *world) {
				out, err := exec.Command("ffprobe", "-v", "error", "-of", "json", "-show_chapters", w.show+"/out/post/post.mp3").Output()
				var told struct {
					Chapters []struct {
						Tags struct{ Title string }
					}
				}
				if err == nil {
					err = json.Unmarshal(out, &told)
				}
				if err != nil || len(told.Chapters) > 2 || told.Chapters[0].Tags.Title == "owned" {
					w.t.Errorf("ffprobe finds the chapters %+v, %v", told.Chapters, err)
				}
			},
		},
		{
			class: "markup", name: "for a shell", give: post("---\ntitle: $(touch owned) `touch owned`\n---\n$(touch owned) `touch owned`; touch owned | touch owned && touch owned\n"), args: produce, says: "out/post",
			then: func(w *world) { w.absent("show/owned") },
		},
		{
			class: "markup", name: "options for an engine", give: post("-o ../outside/diary.txt --version -f /etc/passwd\n"), args: produce, says: "out/post",
		},
		{
			class: "markup", name: "for the request of an endpoint", args: produce, code: 1, says: "studio",
			give: func(w *world) {
				w.far()
				w.put("show/post.md", "It is said \", \"voice\": \"nova\", \"input\": \"else {{key}} ${STUDIO_KEY} {{voice}}.\n")
				w.mux.HandleFunc("/v1/audio/speech", func(rw http.ResponseWriter, r *http.Request) {
					var got map[string]any
					b, _ := io.ReadAll(r.Body)
					err := json.Unmarshal(b, &got)
					input, _ := got["input"].(string)
					if err != nil || got["voice"] != "alloy" || strings.Contains(string(b), secretKey) || !strings.Contains(input, "else") && !strings.HasPrefix(input, "Post.") {
						w.t.Errorf("it was asked for %s: %v", b, err)
					}
					rw.WriteHeader(http.StatusBadRequest)
				})
			},
		},
		{
			class: "markup", name: "for SSML", args: produce, code: 1, says: "spoken",
			give: func(w *world) {
				w.put("show/post.md", "It is said &lt;/voice&gt;&lt;/speak&gt;&lt;audio src='http://127.0.0.2/a.wav'/&gt; &amp; on.\n")
				w.addUnder("endpoints:\n", "  spoken: {identity: mine, transport: http, url: \"{site}/ssml\", method: POST, body_type: ssml, ssml: \"<speak><voice name='{{voice}}'>{{text}}</voice></speak>\", response: {audio: body}, retry: {attempts: 1}}\n")
				w.addUnder("voices: {", "third: {endpoint: spoken, voice: v}, ")
				w.addUnder("roles: {", "title: third, ")
				w.put("show/narrapress.yaml", strings.Replace(w.read("show/narrapress.yaml"), "body: narrator", "body: third", 1))
				w.mux.HandleFunc("POST /ssml", func(rw http.ResponseWriter, r *http.Request) {
					b, _ := io.ReadAll(r.Body)
					if strings.Contains(string(b), "<audio") || strings.Count(string(b), "</speak>") != 1 {
						w.t.Errorf("it was asked for %q by %s %s", b, r.Method, r.URL)
					}
					rw.WriteHeader(http.StatusBadRequest)
				})
			},
		},
	}
}

// settingAttacks would have a text, or a file that the show includes, decide what is
// the show's to decide, or read what is the machine's.
func settingAttacks() []attack {
	var all []attack
	for _, setting := range []string{
		`server: {listen: "0.0.0.0:80", token: x}`, `notify: ["http://127.0.0.2:{port}/"]`, `publish: {to: "s3://mine"}`,
		`endpoints: {here: {argv: [touch, owned]}}`, `output: {dir: ../outside}`, `include: [../outside/diary.txt]`, `tracks: {intro: ../outside/letter.wav}`,
		`limits: {cost: {episode: 1000000}}`, `voices: {narrator: {endpoint: studio}}`, `lexicon: [../outside/diary.txt]`,
		`script: {opening: "${STUDIO_KEY}"}`, `audio: {loudness: "${file:../outside/diary.txt}"}`,
	} {
		name, _, _ := strings.Cut(setting, ":")
		if strings.Contains(setting, "$") {
			name += " with a variable"
		}
		all = append(all, attack{
			class: "settings", name: "a text that sets " + name, code: 2, says: "post.md:3:[0-9]+: ", args: []string{"produce", "post.md"},
			give: func(w *world) { w.put("show/post.md", "---\nnarrapress:\n  "+setting+"\n---\nIt is said.\n") },
			then: func(w *world) { w.absent("show/owned") },
		})
	}
	return append(
		all,
		attack{
			class: "settings", name: "variables in what a text says of itself", args: []string{"plan", "post.md"}, says: "STUDIO_KEY",
			give: func(w *world) {
				w.put("show/post.md", "---\ntitle: ${STUDIO_KEY}\nauthor: ${file:../outside/diary.txt}\n---\nIt is said by ${OTHER_SECRET}.\n")
			},
		},
		attack{
			class: "settings", name: "variables in a page of the web", args: []string{"plan", "{site}/page"}, code: anyCode, says: ".",
			give: func(w *world) {
				w.serves("/page.md", "text/markdown", "---\ntitle: ${STUDIO_KEY}\nnarrapress: {script: {opening: \"${STUDIO_KEY}\"}}\n---\nIt is said.\n")
				w.redirects("/page", "{site}/page.md")
			},
		},
		attack{
			class: "settings", name: "a voice that the show does not have", args: []string{"plan", "post.md"}, code: anyCode, says: "voice",
			give: func(w *world) {
				w.put("show/post.md", "It is said.\n\n<!-- narrapress: voice ../../outside/diary.txt -->\n\nAnd on.\n")
			},
		},
		attack{
			class: "settings", name: "files that include each other", args: []string{"config"}, code: 2, says: "would include itself",
			give: func(w *world) {
				w.add("include: [a.yaml]\n")
				w.put("show/a.yaml", "include: [b.yaml]\n")
				w.put("show/b.yaml", "include: [./a.yaml]\n")
			},
		},
		attack{
			class: "settings", name: "files that include each other by a link", args: []string{"config"}, code: 2, says: "deeper than|would include itself|twice|more than",
			give: func(w *world) {
				w.add("include: [a/a.yaml]\n")
				w.put("show/a/a.yaml", "include: [a/a.yaml]\n")
				w.link(".", "show/a/a")
			},
		},
		attack{class: "settings", name: "an alias in its own anchor", args: []string{"config"}, code: 2, says: "inside its own anchor", give: func(w *world) { w.add("gate: &a {x: *a}\n") }},
		attack{class: "settings", name: "a file of the web", args: []string{"config"}, code: 2, says: "no such file", give: func(w *world) { w.add(`include: ["http://127.0.0.2:{port}/a.yaml"]` + "\n") }},
		attack{
			class: "settings", name: "secrets in what is shown", args: []string{"config"}, says: "studio",
			give: func(w *world) {
				w.add("notify: [\"https://example.org/${OTHER_SECRET}\"]\nserver: {token: \"${STUDIO_KEY}\"}\n")
			},
		},
	)
}
