// cog-auth for C: who is behind an `Authorization: Bearer cog_...` header, is the credential real,
// may they do this, and if not, why not? The library does no I/O: the caller passes in the time and
// random bytes, and fetches what the library asks for. bindings/c/README.md has examples.
//
// THE CONTRACT
//
// Results. A function that can fail returns an int32_t: COGAUTH_OK, or one of the codes below,
// which never change their meaning. A denial or a refusal is no failure: it is in what the function
// writes. Zeroed memory means deny. Before anything else, outputs are set to nothing: a decision to
// deny, a token to none, a handle to NULL, what is found or lent to none. Then they are written on
// success alone, but for the length that is needed where a buffer is too small, and `error`. A
// step, a decision, a denial or a code that a program does not know is a refusal: more may be
// added.
//
// Text and bytes go in as a pointer and a length in bytes. There need be no NUL at the end, and
// none is looked for. NULL with 0 is nothing. Text is UTF-8. JSON is text.
//
// Texts that come out are written into the caller's buffer, with no NUL at the end: its address,
// its capacity, and where to write the length. If the buffer is too small the call returns
// COGAUTH_E_BUFFER_TOO_SMALL, writes the length that is needed, and nothing else: call again. The
// answer of the same call is the same. NULL with 0 asks for the length alone, which is answered
// with that code too: all else of the call went well. A buffer must not overlap what goes in.
//
// Structs whose first field is `struct_size` are the caller's. Zero them with memset, and set it to
// sizeof of the struct. Later versions add fields at the end; old programs go on to work with a
// newer library, and new programs with an older one as long as they leave zero what it does not
// know. Less than the size of the first version is an error, and so is what is set without its
// flag.
//
// Handles (edge keys, peppers, root keys, policies, gates) are made by the library. Who makes one
// has a reference to it, and gives it back with `..._release`; `..._retain` makes one more. They
// never change, and any number of threads can use one at once. An exchange has one owner: one
// thread at a time uses it. What a handle or an exchange lends (a cogauth_slice) stays where it is
// until it is released, and for an exchange until its next answer.
//
// There is no callback, no global state, nothing to initialise, no thread-local error.
//
// Secrets. Keys are wiped when the last handle that uses them is released; a gate uses its keys.
// Tokens are wiped when a call is over, or for an exchange when it is answered or released. The
// stack below such calls is wiped too, but for cogauth_token_parse, cogauth_token_verify and
// cogauth_authorization_read, which are called most: what they leave there is overwritten by the
// next calls. Wipe your own with cogauth_wipe. No text of an error holds a byte of a secret.
//
// Misuse. NULL where something is needed, a length that no object has, a struct of an unknown size,
// a handle of another kind, text that is not UTF-8: each gives a code. A handle that was released
// is told where that is possible (COGAUTH_E_FREED); do not rely on it. A pointer to memory that is
// not there cannot be told.
//
// Panics. The library has no known way to panic. If it does all the same, the build with a standard
// library returns COGAUTH_E_FAULT, and the one without aborts the process. No unwind crosses into
// the caller. Where memory runs out for a handle or for the copy of a request,
// COGAUTH_E_OUT_OF_MEMORY is returned; where it runs out elsewhere, the process is aborted, as is
// usual in Rust.
//
// The clock. `now` is the caller's, and the library cannot tell a wrong one: 0 is long before every
// expiry. Only the gate compares it with when a record was made.
//
// Versions. The shared library's name has the major number of the ABI (libcogauth.so.1; on Windows
// the name has no number, so ask cogauth_abi_version). As long as it stays the same, a program that
// was compiled with an older header works with a newer library: nothing is removed or changes its
// meaning, functions, codes, constants and fields are only added.
//
// Two builds have this header. The small one has tokens, the gate and compiled policies. What says
// "Full build only" is in the other one alone: without it, a program that calls it does not link.

#ifndef COGAUTH_H
#define COGAUTH_H

#include <stddef.h>
#include <stdint.h>

// The version of the library that this header belongs to.
#define COGAUTH_VERSION "0.1.0"

