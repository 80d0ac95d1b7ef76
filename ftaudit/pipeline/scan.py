"""The straight line of a scan: session → checks folded → judged → recorded → excerpts.

No stage reaches back into an earlier one: what a later stage needs is in the value that the earlier
one returned.
"""

import dataclasses
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from typing import Unpack

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit import __version__
from ftaudit.admission.rules import Rulebook
from ftaudit.engines import spool
from ftaudit.engines.base import Engine
from ftaudit.engines.local import first_worker
from ftaudit.engines.local.engine import LocalEngine
from ftaudit.engines.local.finished_parts import KEY_BYTES, FinishedParts
from ftaudit.engines.row_digests import NO_DIGESTS, RowDigests
from ftaudit.model.bounded_read import read_bounded
from ftaudit.model.check import (
    LEFT_OUT,
    Check,
    Completed,
    Context,
    Masking,
    Relation,
    Result,
    Skip,
    Skipped,
    TrainingMarks,
)
from ftaudit.model.cores import cores, has_idle_core
from ftaudit.model.dataset import Dataset
from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.model.garbage import rare_collections
from ftaudit.model.options import THRESHOLD, Options
from ftaudit.model.progress import Progress, Silent
from ftaudit.model.run_folder import RunFolder
from ftaudit.pipeline import excerpts as excerpting
from ftaudit.pipeline.audit import FINDINGS_FILE, Audit
from ftaudit.pipeline.digesting import row_digests
from ftaudit.pipeline.excerpts import ShownTexts
from ftaudit.pipeline.folding import (
    DIVIDED,
    CheckLoader,
    FoldedChecks,
    fold_checks,
    prepare_checks,
)
from ftaudit.pipeline.keyword_types import ScanKeywords
from ftaudit.pipeline.record import NamedFile, ScanRecord, evidence, libraries, record
from ftaudit.pipeline.scan_keywords import with_keywords
from ftaudit.pipeline.session import (
    Data,
    NamedData,
    ReadingOptions,
    Session,
    open_session,
    open_unsound,
)
from ftaudit.policy.decision import Verdict, Waiver, decide, owners
from ftaudit.policy.policy import Policy
from ftaudit.reports.training_examples import TrainingExample
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.static_vectors import open_model

WORTH_BEGINNING = 256 << 10
"""Bytes of files whose row checks take longer than a worker takes to be up, half a second: scans of
less are over by then, where this process has imported ftaudit before. From the command line every
scan begins with a worker, which imports while this process does."""


WORTH_LOADING = 8 << 20
"""Bytes of files from which on the worker loads, while they are read for the first time, what is
needed once there is something to be found: seconds that its first part of the rows would take."""


def scan(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    data: Data,
    *,
    holdout: Data = (),
    validation: Data = (),
    policy: str | Path | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
    **keywords: Unpack[ScanKeywords],
) -> Audit:
    """Audit training data and decide whether tuning may proceed.

    Args:
        data: training data: paths, globs, folders or URLs, polars frames (eager or lazy),
            datasets of Hugging Face, or anything with the Arrow C stream interface; one or
            several. A dictionary of them (`DatasetDict`) is split by its names.
        holdout: data that must not leak into training, likewise.
        validation: data used to choose between models, likewise.
        policy: a built-in policy's name, or a policy file; wins over that of `options`.
        options: everything else that can be chosen.
        progress: where to report stages to.
        now: the time to record; by default SOURCE_DATE_EPOCH, else the clock's.
        keywords: any option of the command line by name: fields of `Options` (`only`,
            `threshold`), columns (`label_column`), and options that checks declare
            (`slice_column`); they win over `options`.

    Raises:
        InputError: data or a file that is not what it should be.
        UsageError: an option that cannot be meant.
    """
    chosen = with_keywords(options or Options(), keywords)
    if policy is not None:
        chosen = replace(chosen, policy=policy)
    named = NamedData.of(data, validation=validation, holdout=holdout)
    finished = finished_parts(chosen)
    request = ScanRequest(named, chosen, now or clock(), finished.key if finished else None)
    folder = RunFolder()
    try:
        if chosen.workers != 1 and chosen.engine == "local" and named.bytes >= WORTH_BEGINNING:
            much = named.bytes >= WORTH_LOADING
            if much or has_idle_core():
                first_worker.begin()
            if much:
                first_worker.load(chosen.only, chosen.skip)
        with rare_collections(), chosen_engine(chosen, folder.path, progress) as engine:
            return _scan(request, engine, folder, progress or Silent())
    except BaseException:
        folder.cleanup()
        raise


