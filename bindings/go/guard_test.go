package cogauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

// guarded serves a guard on a socket, and gives it one request with these lines of Authorization.
func guarded(
	t *testing.T, guard *cogauth.Guard, in *inputs, method, target string, authorization ...string,
) *http.Response {
	t.Helper()
	if guard.Now == nil {
		guard.Now = in.now
	}
	server := httptest.NewServer(guard.Handler(http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			allowed, ok := cogauth.AllowedFrom(r.Context())
			if !ok {
				t.Error("a request came through without an outcome")
				return
			}
			_, _ = io.WriteString(w, allowed.Principal+" "+allowed.Action)
		})))
	t.Cleanup(server.Close)
	request := must(http.NewRequest(method, server.URL+target, nil))(t)
	request.Header["Authorization"] = authorization
	response := must(http.DefaultClient.Do(request))(t)
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func (in *inputs) guard(t *testing.T, options cogauth.GateOptions) *cogauth.Guard {
	gate := in.gate(t, options)
	t.Cleanup(func() { gate.Close() })
	return &cogauth.Guard{
		Gate: gate,
		Record: func(context.Context, string) (cogauth.Answer, error) {
			return cogauth.Found([]byte(in.Record)), nil
		},
		Facts: func(context.Context, string, string) (cogauth.Answer, error) {
			return cogauth.Found([]byte(in.Facts)), nil
		},
	}
}

func TestAGuardAllows(t *testing.T) {
	in := readInputs(t)
	guard := in.guard(t, cogauth.GateOptions{})
	var audit string
	guard.Audit = func(_ *http.Request, text string) { audit = text }
	response := guarded(t, guard, in, "GET", in.Target, in.Authorization)
	body := must(io.ReadAll(response.Body))(t)
	if response.StatusCode != 200 || string(body) != "su_ci ViewOrgSessions" {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if !json.Valid([]byte(audit)) {
		t.Errorf("the audit record is %q", audit)
	}
}

func TestAGuardRefuses(t *testing.T) {
	in := readInputs(t)
	one := []string{in.Authorization}
	for name, request := range map[string]struct {
		target        string
		authorization []string
		status        int
	}{
		"no credential":            {in.Target, nil, 401},
		"two credentials":          {in.Target, append(one, one...), 400},
		"another scheme":           {in.Target, []string{"Basic YTpi"}, 401},
		"another route":            {"/v3/nothing", one, 403},
		"an encoded path":          {"/v3/organizations/org-a%2Fsessions", one, 400},
		"dots":                     {"/v3/organizations/org-b/../org-a/sessions", one, 400},
		"another's organization":   {"/v3/organizations/org-b/sessions", one, 503},
		"a query is not looked at": {in.Target + "?a=/../b", one, 200},
	} {
		guard := in.guard(t, cogauth.GateOptions{})
		response := guarded(t, guard, in, "GET", request.target, request.authorization...)
		if response.StatusCode != request.status {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
		if response.StatusCode == 401 && response.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", name)
		}
		if request.status >= 400 &&
			response.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %v", name, response.Header)
		}
	}
}

func TestAGuardKnowsTheClientsAddress(t *testing.T) {
	in := readInputs(t)
	record := must(cogauth.IssueRecord([]byte(in.Token), cogauth.RecordDraft{
		Principal: "su_ci", Scopes: []string{"*"}, Addresses: []string{"192.0.2.0/24"},
		ForEdges: true, CreatedAt: in.now(),
	}))(t)
	for address, status := range map[string]int{"192.0.2.1": 200, "198.51.100.1": 403, "": 403} {
		guard := in.guard(t, cogauth.GateOptions{})
		guard.Record = func(context.Context, string) (cogauth.Answer, error) {
			return cogauth.Found(record), nil
		}
		guard.ClientAddress = func(*http.Request) string { return address }
		response := guarded(t, guard, in, "GET", in.Target, in.Authorization)
		if response.StatusCode != status {
			t.Errorf("%q: %d", address, response.StatusCode)
		}
	}
}

