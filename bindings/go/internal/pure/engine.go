// Package pure is the backend that needs nothing but Go: the library translated to Go, in as many
// instances as goroutines can run at once.
package pure

import (
	"math/rand/v2"
	"runtime"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Engine is the backend. Its zero value is ready.
type Engine struct{}

// The instances. They are made when they are first needed. An exchange stays with the one that it
// began in; everything else goes to any that is free.
var instances = make([]instance, runtime.GOMAXPROCS(0))

func init() {
	for number := range instances {
		instances[number].number = number
	}
}

// anyInstance locks an instance, one that is free if there is one.
func anyInstance() *instance {
	if len(instances) == 1 {
		instances[0].mu.Lock()
		return &instances[0]
	}
	first := int(rand.Uint32N(uint32(len(instances))))
	for offset := range instances {
		number := first + offset
		if number >= len(instances) {
			number -= len(instances)
		}
		if instances[number].mu.TryLock() {
			return &instances[number]
		}
	}
	instances[first].mu.Lock()
	return &instances[first]
}

// do makes a call in a locked instance, and unlocks it. If the module traps, the instance is wiped
// and dropped, and the call fails: nothing that it was in the middle of is gone on with. If there
// is no room for what goes in, the call alone fails.
func (i *instance) do(call func() *abi.Failure) (failure *abi.Failure) {
	done := false
	defer func() {
		if !done {
			failure = &abi.Failure{Code: abi.EFault}
			if full, ok := recover().(noRoom); ok {
				failure.Code = abi.EOutOfMemory
				i.leave()
				i.moved(full.old)
			} else {
				i.drop()
			}
		}
		i.mu.Unlock()
	}()
	i.start()
	old := *i.memory
	failure = call()
	i.leave()
	i.moved(old)
	if len(*i.memory) > keptMemory && i.exchanges == 0 {
		i.drop()
	}
	done = true
	return failure
}

// somewhere makes a call in any instance.
func somewhere(call func(i *instance) *abi.Failure) *abi.Failure {
	i := anyInstance()
	return i.do(func() *abi.Failure { return call(i) })
}
