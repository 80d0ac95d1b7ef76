"""Tables within a text: every cell with the label that the head of its column gives it.

Markdown, csv and tab-separated lines, HTML tables and SQL's INSERT name their columns once, far
from most of the values. A cell below a head that describes a person or a secret is searched like
a field of that name (`field_labels`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl

from ftaudit.model.lazy_pattern import LazyPattern
from ftaudit.privacy.findings.column_names import cue_of
from ftaudit.privacy.findings.field_labels import (
    LONGEST,
    NAME,
    column_labels,
    describes,
    is_aspect,
    is_telling,
    label_of,
)

_ROUGHLY: Final = (
    r"(?m)^[ \t>]*[\"']?[\pL_][\pL\pN_ .#/()-]{0,40}[\"']?[ \t]*[,;\t|][^\n]*\n[^\n]*[,;\t|]"
    r"|^[ \t>]*\|[^\n]*\|[^\n]*\n[ \t>]*(?:\||:?-)"
)
"""A line that may be the head of a table, and one more, in the syntax of polars' engine."""
_SPACED: Final = r"(?m)^[\pL_][^\n]{1,40}?[ ]{2,}[\pL_][^\n]*\n[^\n]*[^\n ][ ]{2,}[^\n ]"
"""Two lines whose cells are spaces apart, the first of words, in the same syntax."""
_APART: Final = "  "
"""What separates the cells of lines that are printed under each other."""
_INSERT: Final = r"(?i)\binsert\s+into\s"
_RULE: Final = LazyPattern(
    r"[ \t>]*+\|?[ \t]*+:?-{2,}+:?[ \t]*+(?:\|[ \t]*+:?-{2,}+:?[ \t]*+){0,100}+\|?[ \t]*+"
)
_HEAD: Final = LazyPattern(r"[ \t>\"'`*]*[^\W\d][\w .#/()'\u2019-]{0,40}[\"'`*]*[ \t]*")
_CELL: Final = {
    mark: re.compile(rf"[ \t]*(?:\"((?:[^\"\n]|\"\")*)\"|([^{mark}\n]*))[ \t]*(?:{mark}|$)")
    for mark in (",", ";", "\t", r"\|")
} | {_APART: re.compile(r"[ \t]*(?:\"((?:[^\"\n]|\"\")*)\"|((?:[^ \n]|[ ](?![ ]))*))(?:[ ]{2,}|$)")}
_STATEMENT: Final = LazyPattern(
    r"(?i)\binsert\s+into\s+[^\s(]{1,120}\s*\(([^()]{1,2000})\)\s*values\s*"
)
_VALUES: Final = LazyPattern(r"\s*+,?\s*+\(((?:[^()']|'(?:[^'\n]|'')*+'){1,4000}+)\)")
_VALUE: Final = LazyPattern(r"\s*+(?:[Nn]?'((?:[^'\n]|'')*+)'|([^,']*+))\s*+(?:,|$)")
_TAG: Final = LazyPattern(r"<(/?)t(able|r|h|d)(?:\s[^<>]{0,300})?>", re.IGNORECASE)
_MARKUP: Final = LazyPattern(r"<[^<>]{0,300}>")
_PAIRED: Final = (
    r"[a-z0-9](?:_[a-z]"
    r"|[A-Z])[A-Za-z_]{0,24}[\"'\\]{0,4}[ ]?[:=]|[^\x00-\x7F][_ ]?[\"'\\]{0,4}[:=\x{FF1A}]"
    r"|[\"'][a-z]{3,24}\\*[\"'][ ]?[:=]|\b[Nn]ame[ ]?[:=]"
)
"""A key of two words, in quotes or in another script, in the syntax of polars' engine."""
_JOINT: Final = r"[:=\x{FF1A}]"
"""What stands between a key and its value."""
_PAIR: Final = LazyPattern(
    r"(?<![\w.-])([^\W\d][^\W_]*+(?:[ _-][^\W_]++){0,4})[\"'\\]{0,4}[ ]?(?::=?|=>?|\uff1a)[ ]?"
    r"(?:[buf]?[\"'\\]{1,4}([^\"'\\\n]{1,200})[\"'\\]"
    r"|(?<==)([^\s\"'\\,;&|<>{}()\[\]=][^\"'\\\n,;&|<>{}()\[\]=]{0,100})(?=[,;&|\n]|$)"
    r"|(?<=[: \uff1a])([^\s\"'\\,;&|<>{}()\[\]=][^\"'\\\n,;&|<>{}()\[\]=]{0,100})(?=\n|$))"
)
_BESIDE: Final = 8
"""Pairs before one, and after, among which another may be of the same object."""
_OBJECTS: Final = LazyPattern(r"\}[^{}]{0,40}\{|\n[ \t]*\n|\n[ \t]*- |(?s:.{400})")
"""What stands between two objects, and how far the keys of one are apart."""
_LICENCE: Final = frozenset({"license", "licence"})
"""Keys of a person's licence, and of a program's."""
_NO_VALUE: Final = LazyPattern(r"(?i:true|false|null|none|nil|yes|no|0(?:\.\d+)?)[ ]*")
_COLUMNS: Final = 100
"""Columns of the widest table that is read."""

