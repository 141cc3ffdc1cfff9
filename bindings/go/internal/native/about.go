//go:build cogauth_cgo

package native

// #include "shim.h"
import "C"

import "unsafe"

// ABIVersion is that of the archive.
func (Engine) ABIVersion() uint32 { return uint32(C.cogauth_abi_version()) }

// Version is that of the archive.
func (Engine) Version() string { return C.GoString(C.cogauth_version()) }

// Features are those of the archive.
func (Engine) Features() uint32 { return uint32(C.cogauth_features()) }

// CodeName is the name of a code.
func (Engine) CodeName(code int32) string {
	var length C.size_t
	name := C.cogauth_code_name(C.int32_t(code), &length)
	return string(unsafe.Slice((*byte)(unsafe.Pointer(name)), int(length)))
}

// CodeSentence is the sentence of a code.
func (Engine) CodeSentence(code int32) string {
	var length C.size_t
	sentence := C.cogauth_code_sentence(C.int32_t(code), &length)
	return string(unsafe.Slice((*byte)(unsafe.Pointer(sentence)), int(length)))
}
