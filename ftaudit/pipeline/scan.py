"""The straight line of an audit: data → rows → checks → verdict → manifest."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, Self, TypeAlias

import polars as pl

from ftaudit.admission import statements
from ftaudit.admission.remarks import Refusal
from ftaudit.checks import discover
from ftaudit.engines.local import spool
from ftaudit.engines.local.engine import Folded, Folding, workers_beside
from ftaudit.engines.local.processes import Workers
from ftaudit.model.check import (
    Check,
    Completed,
    Context,
    Relation,
    Result,
    Skip,
    Skipped,
    recorded_parameters,
)
from ftaudit.model.cores import cores
from ftaudit.model.dataset import Dataset, Rows
from ftaudit.model.errors import InputError, UsageError, suggestion
from ftaudit.model.options import Options
from ftaudit.model.progress import Progress, Silent
from ftaudit.pipeline import excerpts as excerpting
from ftaudit.pipeline import record as recording
from ftaudit.pipeline.output import RunFolder, publish
from ftaudit.policy.decision import Owners, Verdict, Waiver, decide, owners
from ftaudit.policy.policy import Policy, Vocabulary, parse, source
from ftaudit.readers.content_root import ContentRoot
from ftaudit.readers.inputs import InputLike, Inputs, open_inputs
from ftaudit.records.detect import Recognised, recognise
from ftaudit.records.rows import CanonicalRows
from ftaudit.reports import console, formats, notebook
from ftaudit.reports.excerpt import Excerpts
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.relation import Similar
from ftaudit.wire import envelope as attestation
from ftaudit.wire.manifest import Manifest, to_json

__all__ = ["Audit", "Options", "interpret", "scan"]

Data: TypeAlias = InputLike | Sequence[InputLike]

THRESHOLD: Final = 0.8
"""Jaccard similarity from which texts are near-identical, unless option or policy say otherwise."""

PROVENANCE: Final = "provenance.yaml"


def scan(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    data: Data,
    *,
    holdout: Data = (),
    validation: Data = (),
    policy: str | Path | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
) -> "Audit":
    """Audit training data and decide whether tuning may proceed.

    Args:
        data: training data: paths, globs, folders or URLs, polars frames (eager or lazy), or
            anything with the Arrow C stream interface; one or several.
        holdout: data that must not leak into training, likewise.
        validation: data used to choose between models, likewise.
        policy: a built-in policy's name, or a policy file; wins over that of `options`.
        options: everything else that can be chosen.
        progress: where to report stages to.
        now: the time to record; by default SOURCE_DATE_EPOCH, else the clock's.

    Raises:
        InputError: data or a file that is not what it should be.
        UsageError: an option that cannot be meant.
    """
    chosen = options or Options()
    if policy is not None:
        chosen = replace(chosen, policy=policy)
    folder = RunFolder()
    try:
        run = _Run(chosen, folder.path, progress or Silent())
        parts = run.audit(_several(data), _several(holdout), _several(validation), now or _clock())
    except BaseException:
        folder.cleanup()
        raise
    return Audit(*parts, folder)


def interpret(inputs: Inputs, options: Options) -> tuple[Dataset, Recognised]:
    """Recognise the record format of files that were opened, or take it from the options.

    Raises:
        InputError, UsageError: no format fits; names the columns and the option that helps. Or
            a file lacks the input: nothing in it could be found, which must not look like a pass.
    """
    recognised = recognise(
        inputs.schema,
        inputs.json_columns,
        files=[file.name for file in inputs.files],
        format_=options.format,
        overrides=options.columns,
    )
    text = recognised.columns.get("input")
    for opened in inputs.sources:
        if text is not None and text not in opened.schema:
            what = f"has no column {text}, which is the input of the training data"
            raise InputError(opened.file.name, what, remedy="Give it the columns of that data")
    rows = CanonicalRows(inputs, recognised)
    of_rows = (recognised.format, recognised.columns, rows)
    dataset = Dataset(inputs.files, *of_rows, inputs, inputs.memory)
    return dataset, recognised


class Audit:
    """The result of a scan. Its findings live in a temporary folder until it is closed."""

    def __init__(
        self,
        manifest: Manifest,
        verdict: Verdict,
        recognised: str,
        excerpts: Excerpts,
        folder: RunFolder,
    ) -> None:
        """Hold what a scan made; `folder` is removed when the audit is closed or forgotten."""
        self.manifest = manifest
        self.verdict = verdict
        self.recognised = recognised
        self.excerpts = excerpts
        self._folder = folder

    @property
    def passed(self) -> bool:
        """Whether tuning may proceed."""
        return self.verdict.passed

    @property
    def exit_code(self) -> int:
        """0 may proceed, 1 the gate blocks, 3 a check could not be completed."""
        return self.verdict.exit_code

    @property
    def findings(self) -> pl.DataFrame:
        """Every finding, with the columns of `finding.FINDINGS`."""
        return pl.read_parquet(self._findings)

    @property
    def _findings(self) -> Path:
        return self._folder.path / _FINDINGS

    def write(
        self,
        folder: str | Path,
        reports: Sequence[str] = ("html", "markdown"),
        *,
        sign_with: str | Path | None = None,
    ) -> list[Path]:
        """Write manifest, findings and reports into `folder`, the manifest last.

        Args:
            folder: the output folder; it appears whole, or is replaced file by file.
            reports: any of the formats of `ftaudit.reports.formats`.
            sign_with: a private key; adds the signed manifest, `manifest.dsse.json`.

        Raises:
            InputError: the folder or the key cannot be used.
            UsageError: there is no such format.
        """
        files: dict[str, str | bytes | Path] = {
            "manifest.json": to_json(self.manifest),
            _FINDINGS: self._findings,
        }
        for name in reports:
            file, render = formats.renderer(name)
            files.setdefault(file, render(self.manifest, self.excerpts))
        if sign_with is not None:
            key = attestation.load_private_key(sign_with)
            files["manifest.dsse.json"] = attestation.sign(to_json(self.manifest).encode(), key)
        return publish(Path(folder), files)

    def close(self) -> None:
        """Remove the temporary files; `findings` can no longer be read."""
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Return the audit itself, to be closed at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def __repr__(self) -> str:
        """Return the verdict and the checks as a plain table."""
        return console.plain(self.manifest)

    def _repr_html_(self) -> str:
        return notebook.render(self.manifest)


_FINDINGS: Final = "findings.parquet"


@dataclass(frozen=True)
class _Run:
    """One scan on its way."""

    options: Options
    folder: Path
    progress: Progress

    def audit(
        self,
        train: Sequence[InputLike],
        holdout: Sequence[InputLike],
        validation: Sequence[InputLike],
        now: datetime,
    ) -> tuple[Manifest, Verdict, str, Excerpts]:
        """Go down the line once."""
        checks = self._chosen(discover())
        vocabulary = Vocabulary.of(discover())
        text = source(self.options.policy)
        policy = parse(text, str(self.options.policy), vocabulary)
        provenance = self._provenance(train)
        inputs = open_inputs(train, holdout=holdout, validation=validation, progress=self.progress)
        dataset, recognised = interpret(inputs, self.options)
        told = replace(self._context(dataset, inputs, policy, provenance), today=now.date())
        told_each = {i: replace(told, parameters=self._parameters(i, policy)) for i in checks}
        over_rows = {i: c for i, c in checks.items() if c.relation is Relation.ROWS}
        load = partial(_prepare, over_rows, {i: told_each[i] for i in over_rows})
        with workers_beside(dataset, self._processes if over_rows else 1, load) as workers:
            prepared = {i: check.prepare(told_each[i]) for i, check in checks.items()}
            folded = self._fold(dataset, prepared, policy, workers)
        results = self._results(folded, prepared)
        record = partial(
            recording.record,
            dataset,
            results,
            policy,
            policy_file=recording.Paper(Path(self.options.policy).name, text.encode()),
            provenance=_paper(provenance),
            configuration=self._configuration(results, folded.similar, policy),
            content_roots=_content_roots(inputs, self.progress),
            now=now,
        )
        judge = partial(_judged, results, dataset, policy, owners(policy, vocabulary))
        verdict = judge(())
        if self.options.waivers:
            verdict = judge(self._waivers(record(verdict), policy, now))
        manifest = record(verdict)
        spool.write(folded.spools, dataset.files, self.folder / _FINDINGS)
        maskings = excerpting.maskings(discover(), results)
        excerpts = excerpting.excerpts(dataset, manifest, maskings) if self.options.excerpts else {}
        return excerpting.masked(manifest, maskings), verdict, recognised.description, excerpts

    def _waivers(self, manifest: Manifest, policy: Policy, now: datetime) -> list[Waiver]:
        """Return the waivers that hold for this data under this policy.

        Raises:
            InputError: a waiver is expired, foreign or not entitled; says why.
            IntegrityError: a waiver was tampered with, or no trusted key signed it.
        """
        keys = [attestation.load_public_key(path) for path in self.options.trusted_keys]
        accepted: list[Waiver] = []
        for path in self.options.waivers:
            found = statements.accept_waiver(statements.load(path, keys), manifest, policy, now)
            if isinstance(found, Refusal):
                raise InputError(found.name, f"the waiver does not hold: {found.reason}")
            accepted.append(found)
        return accepted

    def _chosen(self, checks: Mapping[str, type[Check]]) -> dict[str, type[Check]]:
        for name in (*self.options.only, *self.options.skip, *self.options.parameters):
            if name not in checks:
                msg = f"there is no check {name}{suggestion(name, checks)}; see `ftaudit checks`"
                raise UsageError(msg)
        only = self.options.only or tuple(checks)
        return {i: c for i, c in checks.items() if i in only and i not in self.options.skip}

    def _context(
        self, dataset: Dataset, inputs: Inputs, policy: Policy, provenance: Path | None
    ) -> Context:
        return Context(
            format=dataset.format,
            columns=dataset.columns,
            files=dataset.files,
            rows={split: dataset.count(split) for split in dataset.splits},
            table=dict(inputs.schema),
            threshold=self._threshold(policy),
            provenance=str(provenance) if provenance else None,
            expectations=self.options.expectations,
            policy=policy.sections(),
        )

    def _parameters(self, id_: str, policy: Policy) -> dict[str, object]:
        return {**policy.parameters.get(id_, {}), **self.options.parameters.get(id_, {})}

    def _threshold(self, policy: Policy) -> float:
        return self.options.threshold or policy.threshold or THRESHOLD

    def _fold(
        self,
        dataset: Dataset,
        prepared: Mapping[str, Check | Skip],
        policy: Policy,
        workers: Workers | None,
    ) -> Folded:
        folding = Folding(
            dataset,
            {id_: check for id_, check in prepared.items() if not isinstance(check, Skip)},
            self.folder,
            workers,
            self.progress,
            partial(self._similar, dataset, policy, self._processes),
        )
        return folding.run()

    @property
    def _processes(self) -> int:
        return self.options.workers or cores()

    def _similar(self, dataset: Dataset, policy: Policy, workers: int, rows: Rows) -> Similar:
        from ftaudit.labels.suspected_labels import review_labels
        from ftaudit.similarity.build import build

        options = SimilarityOptions(
            threshold=self._threshold(policy),
            method=self.options.method,
            shingles=self.options.shingles,
            compare=self.options.compare,
        )
        return build(
            rows,
            dataset.files,
            options,
            label_reader=review_labels,
            workers=workers,
            memory=self.options.memory,
            folder=self.folder,
            progress=self.progress,
        )

    def _results(self, folded: Folded, prepared: Mapping[str, Check | Skip]) -> tuple[Result, ...]:
        """Add what was skipped, by the data or by the user, to what was folded."""
        results: dict[str, Result] = {_id(result): result for result in folded.results}
        for id_, check in discover().items():
            ready = prepared.get(id_)
            if isinstance(ready, Skip):
                results[id_] = Skipped(check, ready.reason, ready.applicable)
            elif ready is None:
                results[id_] = Skipped(check, "left out with --only or --skip", applicable=True)
        return tuple(results[id_] for id_ in sorted(results))

    def _configuration(
        self, results: Sequence[Result], similar: Similar | None, policy: Policy
    ) -> dict[str, object]:
        completed = [r for r in results if isinstance(r, Completed)]
        found: dict[str, object] = {
            "checks": {
                r.check.id: {
                    "version": r.check.version,
                    "parameters": recorded_parameters(r.check),
                    **(
                        {"chosen": dict(r.judgement.configuration)}
                        if r.judgement.configuration
                        else {}
                    ),
                }
                for r in completed
            },
            "policy": {k: v for k, v in policy.sections().items() if k != "entities"},
        }
        if similar is not None:
            found["similarity"] = {**similar.configuration, "notes": list(similar.notes)}
        return found

    def _provenance(self, train: Sequence[InputLike]) -> Path | None:
        """Return the record that was named, or the one beside the training data."""
        if self.options.provenance is not None:
            return Path(self.options.provenance)
        for given in train:
            if isinstance(given, str | Path) and "://" not in str(given):
                path = Path(given).expanduser()
                # unlike a Path's own questions, these are answered for any text: no such folder
                folder = path if os.path.isdir(path) else path.parent  # noqa: PTH112 - as above
                if os.path.isfile(folder / PROVENANCE):  # noqa: PTH113 - as above
                    return folder / PROVENANCE
        return None


def _prepare(checks: Mapping[str, type[Check]], told: Mapping[str, Context]) -> None:
    """Prepare checks in a worker, where that loads what they use."""
    for id_, check in checks.items():
        check.prepare(told[id_])


def _content_roots(inputs: Inputs, progress: Progress) -> dict[int, str]:
    """Return file ordinal → content root, where every column has canonical bytes.

    Of each file's own columns, as the gate computes it, not of those all files share.
    """
    found: dict[int, str] = {}
    with progress.stage("hashing cells", sum(file.rows for file in inputs.files)) as advance:
        for ordinal, each in enumerate(inputs.sources):
            root = ContentRoot()
            for batch in each.batches():
                root.update(batch)
                advance(batch.height)
            if (told := root.root()) is not None:
                found[ordinal] = told
    return found


def _judged(
    results: Sequence[Result],
    dataset: Dataset,
    policy: Policy,
    owned: Owners,
    waivers: Sequence[Waiver],
) -> Verdict:
    return decide(recording.evidence(results, dataset, waivers), policy, owned)


def _id(result: Result) -> str:
    return result.check.id


def _paper(path: Path | None) -> recording.Paper | None:
    return recording.Paper(path.name, path.read_bytes()) if path else None


def _several(data: Data) -> Sequence[InputLike]:
    return data if isinstance(data, list | tuple) else (data,)


def _clock() -> datetime:
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
