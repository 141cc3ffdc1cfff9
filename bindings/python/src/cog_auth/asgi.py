"""Guards an ASGI application, such as one of Starlette or FastAPI.

```python
app = CogAuthMiddleware(app, gate=gate, record=record, facts=facts)
```

What is allowed goes on with the outcome as `scope["cog_auth"]`. Put it outermost, so that nothing
changes the request before it is judged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, Optional

from ._gate import Allowed, Gate, Outcome, PassOn, Preflight, Refused
from ._guard import (
    AsyncFactsStore,
    AsyncRecordStore,
    Guard,
    another_path,
    path_of,
    seconds_now,
)
from ._values import Json, wrong

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Where the outcome is in the scope.
KEY: Final = "cog_auth"
_POLICY_VIOLATION: Final = 1008


class CogAuthMiddleware:
    """Lets through what the gate allows, and answers everything else.

    The stores may be functions or coroutines: see `Guard`. `context` gives what else is known of a
    request, and `client_address` the client's IP address: that of `scope["client"]` where no proxy
    is before the server. A gate with `pass_on` or `preflight` needs the application of that name,
    which is given those requests.

    A request is refused with 503 unless the path of `raw_path`, decoded, is that of `path`, which
    an application that is mounted may have without its `root_path`: an outer middleware or the
    server has changed it then. `rewritten=True` lets such requests through. It risks that what is
    served is not what was judged: who is allowed one path is served whatever that is rewritten to.
    """

    def __init__(
        self,
        app: Application,
        *,
        gate: Gate,
        record: AsyncRecordStore,
        facts: AsyncFactsStore,
        context: Callable[[Scope], Optional[Json]] | None = None,
        client_address: Callable[[Scope], Optional[str]] | None = None,
        pass_on: Application | None = None,
        preflight: Application | None = None,
        rewritten: bool = False,
        now: Callable[[], int] = seconds_now,
    ) -> None:
        self._guard = Guard(gate, record=record, facts=facts, now=now)
        if gate.pass_on != (pass_on is not None) or gate.preflight != (preflight is not None):
            raise wrong("pass_on and preflight are needed where the gate has them, and only there")
        self._app = app
        self._context = context
        self._client_address = client_address
        self._pass_on = pass_on
        self._preflight = preflight
        self._rewritten = rewritten

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind == "lifespan":
            await self._app(scope, receive, send)
            return
        if kind not in ("http", "websocket"):
            raise wrong(f"a connection of the type {kind} cannot be judged")
        target = _target(scope)
        outcome: Outcome = await self._guard.check_async(
            "GET" if kind == "websocket" else scope["method"],
            target,
            [value for name, value in scope["headers"] if name.lower() == b"authorization"],
            context=None if self._context is None else self._context(scope),
            client_address=None if self._client_address is None else self._client_address(scope),
        )
        if not (isinstance(outcome, Refused) or self._rewritten or _is_served(target, scope)):
            outcome = another_path()
        if isinstance(outcome, Allowed):
            await self._app({**scope, KEY: outcome}, receive, send)
        elif isinstance(outcome, PassOn) and self._pass_on is not None:
            await self._pass_on({**scope, KEY: outcome}, receive, send)
        elif isinstance(outcome, Preflight) and self._preflight is not None:
            await self._preflight({**scope, KEY: outcome}, receive, send)
        elif isinstance(outcome, Refused):
            await _refuse(outcome, scope, receive, send)
        else:
            raise wrong(f"nothing was given for the outcome {outcome.step}")


def _target(scope: Scope) -> bytes:
    """Path and query as they were sent. The decoded path does not tell what was encoded."""
    path = scope.get("raw_path")
    if not isinstance(path, bytes):
        raise wrong("the server gives no raw_path, so the request cannot be judged")
    query = scope.get("query_string") or b""
    return bytes(path + b"?" + query if query else path)


def _is_served(target: bytes, scope: Scope) -> bool:
    """Whether the application is given the path of the target.

    `path` is all of it, or what follows `root_path`: older servers and routers take that off.
    """
    path = scope.get("path")
    if not isinstance(path, str):
        return False
    try:
        judged = path_of(target).decode()
    except UnicodeDecodeError:
        return False
    return judged in (path, scope.get("root_path", "") + path)


async def _refuse(outcome: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    prefix = ""
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            return
        prefix = "websocket."
    body = outcome.body.encode()
    headers = [(name.lower().encode(), value.encode()) for name, value in outcome.headers.items()]
    headers.append((b"content-length", str(len(body)).encode()))
    start = {"type": f"{prefix}http.response.start", "status": outcome.status, "headers": headers}
    await send(start)
    await send({"type": f"{prefix}http.response.body", "body": body})
