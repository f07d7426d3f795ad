package voices

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"
	"unicode/utf8"

	"github.com/narrapress/narrapress/internal/audio"
)

// hearing is a take on its way to a listener.
type hearing struct {
	audio     []byte
	mediaType string
	minutes   float64
}

// listens is the call that has a take of c listened to.
func (e *ear) listens(c *call, s *Speech, length sound) *call {
	req := Request{Voice: Voice{Name: c.req.Voice.Name, Endpoint: listening, Model: e.Model}, Text: c.req.Text, Language: c.values.language}
	return &call{
		req: req, meter: c.meter, values: values{model: e.Model, voice: c.values.voice, language: c.values.language},
		hears: &hearing{s.Audio, s.MediaType, minutes(length)},
	}
}

// accepted are the types of files that OpenAI's interface takes, of those that
// takes are of. Others are sent as WAV.
var accepted = map[string]bool{"audio/wav": true, "audio/mpeg": true, "audio/flac": true, "audio/ogg": true, "audio/webm": true, "audio/mp4": true}

// hear sends a take and reads what was heard.
func (e *ear) hear(ctx context.Context, c *call) (*spoken, error) {
	t := e.http
	v, err := t.authorised(ctx, c.values)
	if err != nil {
		return nil, err
	}
	file, kind := c.hears.audio, c.hears.mediaType
	if !accepted[kind] {
		if file, err = asWAV(ctx, file); err != nil {
			return nil, t.fault(GiveUp, "the take cannot be put into a file that it takes: %s", err)
		}
		kind = "audio/wav"
	}
	if int64(len(file)) > e.Limits.Most {
		fault := t.fault(GiveUp, "a take of %d bytes is not sent: it takes %d (listen.limits.most_bytes)", len(file), e.Limits.Most)
		fault.Remedy, fault.unasked = "have the voice's endpoint answer in MP3, or in shorter segments (script.segment.most)", true
		return nil, fault
	}
	body, label, err := e.form(file, kind, v.language)
	if err != nil {
		return nil, t.fault(GiveUp, "%s", err)
	}
	u, err := renderAddress(e.spec.URL, e.spec.Path, nil, v)
	if err != nil {
		return nil, t.fault(GiveUp, "%s", err)
	}
	header, err := renderHeaders(e.spec.Headers, v)
	if err != nil {
		return nil, t.fault(GiveUp, "%s", err)
	}
	header.Set("Content-Type", label)
	res, err := t.do(ctx, newRequest(e.spec.Method, u, header, body), e.spec.Timeout.of(c.req))
	if errors.Is(err, errTooLong) {
		return nil, t.noSound(res, &useless{kind: useText, reason: fmt.Sprintf("the answer is longer than %d bytes", e.spec.Check.MostBytes)})
	}
	if err != nil {
		return nil, t.broken(ctx, err)
	}
	if !res.ok() {
		return nil, t.refusal(res)
	}
	words, err := transcript(res.body, res.header.Get("Content-Type"), e.Format)
	if err != nil {
		return nil, t.noSound(res, err)
	}
	return &spoken{words: words, requestID: t.requestID(res.header)}, nil
}

// form is the request's body, and its type (RFC 7578).
func (e *ear) form(file []byte, kind, language string) (body []byte, label string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	// Servers tell the type by the name; some by the label.
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="take.` + extension(kind) + `"`}, "Content-Type": {kind},
	})
	if err == nil {
		_, err = part.Write(file)
	}
	primary, _, _ := strings.Cut(strings.ToLower(language), "-") // ISO 639-1, as the interface wants it
	for _, f := range [][2]string{{"model", e.Model}, {"language", primary}, {"response_format", e.Format}} {
		if err == nil && f[1] != "" {
			err = w.WriteField(f[0], f[1])
		}
	}
	err = errors.Join(err, w.Close())
	return b.Bytes(), w.FormDataContentType(), err
}

// transcript finds the words in an answer. Nothing at all is no answer; JSON
// whose text is empty says that nothing was heard.
func transcript(b []byte, label, format string) (string, error) {
	text := strings.TrimSpace(string(b))
	if text == "" {
		return "", &useless{kind: useNothing, reason: "the answer is empty"}
	}
	var tree map[string]any
	if err := json.Unmarshal(b, &tree); err == nil {
		if words, ok := tree["text"].(string); ok {
			return words, nil
		}
		return "", isNo("transcript", b, label)
	}
	// A page is none, whatever was asked for.
	if format != "text" || strings.HasPrefix(message(b, label), webPage) || !utf8.ValidString(text) {
		return "", isNo("transcript", b, label)
	}
	return text, nil
}

// asWAV decodes a file and writes it anew.
func asWAV(ctx context.Context, file []byte) ([]byte, error) {
	s, err := listen(ctx, file)
	if err != nil {
		return nil, err
	}
	pcm, err := appendSamples(ctx, nil, file)
	if err != nil {
		return nil, err
	}
	return audio.WrapPCM(pcm, "pcm_s16le", s.Rate, s.Channels)
}

// describe says in a line what the listener is asked for.
func (e *ear) describe() string { return fmt.Sprintf("%s at %s", e.Model, e.spec.site()) }

// ListenerReady asks the listener whether it is there and takes the key, with
// patience. Without a listener it is nil.
func (s *Studio) ListenerReady(ctx context.Context) error {
	if s.ear == nil {
		return nil
	}
	e := s.ear
	spec := e.spec
	spec.Retry.Attempts = min(spec.Retry.Attempts, nobody)
	ask := retried(spec, e.options, func(ctx context.Context, _ *call) (*spoken, error) {
		return &spoken{}, e.http.probe(ctx)
	})
	_, err := ask(ctx, &call{})
	return err
}

// Listener names the model that listens, and where; empty where nobody does.
func (s *Studio) Listener() string {
	if s.ear == nil {
		return ""
	}
	return s.ear.describe()
}
