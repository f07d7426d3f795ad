package web

import (
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Loopback says whether an address to listen at, HOST:PORT, is reached from this
// machine alone. An empty host is all of the machine's addresses.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && local(host)
}

func local(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// gate lets those in who know the token, by the header "Authorization: Bearer
// TOKEN" or by a cookie that the login gives. Without a token, only who asked for
// this machine by name is let in: not a page of the web that found out its
// port, nor whom a proxy speaks for.
type gate struct {
	token func() string
	tries *rate.Limiter
	page  *template.Template // that asks for it
}

// At most so many tokens are tried in a second, by all together.
const (
	triesPerSecond = 2
	triesAtOnce    = 10
)

// cookie is the name of the cookie of who has logged in, and days its life.
const (
	cookie     = "narrapress"
	cookieLife = 30 * 24 * time.Hour
)

func newGate(token func() string) *gate {
	return &gate{token: token, tries: rate.NewLimiter(triesPerSecond, triesAtOnce), page: page("login", loginHTML)}
}

func (g *gate) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		switch ok, status := g.admits(r); {
		case ok:
			next.ServeHTTP(w, r)
		case status == http.StatusTooManyRequests:
			http.Error(w, "too many tokens were tried: wait a little", status)
		case g.token() == "":
			http.Error(w, "the server has no token: ask it on its own machine by the name localhost, or set server.token", http.StatusForbidden)
		case strings.Contains(r.Header.Get("Accept"), "text/html"):
			if _, err := r.Cookie(cookie); err == nil { // of a token that was: it would cost a try each time
				g.set(w, r, "", -1)
			}
			http.Redirect(w, r, "/login", http.StatusSeeOther)
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="narrapress"`)
			http.Error(w, "this needs the token: Authorization: Bearer TOKEN", http.StatusUnauthorized)
		}
	})
}

// admits says whether a request may pass, or with which status it may not.
func (g *gate) admits(r *http.Request) (bool, int) {
	token := g.token()
	if token == "" {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		return local(strings.Trim(host, "[]")) && !forwarded(r), http.StatusForbidden
	}
	if given := r.Header.Get("Authorization"); given != "" {
		scheme, given, _ := strings.Cut(given, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return false, http.StatusUnauthorized
		}
		return g.try(given, token)
	}
	if c, err := r.Cookie(cookie); err == nil {
		return g.try(c.Value, ticket(token))
	}
	return false, http.StatusUnauthorized
}

// try compares a token, or what a cookie has of it. A wrong one costs a try.
func (g *gate) try(given, want string) (bool, int) {
	if same(given, want) {
		return true, 0
	}
	if !g.tries.Allow() {
		return false, http.StatusTooManyRequests
	}
	return false, http.StatusUnauthorized
}

// forwarded says whether a proxy says that it speaks for somebody else. One that
// says nothing at all is not known: a server behind a proxy has a token.
func forwarded(r *http.Request) bool {
	if !r.ProtoAtLeast(1, 1) { // as nginx speaks to servers where it is not told otherwise, and no browser does
		return true
	}
	for name := range r.Header {
		switch {
		case strings.HasPrefix(name, "X-Forwarded-"), strings.HasPrefix(name, "X-Original-"), strings.HasPrefix(name, "Cf-"):
			return true
		}
		switch name {
		case "Forwarded", "Via", "X-Real-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Envoy-External-Address", "True-Client-Ip", "Fastly-Client-Ip", "Fly-Client-Ip":
			return true
		}
	}
	return false
}

// same compares in a time that tells nothing.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// ticket is what the cookie holds: whoever reads it knows the token no better.
func ticket(token string) string {
	sum := sha256.Sum256([]byte("narrapress login\x00" + token))
	return hex.EncodeToString(sum[:])
}

//go:embed login.html
var loginHTML string

func (g *gate) form(w http.ResponseWriter, r *http.Request) {
	if g.token() == "" {
		http.Redirect(w, r, "/status", http.StatusSeeOther)
		return
	}
	g.ask(w, http.StatusOK, "")
}

func (g *gate) ask(w http.ResponseWriter, status int, wrong string) {
	render(w, status, g.page, struct{ Wrong string }{wrong})
}

// login gives a cookie for the token.
func (g *gate) login(w http.ResponseWriter, r *http.Request) {
	const mostForm = 4 << 10
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	token := g.token()
	if token == "" {
		http.Redirect(w, r, "/status", http.StatusSeeOther)
		return
	}
	if ok, status := g.try(strings.TrimSpace(r.PostFormValue("token")), token); !ok {
		g.ask(w, status, map[int]string{http.StatusTooManyRequests: "Too many tokens were tried. Wait a little."}[status])
		return
	}
	g.set(w, r, ticket(token), int(cookieLife/time.Second))
	http.Redirect(w, r, "/status", http.StatusSeeOther)
}

func (g *gate) logout(w http.ResponseWriter, r *http.Request) {
	g.set(w, r, "", -1)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (g *gate) set(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure where the page came by TLS: on loopback it does not
		Name: cookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https"),
	})
}
