"""Sentences and numbers that all reports share, as plain text on one line.

Nothing here is escaped for a format; everything has passed `printable`.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from msgspec import Struct

from ftaudit.model.breach import UNREAD_ROWS
from ftaudit.model.check import LEFT_OUT, Skip
from ftaudit.model.dataset import SPLITS
from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.wire.manifest import (
    BY_CUES,
    COLUMNS_BESIDE,
    BreachRecord,
    CheckRecord,
    ExampleRecord,
    Input,
    Manifest,
    Reference,
)

T = TypeVar("T")

RANK: Final = {"error": 0, "failed": 1, "warned": 2, "passed": 3, "skipped": 4}
"""Statuses, the worst first."""

PHRASE: Final = 300
"""Characters shown of a sentence."""
NAME: Final = 80
"""Characters shown of a name: a file, a column, a label, a rule."""


def name(text: str) -> str:
    """Return a name fit to be shown."""
    return printable(text, limit=NAME)


def phrase(text: str) -> str:
    """Return a sentence fit to be shown."""
    return printable(text, limit=PHRASE)


def padded(text: str, escaped: str) -> str:
    """Return `escaped` with the leading and trailing space of `text`."""
    if not escaped:
        return " " * bool(text)
    return " " * text[:1].isspace() + escaped + " " * text[-1:].isspace()


def spans(text: str) -> list[tuple[str, bool]]:
    """Split a sentence at backticks; return each piece, and whether it stood between backticks."""
    pieces = sentence(text).split("`")
    if len(pieces) % 2 == 0:
        return [("`".join(pieces), False)]
    return [(piece, at % 2 == 1) for at, piece in enumerate(pieces) if piece]


def number(value: float) -> str:
    """Return `10,003`, `0.992` or `1.2e-07`."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return printable(f"{int(value):,}", limit=NAME)
    figure = f"{value:,.4f}" if 1e-4 <= abs(value) < 1e9 else f"{value:.3g}"
    return figure.rstrip("0") if "." in figure and "e" not in figure else figure


def measured(metric: str, value: float) -> str:
    """Return a metric's value; a share also as a percentage."""
    is_share = metric.endswith("share") and 0 <= value <= 1
    return f"{number(value)} ({value:.2%})" if is_share and value else number(value)


def place(reference: Reference) -> str:
    """Return `train.csv row 17, line 19`: rows count from 0, lines from 1."""
    line = f", line {reference.line:,}" if reference.line is not None else ""
    return f"{name(reference.file)} row {reference.row:,}{line}"


def in_order(values: Mapping[str, T]) -> dict[str, T]:
    """Return splits in their order, then other names sorted; never in the order of a file."""
    rank = {split: at for at, split in enumerate(SPLITS)}
    return {key: values[key] for key in sorted(values, key=lambda key: (rank.get(key, 9), key))}


def span(example: ExampleRecord) -> str:
    """Return the field and the characters an example points to, such as `text[12:30]`."""
    offsets = f"[{example.start}:{example.end}]" if example.start is not None else ""
    return name(example.field) + offsets


def likeness(example: ExampleRecord) -> str:
    """Return the similarity of a pair of rows, or the confidence of a finding."""
    parts = []
    if example.similarity is not None:
        parts.append(f"similarity {example.similarity:.3f}")
    if example.score is not None:
        parts.append(f"score {example.score:.2f}")
    return ", ".join(parts)


def reading(manifest: Manifest) -> list[str]:
    """Return sentences on what was compared, and on columns that stand beside the record."""
    lines = []
    if compares_records(manifest):
        lines.append("Compared as one text: whole records, with their answers (--compare text).")
    beside = manifest.predicate.coverage.other.get(COLUMNS_BESIDE, [])
    if beside:
        lines.append(f"Beside the record: {listed(beside)}.")
    return lines


def compares_records(manifest: Manifest) -> bool:
    """Tell whether whole records were compared, rather than what a model is given."""
    similarity = manifest.predicate.configuration.get("similarity")
    return isinstance(similarity, Mapping) and similarity.get("compare") == "text"


def role_of_columns(data: Input, *, whole: bool = False) -> str:
    """Return what each column was taken for: `text is input, category is label`.

    And which columns were compared as one text, unless those were `whole` records.
    """
    pairs = list(in_order(data.columns).items())[:8]
    more = f", and {len(data.columns) - 8} more" if len(data.columns) > 8 else ""
    roles = ", ".join(f"{name(column)} is {name(role)}" for role, column in pairs) + more
    ranked = sorted((_rank(role), column) for role, column in data.columns.items())
    together = [column for rank, column in ranked if rank < len(_GIVEN)]
    if len(together) < 2 or whole:
        return roles
    return f"{roles}; compared as one text: {listed([name(c) for c in together], most=8)}"


_GIVEN: Final = ("system", "context", "title", "history", "input", "media", "choices")
"""Canonical columns of what a model is given, in the order in which they are joined."""


def _rank(role: str) -> int:
    """Return the place of a canonical column, perhaps numbered, in what is compared."""
    plain = role.rstrip("0123456789").rstrip("_")
    return _GIVEN.index(plain) if plain in _GIVEN else len(_GIVEN)


def sentence(text: str) -> str:
    """Return the text with a capital first letter, if it begins with a word, and a full stop."""
    line = phrase(text)
    if line.split(" ", 1)[0].rstrip(":,;").isalpha():
        line = line[0].upper() + line[1:]
    return line if not line or line.endswith((".", "!", "?", "…")) else line + "."