// What functions return: 0, or one of the codes.
#define COGAUTH_OK 0
// this is no cog_ credential; send the whole token, as it was shown.
#define COGAUTH_E_MISSING_PREFIX 101
// this cog_ credential is of another version than 1; it may be an older one.
#define COGAUTH_E_UNKNOWN_VERSION 102
// a token has exactly 81 bytes; copy all of it and nothing else.
#define COGAUTH_E_WRONG_LENGTH 103
// the character after the version names no kind of credential; copy the token again.
#define COGAUTH_E_UNKNOWN_KIND 104
// a character outside 0-9A-Za-z is in the token; copy it again.
#define COGAUTH_E_INVALID_CHARACTER 105
// the checksum does not fit, so a character was changed; copy the token again.
#define COGAUTH_E_CHECKSUM_MISMATCH 106
// the key id 00 is reserved; use another.
#define COGAUTH_E_RESERVED_KEY_ID 107
// the tag encodes no 128-bit number; copy the token again.
#define COGAUTH_E_TAG_OUT_OF_RANGE 108
// this is a sample from the documentation and valid nowhere; use a real credential.
#define COGAUTH_E_SAMPLE_TOKEN 111
// no key is held for the token's key id; add that key, or reject the token.
#define COGAUTH_E_UNKNOWN_KEY_ID 112
// the tag does not fit: the token was not made with this key, or was changed.
#define COGAUTH_E_TAG_MISMATCH 113
// the token is past its hard expiry; make a new one.
#define COGAUTH_E_EXPIRED 114
// there is no record of this credential.
#define COGAUTH_E_UNKNOWN_CREDENTIAL 121
// the record of this credential is not valid; the issuer must store it again.
#define COGAUTH_E_INVALID_RECORD 122
// the record belongs to another credential.
#define COGAUTH_E_RECORD_MISMATCH 123
// the token is not the one that the record was made for.
#define COGAUTH_E_DIGEST_MISMATCH 124
// the credential was revoked; make a new one.
#define COGAUTH_E_REVOKED 125
// the credential was rotated and its grace is over; use its successor.
#define COGAUTH_E_ROTATED 126
// the credential has expired; make a new one.
#define COGAUTH_E_RECORD_EXPIRED 127
// the credential is not valid yet; wait until its not_before.
#define COGAUTH_E_NOT_YET_VALID 128
// the key set is not valid; make it with this library or correct it.
#define COGAUTH_E_INVALID_KEY_SET 131
// this key set is for another use; load the key set that was made for this use.
#define COGAUTH_E_WRONG_KEY_USE 132
// a key id is two characters of 0-9A-Za-z.
#define COGAUTH_E_INVALID_KEY_ID 133
// a principal's id has 1 to 1,024 bytes.
#define COGAUTH_E_INVALID_PRINCIPAL 134
// a time is a number of seconds from 0 to 9007199254740991, and a hard expiry a day from 1 to
// 238327.
#define COGAUTH_E_TIME_OUT_OF_RANGE 135
// minting used up the random bytes; call again with more fresh ones.
#define COGAUTH_E_NOT_ENOUGH_RANDOM_BYTES 136
// the credential was rotated before; rotate its successor.
#define COGAUTH_E_ALREADY_ROTATED 137
// the credential is revoked or expired; make a new one instead of rotating it.
#define COGAUTH_E_NOT_ROTATABLE 138
// a successor has its predecessor's principal and kind, and no scope, organization, address or
// later expiry that its predecessor lacks.
#define COGAUTH_E_WIDER_THAN_PREDECESSOR 139
// more than one credential was sent; send exactly one.
#define COGAUTH_E_SEVERAL_CREDENTIALS 141
// the Authorization header is malformed; send `Bearer`, a space and the token.
#define COGAUTH_E_MALFORMED_HEADER 142
// the text is not valid JSON.
#define COGAUTH_E_INVALID_JSON 201
// the text is not valid Unicode.
#define COGAUTH_E_INVALID_UNICODE 202
// the text is over the limit of bytes.
#define COGAUTH_E_TOO_LARGE 203
// the text is nested more deeply than the limit.
#define COGAUTH_E_TOO_DEEP 204
// a member name stands twice in one object.
#define COGAUTH_E_DUPLICATE_NAME 205
// this member is not known here.
#define COGAUTH_E_UNKNOWN_MEMBER 301
// a member that is needed here is missing.
#define COGAUTH_E_MISSING_MEMBER 302
// the value has another type than is needed here.
#define COGAUTH_E_WRONG_TYPE 303
// this id is declared twice.
#define COGAUTH_E_DUPLICATE_ID 304
// this is not a valid name.
#define COGAUTH_E_INVALID_NAME 305
// this name is reserved.
#define COGAUTH_E_RESERVED_NAME 306
// this is not a JSON pointer that a request can have.
#define COGAUTH_E_INVALID_POINTER 307
// the policy has no schema.
#define COGAUTH_E_NO_SCHEMA 308
// the document is of another version than 1.
#define COGAUTH_E_UNKNOWN_DOCUMENT_VERSION 309
// this attribute is not declared.
#define COGAUTH_E_UNKNOWN_ATTRIBUTE 311
// this action is not declared.
#define COGAUTH_E_UNKNOWN_ACTION 312
// this role is not declared.
#define COGAUTH_E_UNKNOWN_ROLE 313
// this condition is not declared.
#define COGAUTH_E_UNKNOWN_CONDITION 314
// this operator does not exist.
#define COGAUTH_E_UNKNOWN_OPERATOR 315
// this value is not one of those declared.
#define COGAUTH_E_UNKNOWN_VALUE 316
// this operator does not fit the attribute's type.
#define COGAUTH_E_OPERATOR_TYPE 317
// this operand does not fit the attribute's type.
#define COGAUTH_E_OPERAND_TYPE 318
// this number is outside the declared range.
#define COGAUTH_E_OUT_OF_RANGE 319
// null is not a literal; use `present`, which is unknown where nothing stands.
#define COGAUTH_E_NULL_LITERAL 321
// an operator object needs at least one operator.
#define COGAUTH_E_EMPTY_OPERATOR 322
// this refers to itself, directly or through others.
#define COGAUTH_E_CYCLE 323
// the levels do not fit.
#define COGAUTH_E_WRONG_LEVEL 324
// this method and path template is declared twice.
#define COGAUTH_E_DUPLICATE_ROUTE 331
// this is not a valid path template.
#define COGAUTH_E_INVALID_TEMPLATE 332
// the path template has no such parameter.
#define COGAUTH_E_UNKNOWN_PARAMETER 333
// this is over a limit.
#define COGAUTH_E_LIMIT_EXCEEDED 341
// the digest is not the one that was expected.
#define COGAUTH_E_UNEXPECTED_DIGEST 342
// the request is not an AuthZEN evaluation request.
#define COGAUTH_E_MALFORMED_REQUEST 401
// this is not a pointer to a place that an attribute can have.
#define COGAUTH_E_INVALID_ATTRIBUTE 402
// the path has two readings or holds a credential; send its normal form, without one.
#define COGAUTH_E_INVALID_PATH 411
// the compiled image is damaged; compile the policy again.
#define COGAUTH_E_INVALID_IMAGE 501
// the compiled image is of another version; compile the policy with this library.
#define COGAUTH_E_UNKNOWN_IMAGE_VERSION 502
// the facts are not valid, or are not about the credential's principal.
#define COGAUTH_E_INVALID_FACTS 601
// the gate alone writes this place of the context; leave it out.
#define COGAUTH_E_RESERVED_CONTEXT 602
// the context is not a JSON object within the limits.
#define COGAUTH_E_INVALID_CONTEXT 603
// the principal is disabled.
#define COGAUTH_E_DISABLED_PRINCIPAL 604
// send a cog_ credential in the Authorization header as a bearer token.
#define COGAUTH_E_MISSING_CREDENTIAL 605
// the credential could not be checked; try again later.
#define COGAUTH_E_UNAVAILABLE 606
// the record was fetched too long ago, or at an unknown time; fetch it again.
#define COGAUTH_E_STALE_RECORD 607
// the present time is before the record was made or after the year 2999; set the clock.
#define COGAUTH_E_IMPLAUSIBLE_TIME 608
// there is no principal with the id that the record names.
#define COGAUTH_E_UNKNOWN_PRINCIPAL 609
// this path has no such method.
#define COGAUTH_E_METHOD_NOT_ALLOWED 611
// the credential may not do this.
#define COGAUTH_E_DENIED 612
// an argument is missing or of a wrong type.
#define COGAUTH_E_INVALID_ARGUMENT 701
// this was freed; load it again.
#define COGAUTH_E_FREED 702
// the module failed, and nothing was decided; call again.
#define COGAUTH_E_FAULT 703
// there is no module; call init first.
#define COGAUTH_E_NOT_INITIALIZED 704
// the buffer is too small for the text; call again with as many bytes as were asked for.
#define COGAUTH_E_BUFFER_TOO_SMALL 705
// this was not asked, or was answered already; answer what the exchange asks now.
#define COGAUTH_E_WRONG_STEP 706
// there is not enough memory; nothing was decided.
#define COGAUTH_E_OUT_OF_MEMORY 707
// nothing reads this place of a request.
#define COGAUTH_E_UNREAD_PLACE 801
// the request of a test case has a name here that is not declared.
#define COGAUTH_E_UNDECLARED_IN_CASE 802
// no test case uses this request.
#define COGAUTH_E_UNUSED_REQUEST 803
// this text is compared as it is, and it is the name of an attribute.
#define COGAUTH_E_LITERAL_ATTRIBUTE 804
// nothing uses this.
#define COGAUTH_E_UNUSED 805
// these conditions never hold together.
#define COGAUTH_E_CONTRADICTION 806
// this can never be true.
#define COGAUTH_E_NEVER_TRUE 807
// no rule permits anything, so every request is denied.
#define COGAUTH_E_NO_PERMIT 808
// this segment looks like a pattern, and is compared as it is.
#define COGAUTH_E_LITERAL_PATTERN 809
// the gate makes no subjects of this type.
#define COGAUTH_E_UNKNOWN_TO_GATE 810
// two names differ only by case or by characters that are not seen.
#define COGAUTH_E_ALIKE_NAMES 811
// this is no method of HTTP, and is written almost like one.
#define COGAUTH_E_MISSPELLED_METHOD 812


