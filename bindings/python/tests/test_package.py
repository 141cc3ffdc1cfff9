"""What the package says of itself, and how it finds its library."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cog_auth
from cog_auth import _abi
from cog_auth._backend import library, must_fit

from .inputs import REPOSITORY


def _import(**environment: str) -> subprocess.CompletedProcess[str]:
    program = "import cog_auth; print(cog_auth.backend)"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COGAUTH_")}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_version_is_that_of_the_workspace() -> None:
    manifest = (REPOSITORY / "Cargo.toml").read_text("utf-8")
    stated = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)
    project = (REPOSITORY / "bindings/python/pyproject.toml").read_text("utf-8")
    ours = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert stated and ours and stated[1] == ours[1] == cog_auth.__version__
    assert importlib.metadata.version("cog-auth") == stated[1]


def test_the_package_is_typed() -> None:
    assert (Path(cog_auth.__file__).parent / "py.typed").is_file()


def test_all_that_is_exported_is_there_and_documented() -> None:
    aliases = {"Documents", "Json", "Kind", "Outcome", "Step", "Text"}
    for name in cog_auth.__all__:
        value = getattr(cog_auth, name)
        if name not in aliases and callable(value):
            assert value.__doc__, name
    assert cog_auth.__all__ == sorted(cog_auth.__all__)
    assert cog_auth.full is True


def test_another_abi_is_refused() -> None:
    major, minor = _abi.ABI_MAJOR, _abi.ABI_MINOR
    must_fit(major << 16 | minor)
    must_fit(major << 16 | minor + 1)
    for version in (0, (major + 1) << 16, (major - 1) << 16 | 5):
        with pytest.raises(ImportError, match="needs a library with the ABI"):
            must_fit(version)


def test_codes_have_their_names_from_the_library() -> None:
    header = (REPOSITORY / "bindings/c/include/cogauth.h").read_text("utf-8")
    codes = re.findall(r"((?:^// .+\n)+)#define COGAUTH_E_(\w+) (\d+)$", header, re.MULTILINE)
    assert len(codes) > 80
    for comment, name, code in codes:
        sentence = " ".join(line[3:] for line in comment.splitlines())
        error = library.failure(int(code))
        assert (error.code_name, error.message + ".") == (name.lower(), sentence)
    assert library.failure(9999).code_name == ""


def test_a_backend_can_be_forced() -> None:
    native, module = os.environ["COGAUTH_LIBRARY"], os.environ["COGAUTH_WASM"]
    both = {"COGAUTH_LIBRARY": native, "COGAUTH_WASM": module}
    assert _import(**both).stdout == "native\n"
    assert _import(**both, COGAUTH_BACKEND="native").stdout == "native\n"
    assert _import(**both, COGAUTH_BACKEND="wasm").stdout == "wasm\n"
    assert _import(**both, COGAUTH_BACKEND="wsm").returncode == 1


def test_what_cannot_be_loaded_is_an_import_error() -> None:
    for path in ("/nowhere/libcogauth.so", __file__, sys.executable):
        told = _import(COGAUTH_LIBRARY=path)
        assert told.returncode == 1
        assert "ImportError: cog_auth cannot load" in told.stderr
