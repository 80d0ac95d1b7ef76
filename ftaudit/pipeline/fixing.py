"""From findings to data without them: scan, change, write, and scan again until nothing is found.

The input is never written to: every round writes the whole data anew from the input, with all
changes so far, and the checks that found something look at that.
"""

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Unpack

import polars as pl
from msgspec.structs import replace

from ftaudit.admission.rules import Rulebook
from ftaudit.engines.local.engine import LocalEngine
from ftaudit.model.check import Check, Completed, Masking
from ftaudit.model.dataset import HOLDOUT, TRAIN, VALIDATION, Dataset
from ftaudit.model.errors import InputError
from ftaudit.model.finding import rule_of
from ftaudit.model.options import Options
from ftaudit.model.progress import Progress, Silent
from ftaudit.model.row_id import row_id_of
from ftaudit.model.run_folder import RunFolder
from ftaudit.pipeline.audit import Audit
from ftaudit.pipeline.chosen_rows import ChosenRows
from ftaudit.pipeline.decided_rows import DecidedRows
from ftaudit.pipeline.fix_round import FixRound, leftovers
from ftaudit.pipeline.fixed import Fixed, FixedFile, Leftover, written_name
from ftaudit.pipeline.folding import CheckLoader, FoldedChecks, fold_checks, prepare_checks
from ftaudit.pipeline.keyword_types import OptionKeywords
from ftaudit.pipeline.record import NamedFile
from ftaudit.pipeline.scan import (
    ScanPlan,
    ScanRequest,
    audited,
    chosen_checks,
    clock,
    fold_session,
    local_engine,
)
from ftaudit.pipeline.scan_keywords import with_keywords
from ftaudit.pipeline.session import Data, NamedData, ReadingOptions, Session, open_session
from ftaudit.provenance.provenance_record import ProvenanceRecord, load_record
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.readers.unchanged import local_file
from ftaudit.remedies.change_record import ChangeRecord, RemedyChanges
from ftaudit.remedies.recipe import Recipe
from ftaudit.remedies.remedy import Damage, Remedy
from ftaudit.wire.manifest import Document
from ftaudit.writers.cell_edits import WHOLE_RECORD
from ftaudit.writers.row_writer import write_rows

ROUNDS: Final = 16
"""Rounds after which what is still found is left; two are the rule."""

_STANDING: Final = frozenset({"failed", "warned"})


@without_panic_text()
def fix(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    data: Data,
    *,
    holdout: Data = (),
    validation: Data = (),
    recipe: Recipe | str | Path | Collection[str] | None = None,
    decisions: str | Path | None = None,
    key: bytes | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    now: datetime | None = None,
    **keywords: Unpack[OptionKeywords],
) -> Fixed:
    """Make trainable data of data that a scan blocks; every change is on record.

    Args:
        data: training data, as `ftaudit.scan` takes it; it is not changed.
        holdout: data that must not leak into training, likewise.
        validation: data used to choose between models, likewise.
        recipe: a recipe file, or the names of remedies; by default the remedies of what blocks or
            warns.
        decisions: what people decided, as `ftaudit review` writes it.
        key: key of hashes and surrogates, for equal ones over several runs; by default a random
            one that is never stored.
        options: everything else that can be chosen about the scan.
        progress: where to report stages to.
        now: the time to record; by default SOURCE_DATE_EPOCH, else the clock's.
        keywords: options of a scan by name, as `with_keywords` takes them; they win over
            `options`.

    Raises:
        InputError: data or a file that is not what it should be, a decision about a row that has
            changed since, or no training row would be left.
        UsageError: an option that cannot be meant.
    """
    chosen = replace(with_keywords(options or Options(), keywords), excerpts=False)
    request = ScanRequest(
        NamedData.of(data, validation=validation, holdout=holdout), chosen, now or clock()
    )
    folder = RunFolder()
    try:
        job = _FixJob(request, _recipe(recipe), decisions, key, folder, progress or Silent())
        return job.run()
    except BaseException:
        folder.cleanup()
        raise


def _recipe(recipe: Recipe | str | Path | Collection[str] | None) -> Recipe:
    match recipe:
        case None:
            return Recipe()
        case Recipe():
            return recipe
        case str() | Path():
            return Recipe.load(recipe)
        case _:
            return Recipe.of(recipe)


