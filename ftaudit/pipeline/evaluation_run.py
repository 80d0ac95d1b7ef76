"""Evaluate a tuned model: compare, judge, record, write. Start at `evaluate`."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit import __version__
from ftaudit.admission.rules import Rulebook
from ftaudit.checks import discover
from ftaudit.evaluation.changed_rows import RowChange, changed_rows
from ftaudit.evaluation.comparison import ModelComparison, compare
from ftaudit.evaluation.evaluation_record import (
    EvaluationPapers,
    record_evaluation,
    with_masked_names,
)
from ftaudit.evaluation.evaluation_request import EvaluationRequest
from ftaudit.evaluation.judgement import judge, measured
from ftaudit.model.bounded_read import read_whole
from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.escape import printable
from ftaudit.model.json_object import object_of
from ftaudit.pipeline.excerpts import SEARCHED, SHOWN, mask_texts, maskings
from ftaudit.pipeline.output import publish
from ftaudit.pipeline.record import NamedFile, libraries
from ftaudit.policy.policy import Policy, source
from ftaudit.readers.panic_text import without_panic_text
from ftaudit.reports import evaluation_html, evaluation_markdown
from ftaudit.reports.evaluation_view import ChangeExcerpt
from ftaudit.wire import envelope
from ftaudit.wire.evaluation_statement import EvaluationStatement, to_json
from ftaudit.wire.manifest import Document, Tool

EVALUATION_FILE: Final = "evaluation.json"
LEDGER_FILE: Final = "evaluations.jsonl"
LIBRARIES: Final = ("google-re2", "numba", "numpy", "polars", "presidio-analyzer", "scipy")
"""Libraries whose version can change an evaluation."""
REPORTS: Final = ("html", "markdown", "text")


class Ledger(Struct, frozen=True):
    """Evaluations of holdouts so far: one line per tuned model that a holdout has judged."""

    path: Path | None
    lines: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def read(cls, path: Path | None) -> "Ledger":
        """Return the ledger at `path`; an empty one where there is none.

        Raises:
            InputError: a line is no entry of a ledger.
        """
        if path is None or not path.exists():
            return cls(path)
        try:
            text = read_whole(path).decode("utf-8")
        except OSError as error:
            problem = f"the ledger cannot be read ({error.strerror})"
            raise InputError(path, problem) from None
        except UnicodeDecodeError:
            raise InputError(path, "the ledger is not UTF-8") from None
        lines = []
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                entry = json.loads(line, object_pairs_hook=object_of)
                lines.append({name: str(entry[name]) for name in ("holdout", "tuned", "model")})
            except (ValueError, KeyError, TypeError):
                problem = "not an entry of a ledger of evaluations"
                raise InputError(path, problem, place=f"line {number}") from None
        return cls(path, tuple(lines))

    def of(self, holdout: str) -> dict[str, str]:
        """Return what a holdout has judged: digest of results → model."""
        return {e["tuned"]: e["model"] for e in self.lines if e["holdout"] == holdout}

    def with_entry(self, holdout: str, tuned: str, model: str) -> str:
        """Return the ledger's text with one more entry; equal entries stand once."""
        entries = [*self.lines, {"holdout": holdout, "tuned": tuned, "model": model}]
        distinct = {(entry["holdout"], entry["tuned"]): entry for entry in entries}
        return "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in distinct.values())


class ModelEvaluation(Struct, frozen=True, eq=False):
    """The result of an evaluation."""

    statement: EvaluationStatement
    changes: tuple[ChangeExcerpt, ...]
    exit_code: int
    """0 what the policy asks for is shown, 1 it is not, 3 the result is incomplete."""
    ledger: str

    @property
    def passed(self) -> bool:
        """Whether the results show what the policy asks for a launch."""
        return self.exit_code == 0

    @property
    def metrics(self) -> dict[str, int | float]:
        """Every metric by its name."""
        return dict(self.statement.predicate.metrics)

    def write(
        self,
        folder: str | Path,
        reports: Sequence[str] = ("html", "markdown"),
        *,
        sign_with: str | Path | None = None,
        ledger: Path | None = None,
    ) -> list[Path]:
        """Write the evaluation and its reports into `folder`, `evaluation.json` last.

        Args:
            folder: the output folder.
            reports: any of `html`, `markdown`, `text`.
            sign_with: a private key; adds the signed evaluation, `evaluation.dsse.json`.
            ledger: where evaluations of this holdout are counted, if not in `folder`.

        Raises:
            InputError: the folder or the key cannot be used.
            UsageError: there is no such report.
        """
        files: dict[str, str | bytes | Path] = {EVALUATION_FILE: to_json(self.statement)}
        for name in reports:
            file, text = self._rendered(name)
            files[file] = text
        if sign_with is not None:
            key = envelope.load_private_key(sign_with)
            files["evaluation.dsse.json"] = envelope.sign(to_json(self.statement).encode(), key)
        if ledger is None:
            files[LEDGER_FILE] = self.ledger
        else:
            publish(ledger.parent, {ledger.name: self.ledger})
        return publish(Path(folder), files)

    def _rendered(self, name: str) -> tuple[str, str]:
        match name:
            case "html":
                return "evaluation.html", evaluation_html.render(self.statement, self.changes)
            case "markdown":
                return "evaluation.md", evaluation_markdown.render(self.statement, self.changes)
            case "text":
                return "evaluation.txt", evaluation_markdown.summary(self.statement)
            case _:
                raise UsageError(f"there is no report {name}; there are {', '.join(REPORTS)}")


