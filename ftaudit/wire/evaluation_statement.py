"""The wire format of an evaluation: an in-toto Statement about a holdout and files of results.

Its own type beside the audit manifest, closed and frozen per version. Counts are exact integers;
every rate, interval and p-value follows from them and is rounded to 12 significant digits, so
that bytes are equal on every machine. The JSON Schema is
`ftaudit/wire/schemas/evaluation-v1.schema.json`.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from ftaudit.model.errors import InputError, IntegrityError
from ftaudit.model.escape import shown_json
from ftaudit.model.json_object import RepeatedKeyError
from ftaudit.wire.exact_json import UnwritableError, exact_json
from ftaudit.wire.manifest import STATEMENT_TYPE, Document, Gate, Subject, Tool, Wire

EVALUATION_TYPE: Final = "https://ftaudit.dev/attestation/evaluation/v1"

StandingName = Literal["shown", "refuted", "not shown"]
ReadingName = Literal[
    "strict", "lenient", "without leaked rows", "leaked rows", "without reworded rows"
]

READINGS: Final[tuple[ReadingName, ...]] = (
    "strict",
    "lenient",
    "without leaked rows",
    "leaked rows",
    "without reworded rows",
)
"""How answers were read, and on which rows; the last is without leaked rows, too."""


class EvaluatedHoldout(Wire, frozen=True, kw_only=True):
    """The holdout both models answered. The digests of its files are among the subjects."""

    files: list[str]
    rows: int
    format: str
    columns: dict[str, str]
    id_column: str
    """Empty when rows are known by their number."""
    labelled: bool


class AuditReference(Wire, frozen=True, kw_only=True):
    """The audit of the holdout that the evaluation rests on."""

    sha256: str
    """Of the manifest."""
    evidence: str
    """Of what data and configuration decide in it."""


class MeasuredUsage(Wire, frozen=True, kw_only=True):
    """Mean tokens of a request."""

    prompt: float
    cached: float
    completion: float
    requests: int


class EvaluatedModel(Wire, frozen=True, kw_only=True):
    """A model, and the file of its results. The digest of the file is among the subjects."""

    role: Literal["baseline", "tuned"]
    name: str
    file: str
    format: str
    score: str
    paired_by: str
    runs: int
    missing: int
    """Holdout rows that it did not answer."""
    failed: int
    """Holdout rows whose request failed."""
    revision: str
    settings: dict[str, str]
    usage: MeasuredUsage | None


class PairTable(Wire, frozen=True, kw_only=True):
    """Rows that both models, one or neither has right."""

    both: int
    fixed: int
    """Only the tuned model is right."""
    broken: int
    """Only the baseline is right."""
    neither: int


class LiftRecord(Wire, frozen=True, kw_only=True):
    """A lift and its uncertainty."""

    reading: ReadingName
    method: str
    pairs: int
    counts: PairTable | None
    """None for graded scores."""
    baseline: float
    tuned: float
    difference: float
    lower: float
    upper: float
    standard_error: float
    p_value: float
    clusters: int | None = None
    design_effect: float | None = None
    second_lower: float | None = None
    second_upper: float | None = None


class ComparisonRecord(Wire, frozen=True, kw_only=True):
    """The tuned model against one baseline."""

    baseline: str
    missing: int
    failed: int
    adjusted_p_value: float
    """By Holm over all baselines."""
    standing: StandingName
    lifts: list[LiftRecord]
    """Strict first; the other readings only for the best baseline."""


class GroupRecord(Wire, frozen=True, kw_only=True):
    """A class, or one value of a slice."""

    kind: str
    name: str
    counts: PairTable
    lower: float
    upper: float
    standing: StandingName
    worse: float
    better: float


class ViolationRecord(Wire, frozen=True, kw_only=True):
    """How many rows break a rule in the outputs of both models, of one or of neither."""

    rule: str
    both: int
    removed: int
    introduced: int
    neither: int


class ClaimRecord(Wire, frozen=True, kw_only=True):
    """A claim about the tuned model, and whether the results show it."""

    id: str
    standing: StandingName
    text: str


class MeasureRecord(Wire, frozen=True, kw_only=True):
    """Whether something was measured, else why not."""

    id: str
    state: Literal["completed", "skipped"]
    reason: str = ""


class ChangedRow(Wire, frozen=True, kw_only=True):
    """A row of the holdout that the tuned model fixed or broke. Holds no text."""

    change: Literal["fixed", "broken"]
    group: str
    file: str
    row: int


class EvaluationPredicate(Wire, frozen=True, kw_only=True):
    """The evaluation itself."""

    tool: Tool
    time_created: str
    expires: str
    holdout: EvaluatedHoldout
    audit: AuditReference | None
    plan: Document | None
    policy: Document
    outputs: Document | None
    models: list[EvaluatedModel]
    configuration: dict[str, object]
    comparisons: list[ComparisonRecord]
    """The best baseline first."""
    groups: list[GroupRecord]
    violations: list[ViolationRecord]
    claims: list[ClaimRecord]
    measures: list[MeasureRecord]
    metrics: dict[str, int | float]
    uses: int
    """Tuned models that this holdout has judged, as far as the ledger knows."""
    incomplete: list[str]
    """Why the result is incomplete; empty when it is not."""
    changed: list[ChangedRow]
    notes: list[str]
    gate: Gate


class EvaluationStatement(Wire, frozen=True, kw_only=True):
    """An in-toto Statement v1 about a holdout and the results on it."""

    type_: Literal["https://in-toto.io/Statement/v1"] = msgspec.field(
        name="_type", default=STATEMENT_TYPE
    )
    subject: list[Subject]
    predicate_type: Literal["https://ftaudit.dev/attestation/evaluation/v1"] = EVALUATION_TYPE
    predicate: EvaluationPredicate


def to_json(statement: EvaluationStatement) -> str:
    """Serialise with sorted keys: equal evaluations give equal bytes."""
    value = msgspec.to_builtins(statement)
    return shown_json(value, allow_nan=False) + "\n"


def from_json(data: bytes, name: str = "evaluation") -> EvaluationStatement:
    """Read an evaluation.

    Raises:
        InputError: not JSON, or not an in-toto Statement.
        IntegrityError: a statement of another type, or fields that are not those of version 1.
    """
    try:
        value = exact_json(data)
    except RepeatedKeyError:
        raise IntegrityError(f"{name}: a key stands twice, where ftaudit writes it once") from None
    except UnwritableError:
        raise IntegrityError(f"{name}: holds text or numbers that an evaluation cannot") from None
    except (ValueError, RecursionError):
        raise InputError(name, "not JSON, so not an evaluation", remedy=_COMPARE) from None
    if not isinstance(value, dict) or value.get("_type") != STATEMENT_TYPE:
        raise InputError(name, "not an in-toto Statement, so not an evaluation", remedy=_COMPARE)
    if value.get("predicateType") != EVALUATION_TYPE:
        message = "a statement of another type or version, where an evaluation is expected"
        raise IntegrityError(f"{name}: {message}")
    try:
        return msgspec.convert(value, EvaluationStatement)
    except msgspec.ValidationError as error:
        raise IntegrityError(f"{name}: not an evaluation of version 1: {error}") from None


def is_evaluation(data: bytes) -> bool:
    """Return whether a payload means to be an evaluation."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and value.get("predicateType") == EVALUATION_TYPE