// A number that is not known, a time that is none.
#define COGAUTH_NONE UINT64_MAX

// The major number of this ABI, which is that of the shared library's name. It grows when a
// program that was compiled with an older header could break.
#define COGAUTH_ABI_MAJOR 1

// The minor number of this ABI. It grows when functions, fields or codes are added.
#define COGAUTH_ABI_MINOR 3

// In `cogauth_features`: minting, records for issuers, documents, the built-in policy.
#define COGAUTH_FEATURE_FULL 1

// In `cogauth_features`: a panic in the library is caught and answered with 703. Without it, the
// process is aborted.
#define COGAUTH_FEATURE_CATCHES 2

// No token: what zeroed memory says.
#define COGAUTH_KIND_NONE 0

// A service user's API key.
#define COGAUTH_KIND_SERVICE_USER_KEY 1

// A personal access token.
#define COGAUTH_KIND_PERSONAL_ACCESS_TOKEN 2

// A sample for documentation and tests, which nothing accepts.
#define COGAUTH_KIND_SAMPLE 3

// How many characters a token has.
#define COGAUTH_TOKEN_LENGTH 81

// How many random bytes `cogauth_token_mint` needs at least.
#define COGAUTH_MINT_RANDOM_LENGTH 64

// The request has no `Authorization` header.
#define COGAUTH_SCHEME_NOTHING 0

// The header has another scheme than `Bearer`.
#define COGAUTH_SCHEME_OTHER 1

// The header has a bearer credential.
#define COGAUTH_SCHEME_BEARER 2

// The request is denied: what zeroed memory says.
#define COGAUTH_DENY 0

// The request is allowed.
#define COGAUTH_ALLOW 1

// Allowed, or nothing was decided.
#define COGAUTH_DENIAL_NONE 0

// A rule forbids it.
#define COGAUTH_DENIAL_FORBIDDEN 1

// A requirement is not met.
#define COGAUTH_DENIAL_REQUIREMENT 2

// No rule permits it.
#define COGAUTH_DENIAL_NO_GRANT 3

// Something that is needed to decide is missing or cannot be used.
#define COGAUTH_DENIAL_INDETERMINATE 4

// In `cogauth_gate_options.flags`: `retry_after` is set.
#define COGAUTH_GATE_RETRY_AFTER 1

// In `cogauth_gate_options.flags`: `max_record_age` is set.
#define COGAUTH_GATE_MAX_RECORD_AGE 2

// In `cogauth_gate_options.flags`: older opaque `cog_` credentials are passed on
// (`COGAUTH_STEP_PASS_ON`) and not refused.
#define COGAUTH_GATE_PASS_ON 4

// In `cogauth_gate_options.flags`: `OPTIONS` requests are answered with `COGAUTH_STEP_PREFLIGHT`
// before anything else is looked at.
#define COGAUTH_GATE_PREFLIGHT 8

// The request is refused: send the status, the headers and the body. Also what a function answers
// that is given no exchange.
#define COGAUTH_STEP_REFUSED 0

// A question: fetch the record of `COGAUTH_TEXT_CREDENTIAL_ID`.
#define COGAUTH_STEP_RECORD 1

// A question: fetch the facts about `COGAUTH_TEXT_PRINCIPAL`, `COGAUTH_TEXT_ORGANIZATION` and
// `COGAUTH_TEXT_RESOURCE_ID`.
#define COGAUTH_STEP_FACTS 2

// The request is allowed: let it through.
#define COGAUTH_STEP_ALLOWED 3

// An older opaque credential: pass the request on to what knows it.
#define COGAUTH_STEP_PASS_ON 4

// A CORS preflight: answer it.
#define COGAUTH_STEP_PREFLIGHT 5

// The id of the credential, once its token is known to be genuine, unless the request is refused.
#define COGAUTH_TEXT_CREDENTIAL_ID 1

// The part of the token that may be shown, when the request is allowed.
#define COGAUTH_TEXT_CREDENTIAL_HANDLE 2

// The name of the credential's kind: where facts are asked, since the minor version 3, or the
// request is allowed.
#define COGAUTH_TEXT_CREDENTIAL_KIND 3

// The id of the principal: of whom facts are asked, or who is allowed.
#define COGAUTH_TEXT_PRINCIPAL 4

// The type of the principal, `user` or `service_user`: of whom facts are asked, since the minor
// version 3, or who is allowed. Ids alone do not tell a user from a service user.
#define COGAUTH_TEXT_PRINCIPAL_TYPE 5

// The id of the organization that the path names, if it does.
#define COGAUTH_TEXT_ORGANIZATION 6

// The action of the route, when the request is allowed.
#define COGAUTH_TEXT_ACTION 7

// The name of the code of a refusal.
#define COGAUTH_TEXT_CODE 8

// The body of a refusal, as JSON (RFC 9457).
#define COGAUTH_TEXT_BODY 9

// The audit record of an allowed or a refused request, as JSON.
#define COGAUTH_TEXT_AUDIT 10

// The type of the resource that the route names, if it does: where facts are asked, or the request
// is allowed. Since the minor version 1.
#define COGAUTH_TEXT_RESOURCE_TYPE 11

// The id of that resource, as it stands in the path. Since the minor version 1.
#define COGAUTH_TEXT_RESOURCE_ID 12

// The headers of a refusal, with names and values.
#define COGAUTH_LIST_HEADERS 1

// What the policy could not decide about an allowed request, and left to the service.
#define COGAUTH_LIST_UNDECIDED 2

// The codes of what the policy advises about an allowed request.
#define COGAUTH_LIST_ADVICE 3

// The parameters of the route of an allowed request, with names and what was sent in their places.
// Since the minor version 1.
#define COGAUTH_LIST_PARAMETERS 4

// In `cogauth_token_mint`: the token has no hard expiry. It is a number that no mistake gives: not
// 0, not -1, and no day.
#define COGAUTH_NO_HARD_EXPIRY 1852796517

// In `cogauth_record_draft.flags`: edges are to accept the token.
#define COGAUTH_DRAFT_FOR_EDGES 1

// In `cogauth_record_draft.flags`: the credential is limited to the organizations that are given,
// which may be none. Without it, it has all that its principal has.
#define COGAUTH_DRAFT_ORGANIZATIONS 2

// In `cogauth_record_draft.flags`: `not_before` is set.
#define COGAUTH_DRAFT_NOT_BEFORE 4

// In `cogauth_record_draft.flags`: `expires_at` is set.
#define COGAUTH_DRAFT_EXPIRES_AT 8

// In `cogauth_record_draft.flags`: the credential is limited to the addresses that are given,
// which may be none. Without it, it is good from everywhere. Since the minor version 1.
#define COGAUTH_DRAFT_ADDRESSES 16

// In the flags of `cogauth_record_rotate_within`: the successor may expire later than its
// predecessor. That is for those who may make credentials of this principal, and never for a
// credential that replaces itself.
#define COGAUTH_ROTATE_LATER_EXPIRY 1

// A key set for edges, which verifies tokens. Immutable; threads may share it.
typedef struct cogauth_edge_keys cogauth_edge_keys;

// One request on its way through a gate. It has one owner: one thread at a time uses it.
typedef struct cogauth_exchange cogauth_exchange;

