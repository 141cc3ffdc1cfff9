"""Guards a WSGI application, such as one of Flask or Django.

```python
app = CogAuthMiddleware(app, gate=gate, record=record, facts=facts)
```

What is allowed goes on with the outcome as `environ["cog_auth"]`. Put it outermost, so that nothing
changes the request before it is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final, Optional

from ._gate import Allowed, Gate, Outcome, PassOn, Preflight, Refused
from ._guard import FactsStore, Guard, RecordStore, another_path, path_of, seconds_now
from ._values import Json, wrong

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: Where the outcome is in the environment.
KEY: Final = "cog_auth"
# Where servers put the request target as it was sent. No header of a client can set these.
_TARGETS: Final = ("RAW_URI", "REQUEST_URI")


class CogAuthMiddleware:
    """Lets through what the gate allows, and answers everything else.

    `context` gives what else is known of a request, and `client_address` the client's IP address:
    `REMOTE_ADDR` where no proxy is before the server. A gate with `pass_on` or `preflight` needs
    the application of that name, which is given those requests. `target` answers the request target
    as it was sent, where the server has neither `RAW_URI` nor `REQUEST_URI`.

    A request is refused with 503 unless the path of the target, decoded, is `SCRIPT_NAME` and
    `PATH_INFO`: an outer middleware or the web server has changed it then, such as `mod_rewrite` or
    `try_files`. `rewritten=True` lets such requests through. It risks that what is served is not
    what was judged: who is allowed one path is served whatever that is rewritten to.
    """

    def __init__(
        self,
        app: Application,
        *,
        gate: Gate,
        record: RecordStore,
        facts: FactsStore,
        context: Callable[[Environ], Optional[Json]] | None = None,
        client_address: Callable[[Environ], Optional[str]] | None = None,
        pass_on: Application | None = None,
        preflight: Application | None = None,
        target: Callable[[Environ], str] | None = None,
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
        self._target = _target if target is None else target
        self._rewritten = rewritten

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        authorization = environ.get("HTTP_AUTHORIZATION")
        target = self._target(environ).encode("latin-1")
        outcome: Outcome = self._guard.check(
            environ["REQUEST_METHOD"],
            target,
            # Where a server joins several lines with commas, the gate refuses what comes of it.
            [] if authorization is None else [authorization.encode("latin-1")],
            context=None if self._context is None else self._context(environ),
            client_address=None if self._client_address is None else self._client_address(environ),
        )
        if not (isinstance(outcome, Refused) or self._rewritten or _is_served(target, environ)):
            outcome = another_path()
        environ[KEY] = outcome
        if isinstance(outcome, Allowed):
            return self._app(environ, start_response)
        if isinstance(outcome, PassOn) and self._pass_on is not None:
            return self._pass_on(environ, start_response)
        if isinstance(outcome, Preflight) and self._preflight is not None:
            return self._preflight(environ, start_response)
        if isinstance(outcome, Refused):
            return _refuse(outcome, environ, start_response)
        raise wrong(f"nothing was given for the outcome {outcome.step}")


def _target(environ: Environ) -> str:
    for name in _TARGETS:
        target = environ.get(name)
        if isinstance(target, str):
            return target
    raise wrong("the server gives neither RAW_URI nor REQUEST_URI: see the argument `target`")


def _is_served(target: bytes, environ: Environ) -> bool:
    """Whether the application is given the path of the target."""
    try:
        # WSGI has the bytes of the path as characters up to 255.
        served: bytes = (environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]).encode("latin-1")
    except (KeyError, UnicodeEncodeError):
        return False
    return path_of(target) == served


def _refuse(
    outcome: Refused, environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    body = outcome.body.encode()
    headers = [*outcome.headers.items(), ("content-length", str(len(body)))]
    start_response(f"{outcome.status} {HTTPStatus(outcome.status).phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
