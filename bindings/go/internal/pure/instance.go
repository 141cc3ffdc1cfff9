package pure

import (
	"encoding/binary"
	"sync"
	"unsafe"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
	"github.com/cog-auth/cog-auth/bindings/go/internal/twin"
)

const (
	// The memory that an instance may grow to before it is thrown away, when nothing is in it that
	// is still needed.
	keptMemory = 8 << 20
	// Room that the memory grows in without being moved.
	roomToGrow = 512 << 10

	// Where the module's stack begins, growing down. The part that calls with tokens use is wiped
	// after each: copies of a token stay in it.
	stackTop   = 64 << 10
	wipedStack = 4 << 10

	// The parts of the block that an instance has for calls: the error, what else is written, the
	// error's JSON, a text, and what goes in.
	atError   = 0
	atResult  = 64
	atJSON    = 128
	sizeJSON  = 2048 - atJSON
	atText    = 2048
	sizeText  = 30 << 10
	atInput   = atText + sizeText
	sizeInput = 32 << 10
	sizeBlock = atInput + sizeInput
)

// An instance of the module, which one goroutine at a time uses: who holds mu.
type instance struct {
	mu     sync.Mutex
	number int

	// Nil until it is needed, and after a trap.
	module *twin.Module
	memory *[]byte
	base   *byte
	block  uint32
	// Grows with each module: what was made in an earlier one is gone.
	generation uint64
	exchanges  int

	// Where the next input goes, and the blocks that the present call had to ask for.
	next   uint32
	blocks []block

	// Keeps instances off each other's cache lines.
	_ [64]byte
}

type block struct{ at, size uint32 }

// The panic of a call whose inputs have no room in the module. The module itself is well.
type noRoom struct{ old []byte }

// start makes the module if there is none.
func (i *instance) start() {
	if i.module != nil {
		return
	}
	module := twin.New()
	memory := module.Xmemory().Slice()
	roomy := make([]byte, len(*memory), len(*memory)+roomToGrow)
	copy(roomy, *memory)
	*memory = roomy
	i.memory = memory
	i.base = unsafe.SliceData(roomy)
	i.generation++
	i.exchanges = 0
	at := module.Xcogauth_alloc(sizeBlock)
	if at == 0 {
		panic("no room for calls")
	}
	i.block = uint32(at)
	i.next = i.block + atInput
	i.module = module
}

// drop wipes the module and forgets it.
func (i *instance) drop() {
	if i.memory != nil {
		clear((*i.memory)[:cap(*i.memory)])
	}
	i.module, i.memory, i.base = nil, nil, nil
	i.blocks = i.blocks[:0]
}

// leave wipes and gives back what the call put in.
func (i *instance) leave() {
	clear((*i.memory)[stackTop-wipedStack : stackTop])
	input := i.block + atInput
	clear((*i.memory)[input:i.next])
	i.next = input
	for _, block := range i.blocks {
		clear((*i.memory)[block.at : block.at+block.size])
		i.module.Xcogauth_free(int32(block.at), int32(block.size))
	}
	i.blocks = i.blocks[:0]
}

// moved wipes the memory that the module has grown out of.
func (i *instance) moved(old []byte) {
	if base := unsafe.SliceData(*i.memory); base != i.base {
		clear(old[:cap(old)])
		i.base = base
	}
}

// room finds a place for an input.
func (i *instance) room(size int) uint32 {
	aligned := (uint64(size) + 15) &^ 15
	if i.next+uint32(min(aligned, sizeInput)) <= i.block+sizeBlock && aligned <= sizeInput {
		at := i.next
		i.next += uint32(aligned)
		return at
	}
	old := *i.memory
	if uint64(size) > 1<<30 {
		panic(noRoom{old})
	}
	at := i.module.Xcogauth_alloc(int32(size))
	if at == 0 {
		panic(noRoom{old})
	}
	i.blocks = append(i.blocks, block{uint32(at), uint32(size)})
	return uint32(at)
}

