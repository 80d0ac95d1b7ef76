"""A .json file that is one object: of columns, of records by key, or of records under a key.

Shapes read: `{"column": [values]}` (`Dataset.to_dict`, pandas orient list), `{"column": {"0":
value}}` and `{"0": record}` (pandas orients columns and index), `{"columns": [names], "data":
[rows]}` (orient split), `{"schema": …, "data": [records]}` (orient table), `{"data": [records]}`
under any key, the viewer's `{"rows": [{"row": record}]}`, SQuAD's articles of paragraphs of
questions (one record for each question), and one record alone. Objects that
follow one another over several lines are records, too.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import msgspec

from ftaudit.model.column_label import column_label
from ftaudit.model.errors import InputError
from ftaudit.readers.byte_stream import BLOCK, MAX_RECORD, ByteStream
from ftaudit.readers.json_survey import Record
from ftaudit.readers.split_names import split_by_name

Members: TypeAlias = dict[str, msgspec.Raw]

_MEMBERS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])
_SPEAKERS: Final = frozenset({"role", "from", "speaker"})
_ERRORS: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_TOGETHER: Final = 20
"""Keys beyond which an object of objects is records by key, whatever their keys are."""


def is_document(head: bytes, *, lines: bool) -> bool:
    """Tell by its beginning whether a file is one object, rather than one object per line.

    Where its name promises `lines`, an object on one line is a record, whatever it holds.
    """
    text = head.lstrip()
    if not text.startswith(b"{"):
        return False
    first, end, rest = text.partition(b"\n")
    if _members(first) is None:
        second = rest.lstrip().partition(b"\n")[0]
        # a whole record after a line that is cut off: one object per line, and the first is broken
        pretty = bool(end) and _is_open(first) and _members(second) is None
        return pretty or _goes_on(first)
    return not lines and not rest.strip() and _holds_records(first)


def read_document(stream: ByteStream, user_path: str) -> list[Record]:
    """Return the records of a file that is one object, or several over several lines.

    Raises:
        InputError: it is malformed, too large, or its records are in no place that is known.
    """
    text = _whole(stream, user_path)
    members = _members(text)
    return _following(text, user_path) if members is None else _records(members, text, user_path)


def _whole(stream: ByteStream, user_path: str) -> bytes:
    text = bytearray()
    while block := stream.read(BLOCK):
        text += block
        if len(text) > MAX_RECORD:
            problem = f"is one JSON object larger than {MAX_RECORD >> 20} MiB"
            raise InputError(user_path, problem, remedy="Write one JSON object per line, as .jsonl")
    return bytes(text)


def _following(text: bytes, user_path: str) -> list[Record]:
    """Return objects that follow one another, each over several lines."""
    records: list[Record] = []
    decoder, at, plain = json.JSONDecoder(), 0, ""
    try:
        plain = text.decode()
        while at < len(plain):
            if plain[at].isspace() or (plain[at] == "," and records):
                at += 1
                continue
            value, end = decoder.raw_decode(plain, at)
            if not isinstance(value, dict):
                raise _not_an_object(user_path, plain.count("\n", 0, at) + 1)
            records.append(plain[at:end].encode())
            at = end
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InputError(
            user_path, "is not UTF-8 text", place=f"line {line}", remedy="Save it as UTF-8"
        ) from None
    except (json.JSONDecodeError, RecursionError) as error:
        line = plain.count("\n", 0, error.pos) + 1 if isinstance(error, json.JSONDecodeError) else 1
        problem = "is one JSON object over several lines, and malformed"
        remedy = "Correct it there, or write one JSON object per line, as .jsonl"
        raise InputError(user_path, problem, place=f"line {line}", remedy=remedy) from None
    return records


def _not_an_object(user_path: str, line: int) -> InputError:
    problem = "holds a value that is not a JSON object"
    remedy = "Write one JSON object per record"
    return InputError(user_path, problem, place=f"line {line}", remedy=remedy)


def _records(members: Members, text: bytes, user_path: str) -> list[Record]:
    """Find the records of one object."""
    lists = {name: items for name, raw in members.items() if (items := _items(raw)) is not None}
    if {"columns", "data"} <= lists.keys() and len(members) <= 3:
        return _split(lists["columns"], lists["data"], user_path)
    under = [name for name, items in lists.items() if items and _are_records(items)]
    if len(under) > 1:
        problem = f"is one object, whose records stand under {', '.join(sorted(under))}"
        remedy = "Write each to a file of its own, such as " + f"{min(under)}.json"
        raise InputError(user_path, problem, remedy=remedy)
    if len(under) == 1:
        return _unwrapped(lists[under[0]])
    if len(lists) == len(members) and len({len(items) for items in lists.values()}) == 1:
        return _columns(lists) if not _are_turns(lists) else [text]
    inner = {name: m for name, raw in members.items() if (m := _members(raw)) is not None}
    if len(inner) == len(members) and len(inner) > 1:
        _refuse_splits(inner, user_path)
        return _by_key(inner, members)
    if len(inner) == 1 and not lists:
        nested = next(iter(inner.values()))
        held = [items for raw in nested.values() if (items := _items(raw)) and _are_records(items)]
        if len(held) == 1:
            return _unwrapped(held[0])
    if len(members) > 1 and not inner and not lists:
        _refuse_texts(members, user_path)
    return [text]


def _refuse_splits(inner: Mapping[str, Members], user_path: str) -> None:
    """Refuse columns that stand under the names of splits."""
    columns = all(_items(raw) is not None for m in inner.values() for raw in m.values())
    if columns and all(split_by_name((name,)) is not None for name in inner):
        problem = f"is one object, whose columns stand under {', '.join(sorted(inner))}"
        raise InputError(user_path, problem, remedy="Write each to a file of its own")


def _refuse_texts(members: Members, user_path: str) -> None:
    """Refuse an object of texts by text, whose keys are no names of columns."""
    texts = all(bytes(raw).startswith(b'"') for raw in members.values())
    if texts and all(column_label(name, 0) != name for name in members):
        problem = "is one object of texts by text, whose keys are no names of columns"
        remedy = 'Write each pair as {"prompt": "…", "completion": "…"}'
        raise InputError(user_path, problem, remedy=remedy)


def _holds_records(line: bytes) -> bool:
    """Tell whether an object on one line is not itself a record."""
    members = _members(line)
    if members is None:
        return False
    try:
        return _records(members, line, "") != [line]
    except InputError:
        return True


def _split(
    columns: Sequence[msgspec.Raw], rows: Sequence[msgspec.Raw], user_path: str
) -> list[Record]:
    """Return the records of pandas' orient split: names of columns, and rows as lists."""
    names = [bytes(name) for name in columns]
    records: list[Record] = []
    for row in rows:
        cells = _items(row)
        if cells is None or len(cells) != len(names):
            problem = "is one object of columns and data, and a row has not the columns' number"
            raise InputError(user_path, problem, remedy="Write it with orient='records'")
        records.append(_object(dict(zip(names, cells, strict=True))))
    return records