func TestAGuardSaysAllThatFactsAreAskedAbout(t *testing.T) {
	in := readInputs(t)
	user := &cogauth.Resource{Type: "user", ID: "user_02"}
	for _, request := range []struct {
		method, target string
		about          cogauth.About
	}{
		{"GET", in.Target, cogauth.About{"su_ci", "service_user", "org-a", nil}},
		{"PATCH", "/v3/enterprise/members/users/user_02",
			cogauth.About{"su_ci", "service_user", "", user}},
	} {
		guard := in.guard(t, cogauth.GateOptions{})
		guard.Facts = nil
		asked := 0
		guard.FactsAbout = func(_ context.Context, about cogauth.About) (cogauth.Answer, error) {
			asked++
			if !reflect.DeepEqual(about, request.about) {
				t.Errorf("%s: asked about %+v", request.target, about)
			}
			return cogauth.Unavailable(), nil
		}
		response := guarded(t, guard, in, request.method, request.target, in.Authorization)
		if response.StatusCode != 503 || asked != 1 {
			t.Errorf("%s: %d, asked %d times", request.target, response.StatusCode, asked)
		}
	}
}

func TestAStoreThatFailsIsUnavailable(t *testing.T) {
	in := readInputs(t)
	failures := map[string]func() (cogauth.Answer, error){
		"an error": func() (cogauth.Answer, error) {
			return cogauth.Found([]byte(in.Record)), errors.New("no store")
		},
		"a panic":         func() (cogauth.Answer, error) { panic("no store") },
		"nothing":         func() (cogauth.Answer, error) { return cogauth.Answer{}, nil },
		"unavailable":     func() (cogauth.Answer, error) { return cogauth.Unavailable(), nil },
		"what is no JSON": func() (cogauth.Answer, error) { return cogauth.Found(nil), nil },
	}
	for name, fail := range failures {
		for _, store := range []string{"record", "facts"} {
			guard := in.guard(t, cogauth.GateOptions{})
			if store == "record" {
				guard.Record = func(context.Context, string) (cogauth.Answer, error) { return fail() }
			} else {
				guard.Facts = func(context.Context, string, string) (cogauth.Answer, error) {
					return fail()
				}
			}
			var told error
			guard.OnError = func(_ *http.Request, err error) { told = err }
			response := guarded(t, guard, in, "GET", in.Target, in.Authorization)
			if response.StatusCode != 503 || response.Header.Get("Retry-After") != "5" {
				t.Errorf("%s of the %s: %d", name, store, response.StatusCode)
			}
			if (name == "an error" || name == "a panic") != (told != nil) {
				t.Errorf("%s of the %s: told %v", name, store, told)
			}
		}
	}
}

func TestAGuardThatCannotDecideRefuses(t *testing.T) {
	in := readInputs(t)
	guards := map[string]func(*cogauth.Guard){
		"no gate":       func(g *cogauth.Guard) { g.Gate = nil },
		"a zero gate":   func(g *cogauth.Guard) { g.Gate = new(cogauth.Gate) },
		"a closed gate": func(g *cogauth.Guard) { g.Gate.Close() },
		"no stores":     func(g *cogauth.Guard) { g.Record, g.Facts = nil, nil },
		"a failing context": func(g *cogauth.Guard) {
			g.Context = func(*http.Request) ([]byte, error) { return nil, errors.New("none") }
		},
		"a context that is reserved": func(g *cogauth.Guard) {
			g.Context = func(*http.Request) ([]byte, error) { return []byte(`{"time":1}`), nil }
		},
	}
	for name, breakDown := range guards {
		guard := in.guard(t, cogauth.GateOptions{})
		breakDown(guard)
		told := 0
		guard.OnError = func(*http.Request, error) { told++ }
		response := guarded(t, guard, in, "GET", in.Target, in.Authorization)
		if response.StatusCode != 503 || told == 0 {
			t.Errorf("%s: %d, told %d times", name, response.StatusCode, told)
		}
	}
}

