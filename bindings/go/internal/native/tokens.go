//go:build cogauth_cgo

package native

// #include "shim.h"
import "C"

import (
	"unsafe"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Parse parses a token.
func (Engine) Parse(token string) (result abi.Token, failure *abi.Failure) {
	var out C.cogauth_token
	if C.cogauth_go_parse(charsOf(token), C.size_t(len(token)), &out, nil, 0, nil) != C.COGAUTH_OK {
		return result, failed(func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
			var out C.cogauth_token
			return C.cogauth_go_parse(charsOf(token), C.size_t(len(token)), &out, json, capacity, length)
		})
	}
	readToken(&out, &result)
	return result, nil
}

// Verify verifies a token.
func (Engine) Verify(
	keys *Handle, token string, now uint64,
) (result abi.Token, failure *abi.Failure) {
	var out C.cogauth_token
	code := C.cogauth_go_verify(keys.at, charsOf(token), C.size_t(len(token)), C.uint64_t(now), &out,
		nil, 0, nil)
	if code != C.COGAUTH_OK {
		return result, failed(func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
			var out C.cogauth_token
			return C.cogauth_go_verify(keys.at, charsOf(token), C.size_t(len(token)),
				C.uint64_t(now), &out, json, capacity, length)
		})
	}
	readToken(&out, &result)
	return result, nil
}

func readToken(out *C.cogauth_token, token *abi.Token) {
	token.Kind = uint32(out.kind)
	token.HardExpiry = uint32(out.hard_expiry)
	token.KeyID = *(*[4]byte)(unsafe.Pointer(&out.key_id))
	token.ID = *(*[16]byte)(unsafe.Pointer(&out.id))
	token.Handle = *(*[32]byte)(unsafe.Pointer(&out.handle))
}

// Decide decides a request without an explanation.
func (Engine) Decide(
	policy *Handle, request string,
) (decision, denial uint32, failure *abi.Failure) {
	var out C.cogauth_decision
	code := C.cogauth_go_decide(policy.at, charsOf(request), C.size_t(len(request)), &out, nil, 0, nil)
	if code != C.COGAUTH_OK {
		return abi.Deny, abi.DenialNone, failed(
			func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
				var out C.cogauth_decision
				return C.cogauth_go_decide(policy.at, charsOf(request), C.size_t(len(request)), &out,
					json, capacity, length)
			})
	}
	return uint32(out.decision), uint32(out.denial), nil
}

// Authorization reads the lines of the header.
func (Engine) Authorization(
	values []string,
) (scheme int32, credential []byte, failure *abi.Failure) {
	in := borrowArena()
	defer in.giveBack()
	in.addStrings(values)
	var out C.int32_t
	var span C.cogauth_go_span
	attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.cogauth_go_authorization(in.chars(), in.first(), in.count(), &out, &span, json,
			capacity, length)
	}
	var length C.size_t
	if attempt(nil, 0, &length) != C.COGAUTH_OK {
		return 0, nil, failed(attempt)
	}
	if out == C.COGAUTH_SCHEME_BEARER {
		found := in.bytes[span.start : span.start+span.length]
		credential = append(make([]byte, 0, len(found)), found...)
	}
	return int32(out), credential, nil
}

// Scan finds the next credential in a text.
func (Engine) Scan(
	text string, from uint64,
) (found bool, finding abi.Finding, failure *abi.Failure) {
	var flag C.int32_t
	var out C.cogauth_finding
	attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.cogauth_go_scan(charsOf(text), C.size_t(len(text)), C.uint64_t(from), &flag, &out,
			json, capacity, length)
	}
	var length C.size_t
	if attempt(nil, 0, &length) != C.COGAUTH_OK {
		return false, finding, failed(attempt)
	}
	if flag != 1 {
		return false, finding, nil
	}
	finding.IsToken = out.is_token == 1
	finding.Start, finding.End = uint64(out.start), uint64(out.end)
	finding.Handle = *(*[32]byte)(unsafe.Pointer(&out.handle))
	return true, finding, nil
}

// Inactive says why the credential of a record is not active.
func (Engine) Inactive(record []byte, now uint64) (int32, *abi.Failure) {
	var result C.int32_t
	attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.cogauth_go_inactive(chars(record), C.size_t(len(record)), C.uint64_t(now), &result,
			json, capacity, length)
	}
	var length C.size_t
	if attempt(nil, 0, &length) != C.COGAUTH_OK {
		return 0, failed(attempt)
	}
	return int32(result), nil
}
