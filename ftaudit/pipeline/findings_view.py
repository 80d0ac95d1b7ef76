"""The findings of a scan that was written, with masked excerpts where the data is at hand.

Excerpts are made from the data, never stored: the data is given, or it is searched for below the
current folder by names and digests of the manifest. Files that are not the audited ones are not
read.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from hashlib import file_digest
from pathlib import Path
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.checks import discover
from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.check import Masking, parameters
from ftaudit.model.declaration import declaration
from ftaudit.model.errors import FtauditError, InputError, UsageError, suggestion
from ftaudit.model.finding import FINDINGS, Severity
from ftaudit.pipeline.audit import FINDINGS_FILE
from ftaudit.pipeline.excerpts import excerpts_of
from ftaudit.pipeline.session import NamedData, ReadingOptions, open_session
from ftaudit.reports.excerpt import NONE, Excerpts
from ftaudit.reports.findings_table import RuleFindings
from ftaudit.reports.limits import concern, severity_rank
from ftaudit.wire import envelope
from ftaudit.wire.manifest import ExampleRecord, Manifest, Reference, from_json

SEARCHED: Final = 20_000
"""Files and folders looked at in search of the data, at most."""
COLUMN_ROLES: Final = ("input", "output", "label", "group", "time", "annotator")
"""Roles whose column the user may have named."""


class FindingSelection(Struct, frozen=True):
    """Which findings to show; None and empty: all."""

    check: str | None = None
    rule: str | None = None
    """The id of a rule, or a pattern such as `pii.*`."""
    split: str | None = None
    limit: int | None = None
    """Findings at most."""
    pairs_once: bool = False
    """Whether a pair that is found from both of its rows is shown from one, the worse."""


class FindingsView(Struct, frozen=True):
    """Selected findings by rule, the worst first, and the rows they name."""

    groups: tuple[RuleFindings, ...]
    excerpts: Excerpts
    note: str
    """Why there are no excerpts; empty where there are."""


def read_scan(folder: Path) -> Manifest:
    """Return the manifest of an output folder, signed or not.

    Raises:
        InputError: the folder holds no manifest.
        IntegrityError: a damaged one.
    """
    for name in ("manifest.json", "manifest.dsse.json"):
        path = folder / name
        try:
            data = read_bounded(path, envelope.LARGEST)
        except OSError:
            continue
        if envelope.is_envelope(data):
            data = envelope.unverified(data, name=str(path)).payload
        return from_json(data, str(path))
    remedy = "Name the folder that `ftaudit scan --output` wrote"
    raise InputError(folder, "holds no manifest", remedy=remedy)


def findings_view(
    folder: Path,
    selection: FindingSelection,
    data: Sequence[str] = (),
    *,
    with_excerpts: bool = True,
) -> FindingsView:
    """Return the selected findings of the scan in `folder`.

    Args:
        folder: what `ftaudit scan --output` wrote.
        selection: which findings.
        data: the audited data; searched for when it is not given.
        with_excerpts: whether to look for rows at all.

    Raises:
        InputError: the folder holds no findings, or `data` cannot be read.
        UsageError: there is no such check, rule or split.
    """
    manifest = read_scan(folder)
    _require_known(selection, manifest)
    groups = tuple(_groups(_selected(folder, selection), manifest, selection))
    references = [r for group in groups for example in group.examples for r in _both(example)]
    if not with_excerpts or not references:
        return FindingsView(groups, NONE, "")
    masking = _maskings(manifest)
    if masking is None:
        note = "the scan masked with recognizers or a model of its own, so no rows are shown here"
        return FindingsView(groups, NONE, note)
    paths = list(data) or [str(path) for path in find_audited(manifest)]
    if not paths:
        note = "the data was not found below this folder by name; name it to see its rows"
        return FindingsView(groups, NONE, note)
    excerpts = _excerpts(manifest, paths, references, masking)
    audited = "" if excerpts else "the data is not what was audited, so no rows are shown"
    return FindingsView(groups, excerpts, audited)


def find_audited(manifest: Manifest) -> list[Path]:
    """Return the audited files below the current folder: equal in name, size and digest."""
    digests = {subject.name: subject.digest.sha256 for subject in manifest.subject}
    inputs = {data.name: data for data in manifest.predicate.inputs}
    tails = {name.rpartition("/")[2] for name in inputs}
    located: dict[str, Path] = {}
    for path in _files_below(Path()):
        if path.name not in tails:
            continue
        for name, data in inputs.items():
            fits = f"/{path.as_posix()}".endswith(f"/{name}") and name not in located
            if fits and path.stat().st_size == data.bytes and _sha256(path) == digests.get(name):
                located[name] = path
        if len(located) == len(inputs):
            break
    return list(located.values())


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield files, nearest folders first, without hidden ones and without following links."""
    waiting, seen = [folder], 0
    for current in waiting:
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            seen += 1
            if seen > SEARCHED:
                return
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append(current / entry.name)
            elif entry.is_file():
                yield current / entry.name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _require_known(selection: FindingSelection, manifest: Manifest) -> None:
    checks = [check.id for check in manifest.predicate.checks]
    if selection.check is not None and selection.check not in checks:
        hint = suggestion(selection.check, checks)
        raise UsageError(f"the scan has no check {selection.check}{hint}")
    rules = [f.rule for check in manifest.predicate.checks for f in check.findings]
    rule = selection.rule
    if rule is not None and rules and not any(fnmatchcase(id_, rule) for id_ in rules):
        hint = suggestion(rule, rules) or f"; found: {', '.join(sorted(rules)[:20])}"
        raise UsageError(f"the scan found nothing of the rule {rule}{hint}")


