package cogauth

import (
	"unsafe"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// The backend that the build tags chose. It is no interface value, so that calls stay off the heap.
var engine engineType

var _ abi.Backend[engineHandle, engineExchange] = engine

type engineCall = abi.Call[engineHandle]

// Version is that of the library.
func Version() string { return engine.Version() }

// Backend says what the package was built with: `pure` or `cgo`.
func Backend() string { return backendName }

// bytesOf lends a text as bytes, which the backends only read. An empty text is not nil.
func bytesOf(text string) []byte {
	if text == "" {
		return []byte{}
	}
	return unsafe.Slice(unsafe.StringData(text), len(text))
}

// stringOf lends bytes as a text, which the backends only read during the call.
func stringOf(text []byte) string {
	return unsafe.String(unsafe.SliceData(text), len(text))
}

// present makes sure that empty bytes are not taken for none.
func present(text []byte) []byte {
	if text == nil {
		return []byte{}
	}
	return text
}
