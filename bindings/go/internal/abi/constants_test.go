package abi

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

const header = "../../../c/include/cogauth.h"

// Each constant of constants.go has the number that cogauth.h gives its name.
func TestConstantsAreThoseOfTheHeader(t *testing.T) {
	defined := definitions(t)
	compared := 0
	for name, number := range constants(t) {
		if name == "None" {
			if defined["NONE"] != "UINT64_MAX" {
				t.Errorf("COGAUTH_NONE is %s", defined["NONE"])
			}
			continue
		}
		want, known := defined[screaming(name)]
		if !known {
			t.Errorf("the header has no COGAUTH_%s for %s", screaming(name), name)
		} else if number != want {
			t.Errorf("%s is %s, and COGAUTH_%s is %s", name, number, screaming(name), want)
		}
		compared++
	}
	if compared < 50 {
		t.Errorf("only %d constants were compared", compared)
	}
}

func definitions(t *testing.T) map[string]string {
	text, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	defined := map[string]string{}
	lines := regexp.MustCompile(`(?m)^#define COGAUTH_(\w+) (\w+)$`)
	for _, line := range lines.FindAllStringSubmatch(string(text), -1) {
		defined[line[1]] = line[2]
	}
	return defined
}

func constants(t *testing.T) map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "constants.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok {
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
				if _, err := strconv.ParseUint(literal.Value, 10, 64); err != nil {
					t.Errorf("%s is no number", spec.Names[0])
				}
				found[spec.Names[0].Name] = literal.Value
			} else {
				found[spec.Names[0].Name] = ""
			}
		}
		return true
	})
	return found
}

// screaming is `TextCredentialID` as `TEXT_CREDENTIAL_ID`, and `EFreed` as `E_FREED`.
func screaming(name string) string {
	words := regexp.MustCompile(`^E|ABI|ID|[A-Z][a-z]+`)
	return strings.ToUpper(strings.Join(words.FindAllString(name, -1), "_"))
}
