"""One text in two languages."""

import re
from collections.abc import Mapping
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.records.cell_values import Json, Raw, struct_fields
from ftaudit.records.conversation import joined
from ftaudit.records.format import MappedRecords, Parts, all_columns
from ftaudit.records.problem import flag
from ftaudit.records.record_part import blanks
from ftaudit.records.shape import ColumnKind, TableShape, plain

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:[_-][A-Za-z]{2,4})?")
_CODED: Final = re.compile(r"(?:sentence|text|translation)_(?:[a-z]{3}_[A-Z][a-z]{3}|[a-z]{2})")
"""How columns are called by ISO 639-3 and ISO 15924, as FLORES-200 does."""
_NAMES: Final = frozenset(
    {
        *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "nn", "fi", "is"),
        *("pl", "cs", "sk", "sl", "hr", "sr", "bs", "bg", "ro", "hu", "el", "tr", "ru", "uk"),
        *("be", "et", "lv", "lt", "ga", "cy", "eu", "ca", "gl", "mt", "sq", "mk", "ka", "hy"),
        *("az", "kk", "uz", "fa", "ar", "he", "ur", "hi", "bn", "ta", "te", "ml", "kn", "mr"),
        *("gu", "pa", "si", "ne", "th", "vi", "id", "ms", "tl", "km", "lo", "my", "ja", "ko"),
        *("zh", "sw", "am", "yo", "ig", "ha", "zu", "xh", "af", "so", "eo", "la", "eng", "deu"),
        *("ger", "fra", "fre", "spa", "ita", "por", "nld", "rus", "zho", "chi", "jpn", "kor"),
        *("ara", "hin", "tur", "pol", "english", "german", "french", "spanish", "italian"),
        *("portuguese", "dutch", "swedish", "danish", "norwegian", "finnish", "polish", "czech"),
        *("hungarian", "greek", "turkish", "russian", "arabic", "ukrainian", "hindi", "bengali"),
        *("tamil", "japanese", "korean", "chinese", "thai", "vietnamese", "indonesian", "hebrew"),
    }
)
"""What columns of one language are called: ISO 639-1 and some of 639-2, and English names."""


class Translation(Struct, frozen=True):
    """Records with `translation`, an object of language → text, as Hugging Face has them.

    Or with one column of text for each language, called by its code or its name (`en`, `german`).
    The input is the text in the first language, the output those in the others. The order of
    languages is that of the file.
    """

    id: str = "translation"
    needs: str = "translation (an object of language and text), or columns such as en and de"

    def recognise(self, shape: TableShape) -> Parts | None:
        """Find an object whose keys are codes of languages."""
        kinds = (ColumnKind.OTHER, ColumnKind.JSON)
        column = shape.pick_named("input", ("translation", "translations"), kinds)
        if shape.overrides.get("output"):
            return None
        if column is None:
            return _columns(shape)
        names = list(struct_fields(shape.schema[column]))
        values = [v for v in shape.values(column) if isinstance(v, Mapping)]
        names = names or list(values[0] if values else ())
        fits = len(names) >= 2 and all(_LANGUAGE.fullmatch(str(name)) for name in names)
        return {"input": column, "output": column} if fits else None

    def columns(self, parts: Parts, requested: frozenset[str]) -> frozenset[str]:
        """Read everything of the record."""
        return all_columns(parts, requested)

    def map(self, raw: Raw, parts: Parts, requested: frozenset[str]) -> MappedRecords:  # noqa: ARG002 - nothing is dear here
        """Read both sides."""
        if parts["input"] != parts["output"]:
            return _sides_of_columns(raw, parts)
        values = raw.values(parts["input"])
        sides = [_sides(value) for value in values]
        inputs = pl.Series([first for first, _ in sides], dtype=pl.String)
        outputs = pl.Series([rest for _, rest in sides], dtype=pl.String)
        table = raw.index().with_columns(inputs.alias("input"), outputs.alias("output"))
        path = parts["input"]
        problems = [
            flag(table, pl.col(name).is_null(), f"missing_{name}", path, "is missing")
            for name in ("input", "output")
        ]
        return MappedRecords(inputs, outputs, joined(inputs, outputs), problems=problems)


def _columns(shape: TableShape) -> Parts | None:
    """Find two or more columns of text that are called by languages."""
    spoken_for = shape.taken | set(shape.overrides.values())
    columns = [
        column
        for column in shape.schema
        if column not in spoken_for
        and _is_language(column)
        and shape.sample is not None
        and shape.kind(column) is ColumnKind.TEXT
        and shape.holds_text(column)
    ]
    if len(columns) < 2:
        return None
    return {"input": columns[0], "output": columns[1]} | {
        f"output {i}": column for i, column in enumerate(columns[2:], 2)
    }


def _is_language(column: str) -> bool:
    """Tell whether a name is that of a language, alone or as in `sentence_deu_Latn`."""
    coded = _CODED.fullmatch(column)
    return plain(column) in _NAMES or coded is not None


def _sides_of_columns(raw: Raw, parts: Parts) -> MappedRecords:
    texts = {
        part: raw.frame[column].cast(pl.String)
        for part, column in parts.items()
        if part.startswith(("input", "output"))
    }
    inputs = texts.pop("input")
    outputs = joined(*texts.values())
    problems = [
        problem
        for name, side in (("input", inputs), ("output", outputs))
        for problem in blanks(raw.index().with_columns(side.alias("text")), name, parts[name])
    ]
    return MappedRecords(inputs, outputs, joined(inputs, outputs), problems=problems)


def _sides(value: Json) -> tuple[str | None, str | None]:
    texts = list(value.values()) if isinstance(value, Mapping) else []
    strings = [text for text in texts if isinstance(text, str)]
    return (strings[0] if strings else None), "\n".join(strings[1:]) or None
