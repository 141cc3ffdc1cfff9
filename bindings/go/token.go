package cogauth

import (
	"bytes"
	"fmt"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Kind is what a token is for.
type Kind uint32

// The kinds. The zero one is none.
const (
	ServiceUserKey      Kind = abi.KindServiceUserKey
	PersonalAccessToken Kind = abi.KindPersonalAccessToken
	// For documentation and tests, and valid nowhere.
	Sample Kind = abi.KindSample
)

// String is the name of the kind, as records have it.
func (k Kind) String() string {
	switch k {
	case ServiceUserKey:
		return "service_user_key"
	case PersonalAccessToken:
		return "personal_access_token"
	case Sample:
		return "sample"
	default:
		return "none"
	}
}

// Token is what a token says of itself. It has no secret in it.
type Token struct{ token abi.Token }

// Kind is what it is for.
func (t *Token) Kind() Kind { return Kind(t.token.Kind) }

// KeyID is the two characters that name the root key it was minted with.
func (t *Token) KeyID() string { return text(t.token.KeyID[:]) }

// ID is the id of the credential, under which its record is stored.
func (t *Token) ID() string { return text(t.token.ID[:]) }

// Handle is the part that may be shown.
func (t *Token) Handle() string { return text(t.token.Handle[:]) }

// HardExpiry is the last day on which it is good, in days since the epoch, or 0 if it has no end.
func (t *Token) HardExpiry() uint32 { return t.token.HardExpiry }

// String is the handle.
func (t Token) String() string { return t.Handle() }

// GoString is the handle, too.
func (t Token) GoString() string { return fmt.Sprintf("cogauth.Token(%s)", t.Handle()) }

// text is what is before the NUL.
func text(field []byte) string {
	if end := bytes.IndexByte(field, 0); end >= 0 {
		field = field[:end]
	}
	return string(field)
}

// ParseToken parses a token: its form and its checksum. Whether it is genuine only
// [EdgeKeys.Verify] tells. The errors are 101 to 108, with the offset.
func ParseToken[T string | []byte](token T) (Token, error) {
	var result Token
	parsed, failure := engine.Parse(lent(token))
	if failure != nil {
		return result, errorOf(failure)
	}
	result.token = parsed
	return result, nil
}

// lent is a text, without a copy.
func lent[T string | []byte](token T) string {
	switch token := any(token).(type) {
	case string:
		return token
	case []byte:
		return stringOf(token)
	default:
		return ""
	}
}

// EdgeDigest is the digest of a token that edges compare, for the principal that it is made for.
// The errors are those of [ParseToken] and 134.
func EdgeDigest(token []byte, principal string) (string, error) {
	digest, err := write(&engineCall{
		Op: abi.TokenEdgeDigest, Texts: [][]byte{present(token), bytesOf(principal)},
	})
	return string(digest), err
}
