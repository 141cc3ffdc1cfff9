"""The shared library where no references are counted, as by PyPy: handles count their calls.

So that closing frees at once, and not when the collector comes, and never what a call is using.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from . import _abi
from ._frame import Handle
from ._native import NativeLibrary

# A finalizer may run in a thread that holds it.
_lock: Final = threading.RLock()


class CountedHandle:
    """A handle of the library, and how many calls it is in."""

    def __init__(self, address: int, release: Callable[[int], None]) -> None:
        self.address = address
        self._release = release
        self._calls = 0
        self._closed = False

    def enter(self) -> bool:
        """Begins a call, unless it is closed."""
        with _lock:
            self._calls += not self._closed
            return not self._closed

    def leave(self) -> None:
        """Ends a call."""
        with _lock:
            self._calls -= 1
            self._free()

    def close(self) -> None:
        """Frees it, after the last call that it is in."""
        with _lock:
            self._closed = True
            self._free()

    def _free(self) -> None:
        if self._closed and not self._calls and self.address:
            address, self.address = self.address, 0
            self._release(address)

    def __del__(self) -> None:
        self.close()


class CountedLibrary(NativeLibrary):
    """A shared library that is loaded into this process."""

    def call(self, name: str, *values: Any) -> Any:
        members = [list(value.values()) for value in values if isinstance(value, dict)]
        given = [each for part in (list(values), *members) for each in part]
        entered: list[CountedHandle] = []
        try:
            for handle in given:
                if isinstance(handle, CountedHandle):
                    if not handle.enter():
                        raise self.failure(_abi.E_FREED)
                    entered.append(handle)
            return super().call(name, *values)
        finally:
            for handle in entered:
                handle.leave()

    def _made(self, kind: str, address: int) -> Handle:
        return CountedHandle(address, self._releasing(kind))
