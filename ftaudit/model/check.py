"""The contract every check meets, and the three ways one can end.

A check is a fold, written once, that never knows its engine:

    prepare(context) → the check with its parameters, or why it does not apply
    map(batch)       → partials and findings     for each batch of its relation
    combine(partials)→ partials                  associative and commutative
    judge(totals)    → metrics, and what to say of them

For any split of the relation into batches the result is the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from secrets import token_bytes
from typing import Any, ClassVar, Final, Protocol, Self, TypeAlias, runtime_checkable

import msgspec
import polars as pl
from msgspec import Struct

from ftaudit.model.column_copy import ColumnCopy
from ftaudit.model.dataset import DataFile
from ftaudit.model.declaration import declaration
from ftaudit.model.declared_fields import field_names, settable_fields
from ftaudit.model.document_models import read_value
from ftaudit.model.errors import UsageError, suggestion
from ftaudit.model.finding import EVIDENCE, Example, Metric, Rule
from ftaudit.model.training_text_marks import MarkedText
from ftaudit.model.watched_parts import WatchedParts

Value: TypeAlias = int | float
"""A metric's value: an integer, or a finite ratio rounded to 9 decimals."""


class Relation(StrEnum):
    """What a check's `map` is fed."""

    ROWS = "rows"
    """Canonical rows (`dataset.ROWS`) of every split."""
    SIMILAR = "similar"
    """Clusters of verified near-identical rows (`similarity.relation.CLUSTERS`)."""
    TABLE = "table"
    """The user's own columns, preceded by `__split`, `__file` and `__row`."""
    LINES = "lines"
    """Records as they are written (`dataset.LINES`), those that cannot be read among them."""


@dataclass(frozen=True)
class Context:
    """What a check may know before it sees a row."""

    format: str
    """Id of the record format."""
    columns: Mapping[str, str]
    """Canonical column → the user's column."""
    files: tuple[DataFile, ...]
    rows: Mapping[str, int]
    """Rows of every split that was given."""
    table: Mapping[str, pl.DataType]
    """The user's own columns and their types."""
    unread: tuple[str, ...] = ()
    """Columns, and parts of columns, that hold text, and that no role claims."""
    not_read: tuple[str, ...] = ()
    """Those, and the columns that the user does not use."""
    left_out: tuple[str, ...] = ()
    """Files beside the data that were not read as data."""
    missing_files: tuple[str, ...] = ()
    """Shards that the names of others say there are."""
    broken: tuple[str, ...] = ()
    """What is said of records that cannot be read and were left out, file by file."""
    watched: WatchedParts = field(default_factory=WatchedParts)
    """Columns and parts that are taken for metadata by their first values, and could hold text."""
    copies: Mapping[str, ColumnCopy] = field(default_factory=dict)
    """Column that is taken for a copy by its first values → what it repeats."""
    threshold: float = 0.8
    """Jaccard similarity from which two texts are near-identical, in (0, 1]."""
    provenance: str | None = None
    """Path of the provenance record."""
    expectations: tuple[str, ...] = ()
    """Paths of Great Expectations suites (files or folders)."""
    today: date | None = None
    """The day of the audit (UTC), for what depends on the calendar; None: the clock's."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    """What the policy sets for this check."""
    run_key: bytes = field(default_factory=lambda: token_bytes(32), repr=False)
    """Keys the digests by which a check counts distinct values: another in every run."""
    policy: Mapping[str, object] = field(default_factory=dict)
    """The policy's sections a check may need: `licenses`, `provenance`, `entities`, `profiles`."""


class Mapped(Struct, frozen=True, eq=False):
    """What `map` makes of one batch."""

    partials: pl.DataFrame
    findings: pl.DataFrame = msgspec.field(default_factory=EVIDENCE.to_frame)
    """`finding.EVIDENCE`; streamed to disk, never gathered in memory. In row order."""


class Chart(Struct, frozen=True):
    """A small table that reports draw: one bar per label and series."""

    title: str
    labels: tuple[str, ...]
    series: Mapping[str, tuple[float, ...]]
    """Split or series name → one value per label."""
    unit: str = "rows"


