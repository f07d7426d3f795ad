package voices

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRules(t *testing.T) {
	t.Parallel()
	rules := []Rule{
		{Path: "error.code", In: []string{"quota", "17"}, Then: "pay"},
		{Status: []int{400, 429}, Path: "errors.*.type", Has: []string{"Throttl"}, Then: "wait"},
		{Status: []int{413}, Then: "give_up", Remedy: "less"},
		{Has: []string{"try later"}, Then: "again", Attempts: 2},
	}
	for name, test := range map[string]struct {
		status int
		body   string
		want   string // then
	}{
		"by code":            {429, `{"error":{"code":"quota"}}`, "pay"},
		"by number":          {400, `{"error":{"code":17}}`, "pay"},
		"in a list":          {400, `{"errors":[{"type":"X"},{"type":"ThrottlingException"}]}`, "wait"},
		"in another case":    {400, `{"errors":[{"type":"THROTTLED"}]}`, "wait"},
		"of another status":  {500, `{"errors":[{"type":"ThrottlingException"}]}`, ""},
		"by status":          {413, "", "give_up"},
		"by its words":       {200, "<p>Please Try Later</p>", "again"},
		"nothing":            {429, `{"error":{"code":"slow"}}`, ""},
		"a list for a text":  {429, `{"error":{"code":["quota"]}}`, ""},
		"broken":             {429, `{"error":{"code":"quota"`, ""},
		"the first decides":  {413, `{"error":{"code":"quota"}}`, "pay"},
		"an empty answer":    {429, "", ""},
		"of no shape at all": {429, "null", ""},
	} {
		got := ""
		if r := decide(rules, test.status, []byte(test.body)); r != nil {
			got = r.Then
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	var tree any
	if err := json.Unmarshal([]byte(`{"a":[{"b":1},{"c":2},{"b":3}],"m":{"x":{"y":[["p","q"],["r"]]}},"n":null}`), &tree); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]any{
		"a.0.b":     {1.0},
		"a.*.b":     {1.0, nil, 3.0},
		"m.x.y.*.*": {"p", "q", "r"},
		"m.x.y.1.0": {"r"},
		"a.9.b":     nil,
		"a.-1":      nil,
		"a.b":       nil,
		"n":         nil,
		"n.x":       nil,
		"":          nil,
		"m.*":       nil,
	} {
		if diff := cmp.Diff(want, all(tree, path)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestLimitsOfAModel(t *testing.T) {
	t.Parallel()
	l := Limits{Most: 3000, Unit: "chars", Models: map[string]int{"big": 40000}, Concurrency: 2}
	for name, test := range map[string]struct {
		l     Limits
		model string
		speed float64
		most  int
		unit  string
	}{
		"as it says":     {l, "", 0, 3000, "chars"},
		"a model":        {l, "big", 0, 40000, "chars"},
		"bytes":          {Limits{Most: 5000, Unit: "bytes"}, "", 2, 5000, "bytes"},
		"tokens":         {Limits{Most: 2000, Unit: "tokens"}, "", 0, 1800, "chars"},
		"minutes":        {Limits{Most: 10, Unit: "minutes"}, "", 0, 4800, "chars"},
		"minutes, slow":  {Limits{Most: 10, Unit: "minutes"}, "", 0.5, 2400, "chars"},
		"minutes, quick": {Limits{Most: 10, Unit: "minutes"}, "", 2, 9600, "chars"},
	} {
		if got := test.l.of(test.model, test.speed); got.Most != test.most || got.Unit != test.unit || got.Models != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		params map[string]any
		take   int
		want   any
	}{
		"none":         {nil, 2, nil},
		"as it is":     {map[string]any{"seed": 42}, 0, 42},
		"a retake":     {map[string]any{"seed": 42}, 2, 44},
		"a float":      {map[string]any{"seed": 42.0}, 1, 43},
		"not a number": {map[string]any{"seed": "x"}, 1, "x"},
	} {
		if got := (values{params: test.params, take: test.take}).get("seed"); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	e := opened(t, Endpoint{Preset: "elevenlabs", Params: map[string]any{"seed": 7}})
	form, err := e.render.render(e.render.values(Request{Voice: Voice{Voice: "v"}, Text: "x", Take: 3}))
	if err != nil || form.Body["seed"] != 10 {
		t.Errorf("%v %v", form.Body, err)
	}
}
