//go:build cogauth_cgo

package native

// #include "shim.h"
// #include "ops.h"
import "C"

import (
	"unsafe"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Begin begins with a request.
func (Engine) Begin(
	gate *Handle, request *abi.Request, now uint64,
) (*Exchange, *abi.Failure) {
	in := borrowArena()
	defer in.giveBack()
	in.addString(request.Method)
	in.addString(request.Target)
	in.add(request.Context)
	if request.ClientAddress == "" {
		in.add(nil)
	} else {
		in.addString(request.ClientAddress)
	}
	in.addStrings(request.Authorization)
	exchange := new(Exchange)
	attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.cogauth_go_begin(gate.at, in.chars(), in.first(), in.count(), C.uint64_t(now),
			&exchange.at, json, capacity, length)
	}
	var length C.size_t
	if attempt(nil, 0, &length) != C.COGAUTH_OK {
		return nil, failed(attempt)
	}
	return exchange, nil
}

// Answer answers a question.
func (Engine) Answer(
	x *Exchange, answer abi.Answer, step int32, text []byte, fetchedAt uint64,
) *abi.Failure {
	attempt := func(json *C.char, capacity C.size_t, length *C.size_t) C.int32_t {
		return C.cogauth_go_answer(x.at, C.uint32_t(answer), C.int32_t(step), chars(text),
			C.size_t(len(text)), C.uint64_t(fetchedAt), json, capacity, length)
	}
	var length C.size_t
	if attempt(nil, 0, &length) != C.COGAUTH_OK {
		return failed(attempt)
	}
	return nil
}

// State says where an exchange stands.
func (Engine) State(x *Exchange) abi.State {
	var state C.cogauth_go_state
	C.cogauth_go_state_of(x.at, &state)
	return abi.State{
		Step:       int32(state.step),
		Status:     int32(state.status),
		Code:       int32(state.code),
		ValidUntil: uint64(state.valid_until),
	}
}

// Text copies a text out.
func (Engine) Text(x *Exchange, which int32) string {
	var slice C.cogauth_slice
	if C.cogauth_exchange_text(x.at, C.int32_t(which), &slice) != C.COGAUTH_OK {
		return ""
	}
	return text(slice)
}

// List copies a list out.
func (Engine) List(x *Exchange, list int32) (entries []abi.Entry) {
	count := C.cogauth_exchange_count(x.at, C.int32_t(list))
	for index := range count {
		var name, value C.cogauth_slice
		code := C.cogauth_exchange_entry(x.at, C.int32_t(list), index, &name, &value)
		if code != C.COGAUTH_OK {
			return entries
		}
		entries = append(entries, abi.Entry{Name: text(name), Value: text(value)})
	}
	return entries
}

func text(slice C.cogauth_slice) string {
	return string(unsafe.Slice((*byte)(unsafe.Pointer(slice.data)), int(slice.length)))
}

// JSON writes where an exchange stands.
func (Engine) JSON(x *Exchange) ([]byte, *abi.Failure) { return x.write(C.OP_ExchangeJSON) }

// Record writes the record of what was allowed.
func (Engine) Record(x *Exchange) ([]byte, *abi.Failure) { return x.write(C.OP_ExchangeRecord) }

func (x *Exchange) write(op C.uint32_t) ([]byte, *abi.Failure) {
	in := borrowArena()
	defer in.giveBack()
	var numbers [6]uint64
	return write(op, unsafe.Pointer(x.at), nil, in, &numbers)
}

// Release ends an exchange.
func (Engine) Release(x *Exchange) {
	C.cogauth_exchange_release(x.at)
	x.at = nil
}