@contextmanager
def chosen_engine(options: Options, folder: Path, progress: Progress | None) -> Iterator[Engine]:
    """Lend the engine that the options name.

    Raises:
        UsageError: it cannot be started.
    """
    driver = local_engine(options, folder, progress)
    if options.engine == "local":
        driver.first = first_worker.take() if driver.processes > 1 else None
        try:
            yield driver
        finally:
            driver.close()
        return
    from ftaudit.engines.spark.spark_engine import spark_engine

    with spark_engine(options.master, driver) as engine:
        yield engine


def local_engine(options: Options, folder: Path, progress: Progress | None) -> LocalEngine:
    """Return the engine of this machine, as far as the options set it."""
    return LocalEngine(
        folder=folder,
        processes=options.workers or cores(),
        memory=options.memory,
        progress=progress or Silent(),
        finished=finished_parts(options),
    )


def finished_parts(options: Options) -> FinishedParts | None:
    """Return where results of finished parts are kept; None where they are not.

    Raises:
        UsageError: the folder is not this account's own, or cannot be written.
    """
    if options.resume is None:
        return None
    if options.engine != "local":
        message = "--resume keeps the parts of the local engine; Spark makes lost ones again itself"
        raise UsageError(message)
    versions = json.dumps({"ftaudit": __version__, **libraries()}, sort_keys=True)
    return FinishedParts.within(Path(options.resume), versions)


class ScanRequest(Struct, frozen=True):
    """What is asked of a scan."""

    data: NamedData
    options: Options
    now: datetime
    run_key: bytes | None = None
    """Keys the digests of distinct values; None: one of its own."""

    @property
    def provenance(self) -> Path | None:
        """The provenance record that was named, or the one beside the training data."""
        if self.options.provenance is not None:
            return Path(self.options.provenance)
        return self.data.provenance_beside()


def _scan(request: ScanRequest, engine: Engine, folder: RunFolder, progress: Progress) -> Audit:
    """Go down the line once."""
    rules = Rulebook.load(request.options.policy)
    checks = chosen_checks(rules.checks, request.options)
    reading = ReadingOptions.of(request.options, rules.policy.columns)
    plan = ScanPlan(request, rules, checks)
    try:
        session = open_session(request.data, reading, survey=engine.survey)
    except InputError as error:
        folded = _fold_unsound(plan, error, engine, folder.path)
        if folded is None:
            raise
    else:
        folded = fold_session(plan, session, engine, folder.path)
    return audited(plan, folded, engine, folder, progress)


class ScanPlan(Struct, frozen=True):
    """What is asked of a scan, by which rules, and the checks that are to run."""

    request: ScanRequest
    rules: Rulebook
    checks: Mapping[str, type[Check]]

    def contexts(self, dataset: Dataset, table: Mapping[str, pl.DataType]) -> dict[str, Context]:
        """Return what each check is told: the same of the data, and its own parameters."""
        policy, options = self.rules.policy, self.request.options
        provenance = self.request.provenance
        context = Context(
            format=dataset.format,
            columns=dataset.columns,
            files=dataset.files,
            rows={split: dataset.count(split) for split in dataset.splits},
            table=table,
            unread=dataset.unread,
            not_read=dataset.not_read,
            watched=dataset.watched,
            copies=dataset.copies,
            left_out=dataset.left_out,
            missing_files=dataset.missing_files,
            broken=dataset.broken,
            threshold=_threshold(options, policy),
            provenance=str(provenance) if provenance else None,
            expectations=options.expectations,
            policy=policy.sections(),
            today=self.request.now.date(),
            run_key=self.request.run_key or token_bytes(KEY_BYTES),
        )
        return {
            id_: dataclasses.replace(
                context,
                parameters={**policy.parameters.get(id_, {}), **options.parameters.get(id_, {})},
            )
            for id_ in self.checks
        }

    @property
    def similarity(self) -> SimilarityOptions:
        """What decides which texts are near-identical."""
        options = self.request.options
        return SimilarityOptions(
            threshold=_threshold(options, self.rules.policy),
            method=options.method,
            shingles=options.shingles,
            compare=options.compare,
            vectors=open_model(options.vectors) if options.vectors is not None else None,
        )