@without_panic_text()
def evaluate(  # noqa: PLR0913 - keyword-only, and each one a user's own word
    request: EvaluationRequest,
    *,
    policy: str | Path | Policy = "standard",
    plan_file: Path | None = None,
    ledger: Path | None = None,
    excerpts: bool = True,
    now: datetime | None = None,
) -> ModelEvaluation:
    """Compare a tuned model with its baselines, and judge what the results show.

    Args:
        request: files and choices.
        policy: a built-in policy's name, a file, or a loaded policy.
        plan_file: the plan that the request's numbers come from, for the record.
        ledger: counts the tuned models that the holdout has judged.
        excerpts: whether reports show masked rows.
        now: the time to record; the clock's by default.

    Raises:
        InputError: a file is not what it should be, or answers do not pair.
        UsageError: a choice that cannot be meant.
        IntegrityError: the holdout is not the audited one.
    """
    rules = Rulebook.load(policy)
    book = Ledger.read(ledger)
    compared = compare(request)
    holdout = "+".join(sorted(file.sha256 for file in compared.holdout.files))
    compared = replace(compared, request=replace(request, previous=book.of(holdout)))
    masker = _Masker()
    comparison = with_masked_names(compared, masker.texts)
    outcomes = measured(comparison)
    verdict = judge(outcomes, rules.policy, comparison.holdout.rows)
    statement = record_evaluation(
        comparison,
        outcomes,
        verdict,
        _papers(rules, policy, plan_file, request),
        tool=Tool(name="ftaudit", version=__version__, libraries=libraries(LIBRARIES)),
        mask=masker.texts,
        now=now or datetime.now(UTC),
    )
    tuned = comparison.tuned
    return ModelEvaluation(
        statement=statement,
        changes=_excerpts(compared, masker) if excerpts else (),
        exit_code=3 if comparison.incomplete else verdict.exit_code,
        ledger=book.with_entry(holdout, tuned.file.sha256, printable(tuned.model)),
    )


def _papers(
    rules: Rulebook, policy: str | Path | Policy, plan: Path | None, request: EvaluationRequest
) -> EvaluationPapers:
    text = "" if isinstance(policy, Policy) else source(policy)
    name = rules.policy.id if isinstance(policy, Policy) else Path(policy).name
    outputs = request.outputs
    return EvaluationPapers(
        policy=rules.policy,
        policy_file=NamedFile(name, text.encode()).document(),
        plan=_document(NamedFile.read(plan)),
        outputs=_document(None if outputs is None else NamedFile(outputs.name, outputs.data)),
    )


def _document(file: NamedFile | None) -> Document | None:
    return None if file is None else file.document()


class _Masker:
    """Masks personal data and secrets with the default search of every check that can."""

    def __init__(self) -> None:
        """Prepare the search."""
        self._maskings = maskings(discover(), ())

    def texts(self, texts: Sequence[str]) -> list[str]:
        """Return texts with every finding masked."""
        if not texts:
            return []
        masked = mask_texts(pl.Series(list(texts), dtype=pl.String), self._maskings)
        return [text or "" for text in masked]


def _excerpts(comparison: ModelComparison, masker: _Masker) -> tuple[ChangeExcerpt, ...]:
    """Return the rows that changed, with their texts masked and cut."""
    rows = changed_rows(comparison)
    frame = pl.DataFrame(
        {
            "input": comparison.holdout.frame["input"],
            "reference": comparison.holdout.frame["reference"],
            "before": comparison.best.answers.frame["output"],
            "after": comparison.tuned.frame["output"],
        }
    )
    chosen = frame[[row.position for row in rows]] if rows else frame.head(0)
    masked = {
        name: masker.texts(chosen[name].fill_null("").str.head(SEARCHED).to_list())
        for name in chosen.columns
    }
    groups = masker.texts([row.group for row in rows])
    return tuple(
        ChangeExcerpt(
            change=row.change,
            group=groups[at],
            place=_place(comparison, row),
            input=_cut(masked["input"][at]),
            reference=_cut(masked["reference"][at]),
            baseline=_cut(masked["before"][at]),
            tuned=_cut(masked["after"][at]),
        )
        for at, row in enumerate(rows)
    )


def _place(comparison: ModelComparison, row: RowChange) -> str:
    starts = [(comparison.holdout.first_row(f.name), f.name) for f in comparison.holdout.files]
    start, name = max(entry for entry in starts if entry[0] <= row.position)
    return f"{name}, row {row.position - start:,}"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
