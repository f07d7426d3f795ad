package publish

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/narrapress/narrapress/pipeline/level"
)

// ManifestSchema is the JSON Schema (draft 2020-12) of a manifest, made from
// its Go types. What a newer program adds, an older schema lets pass.
func ManifestSchema() ([]byte, error) {
	root, err := schemaOf(reflect.TypeFor[Manifest](), "", fieldDocs())
	if err != nil {
		return nil, err
	}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/narrapress/narrapress/docs/manifest.schema.json"
	root["title"] = "Narrapress manifest"
	out, err := json.MarshalIndent(root, "", "  ")
	return append(out, '\n'), err
}

type object = map[string]any

// schemaOf is the schema of a type under a path such as takes[].start; * stands
// for a name that the show gives. It is an error where a field is not told of.
func schemaOf(t reflect.Type, path string, docs map[string]string) (object, error) {
	out, err := shapeOf(t, path, docs)
	if doc := docs[path]; err == nil && doc != "" {
		out["description"] = doc
	}
	return out, err
}

func shapeOf(t reflect.Type, path string, docs map[string]string) (object, error) {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}, nil
	case reflect.TypeFor[level.DB](), reflect.TypeFor[level.LUFS](), reflect.TypeFor[level.DBTP]():
		return object{"type": []string{"number", "null"}}, nil // silence has no number
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shapeOf(t.Elem(), path, docs)
	case reflect.Struct:
		return structOf(t, path, docs)
	case reflect.Map:
		of, err := schemaOf(t.Elem(), path+".*", docs)
		return object{"type": []string{"object", "null"}, "additionalProperties": of}, err
	case reflect.Slice:
		of, err := schemaOf(t.Elem(), path+"[]", docs)
		return object{"type": []string{"array", "null"}, "items": of}, err
	case reflect.Bool:
		return object{"type": "boolean"}, nil
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}, nil
	case reflect.Float64:
		return object{"type": "number"}, nil
	case reflect.String:
		return object{"type": "string"}, nil
	}
	return nil, fmt.Errorf("%s: a manifest cannot hold a %s", path, t)
}

func structOf(t reflect.Type, path string, docs map[string]string) (object, error) {
	properties, required := object{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() || f.Anonymous { // whose fields follow
			continue
		}
		below := name
		if path != "" {
			below = path + "." + name
		}
		if docs[below] == "" {
			return nil, fmt.Errorf("the field %s of the manifest is not told of: add it to fieldDocs", below)
		}
		of, err := schemaOf(f.Type, below, docs)
		if err != nil {
			return nil, err
		}
		properties[name] = of
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	return object{"type": "object", "properties": properties, "required": required}, nil
}