class FoldedScan(Struct, frozen=True, eq=False):
    """The data of a scan, and how every check ended on it."""

    dataset: Dataset
    results: tuple[Result, ...]
    checks: FoldedChecks
    content_roots: Mapping[int, str]
    description: str
    """What the data was recognised as, for people."""
    digests: RowDigests = NO_DIGESTS
    """Of the rows that findings name."""


def fold_session(plan: ScanPlan, session: Session, engine: Engine, folder: Path) -> FoldedScan:
    """Fold the checks of a plan over data that was opened."""
    dataset = session.dataset
    contexts = plan.contexts(dataset, dict(session.inputs.schema))
    divided = {id_: c for id_, c in plan.checks.items() if c.relation in DIVIDED}
    with engine.started(dataset, CheckLoader(divided, contexts) if divided else None):
        prepared = prepare_checks(plan.checks, contexts)
        folded = fold_checks(prepared, dataset, plan.similarity, engine, folder)
    masking = [id_ for id_, check in prepared.checks.items() if isinstance(check, Masking)]
    key = _profile_key(plan.request.options) or b""
    return FoldedScan(
        dataset,
        _all_results(folded.results, prepared.skipped, plan.rules.checks),
        folded,
        engine.content_roots(session.inputs),
        session.recognised.description,
        row_digests(folded.spools, masking, dataset, engine, key),
    )


def _fold_unsound(
    plan: ScanPlan, error: InputError, engine: Engine, folder: Path
) -> FoldedScan | None:
    """Let the checks of lines say what is wrong with data that cannot be read as rows.

    None where no such check is asked for, or the data has no lines. Every other check is skipped
    and says why, so that such data never passes.
    """
    over_lines = {id_: c for id_, c in plan.checks.items() if c.relation is Relation.LINES}
    dataset = open_unsound(plan.request.data) if over_lines else None
    if dataset is None:
        return None
    prepared = prepare_checks(over_lines, plan.contexts(dataset, {}))
    if not prepared.checks:
        return None
    folded = fold_checks(prepared, dataset, plan.similarity, engine, folder)
    place = f" ({error.place})" if error.place else ""
    unread = Skip(f"the data cannot be read{place}: {error.problem}", applicable=True)
    skipped = {id_: unread for id_ in plan.checks if id_ not in over_lines} | {**prepared.skipped}
    results = _all_results(folded.results, skipped, plan.rules.checks)
    return FoldedScan(dataset, results, folded, {}, "data that cannot be read as records")


def audited(
    plan: ScanPlan,
    folded: FoldedScan,
    engine: Engine,
    folder: RunFolder,
    progress: Progress = Silent(),  # noqa: B008 - has no state
) -> Audit:
    """Judge, record and show what the checks said."""
    options, rules, dataset = plan.request.options, plan.rules, folded.dataset
    scanned = ScanRecord(
        dataset=dataset,
        results=folded.results,
        policy=rules.policy,
        policy_file=NamedFile(Path(options.policy).name, rules.text.encode()),
        provenance=NamedFile.read(plan.request.provenance),
        similar=folded.checks.similar,
        content_roots=folded.content_roots,
        now=plan.request.now,
        split=plan.request.data.split_beside(),
        profile_key=_profile_key(plan.request.options),
    )
    verdict = _verdict(scanned, rules, options)
    manifest = record(scanned, verdict)
    maskings = excerpting.maskings(rules.checks, folded.results)
    shown = ShownTexts.of(dataset, manifest, rows=options.excerpts)
    masking = engine.aside(shown.masked, maskings)
    findings = folder.path / FINDINGS_FILE
    with progress.stage("writing findings"):
        spool.write(folded.checks.spools, dataset.files, findings, folded.digests)
    with progress.stage("masking excerpts"):
        masked = masking()
    return Audit(
        masked.manifest(manifest),
        verdict,
        folded.description,
        masked.excerpts(dataset, manifest),
        folder,
        scanned.profile(),
        dataset,
        _examples(plan, folded, maskings),
    )