def _selected(folder: Path, selection: FindingSelection) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(folder / FINDINGS_FILE)
    except (OSError, pl.exceptions.PolarsError):
        remedy = "Scan again, or name the folder that `ftaudit scan --output` wrote"
        raise InputError(
            folder / FINDINGS_FILE, "the findings cannot be read", remedy=remedy
        ) from None
    if frame.schema != FINDINGS:
        raise InputError(folder / FINDINGS_FILE, "not the findings of a scan", remedy="Scan again")
    for column in ("check", "split"):
        value = getattr(selection, column)
        if value is not None:
            frame = frame.filter(pl.col(column) == value)
    if selection.rule is not None:
        rules = [r for r in frame["rule"].unique() if fnmatchcase(r, selection.rule)]
        frame = frame.filter(pl.col("rule").is_in(rules))
    return frame


def _groups(
    frame: pl.DataFrame, manifest: Manifest, selection: FindingSelection
) -> Iterator[RuleFindings]:
    """Yield findings by rule, the worst first; a limit counts over all rules, each in turn."""
    counts = {
        (check.id, finding.rule): finding
        for check in manifest.predicate.checks
        for finding in check.findings
    }
    by_rule = frame.partition_by("check", "rule", as_dict=True, maintain_order=True)
    selected = {
        key: _pairs(rows) if selection.pairs_once else rows for key, rows in by_rule.items()
    }
    ranks = {check.id: severity_rank(check) for check in manifest.predicate.checks}
    severities = list(reversed(Severity))
    order = sorted(
        by_rule,
        key=lambda key: (
            concern(str(key[0])),
            ranks.get(str(key[0]), 9),
            str(key[0]),
            severities.index(Severity(by_rule[key]["severity"][0])),
            str(key[1]),
        ),
    )
    shares = _shares([selected[key].height for key in order], selection.limit)
    splits = {data.name: data.role for data in manifest.predicate.inputs}
    for key, share in zip(order, shares, strict=True):
        check, rule = str(key[0]), str(key[1])
        rows, finding = selected[key], counts.get((check, rule))
        examples = tuple(_example(row, splits) for row in rows.head(share).iter_rows(named=True))
        title = finding.title if finding else ""
        severity = str(rows["severity"][0])
        mirrored = by_rule[key].height - rows.height
        yield RuleFindings(check, rule, title, severity, rows.height, examples, mirrored)


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Return findings of one rule without those that name the pair of another, with less score."""
    own, related = pl.struct("file", "row"), pl.struct("related_file", "related_row")
    places = [place.struct.rename_fields(["file", "row"]) for place in (own, related)]
    pair = pl.concat_list(places).list.sort()
    paired = rows.with_columns(pair.alias("pair")).with_row_index("place")
    alone = paired.filter(pl.col("related_row").is_null())
    first = (
        paired.filter(pl.col("related_row").is_not_null())
        .sort("score", descending=True, nulls_last=True, maintain_order=True)
        .unique(["pair", "field"], keep="first", maintain_order=True)
    )
    return pl.concat([alone, first]).sort("place").select(rows.columns)


def _shares(heights: Sequence[int], limit: int | None) -> list[int]:
    """Deal `limit` rows out among groups of these heights, one in turn."""
    if limit is None:
        return list(heights)
    shares, left = [0] * len(heights), limit
    while left > 0 and shares != list(heights):
        for at, height in enumerate(heights):
            if left > 0 and shares[at] < height:
                shares[at] += 1
                left -= 1
    return shares


def _example(row: Mapping[str, object], splits: Mapping[str, str]) -> ExampleRecord:
    own = _reference(row["file"], row["row"], row["line"], str(row["split"]))
    related = None
    if row["related_file"] is not None:
        split = splits.get(str(row["related_file"]), "")
        related = _reference(row["related_file"], row["related_row"], row["related_line"], split)
    return ExampleRecord(
        rule=str(row["rule"]),
        where=own,
        related=related,
        field=str(row["field"] or ""),
        start=_whole(row["start"]),
        end=_whole(row["end"]),
        similarity=_real(row["similarity"]),
        score=_real(row["score"]),
        detail=str(row["detail"] or ""),
    )


def _reference(file: object, row: object, line: object, split: str) -> Reference:
    return Reference(split=split, file=str(file), row=_whole(row) or 0, line=_whole(line))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _real(value: object) -> float | None:
    return value if isinstance(value, float) else None


def _both(example: ExampleRecord) -> Iterator[Reference]:
    yield example.where
    if example.related is not None:
        yield example.related


def _maskings(manifest: Manifest) -> tuple[Masking, ...] | None:
    """Return the checks that mask, as they were set in the scan; None where that cannot be.

    Code, files and models that a manifest names are never loaded. Lists of allowed values are not
    recorded: without them more is masked.
    """
    recorded = manifest.predicate.configuration.get("checks")
    maskings: list[Masking] = []
    for id_, check in discover().items():
        if not issubclass(check, Masking):
            continue
        settings = recorded.get(id_) if isinstance(recorded, dict) else None
        values = settings.get("parameters") if isinstance(settings, dict) else None
        declared = declaration(check)
        values = dict(values) if isinstance(values, dict) else {}
        if any(values.get(name) for name in declared.loaded_parameters):
            return None
        kept = {k: v for k, v in values.items() if k not in declared.private_parameters}
        try:
            instance = check(**parameters(check, kept))
        except UsageError:
            return None
        if isinstance(instance, Masking):
            maskings.append(instance)
    return tuple(maskings)


def _excerpts(
    manifest: Manifest,
    paths: Sequence[str],
    references: Sequence[Reference],
    masking: Sequence[Masking],
) -> Excerpts:
    """Return excerpts of rows, keyed by the names of the manifest; files are told by digest."""
    first = manifest.predicate.inputs[0]
    columns = {role: name for role, name in first.columns.items() if role in COLUMN_ROLES}
    try:
        session = open_session(NamedData(tuple(paths)), ReadingOptions(first.format, columns))
    except FtauditError:  # the format takes no columns, or recognises them itself
        session = open_session(NamedData(tuple(paths)), ReadingOptions(first.format))
    digests = {subject.name: subject.digest.sha256 for subject in manifest.subject}
    ordinals = {file.sha256: at for at, file in enumerate(session.dataset.files)}
    places = {
        reference: ordinals[digests[reference.file]]
        for reference in references
        if digests.get(reference.file) in ordinals
    }
    return excerpts_of(session.dataset, places, masking)
