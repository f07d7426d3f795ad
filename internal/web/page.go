package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"
)

// styleCSS is in every page, so that a page is one answer.
//
//go:embed style.css
var styleCSS string

// policy lets a page of this server load nothing from anywhere, run nothing, and
// stand in no frame. Its style is known by its hash.
func policy() string {
	sum := sha256.Sum256([]byte(styleCSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// page is a template with what all pages have in common.
func page(name, text string) *template.Template {
	return template.Must(template.New(name).Funcs(template.FuncMap{
		"style": func() template.CSS { return template.CSS(styleCSS) }, //nolint:gosec // a file of our own
		"when":  when,
		"clock": clock,
		"line":  func(s string) string { return strings.Join(strings.Fields(s), " ") },
	}).Parse(text))
}

// when is a time for a person, to the minute; with its zone, which is the server's.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04 MST")
}

// clock is a length such as 1:02:03 or 4:05.
func clock(seconds float64) string {
	d := int(seconds + 0.5)
	if d >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", d/3600, d/60%60, d%60)
	}
	return fmt.Sprintf("%d:%02d", d/60, d%60)
}

// render answers with a page, whole or not at all.
func render(w http.ResponseWriter, status int, t *template.Template, data any) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy())
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
