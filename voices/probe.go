package voices

import (
	"context"
	"net/http"
)

// get asks the endpoint something that costs nothing.
func (t *httpTransport) get(ctx context.Context, path string) (int, http.Header, []byte, error) {
	v := values{key: t.spec.usableKey(), model: t.spec.Model, params: t.spec.Params}
	query, err := renderMap("query", t.spec.Query, v)
	if err != nil {
		return 0, nil, nil, t.fault(GiveUp, "%s", err)
	}
	u, err := t.render.address(path, query, v)
	if err != nil {
		return 0, nil, nil, t.fault(GiveUp, "%s", err)
	}
	header, err := t.render.headers(v)
	if err != nil {
		return 0, nil, nil, t.fault(GiveUp, "%s", err)
	}
	status, h, body, err := t.do(ctx, newRequest(http.MethodGet, u, header, nil), quick)
	if err != nil {
		return 0, nil, nil, t.broken(ctx, err)
	}
	return status, h, body, nil
}

// probe asks whether the server is there and takes the key. A server that
// does not know the question is there.
func (t *httpTransport) probe(ctx context.Context) error {
	status, h, body, err := t.get(ctx, t.spec.Probe)
	switch {
	case err != nil:
		return err
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status > 499:
		return t.refusal(status, h, body)
	}
	return nil
}

// voices asks the server for its list. Many have none.
func (t *httpTransport) voices(ctx context.Context) ([]string, error) {
	if t.spec.Voices.Path == "" {
		return nil, nil
	}
	status, h, body, err := t.get(ctx, t.spec.Voices.Path)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests:
		return nil, t.refusal(status, h, body)
	case status >= 400 && status <= 499, status == http.StatusNotImplemented:
		return nil, nil // it does not know the question
	case status < 200 || status > 299:
		return nil, t.refusal(status, h, body)
	}
	names, err := parseVoices(body)
	if err != nil {
		return nil, t.fault(GiveUp, "GET %s: %s", t.spec.Voices.Path, err)
	}
	return names, nil
}

func (t *httpTransport) identity(context.Context) (string, error) { return t.spec.Identity, nil }
