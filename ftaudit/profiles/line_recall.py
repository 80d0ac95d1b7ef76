"""Remember what was said of a line, for the lines of which the same would be said."""

import re
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, NamedTuple

from ftaudit.profiles.json_line import LineReading
from ftaudit.profiles.line_skeletons import FEWEST, line_keys
from ftaudit.profiles.profile_judge import JudgedLine, ProfileJudge
from ftaudit.profiles.value_outline import outline


class RecalledLine(NamedTuple):
    """What every judge says of the lines of one key."""

    judged: tuple[JudgedLine, ...]
    """In the order of the judges."""
    keys: frozenset[str] | None
    """The keys of the record; None where the line holds no object."""
    reserved: tuple[re.Pattern[bytes], ...]
    """Said only of lines that none of these matches: their texts have to be looked at."""


_REMEMBERED: Final = 4_096
"""Lines that are remembered; real data has a few kinds of them."""
_LARGEST: Final = 16_384
"""Bytes of a line that is remembered, which bounds memory."""


class LineRecall:
    """Says of lines what `judges` said of others of the same key, without reading them."""

    def __init__(self, judges: Sequence[ProfileJudge], fewest: int = FEWEST) -> None:
        """Begin to remember; `fewest` is that of `line_keys`."""
        self._judges, self._fewest = judges, fewest
        self._forms = [form for judge in judges for form in judge.forms]
        self._lines: dict[Hashable, RecalledLine] = {}

    def recalled(
        self, lines: Sequence[bytes]
    ) -> Iterator[tuple[bytes, Hashable, RecalledLine | None]]:
        """Yield every line with its key, and with what is remembered of it.

        A line that was read while this runs is remembered for the next ones.
        """
        for line, key in zip(lines, line_keys(lines, self._forms, self._fewest), strict=True):
            before = self._lines.get(key) if key is not None else None
            if before and any(pattern.search(line) for pattern in before.reserved):
                before = None
            yield line, key, before

    def remember(
        self, key: Hashable, line: bytes, reading: LineReading, judged: Sequence[JudgedLine]
    ) -> None:
        """Remember what was said of a line, where no text of it decided anything."""
        if key is None or not reading.readable or reading.flaws or len(line) > _LARGEST:
            return
        value = reading.value
        searches: list[re.Pattern[bytes]] = []
        if isinstance(value, dict):
            shape = outline(value)
            for judge in self._judges:
                patterns = judge.searches(shape)
                if patterns is None:
                    return
                searches += patterns
            if any(pattern.search(line) for pattern in searches):
                return
        if len(self._lines) >= _REMEMBERED:
            self._lines.clear()
        keys = frozenset(value) if isinstance(value, dict) else None
        self._lines[key] = RecalledLine(tuple(judged), keys, tuple(dict.fromkeys(searches)))
