//go:build cogauth_cgo

// Package native is the backend over the library as a static archive, by cgo. Where the archive and
// the header are, CGO_LDFLAGS (-L) and CGO_CFLAGS (-I) say.
package native

// #cgo CFLAGS: -O2 -std=c11
// #cgo !darwin LDFLAGS: -l:libcogauth.a
// #cgo darwin LDFLAGS: -lcogauth
// #cgo noescape cogauth_go_make
// #cgo nocallback cogauth_go_make
// #cgo noescape cogauth_go_gate
// #cgo nocallback cogauth_go_gate
// #cgo noescape cogauth_go_write
// #cgo nocallback cogauth_go_write
// #cgo noescape cogauth_go_parse
// #cgo nocallback cogauth_go_parse
// #cgo noescape cogauth_go_verify
// #cgo nocallback cogauth_go_verify
// #cgo noescape cogauth_go_decide
// #cgo nocallback cogauth_go_decide
// #cgo noescape cogauth_go_authorization
// #cgo nocallback cogauth_go_authorization
// #cgo noescape cogauth_go_scan
// #cgo nocallback cogauth_go_scan
// #cgo noescape cogauth_go_begin
// #cgo nocallback cogauth_go_begin
// #cgo noescape cogauth_go_answer
// #cgo nocallback cogauth_go_answer
// #cgo noescape cogauth_go_state_of
// #cgo nocallback cogauth_go_state_of
// #cgo noescape cogauth_exchange_text
// #cgo nocallback cogauth_exchange_text
// #cgo noescape cogauth_exchange_entry
// #cgo nocallback cogauth_exchange_entry
// #cgo noescape cogauth_code_name
// #cgo nocallback cogauth_code_name
// #cgo noescape cogauth_code_sentence
// #cgo nocallback cogauth_code_sentence
// #include "shim.h"
// #include "ops.h"
import "C"

import (
	"unsafe"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Engine is the backend. Its zero value is ready.
type Engine struct{}

// Handle is a handle of the library.
type Handle struct {
	kind abi.Kind
	at   unsafe.Pointer
}

// Exchange is one of the library.
type Exchange struct {
	at *C.cogauth_exchange
}

// How many bytes an error's JSON usually has at most.
const usualJSON = 1024

// A call that can fail, which writes the error's JSON where it is told to.
type attempt func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t

// failed says why a call fails, by making it with room for the error's JSON. It does no harm when
// it fails twice.
func failed(call attempt) *abi.Failure {
	room := make([]byte, usualJSON)
	for {
		var length C.size_t
		code := call(chars(room), C.size_t(len(room)), &length)
		switch {
		case code == C.COGAUTH_OK:
			return &abi.Failure{Code: abi.EFault}
		case code == C.COGAUTH_E_BUFFER_TOO_SMALL || length == 0:
			return &abi.Failure{Code: int32(code)}
		case int(length) > len(room):
			room = make([]byte, length)
		default:
			return &abi.Failure{Code: int32(code), JSON: room[:length]}
		}
	}
}

func chars(text []byte) *C.char { return (*C.char)(unsafe.Pointer(unsafe.SliceData(text))) }

func charsOf(text string) *C.char { return (*C.char)(unsafe.Pointer(unsafe.StringData(text))) }

func pointer(handle *Handle) unsafe.Pointer {
	if handle == nil {
		return nil
	}
	return handle.at
}

// Make makes a handle.
func (Engine) Make(call *abi.Call[*Handle]) (*Handle, *abi.Failure) {
	in := borrowArena()
	defer in.giveBack()
	in.addAll(call.Texts)
	handle := &Handle{kind: kindOf(call.Op)}
	attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.cogauth_go_make(C.uint32_t(call.Op), pointer(call.Handles[0]), in.chars(), in.first(),
			in.count(), &handle.at, json, capacity, length)
	}
	var length C.size_t
	if attempt(nil, 0, &length) != C.COGAUTH_OK {
		return nil, failed(attempt)
	}
	return handle, nil
}

func kindOf(op abi.Op) abi.Kind {
	switch op {
	case abi.EdgeKeysRead, abi.RootKeysEdgeKeys:
		return abi.EdgeKeys
	case abi.PeppersRead, abi.RootKeysPeppers:
		return abi.Peppers
	case abi.RootKeysRead, abi.RootKeysNew:
		return abi.RootKeys
	default:
		return abi.Policy
	}
}

// MakeGate makes a gate.
func (Engine) MakeGate(
	policy, edgeKeys, peppers *Handle, options *abi.GateOptions,
) (*Handle, *abi.Failure) {
	handle := &Handle{kind: abi.Gate}
	attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.cogauth_go_gate(pointer(policy), pointer(edgeKeys), pointer(peppers),
			C.uint32_t(options.Flags), charsOf(options.Realm), C.size_t(len(options.Realm)),
			C.uint64_t(options.RetryAfter), C.uint64_t(options.MaxRecordAge), &handle.at, json,
			capacity, length)
	}
	var length C.size_t
	if attempt(nil, 0, &length) != C.COGAUTH_OK {
		return nil, failed(attempt)
	}
	return handle, nil
}

// Free gives a handle back.
func (Engine) Free(handle *Handle) {
	C.cogauth_go_free(C.uint32_t(handle.kind), handle.at)
	handle.at = nil
}

// Write makes a call that writes a text.
func (Engine) Write(call *abi.Call[*Handle]) ([]byte, *abi.Failure) {
	in := borrowArena()
	defer in.giveBack()
	in.addAll(call.Texts)
	return write(C.uint32_t(call.Op), pointer(call.Handles[0]), pointer(call.Handles[1]), in,
		&call.Numbers)
}

func write(
	op C.uint32_t, first, second unsafe.Pointer, in *arena, numbers *[6]uint64,
) ([]byte, *abi.Failure) {
	out := in.out[:cap(in.out)]
	for {
		var size, length C.size_t
		attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
			return C.cogauth_go_write(op, first, second, in.chars(), in.first(), in.count(),
				(*C.uint64_t)(unsafe.Pointer(numbers)), chars(out), C.size_t(len(out)), &size, json,
				capacity, length)
		}
		code := attempt(nil, 0, &length)
		switch {
		case code == C.COGAUTH_OK:
			text := append(make([]byte, 0, size), out[:size]...)
			clear(out[:size])
			return text, nil
		case code == C.COGAUTH_E_BUFFER_TOO_SMALL && int(size) > len(out):
			out = make([]byte, size)
		default:
			return nil, failed(attempt)
		}
	}
}
