"""Call what may break. The one place where any exception is caught."""

import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import ParamSpec, TypeVar

import polars as pl
from msgspec import Struct

from ftaudit.model.errors import FtauditError
from ftaudit.model.no_room import no_room

P = ParamSpec("P")
T = TypeVar("T")


class BrokenCall(Struct, frozen=True):
    """What is left of a call that raised. Never holds the text of a foreign exception."""

    error: str
    """Type of the exception and the line of code where it arose; ftaudit's own errors, whose
    text holds no data, are told in full."""


def attempt(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | BrokenCall:
    """Return what `call` returns, or what it broke with.

    Checks are plug-ins: nothing they raise may stop the others or count as a pass, and the text
    of their exceptions may hold matched values, so it goes no further. A full disk is not the
    check's: it stops the run.

    Raises:
        OSError: there is no room left to write to.
    """
    try:
        return call(*args, **kwargs)
    except FtauditError as error:
        return BrokenCall(f"{type(error).__name__}: {error}")
    except OSError as error:
        if no_room(error):
            raise
        return _broken(error)
    # a panic of polars is no Exception
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - see above: this is the wall between plug-ins and verdict
        return _broken(error)


def _broken(error: BaseException) -> BrokenCall:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    location = f"{PurePath(frame.filename).name}:{frame.lineno}, in {frame.name}"
    return BrokenCall(f"{type(error).__name__} at {location}")
