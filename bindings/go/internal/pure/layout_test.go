package pure

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Which struct of the header a prefix of layout.go is of, and which of its fields are not used.
var structs = map[string]string{
	"slice": "slice", "error": "error", "token": "token", "decision": "decision",
	"finding": "finding", "request": "request", "options": "gate_options", "draft": "record_draft",
}

// Each place in layout.go is where wasm32 puts the field of the header's struct.
func TestLayoutIsThatOfTheHeader(t *testing.T) {
	text, err := os.ReadFile("../../../c/include/cogauth.h")
	if err != nil {
		t.Fatal(err)
	}
	sizes, places := layOut(t, string(text))
	compared := 0
	for name, number := range layoutConstants(t) {
		want, known := 0, false
		if of, ok := strings.CutPrefix(name, "sizeof"); ok {
			want, known = sizes[structs[strings.ToLower(of)]], true
		} else {
			prefix := regexp.MustCompile(`^[a-z]+`).FindString(name)
			field := snake(strings.TrimPrefix(name, prefix))
			want, known = places[structs[prefix]+"."+field]
		}
		if !known || number != want {
			t.Errorf("%s is %d, and in the header %d", name, number, want)
		}
		compared++
	}
	if compared < 40 {
		t.Errorf("only %d places were compared", compared)
	}
}

// layOut lays the structs out by the rules of C for wasm32.
func layOut(t *testing.T, header string) (sizes map[string]int, places map[string]int) {
	sizes, places = map[string]int{}, map[string]int{}
	body := regexp.MustCompile(`(?s)typedef struct \{(.*?)\n\} cogauth_(\w+);`)
	field := regexp.MustCompile(`(?m)^  (?:const )?(\w+) (\*?)(\w+)(?:\[(\d+)\])?;$`)
	for _, found := range body.FindAllStringSubmatch(header, -1) {
		at, strictest := 0, 1
		for _, member := range field.FindAllStringSubmatch(found[1], -1) {
			size, alignment := sizeOf(t, sizes, member[1], member[2] == "*")
			strictest = max(strictest, alignment)
			at = (at + alignment - 1) / alignment * alignment
			places[found[2]+"."+member[3]] = at
			if member[4] != "" {
				times, _ := strconv.Atoi(member[4])
				size *= times
			}
			at += size
		}
		sizes[found[2]] = (at + strictest - 1) / strictest * strictest
	}
	return sizes, places
}

func sizeOf(t *testing.T, sizes map[string]int, kind string, pointer bool) (size, alignment int) {
	switch {
	case pointer, kind == "size_t", kind == "uint32_t", kind == "int32_t":
		return 4, 4
	case kind == "uint64_t":
		return 8, 8
	case kind == "char":
		return 1, 1
	case sizes[strings.TrimPrefix(kind, "cogauth_")] > 0:
		return sizes[strings.TrimPrefix(kind, "cogauth_")], 4
	}
	t.Fatalf("how large is %s?", kind)
	return 0, 0
}

func layoutConstants(t *testing.T) map[string]int {
	file, err := parser.ParseFile(token.NewFileSet(), "layout.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			number, err := strconv.Atoi(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found[spec.Names[0].Name] = number
		}
		return true
	})
	return found
}

// snake is `JSONCapacity` as `json_capacity`.
func snake(name string) string {
	words := regexp.MustCompile(`(JSON|ID|[A-Z][a-z]+)`).FindAllString(name, -1)
	return strings.ToLower(strings.Join(words, "_"))
}
