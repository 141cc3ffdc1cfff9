package cogauth

import "github.com/cog-auth/cog-auth/bindings/go/internal/abi"

// Finding is a place in a text that looks like a credential.
type Finding struct {
	// Where it begins and ends, in bytes.
	Start, End int
	// The part that may be shown, of a well-formed token; else empty.
	Handle string
}

// Scan finds the next thing in a text that looks like a credential, from a byte on. To go through a
// text, begin at 0 and go on at the End of each finding.
func Scan(text string, from int) (finding Finding, found bool, err error) {
	if from < 0 {
		return finding, false, invalidArgument("a text is scanned from 0 on")
	}
	found, result, failure := engine.Scan(text, uint64(from))
	if failure != nil {
		return finding, false, errorOf(failure)
	}
	if !found {
		return finding, false, nil
	}
	finding.Start, finding.End = int(result.Start), int(result.End)
	if result.IsToken {
		finding.Handle = handleText(result.Handle)
	}
	return finding, true, nil
}

func handleText(handle [32]byte) string { return text(handle[:]) }

// Redact is the text with each credential cut to what may be shown, for logs. The error is 202 for
// what is no UTF-8.
func Redact(text string) (string, error) {
	redacted, err := write(&engineCall{Op: abi.TextRedact, Texts: [][]byte{bytesOf(text)}})
	return string(redacted), err
}
