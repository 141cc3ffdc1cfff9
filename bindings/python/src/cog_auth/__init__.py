"""Who is behind an `Authorization: Bearer cog_…` header, is the credential real, may they do this,
and if not, why not? The package does no I/O: the caller fetches what it asks for.

Times are whole seconds since the epoch. A denial or a refusal is a value, an error is a
`CogAuthError` with a numbered code.
"""

from __future__ import annotations

from . import _abi
from ._backend import library as _library
from ._decoding import DecodedFinding, redact_decoding, scan_decoding
from ._errors import CogAuthError
from ._gate import (
    Allowed,
    Credential,
    Exchange,
    FactsNeeded,
    Gate,
    Outcome,
    PassOn,
    Preflight,
    Principal,
    RecordNeeded,
    Refused,
    Step,
)
from ._guard import Found, Guard
from ._keys import EdgeKeys, Peppers, RootKeys, digest, wipe
from ._policy import (
    Decision,
    Documents,
    Policy,
    Resource,
    Route,
    bundle_policy,
    check_policy,
    compile_policy,
    policy_warnings,
)
from ._records import (
    Accepted,
    accept_at_edge,
    accept_at_origin,
    display_record,
    edge_record,
    inactive_because,
    issue_record,
    merge_records,
    read_record,
    revoke_record,
    rotate_record,
    use_record,
)
from ._tokens import (
    Authorization,
    Finding,
    Genuine,
    Kind,
    Token,
    authorization,
    edge_digest,
    parse_token,
    redact,
    scan,
)
from ._values import Json, Text

#: The version of the library that is loaded.
__version__: str = _library.version()
#: What runs it: `native` or `wasm`.
backend: str = _library.backend
#: Whether it has minting, records for issuers, documents and the built-in policy. What it does not
#: have raises `NotImplementedError`.
full: bool = bool(_library.number("features") & _abi.FEATURE_FULL)

__all__ = [
    "Accepted",
    "Allowed",
    "Authorization",
    "CogAuthError",
    "Credential",
    "Decision",
    "DecodedFinding",
    "Documents",
    "EdgeKeys",
    "Exchange",
    "FactsNeeded",
    "Finding",
    "Found",
    "Gate",
    "Genuine",
    "Guard",
    "Json",
    "Kind",
    "Outcome",
    "PassOn",
    "Peppers",
    "Policy",
    "Preflight",
    "Principal",
    "RecordNeeded",
    "Refused",
    "Resource",
    "RootKeys",
    "Route",
    "Step",
    "Text",
    "Token",
    "accept_at_edge",
    "accept_at_origin",
    "authorization",
    "backend",
    "bundle_policy",
    "check_policy",
    "compile_policy",
    "digest",
    "display_record",
    "edge_digest",
    "edge_record",
    "full",
    "inactive_because",
    "issue_record",
    "merge_records",
    "parse_token",
    "policy_warnings",
    "read_record",
    "redact",
    "redact_decoding",
    "revoke_record",
    "rotate_record",
    "scan",
    "scan_decoding",
    "use_record",
    "wipe",
]
