package cogauth

import "github.com/cog-auth/cog-auth/bindings/go/internal/abi"

// Scheme is what an `Authorization` header has.
type Scheme int32

// The schemes.
const (
	// There is no such header.
	SchemeNothing Scheme = abi.SchemeNothing
	// Another than `Bearer`.
	SchemeOther Scheme = abi.SchemeOther
	// `Bearer`.
	SchemeBearer Scheme = abi.SchemeBearer
)

// String is `nothing`, `other` or `bearer`.
func (s Scheme) String() string {
	switch s {
	case SchemeOther:
		return "other"
	case SchemeBearer:
		return "bearer"
	default:
		return "nothing"
	}
}

// Authorization reads all values of a request's `Authorization` header (RFC 9110, section 11.6.2;
// RFC 6750, section 2.1): r.Header["Authorization"]. The credential, which is a secret, is that of
// a bearer, else nil. The errors are 141 and 142.
func Authorization(values []string) (Scheme, []byte, error) {
	scheme, credential, failure := engine.Authorization(values)
	if failure != nil {
		return SchemeNothing, nil, errorOf(failure)
	}
	return Scheme(scheme), credential, nil
}
