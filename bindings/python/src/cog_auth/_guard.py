"""A gate with the two stores that it asks, so that no step can be forgotten."""

from __future__ import annotations

import contextlib
import inspect
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, NamedTuple, Optional, Union
from urllib.parse import unquote_to_bytes

from . import _abi
from ._backend import library
from ._gate import FactsNeeded, Gate, Outcome, RecordNeeded, Refused, Step
from ._values import Json, Text, wrong

_log: Final = logging.getLogger("cog_auth")


class Found(NamedTuple):
    """A record that a store found, and when it was read from where it is written."""

    record: Json
    fetched_at: Optional[int] = None

    def __repr__(self) -> str:
        # A record has digests in it.
        return f"Found(fetched_at={self.fetched_at})"


#: A record by the id of its credential. None says that there is none. Whatever is raised says that
#: the store could not be asked.
RecordStore = Callable[[str], Union[Json, Found, None]]
#: The facts about a principal and an organization or None, in the same way. Where the path names a
#: resource, it is the third argument of a function that takes three. A function that needs four is
#: given them all: the resource or None, and the principal's type, `user` or `service_user`, since
#: ids alone do not tell a user from a service user.
FactsStore = Callable[..., Optional[Json]]

AsyncRecordStore = Callable[[str], Union[Json, Found, None, Awaitable[Union[Json, Found, None]]]]
AsyncFactsStore = Callable[..., Union[Optional[Json], Awaitable[Optional[Json]]]]


def seconds_now() -> int:
    """The time of this machine, in seconds since the epoch."""
    return int(time.time())


class Guard:
    """Takes requests through a gate, and asks two stores what it must know.

    The stores may be coroutines for `check_async`.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        record: AsyncRecordStore,
        facts: AsyncFactsStore,
        now: Callable[[], int] = seconds_now,
    ) -> None:
        if not isinstance(gate, Gate):
            raise wrong(f"gate must be Gate, and is {type(gate).__name__}")
        if not (callable(record) and callable(facts) and callable(now)):
            raise wrong("record, facts and now must be functions")
        self._counts = _counts(facts)
        self.gate = gate
        self._record = record
        self._facts = facts
        self._now = now

    def check(
        self,
        method: Text,
        target: Text,
        authorization: Iterable[Text],
        *,
        context: Json | None = None,
        client_address: Text | None = None,
    ) -> Outcome:
        """The outcome of a request: see `Gate.begin`."""
        with self.gate.begin(
            method,
            target,
            authorization,
            self._now(),
            context=context,
            client_address=client_address,
        ) as exchange:
            step = exchange.step
            while isinstance(step, (RecordNeeded, FactsNeeded)):
                try:
                    told = self._ask(step)
                    if inspect.isawaitable(told):
                        _forget(told)
                        raise TypeError("a store is a coroutine, which check_async alone can ask")
                except Exception as error:
                    step = _unavailable(step, error)
                else:
                    step = _answered(step, told)
            return step

    async def check_async(
        self,
        method: Text,
        target: Text,
        authorization: Iterable[Text],
        *,
        context: Json | None = None,
        client_address: Text | None = None,
    ) -> Outcome:
        """The same, with stores that may be coroutines."""
        with self.gate.begin(
            method,
            target,
            authorization,
            self._now(),
            context=context,
            client_address=client_address,
        ) as exchange:
            step = exchange.step
            while isinstance(step, (RecordNeeded, FactsNeeded)):
                try:
                    told = self._ask(step)
                    if inspect.isawaitable(told):
                        told = await told
                except Exception as error:
                    step = _unavailable(step, error)
                else:
                    step = _answered(step, told)
            return step

    def _ask(self, step: RecordNeeded | FactsNeeded) -> Any:
        if isinstance(step, RecordNeeded):
            return self._record(step.id)
        about = step.principal, step.organization, step.resource, step.principal_type
        count = self._counts[0] if step.resource is None else self._counts[-1]
        return self._facts(*about[:count])


def _counts(facts: AsyncFactsStore) -> list[int]:
    """With how many arguments a function of facts is called: without a resource, and with one.

    That is 2 and 3, or the one of these that it takes; 4 if it needs as many.
    """
    try:
        signature = inspect.signature(facts)
    except (TypeError, ValueError):
        # Some functions that are written in C do not tell.
        return [2, 3]
    found = []
    for count in (2, 3, 4):
        with contextlib.suppress(TypeError):
            signature.bind(*(None,) * count)
            found.append(count)
    if not found:
        raise wrong(
            "facts must be a function of a principal, an organization and perhaps a resource, "
            "or of these and the principal's type"
        )
    return found if found == [4] else [count for count in found if count < 4]


def path_of(target: bytes) -> bytes:
    """The path of a request target, as a server decodes it."""
    return unquote_to_bytes(target.partition(b"?")[0])


def another_path() -> Refused:
    """The refusal of a request whose path was changed between the client and the application."""
    _log.error(
        "a request is refused, since the path that is served is not that of the target that was "
        "judged: something between the server and the application changes it"
    )
    code = _abi.E_UNAVAILABLE
    name = library.static("code_name", code)
    body = {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "code": name,
        "detail": "the request could not be judged as it is served",
    }
    headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
    # The gate refused nothing, so there is no audit record of it.
    return Refused(503, name, headers, json.dumps(body), "", code)


def _answered(step: RecordNeeded | FactsNeeded, told: Any) -> Step:
    if told is None:
        return step.absent()
    fetched_at = None
    if isinstance(step, RecordNeeded) and isinstance(told, Found):
        told, fetched_at = told.record, told.fetched_at
    try:
        if isinstance(step, RecordNeeded):
            return step.found(told, fetched_at)
        return step.found(told)
    except Exception as error:
        # What a store answers that is no JSON at all is as good as no answer.
        return _unavailable(step, error)


def _unavailable(step: RecordNeeded | FactsNeeded, error: Exception) -> Step:
    _log.warning("the store of %s could not be asked", step.step, exc_info=error)
    return step.unavailable()


def _forget(told: Any) -> None:
    """Closes a coroutine that nobody will await."""
    close = getattr(told, "close", None)
    if close is not None:
        close()
