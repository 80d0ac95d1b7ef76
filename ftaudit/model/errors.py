"""Every exception ftaudit raises on purpose, and the exit code each one means.

FtauditError
├── InputError        2   data, or a file a person wrote, that is not what it should be
├── UsageError        2   an option or argument that cannot be meant
│   └── UnknownKeyword 2  a keyword that no function takes; a TypeError too
├── GateBlocked       1   `ftaudit.gate()` says that tuning may not proceed
├── IncompleteError   3   a required check could not be completed
└── IntegrityError    4   a signature, digest or recorded count does not hold
    └── GateRefused   4   `ftaudit.gate()` says that the evidence does not hold; a GateBlocked too

A check that breaks is not an exception for the caller: it becomes a `Failed` outcome.
Messages never hold text of the data: no cell, no matched value, no line of a file.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar

from ftaudit.model.escape import printable


class FtauditError(Exception):
    """Base class. Its text is one line, fit to be shown to a user."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str) -> None:
        """Keep `message` on one line, without control characters."""
        super().__init__(printable(message, limit=4_000))


class UsageError(FtauditError):
    """An option or argument that cannot be meant."""


class UnknownKeyword(UsageError, TypeError):  # noqa: N818 - as Python's own
    """A keyword argument that the function does not take."""


class InputError(FtauditError):
    """Data, or a file a person wrote, that is not what it should be."""

    def __init__(self, file: object, problem: str, *, place: str = "", remedy: str = "") -> None:
        """Say which file, where in it, what is wrong and was expected, and what to do.

        Args:
            file: the file as the user named it.
            problem: what stands there and what was expected, without any text of the data.
            place: where in the file, such as `line 7`, `row 12` or `column label`.
            remedy: what the user can do, as an imperative sentence.
        """
        self.file, self.problem, self.place, self.remedy = str(file), problem, place, remedy
        location = f"{self.file}, {place}" if place else self.file
        super().__init__(f"{location}: {problem}" + (f". {remedy}" if remedy else ""))

    def __reduce__(self) -> tuple[object, ...]:
        """Survive a trip between processes."""
        return _input_error, (self.file, self.problem, self.place, self.remedy)


class GateBlocked(FtauditError):  # noqa: N818 - the name that training jobs catch
    """The gate says that tuning may not proceed."""

    exit_code = 1

    def __init__(self, message: str, reasons: tuple[str, ...] = (), code: int = 1) -> None:
        """Carry every reason, and the exit code `ftaudit gate` would have ended with."""
        super().__init__(message)
        self.reasons, self.code = reasons, code


class IncompleteError(FtauditError):
    """A required check could not be completed."""

    exit_code = 3


class IntegrityError(FtauditError):
    """A signature, digest or recorded count does not hold."""

    exit_code = 4


class GateRefused(IntegrityError, GateBlocked):  # noqa: N818 - as `GateBlocked`
    """The gate says that the manifest, or the data, is not what it should be.

    A job that catches `GateBlocked` must not train on it either.
    """

    exit_code = 4

    def __init__(self, message: str, reasons: tuple[str, ...] = ()) -> None:
        """Carry every reason."""
        GateBlocked.__init__(self, message, reasons, self.exit_code)


def suggestion(wrong: str, names: Iterable[str]) -> str:
    """Return ` (did you mean x?)` for the nearest known name, or nothing."""
    nearest = get_close_matches(wrong, sorted(names), n=1, cutoff=0.5)
    return f" (did you mean {nearest[0]}?)" if nearest else ""


def _input_error(file: str, problem: str, place: str, remedy: str) -> InputError:
    return InputError(file, problem, place=place, remedy=remedy)