// Policy, keys and options, which guard requests. Immutable; threads may share it. It keeps what
// it is made of: the caller can release policy and keys at once.
typedef struct cogauth_gate cogauth_gate;

// A key set of peppers, which an origin compares stored digests with. Immutable; threads may share
// it.
typedef struct cogauth_peppers cogauth_peppers;

// A compiled policy. Immutable; threads may share it.
typedef struct cogauth_policy cogauth_policy;

// A key set of root keys, which mints tokens and derives the other two. Full build only.
// Immutable; threads may share it.
typedef struct cogauth_root_keys cogauth_root_keys;

// What went wrong, as far as it is known. The caller owns it: set `struct_size` to
// `sizeof(cogauth_error)`, and either zero the rest or give room for the JSON.
//
// Every function that takes one accepts NULL. On success only `code` is written, as 0.
typedef struct {
  // In: the size of this struct in bytes, as the caller's header has it.
  uint32_t struct_size;
  // The same number that the function returned.
  int32_t code;
  // Zero-based byte offset into the input; `COGAUTH_NONE` if unknown.
  uint64_t offset;
  // Line in a document, from 1; 0 if unknown.
  uint64_t line;
  // Column in its line, in characters from 1; 0 if unknown.
  uint64_t column;
  // How many bytes from there on are at fault; 0 if unknown.
  uint64_t length;
  // In: room for the error as a JSON object, or NULL. Its members are `code`, `codeName`,
  // `message`, and where they are known `offset`, `document`, `pointer`, `suggestion`, `line`,
  // `column`, `length`.
  char *json;
  // In: how many bytes of room there are at `json`.
  size_t json_capacity;
  // How many bytes the JSON has. Where there is not enough room, nothing is written to `json`.
  size_t json_length;
} cogauth_error;

// What a token says of itself. The caller owns it: set `struct_size` to `sizeof(cogauth_token)`.
//
// The texts have a NUL at the end. None of them is a secret.
typedef struct {
  // In: the size of this struct in bytes, as the caller's header has it.
  uint32_t struct_size;
  // A `COGAUTH_KIND_…`. It is `COGAUTH_KIND_NONE` unless the call succeeded.
  uint32_t kind;
  // The last day on which the token is good, counted from 1970-01-01; 0 if it has no end.
  uint32_t hard_expiry;
  // The id of the key that the token was minted with.
  char key_id[4];
  // The id of the credential, under which its record is stored.
  char id[16];
  // The part of the token that may be shown.
  char handle[32];
} cogauth_token;

// Text or bytes of the caller's: a pointer and a length in bytes, with no NUL at the end.
typedef struct {
  // The first byte. NULL is taken where the length is 0.
  const char *data;
  // How many bytes there are.
  size_t length;
} cogauth_slice;

// A place in a text that looks like a credential.
typedef struct {
  // In: the size of this struct in bytes, as the caller's header has it.
  uint32_t struct_size;
  // 1 if it is a well-formed token, whose handle is given; 0 if it only looks like one.
  uint32_t is_token;
  // Where it begins in the text, in bytes from 0.
  uint64_t start;
  // Where it ends: the first byte after it.
  uint64_t end;
  // The part of a token that may be shown, with a NUL at the end; else empty.
  char handle[32];
} cogauth_finding;

// A decision. The caller owns it: set `struct_size` to `sizeof(cogauth_decision)`.
typedef struct {
  // In: the size of this struct in bytes, as the caller's header has it.
  uint32_t struct_size;
  // `COGAUTH_ALLOW` or `COGAUTH_DENY`. It is set to `COGAUTH_DENY` before anything else.
  uint32_t decision;
  // Why it is denied: a `COGAUTH_DENIAL_…`.
  uint32_t denial;
  // 0.
  uint32_t reserved;
} cogauth_decision;

// The options of a gate. Zero it, then set `struct_size` and what is wanted.
typedef struct {
  // In: the size of this struct in bytes, as the caller's header has it.
  uint32_t struct_size;
  // `COGAUTH_GATE_…` bits. What is set without its bit is an error, so that no limit is lost.
  uint32_t flags;
  // The realm in `WWW-Authenticate`; NULL for `cog`. Only printable ASCII is kept, and of it
  // neither `"` nor `\\`.
  cogauth_slice realm;
  // Seconds in `Retry-After` of a 503: 5 unless `COGAUTH_GATE_RETRY_AFTER` is set.
  uint64_t retry_after;
  // A record that was fetched longer than so many seconds ago is refused: any age is taken
  // unless `COGAUTH_GATE_MAX_RECORD_AGE` is set.
  uint64_t max_record_age;
} cogauth_gate_options;

// A request, as the gate looks at it. Zero it, then set `struct_size` and the rest.
typedef struct {
  // In: the size of this struct in bytes, as the caller's header has it.
  uint32_t struct_size;
  // 0.
  uint32_t reserved;
  // The method, such as `GET`, at most 256 bytes. Upper and lower case differ.
  cogauth_slice method;
  // The request target as the client sent it: path and query, at most 65,536 bytes, not decoded,
  // nothing tidied up. In nginx it is `$request_uri`, in CGI and its kin `REQUEST_URI`.
  cogauth_slice target;
  // All lines of the `Authorization` header, each a value without the name. Some servers show
  // only the first of two, such as Node in `req.headers.authorization`; `req.headersDistinct`
  // has all.
  const cogauth_slice *authorization;
  // How many lines there are.
  size_t authorization_count;
  // What the caller itself knows of the request, as a JSON object, and never what a client says
  // of it; NULL for nothing.
  cogauth_slice context;
  // The IP address of the client, as text without a port: what the connection or a proxy of the
  // caller's own says, and never a header by itself. NULL if it is not known, which a policy
  // with address lists denies. Since the minor version 1.
  cogauth_slice client_address;
} cogauth_request;

// What an issuer says of a new credential. Zero it, then set `struct_size` and what is wanted.
typedef struct {
  // In: the size of this struct in bytes, as the caller's header has it.
  uint32_t struct_size;
  // `COGAUTH_DRAFT_…` bits. What is set without its bit is an error, so that no limit is lost.
  uint32_t flags;
  // The token.
  cogauth_slice token;
  // The id of the principal that it acts as.
  cogauth_slice principal;
  // The names of actions that it may ask for, or `*` alone for all.
  const cogauth_slice *scopes;
  // How many scopes there are.
  size_t scopes_count;
  // The ids of organizations, with `COGAUTH_DRAFT_ORGANIZATIONS`.
  const cogauth_slice *organizations;
  // How many organizations there are.
  size_t organizations_count;
  // The peppers, if origins are to accept the token; NULL if not.
  const cogauth_peppers *peppers;
  // What its owner calls it; NULL for none.
  cogauth_slice name;
  // A JSON object of the issuer's own; NULL for none.
  cogauth_slice metadata;
  // Now, in seconds since the epoch.
  uint64_t created_at;
  // From when on it is good, with `COGAUTH_DRAFT_NOT_BEFORE`; at once without.
  uint64_t not_before;
  // Until when it is good, with `COGAUTH_DRAFT_EXPIRES_AT`; without end otherwise.
  uint64_t expires_at;
  // IP addresses and CIDR prefixes, with `COGAUTH_DRAFT_ADDRESSES`. Since the minor version 1.
  const cogauth_slice *addresses;
  // How many addresses there are.
  size_t addresses_count;
} cogauth_record_draft;

