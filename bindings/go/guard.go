package cogauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// RecordStore fetches the record of a credential. An error or a panic means [Unavailable].
type RecordStore func(ctx context.Context, credentialID string) (Answer, error)

// FactsStore fetches what is known of a principal, and of an organization if one is named. An error
// or a panic means [Unavailable].
type FactsStore func(ctx context.Context, principal, organization string) (Answer, error)

// About is what facts are asked about.
type About struct {
	// The id of the principal.
	Principal string
	// `user` or `service_user`: ids alone do not tell a user from a service user.
	PrincipalType string
	// The id of the organization that the path names; empty if it names none.
	Organization string
	// What else the path names; nil if it names nothing else.
	Resource *Resource
}

// FactsAboutStore is a FactsStore that is told all that is known of what it is asked about.
type FactsAboutStore func(ctx context.Context, about About) (Answer, error)

// Guard lets a request through to a handler if its gate allows it, and answers it otherwise.
//
//	guard := &cogauth.Guard{Gate: gate, Record: fetchRecord, Facts: fetchFacts}
//	http.ListenAndServe("127.0.0.1:8080", guard.Handler(service))
type Guard struct {
	Gate   *Gate
	Record RecordStore
	Facts  FactsStore
	// Is asked in place of Facts if it is not nil.
	FactsAbout FactsAboutStore
	// What else is known of a request, as a JSON object; nil for nothing.
	Context func(r *http.Request) ([]byte, error)
	// The client's IP address without a port; nil or an empty text if it is not known. Where no proxy
	// is before the server, it is the host of r.RemoteAddr.
	ClientAddress func(r *http.Request) string
	// Who is served where the gate passes on, or has a preflight to be answered. Where it is nil,
	// such a request is refused.
	PassOn, Preflight http.Handler
	// Is given the audit record of every request that is allowed or refused.
	Audit func(r *http.Request, audit string)
	// Is told why a request was answered with 503 or 500, if it was for an error.
	OnError func(r *http.Request, err error)
	// The present time; nil for time.Now.
	Now func() time.Time
	// Lets requests through whose r.URL was changed before the guard, which are answered with 503
	// otherwise. It risks that what is served is not what was judged: who is allowed one path is
	// served whatever that was rewritten to.
	Rewritten bool
}

var errRewritten = errors.New("cogauth: the path of r.URL is not that of r.RequestURI, which was " +
	"judged: put the guard before what changes it")

type allowedKey struct{}

// AllowedFrom is what was allowed, in a handler that a guard has let the request through to.
func AllowedFrom(ctx context.Context) (*Allowed, bool) {
	allowed, ok := ctx.Value(allowedKey{}).(*Allowed)
	return allowed, ok
}

// Handler guards a handler. It judges r.RequestURI with all values of `Authorization`, as the
// client sent them, and handlers go by r.URL. Where another path is in that, since http.StripPrefix
// or a middleware was there before, the request is answered with 503: put the guard around those.
// What comes after it may change r.URL, as a handler that is mounted below a prefix needs.
func (g *Guard) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.serve(w, r, next) })
}

func (g *Guard) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	step, allowed, refused, err := g.decide(r)
	switch {
	case err != nil:
		g.failed(r, err)
		unavailable(w)
	case step == StepAllowed && allowed != nil:
		g.audit(r, allowed.Audit)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), allowedKey{}, allowed)))
	case step == StepPassOn && g.PassOn != nil:
		g.PassOn.ServeHTTP(w, r)
	case step == StepPreflight && g.Preflight != nil:
		g.Preflight.ServeHTTP(w, r)
	case step == StepRefused && refused != nil:
		g.audit(r, refused.Audit)
		refused.WriteTo(w)
	default:
		g.failed(r, fmt.Errorf("cogauth: the guard has no handler for the step %s", step))
		unavailable(w)
	}
}

// decide takes a request through the gate.
func (g *Guard) decide(
	r *http.Request,
) (step Step, allowed *Allowed, refused *Refused, err error) {
	request := Request{
		Method: r.Method, Target: r.RequestURI, Authorization: r.Header["Authorization"],
	}
	if g.Context != nil {
		if request.Context, err = g.Context(r); err != nil {
			return StepRefused, nil, nil, err
		}
	}
	if g.ClientAddress != nil {
		request.ClientAddress = g.ClientAddress(r)
	}
	if g.Gate == nil {
		return StepRefused, nil, nil, invalidArgument("a guard needs a gate")
	}
	exchange, err := g.Gate.Begin(request, g.now())
	if err != nil {
		return StepRefused, nil, nil, err
	}
	defer exchange.Close()
	if exchange.Step() != StepRefused && !g.Rewritten && !isServed(r) {
		return StepRefused, nil, nil, errRewritten
	}
	if exchange.Step() == StepRecord {
		id := exchange.CredentialID()
		answer := g.fetch(r, func() (Answer, error) { return g.Record(r.Context(), id) })
		if err := exchange.AnswerRecord(answer); err != nil {
			return StepRefused, nil, nil, err
		}
	}
	if exchange.Step() == StepFacts {
		about := About{
			Principal:     exchange.Principal(),
			PrincipalType: exchange.PrincipalType(),
			Organization:  exchange.Organization(),
			Resource:      exchange.Resource(),
		}
		answer := g.fetch(r, func() (Answer, error) {
			if g.FactsAbout != nil {
				return g.FactsAbout(r.Context(), about)
			}
			return g.Facts(r.Context(), about.Principal, about.Organization)
		})
		if err := exchange.AnswerFacts(answer); err != nil {
			return StepRefused, nil, nil, err
		}
	}
	allowed, _ = exchange.Allowed()
	refused, _ = exchange.Refused()
	return exchange.Step(), allowed, refused, nil
}

// isServed reports whether handlers are given the path that the gate judged.
func isServed(r *http.Request) bool {
	judged, err := url.ParseRequestURI(r.RequestURI)
	return err == nil && r.URL != nil && judged.Path == r.URL.Path &&
		judged.EscapedPath() == r.URL.EscapedPath()
}

// fetch asks a store. One that fails is unavailable.
func (g *Guard) fetch(r *http.Request, ask func() (Answer, error)) (answer Answer) {
	defer func() {
		if reason := recover(); reason != nil {
			g.failed(r, fmt.Errorf("cogauth: a store panicked: %v", reason))
			answer = Unavailable()
		}
	}()
	answer, err := ask()
	if err != nil {
		g.failed(r, err)
		return Unavailable()
	}
	return answer
}

func (g *Guard) now() time.Time {
	if g.Now != nil {
		return g.Now()
	}
	return time.Now()
}

func (g *Guard) audit(r *http.Request, audit string) {
	if g.Audit != nil && audit != "" {
		g.Audit(r, audit)
	}
}

func (g *Guard) failed(r *http.Request, err error) {
	if g.OnError != nil && !errors.Is(err, context.Canceled) {
		g.OnError(r, err)
	}
}

// unavailable answers where the gate itself could not: as it answers where a store could not.
func unavailable(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(`{"type":"about:blank","title":"Service Unavailable","status":503}`))
}
