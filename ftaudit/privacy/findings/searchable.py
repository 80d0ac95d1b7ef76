"""Columns as searches read them: normalised, labelled, and cut into windows where they are long.

Searches see plain columns of text; what they report is mapped back to the texts as they came.
Windows bound the time of one text: within a window a detector may take more than linear time,
and the number of windows grows with the text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import polars as pl
from msgspec import Struct

from ftaudit.privacy.findings.normal_text import NormalText, need_normalising, normalise
from ftaudit.privacy.findings.resolve import best
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.findings.text_tables import labelled_cells, may_hold_tables


class Windows(NamedTuple):
    """How long texts are cut."""

    size: int = 8_192
    """Characters of the longest text that is searched as one."""
    margin: int = 512
    """Characters around a window's own part that it sees, too: a longer value may be missed."""

    def of(self, length: int) -> list[tuple[int, int, int, int]]:
        """Cut a text: (first and last offset of a window, first and last offset that it owns)."""
        if length <= self.size:
            return [(0, length, 0, length)]
        step = self.size - 2 * self.margin
        starts = range(0, length - 2 * self.margin, step)
        return [
            (
                start,
                min(start + self.size, length),
                start + self.margin if start else 0,
                length if start == starts[-1] else start + step + self.margin,
            )
            for start in starts
        ]


_USUAL: Final = Windows()


class _SearchedPart(Struct, frozen=True):
    """A text, or one window of it, that is searched."""

    position: int
    normal: NormalText
    first: int
    """Offset of the piece in the normal text."""
    own: tuple[int, int]
    """Offsets in the normal text between which a span must begin to be this piece's."""

    def placed(self, span: Span) -> Span | None:
        start, end = span.start + self.first, span.end + self.first
        if not self.own[0] <= start < self.own[1]:
            return None
        first, last = self.normal.place(start, end)
        return span._replace(start=first, end=last)


class _Prefixed(NamedTuple):
    """A text as it is searched, after a label that is not part of it."""

    normal: NormalText
    prefix: int
    """Characters of the label and what stands between it and the text."""


def _normalised(
    texts: pl.Series, labels: pl.Series | None, positions: pl.Series, *, percent: bool
) -> dict[int, _Prefixed]:
    """Normalise the texts at some positions, each after the label of its field."""
    normals: dict[int, _Prefixed] = {}
    for position in positions:
        label = labels[position] if labels is not None else ""
        prefix = f"{label}: " if label else ""
        normal = normalise(texts[position], percent=percent, prefix=prefix)
        normals[position] = _Prefixed(normal, len(prefix))
    return normals


class SearchableTexts:
    """A column of texts, prepared to be searched."""

    def __init__(
        self,
        texts: pl.Series,
        labels: pl.Series | None = None,
        *,
        percent: bool = True,
        windows: Windows = _USUAL,
    ) -> None:
        """Prepare texts, each with the label of its field.

        Args:
            texts: strings; nulls stay null.
            labels: as `field_labels.labels`; None: no text has one.
            percent: whether percent-encoding is decoded.
            windows: how long texts are cut.
        """
        odd = need_normalising(texts)
        odd |= (texts.str.len_bytes() > windows.size).fill_null(value=False)
        if labels is not None:
            odd |= (labels != "") & texts.is_not_null()
        self._pieces: dict[int, _SearchedPart] = {}
        self.column = texts
        plain = texts
        if odd.any():
            positions = odd.arg_true()
            normals = _normalised(texts, labels, positions, percent=percent)
            self.column = self._prepared(texts, normals, windows)
            plain = texts.clone().scatter(positions, [n.text[p:] for n, p in normals.values()])
        else:
            normals = {}
        tabled = may_hold_tables(plain)
        if tabled.any():
            self._append_cells(plain, tabled.arg_true(), normals)

    def _prepared(
        self, texts: pl.Series, normals: Mapping[int, _Prefixed], windows: Windows
    ) -> pl.Series:
        """Replace texts by their first window, and append the others."""
        replaced: list[str] = []
        appended: list[str] = []
        for position, (normal, prefix) in normals.items():
            for number, (first, last, own, beyond) in enumerate(windows.of(len(normal.text))):
                index = position if number == 0 else len(texts) + len(appended)
                owned = (max(own, prefix), beyond)
                self._pieces[index] = _SearchedPart(position, normal, first, owned)
                (replaced if number == 0 else appended).append(normal.text[first:last])
        column = texts.clone().scatter(list(normals), replaced)
        return column.append(pl.Series(appended, dtype=pl.String)) if appended else column

    def _append_cells(
        self, plain: pl.Series, positions: pl.Series, normals: Mapping[int, _Prefixed]
    ) -> None:
        """Append the labelled cells of tables within texts, each as a text of its own."""
        cells: list[str] = []
        for position in positions:
            text = plain[position]
            normal, prefix = normals.get(position) or _Prefixed(NormalText(text), 0)
            for start, end, label in labelled_cells(text):
                head = f"{label}: "
                owned = (prefix + start, prefix + end)
                part = _SearchedPart(position, normal, owned[0] - len(head), owned)
                self._pieces[len(self.column) + len(cells)] = part
                cells.append(head + text[start:end])
        if cells:
            self.column = self.column.clone().append(pl.Series(cells, dtype=pl.String))

    def placed(
        self, spans_of: Iterator[tuple[int, list[Span]]]
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield what was found in `column` at its places in the texts, by ascending position."""
        if not self._pieces:
            yield from spans_of
            return
        merged: dict[int, list[Span]] = {}
        for index, spans in spans_of:
            piece = self._pieces.get(index)
            position = index if piece is None else piece.position
            placed = spans if piece is None else _placed(piece, spans)
            if placed:
                merged.setdefault(position, []).extend(placed)
        for position in sorted(merged):
            yield position, best(merged[position])


def _placed(piece: _SearchedPart, spans: Sequence[Span]) -> list[Span]:
    placed = (piece.placed(span) for span in spans)
    return [span for span in placed if span is not None]
