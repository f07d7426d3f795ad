package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
	"github.com/narrapress/narrapress/pipeline/publish"
)

// playlists are files that name others, as ffmpeg reads them. letter.wav is outside
// of the show: who hears it in an episode has been given a private letter.
func playlists() map[string]string {
	return map[string]string{
		"a concat script":              "ffconcat version 1.0\nfile beside.wav\n",
		"a concat script out":          "ffconcat version 1.0\nfile '{root}/outside/letter.wav'\n",
		"an HLS playlist":              "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1,\n{root}/outside/letter.wav\n#EXT-X-ENDLIST\n",
		"an HLS playlist beside":       "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1,\nbeside.wav\n#EXT-X-ENDLIST\n",
		"an HLS playlist of the web":   "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1,\nhttp://127.0.0.2:{port}/a.mp3\n#EXT-X-ENDLIST\n",
		"an HLS playlist behind a tag": "ID3\x03\x00\x00\x00\x00\x00\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:1,\n{root}/outside/letter.wav\n#EXT-X-ENDLIST\n",
		"an SDP":                       "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
		"a DASH manifest":              `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1"><BaseURL>{root}/outside/letter.wav</BaseURL></Representation></AdaptationSet></Period></MPD>`,
		"a list of names":              "{root}/outside/letter.wav\nhttp://127.0.0.2:{port}/a.mp3\n",
	}
}

