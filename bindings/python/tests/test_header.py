"""What `_abi` repeats of the C header is what the header says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cog_auth import _abi
from cog_auth._layout import Layout

from .inputs import REPOSITORY

HEADER = Path(os.environ.get("COGAUTH_HEADER") or REPOSITORY / "bindings/c/include/cogauth.h")
TEXT = HEADER.read_text("utf-8")
DEFINES = dict(re.findall(r"^#define COGAUTH_(\w+) (\w+)$", TEXT, re.MULTILINE))
OURS = {name: value for name, value in vars(_abi).items() if name.isupper() and type(value) is int}

# How a field or an argument of each kind is spelled in C.
FIELDS = {"u32": ["uint32_t"], "i32": ["int32_t"], "u64": ["uint64_t"], "size": ["size_t"],
          "slice": ["cogauth_slice"], "slices": ["const cogauth_slice *", "size_t"]}  # fmt: skip
RESULTS = {"code": "int32_t", "i32": "int32_t", "u32": "uint32_t", "u64": "uint64_t",
           "size": "size_t", "static": "const char *", "none": "void"}  # fmt: skip
TEXT_OR_BYTES = ("const char *", "const uint8_t *")


def test_constants_are_those_of_the_header() -> None:
    assert len(OURS) > 30
    for name, value in OURS.items():
        stated = DEFINES[name]
        assert value == (_abi.NONE if stated == "UINT64_MAX" else int(stated)), name


@pytest.mark.parametrize(
    "family", ["STEP_", "TEXT_", "LIST_", "GATE_", "DENIAL_", "DRAFT_", "SCHEME_", "KIND_"]
)
def test_no_constant_of_a_family_is_missing(family: str) -> None:
    theirs = {name for name in DEFINES if name.startswith(family)}
    assert theirs and theirs == {name for name in OURS if name.startswith(family)}


def _structs() -> dict[str, list[tuple[str, str]]]:
    found = {}
    for body, name in re.findall(r"typedef struct \{(.*?)\} cogauth_(\w+);", TEXT, re.DOTALL):
        code = re.sub(r"//.*", "", body)
        fields = re.findall(r"([\w ]+?[ *]+)(\w+)(?:\[(\d+)\])?;", code)
        found[name] = [
            (" ".join(kind.split()) + (f"[{count}]" if count else ""), field)
            for kind, field, count in fields
        ]
    return found


def test_structs_are_those_of_the_header() -> None:
    structs = _structs()
    assert set(structs) == set(_abi.STRUCTS)
    for name, fields in _abi.STRUCTS.items():
        expected: list[tuple[str, str]] = []
        for field, kind in fields:
            if kind == "slices":
                expected += [("const cogauth_slice *", field), ("size_t", f"{field}_count")]
            elif kind == "pointer":
                spelled = "const char *" if name == "slice" else "char *"
                expected.append((spelled, field))
            elif kind == "handle":
                expected.append((f"const cogauth_{field} *", field))
            elif kind.startswith("chars"):
                expected.append((f"char[{kind[5:]}]", field))
            else:
                expected.append((FIELDS[kind][0], field))
        assert structs[name] == expected, name


def _functions() -> dict[str, tuple[str, list[str]]]:
    code = re.sub(r"//.*", "", TEXT)
    found = {}
    for result, name, arguments in re.findall(
        r"^((?:const )?\w+ \*?)cogauth_(\w+)\(([^)]*)\);", code, re.MULTILINE
    ):
        kinds = [
            re.sub(r"\w+$", "", " ".join(argument.split())).strip()
            for argument in arguments.split(",")
            if argument.strip() != "void"
        ]
        found[name] = (result.strip(), kinds)
    return found


def _spelled(kind: str) -> list[tuple[str, ...]]:
    name, _, of = kind.partition(":")
    if name in ("u32", "i32", "u64", "size"):
        return [(FIELDS[name][0],)]
    several: dict[str, list[tuple[str, ...]]] = {
        "handle": [(f"const cogauth_{of} *", f"cogauth_{of} *")],
        "bytes": [TEXT_OR_BYTES, ("size_t",)],
        "slices": [("const cogauth_slice *",), ("size_t",)],
        "documents": [("const cogauth_document *",), ("size_t",)],
        "struct": [(f"const cogauth_{of} *",)],
        "told": [(f"cogauth_{of} *",)],
        "made": [(f"cogauth_{of} **",)],
        "answer": [("char *",), ("size_t",), ("size_t *",)],
        "told_i32": [("int32_t *",)],
        "told_size": [("size_t *",)],
        "told_slice": [("cogauth_slice *",)],
        "error": [("cogauth_error *",)],
    }
    return several[name]


def test_functions_are_those_of_the_header() -> None:
    functions = _functions()
    for name, (result, kinds) in _abi.FUNCTIONS.items():
        stated, arguments = functions[name]
        assert stated == RESULTS[result], name
        expected = [spelled for kind in kinds.split() for spelled in _spelled(kind)]
        assert len(arguments) == len(expected), name
        for argument, spelled in zip(arguments, expected):
            assert argument in spelled, name


def test_no_function_is_left_out() -> None:
    # What the package does in another way: it counts references itself, allocates in the module
    # through its two functions, and has no memory of its own that C could wipe for it.
    own = {"alloc", "free", "wipe"}
    left = set(_functions()) - set(_abi.FUNCTIONS) - own
    assert {name for name in left if not name.endswith("_retain")} == set()


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_layouts_are_those_of_a_c_compiler(tmp_path: Path) -> None:
    lines = ["#include <stdio.h>", f'#include "{HEADER}"', "int main(void) {"]
    expected = []
    for name in _abi.STRUCTS:
        layout = Layout(name, 8, "<")
        lines.append(f'printf("{name} %zu\\n", sizeof(cogauth_{name}));')
        expected.append(f"{name} {layout.size}")
        for place in layout.places:
            lines.append(f'printf("%zu\\n", offsetof(cogauth_{name}, {place.name}));')
            expected.append(str(place.offset))
    source = tmp_path / "layouts.c"
    source.write_text("\n".join([*lines, "}"]))
    subprocess.run(["cc", str(source), "-o", str(tmp_path / "layouts")], check=True)
    told = subprocess.run([str(tmp_path / "layouts")], check=True, capture_output=True, text=True)
    assert told.stdout.split("\n")[:-1] == expected
