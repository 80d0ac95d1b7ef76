"""Call every file by the shortest name that tells it from the others."""

from collections import Counter
from collections.abc import Sequence

from ftaudit.model.errors import InputError
from ftaudit.readers.paths import DataPath


def short_names(paths: Sequence[DataPath]) -> list[str]:
    """Return a name for each file: the end of its path, longer where two would be equal.

    Names are relative, with `/`, whatever the order of the files.

    Raises:
        InputError: a name is not text, so no result could name the file.
    """
    for path in paths:
        _require_text(path)
    tails = [path.tail for path in paths]
    while True:
        names = ["/".join(path.parts[-tail:]) for path, tail in zip(paths, tails, strict=True)]
        times = Counter(names)
        longer = [
            min(tail + (times[name] > 1), max(tail, len(path.parts)))
            for path, tail, name in zip(paths, tails, names, strict=True)
        ]
        if longer == tails:
            return names
        tails = longer


def _require_text(path: DataPath) -> None:
    try:
        "/".join(path.parts).encode()
    except UnicodeEncodeError:
        problem = "the path is not UTF-8 text"
        raise InputError(
            path.origin.user_path, problem, remedy="Rename the file or folder"
        ) from None