@dataclass(eq=False)
class _FixJob:
    """One run of `fix`."""

    request: ScanRequest
    recipe: Recipe
    decisions: str | Path | None
    key: bytes | None = field(repr=False)
    folder: RunFolder
    progress: Progress

    def run(self) -> Fixed:
        """Go round until nothing is found that a remedy changes."""
        self.rules = Rulebook.load(self.request.options.policy)
        checks = chosen_checks(self.rules.checks, self.request.options)
        if self.recipe.choices:  # what is named needs no verdict: only what finds it is run
            checks = _mended(checks, {*self.recipe.choices, *self._of_people()})
        self.plan = ScanPlan(self.request, self.rules, checks)
        reading = ReadingOptions.of(self.request.options, self.rules.policy.columns)
        engine = self._engine("scan")
        session = open_session(self.request.data, reading, survey=engine.survey)
        folded = fold_session(self.plan, session, engine, engine.folder)
        self.sources = session.inputs.sources
        audit = audited(self.plan, folded, engine, self.folder)
        completed = {r.check.id: r.check for r in folded.results if isinstance(r, Completed)}
        remedies = self._remedies(audit, completed)
        decided = DecidedRows.read(self.decisions, session.dataset)
        record = ChangeRecord(session.dataset.files)
        state = FixRound(session, completed, (folded.checks,), tuple(range(len(self.sources))))
        paths, left = dict[int, Path](), list[Leftover]()
        for number in range(ROUNDS):
            left = []
            changes = self._changes(state, remedies, record, decided, left)
            if not any(part.changes.height for part in changes):
                break
            record.add(changes, state.ordinals)
            paths = self._written(record, number)
            state = self._again(paths, remedies, record, number)
        inputs = state.session.inputs
        roots = engine.content_roots(inputs) if paths else folded.content_roots
        return Fixed(
            audit=audit,
            recipe=self.recipe,
            remedies=tuple(remedies),
            record=record,
            sources=self.sources,
            files=self._files(state.session, state.ordinals, roots, paths),
            leftovers=tuple(left),
            decisions=self._document(),
            provenance=self._provenance(),
            split=self.request.data.split_beside(),
            undecided=decided.undecided,
            folder=self.folder,
            now=self.request.now,
        )

    def _engine(self, name: str) -> LocalEngine:
        folder = self.folder.path / name
        folder.mkdir()
        return local_engine(self.request.options, folder, self.progress)

    def _remedies(self, audit: Audit, completed: Mapping[str, Check]) -> list[Remedy]:
        """Return the remedies of the recipe, or those of what blocks or warns."""
        needed = set[str]()
        for check in audit.manifest.predicate.checks:
            rules = completed[check.id].rules if check.id in completed else ()
            for finding in check.findings if check.status in _STANDING else ():
                rule = rule_of(rules, finding.rule)
                if rule is not None and rule.fix is not None:
                    needed.add(rule.fix.remedy)
        recipe = self.recipe
        if recipe.choices and self.decisions is not None:
            recipe = replace(recipe, choices={_OF_PEOPLE: {}, **recipe.choices})
        return recipe.remedies(needed.union(self._of_people()))

    def _of_people(self) -> tuple[str, ...]:
        """Return the remedy that applies what people decided, if they did."""
        return () if self.decisions is None else (_OF_PEOPLE,)

    def _changes(
        self,
        state: FixRound,
        remedies: Sequence[Remedy],
        record: ChangeRecord,
        decided: DecidedRows,
        left: list[Leftover],
    ) -> list[RemedyChanges]:
        """Ask every remedy in turn; note the findings about which none of them does anything.

        A record that one of them rewrites as a whole is judged anew before another changes it.
        """
        rules = {id_: check.rules for id_, check in state.checks.items()}
        removed, rewritten = set[int](), set[int]()
        result: list[RemedyChanges] = []
        for remedy in remedies:
            findings = state.damage(remedy, rules)
            if rewritten:
                findings = findings.filter(~row_id_of("file", "row").is_in(sorted(rewritten)))
            choices = decided.now(state.ordinals, record)
            damage = Damage(
                findings,
                state.session.dataset,
                state.clusters,
                state.checks,
                frozenset(removed),
                self.key,
                choices,
            )
            changes = remedy.changes(damage)
            gone = changes.filter(pl.col("field").is_null())
            removed |= set(gone.select(row_id_of("file", "row").alias("id"))["id"].to_list())
            whole = changes.filter(pl.col("field") == WHOLE_RECORD)
            rewritten |= set(whole.select(row_id_of("file", "row").alias("id"))["id"].to_list())
            result.append(RemedyChanges(remedy.id, remedy.hides, changes))
            left += leftovers(remedy, findings, choices.keep)
        return result

    def _written(self, record: ChangeRecord, number: int) -> dict[int, Path]:
        """Write the data as it is after the changes so far; return file of the input → its path.

        Raises:
            InputError: no training row is left.
        """
        shutil.rmtree(self.folder.path / f"draft-{number - 1}", ignore_errors=True)
        paths: dict[int, Path] = {}
        rows = sum(int(kept.sum()) for kept in record.kept)
        with self.progress.stage("writing", rows) as advance:
            for ordinal, source in enumerate(self.sources):
                kept = record.kept[ordinal]
                if kept.any():
                    paths[ordinal] = self.folder.path / f"draft-{number}" / written_name(source)
                    paths[ordinal].parent.mkdir(parents=True, exist_ok=True)
                    write_rows(source, kept, paths[ordinal], record.edits(ordinal))
                    advance(int(kept.sum()))
        trained = [n for n in paths if self.sources[n].file.split == TRAIN]
        if not trained:
            file = next(s.file.name for s in self.sources if s.file.split == TRAIN)
            problem = "no training row would be left"
            raise InputError(file, problem, remedy="Name the remedies to apply with --remedy")
        return paths

    def _again(
        self,
        paths: Mapping[int, Path],
        remedies: Sequence[Remedy],
        record: ChangeRecord,
        number: int,
    ) -> FixRound:
        """Open what was written, and look for what the remedies mend.

        Checks that say what is sensitive judge every text by itself: they look at the rows that
        were edited, others at all rows.
        """
        engine = self._engine(f"round-{number}")
        of_split = {
            split: [str(path) for n, path in paths.items() if self.sources[n].file.split == split]
            for split in (TRAIN, VALIDATION, HOLDOUT)
        }
        data = NamedData(of_split[TRAIN], of_split[VALIDATION], of_split[HOLDOUT])
        reading = ReadingOptions.of(self.request.options, self.rules.policy.columns)
        session = open_session(data, reading, survey=engine.survey)
        dataset = session.dataset
        by_path = {path.resolve(): n for n, path in paths.items()}
        opened = [local_file(source) for source in session.inputs.sources]
        ordinals = tuple(by_path[file.path.resolve()] for file in opened if file is not None)
        checks = _mended(self.plan.checks, {remedy.id for remedy in remedies})
        local = {id_: check for id_, check in checks.items() if issubclass(check, Masking)}
        edited = _edited(record, ordinals)
        everywhere = {id_: check for id_, check in checks.items() if id_ not in local}
        some = replace(dataset, rows=ChosenRows(dataset, edited))
        folded: list[FoldedChecks] = []
        prepared: dict[str, Check] = {}
        for name, group, rows in (("all", everywhere, dataset), ("edited", local, some)):
            if group and (rows is dataset or edited.height):
                result, ready = self._fold(group, rows, session, engine, name)
                folded.append(result)
                prepared |= ready
        return FixRound(session, prepared, tuple(folded), ordinals)

    def _fold(
        self,
        checks: Mapping[str, type[Check]],
        dataset: Dataset,
        session: Session,
        engine: LocalEngine,
        name: str,
    ) -> tuple[FoldedChecks, Mapping[str, Check]]:
        plan = replace(self.plan, checks=checks)
        contexts = plan.contexts(dataset, dict(session.inputs.schema))
        folder = engine.folder / name
        folder.mkdir()
        with engine.started(dataset, CheckLoader(checks, contexts)):
            prepared = prepare_checks(checks, contexts)
            folded = fold_checks(prepared, dataset, plan.similarity, engine, folder)
        return folded, prepared.checks

    def _document(self) -> Document | None:
        file = NamedFile.read(Path(self.decisions) if self.decisions is not None else None)
        return file.document() if file else None

    def _provenance(self) -> ProvenanceRecord | None:
        path = self.request.provenance
        return None if path is None else load_record(path)

    def _files(
        self,
        session: Session,
        ordinals: Sequence[int],
        roots: Mapping[int, str],
        paths: Mapping[int, Path],
    ) -> dict[int, FixedFile]:
        """Return file of the input → what stands in its place."""
        return {
            number: FixedFile(file, roots.get(now), paths.get(number))
            for now, (number, file) in enumerate(zip(ordinals, session.dataset.files, strict=True))
        }


def _mended(checks: Mapping[str, type[Check]], remedies: Collection[str]) -> dict[str, type[Check]]:
    """Return the checks with a rule that one of the remedies mends."""
    return {
        id_: check
        for id_, check in checks.items()
        if any(rule.fix is not None and rule.fix.remedy in remedies for rule in check.rules)
    }


_OF_PEOPLE: Final = "resolve-conflicts"
"""The remedy that applies what people decided."""


def _edited(record: ChangeRecord, ordinals: Sequence[int]) -> pl.DataFrame:
    """Return `id` of the rows with an edit, as the data is now."""
    places = {number: now for now, number in enumerate(ordinals)}
    ids: list[int] = []
    for number, rows in record.edited_rows.items():
        if number in places:
            new = record.kept[number].cumsum()[rows] - 1
            ids += [places[number] << 40 | int(row) for row in new]
    return pl.DataFrame({"id": ids}, schema={"id": pl.UInt64})
