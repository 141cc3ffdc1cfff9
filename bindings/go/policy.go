package cogauth

import (
	"encoding/json"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Policy is a compiled policy.
type Policy struct{ resource }

// Document is one JSON document of a policy.
type Document struct {
	// What errors call it: its path, for instance.
	Name string
	Text []byte
}

// NewPolicy loads a compiled image: what `cog-auth policy bundle --compiled` makes. Whoever can
// write the image decides: [NewPinnedPolicy] takes one image alone. The errors are 501 and 502.
func NewPolicy(image []byte) (*Policy, error) {
	return policyOf(made(abi.PolicyFromImage, present(image), nil))
}

// NewPinnedPolicy is NewPolicy for the image whose bytes hash to sha256: 64 hexadecimal digits, as
// [Policy.ImageDigest] writes them. The errors are 342 for another image, 701 for what are no such
// digits, such as nothing at all, and those of NewPolicy.
func NewPinnedPolicy(image []byte, sha256 string) (*Policy, error) {
	return policyOf(made(abi.PolicyFromImage, present(image), bytesOf(sha256)))
}

// CompilePolicy compiles a policy from all its documents. The errors are 2xx and 3xx, the first of
// what [CheckPolicy] finds.
func CompilePolicy(documents []Document) (*Policy, error) {
	return policyOf(made(abi.PolicyFromDocuments, append([][]byte{nil}, textsOf(documents)...)...))
}

// CompilePinnedPolicy is CompilePolicy for the policy with this digest: 64 hexadecimal digits, as
// [Policy.Digest] writes them. The errors are 342 for another policy, 701 for what are no such
// digits, such as nothing at all, and those of CompilePolicy.
func CompilePinnedPolicy(documents []Document, digest string) (*Policy, error) {
	texts := append([][]byte{bytesOf(digest)}, textsOf(documents)...)
	return policyOf(made(abi.PolicyFromDocuments, texts...))
}

// BuiltinPolicy is the policy that comes with the library.
func BuiltinPolicy() (*Policy, error) { return policyOf(made(abi.PolicyBuiltin)) }

func policyOf(native engineHandle, err error) (*Policy, error) {
	if err != nil {
		return nil, err
	}
	policy := new(Policy)
	return newResource(native, policy, &policy.resource), nil
}

func textsOf(documents []Document) [][]byte {
	texts := make([][]byte, 0, 2*len(documents))
	for _, document := range documents {
		texts = append(texts, bytesOf(document.Name), present(document.Text))
	}
	return texts
}

// CheckPolicy finds all that is wrong with a policy's documents; nothing if they compile.
func CheckPolicy(documents []Document) ([]*Error, error) {
	return found(abi.PolicyCheck, documents)
}

// PolicyWarnings finds what is not wrong with a policy's documents and probably not meant: at most
// 100, with codes from 801 on. The errors are those of [CompilePolicy].
func PolicyWarnings(documents []Document) ([]*Error, error) {
	return found(abi.PolicyWarnings, documents)
}

func found(op abi.Op, documents []Document) ([]*Error, error) {
	text, err := write(&engineCall{Op: op, Texts: textsOf(documents)})
	if err != nil {
		return nil, err
	}
	var found []*Error
	if err := json.Unmarshal(text, &found); err != nil {
		return nil, errorOfCode(abi.EFault)
	}
	return found, nil
}

// BundlePolicy writes the documents of a policy as one, in the canonical form that its digest is
// made over. The errors are those of [CompilePolicy].
func BundlePolicy(documents []Document) ([]byte, error) {
	return write(&engineCall{Op: abi.PolicyBundle, Texts: textsOf(documents)})
}

// Image is the compiled image, to store or to send.
func (p *Policy) Image() ([]byte, error) {
	return p.handle.writeWith(&engineCall{Op: abi.PolicyImage})
}

// Digest names the policy in every answer: 64 hexadecimal digits.
func (p *Policy) Digest() (string, error) {
	digest, err := p.handle.writeWith(&engineCall{Op: abi.PolicyDigest})
	return string(digest), err
}

// ImageDigest is the SHA-256 of the image, which [NewPinnedPolicy] expects.
func (p *Policy) ImageDigest() (string, error) {
	digest, err := p.handle.writeWith(&engineCall{Op: abi.PolicyImageDigest})
	return string(digest), err
}

// Actions are the names of the declared actions, sorted.
func (p *Policy) Actions() ([]string, error) {
	text, err := p.handle.writeWith(&engineCall{Op: abi.PolicyActions})
	if err != nil {
		return nil, err
	}
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return nil, errorOfCode(abi.EFault)
	}
	return names, nil
}

