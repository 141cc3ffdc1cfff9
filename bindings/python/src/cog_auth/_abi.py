"""What the C header says that must be spelled here: constants, layouts, and signatures.

This is the one file that repeats the header. `tests/test_header.py` compares each line with it.
"""

from __future__ import annotations

from typing import Final

ABI_MAJOR: Final = 1
ABI_MINOR: Final = 3
NONE: Final = (1 << 64) - 1
FEATURE_FULL: Final = 1

E_INVALID_UNICODE: Final = 202
E_TIME_OUT_OF_RANGE: Final = 135
E_UNKNOWN_KIND: Final = 104
E_UNAVAILABLE: Final = 606
E_INVALID_ARGUMENT: Final = 701
E_FREED: Final = 702
E_FAULT: Final = 703
E_BUFFER_TOO_SMALL: Final = 705
E_WRONG_STEP: Final = 706
E_OUT_OF_MEMORY: Final = 707

STEP_REFUSED: Final = 0
STEP_RECORD: Final = 1
STEP_FACTS: Final = 2
STEP_ALLOWED: Final = 3
STEP_PASS_ON: Final = 4
STEP_PREFLIGHT: Final = 5

TEXT_CREDENTIAL_ID: Final = 1
TEXT_CREDENTIAL_HANDLE: Final = 2
TEXT_CREDENTIAL_KIND: Final = 3
TEXT_PRINCIPAL: Final = 4
TEXT_PRINCIPAL_TYPE: Final = 5
TEXT_ORGANIZATION: Final = 6
TEXT_ACTION: Final = 7
TEXT_CODE: Final = 8
TEXT_BODY: Final = 9
TEXT_AUDIT: Final = 10
TEXT_RESOURCE_TYPE: Final = 11
TEXT_RESOURCE_ID: Final = 12

LIST_HEADERS: Final = 1
LIST_UNDECIDED: Final = 2
LIST_ADVICE: Final = 3
LIST_PARAMETERS: Final = 4

GATE_RETRY_AFTER: Final = 1
GATE_MAX_RECORD_AGE: Final = 2
GATE_PASS_ON: Final = 4
GATE_PREFLIGHT: Final = 8

DENY: Final = 0
ALLOW: Final = 1

DENIAL_NONE: Final = 0
DENIAL_FORBIDDEN: Final = 1
DENIAL_REQUIREMENT: Final = 2
DENIAL_NO_GRANT: Final = 3
DENIAL_INDETERMINATE: Final = 4

NO_HARD_EXPIRY: Final = 1852796517

DRAFT_FOR_EDGES: Final = 1
DRAFT_ORGANIZATIONS: Final = 2
DRAFT_NOT_BEFORE: Final = 4
DRAFT_EXPIRES_AT: Final = 8
DRAFT_ADDRESSES: Final = 16

ROTATE_LATER_EXPIRY: Final = 1

SCHEME_NOTHING: Final = 0
SCHEME_OTHER: Final = 1
SCHEME_BEARER: Final = 2

KIND_NONE: Final = 0
KIND_SERVICE_USER_KEY: Final = 1
KIND_PERSONAL_ACCESS_TOKEN: Final = 2
KIND_SAMPLE: Final = 3

TOKEN_LENGTH: Final = 81
MINT_RANDOM_LENGTH: Final = 64

# The fields of each struct, in order. A slice is a pointer and a length, `slices` a pointer to
# slices and their count, `chars` an array of characters with a NUL at the end.
STRUCTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "error": (
        ("struct_size", "u32"),
        ("code", "i32"),
        ("offset", "u64"),
        ("line", "u64"),
        ("column", "u64"),
        ("length", "u64"),
        ("json", "pointer"),
        ("json_capacity", "size"),
        ("json_length", "size"),
    ),
    "slice": (("data", "pointer"), ("length", "size")),
    "document": (("name", "slice"), ("text", "slice")),
    "request": (
        ("struct_size", "u32"),
        ("reserved", "u32"),
        ("method", "slice"),
        ("target", "slice"),
        ("authorization", "slices"),
        ("context", "slice"),
        ("client_address", "slice"),
    ),
    "gate_options": (
        ("struct_size", "u32"),
        ("flags", "u32"),
        ("realm", "slice"),
        ("retry_after", "u64"),
        ("max_record_age", "u64"),
    ),
    "decision": (
        ("struct_size", "u32"),
        ("decision", "u32"),
        ("denial", "u32"),
        ("reserved", "u32"),
    ),
    "record_draft": (
        ("struct_size", "u32"),
        ("flags", "u32"),
        ("token", "slice"),
        ("principal", "slice"),
        ("scopes", "slices"),
        ("organizations", "slices"),
        ("peppers", "handle"),
        ("name", "slice"),
        ("metadata", "slice"),
        ("created_at", "u64"),
        ("not_before", "u64"),
        ("expires_at", "u64"),
        ("addresses", "slices"),
    ),
    "finding": (
        ("struct_size", "u32"),
        ("is_token", "u32"),
        ("start", "u64"),
        ("end", "u64"),
        ("handle", "chars32"),
    ),
    "token": (
        ("struct_size", "u32"),
        ("kind", "u32"),
        ("hard_expiry", "u32"),
        ("key_id", "chars4"),
        ("id", "chars16"),
        ("handle", "chars32"),
    ),
}

