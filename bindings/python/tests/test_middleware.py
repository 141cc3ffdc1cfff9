"""What the two middlewares do beside answering requests: see `test_servers` for those."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest

from cog_auth import Allowed, CogAuthError, asgi, wsgi

from .inputs import AUTHORIZATION, FACTS, NOW, RECORD, TARGET, gate

FOREIGN = "Bearer cog_anOlderOpaqueCredentialOf37Characters"
STORES: dict[str, Any] = {
    "record": lambda id: RECORD, "facts": lambda *_: FACTS, "now": lambda: NOW,
}  # fmt: skip


class Connection:
    """What an ASGI server would see of one connection."""

    def __init__(self, kind: str = "http", lines: Iterable[str] = (AUTHORIZATION,), **more: Any):
        self.scope: dict[str, Any] = {
            "type": kind,
            "method": "GET",
            "raw_path": TARGET.encode(),
            "path": TARGET,
            "query_string": b"",
            "headers": [(b"Authorization", line.encode()) for line in lines],
            **more,
        }
        self.sent: list[Any] = []
        self.reached: list[Any] = []

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached.append(scope)

    def run(self, options: dict[str, Any] | None = None, **apps: Any) -> None:
        async def receive() -> Any:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            self.sent.append(message)

        opened = gate(**options or {})
        middleware = asgi.CogAuthMiddleware(self.app, gate=opened, **STORES, **apps)
        asyncio.run(middleware(self.scope, receive, send))


def test_asgi_gives_the_outcome_to_the_application() -> None:
    connection = Connection()
    connection.run()
    assert isinstance(connection.reached[0]["cog_auth"], Allowed)
    assert "cog_auth" not in connection.scope
    assert connection.sent == []


def test_asgi_passes_the_lifespan_on() -> None:
    connection = Connection("lifespan", lines=())
    connection.run()
    assert connection.reached == [connection.scope]


def test_asgi_guards_websockets() -> None:
    connection = Connection("websocket")
    connection.run()
    assert len(connection.reached) == 1
    connection = Connection("websocket", lines=())
    connection.run()
    assert connection.reached == []
    assert connection.sent == [{"type": "websocket.close", "code": 1008}]
    connection = Connection("websocket", lines=(), extensions={"websocket.http.response": {}})
    connection.run()
    assert connection.reached == []
    assert connection.sent[0]["type"] == "websocket.http.response.start"
    assert connection.sent[0]["status"] == 401


@pytest.mark.parametrize("more", [{"raw_path": None}, {"raw_path": TARGET}, {"type": "other"}])
def test_asgi_judges_nothing_that_it_cannot_see(more: dict[str, Any]) -> None:
    connection = Connection(**{"kind": more.pop("type", "http"), **more})
    with pytest.raises(CogAuthError):
        connection.run()
    assert connection.reached == connection.sent == []


def test_asgi_has_applications_for_the_other_outcomes() -> None:
    other = Connection()
    connection = Connection(lines=[FOREIGN])
    connection.run({"pass_on": True}, pass_on=other.app)
    assert other.reached[0]["cog_auth"].step == "pass_on"
    connection.scope.update(method="OPTIONS", headers=[])
    connection.run({"preflight": True}, preflight=other.app)
    assert other.reached[1]["cog_auth"].step == "preflight"
    assert connection.reached == connection.sent == []


def test_an_outcome_without_an_application_is_refused_beforehand() -> None:
    for options, apps in (
        ({"pass_on": True}, {}),
        ({"preflight": True}, {}),
        ({}, {"pass_on": print}),
        ({}, {"preflight": print}),
    ):
        for middleware in (asgi.CogAuthMiddleware, wsgi.CogAuthMiddleware):
            make: Any = middleware
            with pytest.raises(CogAuthError):
                make(print, gate=gate(**options), **STORES, **apps)


def _wsgi(
    environ: dict[str, Any], options: dict[str, Any] | None = None, **apps: Any
) -> tuple[list[str], bytes]:
    reached: list[str] = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        reached.append(environ["cog_auth"].step)
        return [b"reached"]

    def start_response(status: str, headers: Any) -> None:
        reached.append(status)

    given: dict[str, Any] = {name: app if value is True else value for name, value in apps.items()}
    middleware = wsgi.CogAuthMiddleware(app, gate=gate(**options or {}), **STORES, **given)
    whole = {
        "REQUEST_METHOD": "GET",
        "HTTP_AUTHORIZATION": AUTHORIZATION,
        "SCRIPT_NAME": "",
        "PATH_INFO": TARGET,
        **environ,
    }
    return reached, b"".join(middleware(whole, start_response))


def test_wsgi_takes_the_target_that_the_server_has() -> None:
    for name in ("RAW_URI", "REQUEST_URI"):
        assert _wsgi({name: TARGET}) == (["allowed"], b"reached")
    assert _wsgi({"PATH_INFO": TARGET}, target=lambda environ: environ["PATH_INFO"])[0] == [
        "allowed"
    ]
    with pytest.raises(CogAuthError):
        _wsgi({"PATH_INFO": TARGET})
    # Bytes above 127 come as Latin-1, and no path of the gate has them.
    assert _wsgi({"RAW_URI": TARGET + "/\xe9"})[0] == ["400 Bad Request"]
    with pytest.raises(UnicodeEncodeError):
        _wsgi({"RAW_URI": TARGET + "\u20ac"})


def test_wsgi_serves_the_path_that_was_judged() -> None:
    other = TARGET.replace("org-a", "org-b")
    for served in (
        {"PATH_INFO": other},
        {"PATH_INFO": ""},
        {"PATH_INFO": TARGET + "/"},
        {"PATH_INFO": TARGET + "\u20ac"},
        {"SCRIPT_NAME": "/v3"},
        {"SCRIPT_NAME": other, "PATH_INFO": ""},
    ):
        environ = {"RAW_URI": TARGET + "?a=%2Fb", **served}
        reached, body = _wsgi(environ)
        assert reached == ["503 Service Unavailable"], served
        assert json.loads(body)["code"] == "unavailable"
        assert _wsgi(environ, rewritten=True)[0] == ["allowed"]
        # What nobody is asked about is served another path than the gate saw, too.
        foreign = {**environ, "HTTP_AUTHORIZATION": FOREIGN}
        assert _wsgi(foreign, {"pass_on": True}, pass_on=True)[0] == reached
        assert _wsgi({**environ, "HTTP_AUTHORIZATION": ""})[0] == ["401 Unauthorized"]
    mounted = {"RAW_URI": TARGET, "SCRIPT_NAME": TARGET[:3], "PATH_INFO": TARGET[3:]}
    assert _wsgi(mounted)[0] == ["allowed"]


def test_wsgi_compares_bytes() -> None:
    environ = {
        "RAW_URI": "/%C3%A9%FF%3F?a",
        "PATH_INFO": b"/\xc3\xa9\xff?".decode("latin-1"),
        "HTTP_AUTHORIZATION": FOREIGN,
    }
    passed = _wsgi(environ, {"pass_on": True}, pass_on=True)[0]
    assert passed == ["pass_on"]
    for other in ("/\xe9\xff?", "/%C3%A9%FF%3F", "/\u00e9"):
        changed = {**environ, "PATH_INFO": other}
        assert _wsgi(changed, {"pass_on": True}, pass_on=True)[0] == ["503 Service Unavailable"]


def test_asgi_serves_the_path_that_was_judged() -> None:
    other = TARGET.replace("org-a", "org-b")
    for served in (
        {"path": other},
        {"path": ""},
        {"path": None},
        {"path": TARGET + "\udcff"},
        {"path": TARGET + "/"},
        {"path": other, "root_path": "/v3"},
        {"path": TARGET[3:], "root_path": "/v2"},
    ):
        more: dict[str, Any] = {"query_string": b"a=%2Fb", **served}
        connection = Connection(**more)
        connection.run()
        assert connection.reached == []
        assert connection.sent[0]["status"] == 503
        assert json.loads(connection.sent[1]["body"])["code"] == "unavailable"
        connection = Connection("websocket", **more)
        connection.run()
        assert connection.reached == []
        connection = Connection(**more)
        connection.run(rewritten=True)
        assert len(connection.reached) == 1
    for mounted in ({"path": TARGET[3:]}, {"path": TARGET}):
        connection = Connection(root_path=TARGET[:3], **mounted)
        connection.run()
        assert len(connection.reached) == 1


def test_asgi_compares_what_is_decoded() -> None:
    for raw, path, passed in (
        (b"/%C3%A9%2F", "/\xe9/", True),
        (b"/%C3%A9%2F", "/%C3%A9%2F", False),
        (b"/%FF", "/\ufffd", False),
    ):
        other = Connection()
        connection = Connection(lines=[FOREIGN], raw_path=raw, path=path)
        connection.run({"pass_on": True}, pass_on=other.app)
        assert bool(other.reached) == passed
        assert bool(connection.sent) != passed


def test_wsgi_has_applications_for_the_other_outcomes() -> None:
    environ = {"RAW_URI": TARGET, "HTTP_AUTHORIZATION": FOREIGN}
    assert _wsgi(environ, {"pass_on": True}, pass_on=True)[0] == ["pass_on"]
    environ = {"RAW_URI": TARGET, "REQUEST_METHOD": "OPTIONS"}
    assert _wsgi(environ, {"preflight": True}, preflight=True)[0] == ["preflight"]
    assert _wsgi(environ)[0] != ["preflight"]


def test_a_context_is_given_to_the_policy() -> None:
    seen: list[Any] = []

    def context(request: Any) -> Any:
        seen.append(request)
        return {"time": 1}

    with pytest.raises(CogAuthError) as caught:
        _wsgi({"RAW_URI": TARGET}, context=context)
    assert caught.value.code == 602
    connection = Connection()
    with pytest.raises(CogAuthError) as caught:
        connection.run(context=context)
    assert caught.value.code == 602
    assert len(seen) == 2


def test_the_address_of_the_client_is_what_the_function_says() -> None:
    def address(request: Any) -> Any:
        return request.get("REMOTE_ADDR") or request["client"][0]

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        return [environ["cog_auth"].audit.encode()]

    connection = Connection(client=("2001:db8::1", 4000))
    connection.run(client_address=address)
    audits = [connection.reached[0]["cog_auth"].audit]
    middleware = wsgi.CogAuthMiddleware(app, gate=gate(), **STORES, client_address=address)
    environ = {
        "REQUEST_METHOD": "GET", "HTTP_AUTHORIZATION": AUTHORIZATION, "SCRIPT_NAME": "",
        "PATH_INFO": TARGET, "RAW_URI": TARGET, "REMOTE_ADDR": "2001:db8::1",
    }  # fmt: skip
    audits.append(b"".join(middleware(environ, print)).decode())
    assert [json.loads(audit)["client_address"] for audit in audits] == ["2001:db8::1"] * 2
