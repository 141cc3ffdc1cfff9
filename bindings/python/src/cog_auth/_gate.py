"""The gate: a request in, questions, an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal, NamedTuple, Optional, Union

from . import _abi
from ._backend import library
from ._keys import EdgeKeys, Peppers
from ._policy import Policy, Resource, resource_of
from ._tokens import lines
from ._values import Json, Owned, Text, json_octets, number, octets, opened, text, wrong


class Principal(NamedTuple):
    """Who is behind a request."""

    type: Literal["user", "service_user"]
    id: str


class Credential(NamedTuple):
    """With what the request was made."""

    kind: Literal["service_user_key", "personal_access_token"]
    id: str
    #: The part of the token that may be shown.
    handle: str


class _Question:
    """Something that the gate asks. It is answered once."""

    __slots__ = ("_exchange",)
    _number: int

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def absent(self) -> Step:
        """The store has nothing of it: 401."""
        return self._exchange._answer("exchange_absent", self._number)

    def unavailable(self) -> Step:
        """The store could not be asked: 503."""
        return self._exchange._answer("exchange_unavailable", self._number)

    def __bool__(self) -> bool:
        return False


class RecordNeeded(_Question):
    """Fetch the record of this credential, and answer."""

    __slots__ = ("id",)
    step: Final = "record"
    _number = _abi.STEP_RECORD

    def __init__(self, exchange: Exchange, id: str) -> None:
        super().__init__(exchange)
        self.id = id

    def found(self, record: Json, fetched_at: int | None = None) -> Step:
        """The record. `fetched_at` is when it was read from where it is written.

        Text that is no record is no error: the request is refused.
        """
        at = _abi.NONE if fetched_at is None else number(fetched_at, "fetched_at")
        return self._exchange._found(self._number, json_octets(record, "record"), at)


class FactsNeeded(_Question):
    """Fetch what is known of this principal, and of this organization and resource if there are."""

    __slots__ = ("organization", "principal", "principal_type", "resource")
    step: Final = "facts"
    _number = _abi.STEP_FACTS

    #: `user` or `service_user`: ids alone do not tell a user from a service user.
    principal_type: Literal["user", "service_user"]

    def __init__(
        self,
        exchange: Exchange,
        principal: str,
        principal_type: Literal["user", "service_user"],
        organization: str | None,
        resource: Resource | None = None,
    ) -> None:
        super().__init__(exchange)
        self.principal = principal
        self.principal_type = principal_type
        self.organization = organization
        self.resource = resource

    def found(self, facts: Json) -> Step:
        """The facts. Text that is none is no error: the request is refused."""
        return self._exchange._found(self._number, json_octets(facts, "facts"), _abi.NONE)


class Allowed(NamedTuple):
    """Let it through. It is the only step that is true."""

    principal: Principal
    credential: Credential
    action: str
    organization: Optional[str]
    resource: Optional[Resource]
    #: What was sent in the places of the route's parameters, by their names.
    parameters: "dict[str, str]"
    #: Further actions that the origin must judge.
    undecided: "tuple[str, ...]"
    #: Codes of advice.
    advice: "tuple[str, ...]"
    #: The least of the expiries known, in seconds since the epoch.
    valid_until: Optional[int]
    #: The audit record: one line of JSON, without secrets.
    audit: str
    step: Literal["allowed"] = "allowed"


class Refused(NamedTuple):
    """Answer with this status, these headers and this body."""

    status: int
    #: The name of the code for the audit; clients see less.
    code: str
    headers: "dict[str, str]"
    #: `application/problem+json` (RFC 9457).
    body: str
    audit: str
    #: The number of the code.
    number: int
    step: Literal["refused"] = "refused"

    def __bool__(self) -> bool:
        return False


class PassOn(NamedTuple):
    """An older opaque credential, which whoever issued it must judge. Never an allow."""

    step: Literal["pass_on"] = "pass_on"

    def __bool__(self) -> bool:
        return False


class Preflight(NamedTuple):
    """A CORS preflight: answer it as CORS asks, and never with data."""

    step: Literal["preflight"] = "preflight"

    def __bool__(self) -> bool:
        return False


Outcome = Union[Allowed, Refused, PassOn, Preflight]
Step = Union[RecordNeeded, FactsNeeded, Allowed, Refused, PassOn, Preflight]


class Gate(Owned):
    """Policy, keys and options, which guard requests.

    With `peppers` it is a gate at an origin, which goes by the issuer's record. It keeps what it is
    made of: policy and keys can be closed.
    """

    __slots__ = ("pass_on", "preflight")

    #: Whether older opaque `cog_` credentials are passed on.
    pass_on: bool
    #: Whether `OPTIONS` requests have the outcome `Preflight`.
    preflight: bool

    def __init__(
        self,
        *,
        policy: Policy,
        keys: EdgeKeys,
        peppers: Peppers | None = None,
        realm: str | None = None,
        retry_after: int | None = None,
        max_record_age: int | None = None,
        pass_on: bool = False,
        preflight: bool = False,
    ) -> None:
        """Makes a gate.

        `realm` is that of `WWW-Authenticate`, `cog` by default. `retry_after` are the seconds in
        the `Retry-After` of a 503, 5 by default. `max_record_age` is the most seconds since a
        record was fetched: older ones are refused with 503, and any age is taken by default.
        """
        flags = 0
        for value, flag in ((pass_on, _abi.GATE_PASS_ON), (preflight, _abi.GATE_PREFLIGHT)):
            if not isinstance(value, bool):
                raise wrong("pass_on and preflight must be True or False")
            flags |= flag if value else 0
        options: dict[str, Any] = {"realm": None if realm is None else octets(realm, "realm")}
        for name, seconds, flag in (
            ("retry_after", retry_after, _abi.GATE_RETRY_AFTER),
            ("max_record_age", max_record_age, _abi.GATE_MAX_RECORD_AGE),
        ):
            if seconds is not None:
                options[name] = _seconds(seconds, name)
                flags |= flag
        self.pass_on = pass_on
        self.preflight = preflight
        self._handle = library.call(
            "gate_new",
            opened(policy, Policy, "policy"),
            opened(keys, EdgeKeys, "keys"),
            None if peppers is None else opened(peppers, Peppers, "peppers"),
            {**options, "flags": flags},
        )

    def begin(
        self,
        method: Text,
        target: Text,
        authorization: Iterable[Text],
        now: int,
        *,
        context: Json | None = None,
        client_address: Text | None = None,
    ) -> Exchange:
        """Begins with a request: use what it answers in `with`.

        `target` is path and query as the client sent them. `authorization` are all lines of the
        header, none if it was not sent. `context` is what else is known of the request.
        `client_address` is the client's IP address, as the connection or a proxy of your own says
        it. `now` is in seconds since the epoch.

        Raises `CogAuthError` 602 `reserved_context`, 603 `invalid_context`, 702 `freed`. What a
        client does is an outcome.
        """
        handle = library.begin(
            self._open(),
            octets(method, "method"),
            octets(target, "target"),
            lines(authorization),
            None if context is None else json_octets(context, "context"),
            None if client_address is None else octets(client_address, "client_address"),
            number(now, "now"),
        )
        return Exchange(handle)


class Exchange(Owned):
    """One request on its way through a gate. One thread at a time uses it.

    ```python
    with gate.begin(method, target, authorization, now) as exchange:
        step = exchange.step
        if isinstance(step, RecordNeeded):
            step = step.found(records[step.id], now)
        if isinstance(step, FactsNeeded):
            step = step.found(facts[step.principal])
    ```
    """

    __slots__ = ("_step",)

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self._step = self._told()

    @property
    def step(self) -> Step:
        """Where it stands."""
        return self._step

    def record(self) -> str:
        """What may be seen of an allowed credential's record, as JSON.

        Raises `CogAuthError` 706 `wrong_step` unless the request is allowed.
        """
        return text(library.call("exchange_record", self._open()))

    def _found(self, step: int, data: bytes, fetched_at: int) -> Step:
        library.found(self._open(), step, data, fetched_at)
        self._step = self._told()
        return self._step

    def _answer(self, function: str, step: int) -> Step:
        library.call(function, self._open(), step)
        self._step = self._told()
        return self._step

    def _told(self) -> Step:
        told = library.step(self._open())
        step = told["step"]
        if step == "record":
            return RecordNeeded(self, told["id"])
        if step == "facts":
            principal, kind = told["principal"], told["principalType"]
            return FactsNeeded(self, principal, kind, told.get("organization"), resource_of(told))
        if step == "allowed":
            # A later library may tell more: what is not known here is left out.
            principal, credential = told["principal"], told["credential"]
            return Allowed(
                Principal(principal["type"], principal["id"]),
                Credential(credential["kind"], credential["id"], credential["handle"]),
                told["action"],
                told.get("organization"),
                resource_of(told),
                told["parameters"],
                tuple(told["undecided"]),
                tuple(told["advice"]),
                told.get("validUntil"),
                told["audit"],
            )
        if step == "refused":
            return Refused(
                told["status"],
                told["code"],
                told["headers"],
                told["body"],
                told["audit"],
                told["number"],
            )
        if step == "pass_on":
            return PassOn()
        if step == "preflight":
            return Preflight()
        raise library.failure(_abi.E_FAULT)


def _seconds(value: int, name: str) -> int:
    checked = number(value, name)
    if checked != value or checked > (1 << 53) - 1:
        raise wrong(f"{name} must be seconds from 0 on")
    return checked