_LONGEST_OBJECT: Final = 8_192
"""Characters of the longest object that is read by its keys."""
_MEMBER: Final = LazyPattern(
    r"\"([^\"\\\n]{1,60})\"\s{0,8}:\s{0,8}(?:\"((?:[^\"\\]|\\.)*+)\"|(-?\d[\d.]*+))"
)


class LabelledCell(NamedTuple):
    """A cell of a table within a text."""

    start: int
    end: int
    label: str


def may_hold_tables(texts: pl.Series) -> pl.Series:
    """Say which texts may hold a table, from a look that is cheap."""
    rough = _matching(texts, texts.str.contains("\n", literal=True), _ROUGHLY)
    rough |= _matching(texts, texts.str.contains(_APART, literal=True), _SPACED)
    rough |= _matching(texts, texts.str.contains(_JOINT), _PAIRED)
    marked = texts.str.contains("<th", literal=True) | texts.str.contains(_INSERT)
    return rough | marked.fill_null(value=False)


def _matching(texts: pl.Series, possible: pl.Series, pattern: str) -> pl.Series:
    """Say which of the possible texts match a pattern that is slow to search."""
    places = possible.fill_null(value=False).arg_true()
    matching = pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
    if len(places):
        matching = matching.scatter(places, texts.gather(places).str.contains(pattern))
    return matching


def labelled_cells(text: str) -> list[LabelledCell]:
    """Return the cells whose heads say what they hold, of every table in a text."""
    cells = [*_in_lines(text), *_in_html(text), *_in_statements(text), *_in_pairs(text)]
    return [cell for cell in cells if 0 < cell.end - cell.start <= LONGEST]


class _Line(NamedTuple):
    start: int
    text: str


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        yield _Line(start, line.removesuffix("\r"))
        start += len(line) + 1


def _in_lines(text: str) -> Iterator[LabelledCell]:
    """Yield the cells of tables whose rows are lines."""
    heads: Sequence[str] = ()
    mark, before = "", _Line(0, "")
    for line in _lines(text):
        cells = _split(line, mark) if heads else []
        if heads and (len(cells) == len(heads) or _RULE.fullmatch(line.text)):
            if not _RULE.fullmatch(line.text):
                yield from _under(heads, cells)
        else:
            mark, heads = _head_of(before, line)
            if heads and not _RULE.fullmatch(line.text):
                yield from _under(heads, _split(line, mark))
        before = line