// soundAttacks are files and answers that should be sound, and names that ffmpeg
// would take for more than a name.
func soundAttacks() []attack {
	var all []attack
	for name, text := range playlists() {
		all = append(all, attack{class: "sound", name: name + ", as a file and as a take", give: func(w *world) {
			w.put("show/beside.wav", string(wave(24000, 1)))
			w.put("show/bad.mp3", text)
		}, try: func(w *world) {
			d, err := audio.DecodeFile(w.t.Context(), filepath.Join(w.show, "bad.mp3"))
			w.silent(d, err)
			d, err = audio.Decode(w.t.Context(), []byte(w.fill(text)))
			w.silent(d, err)
		}})
	}
	for _, list := range []string{"a concat script", "an HLS playlist", "an HLS playlist behind a tag"} {
		all = append(all, attack{
			class: "sound", name: list + ", stitched", args: []string{"stitch", "bad.mp3", "-o", "made.mp3"}, code: 1, says: "bad.mp3: ",
			give: func(w *world) {
				w.put("show/beside.wav", string(wave(24000, 1)))
				w.put("show/bad.mp3", playlists()[list])
			},
			then: func(w *world) { w.absent("show/made.mp3") },
		})
	}
	for _, list := range []string{"a concat script", "an HLS playlist"} {
		all = append(all, attack{
			class: "sound", name: list + ", as the intro", args: []string{"produce", "post.md"}, code: 1, says: "bad.mp3: this is no audio",
			give: func(w *world) {
				w.put("show/beside.wav", string(wave(24000, 1)))
				w.put("show/bad.mp3", playlists()[list])
				w.add("tracks: {intro: bad.mp3}\n")
			},
		})
	}
	for _, name := range []string{"concat:beside.wav|beside.wav", "http://127.0.0.2:{port}/a.mp3", "subfile,,start,0,end,9,,:beside.wav", "pipe:0", "data:audio/wav;base64,AAAA"} {
		all = append(all, attack{
			class: "sound", name: "the name " + strings.ReplaceAll(name, "{port}", "N"), code: 1, says: "no such file|there is no|matches nothing|no file",
			args: []string{"stitch", "-o", "made.mp3", "--", name},
			give: func(w *world) { w.put("show/beside.wav", string(wave(24000, 1))) },
			then: func(w *world) { w.absent("show/made.mp3") },
		})
	}
	all = append(
		all,
		attack{
			class: "sound", name: "names of a list that are protocols", args: []string{"stitch", "@list.txt", "-o", "made.mp3"}, code: 1, says: "there is no such file",
			give: func(w *world) {
				w.put("show/list.txt", "http://127.0.0.2:{port}/a.mp3\n")
			},
		},
		attack{
			class: "sound", name: "a file whose name is an option", args: []string{"stitch", "-o", "made.mp3", "--", "-y.wav"}, says: "made.mp3", makes: "made.mp3",
			give: func(w *world) { w.put("show/-y.wav", string(wave(24000, 1))) },
		},
	)
	for name, change := range map[string]func(b []byte){
		"says it is four gigabytes":  func(b []byte) { binary.LittleEndian.PutUint32(b[40:], math.MaxUint32) },
		"has no channels":            func(b []byte) { binary.LittleEndian.PutUint16(b[22:], 0) },
		"has 65,535 channels":        func(b []byte) { binary.LittleEndian.PutUint16(b[22:], 65535) },
		"has no sample rate":         func(b []byte) { binary.LittleEndian.PutUint32(b[24:], 0) },
		"has a sample rate of 4 GHz": func(b []byte) { binary.LittleEndian.PutUint32(b[24:], math.MaxUint32) },
		"has frames of no bytes":     func(b []byte) { binary.LittleEndian.PutUint16(b[32:], 0) },
		"has a format of 4 GB":       func(b []byte) { binary.LittleEndian.PutUint32(b[16:], math.MaxUint32) },
	} {
		all = append(all, attack{
			class: "sound", name: "a WAV that " + name,
			try: func(w *world) {
				b := wave(24000, 1)
				change(b)
				w.put("show/out/bad.wav", string(b))
				w.bounded(filepath.Join(w.show, "out", "bad.wav"))
			},
		})
	}
	for name, text := range map[string]string{
		"an MP3 whose tag says 256 MB":             "ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + strings.Repeat("\x00", 100),
		"an MP3 of a picture of 200 MB":            "ID3\x03\x00\x00\x00\x00\x7f\x7fAPIC\x0b\xeb\xc2\x00\x00\x00" + strings.Repeat("\x00", 100),
		"an MP4 of a box of an exabyte":            "\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42\x00\x00\x00\x01moov\x0f\xff\xff\xff\xff\xff\xff\xff",
		"an MP4 of boxes of nothing":               "\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A mp42" + strings.Repeat("\x00\x00\x00\x08moov", 1000),
		"a FLAC of a picture of 16 MB":             "fLaC\x00\x00\x00\x22" + strings.Repeat("\x00", 34) + "\x86\xff\xff\xff",
		"an Ogg of comments of 4 GB":               "OggS\x00\x02" + strings.Repeat("\x00", 8) + "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x10OpusTags\xff\xff\xff\xff\xff\xff\xff\xff",
		"an MP3 that says it has 4 billion frames": xing(),
	} {
		ext := map[byte]string{'I': "mp3", 'f': "flac", 'O': "opus", 0xff: "mp3"}[text[0]]
		if ext == "" {
			ext = "m4a"
		}
		all = append(all, attack{
			class: "sound", name: name,
			try: func(w *world) {
				w.put("show/out/bad."+ext, text)
				w.bounded(filepath.Join(w.show, "out", "bad."+ext))
			},
		})
	}
	return append(all, attack{
		class: "sound", name: "a page of a login, as the answer of an endpoint", args: []string{"produce", "post.md"}, code: 1, says: "studio",
		give: func(w *world) {
			w.far()
			w.mux.HandleFunc("/v1/audio/speech", func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Content-Type", "text/html")
				fmt.Fprintf(rw, "<script>alert(1)</script>\x1b[31m%s", r.Header.Get("Authorization"))
			})
		},
	}, attack{
		class: "sound", name: "an HLS playlist behind a tag, as the answer of an endpoint", args: []string{"produce", "post.md"}, code: 1, says: "studio",
		give: func(w *world) {
			w.far()
			w.serves("/v1/audio/speech", "audio/mpeg", playlists()["an HLS playlist behind a tag"])
		},
		then: func(w *world) { w.absent("show/out/post") },
	}, attack{
		class: "sound", name: "a refusal that holds the key", args: []string{"produce", "post.md"}, code: 1, says: "studio",
		give: func(w *world) {
			w.far()
			w.mux.HandleFunc("/v1/audio/speech", func(rw http.ResponseWriter, r *http.Request) {
				rw.WriteHeader(http.StatusUnauthorized)
				fmt.Fprintf(rw, `{"error": {"message": "wrong key: %s \u001b[2J"}}`, r.Header.Get("Authorization"))
			})
		},
	}, attack{
		class: "sound", name: "a refusal that holds what was asked", args: []string{"produce", "post.md"}, code: 1, says: "wrong: .*•••.*•••",
		give: func(w *world) {
			w.far()
			w.addUnder("model: tts-1, ", `body: {pass: "is ${OTHER_SECRET}"}, params: {deep: [{pass: "${OTHER_SECRET}"}]}, `)
			w.mux.HandleFunc("/v1/audio/speech", func(rw http.ResponseWriter, r *http.Request) {
				asked, _ := io.ReadAll(r.Body)
				rw.WriteHeader(http.StatusUnauthorized)
				fmt.Fprintf(rw, "wrong: %s %s", r.URL, asked)
			})
		},
	})
}

