"""Call every file by the shortest name that tells it from the others."""

from collections import Counter
from collections.abc import Sequence

from ftaudit.model.errors import InputError
from ftaudit.readers.paths import Found


def short_names(found: Sequence[Found]) -> list[str]:
    """Return a name for each file: the end of its path, longer where two would be equal.

    Names are relative, with `/`, whatever the order of the files.

    Raises:
        InputError: a name is not text, so no result could name the file.
    """
    for one in found:
        _require_text(one)
    tails = [one.tail for one in found]
    while True:
        names = ["/".join(one.parts[-tail:]) for one, tail in zip(found, tails, strict=True)]
        times = Counter(names)
        longer = [
            min(tail + (times[name] > 1), max(tail, len(one.parts)))
            for one, tail, name in zip(found, tails, names, strict=True)
        ]
        if longer == tails:
            return names
        tails = longer


def _require_text(found: Found) -> None:
    try:
        "/".join(found.parts).encode()
    except UnicodeEncodeError:
        what = "the path is not UTF-8 text"
        raise InputError(found.origin.shown, what, remedy="Rename the file or folder") from None
