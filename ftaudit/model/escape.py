"""Make text that may come from hostile data safe to show on a terminal or in one line."""

import json
import re
import shlex
import unicodedata
from collections.abc import Iterable
from typing import Final

_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode general categories that move a cursor, reorder text or cannot be shown (UAX #44)."""


def printable(text: str, *, limit: int = 200) -> str:
    """Return `text` on one line of at most `limit` characters, unsafe characters as U+FFFD.

    White space becomes single spaces. Terminal escapes, bidirectional overrides (Trojan Source,
    CVE-2021-42574), lone surrogates and other format characters are replaced, and what the log of
    a CI service would take for a command of a workflow (`::error::`, `##[error]`) is parted.
    """
    one_line = " ".join(text[: 4 * limit].split())
    if one_line.isprintable():  # none of the categories above, nor a space that is not plain
        safe = one_line
    else:
        safe = "".join("�" if unicodedata.category(c) in _UNSAFE else c for c in one_line)
    if "::" in safe or "##[" in safe:
        safe = _COMMAND.sub(lambda match: f"{match[0][:-1]} {match[0][-1]}", safe)
    return safe if len(safe) <= limit and len(text) <= 4 * limit else safe[: limit - 1] + "…"


_COMMAND: Final = re.compile(r"^\s*::|##\[")
"""Begins a command in the log of a workflow of GitHub: at the start of a line, or anywhere."""


def shell_command(words: Iterable[str]) -> str:
    """Return a command that can be copied into a shell, and is safe to show on a terminal.

    Words with characters that are not shown stand in ANSI-C quotes, as bash and zsh read them.
    """
    return " ".join(
        shlex.quote(word) if not _HIDDEN.search(word) else f"$'{_c_escaped(word)}'"
        for word in words
    )


def _c_escaped(word: str) -> str:
    text = word.replace("\\", "\\\\").replace("'", "\\'")
    return _HIDDEN.sub(lambda match: _by_bytes(match[0]), text)


def _by_bytes(character: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


def shown_json(value: object, *, sort_keys: bool = True, allow_nan: bool = True) -> str:
    """Return a value as indented JSON, whose strings escape every character that is not shown.

    Raises:
        ValueError: a number is not finite, and `allow_nan` is false.
    """
    text = json.dumps(value, indent=1, sort_keys=sort_keys, ensure_ascii=False, allow_nan=allow_nan)
    return _HIDDEN_BUT_BREAKS.sub(lambda match: _json_escaped(match[0]), text)


def _json_escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return "".join(f"\\u{unit}" for unit in pairs)


_INVISIBLE: Final = "\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
_INVISIBLE_TAGS: Final = "\U000e0000-\U000e007f"
_HIDDEN: Final = re.compile(f"[\x00-\x1f{_INVISIBLE}{_INVISIBLE_TAGS}]")
"""Characters that move a cursor, reorder text or are not shown: the same for every version of
Unicode."""
_HIDDEN_BUT_BREAKS: Final = re.compile(f"[{_INVISIBLE}{_INVISIBLE_TAGS}]")
"""The same without the control characters that JSON text has between its parts or escapes."""
