"""Which JSON records can be read, where others are left out: `--keep-going`."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct, field

from ftaudit.readers.data_source import ROW
from ftaudit.readers.json_rows import JsonRows
from ftaudit.readers.json_survey import NAMED, JsonSurvey, Record


def unsound(records: Sequence[Record], unit: str = "row") -> Mapping[int, str]:
    """Return index and reason of the records that a survey refuses; few are looked at singly."""
    if not _refusals(records, unit):
        return {}
    refused = ((i, _refusals([record], unit)) for i, record in enumerate(records))
    return {i: reasons[0] for i, reasons in refused if reasons}


def _refusals(records: Sequence[Record], unit: str) -> list[str]:
    survey = JsonSurvey("", unit)
    survey.add(records, lambda i: i)
    return survey.places


def sound_frames(
    blocks: Iterator[Sequence[Record]], rows: JsonRows, first: int
) -> Iterator[pl.DataFrame]:
    """Yield `__row` and the columns of the records that can be read; the others keep their number.

    Args:
        blocks: all records.
        rows: makes frames of them.
        first: the row of the first record.
    """
    done = first
    for records in blocks:
        bad = unsound(records)
        kept = [i for i in range(len(records)) if i not in bad]
        if kept:
            numbers = np.array(kept, dtype=np.uint64) + np.uint64(done)
            frame = rows.frame([records[i] for i in kept])
            yield pl.DataFrame([pl.Series(ROW, numbers), *frame.get_columns()])
        done += len(records)


class BrokenRecords(Struct):
    """Records of a file that cannot be read: all are counted, the first are named."""

    unit: str
    """What a record's place is called: line or row."""
    count: int = 0
    places: list[str] = field(default_factory=list)

    def add(self, place: int, reason: str) -> None:
        """Add a record; the reason stands in brackets in what a survey says of it."""
        self.count += 1
        if len(self.places) < NAMED:
            self.places.append(f"{self.unit} {place} ({reason.partition(' (')[2]}")

    def __str__(self) -> str:
        if not self.count:
            return ""
        more = f", and {self.count - NAMED} more" if self.count > NAMED else ""
        subject = f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"
        return f"{subject} cannot be read: {'; '.join(self.places)}{more}"


def sorted_out(
    records: Sequence[Record], places: npt.NDArray[np.int64], broken: BrokenRecords
) -> tuple[list[Record], npt.NDArray[np.int64]]:
    """Return the records that can be read with their places, and note the others."""
    bad = unsound(records, broken.unit)
    for i, reason in bad.items():
        broken.add(int(places[i]), reason)
    kept = [i for i in range(len(records)) if i not in bad]
    return [records[i] for i in kept], places[kept]
