"""Compiled policies, and making them from documents."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple, Optional, Union, overload

from . import _abi
from ._backend import library
from ._errors import CogAuthError, described
from ._values import Json, Owned, Text, json_octets, octets, text, wrong

#: The documents of a policy by the names that errors give back.
Documents = Union[Mapping[str, Json], Iterable["tuple[Text, Json]"]]


class Decision(enum.Enum):
    """Yes, or why not. It is true only where it allows."""

    ALLOW = "allow"
    FORBIDDEN = "forbidden"
    REQUIREMENT = "requirement"
    NO_GRANT = "no_grant"
    INDETERMINATE = "indeterminate"

    @property
    def allowed(self) -> bool:
        """Whether the request is allowed."""
        return self is Decision.ALLOW

    def __bool__(self) -> bool:
        return self is Decision.ALLOW


_DENIALS: Final = {
    _abi.DENIAL_FORBIDDEN: Decision.FORBIDDEN,
    _abi.DENIAL_REQUIREMENT: Decision.REQUIREMENT,
    _abi.DENIAL_NO_GRANT: Decision.NO_GRANT,
    _abi.DENIAL_INDETERMINATE: Decision.INDETERMINATE,
}


class Resource(NamedTuple):
    """What a path names besides an organization."""

    type: str
    #: As it stands in the path.
    id: str


class Route(NamedTuple):
    """A route, or why there is none: 400, 403 and 405 in HTTP. It is true only if it was found."""

    found: bool
    action: Optional[str] = None
    #: As it stands in the path, None for a request about the account itself.
    organization: Optional[str] = None
    #: What else the path names.
    resource: Optional[Resource] = None
    #: What stands in the places of the route's parameters, by their names; None without a route.
    parameters: "Optional[dict[str, str]]" = None
    #: Further actions that only the origin can judge.
    undecided: "tuple[str, ...]" = ()
    reason: Optional[Literal["invalid_path", "unknown_route", "method_not_allowed"]] = None
    #: Which methods the path has.
    methods: "tuple[str, ...]" = ()

    def __bool__(self) -> bool:
        return self.found


class Policy(Owned):
    """A compiled policy. Text that is asked is answered with text, an object with an object."""

    __slots__ = ()

    def __init__(self, image: bytes, *, sha256: str | None = None) -> None:
        """Checks an image whole, and keeps a copy.

        `sha256` is what its bytes must hash to. Without it whoever can write the image decides.

        Raises `CogAuthError` 501 `invalid_image`, 502 `unknown_image_version`,
        342 `unexpected_digest`.
        """
        if isinstance(image, str):
            raise wrong("an image must be bytes, and is str")
        expected = None if sha256 is None else octets(sha256, "sha256")
        self._handle = library.call("policy_from_image", octets(image, "an image"), expected)

    @classmethod
    def from_documents(cls, documents: Documents, *, digest: str | None = None) -> Policy:
        """Compiles a policy. `digest` is what the policy's must be.

        Raises the first of the errors that `check_policy` finds, with its place.
        """
        expected = None if digest is None else octets(digest, "digest")
        made = cls.__new__(cls)
        made._handle = library.call("policy_from_documents", _documents(documents), expected)
        return made

    @classmethod
    def builtin(cls) -> Policy:
        """The policy that comes with the library."""
        made = cls.__new__(cls)
        made._handle = library.call("policy_builtin")
        return made

    @property
    def image(self) -> bytes:
        """The compiled image, to store or to send."""
        handle = self._open()
        image: bytes = library.call("policy_image", handle)
        return image

    @property
    def digest(self) -> str:
        """SHA-256 of the policy, which names it in every answer: 64 hexadecimal digits."""
        return text(library.call("policy_digest", self._open()))

    @property
    def image_digest(self) -> str:
        """SHA-256 of the image, which `Policy(image, sha256=…)` can expect."""
        return text(library.call("policy_image_digest", self._open()))

    @property
    def actions(self) -> list[str]:
        """The actions that it declares, sorted."""
        names: list[str] = json.loads(text(library.call("policy_actions", self._open())))
        return names

    def decide(self, request: Json) -> Decision:
        """Decides an AuthZEN access evaluation request, without an explanation.

        Raises `CogAuthError` 401 `malformed_request` and 2xx: that is no decision.
        """
        handle = self._handle
        if handle is None:
            handle = self._open()
        if type(request) is not bytes:
            request = json_octets(request, "request")
        decision, denial = library.decide(handle, request)
        if decision == _abi.ALLOW and denial == _abi.DENIAL_NONE:
            return Decision.ALLOW
        return _DENIALS.get(denial, Decision.INDETERMINATE)

    @overload
    def explain(self, request: Text) -> str: ...
    @overload
    def explain(self, request: Mapping[str, Any]) -> dict[str, Any]: ...
    def explain(self, request: Json) -> str | dict[str, Any]:
        """Answers one request with the decision and its rules, reasons and advice."""
        answer: str | dict[str, Any] = self._ask("policy_explain", request)
        return answer

    @overload
    def evaluate(self, request: Text) -> str: ...
    @overload
    def evaluate(self, request: Mapping[str, Any]) -> dict[str, Any]: ...
    def evaluate(self, request: Json) -> str | dict[str, Any]:
        """Answers a request in the way of `explain`, or several if it has `evaluations`."""
        answer: str | dict[str, Any] = self._ask("policy_evaluate", request)
        return answer

    @overload
    def search_actions(self, request: Text) -> str: ...
    @overload
    def search_actions(self, request: Mapping[str, Any]) -> dict[str, Any]: ...
    def search_actions(self, request: Json) -> str | dict[str, Any]:
        """Answers which actions the request would be allowed."""
        answer: str | dict[str, Any] = self._ask("policy_search_actions", request)
        return answer

    def route(self, method: Text, target: Text) -> Route:
        """The route of a method and a request target, whose query is not looked at."""
        asked = octets(method, "method"), octets(target, "target")
        told = json.loads(text(library.call("policy_route", self._open(), *asked)))
        return Route(
            told["found"],
            told.get("action"),
            told.get("organization"),
            resource_of(told),
            told.get("parameters"),
            tuple(told.get("undecided", ())),
            told.get("reason"),
            tuple(told.get("methods", ())),
        )

    def _ask(self, function: str, request: Json) -> Any:
        answer = library.ask(function, self._open(), json_octets(request, "request"))
        return json.loads(answer) if isinstance(request, Mapping) else answer


def compile_policy(documents: Documents, *, digest: str | None = None) -> bytes:
    """Compiles a policy to its image: see `Policy.from_documents`."""
    with Policy.from_documents(documents, digest=digest) as policy:
        return policy.image


def check_policy(documents: Documents) -> list[CogAuthError]:
    """All that is wrong with a policy; nothing if it compiles."""
    found = json.loads(text(library.call("policy_check", _documents(documents))))
    return [described(error) for error in found]


def policy_warnings(documents: Documents) -> list[CogAuthError]:
    """What is not wrong with a policy and probably not meant: at most 100, with codes from 801 on.

    Raises the first of the errors that `check_policy` finds, with its place.
    """
    found = json.loads(text(library.call("policy_warnings", _documents(documents))))
    return [described(warning) for warning in found]


def bundle_policy(documents: Documents) -> str:
    """The policy as one document, in the canonical form that its digest is made over."""
    return text(library.call("policy_bundle", _documents(documents)))


def resource_of(told: dict[str, Any]) -> Resource | None:
    """The resource of a route or a step that the library tells."""
    resource = told.get("resource")
    return None if resource is None else Resource(resource["type"], resource["id"])


def _documents(documents: Documents) -> list[tuple[bytes, bytes]]:
    if isinstance(documents, (str, bytes, bytearray, memoryview)):
        raise wrong("documents must be a mapping of names to documents")
    pairs = documents.items() if isinstance(documents, Mapping) else documents
    try:
        return [
            (octets(name, "a document's name"), json_octets(document, "a document"))
            for name, document in pairs
        ]
    except (TypeError, ValueError):
        raise wrong("documents must be a mapping of names to documents") from None
