"""The result of `fix`, and how it is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self, cast

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION, DataFile
from ftaudit.model.errors import InputError
from ftaudit.model.rfc3339 import timestamp
from ftaudit.model.run_folder import RunFolder
from ftaudit.pipeline.audit import Audit
from ftaudit.pipeline.output import replace_folder
from ftaudit.pipeline.provenance_step import with_step
from ftaudit.pipeline.session import PROVENANCE_FILE
from ftaudit.provenance.provenance_record import ProvenanceRecord
from ftaudit.readers.data_source import TableSource
from ftaudit.readers.frame import FrameSource
from ftaudit.readers.partitions import PartitionedSource
from ftaudit.readers.unchanged import local_file
from ftaudit.remedies.change_record import ChangeRecord
from ftaudit.remedies.recipe import Recipe, recorded_choices
from ftaudit.remedies.remedy import Remedy
from ftaudit.wire import envelope, lineage_statement
from ftaudit.wire.lineage_statement import (
    AppliedRemedy,
    ChangeCount,
    LineageFile,
    LineagePredicate,
    LineageStatement,
)
from ftaudit.wire.manifest import Document, FileDigest, Subject, evidence_digest
from ftaudit.wire.split_record import SPLIT_FILE
from ftaudit.writers.row_writer import frame_rows, write_rows

CHANGES_FILE: Final = "changes.parquet"
LINEAGE_FILE: Final = "lineage.json"
SIGNED_LINEAGE: Final = "lineage.dsse.json"
SET_ASIDE: Final = "set-aside"


class Leftover(Struct, frozen=True):
    """Findings of a rule that a remedy was to mend and that are still there."""

    remedy: str
    rule: str
    findings: int


class FixedFile(Struct, frozen=True):
    """What stands in the place of a file of the input."""

    file: DataFile
    """As the last scan of it read it."""
    content_root: str | None
    path: Path | None
    """Where it is; None: it is the input itself, of which nothing changed."""


class Fixed(Struct, frozen=True, eq=False):
    """Data without what the remedies mend. It lives in a temporary folder until it is closed."""

    audit: Audit
    """The scan of the data as it was given."""
    recipe: Recipe
    remedies: tuple[Remedy, ...]
    """Those that were applied, in their order."""
    record: ChangeRecord
    sources: Sequence[TableSource]
    """The files of the input."""
    files: Mapping[int, FixedFile]
    """File of the input → what stands in its place; a file without rows is left out."""
    leftovers: tuple[Leftover, ...]
    decisions: Document | None
    """The file of decisions of people."""
    provenance: ProvenanceRecord | None
    """The provenance record of the input."""
    split: Path | None
    """`split.json` of the split that the input is a part of."""
    undecided: int
    """Rows of the file of decisions about which nothing is decided."""
    folder: RunFolder
    now: datetime

    @property
    def changes(self) -> pl.DataFrame:
        """Every change, as `changes.CHANGED`: no text and no value."""
        return self.record.table()

    @property
    def held(self) -> pl.DataFrame:
        """The rows that were set aside until a person has decided: `file`, `row`, `rule`."""
        names = dict(enumerate(source.file.name for source in self.sources))
        file = pl.col("file").replace_strict(names, return_dtype=pl.String)
        return self.record.held.select(file, "row", "rule").sort("file", "row")

    @property
    def exit_code(self) -> int:
        """0 done; 1 something is left that only a person can decide."""
        return int(bool(self.leftovers or self.undecided or self.record.held.height))

    @property
    def train(self) -> pl.DataFrame:
        """The training rows."""
        return self._rows(TRAIN)

    @property
    def validation(self) -> pl.DataFrame:
        """The validation rows."""
        return self._rows(VALIDATION)

    @property
    def holdout(self) -> pl.DataFrame:
        """The holdout rows."""
        return self._rows(HOLDOUT)

    def names(self, split: str) -> list[str]:
        """Return the names under which the files of a split are written."""
        return [self._name(n) for n in self.files if self.sources[n].file.split == split]

    def _rows(self, split: str) -> pl.DataFrame:
        frames = [
            self._frame(number) for number in self.files if self.sources[number].file.split == split
        ]
        return pl.concat(frames, how="diagonal") if frames else pl.DataFrame()

    def _frame(self, number: int) -> pl.DataFrame:
        source = self.sources[number]
        if isinstance(source, FrameSource):
            return frame_rows(source, self.record.kept[number], self.record.edits(number))
        from ftaudit.readers.inputs import open_inputs

        path = self.files[number].path
        opened = source if path is None else open_inputs([path]).sources[0]
        batches = list(opened.batches())
        return pl.concat(batches).drop("__row") if batches else pl.DataFrame()

    def lineage(self, changes: bytes) -> LineageStatement:
        """Return the statement that binds what is written to what was given.

        Args:
            changes: the bytes of `changes.parquet`.
        """
        manifest = self.audit.manifest
        inputs = {given.name: given for given in manifest.predicate.inputs}
        before = [
            _lineage_file(source.file.name, source.file, inputs[source.file.name].content_root)
            for source in self.sources
        ]
        after = [
            _lineage_file(written_name(self.sources[number]), fixed.file, fixed.content_root)
            for number, fixed in sorted(self.files.items())
        ]
        counts = [
            ChangeCount(remedy=remedy, rule=rule, rows_removed=rows, spans_replaced=spans)
            for remedy, rule, rows, spans in self.record.counts()
        ]
        return LineageStatement(
            subject=[Subject(name=f.name, digest=FileDigest(sha256=f.sha256)) for f in after],
            predicate=LineagePredicate(
                tool=manifest.predicate.tool,
                time_created=timestamp(self.now),
                inputs=before,
                outputs=after,
                recipe=self.recipe.id,
                remedies=[
                    AppliedRemedy(id=r.id, choices=recorded_choices(r)) for r in self.remedies
                ],
                policy=manifest.predicate.policy,
                audit_evidence=evidence_digest(manifest),
                decisions=self.decisions,
                changes=counts,
                changes_file=Document(name=CHANGES_FILE, sha256=sha256(changes).hexdigest()),
                rows_held=self.record.held.height,
                findings_left=sum(left.findings for left in self.leftovers),
            ),
        )

    def write(
        self,
        folder: str | Path,
        *,
        set_aside: bool = True,
        sign_with: str | Path | None = None,
    ) -> list[Path]:
        """Write the data under its own names, with the record of what changed; whole or not at all.

        Beside the data: `changes.parquet`, `lineage.json`, the provenance record with this step,
        the record of the split that the input is a part of, and `set-aside/` with the rows that
        were removed, but for those that hold personal data or a secret.

        Args:
            folder: it appears whole, or takes the place of what `fix` wrote there before.
            set_aside: whether removed rows are written.
            sign_with: a private key; adds the signed lineage, `lineage.dsse.json`.

        Raises:
            InputError: the folder holds the input or something else, or cannot be written; or the
                key cannot be used.
        """
        target = Path(folder)
        self._refuse_input_within(target)
        changes = self._changes_file()
        statement = self.lineage(changes)
        files: dict[str, str | bytes | Path] = {
            written_name(self.sources[number]): fixed.path or self._copied(number)
            for number, fixed in self.files.items()
        }
        if set_aside:
            files |= dict(self._set_aside())
        text = lineage_statement.to_json(statement)
        files |= {CHANGES_FILE: changes, LINEAGE_FILE: text}
        if self.provenance is not None:
            files[PROVENANCE_FILE] = with_step(self.provenance, statement, self.now)
        if self.split is not None:
            files[SPLIT_FILE] = self.split
        if sign_with is not None:
            key = envelope.load_private_key(sign_with)
            files[SIGNED_LINEAGE] = envelope.sign(text.encode(), key)
        return replace_folder(target, files, mark=LINEAGE_FILE)

    def _changes_file(self) -> bytes:
        buffer = BytesIO()
        self.changes.write_parquet(buffer)
        return buffer.getvalue()

    def _copied(self, number: int) -> Path:
        """Return a copy of a file of which nothing changed."""
        path = self.folder.path / "same" / str(number) / PurePosixPath(self._name(number)).name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_rows(self.sources[number], self.record.kept[number], path)
        return path

    def _set_aside(self) -> Iterator[tuple[str, Path]]:
        """Yield name and path of the rows that were removed, of every file with any.

        What other remedies would replace in them is replaced.
        """
        for number, source in enumerate(self.sources):
            aside = self.record.set_aside(number)
            if aside.any():
                name = f"{SET_ASIDE}/{self._name(number)}"
                path = self.folder.path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                write_rows(source, aside, path, self.record.edits(number))
                path.chmod(0o600)
                yield name, path

    def _name(self, number: int) -> str:
        return written_name(self.sources[number])

    def _refuse_input_within(self, folder: Path) -> None:
        for source in self.sources:
            file = local_file(source)
            if file is not None and folder.resolve() in file.path.resolve().parents:
                problem = "the output folder holds the data that is fixed"
                raise InputError(folder, problem, remedy="Name another with --output")

    def close(self) -> None:
        """Remove the temporary folder."""
        self.audit.close()
        self.folder.cleanup()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def written_name(source: TableSource) -> str:
    """Return the name under which a file is written: its own, in folders that hold a column.

    That of an address is its parts as folders, without any that leads elsewhere.
    """
    name = source.file.name
    if "://" in name:
        parts = re.split("://|/", name)
        name = "/".join(p.replace(":", "_") for p in parts if p not in {"", ".", ".."})
    if isinstance(source, PartitionedSource):
        folders = [f"{column}={value}" for column, value in source.values.items()]
        rest = [part for part in name.split("/") if part not in folders]
        return "/".join([*rest[:-1], *folders, rest[-1]])
    return f"{name}.parquet" if isinstance(source, FrameSource) else name


def _lineage_file(name: str, file: DataFile, content_root: str | None) -> LineageFile:
    return LineageFile(
        name=name,
        role=cast("Any", file.split),
        rows=file.rows,
        sha256=file.sha256,
        content_root=content_root,
    )
