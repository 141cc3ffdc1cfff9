"""Puts the libraries into the wheel, and says for which platform it is.

They are taken from where `cargo xtask bindings natives` puts them, `target/bindings`, or from
`COGAUTH_NATIVES` if that is set. `COGAUTH_WHEEL` says for which target a wheel is made: one of the
names below, or `any` for a wheel with the WebAssembly module alone. Without it, a wheel is made for
this machine.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The target, what its library is called, and the tags of the platforms that it runs on. The library
# of Linux needs nothing but a C library, so one file is for glibc and for musl.
TARGETS = {
    "x86_64-unknown-linux-gnu": ("libcogauth.so", "manylinux_2_17_x86_64.musllinux_1_1_x86_64"),
    "aarch64-unknown-linux-gnu": ("libcogauth.so", "manylinux_2_17_aarch64.musllinux_1_1_aarch64"),
    "x86_64-pc-windows-gnu": ("cogauth.dll", "win_amd64"),
}
THIS_MACHINE = {
    ("linux", "x86_64"): "x86_64-unknown-linux-gnu",
    ("linux", "aarch64"): "aarch64-unknown-linux-gnu",
    ("win32", "AMD64"): "x86_64-pc-windows-gnu",
}


class LibrariesHook(BuildHookInterface[Any]):
    """The hook that hatchling runs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Says what is in the wheel, and its tag."""
        if self.target_name != "wheel" or version == "editable":
            return
        target = os.environ.get("COGAUTH_WHEEL") or THIS_MACHINE.get(
            (sys.platform, platform.machine()), "any"
        )
        if target != "any" and target not in TARGETS:
            raise RuntimeError(f"COGAUTH_WHEEL is {target}, and must be one of {[*TARGETS, 'any']}")
        files = [self._file("cogauth.wasm")]
        tag = "any"
        if target != "any":
            name, tag = TARGETS[target]
            files.append(self._file(f"native/{target}/{name}"))
        build_data["tag"] = f"py3-none-{tag}"
        build_data["pure_python"] = target == "any"
        for file in files:
            build_data["force_include"][str(file)] = f"cog_auth/native/{file.name}"

    def _file(self, name: str) -> Path:
        told = os.environ.get("COGAUTH_NATIVES")
        target = os.environ.get("CARGO_TARGET_DIR") or Path(self.root).parents[1] / "target"
        file = Path(told or Path(target) / "bindings").absolute() / name
        if not file.is_file():
            raise RuntimeError(f"{file} is not there: run `cargo xtask bindings natives`")
        return file