def _head_of(before: _Line, line: _Line) -> tuple[str, Sequence[str]]:
    """Return what separates the cells, and the labels of the columns, if a table begins here."""
    for mark in _CELL:
        if mark.removeprefix("\\") not in before.text:
            continue
        names = [_cell(before, place) for place in _split(before, mark)]
        if not 2 <= len(names) <= _COLUMNS or not all(map(_is_head, names)):
            continue
        cells = [_cell(line, place) for place in _split(line, mark)]
        if len(cells) != len(names) and not _RULE.fullmatch(line.text):
            continue
        if any(name == cell for name, cell in zip(names, cells, strict=False) if name):
            continue  # lines that begin alike: the first is no head of the others
        labels = _labels(names)
        if any(labels):
            return mark, labels
    return "", ()


def _cell(line: _Line, place: tuple[int, int]) -> str:
    return line.text[place[0] - line.start : place[1] - line.start].strip("\"'`* ")


def _is_head(name: str) -> bool:
    """Say whether a cell may name a column: with an open bracket it is a piece of code."""
    return _HEAD.fullmatch(name) is not None and name.count("(") == name.count(")")


def _labels(names: Sequence[str]) -> list[str]:
    label_by_name = column_labels(names)
    return [label_by_name[name] if is_telling(label_by_name[name]) else "" for name in names]


def _split(line: _Line, mark: str) -> list[tuple[int, int]]:
    """Return where the cells of a line stand in the text."""
    text, start = line.text, line.start
    if mark == r"\|":
        inner = text.strip(" \t>")
        start += text.index(inner) if inner else 0
        text = inner
        if text.startswith("|"):
            text, start = text[1:], start + 1
        text = text.removesuffix("|")
    cells: list[tuple[int, int]] = []
    place = 0
    while place <= len(text) and len(cells) <= _COLUMNS:
        match = _CELL[mark].match(text, place)
        if match is None:
            return []
        first, last = match.span(1) if match[1] is not None else match.span(2)
        cells.append(_trimmed(text, first, last, start))
        if match.end() == len(text) and not text.endswith(mark.removeprefix("\\"), place):
            break
        place = match.end()
    return cells


def _trimmed(text: str, first: int, last: int, start: int) -> tuple[int, int]:
    piece = text[first:last]
    lead = len(piece) - len(piece.lstrip(" \t*`_"))
    tail = len(piece) - len(piece.rstrip(" \t*`_"))
    return start + first + lead, start + max(first + lead, last - tail)


def _under(heads: Sequence[str], cells: Sequence[tuple[int, int]]) -> Iterator[LabelledCell]:
    for label, (start, end) in zip(heads, cells, strict=False):
        if label:
            yield LabelledCell(start, end, label)


def _in_html(text: str) -> Iterator[LabelledCell]:
    """Yield the cells of tables in HTML whose first row is of heads."""
    if "<th" not in text and "<TH" not in text:
        return
    table = _HtmlTable(text)
    for tag in _TAG.finditer(text):
        cell = table.read(tag)
        if cell is not None:
            yield cell


