// Package abi is what the package and its two backends agree on. The backends are the library as Go
// code (internal/pure) and the library as a static archive (internal/native).
package abi

// Failure is what an int32_t that is not COGAUTH_OK tells: the code, and the error as JSON, which
// is empty where the library was not asked.
type Failure struct {
	Code int32
	JSON []byte
}

// Kind is the type of a handle.
type Kind uint8

// The types of handles.
const (
	EdgeKeys Kind = iota
	Peppers
	RootKeys
	Policy
	Gate
)

// Op is a function that makes a handle or writes a text.
type Op uint8

// What makes handles. Their inputs are those of the C function, in its order.
const (
	EdgeKeysRead Op = iota
	PeppersRead
	RootKeysRead
	RootKeysNew
	RootKeysEdgeKeys
	RootKeysPeppers
	PolicyFromImage
	PolicyFromDocuments
	PolicyBuiltin
)

// What writes texts.
const (
	TokenDigest Op = iota + 32
	TokenEdgeDigest
	TokenMint
	AcceptAtEdge
	AcceptAtOrigin
	TextRedact
	TextRedactDecoding
	TextScanDecoding
	RecordIssue
	RecordRead
	RecordForEdges
	RecordForDisplay
	RecordRevoke
	RecordRotate
	RecordRotateWithin
	RecordUsed
	RecordMerge
	EdgeKeysExpose
	PeppersExpose
	RootKeysExpose
	PolicyCheck
	PolicyWarnings
	PolicyBundle
	PolicyImage
	PolicyDigest
	PolicyImageDigest
	PolicyActions
	PolicyExplain
	PolicyEvaluate
	PolicySearchActions
	PolicyRoute
)

// Call is a call of an Op: its handles, its texts, where nil is NULL, and its numbers, each in the
// order of the C function. Documents are texts by turns: a name, then its text.
//
// RecordIssue has the texts token, principal, name and metadata, then the scopes, then the
// organizations, then the addresses; and the numbers flags, how many scopes, created_at,
// not_before, expires_at and how many organizations.
type Call[H any] struct {
	Op      Op
	Handles [2]H
	Texts   [][]byte
	Numbers [6]uint64
}

// Token is cogauth_token without its size.
type Token struct {
	Kind       uint32
	HardExpiry uint32
	KeyID      [4]byte
	ID         [16]byte
	Handle     [32]byte
}

// Finding is cogauth_finding without its size.
type Finding struct {
	IsToken    bool
	Start, End uint64
	Handle     [32]byte
}

// Request is cogauth_request. A nil Context is NULL, and so is an empty ClientAddress.
type Request struct {
	Method        string
	Target        string
	Authorization []string
	Context       []byte
	ClientAddress string
}

// GateOptions is cogauth_gate_options. An empty Realm is NULL.
type GateOptions struct {
	Flags        uint32
	Realm        string
	RetryAfter   uint64
	MaxRecordAge uint64
}

// Answer is how a question of an exchange is answered.
type Answer uint8

// The three answers.
const (
	Unavailable Answer = iota
	Absent
	Found
)

// State is where an exchange stands, in numbers.
type State struct {
	Step       int32
	Status     int32
	Code       int32
	ValidUntil uint64
}

// Entry is one of a list of an exchange.
type Entry struct {
	Name, Value string
}

// Backend is all that the package asks of a backend. H are its handles, X its exchanges.
//
// A handle may be used by any number of goroutines, and is freed once, after all uses. An exchange
// is used by one at a time.
type Backend[H, X any] interface {
	ABIVersion() uint32
	Version() string
	Features() uint32
	CodeName(code int32) string
	CodeSentence(code int32) string

	Make(call *Call[H]) (H, *Failure)
	MakeGate(policy, edgeKeys, peppers H, options *GateOptions) (H, *Failure)
	Free(handle H)
	Write(call *Call[H]) ([]byte, *Failure)

	Parse(token string) (Token, *Failure)
	Verify(keys H, token string, now uint64) (Token, *Failure)
	Decide(policy H, request string) (decision, denial uint32, failure *Failure)
	Authorization(values []string) (scheme int32, credential []byte, failure *Failure)
	// Inactive is cogauth_record_inactive: the code, 0 for a credential that is active.
	Inactive(record []byte, now uint64) (code int32, failure *Failure)
	Scan(text string, from uint64) (found bool, finding Finding, failure *Failure)

	Begin(gate H, request *Request, now uint64) (X, *Failure)
	Answer(exchange X, answer Answer, step int32, text []byte, fetchedAt uint64) *Failure
	State(exchange X) State
	Text(exchange X, which int32) string
	List(exchange X, list int32) []Entry
	JSON(exchange X) ([]byte, *Failure)
	Record(exchange X) ([]byte, *Failure)
	Release(exchange X)
}
