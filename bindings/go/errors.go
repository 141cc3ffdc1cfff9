package cogauth

import (
	"encoding/json"
	"fmt"

	"github.com/cog-auth/cog-auth/bindings/go/internal/abi"
)

// Error says why a call failed. A denial is no error but a value.
//
// Codes never change their meaning, and are the same in every language: docs/token-format.md,
// docs/policy-language.md. 701 and up tell of a wrong call. No text of an error has a secret in it.
type Error struct {
	// The number, such as 114.
	Code int
	// Its name, such as `expired`.
	Name string
	// What can be done, as a sentence.
	Message string
	// Where in what was given, in bytes from 0; -1 if it is not known.
	Offset int
	// Which document of a policy, and where in it as a JSON pointer (RFC 6901). These are known
	// where Line is not 0.
	Document, Pointer string
	// The line and the column in characters, from 1, and how many characters are at fault. 0 if
	// they are not known.
	Line, Column, Length int
	// What may have been meant, or nothing.
	Suggestion string
}

// Error is the code, its name and the sentence, and the place in a document.
func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("cogauth: %s:%d:%d: %s (%d %s)",
			e.Document, e.Line, e.Column, e.Message, e.Code, e.Name)
	}
	return fmt.Sprintf("cogauth: %s (%d %s)", e.Message, e.Code, e.Name)
}

// Is reports whether the target is an [*Error] of the same code, so that
// errors.Is(err, &cogauth.Error{Code: 114}) asks for a code.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other.Code == e.Code
}

// The members of an error's JSON. What is not known has no member.
type errorJSON struct {
	Code       int     `json:"code"`
	CodeName   string  `json:"codeName"`
	Message    string  `json:"message"`
	Offset     *int    `json:"offset,omitempty"`
	Document   *string `json:"document,omitempty"`
	Pointer    *string `json:"pointer,omitempty"`
	Suggestion string  `json:"suggestion,omitempty"`
	Line       int     `json:"line,omitempty"`
	Column     int     `json:"column,omitempty"`
	Length     int     `json:"length,omitempty"`
}

// MarshalJSON writes the members that every language has: code, codeName, message, and where they
// are known offset, document, pointer, suggestion, line, column and length.
func (e *Error) MarshalJSON() ([]byte, error) {
	members := errorJSON{
		Code: e.Code, CodeName: e.Name, Message: e.Message, Suggestion: e.Suggestion,
		Line: e.Line, Column: e.Column, Length: e.Length,
	}
	if e.Offset >= 0 {
		members.Offset = &e.Offset
	}
	if e.Line > 0 {
		members.Document, members.Pointer = &e.Document, &e.Pointer
	}
	return json.Marshal(members)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Error) UnmarshalJSON(text []byte) error {
	var members errorJSON
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	*e = Error{
		Code: members.Code, Name: members.CodeName, Message: members.Message, Offset: -1,
		Suggestion: members.Suggestion,
		Line:       members.Line, Column: members.Column, Length: members.Length,
	}
	if members.Offset != nil {
		e.Offset = *members.Offset
	}
	if members.Document != nil {
		e.Document = *members.Document
	}
	if members.Pointer != nil {
		e.Pointer = *members.Pointer
	}
	return nil
}

// errorOf is what the library said of a failure.
func errorOf(failure *abi.Failure) error {
	var e Error
	if len(failure.JSON) > 0 && e.UnmarshalJSON(failure.JSON) == nil {
		return &e
	}
	return errorOfCode(failure.Code)
}

func errorOfCode(code int32) *Error {
	return &Error{
		Code: int(code), Name: engine.CodeName(code), Message: engine.CodeSentence(code), Offset: -1,
	}
}

// invalidArgument is 701 with a sentence of this package.
func invalidArgument(message string) *Error {
	e := errorOfCode(abi.EInvalidArgument)
	e.Message = message
	return e
}

// notMade is the error of a zero value.
func notMade() *Error {
	return invalidArgument("this was not made by a function of this package")
}
