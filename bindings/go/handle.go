package cogauth

import (
	"math"
	"runtime"
	"sync/atomic"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// A handle of the backend, that is freed once: after it is closed, when nothing uses it.
type handle struct {
	// Twice the number of uses, and 1 if it is closed.
	state  atomic.Int64
	native engineHandle
	// What it uses as long as it is not freed.
	parts []*handle
}

const freed = math.MinInt64 | 1

// use begins a use, which done ends.
func (h *handle) use() error {
	if h == nil {
		return notMade()
	}
	if h.state.Add(2)&1 != 0 {
		h.done()
		return errorOfCode(abi.EFreed)
	}
	return nil
}

func (h *handle) done() {
	if h.state.Add(-2) == 1 {
		h.free()
	}
}

// close closes it. Closing it again does nothing.
func (h *handle) close() {
	if h != nil && h.state.Or(1) == 0 {
		h.free()
	}
}

func (h *handle) free() {
	if h.state.CompareAndSwap(1, freed) {
		engine.Free(h.native)
		doneWith(h.parts)
	}
}

func doneWith(handles []*handle) {
	for _, handle := range handles {
		handle.done()
	}
}

// A thing with a handle. It is closed too when it is no longer reachable.
type resource struct{ handle *handle }

// Close wipes and frees what it holds, when the last call that uses it ends. Using it afterwards is
// the error 702. Closing it again does nothing. It returns nil.
func (r *resource) Close() error {
	r.handle.close()
	return nil
}

func newResource[T any](native engineHandle, owner *T, resource *resource) *T {
	resource.handle = &handle{native: native}
	runtime.AddCleanup(owner, (*handle).close, resource.handle)
	return owner
}

// made makes a call that makes a handle.
func made(op abi.Op, texts ...[]byte) (engineHandle, error) {
	native, failure := engine.Make(&engineCall{Op: op, Texts: texts})
	if failure != nil {
		return nil, errorOf(failure)
	}
	return native, nil
}

// derive makes a handle out of this one.
func (h *handle) derive(op abi.Op) (engineHandle, error) {
	if err := h.use(); err != nil {
		return nil, err
	}
	defer h.done()
	native, failure := engine.Make(&engineCall{Op: op, Handles: [2]engineHandle{h.native}})
	if failure != nil {
		return nil, errorOf(failure)
	}
	return native, nil
}

// write makes a call that writes a text.
func write(call *engineCall) ([]byte, error) {
	text, failure := engine.Write(call)
	if failure != nil {
		return nil, errorOf(failure)
	}
	return text, nil
}

// writeWith makes a call that writes a text with this handle.
func (h *handle) writeWith(call *engineCall) ([]byte, error) {
	if err := h.use(); err != nil {
		return nil, err
	}
	defer h.done()
	call.Handles[0] = h.native
	return write(call)
}
