// The benchmark of the Go package, beside what is taken instead in Go: bindings/bench/README.md.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"time"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

const (
	samples = 11
	sample  = 50 * time.Millisecond
)

func main() {
	log.SetFlags(0)
	in := readInputs()
	with := "cog-auth"
	if cogauth.Backend() == "cgo" {
		with = "cog-auth (cgo)"
	}
	for work, call := range ours(in) {
		measure(with, work, call)
	}
	measure("golang-jwt", "verify", golangJWT(in))
	measure("casbin", "decide", casbinEnforcer(in))
	measure("cedar-go", "decide", cedarPolicies(in))
}

// A call and what it does, which stops the benchmark where it fails.
type call = func() error

// measure prints the row of a call.
func measure(with, work string, call call) {
	times := 1
	for took := run(call, times); took < sample; took = run(call, times) {
		times *= 2
	}
	var all []float64
	for range samples {
		all = append(all, float64(run(call, times).Nanoseconds())/float64(times))
	}
	slices.Sort(all)
	row := must(json.Marshal(map[string]any{
		"language": "go", "with": with, "work": work,
		"ns": float64(int(all[samples/2]*10)) / 10, "allocations": allocations(call),
	}))
	fmt.Println(string(row))
}

func run(call call, times int) time.Duration {
	begun := time.Now()
	for range times {
		if err := call(); err != nil {
			log.Fatal(err)
		}
	}
	return time.Since(begun)
}

func allocations(call call) uint64 {
	const times = 1000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run(call, times)
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / times
}

type inputs struct {
	Now           int64  `json:"now"`
	Token         string `json:"token"`
	EdgeKeys      string `json:"edge_keys"`
	Method        string `json:"method"`
	Target        string `json:"target"`
	Authorization string `json:"authorization"`
	Record        string `json:"record"`
	Facts         string `json:"facts"`
	PolicyRequest string `json:"policy_request"`
}

func readInputs() (in inputs) {
	path := os.Getenv("COGAUTH_BENCH_INPUTS")
	if path == "" {
		path = "../../bench/inputs.json"
	}
	if err := json.Unmarshal(must(os.ReadFile(path)), &in); err != nil {
		log.Fatal(err)
	}
	return in
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
