package pure

import (
	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Handle is edge keys, peppers, root keys, a policy or a gate: what it is made from, and where it
// is in each instance that has needed it.
type Handle struct {
	kind abi.Kind
	// The key set or the image.
	source []byte
	// What a gate is made from.
	parts   [3]*Handle
	options abi.GateOptions
	places  []place
}

// A handle in an instance's module. It is gone when the generation is another. It is read and
// written by who holds the instance.
type place struct {
	generation uint64
	at         int32
}

func newHandle(kind abi.Kind, source []byte) *Handle {
	return &Handle{kind: kind, source: source, places: make([]place, len(instances))}
}

// in finds the handle in an instance, and makes it there if it is not.
func (h *Handle) in(i *instance) (int32, *abi.Failure) {
	if h == nil {
		return 0, nil
	}
	place := &h.places[i.number]
	if place.generation == i.generation {
		return place.at, nil
	}
	at, failure := h.makeIn(i)
	if failure == nil {
		place.generation, place.at = i.generation, at
	}
	return at, failure
}

func (h *Handle) makeIn(i *instance) (int32, *abi.Failure) {
	if h.kind == abi.Gate {
		return h.makeGateIn(i)
	}
	m := i.module
	text, length := i.put(h.source)
	return i.made(func(slot, err int32) int32 {
		switch h.kind {
		case abi.EdgeKeys:
			return m.Xcogauth_edge_keys_read(text, length, slot, err)
		case abi.Peppers:
			return m.Xcogauth_peppers_read(text, length, slot, err)
		case abi.RootKeys:
			return m.Xcogauth_root_keys_read(text, length, slot, err)
		default:
			return m.Xcogauth_policy_from_image(text, length, 0, 0, slot, err)
		}
	})
}

func (h *Handle) makeGateIn(i *instance) (int32, *abi.Failure) {
	var parts [3]int32
	for index, part := range h.parts {
		at, failure := part.in(i)
		if failure != nil {
			return 0, failure
		}
		parts[index] = at
	}
	options := i.zeroed(sizeofOptions)
	i.set32(options+optionsFlags, h.options.Flags)
	if h.options.Realm != "" {
		at, length := i.putString(h.options.Realm)
		i.setSlice(options+optionsRealm, at, length)
	}
	i.set64(options+optionsRetryAfter, h.options.RetryAfter)
	i.set64(options+optionsMaxRecordAge, h.options.MaxRecordAge)
	return i.made(func(slot, err int32) int32 {
		return i.module.Xcogauth_gate_new(parts[0], parts[1], parts[2], int32(options), slot, err)
	})
}

// made makes a call that writes a handle.
func (i *instance) made(call func(slot, err int32) int32) (int32, *abi.Failure) {
	slot := i.block + atResult
	failure := i.attempt(func(err int32) int32 { return call(int32(slot), err) })
	if failure != nil {
		return 0, failure
	}
	return int32(i.get32(slot)), nil
}

func (i *instance) release(kind abi.Kind, at int32) {
	switch kind {
	case abi.EdgeKeys:
		i.module.Xcogauth_edge_keys_release(at)
	case abi.Peppers:
		i.module.Xcogauth_peppers_release(at)
	case abi.RootKeys:
		i.module.Xcogauth_root_keys_release(at)
	case abi.Policy:
		i.module.Xcogauth_policy_release(at)
	case abi.Gate:
		i.module.Xcogauth_gate_release(at)
	}
}

// Free takes the handle out of every instance, and wipes what it was made from.
func (Engine) Free(h *Handle) {
	for number := range h.places {
		i := &instances[number]
		place := &h.places[number]
		i.mu.Lock()
		if i.module == nil || place.generation != i.generation {
			i.mu.Unlock()
			continue
		}
		i.do(func() *abi.Failure {
			i.release(h.kind, place.at)
			place.generation = 0
			return nil
		})
	}
	clear(h.source)
	h.source = nil
}

// Make makes a handle. What it is made from is what the library gives out of it, so that every
// instance has the same.
func (e Engine) Make(call *abi.Call[*Handle]) (*Handle, *abi.Failure) {
	handle := newHandle(kindOf(call.Op), nil)
	failure := somewhere(func(i *instance) *abi.Failure {
		at, failure := i.make(call)
		if failure != nil {
			return failure
		}
		handle.places[i.number] = place{i.generation, at}
		handle.source, failure = i.sourceOf(handle.kind, at)
		if failure != nil {
			handle.places[i.number] = place{}
			i.release(handle.kind, at)
		}
		return failure
	})
	if failure != nil {
		return nil, failure
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

func (i *instance) make(call *abi.Call[*Handle]) (int32, *abi.Failure) {
	parent, failure := call.Handles[0].in(i)
	if failure != nil {
		return 0, failure
	}
	m := i.module
	var texts [2][2]int32
	if call.Op != abi.PolicyFromDocuments {
		for index, text := range call.Texts {
			texts[index][0], texts[index][1] = i.put(text)
		}
	}
	a, b := texts[0], texts[1]
	var documents, count int32
	if call.Op == abi.PolicyFromDocuments {
		a[0], a[1] = i.put(call.Texts[0])
		documents, count = i.putSlices(call.Texts[1:]), int32(len(call.Texts)/2)
	}
	return i.made(func(slot, err int32) int32 {
		switch call.Op {
		case abi.EdgeKeysRead:
			return m.Xcogauth_edge_keys_read(a[0], a[1], slot, err)
		case abi.PeppersRead:
			return m.Xcogauth_peppers_read(a[0], a[1], slot, err)
		case abi.RootKeysRead:
			return m.Xcogauth_root_keys_read(a[0], a[1], slot, err)
		case abi.RootKeysNew:
			return m.Xcogauth_root_keys_new(a[0], a[1], b[0], b[1], slot, err)
		case abi.RootKeysEdgeKeys:
			return m.Xcogauth_root_keys_edge_keys(parent, slot, err)
		case abi.RootKeysPeppers:
			return m.Xcogauth_root_keys_peppers(parent, slot, err)
		case abi.PolicyFromImage:
			return m.Xcogauth_policy_from_image(a[0], a[1], b[0], b[1], slot, err)
		case abi.PolicyFromDocuments:
			return m.Xcogauth_policy_from_documents(documents, count, a[0], a[1], slot, err)
		case abi.PolicyBuiltin:
			return m.Xcogauth_policy_builtin(slot, err)
		default:
			return abi.EInvalidArgument
		}
	})
}

// sourceOf copies out what a handle can be made from again.
func (i *instance) sourceOf(kind abi.Kind, at int32) ([]byte, *abi.Failure) {
	m := i.module
	switch kind {
	case abi.EdgeKeys:
		return i.written(func(text, capacity, length, err int32) int32 {
			return m.Xcogauth_edge_keys_expose(at, text, capacity, length, err)
		})
	case abi.Peppers:
		return i.written(func(text, capacity, length, err int32) int32 {
			return m.Xcogauth_peppers_expose(at, text, capacity, length, err)
		})
	case abi.RootKeys:
		return i.written(func(text, capacity, length, err int32) int32 {
			return m.Xcogauth_root_keys_expose(at, text, capacity, length, err)
		})
	default:
		return i.image(at)
	}
}

func (i *instance) image(policy int32) ([]byte, *abi.Failure) {
	slice := i.block + atResult
	failure := i.attempt(func(err int32) int32 {
		return i.module.Xcogauth_policy_image(policy, int32(slice), err)
	})
	if failure != nil {
		return nil, failure
	}
	return i.bytes(i.get32(slice), i.get32(slice+sliceLength)), nil
}

// MakeGate makes a gate. The caller keeps its parts until it is freed.
func (Engine) MakeGate(
	policy, edgeKeys, peppers *Handle, options *abi.GateOptions,
) (*Handle, *abi.Failure) {
	handle := newHandle(abi.Gate, nil)
	handle.parts = [3]*Handle{policy, edgeKeys, peppers}
	handle.options = *options
	failure := somewhere(func(i *instance) *abi.Failure {
		_, failure := handle.in(i)
		return failure
	})
	if failure != nil {
		return nil, failure
	}
	return handle, nil
}
