package voices

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/narrapress/narrapress/internal/audio"
)

// take is what an answer has of use.
type take struct {
	audio     []byte // whole, with a header
	mediaType string
	words     []word
}

// unwrap finds the audio in an answer, by its bytes rather than by its label,
// which is often wrong. An error says in a line what the answer was instead.
func unwrap(b []byte, label string, r Response) (take, error) {
	if len(b) == 0 {
		return take{}, &useless{kind: useNothing, reason: "the answer is empty"}
	}
	var out take
	if path, ok := strings.CutPrefix(r.Audio, "json:"); ok {
		var err error
		if b, label, out.words, err = fromJSON(b, path, r); err != nil {
			return take{}, err
		}
	}
	kind := audio.Sniff(b)
	if r.Format != "auto" && !isText(label) && !isFile(b, kind) {
		// Samples may start with any byte, so only the label can tell them
		// from a page.
		var err error
		if out.audio, err = audio.WrapPCM(b, r.Format, rateOf(label, r.SampleRate), r.Channels); err != nil {
			return take{}, &useless{kind: useCut, reason: "the samples are cut off: " + err.Error(), err: err}
		}
		out.mediaType = "audio/wav"
		return out, nil
	}
	switch kind {
	case "":
		return take{}, isNo("audio", b, label)
	case "audio/wav":
		if err := wholeWAV(b); err != nil {
			return take{}, err
		}
		mended, err := audio.MendWAV(b)
		if err != nil {
			return take{}, &useless{kind: useCut, reason: "the audio is broken: " + err.Error(), err: err}
		}
		b = mended
	}
	out.audio, out.mediaType = b, kind
	return out, nil
}

// rateOf is the samples a second that a label names (RFC 3551, section 4.1:
// audio/L16;rate=24000), else the rate that is expected.
func rateOf(label string, expected int) int {
	_, params, _ := mime.ParseMediaType(label)
	if rate, err := strconv.Atoi(params["rate"]); err == nil && rate >= 1000 && rate <= 768_000 {
		return rate
	}
	return expected
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
	if u, ok := errors.AsType[*useless](err); ok && (u.kind == useCut || u.kind == useUnfinished) {
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

// fromJSON reads the audio at the path of a JSON answer, of every value where
// it is several, what the answer calls it, and the times of its words.
func fromJSON(b []byte, path string, r Response) (sound []byte, label string, words []word, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	for n := 0; ; n++ {
		var tree any
		switch err := d.Decode(&tree); {
		case errors.Is(err, io.EOF):
			if len(sound) == 0 {
				return nil, "", nil, &useless{kind: useMissing, reason: "the answer has no audio at " + path + whatItSays(b, "")}
			}
			return sound, label, words, nil
		case errors.Is(err, io.ErrUnexpectedEOF) && (n > 0 || len(sound) > 0):
			return nil, "", nil, cutOff(fmt.Sprintf("after %d values of JSON", n))
		case err != nil:
			return nil, "", nil, isNo("JSON", b, "")
		}
		for _, c := range r.Require {
			if got, _ := toText(at(tree, c.Path)); !slices.Contains(c.In, got) {
				return nil, "", nil, unfinished(c, got, b)
			}
		}
		found, err := decoded(tree, path, r.Encoding)
		if err != nil {
			return nil, "", nil, err
		}
		if m, ok := tree.(map[string]any); ok && len(found) == 0 && (m["error"] != nil || m["detail"] != nil) {
			whole, _ := json.Marshal(m) // was decoded from it
			return nil, "", nil, isNo("audio", whole, "")
		}
		sound = append(sound, found...)
		words = append(words, r.Marks.words(tree)...)
		if is, ok := at(tree, r.MediaType).(string); ok && label == "" {
			label = is
		}
	}
}

// unfinished is an answer that itself says that it is not the whole.
func unfinished(c Condition, got string, b []byte) error {
	if got == "" {
		return &useless{kind: useUnfinished, reason: fmt.Sprintf("the answer has no %s%s", c.Path, whatItSays(b, ""))}
	}
	return &useless{kind: useUnfinished, reason: fmt.Sprintf("the answer is not whole: its %s is %s", c.Path, got)}
}

// decoded are the bytes of the texts at a path.
func decoded(tree any, path, encoding string) ([]byte, error) {
	var out []byte
	for _, x := range all(tree, path) {
		text, _ := x.(string)
		if strings.HasPrefix(text, "data:") {
			_, text, _ = strings.Cut(text, ",")
		}
		b, err := fromText(text, encoding)
		if err != nil {
			return nil, &useless{kind: useMissing, reason: fmt.Sprintf("the text at %s is no %s", path, encoding)}
		}
		out = append(out, b...)
	}
	return out, nil
}

func fromText(text, encoding string) ([]byte, error) {
	if encoding == "hex" {
		return hex.DecodeString(text)
	}
	text = strings.TrimRight(text, "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		b, err = base64.RawURLEncoding.DecodeString(text)
	}
	return b, err
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
