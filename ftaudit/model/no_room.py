"""Tell a full disk from other errors: nothing that was written or counted then is a result."""

import errno
import re
from typing import Final

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_IN_RUST: Final = re.compile(r"\(os error (\d+)\)")
"""How libraries written in Rust, such as polars, end the text of an error of the system."""


def no_room(error: OSError) -> int | None:
    """Return the number of the error if a disk, a quota or a limit of a file is full."""
    number = error.errno
    if number is None and (match := _IN_RUST.search(str(error))):
        number = int(match[1])
    return number if number in NO_ROOM else None