func TestAGuardServesThePathThatItJudged(t *testing.T) {
	in := readInputs(t)
	other := "/v3/organizations/org-b/sessions"
	rewritten := func(path, raw string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.URL.Path, r.URL.RawPath = path, raw
				next.ServeHTTP(w, r)
			})
		}
	}
	noURL := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL = nil
			next.ServeHTTP(w, r)
		})
	}
	stripped := func(next http.Handler) http.Handler { return http.StripPrefix("/v3", next) }
	for name, before := range map[string]func(http.Handler) http.Handler{
		"another path":     rewritten(other, ""),
		"no path":          rewritten("", ""),
		"a stripped path":  stripped,
		"another spelling": rewritten(in.Target, strings.Replace(in.Target, "org-a", "org%2Da", 1)),
		"no URL":           noURL,
	} {
		for _, wanted := range []struct {
			rewritten bool
			target    string
			lines     []string
			status    int
		}{
			{false, in.Target, []string{in.Authorization}, 503},
			{false, in.Target, nil, 401},
			{false, in.Target, []string{"Bearer cog_older0000000000000000000000000000"}, 503},
			{true, in.Target, []string{in.Authorization}, 200},
		} {
			guard := in.guard(t, cogauth.GateOptions{PassOn: true})
			guard.Now, guard.Rewritten = in.now, wanted.rewritten
			guard.PassOn = http.NotFoundHandler()
			asked, told := 0, 0
			record := guard.Record
			guard.Record = func(ctx context.Context, id string) (cogauth.Answer, error) {
				asked++
				return record(ctx, id)
			}
			guard.OnError = func(*http.Request, error) { told++ }
			request := httptest.NewRequest("GET", wanted.target, nil)
			request.Header["Authorization"] = wanted.lines
			response := httptest.NewRecorder()
			before(guard.Handler(http.HandlerFunc(
				func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200) },
			))).ServeHTTP(response, request)
			if response.Code != wanted.status || (told == 1) != (wanted.status == 503) ||
				(asked == 1) != wanted.rewritten {
				t.Errorf("%s, %v: %d", name, wanted, response.Code)
			}
		}
	}
	// A handler behind the guard is mounted as it needs.
	guard := in.guard(t, cogauth.GateOptions{})
	guard.Now = in.now
	request := httptest.NewRequest("GET", in.Target+"?a=%2Fb", nil)
	request.Header.Set("Authorization", in.Authorization)
	response := httptest.NewRecorder()
	guard.Handler(stripped(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.URL.Path)
	}))).ServeHTTP(response, request)
	if response.Code != 200 || response.Body.String() != strings.TrimPrefix(in.Target, "/v3") {
		t.Errorf("%d %s", response.Code, response.Body)
	}
}

func TestPassingOnAndPreflightsNeedAHandler(t *testing.T) {
	in := readInputs(t)
	options := cogauth.GateOptions{PassOn: true, Preflight: true}
	teapot := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) })
	for _, request := range [][2]string{
		{"GET", "Bearer cog_older0000000000000000000000000000"}, {"OPTIONS", in.Authorization},
	} {
		guard := in.guard(t, options)
		response := guarded(t, guard, in, request[0], in.Target, request[1])
		if response.StatusCode != 503 {
			t.Errorf("%v without a handler: %d", request, response.StatusCode)
		}
		guard = in.guard(t, options)
		guard.PassOn, guard.Preflight = teapot, teapot
		response = guarded(t, guard, in, request[0], in.Target, request[1])
		if response.StatusCode != 418 {
			t.Errorf("%v with a handler: %d", request, response.StatusCode)
		}
	}
}
