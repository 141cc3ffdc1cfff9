"""Which library is used: a native file, or the WebAssembly module.

`COGAUTH_BACKEND` is `native` or `wasm` and forces one. `COGAUTH_LIBRARY` and `COGAUTH_WASM` are
paths to use instead of the files in the package.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from . import _abi
from ._library import Library

_NAMES: Final = {"win32": "cogauth.dll", "cygwin": "cogauth.dll", "darwin": "libcogauth.dylib"}
_FOLDER: Final = Path(__file__).parent / "native"


def _load() -> Library:
    forced = os.environ.get("COGAUTH_BACKEND") or None
    if forced not in (None, "native", "wasm"):
        raise ImportError(f"COGAUTH_BACKEND must be `native` or `wasm`, and is `{forced}`")
    native = _path("COGAUTH_LIBRARY", _NAMES.get(sys.platform, "libcogauth.so"))
    module = _path("COGAUTH_WASM", "cogauth.wasm")
    library: Library
    if forced == "native" or (forced is None and native is not None):
        if native is None:
            raise ImportError("cog_auth has no native library here; set COGAUTH_LIBRARY to one")
        try:
            library = _native(native)
        except (OSError, AttributeError) as error:
            raise ImportError(f"cog_auth cannot load {native}: {error}") from error
    else:
        if module is None:
            raise ImportError("cog_auth has no library for this platform: see its README")
        try:
            from ._module import WasmLibrary
        except ImportError as error:
            raise ImportError(
                "cog_auth has no native library here, and needs wasmtime to run its module: "
                "pip install 'cog-auth[wasm]'"
            ) from error
        library = WasmLibrary(module)
    must_fit(library.number("abi_version"))
    return library


def _native(path: str) -> Library:
    if sys.implementation.name == "cpython":
        from ._native_quick import QuickLibrary

        return QuickLibrary(path)
    from ._native_counted import CountedLibrary

    return CountedLibrary(path)


def _path(variable: str, name: str) -> str | None:
    """A path from the environment, or that of a file in the package."""
    told = os.environ.get(variable)
    if told:
        return os.path.abspath(told)
    packaged = _FOLDER / name
    return str(packaged) if packaged.is_file() else None


def must_fit(version: int) -> None:
    """Refuses a library with another ABI than this package was written for."""
    major, minor = version >> 16, version & 0xFFFF
    if major != _abi.ABI_MAJOR or minor < _abi.ABI_MINOR:
        raise ImportError(
            f"cog_auth needs a library with the ABI {_abi.ABI_MAJOR}.{_abi.ABI_MINOR} or a later "
            f"{_abi.ABI_MAJOR}.x, and this one has {major}.{minor}"
        )


library: Final = _load()
