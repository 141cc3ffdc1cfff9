package cogauth

import (
	"encoding/json"
	"time"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Accepted is a genuine token whose record says that it is active, and whose it is.
type Accepted struct {
	Token     Token
	Principal string
	// The least of the expiries known; the zero time if there is none.
	ValidUntil time.Time
	// The record as JSON.
	Record []byte
}

// String leaves out the record.
func (a Accepted) String() string {
	return "Accepted(" + a.Token.Handle() + ", " + a.Principal + ")"
}

// GoString is String.
func (a Accepted) GoString() string { return a.String() }

// AcceptAtEdge verifies a token at one time, and compares it at another with the record that the
// caller's store has of it; nil if it has none. The errors are those of [EdgeKeys.Verify], 121 to
// 128, and 2xx and 3xx for the text of the record.
func (k *EdgeKeys) AcceptAtEdge(
	token []byte, verifiedAt time.Time, record []byte, now time.Time,
) (Accepted, error) {
	answer, err := k.handle.writeWith(&engineCall{
		Op:      abi.AcceptAtEdge,
		Texts:   [][]byte{present(token), record},
		Numbers: [6]uint64{seconds(verifiedAt), seconds(now)},
	})
	return accepted(token, answer, err)
}

// AcceptAtOrigin is AcceptAtEdge at an origin, which holds the peppers.
func (k *EdgeKeys) AcceptAtOrigin(
	peppers *Peppers, token []byte, verifiedAt time.Time, record []byte, now time.Time,
) (Accepted, error) {
	if peppers == nil {
		return Accepted{}, invalidArgument("an origin needs peppers")
	}
	if err := peppers.handle.use(); err != nil {
		return Accepted{}, err
	}
	defer peppers.handle.done()
	answer, err := k.handle.writeWith(&engineCall{
		Op:      abi.AcceptAtOrigin,
		Handles: [2]engineHandle{nil, peppers.handle.native},
		Texts:   [][]byte{present(token), record},
		Numbers: [6]uint64{seconds(verifiedAt), seconds(now)},
	})
	return accepted(token, answer, err)
}

func accepted(token, answer []byte, err error) (Accepted, error) {
	if err != nil {
		return Accepted{}, err
	}
	parsed, err := ParseToken(token)
	if err != nil {
		return Accepted{}, err
	}
	members := struct {
		Principal  string          `json:"principal"`
		ValidUntil *uint64         `json:"validUntil"`
		Record     json.RawMessage `json:"record"`
	}{}
	if err := json.Unmarshal(answer, &members); err != nil {
		return Accepted{}, errorOfCode(abi.EFault)
	}
	result := Accepted{Token: parsed, Principal: members.Principal, Record: members.Record}
	if members.ValidUntil != nil {
		result.ValidUntil = timeOf(*members.ValidUntil)
	}
	return result, nil
}

// RecordDraft is what an issuer says of a new credential.
type RecordDraft struct {
	// The id of the principal that it acts as.
	Principal string
	// The names of actions that it may ask for, or `*` alone for all.
	Scopes []string
	// The ids of organizations that it is limited to, if this is not nil: if it is empty, to none.
	Organizations []string
	// The IP addresses and CIDR prefixes that it is limited to, if this is not nil: if it is empty, to
	// none.
	Addresses []string
	// Adds the digest that origins compare, if it is not nil.
	Peppers *Peppers
	// Adds the digest that edges compare.
	ForEdges bool
	// What its owner calls it; nil for no name.
	Name *string
	// A JSON object of the issuer's own; nil for none.
	Metadata []byte
	// Now.
	CreatedAt time.Time
	// From when on and until when it is good. The zero time is no bound.
	NotBefore, ExpiresAt time.Time
}

// IssueRecord makes the record of a new token, as JSON to be stored. The errors are those of
// [ParseToken], 112, 122, 134 and 135.
func IssueRecord(token []byte, draft RecordDraft) ([]byte, error) {
	call := &engineCall{Op: abi.RecordIssue, Numbers: [6]uint64{
		draft.flags(), uint64(len(draft.Scopes)), seconds(draft.CreatedAt),
		secondsOr(draft.NotBefore, 0), secondsOr(draft.ExpiresAt, 0),
		uint64(len(draft.Organizations)),
	}}
	var name []byte
	if draft.Name != nil {
		name = bytesOf(*draft.Name)
	}
	call.Texts = [][]byte{present(token), bytesOf(draft.Principal), name, draft.Metadata}
	for _, list := range [][]string{draft.Scopes, draft.Organizations, draft.Addresses} {
		for _, item := range list {
			call.Texts = append(call.Texts, bytesOf(item))
		}
	}
	if draft.Peppers == nil {
		return write(call)
	}
	return draft.Peppers.handle.writeWith(call)
}

func (d *RecordDraft) flags() (flags uint64) {
	if d.ForEdges {
		flags |= abi.DraftForEdges
	}
	if d.Organizations != nil {
		flags |= abi.DraftOrganizations
	}
	if d.Addresses != nil {
		flags |= abi.DraftAddresses
	}
	if !d.NotBefore.IsZero() {
		flags |= abi.DraftNotBefore
	}
	if !d.ExpiresAt.IsZero() {
		flags |= abi.DraftExpiresAt
	}
	return flags
}

// ReadRecord reads a record as strictly as the gate does, and writes it in its one form. The errors
// are 2xx, 3xx and 122.
func ReadRecord(record []byte) ([]byte, error) {
	return write(&engineCall{Op: abi.RecordRead, Texts: [][]byte{present(record)}})
}

// EdgeRecord is what edges may have of a record: no digest that an origin compares, no metadata.
func EdgeRecord(record []byte) ([]byte, error) {
	return write(&engineCall{Op: abi.RecordForEdges, Texts: [][]byte{present(record)}})
}

// DisplayRecord is what people may see of a record: no digests, no metadata.
func DisplayRecord(record []byte) ([]byte, error) {
	return write(&engineCall{Op: abi.RecordForDisplay, Texts: [][]byte{present(record)}})
}

// RevokeRecord is the record, revoked. One that was revoked before stays as it is.
func RevokeRecord(record []byte, at time.Time) ([]byte, error) {
	return write(&engineCall{
		Op: abi.RecordRevoke, Texts: [][]byte{present(record)}, Numbers: [6]uint64{seconds(at)},
	})
}

// RotateRecord is the record, succeeded by another of the same principal and kind, and good until
// graceUntil at most. The errors are those of [ReadRecord] and 137 to 139.
func RotateRecord(record, successor []byte, graceUntil, now time.Time) ([]byte, error) {
	return write(&engineCall{
		Op:      abi.RecordRotate,
		Texts:   [][]byte{present(record), present(successor)},
		Numbers: [6]uint64{seconds(graceUntil), seconds(now)},
	})
}

// RotationLimits is what a rotation may do at most. The zero value is the default: a successor
// expires no later than its predecessor, and grace is 30 days at most.
type RotationLimits struct {
	// Lets the successor expire later. That is for those who may make credentials of this principal,
	// and never for a credential that replaces itself.
	LaterExpiry bool
	// The most grace, in whole seconds; nil for 30 days. Zero is none at all.
	MaxGrace *time.Duration
}

// RotateRecordWithin is [RotateRecord] with other limits.
func RotateRecordWithin(
	record, successor []byte, graceUntil, now time.Time, limits RotationLimits,
) ([]byte, error) {
	flags, most := uint64(0), uint64(abi.None)
	if limits.LaterExpiry {
		flags = abi.RotateLaterExpiry
	}
	if limits.MaxGrace != nil {
		seconds, err := wholeSeconds(*limits.MaxGrace)
		if err != nil {
			return nil, err
		}
		most = seconds
	}
	return write(&engineCall{
		Op:      abi.RecordRotateWithin,
		Texts:   [][]byte{present(record), present(successor)},
		Numbers: [6]uint64{seconds(graceUntil), seconds(now), flags, most},
	})
}

// UseRecord is the record, used. A later use that it has stays.
func UseRecord(record []byte, at time.Time) ([]byte, error) {
	return write(&engineCall{
		Op: abi.RecordUsed, Texts: [][]byte{present(record)}, Numbers: [6]uint64{seconds(at)},
	})
}

// MergeRecords is the record to store where the store may hold another one of the same credential:
// good only where and when both are. The errors are those of [ReadRecord] and 123.
func MergeRecords(record, stored []byte) ([]byte, error) {
	return write(&engineCall{
		Op: abi.RecordMerge, Texts: [][]byte{present(record), present(stored)},
	})
}

// InactiveBecause is the name of the code for which the credential of a record is not active; empty
// if it is. The errors are those of [ReadRecord] and 135.
func InactiveBecause(record []byte, now time.Time) (string, error) {
	code, failure := engine.Inactive(present(record), seconds(now))
	if failure != nil {
		return "", errorOf(failure)
	}
	if code == 0 {
		return "", nil
	}
	return engine.CodeName(code), nil
}
