package cogauth

import (
	"encoding/json"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

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

// Certainty is how sure it is that something is a token. Its zero value is [LooksLikeOne].
type Certainty uint8

const (
	// LooksLikeOne is an older credential, a damaged one, or random text.
	LooksLikeOne Certainty = iota
	// Parsed has the form of a token, and its checksum fits.
	Parsed
)

// String is the name of the certainty.
func (c Certainty) String() string {
	if c == Parsed {
		return "parsed"
	}
	return "looks_like"
}

// MarshalText is the name of the certainty.
func (c Certainty) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name of a certainty. One that is not known only looks like a token.
func (c *Certainty) UnmarshalText(name []byte) error {
	*c = LooksLikeOne
	if string(name) == "parsed" {
		*c = Parsed
	}
	return nil
}

// DecodedFinding is a token in a text or in what is encoded in it, or a place that looks like a
// credential.
type DecodedFinding struct {
	// Where it begins and ends, in bytes.
	Start     int       `json:"start"`
	End       int       `json:"end"`
	Certainty Certainty `json:"certainty"`
	// The part that may be shown, of a token; else empty.
	Handle string `json:"handle,omitempty"`
	// The names of the encodings around it, such as `base64`, from the outside to the inside. There
	// are none where it stands in the text as it is.
	Encodings []string `json:"encodings"`
	// Of a token, where keys were given: whether it was minted with a root key of these, also if it
	// has expired since. Else nil.
	Genuine *bool `json:"genuine,omitempty"`
}

// ScanDecoding finds all that [Scan] finds in a text, and the tokens in what is encoded in it:
// base64, hexadecimal digits, UTF-16, the escapes of URLs, JSON, HTML and mails, and more. They
// come in the order in which they begin. Section "Tokens in encodings" of docs/token-format.md has
// all of it. The keys may be nil; with them, it says of each token whether it is genuine.
func ScanDecoding(text string, keys *EdgeKeys) ([]DecodedFinding, error) {
	call := &engineCall{Op: abi.TextScanDecoding, Texts: [][]byte{bytesOf(text)}}
	var answer []byte
	var err error
	if keys == nil {
		answer, err = write(call)
	} else {
		answer, err = keys.handle.writeWith(call)
	}
	if err != nil {
		return nil, err
	}
	var found []DecodedFinding
	if err := json.Unmarshal(answer, &found); err != nil {
		return nil, errorOfCode(abi.EFault)
	}
	return found, nil
}

func handleText(handle [32]byte) string { return text(handle[:]) }

// Redact is the text with each credential cut to what may be shown, for logs. The error is 202 for
// what is no UTF-8.
func Redact(text string) (string, error) {
	redacted, err := write(&engineCall{Op: abi.TextRedact, Texts: [][]byte{bytesOf(text)}})
	return string(redacted), err
}

// RedactDecoding is the text with all cut that [Redact] cuts, and each token that stands in it in
// an encoding, as [ScanDecoding] finds it: its handle and `…` stand in place of every byte that
// holds a part of it. What is encoded must parse, so that the half of an encoded token stays. The
// error is 202 for what is no UTF-8.
func RedactDecoding(text string) (string, error) {
	redacted, err := write(&engineCall{Op: abi.TextRedactDecoding, Texts: [][]byte{bytesOf(text)}})
	return string(redacted), err
}
