package cogauth

import (
	"encoding/json"
	"os"
	"runtime"
	"testing"
	"time"
)

// What was forgotten is closed once nothing reaches it.
func TestWhatIsNotClosedIsCollected(t *testing.T) {
	gate, exchange := forget(t)
	for range 200 {
		runtime.GC()
		exchange.mu.Lock()
		closed := exchange.closed
		exchange.mu.Unlock()
		if closed && gate.state.Load() == freed {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a forgotten gate and its exchange are never closed")
}

func forget(t *testing.T) (*handle, *openExchange) {
	text, err := os.ReadFile("../bench/inputs.json")
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		EdgeKeys string `json:"edge_keys"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		t.Fatal(err)
	}
	keys, err := NewEdgeKeys([]byte(in.EdgeKeys))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := BuiltinPolicy()
	if err != nil {
		t.Fatal(err)
	}
	gate, err := NewGate(GateOptions{Policy: policy, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	exchange, err := gate.Begin(Request{Method: "GET", Target: "/"}, time.Unix(1795000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	return gate.handle, exchange.open
}