// One JSON document of a policy.
typedef struct {
  // What errors call it: its path, for instance.
  cogauth_slice name;
  // Its JSON text.
  cogauth_slice text;
} cogauth_document;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The ABI of the library that is loaded: the major number in the upper 16 bits, the minor one in
// the lower 16. A program can go on if the major number is `COGAUTH_ABI_MAJOR` and the minor one
// at least `COGAUTH_ABI_MINOR`.
uint32_t cogauth_abi_version(void);

// The version of the library that is loaded, `0.1.0`, with a NUL at the end. It is static.
const char *cogauth_version(void);

// What this build has: bits of `COGAUTH_FEATURE_…`.
uint32_t cogauth_features(void);

// The name of a code, such as `expired`, with its length in bytes. It is static, and has no NUL at
// the end. NULL and a length of 0 if there is no such code.
const char *cogauth_code_name(int32_t code,
                              size_t *length);

// What a user can do about a code, as a sentence, in the way of `cogauth_code_name`.
const char *cogauth_code_sentence(int32_t code,
                                  size_t *length);

// Overwrites memory with zeros, in a way that no compiler leaves out. NULL does nothing.
void cogauth_wipe(void *data,
                  size_t length);

// Reads a key set of the use `edge-tag` from its JSON text. The caller releases it.
//
// Errors: 131 `invalid_key_set`, 132 `wrong_key_use`, 107 `reserved_key_id`.
int32_t cogauth_edge_keys_read(const char *json,
                               size_t json_length,
                               cogauth_edge_keys **keys,
                               cogauth_error *error);

// One more reference to a key set. Answers the same pointer, or NULL if it is no such handle.
cogauth_edge_keys *cogauth_edge_keys_retain(cogauth_edge_keys *keys);

// One reference less. With the last one, and that of every gate on it, the keys are wiped and
// freed. NULL does nothing.
void cogauth_edge_keys_release(cogauth_edge_keys *keys);

// Reads a key set of the use `digest-pepper` from its JSON text. The caller releases it. The
// errors are those of `cogauth_edge_keys_read`.
int32_t cogauth_peppers_read(const char *json,
                             size_t json_length,
                             cogauth_peppers **peppers,
                             cogauth_error *error);

// One more reference to peppers. Answers the same pointer, or NULL if it is no such handle.
cogauth_peppers *cogauth_peppers_retain(cogauth_peppers *peppers);

// One reference less. With the last one, and that of every gate on it, the peppers are wiped and
// freed. NULL does nothing.
void cogauth_peppers_release(cogauth_peppers *peppers);

// Parses a token: its form and its checksum. Whether it is genuine only `cogauth_token_verify`
// tells. `result` may be NULL if only that it parses matters. It allocates nothing unless it
// fails.
//
// Errors: 101 to 108; 105 `invalid_character` has the offset.
int32_t cogauth_token_parse(const char *token,
                            size_t token_length,
                            cogauth_token *result,
                            cogauth_error *error);

// Verifies that a token was minted with a root key of these edge keys, and is not past its hard
// expiry at `now`, in seconds since the epoch. It allocates nothing unless it fails.
//
// Whether the credential is still active, its record tells: see the gate.
//
// Errors: those of `cogauth_token_parse`, 111 `sample_token`, 112 `unknown_key_id`,
// 113 `tag_mismatch`, 114 `expired`, 135 `time_out_of_range`.
int32_t cogauth_token_verify(const cogauth_edge_keys *keys,
                             const char *token,
                             size_t token_length,
                             uint64_t now,
                             cogauth_token *result,
                             cogauth_error *error);

// Writes the digest that an origin stores of a token, for the principal that it is made for.
//
// Errors: those of `cogauth_token_parse`, 112 `unknown_key_id`, 134 `invalid_principal`,
// 202 `invalid_unicode`, 705 `buffer_too_small`. A digest has at most 64 bytes.
int32_t cogauth_token_digest(const cogauth_peppers *peppers,
                             const char *token,
                             size_t token_length,
                             const char *principal,
                             size_t principal_length,
                             char *digest,
                             size_t digest_capacity,
                             size_t *digest_length,
                             cogauth_error *error);

// Writes the digest that an edge compares, for the principal that the token is made for.
//
// Errors: those of `cogauth_token_parse`, 134 `invalid_principal`, 202 `invalid_unicode`,
// 705 `buffer_too_small`. A digest has at most 64 bytes.
int32_t cogauth_token_edge_digest(const char *token,
                                  size_t token_length,
                                  const char *principal,
                                  size_t principal_length,
                                  char *digest,
                                  size_t digest_capacity,
                                  size_t *digest_length,
                                  cogauth_error *error);

// Reads the `Authorization` header of a request: all its lines, as an array, each a value without
// the name (RFC 9110, section 11.6.2; RFC 6750, section 2.1).
//
// `scheme` becomes a `COGAUTH_SCHEME_…`; `credential` the credential of a bearer, which lies in
// the caller's own value, else NULL and 0.
//
// Errors: 141 `several_credentials`, 142 `malformed_header`.
int32_t cogauth_authorization_read(const cogauth_slice *values,
                                   size_t count,
                                   int32_t *scheme,
                                   cogauth_slice *credential,
                                   cogauth_error *error);

// Finds the next token in a text, or the next thing that looks like a credential, from a byte
// offset on.
//
// `found` becomes 1 and `finding` is written, or it becomes 0. To go through a text, begin at 0
// and go on at the `end` of each finding. The byte before the offset is looked at too, since it
// tells whether a word begins there. It allocates nothing.
int32_t cogauth_text_scan(const char *text,
                          size_t text_length,
                          size_t from,
                          int32_t *found,
                          cogauth_finding *finding,
                          cogauth_error *error);

// Writes a text in which each credential is cut to what may be shown.
//
// Errors: 202 `invalid_unicode`, 705 `buffer_too_small`.
int32_t cogauth_text_redact(const char *text,
                            size_t text_length,
                            char *redacted,
                            size_t redacted_capacity,
                            size_t *redacted_length,
                            cogauth_error *error);

// Accepts a token at an edge: verifies it at `verified_at`, and compares it at `now` with the
// record that the caller's store has of it. 0 means that the credential is active.
//
// `record` is NULL if the store has none. The answer is a JSON object: `principal`, `validUntil`
// (left out where there is no end), `record`.
//
// Errors: those of `cogauth_token_verify`; 121 to 128 where the record does not vouch for the
// token, of which 122 `invalid_record` is for its text; 705 `buffer_too_small`, which tells that
// the token was accepted and the answer did not fit.
int32_t cogauth_accept_at_edge(const cogauth_edge_keys *keys,
                               const char *token,
                               size_t token_length,
                               uint64_t verified_at,
                               const char *record,
                               size_t record_length,
                               uint64_t now,
                               char *answer,
                               size_t answer_capacity,
                               size_t *answer_length,
                               cogauth_error *error);

