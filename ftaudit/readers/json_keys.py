"""Keys that stand twice in one object: most readers take the last, some the first."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

_SPACE: Final = b" \t\r\n"
_ANY: Final = msgspec.json.Decoder()


class TwiceError(ValueError):
    """A key stands twice; its text is the key."""


def keys_twice(
    records: Sequence[bytes | msgspec.Raw], columns: Sequence[str], *, nested: bool
) -> Iterator[tuple[int, str]]:
    """Yield index and key of every record in which a key stands twice in one object.

    Records are looked at closely only where a quick count allows for it: a name that stands twice
    in quotes, or a text that decoding and encoding makes shorter.

    Args:
        records: JSON texts of objects; those that are malformed are passed over.
        columns: the keys of the records, as far as they are known.
        nested: whether values may be objects themselves.
    """
    texts = [bytes(record) for record in records]
    candidates = _shortened(texts) if nested else _counted(texts, columns)
    for i in candidates:
        if (key := _twice(texts[i])) is not None:
            yield i, key


def _counted(texts: Sequence[bytes], columns: Sequence[str]) -> list[int]:
    """Return the texts in which the name of a column stands twice, in quotes."""
    indices: set[int] = set()
    for name in columns:
        token = msgspec.json.encode(name)
        indices.update(i for i, text in enumerate(texts) if text.count(token) > 1)
    # a key may be written with escapes, which no count of its name sees
    indices.update(i for i, text in enumerate(texts) if b"\\u" in text)
    return sorted(indices)


def _shortened(texts: Sequence[bytes]) -> list[int]:
    """Return the texts that are not as long as what they decode to, white space aside."""
    return [i for i, text in enumerate(texts) if _length(text) != len(text.translate(None, _SPACE))]


def _length(text: bytes) -> int:
    try:
        whole = msgspec.json.encode(_ANY.decode(text))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return -1
    return len(whole.translate(None, _SPACE))


def _twice(text: bytes) -> str | None:
    try:
        json.loads(text, object_pairs_hook=_refuse_twice)
    except TwiceError as error:
        return str(error)
    except (ValueError, RecursionError):
        return None
    return None


def _refuse_twice(pairs: list[tuple[str, object]]) -> int:
    if len(pairs) != len({key for key, _ in pairs}):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise TwiceError(key)
            seen.add(key)
    return 0