# How many characters the texts in `token` have, before the NUL.
TOKEN_TEXTS: Final = {"key_id": 2, "id": 12, "handle": 23}

# What each function returns and takes, in order. `code` is a result that tells failures. A word
# with a colon is a kind, and what it is of: `handle:policy`, `struct:request`, `made:policy` (where
# a new handle is written), `told:token` (a struct that is written). `bytes` are a pointer and a
# length, `answer` a buffer, its capacity and where to write the length.
FUNCTIONS: Final[dict[str, tuple[str, str]]] = {
    "abi_version": ("u32", ""),
    "features": ("u32", ""),
    "version": ("static", ""),
    "code_name": ("static", "i32 told_size"),
    "code_sentence": ("static", "i32 told_size"),
    "edge_keys_read": ("code", "bytes made:edge_keys error"),
    "edge_keys_expose": ("code", "handle:edge_keys answer error"),
    "edge_keys_release": ("none", "handle:edge_keys"),
    "peppers_read": ("code", "bytes made:peppers error"),
    "peppers_expose": ("code", "handle:peppers answer error"),
    "peppers_release": ("none", "handle:peppers"),
    "root_keys_read": ("code", "bytes made:root_keys error"),
    "root_keys_new": ("code", "bytes bytes made:root_keys error"),
    "root_keys_expose": ("code", "handle:root_keys answer error"),
    "root_keys_edge_keys": ("code", "handle:root_keys made:edge_keys error"),
    "root_keys_peppers": ("code", "handle:root_keys made:peppers error"),
    "root_keys_release": ("none", "handle:root_keys"),
    "token_parse": ("code", "bytes told:token error"),
    "token_verify": ("code", "handle:edge_keys bytes u64 told:token error"),
    "token_mint": ("code", "handle:root_keys bytes u32 u32 bytes answer error"),
    "token_digest": ("code", "handle:peppers bytes bytes answer error"),
    "token_edge_digest": ("code", "bytes bytes answer error"),
    "authorization_read": ("code", "slices told_i32 told_slice error"),
    "text_scan": ("code", "bytes size told_i32 told:finding error"),
    "text_redact": ("code", "bytes answer error"),
    "text_scan_decoding": ("code", "bytes handle:edge_keys answer error"),
    "text_redact_decoding": ("code", "bytes answer error"),
    "accept_at_edge": ("code", "handle:edge_keys bytes u64 bytes u64 answer error"),
    "accept_at_origin": (
        "code",
        "handle:edge_keys handle:peppers bytes u64 bytes u64 answer error",
    ),
    "record_issue": ("code", "struct:record_draft answer error"),
    "record_read": ("code", "bytes answer error"),
    "record_for_edges": ("code", "bytes answer error"),
    "record_for_display": ("code", "bytes answer error"),
    "record_revoke": ("code", "bytes u64 answer error"),
    "record_rotate": ("code", "bytes bytes u64 u64 answer error"),
    "record_rotate_within": ("code", "bytes bytes u64 u64 u32 u64 answer error"),
    "record_used": ("code", "bytes u64 answer error"),
    "record_merge": ("code", "bytes bytes answer error"),
    "record_inactive": ("code", "bytes u64 told_i32 error"),
    "policy_from_image": ("code", "bytes bytes made:policy error"),
    "policy_from_documents": ("code", "documents bytes made:policy error"),
    "policy_check": ("code", "documents answer error"),
    "policy_warnings": ("code", "documents answer error"),
    "policy_bundle": ("code", "documents answer error"),
    "policy_builtin": ("code", "made:policy error"),
    "policy_image": ("code", "handle:policy told_slice error"),
    "policy_digest": ("code", "handle:policy answer error"),
    "policy_image_digest": ("code", "handle:policy answer error"),
    "policy_actions": ("code", "handle:policy answer error"),
    "policy_decide": ("code", "handle:policy bytes told:decision error"),
    "policy_explain": ("code", "handle:policy bytes answer error"),
    "policy_evaluate": ("code", "handle:policy bytes answer error"),
    "policy_search_actions": ("code", "handle:policy bytes answer error"),
    "policy_route": ("code", "handle:policy bytes bytes answer error"),
    "policy_release": ("none", "handle:policy"),
    "gate_new": (
        "code",
        "handle:policy handle:edge_keys handle:peppers struct:gate_options made:gate error",
    ),
    "gate_release": ("none", "handle:gate"),
    "exchange_begin": ("code", "handle:gate struct:request u64 made:exchange error"),
    "exchange_found": ("code", "handle:exchange i32 bytes u64 error"),
    "exchange_absent": ("code", "handle:exchange i32 error"),
    "exchange_unavailable": ("code", "handle:exchange i32 error"),
    "exchange_json": ("code", "handle:exchange answer error"),
    "exchange_record": ("code", "handle:exchange answer error"),
    "exchange_step": ("i32", "handle:exchange"),
    "exchange_text": ("code", "handle:exchange i32 told_slice"),
    "exchange_count": ("size", "handle:exchange i32"),
    "exchange_entry": ("code", "handle:exchange i32 size told_slice told_slice"),
    "exchange_code": ("i32", "handle:exchange"),
    "exchange_status": ("i32", "handle:exchange"),
    "exchange_valid_until": ("u64", "handle:exchange"),
    "exchange_release": ("none", "handle:exchange"),
}
