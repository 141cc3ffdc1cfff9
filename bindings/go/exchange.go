package cogauth

import (
	"runtime"
	"sync"
	"time"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Step is where an exchange stands.
type Step int32

// The steps.
const (
	// Answer with [Exchange.Refused]. It is the zero value.
	StepRefused Step = abi.StepRefused
	// Fetch the record of [Exchange.CredentialID], and answer.
	StepRecord Step = abi.StepRecord
	// Fetch the facts about [Exchange.Principal], whose type is [Exchange.PrincipalType], and about
	// [Exchange.Organization] and [Exchange.Resource], and answer.
	StepFacts Step = abi.StepFacts
	// Let it through: [Exchange.Allowed].
	StepAllowed Step = abi.StepAllowed
	// An older opaque credential, of which nothing is known here: whoever issued it must judge it.
	StepPassOn Step = abi.StepPassOn
	// A CORS preflight: answer it as CORS asks, and never with data.
	StepPreflight Step = abi.StepPreflight
)

// String is the name of the step.
func (s Step) String() string {
	switch s {
	case StepRecord:
		return "record"
	case StepFacts:
		return "facts"
	case StepAllowed:
		return "allowed"
	case StepPassOn:
		return "pass_on"
	case StepPreflight:
		return "preflight"
	default:
		return "refused"
	}
}

// Answer is what a store says to a question: [Found], [FoundAt], [Absent] or [Unavailable]. Its
// zero value is Unavailable.
type Answer struct {
	answer    abi.Answer
	text      []byte
	fetchedAt uint64
}

// Found answers with the JSON text of the record or the facts. When a record was fetched is not
// known then.
func Found(text []byte) Answer { return Answer{abi.Found, present(text), abi.None} }

// FoundAt answers with the JSON text of a record, and when it was read from the issuer's store.
func FoundAt(record []byte, fetchedAt time.Time) Answer {
	return Answer{abi.Found, present(record), seconds(fetchedAt)}
}

// Absent answers that the store has no such record or principal.
func Absent() Answer { return Answer{answer: abi.Absent} }

// Unavailable answers that the store could not be asked.
func Unavailable() Answer { return Answer{} }

// String is what it answers, without the text: a record has digests in it, and facts are personal.
func (a Answer) String() string {
	switch a.answer {
	case abi.Found:
		return "Answer(found)"
	case abi.Absent:
		return "Answer(absent)"
	default:
		return "Answer(unavailable)"
	}
}

// GoString is String.
func (a Answer) GoString() string { return a.String() }

// Exchange is one request on its way through a gate. One goroutine at a time uses it.
//
//	exchange, err := gate.Begin(request, now)
//	if err != nil {
//		return err
//	}
//	defer exchange.Close()
//	if exchange.Step() == cogauth.StepRecord {
//		err = exchange.AnswerRecord(records.Fetch(exchange.CredentialID()))
//	}
//	if err == nil && exchange.Step() == cogauth.StepFacts {
//		err = exchange.AnswerFacts(facts.Fetch(exchange.Principal(), exchange.Organization()))
//	}
//	allowed, ok := exchange.Allowed()
type Exchange struct {
	open    *openExchange
	cleanup runtime.Cleanup
}

type openExchange struct {
	mu     sync.Mutex
	gate   *handle
	native engineExchange
	closed bool
}

func newExchange(gate *handle, native engineExchange) *Exchange {
	open := &openExchange{gate: gate, native: native}
	exchange := &Exchange{open: open}
	exchange.cleanup = runtime.AddCleanup(exchange, (*openExchange).close, open)
	return exchange
}

func (o *openExchange) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		engine.Release(o.native)
		o.gate.done()
	}
}

// Close ends the exchange, at whatever step it is, and wipes what it holds of the token. Its step
// is StepRefused afterwards, and answering is the error 702. It returns nil.
func (x *Exchange) Close() error {
	if x.open != nil {
		x.open.close()
		x.cleanup.Stop()
	}
	return nil
}

