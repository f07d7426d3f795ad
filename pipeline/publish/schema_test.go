package publish_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/narrapress/narrapress/pipeline/publish"
)

func manifestSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := publish.ManifestSchema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("manifest.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The schema and the table in docs are those of the Go types.
func TestManifestDocs(t *testing.T) {
	t.Parallel()
	schema, err := publish.ManifestSchema()
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- fields: written by go test ./pipeline/publish -run TestManifestDocs -update -->\n", "<!-- end of fields -->\n"
	page := filepath.Join("..", "..", "docs", "manifest.md")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, whole := strings.Cut(rest, end)
	if !ok || !whole {
		t.Fatalf("%s has no place for the fields", page)
	}
	for path, want := range map[string]string{
		page: head + begin + publish.ManifestTable() + end + tail,
		filepath.Join("..", "..", "docs", "manifest.schema.json"): string(schema),
	} {
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestManifestSchema(t *testing.T) {
	t.Parallel()
	s := manifestSchema(t)
	real, err := os.ReadFile(filepath.Join("testdata", "made.json")) // by narrapress, of an episode of six segments
	if err != nil {
		t.Fatal(err)
	}
	if _, err := publish.ParseManifest(real); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, from, to string
		valid          bool
	}{
		{"as it was made", "", "", true},
		{"a field of a newer program", `"program":`, `"news": 1, "program":`, true},
		{"a rate in words", `"rate": 44100`, `"rate": "44100"`, false},
		{"without a build", `"build":`, `"bild":`, false},
		{"a take without its key", `"key":`, `"kee":`, false},
		{"held in words", `"held": false`, `"held": "no"`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := string(real)
			if tt.from != "" {
				if text = strings.ReplaceAll(text, tt.from, tt.to); text == string(real) {
					t.Fatalf("there is no %s in it", tt.from)
				}
			}
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(doc); (err == nil) != tt.valid {
				t.Errorf("valid is %v, want %v: %v", err == nil, tt.valid, err)
			}
		})
	}
}