def _columns(lists: Mapping[str, Sequence[msgspec.Raw]]) -> list[Record]:
    """Return the records of lists of equal length, one for each column."""
    names = [msgspec.json.encode(name) for name in lists]
    rows = zip(*lists.values(), strict=True)
    return [_object(dict(zip(names, row, strict=True))) for row in rows]


def _by_key(inner: Mapping[str, Members], members: Members) -> list[Record]:
    """Return records by key, or columns of values by key: pandas' orients index and columns."""
    keys = [list(m) for m in inner.values()]
    same = all(first == second for first, second in pairwise(keys))
    if same and all(key.isdecimal() for key in keys[0]) and not all(n.isdecimal() for n in inner):
        return _columns({name: list(m.values()) for name, m in inner.items()})
    shared = set(keys[0]).intersection(*map(set, keys[1:]))
    if shared or len(inner) >= _TOGETHER:
        return [bytes(raw) for raw in members.values()]
    return [_object({msgspec.json.encode(name): raw for name, raw in members.items()})]


def _unwrapped(items: Sequence[msgspec.Raw]) -> list[Record]:
    """Return records; those of the viewer are one level deeper, beside their number."""
    rows = [_members(item) for item in items]
    if all(row is not None and {"row_idx", "row"} <= row.keys() for row in rows):
        return [bytes(row["row"]) for row in rows if row is not None]
    questions = _questions(rows)
    return questions or [bytes(item) for item in items]


def _questions(articles: Sequence[Members | None]) -> list[Record]:
    """Return a record for each question of SQuAD's articles; none where they are no such articles.

    Columns: those of the question, `title` of its article and `context` of its paragraph.
    """
    records: list[Record] = []
    for article in articles:
        paragraphs = _items(article["paragraphs"]) if article and "paragraphs" in article else None
        if article is None or paragraphs is None:
            return []
        for paragraph in map(_members, paragraphs):
            asked = _items(paragraph["qas"]) if paragraph and "qas" in paragraph else None
            if paragraph is None or asked is None:
                return []
            around = {n: m[n] for n, m in (("title", article), ("context", paragraph)) if n in m}
            for question in map(_members, asked):
                if question is None:
                    return []
                members = around | question
                records.append(_object({msgspec.json.encode(n): r for n, r in members.items()}))
    return records


def _are_records(items: Sequence[msgspec.Raw]) -> bool:
    """Tell whether a list holds objects that are no turns of a conversation."""
    first = _members(items[0])
    return first is not None and not _SPEAKERS & first.keys()


def _are_turns(lists: Mapping[str, Sequence[msgspec.Raw]]) -> bool:
    firsts = [_members(items[0]) for items in lists.values() if items]
    return any(first is not None and _SPEAKERS & first.keys() for first in firsts)


def _object(members: Mapping[bytes, msgspec.Raw]) -> bytes:
    return b"{" + b",".join(name + b":" + bytes(raw) for name, raw in members.items()) + b"}"


def _members(text: bytes | msgspec.Raw) -> Members | None:
    if not bytes(text).lstrip().startswith(b"{"):
        return None
    try:
        return _MEMBERS.decode(text)
    except _ERRORS:
        return None


def _items(raw: msgspec.Raw) -> list[msgspec.Raw] | None:
    if not bytes(raw).lstrip().startswith(b"["):
        return None
    try:
        return _ITEMS.decode(raw)
    except _ERRORS:
        return None


def _goes_on(line: bytes) -> bool:
    """Tell whether a line holds objects that follow one another, or one with a comma after it."""
    try:
        text = line.decode()
        value, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    rest = text[end:].lstrip().removeprefix(",").lstrip()
    return isinstance(value, dict) and text[end:].strip() != "" and (not rest or rest[0] == "{")


def _is_open(line: bytes) -> bool:
    """Tell whether a line begins an object that goes on: it closes fewer brackets than it opens."""
    opened = line.count(b"{") + line.count(b"[")
    return opened > line.count(b"}") + line.count(b"]")