// Accepts a token at an origin, which holds the peppers, in the way of `cogauth_accept_at_edge`.
int32_t cogauth_accept_at_origin(const cogauth_edge_keys *keys,
                                 const cogauth_peppers *peppers,
                                 const char *token,
                                 size_t token_length,
                                 uint64_t verified_at,
                                 const char *record,
                                 size_t record_length,
                                 uint64_t now,
                                 char *answer,
                                 size_t answer_capacity,
                                 size_t *answer_length,
                                 cogauth_error *error);

// Loads a compiled policy, of which the library keeps a copy. The caller releases it.
//
// `sha256` are the 64 lower-case hexadecimal digits that the image must hash to, or NULL if any
// image is taken.
//
// Errors: 501 `invalid_image`, 502 `unknown_image_version`, 342 `unexpected_digest`, 701 for what
// is no digest.
int32_t cogauth_policy_from_image(const uint8_t *image,
                                  size_t image_length,
                                  const char *sha256,
                                  size_t sha256_length,
                                  cogauth_policy **policy,
                                  cogauth_error *error);

// One more reference to a policy. Answers the same pointer, or NULL if it is no such handle.
cogauth_policy *cogauth_policy_retain(cogauth_policy *policy);

// One reference less. With the last one the policy is freed. NULL does nothing.
void cogauth_policy_release(cogauth_policy *policy);

// The compiled image of a policy, to store or to send. It lives as long as the policy.
int32_t cogauth_policy_image(const cogauth_policy *policy,
                             cogauth_slice *image,
                             cogauth_error *error);

// Writes the digest of a policy, which names it in every answer: 64 hexadecimal digits.
int32_t cogauth_policy_digest(const cogauth_policy *policy,
                              char *digest,
                              size_t digest_capacity,
                              size_t *digest_length,
                              cogauth_error *error);

// Writes the SHA-256 of a policy's image, which `cogauth_policy_from_image` can expect: 64
// hexadecimal digits.
int32_t cogauth_policy_image_digest(const cogauth_policy *policy,
                                    char *digest,
                                    size_t digest_capacity,
                                    size_t *digest_length,
                                    cogauth_error *error);

// Writes the actions that a policy declares, as a JSON array of names.
int32_t cogauth_policy_actions(const cogauth_policy *policy,
                               char *names,
                               size_t names_capacity,
                               size_t *names_length,
                               cogauth_error *error);

// Decides an AuthZEN access evaluation request (a JSON object with `subject`, `action`, `resource`
// and `context`), without an explanation: see `cogauth_policy_explain` for one.
//
// A batch (`evaluations`) is not looked at: `cogauth_policy_evaluate` answers one.
//
// Errors: 401 `malformed_request`. A denial is none.
int32_t cogauth_policy_decide(const cogauth_policy *policy,
                              const char *request,
                              size_t request_length,
                              cogauth_decision *decision,
                              cogauth_error *error);

// Answers one AuthZEN access evaluation request with the decision and its explanation, as JSON. A
// batch (`evaluations`) is not looked at.
//
// Errors: those of `cogauth_policy_decide`, 705 `buffer_too_small`.
int32_t cogauth_policy_explain(const cogauth_policy *policy,
                               const char *request,
                               size_t request_length,
                               char *answer,
                               size_t answer_capacity,
                               size_t *answer_length,
                               cogauth_error *error);

// Answers an AuthZEN access evaluation request, or a batch of them (`evaluations`), as JSON.
//
// Errors: those of `cogauth_policy_decide`, 705 `buffer_too_small`.
int32_t cogauth_policy_evaluate(const cogauth_policy *policy,
                                const char *request,
                                size_t request_length,
                                char *answer,
                                size_t answer_capacity,
                                size_t *answer_length,
                                cogauth_error *error);

// Answers an AuthZEN action search request: which actions are allowed, as JSON.
//
// Errors: those of `cogauth_policy_decide`, 705 `buffer_too_small`.
int32_t cogauth_policy_search_actions(const cogauth_policy *policy,
                                      const char *request,
                                      size_t request_length,
                                      char *answer,
                                      size_t answer_capacity,
                                      size_t *answer_length,
                                      cogauth_error *error);

// Answers which route a method and a request target have, as JSON: `found` is true with `action`,
// `organization` and `undecided`, or false with `reason` and perhaps `methods`.
//
// Errors: 202 `invalid_unicode`, 705 `buffer_too_small`. A path without a route is none.
int32_t cogauth_policy_route(const cogauth_policy *policy,
                             const char *method,
                             size_t method_length,
                             const char *target,
                             size_t target_length,
                             char *answer,
                             size_t answer_capacity,
                             size_t *answer_length,
                             cogauth_error *error);

// Makes a gate. The caller releases it.
//
// With `peppers` it is a gate at an origin, which goes by the issuer's record; with NULL one at an
// edge, which goes by the word of its record store: look at the code of `cogauth_peppers_read`
// before. `options` may be NULL for the defaults.
//
// Errors: 202 `invalid_unicode` for the realm, 701 for a flag that is not known or was forgotten.
int32_t cogauth_gate_new(const cogauth_policy *policy,
                         const cogauth_edge_keys *edge_keys,
                         const cogauth_peppers *peppers,
                         const cogauth_gate_options *options,
                         cogauth_gate **gate,
                         cogauth_error *error);

// One more reference to a gate. Answers the same pointer, or NULL if it is no such handle.
cogauth_gate *cogauth_gate_retain(cogauth_gate *gate);

// One reference less. With the last one the gate is freed. NULL does nothing. Exchanges that have
// begun go on with it.
void cogauth_gate_release(cogauth_gate *gate);

// Begins with a request: reads the `Authorization` header and verifies the token, at `now` in
// seconds since the epoch. `exchange` is where it stands; the caller releases it. Nothing of the
// request is needed after the call.
//
// Whatever a client sends leads to an outcome, never to an error: a method that is no text is one
// that no route has. Errors: 602 `reserved_context`, 603 `invalid_context`, 135
// `time_out_of_range`.
int32_t cogauth_exchange_begin(const cogauth_gate *gate,
                               const cogauth_request *request,
                               uint64_t now,
                               cogauth_exchange **exchange,
                               cogauth_error *error);

// Ends an exchange, at whatever step it is. What it holds of the token is wiped. NULL does
// nothing.
void cogauth_exchange_release(cogauth_exchange *exchange);

// Where an exchange stands: a `COGAUTH_STEP_…`. Without an exchange, it is `COGAUTH_STEP_REFUSED`.
int32_t cogauth_exchange_step(const cogauth_exchange *exchange);

// Answers a question with what was found: the JSON text of the record or of the facts. The
// exchange is at its next step then.
//
// `step` is the question that is answered, `COGAUTH_STEP_RECORD` or `COGAUTH_STEP_FACTS`.
// `fetched_at` is when a record was read from the issuer's store, in seconds since the epoch,
// which matters for `max_record_age` alone; `COGAUTH_NONE` if it is not known.
//
// Text that is no record or no facts is no error: the request is refused. Errors: 706 `wrong_step`
// if this is not asked, or was answered already; 135 `time_out_of_range`.
int32_t cogauth_exchange_found(cogauth_exchange *exchange,
                               int32_t step,
                               const char *text,
                               size_t text_length,
                               uint64_t fetched_at,
                               cogauth_error *error);

