package pure

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

type inputs struct {
	Now           uint64 `json:"now"`
	Token         string `json:"token"`
	EdgeKeys      string `json:"edge_keys"`
	Authorization string `json:"authorization"`
	Target        string `json:"target"`
	Record        string `json:"record"`
}

func read(t *testing.T) (in inputs) {
	text, err := os.ReadFile("../../../bench/inputs.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	return in
}

// breakDown makes calls in an instance trap: it cuts off all memory but the block for calls, and
// what is before it is zero.
func (i *instance) breakDown() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.start()
	*i.memory = (*i.memory)[:i.block+sizeBlock]
	clear((*i.memory)[:i.block])
}

func make1(t *testing.T, op abi.Op, texts ...[]byte) *Handle {
	t.Helper()
	handle, failure := Engine{}.Make(&abi.Call[*Handle]{Op: op, Texts: texts})
	if failure != nil {
		t.Fatal(failure.Code)
	}
	return handle
}

func TestATrapFailsTheCallAndTheNextOneIsServed(t *testing.T) {
	in, engine := read(t), Engine{}
	keys := make1(t, abi.EdgeKeysRead, []byte(in.EdgeKeys))
	defer engine.Free(keys)
	faults := 0
	for range 4 * len(instances) {
		for number := range instances {
			instances[number].breakDown()
		}
		_, failure := engine.Verify(keys, in.Token, in.Now)
		if failure == nil {
			t.Fatal("a broken instance verified a token")
		}
		if failure.Code == abi.EFault {
			faults++
		}
		for number := range instances {
			instances[number].mu.Lock()
			instances[number].drop()
			instances[number].mu.Unlock()
		}
		if _, failure := engine.Verify(keys, in.Token, in.Now); failure != nil {
			t.Fatalf("after a trap, the next call fails with %d", failure.Code)
		}
	}
	t.Logf("%d of the calls ended in 703", faults)
}

func TestAnExchangeIsLostWithItsInstance(t *testing.T) {
	in, engine := read(t), Engine{}
	keys := make1(t, abi.EdgeKeysRead, []byte(in.EdgeKeys))
	policy := make1(t, abi.PolicyBuiltin)
	gate, failure := engine.MakeGate(policy, keys, nil, &abi.GateOptions{})
	if failure != nil {
		t.Fatal(failure.Code)
	}
	defer engine.Free(keys)
	defer engine.Free(policy)
	defer engine.Free(gate)
	exchange, failure := engine.Begin(gate, &abi.Request{
		Method: "GET", Target: in.Target, Authorization: []string{in.Authorization},
	}, in.Now)
	if failure != nil {
		t.Fatal(failure.Code)
	}
	if step := engine.State(exchange).Step; step != abi.StepRecord {
		t.Fatal(step)
	}
	exchange.instance.mu.Lock()
	failure = exchange.instance.do(func() *abi.Failure { panic("unreachable") })
	if failure == nil || failure.Code != abi.EFault {
		t.Fatalf("a trap is %v", failure)
	}
	state := engine.State(exchange)
	if state.Step != abi.StepRefused || state.Status != 503 || state.Code != abi.EFault {
		t.Errorf("a lost exchange is at %+v", state)
	}
	failure = engine.Answer(exchange, abi.Found, abi.StepRecord, []byte(in.Record), abi.None)
	if failure == nil || failure.Code != abi.EFault {
		t.Errorf("answering a lost exchange is %v", failure)
	}
	if _, failure := engine.JSON(exchange); failure == nil {
		t.Error("a lost exchange has JSON")
	}
	engine.Release(exchange)
}

func TestATrapWipesTheInstance(t *testing.T) {
	in, engine := read(t), Engine{}
	keys := make1(t, abi.EdgeKeysRead, []byte(in.EdgeKeys))
	defer engine.Free(keys)
	i := anyInstance()
	var memory []byte
	i.do(func() *abi.Failure {
		if _, failure := keys.in(i); failure != nil {
			t.Error(failure.Code)
		}
		memory = (*i.memory)[:cap(*i.memory)]
		panic("unreachable")
	})
	if at := bytes.IndexFunc(memory, func(r rune) bool { return r != 0 }); at >= 0 {
		t.Errorf("something is left at %d of the memory of a dropped instance", at)
	}
}

func TestFreeingLeavesNoSecretInAnyInstance(t *testing.T) {
	in, engine := read(t), Engine{}
	var set struct{ Keys map[string]string }
	if err := json.Unmarshal([]byte(in.EdgeKeys), &set); err != nil {
		t.Fatal(err)
	}
	keys := make1(t, abi.EdgeKeysRead, []byte(in.EdgeKeys))
	source := keys.source
	for number := range instances {
		i := &instances[number]
		i.mu.Lock()
		i.do(func() *abi.Failure { _, failure := keys.in(i); return failure })
	}
	if _, failure := engine.Verify(keys, in.Token, in.Now); failure != nil {
		t.Fatal(failure.Code)
	}
	engine.Free(keys)
	for number := range instances {
		for index, secret := range append([]string{in.Token[23:]}, set.Keys["01"], set.Keys["zZ"]) {
			if memory := *instances[number].memory; bytes.Contains(memory, []byte(secret)) {
				t.Errorf("the secret %d is left in instance %d at %#x", index, number,
					bytes.Index(memory, []byte(secret)))
			}
		}
	}
	if !bytes.Equal(source, make([]byte, len(source))) {
		t.Error("the key set is left in Go's memory")
	}
}

func TestWhatHasNoRoomFailsAloneAndMemoryIsGivenBack(t *testing.T) {
	engine := Engine{}
	if _, failure := engine.Parse(string(make([]byte, 65<<20))); failure == nil ||
		failure.Code != abi.EOutOfMemory {
		t.Errorf("65 MiB are %+v", failure)
	}
	if _, failure := engine.Parse(string(make([]byte, 20<<20))); failure == nil ||
		failure.Code == abi.EOutOfMemory {
		t.Errorf("20 MiB are %+v", failure)
	}
	for number := range instances {
		if memory := instances[number].memory; memory != nil && len(*memory) > keptMemory {
			t.Errorf("instance %d keeps %d bytes", number, len(*memory))
		}
	}
}

// What is wiped after a call is stack, and nothing else is there.
func TestTheStackIsWhereItIsTakenToBe(t *testing.T) {
	text, err := os.ReadFile("../twin/twin.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"m.g0 = i32(65536)", "memory_init(m.memory, data[0:"} {
		if !bytes.Contains(text, []byte(line)) {
			t.Errorf("the module no longer begins with: %s", line)
		}
	}
	init := regexp.MustCompile(`memory_init\(m\.memory, data\[.*\], uint32\(i32\((\d+)\)\)`)
	for _, found := range init.FindAllSubmatch(text, -1) {
		if at, err := strconv.Atoi(string(found[1])); err != nil || at < stackTop {
			t.Errorf("data begins at %s, in the stack", found[1])
		}
	}
}