// silent fails where there is sound after all.
func (w *world) silent(d audio.Decoder, err error) {
	w.t.Helper()
	if err != nil {
		return
	}
	defer d.Close()
	for buf := make([]float32, 4096); err == nil; {
		var n int
		if n, err = d.ReadSamples(buf); n > 0 || errors.Is(err, io.EOF) {
			w.t.Error("it sounds")
			return
		}
	}
}

// bounded reads a file's tag and its sound, of which there is no more than a file of
// its size can hold.
func (w *world) bounded(path string) {
	w.t.Helper()
	_, _ = publish.ReadTags(path) // an error, or what there is
	d, err := audio.DecodeFile(w.t.Context(), path)
	if err != nil {
		return
	}
	defer d.Close()
	all := 0
	for buf := make([]float32, 4096); err == nil; {
		var n int
		n, err = d.ReadSamples(buf)
		if all += n; all > 1_000_000 {
			w.t.Fatalf("%d samples come of it", all)
		}
	}
}

// xing is an MPEG frame (layer III, 128 kbit/s, 44.1 kHz, mono) whose Xing header says
// that four billion follow.
func xing() string {
	b := make([]byte, 417)
	copy(b, "\xff\xfb\x90\xc4")
	copy(b[21:], "Xing\x00\x00\x00\x03\xff\xff\xff\xff\xff\xff\xff\xff")
	return strings.Repeat(string(b), 3)
}

// pictureAttacks are covers of a text.
func pictureAttacks() []attack {
	cover := func(file, text string) func(w *world) {
		return func(w *world) {
			w.put("show/"+file, text)
			w.put("show/post.md", "---\ncover: "+file+"\n---\nIt is said.\n")
		}
	}
	produce := []string{"produce", "post.md"}
	return []attack{
		{class: "pictures", name: "100,000 by 100,000 pixels", give: cover("a.png", pngHead(100_000, 100_000)), args: produce, code: 1, says: "more than 32 million pixels"},
		{class: "pictures", name: "two billion pixels in a row", give: cover("a.png", pngHead(math.MaxInt32, 1)), args: produce, code: 1, says: "more than 32 million pixels|neither a JPEG"},
		{class: "pictures", name: "no pixels", give: cover("a.png", pngHead(0, 0)), args: produce, code: 1, says: "neither a JPEG"},
		{class: "pictures", name: "a GIF that is a program of a page", give: cover("a.jpg", "GIF89a/*<script>alert(1)</script>*/=1;"), args: produce, code: 1, says: "neither a JPEG"},
		{class: "pictures", name: "a drawing with a program", give: cover("a.jpg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><image href="http://127.0.0.2:{port}/"/></svg>`), args: produce, code: 1, says: "neither a JPEG"},
		{class: "pictures", name: "an address", give: func(w *world) { w.put("show/post.md", "---\ncover: http://127.0.0.2:{port}/a.jpg\n---\nIt is said.\n") }, args: []string{"plan", "post.md"}, says: "cover is an address on the web and is left out"},
		{class: "pictures", name: "a device", give: func(w *world) { w.put("show/post.md", "---\ncover: /dev/zero\n---\nIt is said.\n") }, args: []string{"plan", "post.md"}, says: "goes without its cover"},
		{
			class: "pictures", name: "a pipe that nobody writes to", args: produce, code: 1, says: "it is no file",
			give: func(w *world) {
				w.pipe("show/a.jpg")
				w.put("show/post.md", "---\ncover: a.jpg\n---\nIt is said.\n")
			},
		},
		{
			class: "pictures", name: "a picture with a page behind it", args: produce, says: "out/post",
			give: func(w *world) { cover("a.jpg", photo(w.t)+"<script>alert(1)</script>")(w) },
			then: func(w *world) { w.lacks("show/out/post/cover.jpg", "<script") },
		},
	}
}

// pngHead is the head of a PNG file of so many pixels (RFC 2083, 4.1.1).
func pngHead(width, height uint32) string {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d")
	head := append([]byte("IHDR"), make([]byte, 8)...)
	binary.BigEndian.PutUint32(head[4:], width)
	binary.BigEndian.PutUint32(head[8:], height)
	head = append(head, 8, 2, 0, 0, 0)
	b.Write(head)
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(head)) // a buffer has no errors
	return b.String()
}
