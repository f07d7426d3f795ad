package voices

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	const cap = 90 * time.Second
	google := func(details string) string {
		return `{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.Help"},` + details + `]}}`
	}
	for name, test := range map[string]struct {
		headers map[string]string
		body    string
		status  int // 429
		want    time.Duration
	}{
		"nothing":                 {},
		"seconds":                 {headers: map[string]string{"Retry-After": "20"}, want: 20 * time.Second},
		"part of a second":        {headers: map[string]string{"Retry-After": "0.5"}, want: 500 * time.Millisecond},
		"milliseconds":            {headers: map[string]string{"Retry-After-Ms": "1500"}, want: 1500 * time.Millisecond},
		"parts of those":          {headers: map[string]string{"Retry-After-Ms": "1500.5", "Retry-After": "2"}, want: 1500*time.Millisecond + 500*time.Microsecond},
		"a length":                {headers: map[string]string{"Retry-After": "1m30s"}, want: 90 * time.Second},
		"date":                    {headers: map[string]string{"Retry-After": "Mon, 23 Nov 2026 12:01:00 GMT"}, want: time.Minute},
		"server's own date":       {headers: map[string]string{"Retry-After": "Mon, 23 Nov 2026 12:01:00 GMT", "Date": "Mon, 23 Nov 2026 12:00:50 GMT"}, want: 10 * time.Second},
		"old form of a date":      {headers: map[string]string{"Retry-After": "Monday, 23-Nov-26 12:00:30 GMT"}, want: 30 * time.Second},
		"past":                    {headers: map[string]string{"Retry-After": "Mon, 23 Nov 2020 12:01:00 GMT"}},
		"negative":                {headers: map[string]string{"Retry-After": "-5"}},
		"nonsense":                {headers: map[string]string{"Retry-After": "soon"}},
		"no number":               {headers: map[string]string{"Retry-After": "NaN"}},
		"beyond belief":           {headers: map[string]string{"Retry-After": "1e300"}, want: longestAsked},
		"infinite":                {headers: map[string]string{"Retry-After": "Inf"}, want: longestAsked},
		"with a server's trouble": {status: 503, headers: map[string]string{"Retry-After": "20"}, want: 20 * time.Second},

		"requests start anew":          {headers: map[string]string{"X-RateLimit-Reset-Requests": "1s"}, want: time.Second},
		"parts of a second":            {headers: map[string]string{"X-RateLimit-Reset-Requests": "17ms"}, want: 17 * time.Millisecond},
		"the later of two":             {headers: map[string]string{"X-RateLimit-Reset-Requests": "1s", "X-RateLimit-Reset-Tokens": "1m12.5s"}, want: 72500 * time.Millisecond},
		"only of what is used up":      {headers: map[string]string{"X-RateLimit-Reset-Requests": "1s", "X-RateLimit-Remaining-Requests": "0", "X-RateLimit-Reset-Tokens": "30s", "X-RateLimit-Remaining-Tokens": "149"}, want: time.Second},
		"a counter, bounded":           {headers: map[string]string{"X-RateLimit-Reset-Requests": "6m0s"}, want: cap},
		"a counter beside Retry-After": {headers: map[string]string{"X-RateLimit-Reset-Requests": "6m0s", "Retry-After": "3"}, want: 3 * time.Second},
		"a counter of seconds":         {headers: map[string]string{"RateLimit-Reset": "42"}, want: 42 * time.Second},
		"a counter of a clock":         {headers: map[string]string{"X-RateLimit-Reset": "1795435200"}},
		"a counter of no refusal":      {status: 503, headers: map[string]string{"X-RateLimit-Reset-Requests": "1s"}},

		"Google's":           {body: google(`{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.074824224s"}`), want: 34074824224},
		"Google's, whole":    {body: google(`{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}`), want: 7 * time.Second},
		"Google's, of none":  {body: google(`{"@type":"type.googleapis.com/google.rpc.RetryInfo"}`)},
		"Google's, a number": {body: google(`{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":7}`)},
		"another detail":     {body: google(`{"@type":"type.googleapis.com/google.rpc.QuotaFailure","retryDelay":"7s"}`)},
		"other JSON":         {body: `{"error":"busy"}`},
		"a list":             {body: `[{"error":{}}]`},
	} {
		a := answer{status: test.status, header: http.Header{}, body: []byte(test.body)}
		if a.status == 0 {
			a.status = http.StatusTooManyRequests
		}
		for k, v := range test.headers {
			a.header.Set(k, v)
		}
		if got := a.asked(now, cap); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

// FuzzRetryAfter holds that no answer asks for a wait below nothing or beyond
// belief.
func FuzzRetryAfter(f *testing.F) {
	f.Add("1.5", "6m0s", `{"error":{"details":[{"@type":"x/google.rpc.RetryInfo","retryDelay":"3s"}]}}`)
	f.Add("Mon, 23 Nov 2026 12:01:00 GMT", "-1h", `{"error":{"details":[{}]}}`)
	f.Add("1e400", "9999999h", `[`)
	f.Fuzz(func(t *testing.T, after, reset, body string) {
		h := http.Header{"Retry-After": {after}, "X-Ratelimit-Reset-Requests": {reset}, "Retry-After-Ms": {reset}}
		d := answer{status: http.StatusTooManyRequests, header: h, body: []byte(body)}.asked(time.Unix(1<<30, 0), time.Minute)
		if d < 0 || d > longestAsked {
			t.Errorf("%v", d)
		}
	})
}
