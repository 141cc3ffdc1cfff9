//go:build cogauth_cgo

package native

// #include "shim.h"
import "C"

import "sync"

// An arena holds texts one after the other, so that Go memory with pointers in it need not pass to
// C. It has room for what C writes, too.
type arena struct {
	bytes []byte
	spans []C.cogauth_go_span
	out   []byte
}

const (
	usualArena = 4 << 10
	keptArena  = 256 << 10
	noText     = C.size_t(^uintptr(0))
)

var arenas = sync.Pool{New: func() any {
	return &arena{
		bytes: make([]byte, 1, usualArena),
		spans: make([]C.cogauth_go_span, 0, 8),
		out:   make([]byte, 0, usualArena),
	}
}}

func borrowArena() *arena { return arenas.Get().(*arena) }

// giveBack wipes what was put in.
func (a *arena) giveBack() {
	clear(a.bytes)
	if cap(a.bytes) > keptArena || cap(a.spans) > keptArena/16 {
		return
	}
	a.bytes, a.spans = a.bytes[:1], a.spans[:0]
	arenas.Put(a)
}

// reserve makes room for so many bytes, so that adding them moves nothing.
func (a *arena) reserve(size int) {
	if needed := len(a.bytes) + size; needed > cap(a.bytes) {
		grown := make([]byte, len(a.bytes), needed)
		copy(grown, a.bytes)
		clear(a.bytes)
		a.bytes = grown
	}
}

// add appends a text. Nil is NULL.
func (a *arena) add(text []byte) {
	if text == nil {
		a.spans = append(a.spans, C.cogauth_go_span{start: noText})
		return
	}
	a.reserve(len(text))
	a.spans = append(a.spans, a.span(len(text)))
	a.bytes = append(a.bytes, text...)
}

func (a *arena) addString(text string) {
	a.reserve(len(text))
	a.spans = append(a.spans, a.span(len(text)))
	a.bytes = append(a.bytes, text...)
}

func (a *arena) span(length int) C.cogauth_go_span {
	return C.cogauth_go_span{start: C.size_t(len(a.bytes)), length: C.size_t(length)}
}

func (a *arena) addAll(texts [][]byte) {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	a.reserve(size)
	for _, text := range texts {
		a.add(text)
	}
}

func (a *arena) addStrings(texts []string) {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	a.reserve(size)
	for _, text := range texts {
		a.addString(text)
	}
}

func (a *arena) chars() *C.char { return chars(a.bytes) }

func (a *arena) first() *C.cogauth_go_span {
	if len(a.spans) == 0 {
		return nil
	}
	return &a.spans[0]
}

func (a *arena) count() C.size_t { return C.size_t(len(a.spans)) }
