"""What callers give, as the library takes it, and the base of what must be released."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TypeVar, Union

from . import _abi
from ._backend import library
from ._errors import CogAuthError
from ._frame import Handle

#: Text as it is, or its UTF-8.
Text = Union[str, bytes, bytearray, memoryview]
#: JSON as text, as UTF-8, or as an object that is made into it.
Json = Union[str, bytes, bytearray, memoryview, Mapping[str, Any]]

_U32_MOST = (1 << 32) - 1
_Self = TypeVar("_Self", bound="Owned")


def wrong(message: str) -> CogAuthError:
    """The error 701, with what about an argument is wrong."""
    return library.failure(_abi.E_INVALID_ARGUMENT, message)


def octets(value: Text, name: str) -> bytes:
    """Text as UTF-8."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        try:
            return value.encode()
        except UnicodeEncodeError:
            raise library.failure(_abi.E_INVALID_UNICODE) from None
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    raise wrong(f"{name} must be text or bytes, and is {type(value).__name__}")


def json_octets(value: Json, name: str) -> bytes:
    """JSON as UTF-8. What JSON does not have is refused."""
    if not isinstance(value, Mapping):
        return octets(value, name)
    try:
        text = json.dumps(dict(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        _names_are_texts(value)
    except (TypeError, ValueError, RecursionError):
        raise wrong(f"{name} holds what JSON does not have") from None
    return octets(text, name)


def _names_are_texts(value: object) -> None:
    """Refuses names that `json.dumps` would make texts of, and so perhaps two members of a name.

    It ends, since nothing holds itself that could be written.
    """
    rest = [value]
    while rest:
        each = rest.pop()
        if isinstance(each, Mapping):
            if not all(isinstance(name, str) for name in each):
                raise TypeError
            rest.extend(each.values())
        elif isinstance(each, (list, tuple)):
            rest.extend(each)


def number(value: int, name: str) -> int:
    """A whole number. One outside of 64 bits becomes one that the library refuses by its range."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(f"{name} must be a whole number, and is {type(value).__name__}")
    return int(value) if 0 <= value < _abi.NONE else _abi.NONE - 1


def small(value: int, name: str) -> int:
    """The same for 32 bits."""
    return min(number(value, name), _U32_MOST)


def text(data: bytearray) -> str:
    """What the library wrote."""
    return str(data, "utf-8")


class Owned:
    """What has memory in the library: closed by `close()`, by `with`, or when it is collected.

    Calls that other threads are in end undisturbed; the memory goes with the last of them.
    """

    __slots__ = ("__weakref__", "_handle")

    _handle: Handle | None

    def close(self) -> None:
        """Wipes and frees it. Using it afterwards is the error 702; closing again does nothing."""
        handle, self._handle = getattr(self, "_handle", None), None
        # With the reference goes the memory, unless Python does not count references.
        close = getattr(handle, "close", None)
        if close is not None:
            close()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return getattr(self, "_handle", None) is None

    def __enter__(self: _Self) -> _Self:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}{' (closed)' if self.closed else ''}>"

    def __reduce__(self) -> str:
        raise TypeError(f"{type(self).__name__} cannot be copied or sent to another process")

    def _open(self) -> Handle:
        handle = self._handle
        if handle is None:
            raise library.failure(_abi.E_FREED)
        return handle


_Kind = TypeVar("_Kind", bound=Owned)


def opened(value: _Kind, kind: type[_Kind], name: str) -> Handle:
    """The handle of an argument, which must be of this kind and not closed."""
    if not isinstance(value, kind):
        raise wrong(f"{name} must be {kind.__name__}, and is {type(value).__name__}")
    return value._open()
