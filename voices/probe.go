package voices

import (
	"context"
	"net/http"
)

// get asks the endpoint something that costs nothing.
func (t *httpTransport) get(ctx context.Context, path string) (answer, error) {
	v, res, err := t.getOnce(ctx, path)
	if err == nil && res.status == http.StatusUnauthorized && t.tokens.drop(v.token) {
		v, res, err = t.getOnce(ctx, path)
	}
	if err == nil && res.ok() {
		t.tokens.took(v.token)
	}
	return res, err
}

func (t *httpTransport) getOnce(ctx context.Context, path string) (values, answer, error) {
	v, err := t.authorised(ctx, values{model: t.spec.Model, params: t.spec.Params})
	if err != nil {
		return v, answer{}, err
	}
	query, err := renderMap("query", t.spec.Query, v)
	if err != nil {
		return v, answer{}, t.fault(GiveUp, "%s", err)
	}
	u, err := renderAddress(t.spec.URL, path, query, v)
	if err != nil {
		return v, answer{}, t.fault(GiveUp, "%s", err)
	}
	header, err := renderHeaders(t.spec.Headers, v)
	if err != nil {
		return v, answer{}, t.fault(GiveUp, "%s", err)
	}
	res, err := t.do(ctx, newRequest(http.MethodGet, u, header, nil), quick)
	if err != nil {
		return v, answer{}, t.broken(ctx, err)
	}
	return v, res, nil
}

// probe asks whether the server is there and takes the key. A server that
// does not know the question is there.
func (t *httpTransport) probe(ctx context.Context) error {
	res, err := t.get(ctx, t.spec.Probe)
	switch {
	case err != nil:
		return err
	case res.status == http.StatusUnauthorized, res.status == http.StatusForbidden, res.status > 499:
		return t.refusal(res)
	}
	return nil
}

// voices asks the server for its list. Many have none.
func (t *httpTransport) voices(ctx context.Context) ([]string, error) {
	if t.spec.Voices.Path == "" {
		return nil, nil
	}
	res, err := t.get(ctx, t.spec.Voices.Path)
	switch {
	case err != nil:
		return nil, err
	case res.status == http.StatusUnauthorized, res.status == http.StatusForbidden, res.status == http.StatusTooManyRequests:
		return nil, t.refusal(res)
	case res.status >= 400 && res.status <= 499, res.status == http.StatusNotImplemented:
		return nil, nil // it does not know the question
	case !res.ok():
		return nil, t.refusal(res)
	}
	names, err := parseVoices(res.body, t.spec.Voices.JSON)
	if err != nil {
		return nil, t.fault(GiveUp, "GET %s: %s", t.spec.Voices.Path, err)
	}
	return names, nil
}

func (t *httpTransport) identity(context.Context) (string, error) { return t.spec.Identity, nil }
