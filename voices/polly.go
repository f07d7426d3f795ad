package voices

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/polly"
	"github.com/aws/aws-sdk-go-v2/service/polly/types"
	"github.com/aws/smithy-go"
)

// pollyTransport speaks to Amazon Polly, whose requests are signed with what
// no template can hold: the SDK finds credentials and signs. All else is the
// endpoint's, as it is with HTTP: the body is the input of SynthesizeSpeech,
// by its own names, and rules read {"code", "message"} of a refusal.
//
// The key, if there is one, is ID:SECRET or ID:SECRET:SESSION; else the SDK
// looks where all of AWS's programs do. params.region goes before the region
// that it finds.
type pollyTransport struct {
	*httpTransport

	mu     sync.Mutex
	client *polly.Client // nil until it is first needed
}

func newPolly(spec Endpoint, r *renderer, client *http.Client) *pollyTransport {
	return &pollyTransport{httpTransport: newHTTP(spec, r, client)}
}

func validatePolly(e Endpoint, f *faults) {
	if e.URL != "" {
		validateURL(e.URL, f)
	}
	f.add(e.BodyType != "json", "body_type %q: polly takes the fields of SynthesizeSpeech under body", e.BodyType)
	f.add(e.Response.Audio != "body", "response.audio %q: polly answers with audio", e.Response.Audio)
	f.add(e.Auth.there(), "auth: polly signs its requests; it needs none")
	key := e.usableKey()
	f.add(key != "" && (strings.Count(key, ":") < 1 || strings.Count(key, ":") > 2), "key: must be ID:SECRET or ID:SECRET:SESSION, or left out")
}

func (t *pollyTransport) speak(ctx context.Context, c *call) (*spoken, error) {
	client, err := t.open(ctx)
	if err != nil {
		return nil, err
	}
	v := c.values
	v.key = t.spec.usableKey()
	form, err := t.render.render(v)
	if err != nil {
		return nil, t.fault(GiveUp, "%s", err)
	}
	in, err := pollyInput(form.Body)
	if err != nil {
		return nil, t.fault(GiveUp, "%s", err)
	}
	most := t.spec.Timeout.of(c.req)
	res, err := t.ask(ctx, client, in, most)
	if err != nil {
		return nil, err
	}
	got, err := unwrap(res.body, res.header.Get("Content-Type"), t.spec.Response)
	if err != nil {
		return nil, t.noSound(res, err)
	}
	out := &spoken{audio: got.audio, mediaType: got.mediaType, requestID: t.requestID(res.header)}
	if t.spec.Response.Marks.Text != "" {
		out.marks = t.marks(ctx, client, in, most, v.text)
	}
	return out, nil
}

