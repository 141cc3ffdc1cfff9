package cogauth

import (
	"net/http"
	"time"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Resource is what a path names besides an organization.
type Resource struct {
	Type string `json:"type"`
	// As it stands in the path.
	ID string `json:"id"`
}

// Allowed is a request that is let through.
type Allowed struct {
	// The type of the principal: `user` or `service_user`.
	PrincipalType string
	Principal     string
	// `service_user_key` or `personal_access_token`.
	CredentialKind   string
	CredentialID     string
	CredentialHandle string
	Action           string
	// The id of the organization that the path names; empty if it names none.
	Organization string
	// What else the path names; nil if it names nothing else.
	Resource *Resource
	// What was sent in the places of the route's parameters, by their names.
	Parameters map[string]string
	// Further actions that the service must judge.
	Undecided []string
	// Codes of advice.
	Advice []string
	// The least of the expiries known; the zero time if there is none.
	ValidUntil time.Time
	// The audit record: one line of JSON, without secrets.
	Audit string
}

// Refused is a request that is answered by the gate.
type Refused struct {
	Status int
	// The code for the audit, and its number; clients see less.
	Code   string
	Number int
	Header http.Header
	// `application/problem+json` (RFC 9457).
	Body  string
	Audit string
}

// Allowed is what is allowed, if the step is StepAllowed.
func (x *Exchange) Allowed() (*Allowed, bool) {
	state := x.state()
	if state.Step != abi.StepAllowed {
		return nil, false
	}
	allowed := &Allowed{
		PrincipalType:    x.text(abi.TextPrincipalType),
		Principal:        x.text(abi.TextPrincipal),
		CredentialKind:   x.text(abi.TextCredentialKind),
		CredentialID:     x.text(abi.TextCredentialID),
		CredentialHandle: x.text(abi.TextCredentialHandle),
		Action:           x.text(abi.TextAction),
		Organization:     x.text(abi.TextOrganization),
		Resource:         x.Resource(),
		Parameters:       named(x.list(abi.ListParameters)),
		Undecided:        values(x.list(abi.ListUndecided)),
		Advice:           values(x.list(abi.ListAdvice)),
		ValidUntil:       timeOf(state.ValidUntil),
		Audit:            x.text(abi.TextAudit),
	}
	// Without them, the exchange was lost while it was read.
	if allowed.Principal == "" || allowed.Action == "" || allowed.Audit == "" {
		return nil, false
	}
	return allowed, true
}

func named(entries []abi.Entry) map[string]string {
	named := make(map[string]string, len(entries))
	for _, entry := range entries {
		named[entry.Name] = entry.Value
	}
	return named
}

func values(entries []abi.Entry) []string {
	values := make([]string, 0, len(entries))
	for _, entry := range entries {
		values = append(values, entry.Value)
	}
	return values
}

// Refused is the refusal, if the step is StepRefused. That of an exchange that is closed or lost is
// a bare 503.
func (x *Exchange) Refused() (*Refused, bool) {
	state := x.state()
	if state.Step != abi.StepRefused {
		return nil, false
	}
	refused := &Refused{
		Status: int(state.Status),
		Code:   x.text(abi.TextCode),
		Number: int(state.Code),
		Header: make(http.Header),
		Body:   x.text(abi.TextBody),
		Audit:  x.text(abi.TextAudit),
	}
	if refused.Code == "" {
		refused.Code = engine.CodeName(state.Code)
	}
	for _, header := range x.list(abi.ListHeaders) {
		refused.Header.Set(header.Name, header.Value)
	}
	return refused, true
}

// WriteTo answers a request with the refusal. One that no gate made is a bare 503.
func (r *Refused) WriteTo(w http.ResponseWriter) {
	if r.Status < http.StatusBadRequest {
		unavailable(w)
		return
	}
	header := w.Header()
	for name, values := range r.Header {
		header[name] = values
	}
	w.WriteHeader(r.Status)
	// A client that is gone is not told.
	_, _ = w.Write([]byte(r.Body))
}
