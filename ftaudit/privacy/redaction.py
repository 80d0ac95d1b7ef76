"""Replace personal data in the strings of a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import polars as pl

from ftaudit.model.errors import UsageError, suggestion
from ftaudit.privacy.findings.field_labels import column_labels, value_labels
from ftaudit.privacy.findings.mask import merged
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.findings.surrogate import Operator, Replacement
from ftaudit.privacy.search import Search
from ftaudit.privacy.secrets.secret_scanner import SecretScanner

_ROUNDS: Final = 8
"""Replacing one value may uncover another that it overlapped; two rounds are the rule."""


def redact(  # noqa: PLR0913 - keywords, each with a default
    frame: pl.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    operator: Operator = "mask",
    key: bytes | None = None,
    search: Search | None = None,
    secrets: bool = True,
) -> pl.DataFrame:
    """Return `frame` with every finding in its strings replaced; a second search finds nothing.

    A column's name is a cue for its values, as in the `pii` check.

    Args:
        frame: any table. Strings inside lists and structs are redacted too, and categories become
            strings.
        columns: the columns to redact; None: all that hold strings.
        operator: what takes a value's place (`surrogate.Operator`).
        key: key of hashes and surrogates, for equal ones over several calls; None: a random one
            that is never stored.
        search: what is searched for; None: the default of the `pii` check.
        secrets: whether credentials are replaced too.

    Raises:
        UsageError: no such column or operator.
    """
    replacement, chosen = Replacement(operator, key), _columns(frame, columns)
    searcher = search or Search()
    label_of_column = column_labels(frame.columns)
    redacted = [
        _redact_column(
            frame[name], replacement, searcher, secrets=secrets, label=label_of_column[name]
        )
        for name in chosen
    ]
    return frame.with_columns(redacted)


def _columns(frame: pl.DataFrame, columns: Sequence[str] | None) -> list[str]:
    holding = [name for name, dtype in frame.schema.items() if _holds_strings(dtype)]
    for name in columns or ():
        if name not in holding:
            listed = f"; columns with strings: {', '.join(holding)}"
            msg = f"no column {name} with strings to redact{suggestion(name, holding)}{listed}"
            raise UsageError(msg)
    return holding if columns is None else list(columns)


def _holds_strings(dtype: pl.DataType) -> bool:
    match dtype:
        case pl.String() | pl.Categorical() | pl.Enum():
            return True
        case pl.List() | pl.Array():
            return _holds_strings(_inner(dtype))
        case pl.Struct():
            return any(_holds_strings(_dtype(field.dtype)) for field in dtype.fields)
        case _:
            return False


def _inner(dtype: pl.List | pl.Array) -> pl.DataType:
    return _dtype(dtype.inner)


def _dtype(dtype: Any) -> pl.DataType:  # noqa: ANN401 - a polars type, or its class
    return dtype() if isinstance(dtype, type) else dtype  # type: ignore[no-any-return] # as above


def _redact_column(
    column: pl.Series, replacement: Replacement, search: Search, *, secrets: bool, label: str
) -> pl.Series:
    if column.dtype == pl.String:
        return _redact_texts(column, replacement, search, secrets=secrets, label=label)
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        texts = column.cast(pl.String)
        return _redact_texts(texts, replacement, search, secrets=secrets, label=label)
    values = column.to_list()
    texts = pl.Series(list(_strings(values)), dtype=pl.String)
    redacted = iter(_redact_texts(texts, replacement, search, secrets=secrets).to_list())
    return pl.Series(column.name, _rebuilt(values, redacted.__next__), dtype=column.dtype)


def _strings(value: object) -> Iterable[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _strings(item)
        case dict():
            for item in value.values():
                yield from _strings(item)
        case _:
            pass


def _rebuilt(value: Any, following: Callable[[], str]) -> Any:  # noqa: ANN401 - nested plain values
    match value:
        case str():
            return following()
        case list():
            return [_rebuilt(item, following) for item in value]
        case dict():
            return {name: _rebuilt(item, following) for name, item in value.items()}
        case _:
            return value


def _redact_texts(
    texts: pl.Series, replacement: Replacement, search: Search, *, secrets: bool, label: str = ""
) -> pl.Series:
    """Replace until nothing is found; what is still found then is masked whole.

    Only the texts in which something was found are searched again. `label` says what the column is
    called, a cue for values that say nothing themselves; what takes their place needs no cue.
    """
    result = texts.to_list()
    pending = list(range(len(result)))
    for number in range(_ROUNDS):
        texts_left = pl.Series([result[i] for i in pending], dtype=pl.String)
        labels = value_labels(texts_left, label) if label and number == 0 else None
        spans_of = _spans(texts_left, labels, search, secrets=secrets)
        for position, spans in spans_of.items():
            text = result[pending[position]]
            result[pending[position]] = _replaced(text, spans, replacement)
        pending = [pending[position] for position in sorted(spans_of)]
        if not pending:
            break
    for i in pending:
        result[i] = Replacement("mask").of("", result[i])
    return pl.Series(texts.name, result, dtype=pl.String)


def _spans(
    texts: pl.Series, labels: pl.Series | None, search: Search, *, secrets: bool
) -> dict[int, list[Span]]:
    spans_of = dict(search.find(texts, labels))
    for position, spans in SecretScanner().find(texts, labels) if secrets else ():
        spans_of.setdefault(position, []).extend(spans)
    return spans_of


def _replaced(text: str, spans: Iterable[Span], replacement: Replacement) -> str:
    pieces, at = [], 0
    places = ((span.start, span.end, span.entity) for span in spans)
    for start, end, new in merged_replacements(text, places, replacement):
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def merged_replacements(
    text: str, places: Iterable[tuple[int, int, str]], replacement: Replacement
) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and what takes the place of every span, ascending.

    Those that overlap, as when a secret holds personal data, are replaced as one.

    Args:
        text: what the spans are of.
        places: start, end and entity type of each.
        replacement: what makes the values.
    """
    for group in merged(Span(entity, start, end, 1.0, "") for start, end, entity in places):
        start, stop = group[0].start, max(span.end for span in group)
        yield start, stop, replacement.of(group[0].entity, text[start:stop])