// Denial is why a request is denied.
type Denial uint32

// The reasons.
const (
	// It is allowed, or nothing was decided.
	DenialNone Denial = abi.DenialNone
	// A rule forbids it.
	DenialForbidden Denial = abi.DenialForbidden
	// A requirement is not met.
	DenialRequirement Denial = abi.DenialRequirement
	// No rule permits it.
	DenialNoGrant Denial = abi.DenialNoGrant
	// Something that is needed to decide is missing or cannot be used.
	DenialIndeterminate Denial = abi.DenialIndeterminate
)

// String is the name of the reason, as answers have it.
func (d Denial) String() string {
	switch d {
	case DenialNone:
		return "none"
	case DenialForbidden:
		return "forbidden"
	case DenialRequirement:
		return "requirement"
	case DenialNoGrant:
		return "no_grant"
	default:
		return "indeterminate"
	}
}

// Decision says whether a request is allowed. Its zero value denies.
type Decision struct {
	Allowed bool
	Denial  Denial
}

// Decide decides an AuthZEN access evaluation request, without an explanation. It allocates nothing
// unless it fails. The errors are 401 and 2xx; a denial is none.
func (p *Policy) Decide(request []byte) (Decision, error) {
	if err := p.handle.use(); err != nil {
		return Decision{}, err
	}
	decision, denial, failure := engine.Decide(p.handle.native, stringOf(request))
	p.handle.done()
	if failure != nil {
		return Decision{}, errorOf(failure)
	}
	return decided(decision, Denial(denial)), nil
}

// decided is what the numbers of the library say. A number that is not known is no allow.
func decided(decision uint32, denial Denial) Decision {
	switch denial {
	case DenialNone:
		return Decision{Allowed: decision == abi.Allow}
	case DenialForbidden, DenialRequirement, DenialNoGrant:
		return Decision{Denial: denial}
	default:
		return Decision{Denial: DenialIndeterminate}
	}
}

// Explain answers one evaluation with the decision and its explanation, as JSON. The errors are
// those of [Policy.Decide].
func (p *Policy) Explain(request []byte) ([]byte, error) {
	return p.ask(abi.PolicyExplain, request)
}

// Evaluate answers an evaluation, or a batch of them (`evaluations`), as JSON. The errors are those
// of [Policy.Decide].
func (p *Policy) Evaluate(request []byte) ([]byte, error) {
	return p.ask(abi.PolicyEvaluate, request)
}

// SearchActions answers which actions are allowed, as JSON. The errors are those of
// [Policy.Decide].
func (p *Policy) SearchActions(request []byte) ([]byte, error) {
	return p.ask(abi.PolicySearchActions, request)
}

func (p *Policy) ask(op abi.Op, request []byte) ([]byte, error) {
	return p.handle.writeWith(&engineCall{Op: op, Texts: [][]byte{present(request)}})
}

// Route is the route of a method and a request target, or why there is none.
type Route struct {
	Found  bool   `json:"found"`
	Action string `json:"action,omitempty"`
	// As it stands in the path; empty for a request about the account itself.
	Organization string `json:"organization,omitempty"`
	// What else the path names.
	Resource *Resource `json:"resource,omitempty"`
	// What stands in the places of the route's parameters, by their names.
	Parameters map[string]string `json:"parameters,omitempty"`
	// Further actions that only the origin can judge.
	Undecided []string `json:"undecided,omitempty"`
	// `invalid_path`, `unknown_route` or `method_not_allowed`.
	Reason string `json:"reason,omitempty"`
	// The methods that the path has, where this one is not allowed.
	Methods []string `json:"methods,omitempty"`
}

// Route finds the route of a method and a request target: the path, and perhaps a query, which is
// not looked at. A path without a route is no error. The error is 202.
func (p *Policy) Route(method, target string) (Route, error) {
	text, err := p.handle.writeWith(&engineCall{
		Op: abi.PolicyRoute, Texts: [][]byte{bytesOf(method), bytesOf(target)},
	})
	if err != nil {
		return Route{}, err
	}
	var route Route
	if err := json.Unmarshal(text, &route); err != nil {
		return Route{}, errorOfCode(abi.EFault)
	}
	return route, nil
}
