"""The one error of this package."""

from __future__ import annotations

from typing import Any, Final

_OPTIONAL: Final = (
    "offset", "document", "pointer", "line", "column", "length", "suggestion",
)  # fmt: skip


class CogAuthError(Exception):
    """Why a call failed. A denial or a refusal is no error but a value.

    `code` is the number, which never changes its meaning, `code_name` its name, and `message` says
    what to do. The other members are None where they are not known. No member holds a secret.
    """

    code: int
    code_name: str
    message: str
    #: Where in what was given, in bytes from 0.
    offset: int | None
    #: Which document of a policy, and the place in it as a JSON pointer (RFC 6901).
    document: str | None
    pointer: str | None
    #: Line and column, from 1, and how many characters are wrong.
    line: int | None
    column: int | None
    length: int | None
    #: What may have been meant.
    suggestion: str | None

    def __init__(
        self,
        code: int,
        code_name: str,
        message: str,
        *,
        offset: int | None = None,
        document: str | None = None,
        pointer: str | None = None,
        line: int | None = None,
        column: int | None = None,
        length: int | None = None,
        suggestion: str | None = None,
    ) -> None:
        super().__init__(code, code_name, message)
        self.code = code
        self.code_name = code_name
        self.message = message
        self.offset = offset
        self.document = document
        self.pointer = pointer
        self.line = line
        self.column = column
        self.length = length
        self.suggestion = suggestion

    def __str__(self) -> str:
        place = ""
        if self.document is not None:
            place = f"{self.document}:{self.line}:{self.column}: "
        return f"{place}{self.message} ({self.code} {self.code_name})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (vars(self),)


def described(told: dict[str, Any]) -> CogAuthError:
    """The error that the library tells as a JSON object."""
    # A later library may tell more: what is not known here is left out.
    known = {name: told[name] for name in _OPTIONAL if name in told}
    return CogAuthError(told["code"], told["codeName"], told["message"], **known)


def _again(members: dict[str, Any]) -> CogAuthError:
    return CogAuthError(**members)