class VerdictText(Struct, frozen=True):
    """The verdict, in words."""

    passed: bool
    word: str
    """`PASSED` or `BLOCKED`."""
    meaning: str
    """What it means for the one who wants to tune."""
    reasons: str
    """How many of each kind of reason there are."""


def verdict(manifest: Manifest) -> VerdictText:
    """Return the recorded verdict in words. A check that broke blocks whatever is recorded."""
    gate, checks = manifest.predicate.gate, manifest.predicate.checks
    broken = {*gate.errors, *(c.id for c in checks if c.status == "error")}
    standing = [breach for breach in gate.breaches if breach.waiver is None]
    passed = gate.verdict == "PASSED" and not broken and not standing
    left_out = len(left_out_checks(checks))
    reasons = [
        counted(len(standing), "breach stands", "breaches stand") if standing else "",
        counted(len(broken), "check broke", "checks broke") if broken else "",
        _waived(len(gate.breaches) - len(standing)),
        counted(len(gate.warnings), "warning") if gate.warnings else "",
        counted(left_out, "check was left out", "checks were left out") if left_out else "",
    ]
    if not any(reasons[:4]):
        reasons.insert(0, _all_kept(checks, left_out))
    summary = "; ".join(reason for reason in reasons if reason)
    meaning = "Tuning may proceed." if passed else "Tuning may not proceed."
    return VerdictText(
        passed, "PASSED" if passed else "BLOCKED", meaning, summary[0].upper() + summary[1:]
    )


def left_out_checks(checks: Sequence[CheckRecord]) -> list[CheckRecord]:
    """Return the checks that the user left out."""
    return [check for check in checks if check.status == "skipped" and check.reason == LEFT_OUT]


def _all_kept(checks: Sequence[CheckRecord], left_out: int) -> str:
    """Return that every limit is kept; where checks were left out, of which checks."""
    ran = counted(sum(check.status != "skipped" for check in checks), "check")
    return f"every limit of the {ran} that ran is kept" if left_out else "every limit is kept"


def _waived(count: int) -> str:
    return counted(count, "breach is waived", "breaches are waived") if count else ""


def exit_code(manifest: Manifest) -> int:
    """Return what `ftaudit scan` ended with: 0 proceed, 1 blocked, 3 a check broke."""
    checks = manifest.predicate.checks
    gate = manifest.predicate.gate
    unread = any(breach.rule == UNREAD_ROWS for breach in gate.breaches)
    if gate.errors or unread or any(check.status == "error" for check in checks):
        return 3
    return 0 if verdict(manifest).passed else 1


def outcome(check: CheckRecord) -> str:
    """Return the headline of a check, or the reason why it has none."""
    if check.status in ("skipped", "error"):
        return phrase(check.reason) or "no reason is recorded"
    return phrase(check.headline) or "completed"


def awaited_options(check: CheckRecord) -> tuple[str, ...]:
    """Return the options with which a skipped check would run, such as `--slice-column`."""
    return Skip.recorded(check.reason).options if check.status == "skipped" else ()


def share(value: float, *, digits: int = 1) -> str:
    """Return `4.9%`, `0.68%` or `1%`: at least `digits` decimals of what is not a whole number."""
    percent = value * 100
    decimals = digits if percent >= 1 or not percent else digits + 1
    text = f"{percent:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def figure(value: float, metric: str) -> str:
    """Return a metric's value in its shortest form; a share as a percentage."""
    return share(value) if metric.endswith("share") and 0 <= value <= 1 else number(value)


def held_against(breach: BreachRecord) -> str:
    """Return `25, limit 0`, or nothing where there is no number."""
    if breach.value is None:
        return ""
    limit = f", limit {figure(breach.limit, breach.metric)}" if breach.limit is not None else ""
    return figure(breach.value, breach.metric) + limit


def gaps(manifest: Manifest) -> list[str]:
    """Return one sentence for each kind of rows, checks or entity types that were not audited."""
    coverage, checks = manifest.predicate.coverage, manifest.predicate.checks
    lines = ["The audit ran on a sample, not on all rows."] if coverage.sampled else []
    lines += [
        f"Only {rows.seen:,} of {rows.total:,} {name(split)} rows were seen by every check."
        for split, rows in in_order(coverage.rows).items()
        if rows.seen != rows.total
    ]
    if coverage.columns_not_read:
        lines.append(f"Columns not read: {listed(coverage.columns_not_read, most=12)}.")
    skipped = [check.id for check in checks if check.status == "skipped"]
    if skipped:
        lines.append(f"Not run: {listed(skipped)}.")
    if coverage.languages:
        languages = listed(sorted(coverage.languages))
        lines.append(f"Personal data was searched for as in {languages}, not in other languages.")
    by_cues = coverage.other.get(BY_CUES, [])
    if by_cues:
        lines.append(f"Searched for beside a title, label or greeting only: {listed(by_cues)}.")
    if missing := {*coverage.entities_not_searched} - {*by_cues}:
        entities = sorted(sorted(missing), key=_is_national)
        lines.append(f"Not searched for: {listed(entities, most=12)}.")
    return lines


def _is_national(entity: str) -> bool:
    """Return whether an entity type is one country's, such as `IT_PASSPORT`: named last."""
    return entity[2:3] == "_"


def listed(items: Sequence[str], most: int = 40) -> str:
    """Return the items with commas, and how many were left out."""
    more = f" and {len(items) - most:,} more" if len(items) > most else ""
    return ", ".join(name(item) for item in items[:most]) + more


def ordered(checks: Sequence[CheckRecord]) -> list[CheckRecord]:
    """Return the checks that broke, failed, warned, passed and did not run, in this order."""
    return sorted(checks, key=lambda check: RANK[check.status])