class _HtmlTable:
    """A table in HTML, read tag by tag."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names: list[str] = []
        self._labels: list[str] = []
        self._column, self._opened, self._cell = 0, 0, ""

    def read(self, tag: "re.Match[str]") -> LabelledCell | None:
        """Return the cell that a tag closes, where its head says what it holds."""
        closing, name = tag[1] == "/", tag[2].lower()
        if name == "able":
            self._names, self._labels = [], []
        elif name == "r":
            self._row(closing=closing)
        elif not closing:
            self._opened, self._cell = tag.end(), name
        elif self._cell == name:
            self._cell = ""
            return self._closed(name, tag.start())
        return None

    def _row(self, *, closing: bool) -> None:
        self._column = 0
        if closing and self._names and not self._labels:
            self._labels = _labels(self._names)

    def _closed(self, name: str, end: int) -> LabelledCell | None:
        if name == "h" and not self._labels and len(self._names) < _COLUMNS:
            content = self._text[self._opened : min(end, self._opened + LONGEST)]
            self._names.append(_MARKUP.sub("", content).strip())
        if name == "h":
            return None
        self._column += 1
        label = self._labels[self._column - 1] if self._column <= len(self._labels) else ""
        return LabelledCell(self._opened, end, label) if label else None


def _in_statements(text: str) -> Iterator[LabelledCell]:
    """Yield the values of INSERT statements that name their columns."""
    for statement in _STATEMENT.finditer(text):
        names = [name.strip("\"'`[] \t\r\n") for name in statement[1].split(",")]
        labels = _labels(names)
        place = statement.end()
        while any(labels) and (values := _VALUES.match(text, place)):
            yield from _under(labels, _values(values[1], values.start(1)))
            place = values.end()


def _in_pairs(text: str) -> Iterator[LabelledCell]:
    """Yield the values of keys that no recognizer reads, but as names of columns: `custNm=`.

    A key `name` counts beside another that describes a person.
    """
    pairs = [pair for pair in _PAIR.finditer(text) if (pair.lastindex or 1) > 1]
    label_of_key = {pair[1]: label_of(pair[1]) for pair in pairs}
    for place, pair in enumerate(pairs):
        name = pair[1]
        label = "" if is_aspect(name) or _is_attribute(text, pair) else cue_of(name)
        if label_of_key[name] == NAME and _is_described(text, pairs, place, label_of_key):
            label = NAME
        if label:
            yield LabelledCell(*pair.span(pair.lastindex or 1), label)


def _is_attribute(text: str, pair: "re.Match[str]") -> bool:
    """Say whether the first word of a key is the tag whose attribute it is: `<property name=`."""
    return " " in pair[1] and text[max(0, pair.start() - 1) : pair.start()] == "<"


def _is_described(
    text: str, pairs: Sequence["re.Match[str]"], place: int, label_of_key: Mapping[str, str]
) -> bool:
    """Say whether a key of the same object as one of some pairs describes a person."""
    for other in (*pairs[max(0, place - _BESIDE) : place], *pairs[place + 1 : place + 1 + _BESIDE]):
        label = label_of_key[other[1]]
        if (
            not describes(label)
            or label in _LICENCE
            or _NO_VALUE.fullmatch(other[other.lastindex or 1])
        ):
            continue
        first, last = sorted((pairs[place], other), key=lambda pair: pair.start())
        if _OBJECTS.search(text, first.end(), last.start()) is None:
            return True
    return False


def _values(text: str, start: int) -> list[tuple[int, int]]:
    places = []
    for match in _VALUE.finditer(text):
        first, last = match.span(1) if match[1] is not None else match.span(2)
        places.append((start + first, start + last))
    return places


class KeyedValue(NamedTuple):
    """A value within a text, and the key that names what it holds."""

    start: int
    end: int
    key: str


def are_objects(texts: pl.Series) -> pl.Series:
    """Say which texts are one object in JSON, by where they begin and end."""
    opened = texts.str.contains(r"^\s*\{").fill_null(value=False)
    places = opened.arg_true()
    return opened.scatter(places, texts.gather(places).str.contains(r"\}\s*$"))


def keyed_values(text: str) -> list[KeyedValue]:
    """Return the values in an object whose keys say what they hold, at any depth, in order.

    The search reads every key of such a text like a label. Here keys are read as names of columns,
    so that one whose values agree is reported as a column is: those of the arguments of calls. Only
    keys of known words are: in objects a key may itself be somebody's name.
    """
    if len(text) > _LONGEST_OBJECT or not (
        text.lstrip().startswith("{") and text.rstrip().endswith("}")
    ):
        return []
    pairs = [(pair, 2 if pair[2] is not None else 3) for pair in _MEMBER.finditer(text)]
    label_of_key = column_labels(list(dict.fromkeys(pair[1] for pair, _ in pairs)))
    return [
        KeyedValue(*pair.span(group), pair[1])
        for pair, group in pairs
        if is_telling(label_of_key[pair[1]]) and _is_known(pair[1])
    ]


def _is_known(key: str) -> bool:
    """Say whether a key is a name of columns, or one word: no part of it is anything else."""
    return bool(cue_of(key)) or (key.isalpha() and key.islower())