// Answers a question with: the store has no such record or principal. See
// `cogauth_exchange_found`.
int32_t cogauth_exchange_absent(cogauth_exchange *exchange,
                                int32_t step,
                                cogauth_error *error);

// Answers a question with: the store could not be asked. See `cogauth_exchange_found`.
int32_t cogauth_exchange_unavailable(cogauth_exchange *exchange,
                                     int32_t step,
                                     cogauth_error *error);

// A text of where an exchange stands: `which` is a `COGAUTH_TEXT_…`. It becomes NULL with 0 where
// this step has no such text. It stays where it is until the next answer or the release.
//
// Errors: 701 if there is no text of this number.
int32_t cogauth_exchange_text(const cogauth_exchange *exchange,
                              int32_t which,
                              cogauth_slice *text);

// How many entries a list has: `list` is a `COGAUTH_LIST_…`. 0 where this step has no such list.
size_t cogauth_exchange_count(const cogauth_exchange *exchange,
                              int32_t list);

// An entry of a list, counted from 0. `name` is that of a header or a parameter, NULL with 0 in
// other lists, and may itself be NULL if it does not matter. It stays where it is until the next
// answer or the release.
//
// Errors: 701 if there is no such entry.
int32_t cogauth_exchange_entry(const cogauth_exchange *exchange,
                               int32_t list,
                               size_t index,
                               cogauth_slice *name,
                               cogauth_slice *value);

// The HTTP status of a refusal. 0 if the request is allowed, and in no other case: 503 while a
// question is open, without an exchange, and where a request is passed on or is a preflight.
int32_t cogauth_exchange_status(const cogauth_exchange *exchange);

// The number of the code of a refusal. 0 if the request is allowed, and in no other case: 706
// while a question is open, and where a request is passed on or is a preflight; 701 without an
// exchange.
int32_t cogauth_exchange_code(const cogauth_exchange *exchange);

// Until when an allowed credential is good, in seconds since the epoch; `COGAUTH_NONE` if it has
// no end, and 0 if the request is not allowed.
uint64_t cogauth_exchange_valid_until(const cogauth_exchange *exchange);

// Writes where an exchange stands as one JSON object. Its `step` is `record`, `facts`, `allowed`,
// `refused`, `pass_on` or `preflight`; the other members are those of the step.
int32_t cogauth_exchange_json(const cogauth_exchange *exchange,
                              char *answer,
                              size_t answer_capacity,
                              size_t *answer_length,
                              cogauth_error *error);

// Writes what people and services may see of an allowed credential's record, as JSON: its scopes,
// organizations, name and times, no digests, no metadata.
//
// Errors: 706 `wrong_step` unless the request is allowed, 705 `buffer_too_small`.
int32_t cogauth_exchange_record(const cogauth_exchange *exchange,
                                char *record,
                                size_t record_capacity,
                                size_t *record_length,
                                cogauth_error *error);

// Reads a key set of the use `root` from its JSON text. The caller releases it. The errors are
// those of `cogauth_edge_keys_read`. Full build only.
int32_t cogauth_root_keys_read(const char *json,
                               size_t json_length,
                               cogauth_root_keys **keys,
                               cogauth_error *error);

// Makes a key set of one root key. `random` are 32 bytes from the operating system's random
// source. The caller releases it. Full build only.
//
// Errors: 107 `reserved_key_id`, 133 `invalid_key_id`, 202 `invalid_unicode`, 701 for another
// number of random bytes.
int32_t cogauth_root_keys_new(const char *key_id,
                              size_t key_id_length,
                              const uint8_t *random,
                              size_t random_length,
                              cogauth_root_keys **keys,
                              cogauth_error *error);

// The edges' part of root keys, as a handle of its own that the caller releases. Full build only.
int32_t cogauth_root_keys_edge_keys(const cogauth_root_keys *keys,
                                    cogauth_edge_keys **edge_keys,
                                    cogauth_error *error);

// The peppers of root keys, as a handle of its own that the caller releases. Full build only.
int32_t cogauth_root_keys_peppers(const cogauth_root_keys *keys,
                                  cogauth_peppers **peppers,
                                  cogauth_error *error);

// Writes root keys as JSON text, which is a secret: wipe it with `cogauth_wipe`. Full build only.
int32_t cogauth_root_keys_expose(const cogauth_root_keys *keys,
                                 char *json,
                                 size_t json_capacity,
                                 size_t *json_length,
                                 cogauth_error *error);

// Writes edge keys as JSON text, which is a secret: wipe it with `cogauth_wipe`. Full build only.
int32_t cogauth_edge_keys_expose(const cogauth_edge_keys *keys,
                                 char *json,
                                 size_t json_capacity,
                                 size_t *json_length,
                                 cogauth_error *error);

// Writes peppers as JSON text, which is a secret: wipe it with `cogauth_wipe`. Full build only.
int32_t cogauth_peppers_expose(const cogauth_peppers *peppers,
                               char *json,
                               size_t json_capacity,
                               size_t *json_length,
                               cogauth_error *error);

// One more reference to root keys. Answers the same pointer, or NULL if it is no such handle. Full
// build only.
cogauth_root_keys *cogauth_root_keys_retain(cogauth_root_keys *keys);

// One reference less. With the last one the keys are wiped and freed. NULL does nothing. Full
// build only.
void cogauth_root_keys_release(cogauth_root_keys *keys);

// Mints a token, and writes its `COGAUTH_TOKEN_LENGTH` characters. It is a secret: show it once,
// store a record with its digest, and wipe it with `cogauth_wipe`. Full build only.
//
// `kind` is a `COGAUTH_KIND_…`. `hard_expiry` is the last day on which the token is good, counted
// from 1970-01-01, or `COGAUTH_NO_HARD_EXPIRY` for none. `random` are at least
// `COGAUTH_MINT_RANDOM_LENGTH` bytes from the operating system's random source.
//
// Errors: 112 `unknown_key_id`, 104 `unknown_kind`, 107 `reserved_key_id`, 133 `invalid_key_id`,
// 135 `time_out_of_range`, 136 `not_enough_random_bytes`, 202 `invalid_unicode`,
// 705 `buffer_too_small`.
int32_t cogauth_token_mint(const cogauth_root_keys *keys,
                           const char *key_id,
                           size_t key_id_length,
                           uint32_t kind,
                           uint32_t hard_expiry,
                           const uint8_t *random,
                           size_t random_length,
                           char *token,
                           size_t token_capacity,
                           size_t *token_length,
                           cogauth_error *error);

// Makes the record of a new credential, and writes it as JSON text. Full build only.
//
// Errors: those of `cogauth_token_parse`; 112 `unknown_key_id`, 122 `invalid_record`,
// 134 `invalid_principal`, 135 `time_out_of_range`, 202 `invalid_unicode`, 705 `buffer_too_small`.
int32_t cogauth_record_issue(const cogauth_record_draft *draft,
                             char *record,
                             size_t record_capacity,
                             size_t *record_length,
                             cogauth_error *error);

// Reads a record, and writes it in its one form. Full build only.
//
// Errors: 122 `invalid_record`, 705 `buffer_too_small`.
int32_t cogauth_record_read(const char *record,
                            size_t record_length,
                            char *text,
                            size_t text_capacity,
                            size_t *text_length,
                            cogauth_error *error);