// pollyInput reads the body as the SDK's own input.
func pollyInput(body map[string]any) (*polly.SynthesizeSpeechInput, error) {
	b, err := plainJSON(body)
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	in := &polly.SynthesizeSpeechInput{}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(in); err != nil {
		return nil, fmt.Errorf("body: SynthesizeSpeech: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return in, nil
}

// ask makes one request for speech, or for its marks.
func (t *pollyTransport) ask(ctx context.Context, client *polly.Client, in *polly.SynthesizeSpeechInput, most time.Duration) (answer, error) {
	x := &exchange{t: t.httpTransport, most: most}
	_, err := client.SynthesizeSpeech(ctx, in, func(o *polly.Options) { o.HTTPClient = x })
	if err != nil {
		return answer{}, t.failed(ctx, x, err)
	}
	return x.answer, nil
}

// marks asks when the words are spoken: a request of its own, which is billed
// too. Speech is kept without them where they are not to be had.
func (t *pollyTransport) marks(ctx context.Context, client *polly.Client, in *polly.SynthesizeSpeechInput, most time.Duration, text string) []Mark {
	ask := *in
	ask.OutputFormat, ask.SampleRate = types.OutputFormatJson, nil
	ask.SpeechMarkTypes = []types.SpeechMarkType{types.SpeechMarkTypeWord}
	res, err := t.ask(ctx, client, &ask, most)
	if err != nil {
		return nil
	}
	var words []word
	for d := json.NewDecoder(bytes.NewReader(res.body)); ; {
		var tree any
		if d.Decode(&tree) != nil {
			return align(text, words)
		}
		words = append(words, t.spec.Response.Marks.words(tree)...)
	}
}

// failed is what became of a request, in the terms of every endpoint.
func (t *pollyTransport) failed(ctx context.Context, x *exchange, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case x.err != nil:
		return t.broken(ctx, x.err)
	case x.answer.status == 0: // nothing was sent
		e := t.fault(GiveUp, "AWS: %s", err)
		e.Remedy = t.line(fmt.Sprintf("set params.region of endpoints.%s, and its key (ID:SECRET) or credentials where the AWS command line finds them", t.spec.Name))
		return e
	}
	if said, ok := errors.AsType[smithy.APIError](err); ok {
		// Where the code stands differs between services; rules find it here.
		x.answer.body, _ = plainJSON(map[string]string{"code": said.ErrorCode(), "message": strings.TrimSpace(said.ErrorCode() + ": " + said.ErrorMessage())})
	}
	return t.refusal(x.answer)
}

// exchange is one request of the SDK's, made as every other is: within the
// timeouts and the limit of size, and read to its end.
type exchange struct {
	t      *httpTransport
	most   time.Duration
	answer answer
	err    error
}

// Do implements the SDK's HTTPClient.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	x.answer, x.err = x.t.do(req.Context(), req, x.most)
	if x.err != nil {
		return nil, x.err
	}
	return &http.Response{
		Status: x.answer.line(), StatusCode: x.answer.status, Header: x.answer.header, Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(x.answer.body)), ContentLength: int64(len(x.answer.body)),
	}, nil
}

// open makes the client, once. It asks nothing of Polly.
func (t *pollyTransport) open(ctx context.Context) (*polly.Client, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.client != nil {
		return t.client, nil
	}
	v := values{params: t.spec.Params}
	options := []func(*config.LoadOptions) error{
		config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }), // ours is outside
	}
	if region, err := toText(v.get("params.region")); err == nil && region != "" {
		options = append(options, config.WithRegion(region))
	}
	if key := t.spec.usableKey(); key != "" {
		parts := append(strings.Split(key, ":"), "", "")
		options = append(options, config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(parts[0], parts[1], parts[2])))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, t.fault(GiveUp, "AWS: %s", err)
	}
	t.client = polly.NewFromConfig(cfg, func(o *polly.Options) {
		if t.spec.URL != "" {
			if u, err := renderAddress(t.spec.URL, "", nil, v); err == nil {
				o.BaseEndpoint = aws.String(u.String())
			}
		}
	})
	return t.client, nil
}

// voices are those of the engine that is the endpoint's model.
func (t *pollyTransport) voices(ctx context.Context) ([]string, error) {
	client, err := t.open(ctx)
	if err != nil {
		return nil, err
	}
	in := &polly.DescribeVoicesInput{Engine: types.Engine(t.spec.Model)}
	names := []string{}
	for {
		x := &exchange{t: t.httpTransport, most: quick}
		page, err := client.DescribeVoices(ctx, in, func(o *polly.Options) { o.HTTPClient = x })
		if err != nil {
			return nil, t.failed(ctx, x, err)
		}
		for _, voice := range page.Voices {
			names = append(names, string(voice.Id))
		}
		if in.NextToken = page.NextToken; aws.ToString(in.NextToken) == "" || len(names) > mostVoices {
			return unique(names), nil
		}
	}
}

// probe asks for the voices: whether Polly is there and takes the credentials.
func (t *pollyTransport) probe(ctx context.Context) error {
	_, err := t.voices(ctx)
	return err
}
