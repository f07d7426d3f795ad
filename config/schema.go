package config

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Schema is the JSON Schema (draft 2020-12) of a show's file. It knows the
// shape of the file: that names name something, that files are there and that
// lengths of time are within their bounds is known to Load alone.
func Schema() []byte {
	s := schema{rules: rulesByPath()}
	root := s.of(reflect.TypeFor[Config](), "")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/narrapress/narrapress/config/show.schema.json"
	root["title"] = "Narrapress show"
	root["$defs"] = object{
		"variable": object{"type": "string", "pattern": `\$\{`, "description": "A value that the environment or a file gives: ${NAME}, ${NAME:-default} or ${file:PATH}."},
		"length":   object{"type": "string", "pattern": lengthPattern, "description": "A length of time with its unit, such as 700ms or 1.5s."},
	}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic("config: the schema is made of maps and texts: " + err.Error())
	}
	return append(out, '\n')
}

type object = map[string]any

type schema struct{ rules map[string]setting }

// of is the schema of a type under a setting's path, * for names.
func (s schema) of(t reflect.Type, path string) object {
	out := s.shape(t, path)
	if doc := s.rules[path].doc; doc != "" {
		if unit := s.rules[path].unit; unit != "" {
			doc += " Unit: " + unit + "."
		}
		out["description"] = doc
	}
	return out
}

func (s schema) shape(t reflect.Type, path string) object {
	rule := s.rules[path]
	switch {
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem(), path)
	case t.Kind() == reflect.Struct && len(fields(t)) > 0:
		if isText(t) {
			return object{"anyOf": []any{object{"type": "string"}, s.structure(t, path)}}
		}
		return s.structure(t, path)
	case t.Kind() == reflect.Map && t.Elem().Kind() == reflect.Interface:
		return object{"type": []string{"object", "null"}}
	case t.Kind() == reflect.Map:
		return object{
			"type": []string{"object", "null"}, "additionalProperties": s.of(t.Elem(), join(path, "*")),
			"propertyNames": object{"minLength": 1},
		}
	case t.Kind() == reflect.Slice && rule.oneOf != nil:
		return object{"type": []string{"array", "null"}, "items": s.shape(t.Elem(), path)}
	case t.Kind() == reflect.Slice:
		return object{"type": []string{"array", "null"}, "items": s.of(t.Elem(), path+"[]")}
	case t.Kind() == reflect.Interface:
		return object{}
	case isLength(t):
		return variable(object{"$ref": "#/$defs/length"})
	case isText(t) && t.Kind() == reflect.Float64:
		return variable(rule.numeric(object{"type": "number"}), object{"type": "string", "pattern": levelPattern(t)})
	case rule.oneOf != nil:
		return variable(object{"type": "string", "enum": rule.oneOf})
	case rule.numbers != nil:
		return variable(object{"type": "integer", "enum": rule.numbers})
	case t.Kind() == reflect.Bool:
		return variable(object{"type": "boolean"})
	case t.Kind() == reflect.Float64:
		return variable(rule.numeric(object{"type": "number"}))
	case t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
		return variable(rule.numeric(object{"type": "integer"}))
	}
	return object{"type": "string"} // also what reads itself from a text
}

func (s schema) structure(t reflect.Type, path string) object {
	properties := object{}
	for _, f := range fields(t) {
		properties[f.name] = s.of(t.Field(f.index).Type, join(path, f.name))
	}
	return object{"type": []string{"object", "null"}, "properties": properties, "additionalProperties": false}
}

// numeric adds the bounds of a number.
func (s setting) numeric(o object) object {
	if s.within == nil {
		return o
	}
	o["minimum"], o["maximum"] = s.within.least, s.within.most
	if s.within.orZero {
		return object{"anyOf": []any{object{"const": 0}, o}}
	}
	return o
}

// variable allows ${NAME} where something else than a text is wanted.
func variable(shapes ...object) object {
	all := make([]any, 0, len(shapes)+1)
	for _, s := range shapes {
		all = append(all, s)
	}
	return object{"anyOf": append(all, object{"$ref": "#/$defs/variable"})}
}

// levelPattern is how a level is written with its unit, which its own type
// knows, or without.
func levelPattern(t reflect.Type) string {
	var unit strings.Builder
	for _, r := range strings.TrimPrefix(example(reflect.New(t).Elem()), "-1") {
		unit.WriteString("[" + strings.ToLower(string(r)) + strings.ToUpper(string(r)) + "]")
	}
	return `^\s*[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\s*(` + unit.String() + `)?\s*$`
}
