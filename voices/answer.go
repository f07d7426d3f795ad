package voices

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
)

// unwrap finds the audio in an answer: whole, with a header, and by its bytes
// rather than by its label, which is often wrong. An error says in a line what
// the answer was instead.
func unwrap(b []byte, label string, r Response) (sound []byte, mediaType string, err error) {
	if len(b) == 0 {
		return nil, "", &useless{kind: useNothing, reason: "the answer is empty"}
	}
	if path, ok := strings.CutPrefix(r.Audio, "json:"); ok {
		if b, err = fromJSON(b, path); err != nil {
			return nil, "", err
		}
		label = "" // was that of the JSON around it
	}
	mediaType = audio.Sniff(b)
	if r.Format != "auto" && !isText(label) && !isFile(b, mediaType) {
		// Samples may start with any byte, so only the label can tell them
		// from a page.
		sound, err = audio.WrapPCM(b, r.Format, r.SampleRate, r.Channels)
		if err != nil {
			return nil, "", &useless{kind: useCut, reason: "the samples are cut off: " + err.Error(), err: err}
		}
		return sound, "audio/wav", nil
	}
	switch mediaType {
	case "":
		return nil, "", isNo("audio", b, label)
	case "audio/wav":
		if err := wholeWAV(b); err != nil {
			return nil, "", err
		}
		sound, err = audio.MendWAV(b)
		if err != nil {
			return nil, "", &useless{kind: useCut, reason: "the audio is broken: " + err.Error(), err: err}
		}
		return sound, mediaType, nil
	}
	return b, mediaType, nil
}

// isNo is an answer that is something else than it should be.
func isNo(what string, b []byte, label string) error {
	says := whatItSays(b, label)
	kind := useText
	if strings.HasPrefix(says, ": "+webPage) {
		kind = usePage
	}
	return &useless{kind: kind, reason: "the answer is no " + what + says}
}

func cutOff(where string) error {
	return &useless{kind: useCut, reason: "the audio is cut off " + where, err: io.ErrUnexpectedEOF}
}

// billedFor is 1 where the answer had some sound, and else 0.
func billedFor(err error) int {
	if u, ok := errors.AsType[*useless](err); ok && u.kind == useCut {
		return 1
	}
	return 0
}

// neverWritten is the least size of a WAV file's samples that is no size but
// what a writer to a pipe leaves: 2000000000, 0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF
// less a header, and others have been seen. 0 is one, too.
const neverWritten = 2_000_000_000

// wholeWAV refuses a file without samples, and one that ends before its
// samples do.
func wholeWAV(b []byte) error {
	for p := 12; p+8 <= len(b); {
		n := uint64(binary.LittleEndian.Uint32(b[p+4:]))
		there := uint64(len(b) - p - 8)
		if string(b[p:p+4]) == "data" {
			switch {
			case there == 0 && (n == 0 || n >= neverWritten):
				return &useless{kind: useNothing, reason: "the audio has a header and no sound"}
			case n < neverWritten && n > there:
				return cutOff(fmt.Sprintf("after %d of %d bytes", there, n))
			}
			return nil
		}
		if n > there {
			break
		}
		p += 8 + int(n+n&1)
	}
	return cutOff("in its header")
}

// fromJSON decodes the base64 text at the path of a JSON answer.
func fromJSON(b []byte, path string) ([]byte, error) {
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		return nil, isNo("JSON", b, "")
	}
	text, ok := at(tree, path).(string)
	if !ok || text == "" {
		return nil, &useless{kind: useMissing, reason: "the answer has no audio at " + path + whatItSays(b, "")}
	}
	if strings.HasPrefix(text, "data:") {
		_, text, _ = strings.Cut(text, ",")
	}
	text = strings.TrimRight(text, "=")
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if sound, err := enc.DecodeString(text); err == nil && len(sound) > 0 {
			return sound, nil
		}
	}
	return nil, &useless{kind: useMissing, reason: "the text at " + path + " is no base64"}
}

// at is the value at a path of keys and indexes joined by dots; nil if there
// is none.
func at(tree any, path string) any {
	for _, step := range strings.Split(path, ".") {
		switch t := tree.(type) {
		case map[string]any:
			tree = t[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(t) {
				return nil
			}
			tree = t[i]
		default:
			return nil
		}
	}
	return tree
}

// isFile says whether the bytes are surely a file where samples without a
// header are expected. A sync word of MPEG or ADTS is two samples, too.
func isFile(b []byte, mediaType string) bool {
	switch mediaType {
	case "":
		return false
	case "audio/mpeg", "audio/aac":
		return string(b[:3]) == "ID3"
	}
	return true
}

func isText(label string) bool {
	t, _, _ := mime.ParseMediaType(label)
	return t == "application/json" || t == "application/problem+json" || t == "text/html" || t == "application/xml"
}

const webPage = "a web page"

// whatItSays is the message of an answer that is no audio, after a colon.
func whatItSays(b []byte, label string) string {
	if m := message(b, label); m != "" {
		return ": " + m
	}
	return ""
}

// message finds what an answer wants to tell a person, in the shapes seen in
// the wild: OpenAI's {"error":{"message"}}, FastAPI's {"detail":…}, flat ones,
// a page's title, plain text.
func message(b []byte, label string) string {
	if len(b) > 1<<16 {
		b = b[:1<<16]
	}
	text := strings.TrimSpace(string(b))
	var tree any
	if json.Unmarshal(b, &tree) == nil {
		for _, path := range []string{
			"error.message", "detail.message", "detail.error", "detail.0.msg", "error", "detail", "message", "err_msg", "error_description", "title",
		} {
			if s, ok := at(tree, path).(string); ok && s != "" {
				return s
			}
		}
		return text
	}
	if lower := strings.ToLower(text); strings.HasPrefix(text, "<") || strings.HasPrefix(label, "text/html") {
		if i := strings.Index(lower, "<title>"); i >= 0 && len(lower) == len(text) {
			title, _, _ := strings.Cut(text[i+len("<title>"):], "<")
			return webPage + ", " + strings.TrimSpace(title)
		}
		return webPage
	}
	for _, c := range text {
		if c == '\ufffd' || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return fmt.Sprintf("%d bytes that start with % x", len(b), b[:min(8, len(b))])
		}
	}
	return text
}