def load(path: Path | str) -> EvaluationStatement:
    """Read the evaluation at `path` (unsigned JSON).

    Raises:
        InputError: unreadable or not an evaluation.
        IntegrityError: fields that are not those of version 1.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})", remedy=_COMPARE) from None
    return from_json(data, str(path))


def digest(statement: EvaluationStatement) -> str:
    """Return the SHA-256 of the evaluation's file."""
    return hashlib.sha256(to_json(statement).encode()).hexdigest()


def evidence_digest(statement: EvaluationStatement) -> str:
    """Return the SHA-256 of all that results and configuration decide: no clock in it.

    RFC 8785 canonical JSON of the statement without `timeCreated` and `expires`.
    """
    import rfc8785

    value = msgspec.to_builtins(statement)
    del value["predicate"]["timeCreated"], value["predicate"]["expires"]
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def schema() -> Mapping[str, object]:
    """Return the JSON Schema of an evaluation (the file in the package is made from it)."""
    made = msgspec.json.schema(EvaluationStatement, schema_hook=_anything)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": EVALUATION_TYPE,
        "title": "ftaudit evaluation, version 1",
        **made,
    }


def _anything(_: type) -> dict[str, object]:
    """Return the schema of a configuration value: any JSON."""
    return {"description": "any JSON value"}


_COMPARE: Final = "Name the evaluation.json or evaluation.dsse.json that `ftaudit compare` wrote"
