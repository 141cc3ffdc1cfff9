package cogauth

import (
	"fmt"
	"time"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Gate is policy, keys and options, which guard requests. It keeps what it is made of: policy and
// keys can be closed at once.
type Gate struct{ resource }

// GateOptions says how a gate behaves.
type GateOptions struct {
	Policy *Policy
	Keys   *EdgeKeys
	// Makes it a gate at an origin, which goes by the issuer's record. Nil for one at an edge.
	Peppers *Peppers
	// The realm in `WWW-Authenticate`; `cog` if it is empty.
	Realm string
	// What is in `Retry-After` of a 503, in whole seconds; nil for 5 seconds.
	RetryAfter *time.Duration
	// A record that was fetched longer ago is refused, in whole seconds; nil for any age.
	MaxRecordAge *time.Duration
	// Older opaque `cog_` credentials are passed on, and not refused.
	PassOn bool
	// `OPTIONS` requests are answered with the step preflight, before anything else is looked at.
	Preflight bool
}

// NewGate makes a gate. The errors are 701 where policy or keys are missing, and 702.
func NewGate(options GateOptions) (*Gate, error) {
	if options.Policy == nil || options.Keys == nil {
		return nil, invalidArgument("a gate needs a policy and edge keys")
	}
	native, err := options.native()
	if err != nil {
		return nil, err
	}
	parts := []*handle{options.Policy.handle, options.Keys.handle}
	if options.Peppers != nil {
		parts = append(parts, options.Peppers.handle)
	}
	var handles [3]engineHandle
	for index, part := range parts {
		if err := part.use(); err != nil {
			doneWith(parts[:index])
			return nil, err
		}
		handles[index] = part.native
	}
	made, failure := engine.MakeGate(handles[0], handles[1], handles[2], &native)
	if failure != nil {
		doneWith(parts)
		return nil, errorOf(failure)
	}
	gate := new(Gate)
	newResource(made, gate, &gate.resource)
	gate.handle.parts = parts
	return gate, nil
}

func (o *GateOptions) native() (native abi.GateOptions, err error) {
	native.Realm = o.Realm
	if o.RetryAfter != nil {
		native.Flags |= abi.GateRetryAfter
		native.RetryAfter, err = wholeSeconds(*o.RetryAfter)
	}
	if o.MaxRecordAge != nil && err == nil {
		native.Flags |= abi.GateMaxRecordAge
		native.MaxRecordAge, err = wholeSeconds(*o.MaxRecordAge)
	}
	if o.PassOn {
		native.Flags |= abi.GatePassOn
	}
	if o.Preflight {
		native.Flags |= abi.GatePreflight
	}
	return native, err
}

func wholeSeconds(duration time.Duration) (uint64, error) {
	if duration < 0 || duration%time.Second != 0 {
		return 0, invalidArgument("durations are whole seconds, from 0 on")
	}
	return uint64(duration / time.Second), nil
}

// Request is a request, as the gate looks at it.
type Request struct {
	Method string
	// The request target as the client sent it: path and query, not decoded, nothing tidied up. It
	// is http.Request.RequestURI.
	Target string
	// All values of the `Authorization` header.
	Authorization []string
	// What else the caller knows of the request, as a JSON object; nil for nothing. `credential`,
	// `time` and `client_address` in it are refused.
	Context []byte
	// The client's IP address, as the connection or a proxy of one's own says it; empty if it is not
	// known.
	ClientAddress string
}

// String leaves out what may be a secret.
func (r Request) String() string {
	return fmt.Sprintf("Request(%d values of Authorization)", len(r.Authorization))
}

// GoString is String.
func (r Request) GoString() string { return r.String() }

// Begin begins with a request: it reads the header and verifies the token. Nothing of the request
// is needed after the call. Whatever a client sends leads to a step, never to an error; the errors
// are 602, 603, 202 for a method that is no UTF-8, 135 and 702. Close the exchange.
func (g *Gate) Begin(request Request, now time.Time) (*Exchange, error) {
	if err := g.handle.use(); err != nil {
		return nil, err
	}
	native, failure := engine.Begin(g.handle.native, &abi.Request{
		Method: request.Method, Target: request.Target, Authorization: request.Authorization,
		Context: request.Context, ClientAddress: request.ClientAddress,
	}, seconds(now))
	if failure != nil {
		g.handle.done()
		return nil, errorOf(failure)
	}
	return newExchange(g.handle, native), nil
}