func (i *instance) putString(text string) (at, length int32) {
	place := i.room(len(text))
	copy((*i.memory)[place:], text)
	return int32(place), int32(len(text))
}

// put copies a text in. Nil is NULL.
func (i *instance) put(text []byte) (at, length int32) {
	if text == nil {
		return 0, 0
	}
	place := i.room(len(text))
	copy((*i.memory)[place:], text)
	return int32(place), int32(len(text))
}

// putSlices copies texts in, and an array of cogauth_slice that names them.
func (i *instance) putSlices(texts [][]byte) (at int32) {
	array := i.room(len(texts) * sizeofSlice)
	for index, text := range texts {
		at, length := i.put(text)
		i.setSlice(array+uint32(index)*sizeofSlice, at, length)
	}
	return int32(array)
}

// zeroed finds a place for a struct of the caller's, zeroed, with its size.
func (i *instance) zeroed(size int) uint32 {
	at := i.room(size)
	clear((*i.memory)[at : at+uint32(size)])
	i.set32(at, uint32(size))
	return at
}

func (i *instance) get32(at uint32) uint32 { return binary.LittleEndian.Uint32((*i.memory)[at:]) }
func (i *instance) get64(at uint32) uint64 { return binary.LittleEndian.Uint64((*i.memory)[at:]) }
func (i *instance) set32(at, value uint32) { binary.LittleEndian.PutUint32((*i.memory)[at:], value) }
func (i *instance) set64(at uint32, value uint64) {
	binary.LittleEndian.PutUint64((*i.memory)[at:], value)
}

func (i *instance) setSlice(at uint32, data, length int32) {
	i.set32(at, uint32(data))
	i.set32(at+sliceLength, uint32(length))
}

// bytes copies out what the module lends.
func (i *instance) bytes(at, length uint32) []byte {
	return append(make([]byte, 0, length), (*i.memory)[at:at+length]...)
}

func (i *instance) text(at, length uint32) string {
	return string((*i.memory)[at : at+length])
}

// readyError prepares the error that a call writes, and says where it is.
func (i *instance) readyError(json, capacity uint32) int32 {
	at := i.block + atError
	i.set32(at, sizeofError)
	i.set32(at+errorJSON, json)
	i.set32(at+errorJSONCapacity, capacity)
	return int32(at)
}

// attempt makes a call that can fail, which must do no harm when it fails twice: it does where the
// error's JSON is longer than there is room for.
func (i *instance) attempt(call func(err int32) int32) *abi.Failure {
	return i.failure(call(i.readyError(i.block+atJSON, sizeJSON)), call)
}

// failure says why a call failed, and nothing if it did not.
func (i *instance) failure(code int32, again func(err int32) int32) *abi.Failure {
	if code == 0 {
		return nil
	}
	at := i.block + atError
	length := i.get32(at + errorJSONLength)
	if code == abi.EBufferTooSmall {
		return &abi.Failure{Code: code}
	}
	json := i.block + atJSON
	if length > sizeJSON {
		json = i.room(int(length))
		if again(i.readyError(json, length)) != code {
			return &abi.Failure{Code: abi.EFault}
		}
	}
	return &abi.Failure{Code: code, JSON: i.bytes(json, length)}
}

// written makes a call that writes a text of any length.
func (i *instance) written(call func(at, capacity, length, err int32) int32) ([]byte, *abi.Failure) {
	at, capacity := i.block+atText, uint32(sizeText)
	length := i.block + atResult
	for {
		failure := i.attempt(func(err int32) int32 {
			return call(int32(at), int32(capacity), int32(length), err)
		})
		size := i.get32(length)
		if failure != nil && failure.Code == abi.EBufferTooSmall && size > capacity {
			at, capacity = i.room(int(size)), size
			continue
		}
		if failure != nil {
			return nil, failure
		}
		text := i.bytes(at, size)
		clear((*i.memory)[at : at+size])
		return text, nil
	}
}
