"""The check `tokens`: how long records are, what a limit cuts off, and what is trained."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Self

import polars as pl
from msgspec import Struct

from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.dataset import HOLDOUT, TRAIN
from ftaudit.model.declaration import CheckOption, Declaration, StandardTags
from ftaudit.model.errors import UsageError
from ftaudit.model.finding import Example, Location, Metric, Rule, Severity, counted, evidence
from ftaudit.model.training_text_marks import MarkedText
from ftaudit.profiles.tokens.token_lengths import length_charts, length_percentile

if TYPE_CHECKING:
    from ftaudit.profiles.tokens.record_counts import CountedRecord
    from ftaudit.profiles.tokens.trainer_settings import TrainerSettings

EXAMPLES: Final = 5
"""Examples per rule."""
MILLION: Final = 1_000_000

_SUMS: Final = (
    "rows",
    "least",
    "trained",
    "lost",
    "truncated",
    "possibly",
    "answer_cut",
    "untrained",
    "unrendered",
    "unmasked",
)
_PARTIALS: Final = pl.Schema(
    [
        ("topic", pl.String),
        ("split", pl.String),
        ("tokens", pl.UInt64),
        *((name, pl.UInt64) for name in _SUMS),
        ("rule", pl.String),
        ("file", pl.UInt32),
        ("row", pl.UInt64),
        ("line", pl.UInt64),
        ("detail", pl.String),
    ]
)
"""`length`: records of one split and number of tokens, and what is summed over them.
`example`: one of the first findings of a rule."""


class TokensCheck(Struct, frozen=True):
    """How many tokens records have, which are trained, and what a limit cuts off.

    ## What it finds

    Records that are longer than `--max-tokens`, or than the limit of the chosen profile: cut
    (`tokens.truncated`), cut in the answer (`tokens.answer_cut`), or left without a token that is
    trained (`tokens.untrained`); and records that a chat template refuses (`tokens.template`). With
    them the number of tokens, its percentiles and its histogram for each split, and what an epoch
    costs at `--price` for a million tokens.

    ## Why it harms training

    TRL cuts at 1,024 tokens, Axolotl drops records above 512, LLaMA-Factory cuts prompt and answer
    in proportion at 2,048, and none of them says which. A record whose answer is cut teaches to
    stop in mid-sentence; one without a trained token costs time and teaches nothing.

    ## How it decides

    `--tokenizer` names `o200k`, `cl100k`, a tokenizer.json or a model's folder; nothing is
    downloaded. With `--chat-template` a record is rendered as transformers renders it (sandboxed),
    and what `{% generation %}` blocks make is trained; without such blocks, the answers. Without a
    template its texts are counted one by one, with three tokens around each turn, which is an
    estimate. Without a tokenizer nothing is counted: bytes bound tokens from above, and words from
    below; `tokens.truncated_rows` then counts records that are certainly too long, and
    `tokens.possibly_truncated_rows` those that may be.

    ## Known limits

    What is cut is judged record by record; packing several into one sequence cuts elsewhere. A
    tokenizer without offsets counts the stretches between trained and other text apart, which may
    differ by a token at each border. Images count nothing.
    """

    id: ClassVar[str] = "tokens"
    version: ClassVar[int] = 2
    relation: ClassVar[Relation] = Relation.LINES
    declares: ClassVar[Declaration] = Declaration(
        free_parameters=frozenset(
            {"tokenizer", "max_tokens", "chat_template", "price", "profiles"}
        ),
        tags=StandardTags(("Art. 10(2)(c)",), ("MEASURE 2.5",), ("completeness",)),
        options=(
            CheckOption(
                "--tokenizer",
                "tokenizer",
                "NAME|PATH",
                "o200k, cl100k, a tokenizer.json or a model's folder: count tokens.",
            ),
            CheckOption(
                "--max-tokens",
                "max_tokens",
                "N",
                "Tokens of a record that are kept. [default: the limit of the profile]",
            ),
            CheckOption(
                "--chat-template",
                "chat_template",
                "PATH",
                "A jinja template or a model's folder: render records as the trainer does.",
            ),
            CheckOption("--price", "price", "AMOUNT", "What a million training tokens cost."),
            CheckOption(
                "--profile",
                "profiles",
                "NAME|FILE",
                "What a provider or trainer accepts (`ftaudit profiles`). Repeatable.",
                repeatable=True,
            ),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "tokens.truncated",
            "A record is longer than what is kept of it",
            Severity.LOW,
            "Shorten the record, divide it, or raise the limit where the model has room.",
        ),
        Rule(
            "tokens.answer_cut",
            "The answer of a record is cut off",
            Severity.MEDIUM,
            "Shorten the record, divide it, or raise the limit where the model has room.",
        ),
        Rule(
            "tokens.untrained",
            "Nothing of a record is trained",
            Severity.MEDIUM,
            "Shorten what stands before the answer, give an answer a weight, or remove the record.",
        ),
        Rule(
            "tokens.template",
            "The chat template does not render a record",
            Severity.HIGH,
            "Order the turns as the template wants them, or remove the record.",
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("tokens.total", "tokens of the training data", "tokens"),
        Metric("tokens.trained", "training tokens that are trained", "tokens"),
        Metric("tokens.lost", "training tokens that the limit cuts off", "tokens"),
        Metric("tokens.median", "tokens of the middle training record", "tokens"),
        Metric("tokens.p90", "tokens that nine of ten training records do not exceed", "tokens"),
        Metric("tokens.p99", "tokens that 99 of 100 training records do not exceed", "tokens"),
        Metric("tokens.longest", "tokens of the longest training record", "tokens"),
        Metric("tokens.at_least", "without a tokenizer: words of the training data", "tokens"),
        Metric("tokens.at_most", "without a tokenizer: bytes of the training data", "tokens"),
        Metric("tokens.truncated_rows", "training records that the limit cuts"),
        Metric("tokens.possibly_truncated_rows", "without a tokenizer: records that it may cut"),
        Metric("tokens.answer_cut_rows", "training records whose answer is cut"),
        Metric("tokens.untrained_rows", "training records of which nothing is trained"),
        Metric("tokens.template_errors", "training records that the template does not render"),
        Metric("tokens.epoch_cost", "what one pass over the training data costs", "currency"),
    )

    tokenizer: str | None = None
    max_tokens: int | None = None
    chat_template: str | None = None
    price: float | None = None
    """Of a million tokens, in any currency."""
    profiles: tuple[str, ...] = ()

    _trainer: "TrainerSettings | None" = None
    """With the chosen profile that has the least limit; None until `prepare`."""

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Load tokenizer and template; skip where nothing was asked for.

        Raises:
            UsageError: there is no such tokenizer or template, or a number is not positive.
            InputError: a file is not what it should be.
        """
        settings = cls(**parameters(cls, context.parameters))  # type: ignore[arg-type] # validated there
        if not (
            settings.tokenizer or settings.max_tokens or settings.chat_template or settings.price
        ):
            return Skip(
                "no tokenizer and no limit was named", options=("--tokenizer", "--max-tokens")
            )
        from ftaudit.profiles.profile_catalogue import least_limit
        from ftaudit.profiles.tokens.chat_template import open_template
        from ftaudit.profiles.tokens.token_counter import open_counter
        from ftaudit.profiles.tokens.trainer_settings import TrainerSettings
        from ftaudit.profiles.tokens.training_text import read_columns

        for name, value in (("max-tokens", settings.max_tokens), ("price", settings.price)):
            if value is not None and not value > 0:
                raise UsageError(f"--{name} is a number above 0, not {value}")
        trainer = TrainerSettings(
            least_limit([*settings.profiles, *_required(context)]),
            open_counter(settings.tokenizer) if settings.tokenizer else None,
            open_template(settings.chat_template) if settings.chat_template else None,
            settings.max_tokens,
            read_columns(context.columns),
        )
        return cls(
            trainer.counter.name if trainer.counter else None,
            settings.max_tokens,
            trainer.template.name if trainer.template else None,
            settings.price,
            tuple(sorted(settings.profiles)),
            trainer,
        )

    @property
    def trainer(self) -> "TrainerSettings":
        """What the trainer makes of a record."""
        from ftaudit.profiles.tokens.trainer_settings import TrainerSettings

        return self._trainer or TrainerSettings()

    @property
    def _exact(self) -> bool:
        """Whether tokens are counted; else bytes and words bound them."""
        return self.trainer.counter is not None

    @property
    def marks(self) -> bool:
        """Whether a template says what the trainer makes of a record."""
        return self.trainer.template is not None

    def marked(self, line: bytes, mask: Callable[[str], str]) -> MarkedText:
        """Return the text of a record: what is given, trained, and cut off; masked."""
        from ftaudit.profiles.tokens.record_marker import RecordMarker

        return RecordMarker(self.trainer).mark(line, mask).marked

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Count the tokens of the records of a batch."""
        from ftaudit.profiles.tokens.record_counts import countable_record, record_counts

        trainer = self.trainer
        lengths: dict[tuple[str, int], list[int]] = {}
        findings: list[dict[str, object]] = []
        places = ("split", "file", "row", "line")
        rows = batch.select(*places, "text").iter_rows()
        read = [(place, countable_record(text, trainer)) for *place, text in rows]
        countable = [(place, record) for place, record in read if record is not None]
        counting = record_counts([record for _, record in countable], trainer)
        for (place, _), counts in zip(countable, counting, strict=True):
            sums = lengths.setdefault((place[0], counts.tokens.total), [0] * len(_SUMS))
            for i, value in enumerate(self._sums(counts)):
                sums[i] += value
            finding = self._finding(counts) if place[0] != HOLDOUT else {}
            if finding:
                location = dict(zip(places, place, strict=True))
                findings.append(finding | location | {"row": location["row"] or 0})
        partials = [
            {"topic": "length", "split": split, "tokens": tokens}
            | dict(zip(_SUMS, sums, strict=True))
            for (split, tokens), sums in lengths.items()
        ]
        totals = pl.DataFrame([*partials, *_examples(findings)], schema=_PARTIALS)
        frame = pl.DataFrame(findings, schema={n: _PARTIALS[n] for n in _FOUND})
        return Mapped(totals, evidence(frame).with_columns(frame["line"]))

    def _sums(self, counts: "CountedRecord") -> Iterator[int]:
        """Yield what a record adds to `_SUMS`, in their order."""
        tokens, limit = counts.tokens, self.trainer.limit
        exact = self._exact
        yield 1
        yield counts.least
        yield tokens.trained
        yield tokens.total - tokens.kept if exact else 0
        yield int(tokens.cut if exact else limit is not None and counts.least > limit)
        yield int(not exact and limit is not None and tokens.cut and counts.least <= limit)
        yield int(exact and counts.masked and tokens.answer_cut)
        yield int(exact and counts.masked and tokens.untrained)
        yield int(bool(counts.problem))
        yield int(not counts.masked)

    def _finding(self, counts: "CountedRecord") -> dict[str, object]:
        """Return the finding of a record, without its place; empty where there is none."""
        tokens, limit = counts.tokens, self.trainer.limit
        if counts.problem:
            return {"rule": "tokens.template", "detail": counts.problem}
        if not self._exact:
            if limit is None or counts.least <= limit:
                return {}
            detail = f"{counts.least:,} tokens or more, of which {limit:,} are kept"
            return {"rule": "tokens.truncated", "detail": detail}
        lost, taught = tokens.total - tokens.kept, tokens.trained - tokens.kept_trained
        detail = f"{tokens.total:,} tokens"
        if lost:
            detail += f", {lost:,} are cut off, {taught:,} of them to be trained"
        if counts.masked and tokens.untrained:
            return {"rule": "tokens.untrained", "detail": f"{detail}; none is trained"}
        if counts.masked and tokens.answer_cut:
            return {"rule": "tokens.answer_cut", "detail": detail}
        return {"rule": "tokens.truncated", "detail": detail} if tokens.cut else {}

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add up lengths; keep the first examples."""
        lengths = (
            partials.filter(topic="length")
            .group_by("topic", "split", "tokens")
            .agg(pl.col(_SUMS).sum())
        )
        order = ("rule", "split", "file", "row")
        examples = (
            partials.filter(topic="example")
            .sort(*order)
            .filter(pl.int_range(pl.len()).over("rule") < EXAMPLES)
        )
        both = pl.concat([lengths, examples], how="diagonal_relaxed")
        return both.select(pl.col(n).cast(t) for n, t in _PARTIALS.items()).sort(
            "topic", "split", "tokens", "rule", "file", "row", nulls_last=True
        )

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how long the training records are, and what is lost of them."""
        lengths = totals.filter(topic="length")
        train = lengths.filter(split=TRAIN)
        metrics = self._metrics(train)
        return Judgement(
            metrics=metrics,
            headline=self._headline(metrics),
            notes=tuple(self._notes(train)),
            examples=tuple(
                _example(row) for row in totals.filter(topic="example").iter_rows(named=True)
            ),
            charts=tuple(length_charts(lengths, exact=self._exact)),
            configuration=self._configuration(),
        )

    def _metrics(self, train: pl.DataFrame) -> dict[str, int | float]:
        sums = {name: int(train[name].sum()) for name in _SUMS}
        total = int((train["tokens"] * train["rows"]).sum())
        metrics: dict[str, int | float] = {
            "tokens.truncated_rows": sums["truncated"],
            "tokens.possibly_truncated_rows": sums["possibly"],
        }
        if not self._exact:
            return metrics | {"tokens.at_least": sums["least"], "tokens.at_most": total}
        metrics |= {
            "tokens.total": total,
            "tokens.trained": sums["trained"],
            "tokens.lost": sums["lost"],
            "tokens.answer_cut_rows": sums["answer_cut"],
            "tokens.untrained_rows": sums["untrained"],
            "tokens.template_errors": sums["unrendered"],
            "tokens.median": length_percentile(train, 50),
            "tokens.p90": length_percentile(train, 90),
            "tokens.p99": length_percentile(train, 99),
            "tokens.longest": int(train["tokens"].max() or 0),  # type: ignore[arg-type] # an integer
        }
        if self.price is not None:
            kept = total - sums["lost"]
            metrics["tokens.epoch_cost"] = round(kept / MILLION * self.price, 6)
        return metrics

    def _headline(self, metrics: Mapping[str, int | float]) -> str:
        cut = int(metrics["tokens.truncated_rows"])
        if not self._exact:
            most = int(metrics["tokens.at_most"])
            return f"{most:,} tokens at most; {counted(cut, 'record')} certainly too long"
        return f"{int(metrics['tokens.total']):,} tokens; {counted(cut, 'record')} cut"

    def _notes(self, train: pl.DataFrame) -> Iterator[str]:
        if not self._exact:
            yield (
                "No tokenizer was named, so tokens were not counted: bytes bound them from above, "
                "words from below."
            )
        elif not self.marks:
            yield "Counted text by text, with three tokens around each turn: an estimate."
        if self.marks and not self._exact:
            yield "The chat template was not used: it needs --tokenizer."
        if unmasked := int(train["unmasked"].sum()):
            yield (
                f"Of {counted(unmasked, 'record')} it is not known what is trained: the template "
                "marks no generation, and its text does not grow turn by turn."
            )
        trainer = self.trainer
        if trainer.limit is not None:
            profile = trainer.profile if self.max_tokens is None else None
            named = f", that of {profile.profile}" if profile else ""
            yield f"The limit is {trainer.limit:,} tokens{named}."

    def _configuration(self) -> dict[str, object]:
        trainer = self.trainer
        counter, template = trainer.counter, trainer.template
        return {
            "limit": trainer.limit,
            "cut": trainer.cut,
            "trains": trainer.trains,
            "tokenizer_files": dict(counter.digests) if counter else {},
            "chat_template_sha256": template.digest if template else None,
        }


_FOUND: Final = ("rule", "split", "file", "row", "line", "detail")


def _required(context: Context) -> list[str]:
    section = context.policy.get("profiles")
    return [str(name) for name in section.get("require", ())] if isinstance(section, dict) else []


def _examples(findings: Sequence[Mapping[str, object]]) -> Iterator[dict[str, object]]:
    counts: dict[object, int] = {}
    for finding in findings:
        counts[finding["rule"]] = counts.get(finding["rule"], 0) + 1
        if counts[finding["rule"]] <= EXAMPLES:
            yield {"topic": "example", **finding}


def _example(row: Mapping[str, object]) -> Example:
    file, number, line = row["file"], row["row"], row["line"]
    assert isinstance(file, int)  # noqa: S101 - the schema says so
    assert isinstance(number, int)  # noqa: S101 - the schema says so
    place = Location(str(row["split"]), file, number)
    at = line if isinstance(line, int) else None
    return Example(str(row["rule"]), place, detail=str(row["detail"]), line=at)


CHECK: Final[type[Check]] = TokensCheck
