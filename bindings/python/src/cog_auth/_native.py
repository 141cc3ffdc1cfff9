"""The library as a shared library of this machine, over ctypes.

This is the general way. `_native_quick` has that of CPython, `_native_counted` that of others.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from . import _abi
from ._frame import Handle, Layouts
from ._library import Block, Library

_POINTER: Final = ctypes.sizeof(ctypes.c_void_p)
ORDER: Final = "<" if sys.byteorder == "little" else ">"
_BLOCK: Final = 8192
LARGEST_KEPT: Final = 65536

RESULTS: Final[dict[str, Any]] = {
    "code": ctypes.c_int32,
    "i32": ctypes.c_int32,
    "u32": ctypes.c_uint32,
    "u64": ctypes.c_uint64,
    "size": ctypes.c_size_t,
    "static": ctypes.c_void_p,
    "none": None,
}
_TAKEN: Final[dict[str, tuple[Any, ...]]] = {
    "i32": (ctypes.c_int32,),
    "u32": (ctypes.c_uint32,),
    "u64": (ctypes.c_uint64,),
    "size": (ctypes.c_size_t,),
    "bytes": (ctypes.c_void_p, ctypes.c_size_t),
    "slices": (ctypes.c_void_p, ctypes.c_size_t),
    "documents": (ctypes.c_void_p, ctypes.c_size_t),
    "answer": (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p),
}


class NativeHandle(ctypes.c_void_p):
    """A handle of the library. A call that it is given to keeps it, and so its memory, alive."""

    _release: Callable[[int], None]

    @property
    def address(self) -> int:
        """Where the library has it."""
        return self.value or 0

    def __del__(self) -> None:
        if self.value:
            self._release(self.value)
            self.value = None


class _NativeBlock:
    """A buffer."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._buffer = ctypes.create_string_buffer(size)
        self._view = memoryview(self._buffer).cast("B")
        self.address = ctypes.addressof(self._buffer)

    def write(self, data: bytearray) -> None:
        self._view[: len(data)] = data

    def read(self, at: int, size: int) -> bytearray:
        return bytearray(self._view[at : at + size])

    def wipe(self, size: int) -> None:
        ctypes.memset(self._buffer, 0, size)


class NativeLibrary(Library):
    """A shared library that is loaded into this process."""

    backend = "native"

    def __init__(self, path: str) -> None:
        super().__init__(Layouts(_POINTER, ORDER))
        self._loaded = ctypes.CDLL(path)
        # What short calls are made with.
        self._short = self._loaded
        self._functions: dict[str, Callable[..., Any]] = {}
        self._kinds: dict[str, type[NativeHandle]] = {}
        self._blocks: list[_NativeBlock] = []

    def _invoke(self, name: str, arguments: Sequence[int]) -> int:
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = self._typed(name)
        return function(*arguments) or 0

    def _typed(self, name: str) -> Callable[..., Any]:
        result, kinds = _abi.FUNCTIONS[name]
        try:
            function = self._loaded[f"cogauth_{name}"]
        except AttributeError:
            raise NotImplementedError(f"this build of the library has no cogauth_{name}") from None
        function.restype = RESULTS[result]
        function.argtypes = [
            taken for kind in kinds.split() for taken in _TAKEN.get(kind, (ctypes.c_void_p,))
        ]
        return function

    def _take(self, size: int) -> _NativeBlock:
        try:
            block = self._blocks.pop()
        except IndexError:
            return _NativeBlock(max(size, _BLOCK))
        return block if block.size >= size else _NativeBlock(size)

    def _give(self, block: Block) -> None:
        if isinstance(block, _NativeBlock) and block.size <= LARGEST_KEPT:
            self._blocks.append(block)

    def _peek(self, address: int, size: int) -> bytes:
        return ctypes.string_at(address, size)

    def _releasing(self, kind: str) -> Callable[[int], None]:
        release = self._short[f"cogauth_{kind}_release"]
        release.restype = None
        release.argtypes = [ctypes.c_void_p]
        return release

    def _made(self, kind: str, address: int) -> Handle:
        made = self._kinds.get(kind)
        if made is None:
            members = {"_release": staticmethod(self._releasing(kind))}
            made = self._kinds[kind] = type(f"{kind}_handle", (NativeHandle,), members)
        return made(address)
