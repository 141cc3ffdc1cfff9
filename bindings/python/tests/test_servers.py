"""The two examples, called over a real socket."""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from .inputs import AUTHORIZATION, REPOSITORY, TARGET

sys.path.insert(0, str(REPOSITORY / "bindings/python/examples"))

import asgi_example  # noqa: E402
import uvicorn  # noqa: E402
import waitress  # noqa: E402
import wsgi_example  # noqa: E402
from store import Store, inputs  # noqa: E402


@contextmanager
def _asgi(store: Store) -> Iterator[int]:
    config = uvicorn.Config(asgi_example.application(store), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _wsgi(store: Store) -> Iterator[int]:
    sockets: dict[int, Any] = {}
    app = wsgi_example.application(store)
    server = waitress.create_server(app, host="127.0.0.1", port=0, map=sockets)
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            server.asyncore.loop(timeout=0.05, count=1, map=sockets)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        done.set()
        thread.join()
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(sockets)


@pytest.fixture(params=[_asgi, _wsgi], ids=["asgi", "wsgi"])
def served(request: Any) -> Iterator[tuple[int, Store]]:
    """A port, and the store behind it."""
    store = Store(inputs())
    with request.param(store) as port:
        yield port, store


def _ask(
    port: int, *lines: str, target: str = TARGET, method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, target)
        for line in lines:
            connection.putheader("Authorization", line)
        connection.endheaders()
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()
    finally:
        connection.close()


def test_a_request_with_a_credential_is_let_through(served: tuple[int, Store]) -> None:
    port, _ = served
    status, _, body = _ask(port, AUTHORIZATION)
    assert (status, json.loads(body)) == (200, {"sessions": [], "seen_by": "su_ci"})
    assert _ask(port, AUTHORIZATION, target=TARGET + "?limit=1&q=a%2Fb")[0] == 200


def test_a_request_without_a_credential_is_refused(served: tuple[int, Store]) -> None:
    port, _ = served
    status, headers, body = _ask(port)
    assert status == 401
    assert headers["www-authenticate"].startswith('Bearer realm="cog"')
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["status"] == 401


def test_a_changed_token_is_refused(served: tuple[int, Store]) -> None:
    port, _ = served
    changed = AUTHORIZATION[:-1] + ("a" if AUTHORIZATION[-1] != "a" else "b")
    status, headers, _ = _ask(port, changed)
    assert status == 401
    assert 'error="invalid_token"' in headers["www-authenticate"]


def test_what_the_policy_does_not_permit_is_denied(served: tuple[int, Store]) -> None:
    port, _ = served
    for target in ("/v3/organizations/org-b/sessions", "/v3/no/such/route"):
        status, _, body = _ask(port, AUTHORIZATION, target=target)
        assert status == 403
        assert json.loads(body)["code"] == "denied"


def test_a_store_that_does_not_answer_is_no_allow(served: tuple[int, Store]) -> None:
    port, store = served
    store.down = True
    status, headers, body = _ask(port, AUTHORIZATION)
    assert status == 503
    assert headers["retry-after"] == "5"
    assert json.loads(body)["code"] == "unavailable"
    store.down = False
    assert _ask(port, AUTHORIZATION)[0] == 200


def test_all_lines_of_the_header_count(served: tuple[int, Store]) -> None:
    port, _ = served
    assert _ask(port, AUTHORIZATION, AUTHORIZATION)[0] in (400, 401)
    assert _ask(port, "Basic YTpi", AUTHORIZATION)[0] in (400, 401)


def test_the_target_is_judged_as_it_was_sent(served: tuple[int, Store]) -> None:
    port, _ = served
    for target in (
        "/v3/organizations/org-a%2Fsessions",
        "/v3/organizations/org-b/%2e%2e/org-a/sessions",
        "/v3/organizations/../organizations/org-a/sessions",
    ):
        assert _ask(port, AUTHORIZATION, target=target)[0] == 400


def test_a_refusal_of_head_has_no_body(served: tuple[int, Store]) -> None:
    port, _ = served
    status, _, body = _ask(port, method="HEAD")
    assert (status, body) == (401, b"")
