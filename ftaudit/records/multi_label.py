"""A text and any number of labels."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw, decode
from ftaudit.records.classification import LABELS, pick_class, pick_subject
from ftaudit.records.completion import needed
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, nothing
from ftaudit.records.printed_lists import printed_list
from ftaudit.records.problem import flag
from ftaudit.records.record_part import absence, read_part
from ftaudit.records.roles import NAMES, Role
from ftaudit.records.shape import ColumnKind, TableShape, is_free_text, words

BETWEEN: Final = " | "
"""Between the labels of a record, in the canonical label."""

_NAMES: Final = (
    *LABELS,
    *("tags", "categories", "topics", "intents", "emotions", "genres", "classes", "cats"),
    *("label_list", "label_names", "multi_label", "keywords", "concepts", "eurovoc_concepts"),
    *("subjects", "mesh_terms", "meshes", "codes", "themes", "hashtags"),
)
_NO_LABEL: Final = frozenset(
    {
        *(
            "id",
            "index",
            "split",
            "fold",
            "deleted",
            "turn",
            "row",
            "version",
            "truncated",
            "valid",
        ),
        *("train", "training", "test", "dev", "validation", "holdout"),
    }
)
"""Words of names of flags that say nothing of the text."""
_GROUPED: Final = re.compile(
    r"\s*[+-]?(?:\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|0,0\d+)\s*$"
)
"""A number, whose digits stand in groups, or with a decimal comma that is no other."""
_KEYS: Final = ("label", "name", "value", "class")
"""Keys of an object that holds a label."""
_MARK: Final = re.compile(r"\s*[,;|]\s*")
_SHARE: Final = " (share)"
"""Behind the name of a part that holds the share of a class."""


class MultiLabel(Struct, frozen=True):
    """Records with a text and a list of labels, an object of label → true, or `a, b` in one cell.

    The canonical label is the set of labels in alphabetical order, so that `a, b` and `b, a` are
    one and the same. A record without any label has the empty set, which is a label, too. Where
    no column is named a label, three or more columns of true and false are labels by their names,
    and so are two of which every record has one. Three or more numbers that make one (or a
    hundred) in every record share it out among classes: its label is the one with the largest.
    """

    id: str = "multi-label"
    needs: str = "text and labels (a list, or an object of label and true)"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find a text and labels that are lists, objects, or joined by commas."""
        text = pick_subject(shape)
        kinds = (ColumnKind.OTHER, ColumnKind.JSON, ColumnKind.TEXT)
        chosen = shape.overrides.get("label")
        named = [chosen] if chosen else shape.named(_NAMES, kinds)
        label = next((c for c in named if _holds_labels(shape, c)), None)
        flags = [] if label is not None or chosen or _is_rated(shape) else _flags(shape)
        if text is not None and (
            len(flags) > 2 or (len(flags) > 1 and _are_exclusive(shape, flags))
        ):
            return {"input": text} | {f"label {column}": column for column in flags}
        shares = _shares(shape, text) if text is not None and pick_class(shape) is None else []
        if text is not None and shares:
            return {"input": text} | {f"label {column}{_SHARE}": column for column in shares}
        if text is None or label is None or text == label:
            return None
        return {"input": text, "label": label}

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read the parts that are requested."""
        nothing_read: tuple[str, ...] = ()
        reads = dict.fromkeys(("output", "answer", "variant", "focus"), nothing_read)
        labels = tuple(part for part in parts if part.startswith("label"))
        return needed(parts, requested, reads | {"input": ("input",), "label": labels})

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:
        """Read texts and sets of labels."""
        inputs = label = text = nothing(raw)
        problems: list[pl.DataFrame] = []
        if requested & {"input", "text", "problems"}:
            part = read_part(raw, parts["input"])
            inputs = part.text
            problems = absence(raw, part, "input") if "problems" in requested else []
        if requested & {"label", "text", "problems"}:
            label = _canonical(raw, parts)
            table = raw.index().with_columns(label.alias("label"))
            absent = pl.col("label").is_null()
            column = parts.get("label", parts["input"])
            problems.append(flag(table, absent, "missing_label", column, "is missing"))
        text = joined(inputs, label) if "text" in requested else text
        return MappedRecords(inputs, nothing(raw), text, label, problems=problems)


def _canonical(raw: Raw, parts: Parts) -> pl.Series:
    """Return the set of labels of every record, or its class with the largest share."""
    shares = [column for part, column in parts.items() if part == f"label {column}{_SHARE}"]
    if shares:
        from ftaudit.records.label_shares import largest_share

        return largest_share(raw.frame.select(shares))
    return pl.Series([_joined(labels) for labels in _labels(raw, parts)], dtype=pl.String)


def _labels(raw: Raw, parts: Parts) -> list[list[str] | None]:
    """Return the labels of every record: of one column, or of columns of true and false."""
    if "label" in parts:
        return [labels_of(value) for value in raw.values(parts["label"])]
    names = [part.partition(" ")[2] for part in parts if part.startswith("label ")]
    flags = [[_is_on(decoded(value)) for value in raw.values(name)] for name in names]
    return [
        [name for name, on in zip(names, row, strict=True) if on]
        for row in zip(*flags, strict=True)
    ]


def decoded(value: Json) -> Json:
    """Return what a cell of a csv file says: a number, true or false; else itself."""
    text = value.strip().lower() if isinstance(value, str) else ""
    return {"1": 1, "1.0": 1, "true": True, "yes": True, "x": True}.get(text, value)


def labels_of(value: Json) -> list[str] | None:
    """Return the labels of one record; None where the value holds none, not even an empty list."""
    if isinstance(value, str):
        held = decode(value) if value.lstrip()[:1] in {"[", "{"} else None
        if isinstance(held, list | dict):
            return labels_of(held)
        if (printed := printed_list(value)) is not None:
            return printed
        return [part for part in _MARK.split(value.strip()) if part] or None
    if isinstance(value, Mapping):
        return _of_object(value)
    if isinstance(value, list):
        return [str(_name(item)) for item in value if item is not None]
    return None


def _of_object(value: Mapping[str, Json]) -> list[str]:
    if _shares_out(value):
        return [max(value, key=lambda name: float(str(value[name] or 0)))]
    return [str(name) for name, on in value.items() if _is_on(on)]


def _shares_out(value: Mapping[str, Json]) -> bool:
    """Tell whether an object shares a record out among classes."""
    numbers = [x for x in value.values() if isinstance(x, int | float) and not isinstance(x, bool)]
    given = sum(x is not None for x in value.values())
    if not len(numbers) == given > 1:
        return False
    from ftaudit.records.label_shares import share_out

    return share_out(numbers)


def _is_on(value: Json) -> bool:
    return value is True or (isinstance(value, int | float) and value >= 1) or value == "true"


def _name(item: Json) -> Json:
    """Return a label, which an object may hold beside its confidence."""
    if isinstance(item, Mapping):
        return next((item[key] for key in _KEYS if key in item), "")
    return item


def _joined(labels: Iterable[str] | None) -> str | None:
    return None if labels is None else BETWEEN.join(sorted({x.strip() for x in labels}))


def _holds_labels(shape: TableShape, column: str) -> bool:
    """Tell whether a column holds sets of labels; by its type where there is no sample."""
    if shape.kind(column) is ColumnKind.TEXT:
        return shape.schema[column] == pl.String and _are_joined(shape, column)
    values = [value for value in shape.values(column) if value is not None]
    if not values:
        dtype = shape.schema[column]
        return isinstance(dtype, pl.List) and dtype.inner in {pl.String(), pl.Int64()}
    return all(_is_set(value) for value in values) and not is_free_text(shape, column)


def _flags(shape: TableShape) -> list[str]:
    """Return the columns of true and false, without those whose names are of metadata."""
    spoken_for = shape.taken | set(shape.overrides.values())
    flags: list[str] = []
    for column in shape.schema:
        evidence = shape.evidence(column)
        if evidence is None or column in spoken_for or shape.kind(column) is not ColumnKind.TEXT:
            continue
        said = evidence.is_boolean or _says_so(shape, column)
        if said and not _NO_LABEL & set(words(column)):
            flags.append(column)
    varied = any(
        (e := shape.evidence(c)) is not None and (e.distinct > 1 or e.count < shape.table.height)
        for c in flags
    )
    return flags if varied else []


def _shares(shape: TableShape, text: str) -> list[str]:
    """Return the columns that share every record out among classes."""
    spoken_for = shape.taken | set(shape.overrides.values()) | {text}
    free = [c for c in shape.schema if c not in spoken_for and not _NO_LABEL & set(words(c))]
    if sum((e := shape.evidence(c)) is not None and e.is_number for c in free) <= 2:
        return []
    from ftaudit.records.label_shares import share_columns

    return share_columns(shape, free)


def _says_so(shape: TableShape, column: str) -> bool:
    """Tell whether a column holds `yes` and `no` alone, or a mark and nothing."""
    held = shape.values(column)
    values = {value.strip().lower() for value in held if isinstance(value, str)}
    return values in ({"yes", "no"}, {"x", ""}) or (values == {"x"} and None in held)


def _are_exclusive(shape: TableShape, flags: list[str]) -> bool:
    """Tell whether every record that was looked at has one of the flags, and no other."""
    rows = zip(*(shape.values(flag) for flag in flags), strict=True)
    on = [sum(_is_on(decoded(value)) for value in row) for row in rows]
    return bool(on) and all(count == 1 for count in on)


def _is_rated(shape: TableShape) -> bool:
    """Tell whether a column of scores stands beside the flags, which then count reactions to it."""
    judged = (shape.evidence(c) for c in shape.named(NAMES[Role.SCORE], (ColumnKind.TEXT,)))
    return any(e is not None and e.is_number and not e.is_boolean for e in judged)


def _is_set(value: Json) -> bool:
    if isinstance(value, Mapping):
        flags = (
            on is None or (isinstance(on, int | float) and on in {0, 1}) for on in value.values()
        )
        return bool(value) and (all(flags) or _shares_out(value))
    return isinstance(value, list) and all(
        isinstance(item, str | int)
        or (isinstance(item, float) and item.is_integer())
        or (isinstance(item, Mapping) and any(key in item for key in _KEYS))
        for item in value
        if item is not None
    )


def _are_joined(shape: TableShape, column: str) -> bool:
    """Tell whether cells hold several labels: short ones, most of which stand in several cells."""
    cells = [str(value) for value in shape.values(column) if value]
    if any(cell.lstrip()[:1] in {"[", "{", "("} for cell in cells):
        lists = (printed_list(cell) is not None for cell in cells)
        return all(
            isinstance(decode(c), list | dict) or p for c, p in zip(cells, lists, strict=True)
        )
    cells = [cell for cell in cells if not _GROUPED.match(cell)]
    several = [_MARK.split(cell.strip()) for cell in cells if _MARK.search(cell)]
    labels = [label for parts in several for label in parts]
    if not labels or any(len(label.split()) > 3 or not label for label in labels):
        return False
    alone = {cell.strip() for cell in cells if not _MARK.search(cell)}
    times = {label: labels.count(label) for label in set(labels)}
    shared = sum(n > 1 or label in alone for label, n in times.items())
    return shared * 2 >= len(times)
