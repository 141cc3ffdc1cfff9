// Tokens in headers and in any text.

package cogauth_test

import (
	"strings"
	"unicode/utf8"

	cogauth "github.com/cog-auth/cog-auth/bindings/go"
)

func authorization(_ *runner, a *arguments) (any, error) {
	scheme, credential, err := cogauth.Authorization(spellAll(a.Values, a.Times))
	members := map[string]any{"scheme": scheme.String()}
	if scheme == cogauth.SchemeBearer {
		members["credential"] = replaced(credential)
	}
	return members, err
}

// replaced has a U+FFFD for each maximal part that is no UTF-8, as the crate's tests do.
func replaced(text []byte) string {
	var out strings.Builder
	for len(text) > 0 {
		character, size := utf8.DecodeRune(text)
		if character == utf8.RuneError && size == 1 {
			size = badPart(text)
		}
		out.WriteRune(character)
		text = text[size:]
	}
	return out.String()
}

// badPart is how many bytes from here on begin a character, and do not go on as one.
func badPart(text []byte) int {
	for size := min(3, len(text)); size > 1; size-- {
		if !utf8.FullRune(text[:size]) {
			return size
		}
	}
	return 1
}

func scan(_ *runner, a *arguments) (any, error) {
	text := string(spell(a.Text))
	found := []map[string]any{}
	for from := 0; ; {
		finding, ok, err := cogauth.Scan(text, from)
		if err != nil || !ok {
			return found, err
		}
		members := map[string]any{"start": finding.Start, "end": finding.End, "handle": nil}
		if finding.Handle != "" {
			members["handle"] = finding.Handle
		}
		found = append(found, members)
		from = finding.End
	}
}

func scanDecoding(_ *runner, a *arguments) (any, error) {
	text := string(spell(a.Text))
	if a.Keys == nil {
		return cogauth.ScanDecoding(text, nil)
	}
	keys, err := cogauth.NewEdgeKeys([]byte(*a.Keys))
	if err != nil {
		return nil, err
	}
	defer keys.Close()
	return cogauth.ScanDecoding(text, keys)
}

func redact(redacted func(string) (string, error)) func(*runner, *arguments) (any, error) {
	return func(_ *runner, a *arguments) (any, error) { return redacted(string(spell(a.Text))) }
}
