"""Split data so that nothing leaks: `ftaudit.split` and `ftaudit split`."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Unpack

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl
from msgspec import Struct

from ftaudit import __version__
from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION
from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.model.options import Options
from ftaudit.model.progress import Progress, Silent
from ftaudit.pipeline.excerpts import mask_texts
from ftaudit.pipeline.keyword_types import OptionKeywords
from ftaudit.pipeline.output import new_folder
from ftaudit.pipeline.part_names import part_path
from ftaudit.pipeline.scan_keywords import with_keywords
from ftaudit.pipeline.session import Data
from ftaudit.pipeline.split_data import SplitData, open_split_data
from ftaudit.readers.frame import FrameSource
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.remedies.splitting.split_plan import SplitPart, SplitPlan
from ftaudit.remedies.splitting.split_rows import RowPlacement, split_rows
from ftaudit.remedies.splitting.split_units import Integers
from ftaudit.wire.split_record import (
    SPLIT_FILE,
    SplitClassRecord,
    SplitFile,
    SplitParameters,
    SplitPartRecord,
    SplitRecord,
    SplitUnitsRecord,
    to_json,
)
from ftaudit.writers.row_writer import frame_rows, write_rows

NAMED: Final = 10
"""Classes that a remark names; `split.json` has all."""
NO_LABEL: Final = "(no label)"
ALL_ROWS: Final = "(all rows)"


class Split(Struct, frozen=True, eq=False):
    """Data in parts: rows that are near-identical are never in two of them."""

    parts: tuple[str, ...]
    """Names of the parts: `holdout`, `validation`, `train`, `fold-0` and so on."""
    of_rows: Integers
    """Number of the part of every row; the rows of all inputs one after the other, frames and
    files in the order of the inputs of `record`."""
    record: SplitRecord
    """What is written to `split.json`: parameters, counts, remarks."""
    undecided: int
    """Rows that are near to kept rows of several parts; they are in training, and leak."""
    data: SplitData

    @property
    def train(self) -> pl.DataFrame:
        """The rows of training; with folds all that are not held out."""
        folds = [name for name in self.parts if name.startswith("fold-")]
        return self.frame(*(folds or [TRAIN]))

    @property
    def validation(self) -> pl.DataFrame:
        """The rows that validate; none where none were asked for."""
        return self.frame(VALIDATION)

    @property
    def holdout(self) -> pl.DataFrame:
        """The rows that are held out; none where none were asked for."""
        return self.frame(HOLDOUT)

    def frame(self, *parts: str) -> pl.DataFrame:
        """Return the rows of some parts, in the order of the data, with the user's columns."""
        kept = np.isin(self.of_rows, [at for at, n in enumerate(self.parts) if n in parts])
        frames, start = [], 0
        sources = self.data.sources
        for source in sources:
            chosen, start = kept[start : start + source.file.rows], start + source.file.rows
            if isinstance(source, FrameSource):
                frames.append(frame_rows(source, chosen))
            else:
                table = pl.concat(batch.drop("__row") for batch in source.batches())
                frames.append(table.filter(pl.Series(chosen)))
        return pl.concat(frames, how="diagonal_relaxed" if len(frames) > 1 else "vertical")

    def folds(self) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Yield training rows and test rows, as numbers of rows, for each fold.

        As scikit-learn takes them: `cross_val_score(model, x, y, cv=list(split.folds()))`. Rows
        that are held out are in neither. Without folds there is one pair: training and holdout.
        """
        held_out = self.parts.index(HOLDOUT) if HOLDOUT in self.parts else -1
        folds = [at for at, name in enumerate(self.parts) if name.startswith("fold-")]
        for fold in folds or [held_out]:
            training = ~np.isin(self.of_rows, [fold, held_out])
            if not folds:
                training = self.of_rows == self.parts.index(TRAIN)
            yield np.flatnonzero(training), np.flatnonzero(self.of_rows == fold)

    def write(self, folder: str | Path) -> SplitRecord:
        """Write every part in the format of its files, and `split.json`; return that.

        Raises:
            InputError: the folder exists, or cannot be written.
        """
        outputs: list[SplitFile] = []
        with new_folder(Path(folder)) as draft:
            for at, name in enumerate(self.parts):
                outputs += self._write_part(draft, SplitPart(name, 0).folder, at)
            record = msgspec.structs.replace(self.record, outputs=outputs)
            (draft / SPLIT_FILE).write_text(to_json(record), encoding="utf-8", newline="\n")
        return record

    def _write_part(self, draft: Path, folder: str, part: int) -> Iterator[SplitFile]:
        start, taken = 0, set[str]()
        for source in self.data.sources:
            end = start + source.file.rows
            kept, start = self.of_rows[start:end] == part, end
            if not kept.any():
                continue
            name = part_path(source, folder, taken)
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            write_rows(source, kept, draft / name)
            with (draft / name).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            yield SplitFile(name=name, sha256=sha256, rows=int(kept.sum()))


@without_panic_text()
def split(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    data: Data,
    *,
    holdout: float | None = None,
    validation: float = 0.0,
    folds: int = 0,
    keep: str | Path | None = None,
    holdout_after: str | None = None,
    seed: int = 1,
    options: Options | None = None,
    progress: Progress | None = None,
    **keywords: Unpack[OptionKeywords],
) -> Split:
    """Split data so that no row of one part is near-identical to a row of another.

    Rows that are near-identical, contain or quote one another, or are of one group, form a unit,
    and units are never divided. Every class is within a row of its share where units allow it.

    Args:
        data: paths, globs, folders, frames or datasets, one or several, all pooled.
        holdout: share of the rows that is held out; a fifth, or none where there are folds.
        validation: share of the rows that validates.
        folds: parts of equal size for cross-validation.
        keep: folder of an earlier split, whose rows stay in their parts.
        holdout_after: date or time (ISO 8601) after which rows are held out; needs a column of
            the time (`columns={"time": NAME}`), which alone holds out the latest rows.
        seed: decides, with the content of the rows, where each goes.
        options: how data is read, and which threshold and method compare it.
        progress: where to report stages to.
        keywords: options of a scan by name, such as `time_column` and `threshold`; they win over
            `options`.

    Raises:
        InputError: data that is not what it should be.
        UsageError: an option that cannot be meant, or a part would be empty.
    """
    chosen = with_keywords(options or Options(), keywords)
    plan = SplitPlan(
        holdout, validation, folds, holdout_after, by_time="time" in chosen.columns, seed=seed
    )
    opened = open_split_data(data, chosen, plan, keep, progress or Silent())
    placement = split_rows(opened.task, plan)
    record = _record(opened, plan, placement, kept=keep is not None)
    names = tuple(part.name for part in placement.parts)
    return Split(names, placement.of_rows, record, placement.undecided, opened)


def _record(
    opened: SplitData, plan: SplitPlan, placement: RowPlacement, *, kept: bool
) -> SplitRecord:
    dataset, units = opened.session.dataset, placement.units
    classes = _classes(opened, placement)
    sizes, counts = np.unique(units.sizes, return_counts=True)
    larger = units.sizes[units.sizes > 1]
    share = next((p.share for p in plan.parts if p.name == HOLDOUT), 0.0)
    remarks = [*placement.remarks, *_class_remarks(classes, plan, placement)]
    remarks += [*_keep_remarks(opened, placement), *_search_remarks(opened)]
    return SplitRecord(
        version=__version__,
        parameters=SplitParameters(
            holdout=None if plan.holdout_after else share,
            validation=plan.validation,
            folds=plan.folds,
            seed=plan.seed,
            holdout_after=plan.holdout_after,
            group_column=dataset.columns.get("group"),
            time_column=dataset.columns.get("time"),
            kept=kept,
            format=dataset.format,
        ),
        similarity=dict(opened.similarity),
        inputs=[
            SplitFile(name=s.file.name, sha256=s.file.sha256, rows=s.file.rows)
            for s in opened.sources
        ],
        parts=[_part(opened, placement, at) for at in range(len(placement.parts))],
        units=SplitUnitsRecord(
            count=len(units),
            larger=len(larger),
            rows_in_larger=int(larger.sum()),
            largest=int(units.sizes.max()),
            sizes=dict(zip(map(str, sizes.tolist()), counts.tolist(), strict=True)),
        ),
        classes=classes,
        remarks=remarks,
        outputs=[],
    )


def _part(opened: SplitData, placement: RowPlacement, at: int) -> SplitPartRecord:
    keys = np.sort(opened.task.keys[placement.of_rows == at])
    part, rows = placement.parts[at], len(keys)
    return SplitPartRecord(
        name=part.name,
        rows=rows,
        share=round(rows / placement.units.rows, 6),
        target=round(part.share, 6),
        rows_digest=hashlib.sha256(keys.astype("<u8").tobytes()).hexdigest(),
    )


def _classes(opened: SplitData, placement: RowPlacement) -> list[SplitClassRecord]:
    strata, units = opened.task.strata, placement.units
    names = list(strata.names)
    if not strata.numeric:
        masked = mask_texts(pl.Series(names, dtype=pl.String), opened.maskings)
        names = [printable(name or "") for name in masked]
    empty = ALL_ROWS if len(names) == 1 else NO_LABEL
    columns = zip(names, units.class_rows.tolist(), units.class_units.tolist(), strict=True)
    parts = [part.name for part in placement.parts]
    return [
        SplitClassRecord(
            name=name or empty,
            rows=rows,
            units=count,
            parts=dict(zip(parts, placement.table[:, at].tolist(), strict=True)),
        )
        for at, (name, rows, count) in enumerate(columns)
    ]


def _class_remarks(
    classes: Sequence[SplitClassRecord], plan: SplitPlan, placement: RowPlacement
) -> Iterator[str]:
    """Name the classes that cannot be in every part, and those off their share."""
    if len(classes) > 1:
        needed = plan.folds or 2
        rare = [
            f"{c.name} ({counted(c.rows, 'row')} in {counted(c.units, 'unit')})"
            for c in classes
            if c.units < needed
        ]
        if rare and plan.folds:
            yield f"not in every fold, as they have fewer than {needed} units: {_listed(rare)}"
        elif rare:
            yield f"in {TRAIN} only, as they have one unit: {_listed(rare)}"
    off = [
        f"{c.name} ({c.parts[part.name]:,} in the {part.name}, its share is "
        f"{part.share * c.rows:,.1f})"
        for c in classes
        for part in placement.parts[:-1]
        if c.units > 1 and abs(c.parts[part.name] - part.share * c.rows) > 1
    ]
    if off and not plan.by_time:
        yield f"off their share by more than a row, as units are not divided: {_listed(off)}"


def _keep_remarks(opened: SplitData, placement: RowPlacement) -> Iterator[str]:
    if opened.missing_rows:
        yield f"{counted(opened.missing_rows, 'row')} of the earlier split are not in the data"
    if placement.undecided:
        yield (
            f"{counted(placement.undecided, 'new row')} near to rows that the earlier split put in "
            f"several parts: in {placement.parts[-1].name}, where `ftaudit fix` removes what leaks"
        )


def _search_remarks(opened: SplitData) -> Iterator[str]:
    rewording = opened.similarity.get("rewording")
    if isinstance(rewording, Mapping) and rewording.get("searched") is False:
        yield "rewordings were not searched for, as there are too many rows to compare all with all"
    if isinstance(rewording, Mapping) and (untold := rewording.get("untold")):
        rows = untold[HOLDOUT]
        yield f"rewordings cannot be told of {counted(rows, 'row')}: rows here are too much alike"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