// Writes what edges may have of a record: no digest that an origin compares, no metadata. Full
// build only. The errors are those of `cogauth_record_read`.
int32_t cogauth_record_for_edges(const char *record,
                                 size_t record_length,
                                 char *text,
                                 size_t text_capacity,
                                 size_t *text_length,
                                 cogauth_error *error);

// Writes what people may see of a record: no digests, no metadata. Full build only. The errors are
// those of `cogauth_record_read`.
int32_t cogauth_record_for_display(const char *record,
                                   size_t record_length,
                                   char *text,
                                   size_t text_capacity,
                                   size_t *text_length,
                                   cogauth_error *error);

// Writes a record revoked at a time, in seconds since the epoch. One that was revoked before stays
// as it is. Full build only. Errors: those of `cogauth_record_read`, 135 `time_out_of_range`.
int32_t cogauth_record_revoke(const char *record,
                              size_t record_length,
                              uint64_t at,
                              char *text,
                              size_t text_capacity,
                              size_t *text_length,
                              cogauth_error *error);

// Writes a record rotated to its successor: it is good until `until`, at most. Full build only.
//
// Errors: those of `cogauth_record_read`; 135 `time_out_of_range`, 137 `already_rotated`,
// 138 `not_rotatable`, 139 `wider_than_predecessor`.
int32_t cogauth_record_rotate(const char *record,
                              size_t record_length,
                              const char *successor,
                              size_t successor_length,
                              uint64_t until,
                              uint64_t now,
                              char *text,
                              size_t text_capacity,
                              size_t *text_length,
                              cogauth_error *error);

// As `cogauth_record_rotate`, with other limits: `flags` are `COGAUTH_ROTATE_…` bits, and the
// grace from `now` to `until` is at most `max_grace` seconds, or 30 days for `COGAUTH_NONE`. Full
// build only. Since the minor version 1.
int32_t cogauth_record_rotate_within(const char *record,
                                     size_t record_length,
                                     const char *successor,
                                     size_t successor_length,
                                     uint64_t until,
                                     uint64_t now,
                                     uint32_t flags,
                                     uint64_t max_grace,
                                     char *text,
                                     size_t text_capacity,
                                     size_t *text_length,
                                     cogauth_error *error);

// Writes a record used at a time, in seconds since the epoch; a later use that it has stays. Full
// build only. Since the minor version 1. Errors: those of `cogauth_record_read`, 135
// `time_out_of_range`.
int32_t cogauth_record_used(const char *record,
                            size_t record_length,
                            uint64_t at,
                            char *text,
                            size_t text_capacity,
                            size_t *text_length,
                            cogauth_error *error);

// Writes the record to store where a writer may not know what the store holds: good only where and
// when both the record and the stored one are. Name and metadata are those of the first. Full
// build only. Since the minor version 1.
//
// Errors: those of `cogauth_record_read`; 123 `record_mismatch` for records of two credentials.
int32_t cogauth_record_merge(const char *record,
                             size_t record_length,
                             const char *stored,
                             size_t stored_length,
                             char *text,
                             size_t text_capacity,
                             size_t *text_length,
                             cogauth_error *error);

// Says why the credential of a record is not active at a time, in seconds since the epoch: `code`
// becomes 124 `revoked` or another code that accepting would refuse it with, and 0 if it is
// active. It is for lists, not to let somebody in. Full build only. Since the minor version 1.
//
// Errors: 122 `invalid_record`, 135 `time_out_of_range`.
int32_t cogauth_record_inactive(const char *record,
                                size_t record_length,
                                uint64_t now,
                                int32_t *code,
                                cogauth_error *error);

// Compiles a policy from all its documents. The caller releases it. Full build only.
//
// `digest` are the 64 lower-case hexadecimal digits that the policy must have, or NULL if any is
// taken. The error is the first one: `cogauth_policy_check` tells all.
//
// Errors: 2xx and 3xx, with the document and the place.
int32_t cogauth_policy_from_documents(const cogauth_document *documents,
                                      size_t count,
                                      const char *digest,
                                      size_t digest_length,
                                      cogauth_policy **policy,
                                      cogauth_error *error);

// Writes all that is wrong with a policy's documents, as a JSON array of errors: it is empty if
// they compile. Full build only. The members are those of `cogauth_error.json`.
int32_t cogauth_policy_check(const cogauth_document *documents,
                             size_t count,
                             char *errors,
                             size_t errors_capacity,
                             size_t *errors_length,
                             cogauth_error *error);

// Writes what is not wrong with a policy's documents and probably not meant, as a JSON array of
// warnings: at most 100, with codes from 801 on. Full build only. The members are those of
// `cogauth_error.json`. The errors are those of `cogauth_policy_from_documents`.
// Since the minor version 1.
int32_t cogauth_policy_warnings(const cogauth_document *documents,
                                size_t count,
                                char *warnings,
                                size_t warnings_capacity,
                                size_t *warnings_length,
                                cogauth_error *error);

// Writes the documents of a policy as one, in the canonical form that its digest is made over.
// Full build only. The errors are those of `cogauth_policy_from_documents`.
int32_t cogauth_policy_bundle(const cogauth_document *documents,
                              size_t count,
                              char *bundle,
                              size_t bundle_capacity,
                              size_t *bundle_length,
                              cogauth_error *error);

// The policy that comes with the library. The caller releases it. Full build only.
int32_t cogauth_policy_builtin(cogauth_policy **policy,
                               cogauth_error *error);

// Writes all tokens of a text as a JSON array, in the order in which they begin: what
// `cogauth_text_scan` finds, and tokens in base64, hexadecimal digits, UTF-16, lists of numbers,
// the escapes of URLs, JSON, programs, HTML and mails, with a prefix in another case, and with
// breaks in them; also in one of these within another. Full build only. Since the minor version 2.
//
// Each has `start` and `end` in bytes; `certainty`: `parsed` or `looks_like`; `handle` if it is a
// token; `encodings`: the names of those around it from the outside to the inside, which are none
// where it stands there as it is. With `keys`, which may be NULL, a token has `genuine`: whether
// it was minted with a root key of these edge keys, also if it has expired since.
//
// The time is linear in the length of the text, and asking for the length of the answer takes as
// long as the answer. A finding takes at most 256 bytes.
//
// Errors: 705 `buffer_too_small`.
int32_t cogauth_text_scan_decoding(const char *text,
                                   size_t text_length,
                                   const cogauth_edge_keys *keys,
                                   char *findings,
                                   size_t findings_capacity,
                                   size_t *findings_length,
                                   cogauth_error *error);

// Writes a text in which each credential is cut to what may be shown, as `cogauth_text_redact`
// does, and each token in an encoding, as `cogauth_text_scan_decoding` finds it: its handle and an
// ellipsis stand in place of every byte that holds a part of it. The half of an encoded token
// stays. Full build only. Since the minor version 3.
//
// The time is linear in the length of the text, and asking for the length of the answer takes as
// long as the answer.
//
// Errors: 202 `invalid_unicode`, 705 `buffer_too_small`.
int32_t cogauth_text_redact_decoding(const char *text,
                                     size_t text_length,
                                     char *redacted,
                                     size_t redacted_capacity,
                                     size_t *redacted_length,
                                     cogauth_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* COGAUTH_H */