// lock begins a use, and answers why there is none. The caller unlocks it in any case.
func (x *Exchange) lock() *Error {
	if x.open == nil {
		return notMade()
	}
	x.open.mu.Lock()
	if x.open.closed {
		return errorOfCode(abi.EFreed)
	}
	return nil
}

func (x *Exchange) unlock() {
	if x.open != nil {
		x.open.mu.Unlock()
	}
	runtime.KeepAlive(x)
}

func (x *Exchange) state() abi.State {
	defer x.unlock()
	if err := x.lock(); err != nil {
		return abi.State{
			Step: abi.StepRefused, Status: 503, Code: int32(err.Code), ValidUntil: abi.None,
		}
	}
	return engine.State(x.open.native)
}

// Step is where it stands.
func (x *Exchange) Step() Step { return Step(x.state().Step) }

// AnswerRecord answers StepRecord. A record that is none is no error: the request is refused. The
// errors are 706 if this is not asked, 135, 702 and 703; after each of them nothing is allowed.
func (x *Exchange) AnswerRecord(answer Answer) error { return x.answer(answer, abi.StepRecord) }

// AnswerFacts answers StepFacts, in the way of AnswerRecord.
func (x *Exchange) AnswerFacts(answer Answer) error { return x.answer(answer, abi.StepFacts) }

func (x *Exchange) answer(answer Answer, step int32) error {
	defer x.unlock()
	if err := x.lock(); err != nil {
		return err
	}
	fetchedAt := answer.fetchedAt
	if step == abi.StepFacts {
		fetchedAt = abi.None
	}
	failure := engine.Answer(x.open.native, answer.answer, step, answer.text, fetchedAt)
	if failure != nil {
		return errorOf(failure)
	}
	return nil
}

func (x *Exchange) text(which int32) string {
	defer x.unlock()
	if x.lock() != nil {
		return ""
	}
	return engine.Text(x.open.native, which)
}

func (x *Exchange) list(which int32) []abi.Entry {
	defer x.unlock()
	if x.lock() != nil {
		return nil
	}
	return engine.List(x.open.native, which)
}

// CredentialID is the id of the credential, when it is known.
func (x *Exchange) CredentialID() string { return x.text(abi.TextCredentialID) }

// Principal is the id of the principal: of whom facts are asked, or who is allowed.
func (x *Exchange) Principal() string { return x.text(abi.TextPrincipal) }

// PrincipalType is the type of the principal, `user` or `service_user`: ids alone do not tell a
// user from a service user.
func (x *Exchange) PrincipalType() string { return x.text(abi.TextPrincipalType) }

// Organization is the id of the organization that the path names; empty if it names none.
func (x *Exchange) Organization() string { return x.text(abi.TextOrganization) }

// Resource is what else the path names, of which facts are asked or which is allowed; nil if it
// names nothing else.
func (x *Exchange) Resource() *Resource {
	id := x.text(abi.TextResourceID)
	if id == "" {
		return nil
	}
	return &Resource{Type: x.text(abi.TextResourceType), ID: id}
}

// Action is the action of the route, when the request is allowed.
func (x *Exchange) Action() string { return x.text(abi.TextAction) }

// Audit is the audit record of an allowed or a refused request: one line of JSON, without secrets.
func (x *Exchange) Audit() string { return x.text(abi.TextAudit) }

// JSON writes where it stands as one JSON object.
func (x *Exchange) JSON() ([]byte, error) {
	defer x.unlock()
	if err := x.lock(); err != nil {
		return nil, err
	}
	text, failure := engine.JSON(x.open.native)
	if failure != nil {
		return nil, errorOf(failure)
	}
	return text, nil
}

// Record writes what people and services may see of an allowed credential's record, as JSON. The
// error is 706 unless the request is allowed.
func (x *Exchange) Record() ([]byte, error) {
	defer x.unlock()
	if err := x.lock(); err != nil {
		return nil, err
	}
	record, failure := engine.Record(x.open.native)
	if failure != nil {
		return nil, errorOf(failure)
	}
	return record, nil
}