class Judgement(Struct, frozen=True, eq=False):
    """What a check says of its totals."""

    metrics: Mapping[str, Value]
    headline: str
    """The one number that matters, as a short phrase: `180 near-duplicate rows (1.8 %)`."""
    notes: tuple[str, ...] = ()
    """What a reader must know to trust the numbers: limits, samples, incomplete counts."""
    examples: tuple[Example, ...] = ()
    """At most a few per rule, worst first."""
    findings: pl.DataFrame = msgspec.field(default_factory=EVIDENCE.to_frame)
    """Findings only the totals can tell, in `finding.EVIDENCE`."""
    charts: tuple[Chart, ...] = ()
    coverage: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """What was searched and what was not, such as `entities_searched`."""
    configuration: Mapping[str, object] = msgspec.field(default_factory=dict)
    """Choices made from the data that decide results, such as the shingles used."""
    tallies: Mapping[str, Mapping[str, Mapping[str, int]]] = msgspec.field(default_factory=dict)
    """Exact counts for the profile of the data: topic → split → name → rows."""


class Check(Protocol):
    """A question about a dataset. Implementations are frozen and can be pickled.

    Parameters are the fields of a dataclass or a msgspec struct; the manifest records them and a
    policy may set them. What else the house must know of a check (tags, invariants, options,
    private parameters, coverage) is in an optional class variable
    `declares: ClassVar[Declaration]`.
    """

    id: ClassVar[str]
    version: ClassVar[int]
    relation: ClassVar[Relation]
    rules: ClassVar[tuple[Rule, ...]]
    metrics: ClassVar[tuple[Metric, ...]]

    @classmethod
    def prepare(cls, context: Context) -> "Self | Skip":
        """Return the check for this data, or why it does not apply.

        Raises:
            UsageError: a parameter is unknown or has a wrong value.
            InputError: a file the check needs is not what it should be.
        """

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Turn one batch of the relation into partials and findings."""

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Fold partials together; columns unchanged. Associative and commutative."""

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Measure the totals and say what they mean. `totals` has been combined."""


@runtime_checkable
class KeyedPartials(Protocol):
    """A check whose partials grow with the rows, as one for every id. Offering the methods is all.

    An engine brings the partials of a key together and settles them, so that no process holds all.
    They are written to the run folder, so partials with a key hold no text of the data.
    """

    def keys(self, partials: pl.DataFrame) -> pl.Series:
        """Return a number for every partial, equal for those that belong together; else null."""

    def settle(self, partials: pl.DataFrame, keyless: pl.DataFrame, /) -> pl.DataFrame:
        """Return what `judge` needs of all partials of some keys: it says the same of either.

        Args:
            partials: all there are of these keys, not combined.
            keyless: all partials without a key, combined.
        """


@runtime_checkable
class MapsInOneProcess(Protocol):
    """A check whose partials never leave the process that made them. Offering the value is all."""

    in_one_process: ClassVar[str]
    """The reason."""


class SensitiveSpan(Protocol):
    """Characters of a text that reports must not show."""

    @property
    def entity(self) -> str:
        """What the characters are, such as `EMAIL_ADDRESS`; shown in their place."""

    @property
    def start(self) -> int:
        """Offset of the first character."""

    @property
    def end(self) -> int:
        """Offset after the last character."""

    @property
    def score(self) -> float:
        """How sure that is, in (0, 1]; the surest names the place."""


@runtime_checkable
class Masking(Protocol):
    """A check that can tell what reports must mask. A check declares it by offering the method."""

    def sensitive(self, texts: pl.Series) -> Iterator[tuple[int, Sequence[SensitiveSpan]]]:
        """Yield (position, spans) of each text with something to mask, by ascending position.

        Where the check did not complete, reports ask one made without arguments.
        """


@runtime_checkable
class TrainingMarks(Protocol):
    """A check that can show what is trained of a record. It declares it by offering the method."""

    @property
    def marks(self) -> bool:
        """Whether it was given what it takes to tell."""

    def marked(self, line: bytes, mask: Callable[[str], str]) -> MarkedText:
        """Return the text of a record in stretches, masked by `mask`, which keeps places."""


@runtime_checkable
class FieldMasking(Protocol):
    """A check that finds some values only by the name of their field, and can tell which."""

    def sensitive_in_fields(
        self, texts: pl.Series, labels: pl.Series
    ) -> Iterator[tuple[int, Sequence[SensitiveSpan]]]:
        """Yield (position, spans) of each field's text with something to mask, ascending.

        `labels` say what each field is called, and are empty for most.
        """


_OPTION: Final = re.compile(r"--[a-z][a-z-]*")


class Skip(Struct, frozen=True):
    """Why a check does not run on this data."""

    reason: str
    applicable: bool = False
    """True when the data could be checked but something the user can give is missing."""
    options: tuple[str, ...] = ()
    """Options of the command line with which the check would run, such as `--slice-column`."""

    @property
    def sentence(self) -> str:
        """The reason as manifests record it, with the options in brackets at its end."""
        return f"{self.reason} ({', '.join(self.options)})" if self.options else self.reason

    @classmethod
    def recorded(cls, sentence: str) -> "Skip":
        """Take a recorded reason apart, so that what `sentence` joins stands in this class only."""
        reason, bracket, rest = sentence.rpartition(" (")
        options = tuple(rest.removesuffix(")").split(", ")) if rest.endswith(")") else ()
        if not bracket or not options or not all(_OPTION.fullmatch(name) for name in options):
            return cls(sentence)
        return cls(reason, options=options)


class Completed(Struct, frozen=True, eq=False):
    """The check ran to its end."""

    check: Check
    judgement: Judgement
    seen: Mapping[str, int]
    """Rows mapped per split. The gate compares it with the rows there are."""
    counts: Mapping[tuple[str, str], int] = msgspec.field(default_factory=dict)
    """Findings by (rule, severity)."""


LEFT_OUT: Final = "left out with --only or --skip"
"""Reason of a check that the user did not want to run."""

NO_HOLDOUT: Final = Skip(
    "no holdout was given; name one with --holdout, or make one with ftaudit split",
    applicable=True,
)
"""Why a check that compares with a holdout does not run without one."""


class Skipped(Struct, frozen=True):
    """The check did not run, and says why."""

    check: type[Check]
    reason: str
    applicable: bool = False


class Failed(Struct, frozen=True):
    """The check broke. Never read this as a pass."""

    check: type[Check]
    error: str
    """Type of the exception and where it arose; never its text, which may hold data."""


Result: TypeAlias = Completed | Skipped | Failed


def parameters(check: type[Any], values: Mapping[str, object]) -> dict[str, object]:
    """Validate what a policy sets for a check against its fields.

    Raises:
        UsageError: an unknown parameter, or a value of the wrong type.
    """
    settable = settable_fields(check).items()
    types = {name: type_ for name, type_ in settable if not name.startswith("_")}
    valid: dict[str, object] = {}
    for name, value in values.items():
        if name not in types:
            hint = suggestion(name, types)
            msg = f"parameters of {check.id}: {name} is unknown{hint}; known: {sorted(types)}"
            raise UsageError(msg)
        try:
            valid[name] = read_value(value, types[name])
        except ValueError as error:
            msg = f"parameters of {check.id}: {name}: {error}"
            raise UsageError(msg) from None
    return valid


def recorded_parameters(check: Check) -> dict[str, object]:
    """Return a check's parameters as plain values, sorted by name.

    Of a parameter that the check declares private, the number of its values.
    """
    private = declaration(type(check)).private_parameters
    values = {
        name: getattr(check, name) for name in field_names(type(check)) if not name.startswith("_")
    }
    return {
        name: len(value) if name in private and isinstance(value, tuple | list) else _plain(value)
        for name, value in sorted(values.items())
    }


def _plain(value: object) -> object:
    match value:
        case str():
            return _without_folder(value)
        case None | bool() | int() | float():
            return value
        case Mapping():
            return {str(key): _plain(item) for key, item in sorted(value.items())}
        case list() | tuple() | set() | frozenset():
            ordered = sorted(value, key=str) if isinstance(value, set | frozenset) else value
            return [_plain(item) for item in ordered]
        case _:
            return str(value)


def _without_folder(text: str) -> str:
    """Return a parameter that names a local path by its last part: paths are of one machine."""
    kind, colon, path = text.rpartition(":")
    return f"{kind}{colon}{Path(path).name}" if Path(path).is_absolute() else text