def _examples(
    plan: ScanPlan, folded: FoldedScan, maskings: Sequence[Masking]
) -> tuple[TrainingExample, ...]:
    """Return single records as a trainer sees them, if a check marked what is trained on."""
    completed = (result.check for result in folded.results if isinstance(result, Completed))
    marked = any(isinstance(check, TrainingMarks) and check.marks for check in completed)
    if not plan.request.options.excerpts or not marked:
        return ()
    from ftaudit.pipeline.preview import training_examples

    return training_examples(folded.dataset, folded.results, maskings)


_LONGEST_KEY = 1 << 20
"""Bytes beyond which a file is no key."""


def _profile_key(options: Options) -> bytes | None:
    """Return the key that digests the names of the profile.

    Raises:
        InputError: it cannot be read, or is empty.
    """
    if options.profile_key is None:
        return None
    try:
        key = read_bounded(options.profile_key, _LONGEST_KEY)
    except OSError as error:
        problem = f"the key of the profile cannot be read ({error.strerror})"
        raise InputError(options.profile_key, problem) from None
    if not key.strip():
        raise InputError(options.profile_key, "the key of the profile is empty")
    return key


def chosen_checks(checks: Mapping[str, type[Check]], options: Options) -> dict[str, type[Check]]:
    """Return the checks that are to run.

    Raises:
        UsageError: an option names a check that does not exist.
    """
    for name in (*options.only, *options.skip, *options.parameters):
        if name not in checks:
            msg = f"there is no check {name}{suggestion(name, checks)}; see `ftaudit checks`"
            raise UsageError(msg)
    only = options.only or tuple(checks)
    return {i: check for i, check in checks.items() if i in only and i not in options.skip}


def _threshold(options: Options, policy: Policy) -> float:
    return options.threshold or policy.threshold or THRESHOLD


def _all_results(
    folded: Sequence[Result], skipped: Mapping[str, Skip], checks: Mapping[str, type[Check]]
) -> tuple[Result, ...]:
    """Add what was skipped, by the data or by the user, to what was folded, by id."""
    results: dict[str, Result] = {_id(result): result for result in folded}
    for id_, check in checks.items():
        if id_ in skipped:
            results[id_] = Skipped(check, skipped[id_].sentence, skipped[id_].applicable)
        elif id_ not in results:
            results[id_] = Skipped(check, LEFT_OUT, applicable=True)
    return tuple(results[id_] for id_ in sorted(results))


def _verdict(scanned: ScanRecord, rules: Rulebook, options: Options) -> Verdict:
    """Judge the results under the policy and the waivers that hold for this data.

    Raises:
        InputError: a waiver is expired, foreign or not entitled; says why.
        IntegrityError: a waiver was tampered with, or no trusted key signed it.
    """
    waivers = _waivers(scanned, rules.policy, options) if options.waivers else ()
    evidence_ = evidence(scanned.results, scanned.dataset, waivers)
    return decide(evidence_, rules.policy, owners(rules.policy, rules.vocabulary))


def _waivers(scanned: ScanRecord, policy: Policy, options: Options) -> list[Waiver]:
    from ftaudit.admission import statements
    from ftaudit.admission.remarks import Refusal
    from ftaudit.wire import envelope

    keys = [envelope.load_public_key(path) for path in options.trusted_keys]
    audited = statements.AuditedData.of_inputs(scanned.inputs())
    accepted: list[Waiver] = []
    for path in options.waivers:
        signed = statements.load(path, keys)
        answer = statements.accept_waiver(signed, audited, policy, scanned.now)
        if isinstance(answer, Refusal):
            raise InputError(answer.name, f"the waiver does not hold: {answer.reason}")
        accepted.append(answer)
    return accepted


def _id(result: Result) -> str:
    return result.check.id


def clock() -> datetime:
    """Return now, or the time that reproducible builds pretend it is.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is no time.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        msg = "SOURCE_DATE_EPOCH is not a number of seconds since 1970; correct or unset it"
        raise UsageError(msg) from None
