"""The `pii` check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import ClassVar, Final, Self

import polars as pl

from ftaudit.model.check import Chart, Check, Context, Judgement, Mapped, Relation, parameters
from ftaudit.model.dataset import SPLITS
from ftaudit.model.declaration import (
    AtMost,
    CheckOption,
    Concern,
    CoverageDuty,
    Declaration,
    FindingsTotal,
    RowsAmong,
    ShareOf,
    StandardTags,
)
from ftaudit.model.escape import printable
from ftaudit.model.finding import Metric, Rule, Severity, counted
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.privacy.findings.allow import AllowList
from ftaudit.privacy.findings.doubt import THRESHOLD
from ftaudit.privacy.findings.entity_types import INDIRECT, REACHING, STAND_IN, severity
from ftaudit.privacy.findings.finding_counts import (
    FindingTotals,
    combine,
    count_findings,
    settled_values,
    value_keys,
)
from ftaudit.privacy.findings.languages import UNTOLD
from ftaudit.privacy.findings.mask import mask_text
from ftaudit.privacy.findings.span import Span
from ftaudit.privacy.search import Search, Searched

_REMEDY: Final = "Redact it, remove the row, or allow the value in the policy if it is public."
_FIX: Final = Fix("redact", FixTarget.SPAN)
_UNCOVERED: Final = 0.05
"""Share of rows in other languages above which the check warns."""
_TOLD: Final = 0.1
"""Least share of rows whose language is told for the others to be taken for like them."""
_FITTING: Final = 0.5
"""Share of a column's values, inclusive, from which its name and its values agree."""
_SHOWN: Final = 10
"""Field paths and sources that notes and charts name."""


@dataclass(frozen=True)
class Pii:
    """Find personal data in every string of every record.

    **What it finds.** E-mail addresses, phone numbers, payment cards, bank accounts, IP addresses,
    URLs, crypto wallets, dates, and the identifiers of the countries whose recognizers are on, as
    Microsoft Presidio finds them; and, by patterns of our own, cards of 12 to 19 digits, phone
    numbers beside a phone word, street addresses, dates of birth, ages, postal codes, driver's
    licences, passports, national ids, medical record numbers, vehicle ids, Ethereum wallets,
    coordinates, and names that a title, a greeting, a form's label or "my name is" introduces, in
    a dozen languages. Every message and every tool argument of a conversation is searched, and
    named by its path. Column and key names are cues: a bare number in a column `ssn` or after
    `"phoneNumber":` is found, and a column whose name and values agree is reported as one.

    **Why it harms training.** Language models repeat what they were trained on, rare strings above
    all (Carlini et al., *Extracting Training Data from Large Language Models*, 2021). Personal
    data in a tuned model cannot be corrected, deleted or kept from a user who asks for it (GDPR
    art. 5, 16, 17).

    **How it decides.** Each recognizer scores what it finds; context words raise a score, a
    checksum that fails drops it. Findings below `threshold` (0.4, or `thresholds` for one type)
    fall, as do numbers that are part of arithmetic or of a decimal, numbers that the words before
    them call an order, an id or a version, "domains" that are two sentences without a space, and
    cells that are nothing but a machine's timestamp (ISO 8601 with a clock time, or seconds since
    1970); bare dates stay. A weak pattern counts only beside a whole word that names its type.

    Text is searched in one spelling (no-break spaces and hyphens, dashes, zero-width marks,
    full-width and other digits, HTML entities, percent-encoding, strings within strings, marks
    escaped in Markdown, line breaks of Windows); places are those of the text as it stands. Texts
    above 8,192 characters are searched in overlapping windows: a value of more than 512 characters
    across a seam may be missed.

    Some findings identify nobody: dates, ages, places, documented stand-ins (555-01xx,
    example.com, 192.0.2.1; with `spare_test_cards` also the test numbers of card networks),
    addresses of private networks (10.1.2.3, 192.168.1.7, fe80::1: RFC 1918, 3927, 6598, 4193),
    which stand in every file of settings and lead to nobody from outside, and a title with a
    surname alone ("Mr. Benson"), unless a contact or an id stands within 200 characters. They are
    counted, and do not make their row an identifying one.

    Where findings overlap, the best score wins, then the
    longer: the domain of an e-mail address is no URL of its own. What says more wins first: a
    date of birth over a date, a street address over a place.

    **What it does not find.** Names, places and organisations in running text, unless a model is
    installed and named (`--ner spacy:en_core_web_sm`). Without one PERSON is searched by cues
    only: of the names in an annotated set it finds about one in seven. The report lists the types
    that were searched and those that were not; a type that was not searched is unknown, never
    zero.

    **Known false positives.** Characters of fiction, public figures, companies' own contact
    details, order numbers that look like phone numbers and that nothing calls an order. Allow
    them by value, by pattern (RE2, of the whole value) or by domain:
    `allow_values`, `allow_patterns`, `allow_domains`.

    **Never leaks.** A finding holds type, place, length, score and a masked shape. Distinct values
    are counted by HMAC-SHA256 under a random key that lives no longer than the run.

    **References.** Microsoft Presidio; libphonenumber; ISO 13616 (IBAN), ISO/IEC 7812 (cards,
    Luhn), ITU-T E.164 (phone numbers); GDPR art. 4(1).
    """

    id: ClassVar[str] = "pii"
    version: ClassVar[int] = 10
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        concern=Concern.EXPOSURE,
        tags=StandardTags(
            ("Art. 10(2)(b)", "Art. 10(5)"),
            ("MEASURE 2.10",),
            ("identifiability", "confidentiality"),
        ),
        invariants=(
            ShareOf("pii.rows_share", "pii.rows", SPLITS),
            ShareOf("pii.identifying_share", "pii.identifying_rows", SPLITS),
            AtMost("pii.rows", "pii.findings"),
            AtMost("pii.identifying_rows", "pii.rows"),
            RowsAmong("pii.rows", SPLITS),
            FindingsTotal("pii.findings"),
        ),
        options=(
            CheckOption(
                "--ner",
                "ner",
                "KIND:MODEL",
                "Find names with an installed model: "
                "spacy:MODEL, gliner:MODEL or transformers:MODEL.",
            ),
        ),
        private_parameters=frozenset({"allow_values", "allow_patterns"}),
        loaded_parameters=frozenset({"recognizers", "ner"}),
        free_parameters=frozenset({"ner"}),
        duties=(
            CoverageDuty(
                section="entities",
                coverage="entities_searched",
                rule="FTA-PII-REQUIRED",
                metric="pii.*.findings",
                unmet="the policy requires a search for {name}, and none was made",
                remedy=(
                    "Turn on a recognizer or model that finds it, or drop it from entities.require."
                ),
            ),
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        *(
            Rule(f"pii.{entity}", f"{entity} in the data", severity(entity), _REMEDY, _FIX)
            for entity in sorted(INDIRECT | REACHING)
        ),
        Rule("pii.*", "personal data", Severity.HIGH, _REMEDY, _FIX),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("pii.rows", "rows with at least one finding"),
        Metric(
            "pii.rows_share",
            "rows with a finding, of all rows",
            "ratio",
            sentence="{value} of rows have a finding of personal data",
        ),
        Metric(
            "pii.identifying_rows", "rows with a finding that names, reaches or identifies a person"
        ),
        Metric(
            "pii.identifying_share",
            "such rows, of all rows",
            "ratio",
            sentence="{value} of rows name, reach or identify a person",
        ),
        Metric("pii.findings", "findings of all types", "findings"),
        Metric("pii.stand_ins", "findings that are documented stand-ins", "findings"),
        Metric("pii.columns", "columns whose name and values both say what they hold"),
        Metric(
            "pii.uncovered_language_share",
            "rows in languages that are not searched, of those whose language can be told",
            "ratio",
            sentence="{value} of rows whose language can be told are in one that is not searched",
        ),
        Metric(
            "pii.*.findings",
            "findings of one type",
            "findings",
            sentence="{value} findings of {name}",
        ),
        Metric("pii.*.distinct", "distinct values of one type, at most 100,000", "values"),
    )

    languages: tuple[str, ...] = ("en",)
    """ISO 639-1 codes whose recognizers and context words are used."""
    countries: tuple[str, ...] | None = None
    """Countries (`us`, `uk`, `de`, …) whose recognizers are on; None: those Presidio turns on."""
    entities: tuple[str, ...] | None = None
    """Types to search for; None: all."""
    recognizers: tuple[str, ...] = ()
    """Your own Presidio recognizers: YAML files, or `module:Class`."""
    threshold: float = THRESHOLD
    """Least score of a finding, in [0, 1]."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Least score of one type, where it differs."""
    allow_values: tuple[str, ...] = ()
    allow_patterns: tuple[str, ...] = ()
    allow_domains: tuple[str, ...] = ()
    ner: str = ""
    """A model on this machine: `spacy:NAME`, `gliner:NAME` or `transformers:NAME`."""
    spare_test_cards: bool = False
    """Whether card numbers that vendors document for tests are stand-ins that do not count."""
    _key: bytes = field(default_factory=lambda: token_bytes(32), repr=False, compare=False)
    """Key of the run: goes to worker processes with the check, and nowhere else."""

    @classmethod
    def prepare(cls, context: Context) -> Self:
        """Return the check with the policy's parameters, all that it searches with loaded.

        Raises:
            UsageError: a parameter is unknown or has a wrong value, or the model is not installed.
            InputError: a file of recognizers is not what it should be.
        """
        values = parameters(cls, context.parameters)
        check = cls(**values, _key=context.run_key)  # type: ignore[arg-type] # validated there
        check.search.check()
        return check

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Search every string of the rows."""
        return count_findings(
            batch,
            self.search.find,
            topic="pii",
            key=self._key,
            personal=True,
        )

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Fold counts, distinct values and examples together."""
        return combine(partials)

    @staticmethod
    def keys(partials: pl.DataFrame) -> pl.Series:
        """Return a number for each distinct value."""
        return value_keys(partials)

    @staticmethod
    def settle(partials: pl.DataFrame, keyless: pl.DataFrame, /) -> pl.DataFrame:
        """Count the distinct values of each entity."""
        return settled_values(partials, keyless)

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Count, and say what was searched and what was not."""
        findings, covered = FindingTotals(totals), self.search.covered()
        metrics = _metrics(findings, covered)
        return Judgement(
            metrics=metrics,
            headline=_headline(findings),
            notes=(
                *self._coverage_notes(covered),
                *_language_notes(findings, covered),
                *self._place_notes(findings),
                *self._column_notes(findings),
            ),
            examples=findings.examples("pii"),
            charts=_charts(findings),
            coverage=self._coverage(covered) | _languages_seen(findings, covered),
            configuration={"versions": dict(covered.versions)},
        )

    def sensitive(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield the personal data that reports must mask: all that the check finds."""
        yield from self.search.find(texts)

    def sensitive_in_fields(
        self, texts: pl.Series, labels: pl.Series
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield what reports must mask in fields, each with its label, which is a cue."""
        yield from self.search.find(texts, labels)

    @property
    def _allow(self) -> AllowList:
        return AllowList(self.allow_values, self.allow_patterns, self.allow_domains)

    @property
    def search(self) -> Search:
        """What the check searches with; reports mask with the same."""
        return Search(
            languages=self.languages,
            countries=self.countries,
            entities=self.entities,
            recognizers=self.recognizers,
            threshold=self.threshold,
            thresholds=self.thresholds,
            allow=self._allow,
            model=self.ner,
            spare_test_cards=self.spare_test_cards,
        )

    def _coverage(self, covered: Searched) -> dict[str, tuple[str, ...]]:
        return {
            "entities_searched": covered.entities,
            "entities_not_searched": covered.missing,
            "entities_by_cues_only": covered.by_cues_only,
            "languages": covered.languages,
            "countries": covered.countries,
            "ner": (covered.model or "none",),
            "recognizers_without_prefilter": covered.always,
        }

    def _coverage_notes(self, covered: Searched) -> list[str]:
        notes = [
            (
                f"Searched for {len(covered.entities)} types of personal data in "
                f"{', '.join(covered.languages)}; {len(covered.missing)} known types were not."
            )
        ]
        if covered.by_cues_only:
            types = ", ".join(covered.by_cues_only)
            notes.append(
                f"{types} was searched by cues only (titles, labels, greetings): most names in "
                "running text are not found. Install a model and name it with --ner to search them."
            )
        if covered.plain:
            notes.append(f"Presidio searched every row without a prefilter: {covered.plain}.")
        return notes

    def _place_notes(self, findings: FindingTotals) -> list[str]:
        """Say in which fields, and from which sources, most findings are."""
        return [
            f"Findings by {origin}: {listed}."
            for origin, kind in (("field", "path"), ("source", "source"))
            if (listed := self._listed(findings.names(kind)))
        ]

    def _column_notes(self, findings: FindingTotals) -> list[str]:
        """Say which columns hold what their name says, and how many of their values fit."""
        columns = _columns(findings)
        notes = [
            f"Column {self._shown(path)} holds {entity}: {fitting / values:.1%} of "
            f"{counted(values, 'value')} fit."
            for path, entity, fitting, values in columns[:_SHOWN]
        ]
        more = len(columns) - _SHOWN
        return [*notes, f"{more} more columns hold what their name says."] if more > 0 else notes

    def _listed(self, names: Mapping[str, int] | None) -> str:
        if names is None:
            return "too many to tell apart"
        named = {name: count for name, count in names.items() if name}
        most = list(named.items())[:_SHOWN]
        more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        return ", ".join(f"{self._shown(name)} {count:,}" for name, count in most) + more

    def _shown(self, name: str) -> str:
        """Mask a path or source id, which may hold personal data or a password itself."""
        from ftaudit.privacy.secrets.secret_scanner import SecretScanner

        names = pl.Series([name])
        finds = (*self.search.find(names), *SecretScanner().find(names))
        spans = [span for _, spans_of in finds for span in spans_of]
        return printable(mask_text(name, spans) if spans else name, limit=80)


def _uncovered(findings: FindingTotals, covered: Searched) -> dict[str, int]:
    """Return the rows of each language that is not among those searched."""
    known = {*covered.languages, UNTOLD}
    return {code: rows for code, rows in findings.languages.items() if code not in known}


def _uncovered_share(findings: FindingTotals, covered: Searched) -> float:
    """Return the share of rows in languages that are not searched, of those that can be told.

    Short rows ("Passwort vergessen") have no word that tells their language: they are taken to be
    in those of the others, unless hardly any row can be told, as in code.
    """
    rows = _judged_rows(findings)
    return round(sum(_uncovered(findings, covered).values()) / rows, 9) if rows else 0.0


def _judged_rows(findings: FindingTotals) -> int:
    """Return how many rows can be told, or how many there are where few can."""
    rows = sum(findings.languages.values())
    told = rows - findings.languages.get(UNTOLD, 0)
    return told if told >= _TOLD * rows else rows


def _languages_seen(findings: FindingTotals, covered: Searched) -> dict[str, tuple[str, ...]]:
    return {
        "languages_seen": tuple(sorted(code for code in findings.languages if code != UNTOLD)),
        "languages_not_covered": tuple(sorted(_uncovered(findings, covered))),
    }


def _language_notes(findings: FindingTotals, covered: Searched) -> list[str]:
    """Say which languages rows seem to be in, and warn of those that are not searched."""
    languages = findings.languages
    rows = sum(languages.values())
    if not rows:
        return []
    told = {code: count for code, count in languages.items() if code != UNTOLD}
    listed = ", ".join(f"{code} {count / rows:.1%}" for code, count in told.items())
    untold = languages.get(UNTOLD, 0) / rows
    seem = [f"Rows seem to be in {listed}"] if told else []
    seem += [f"of {untold:.1%} of rows no language can be told"] if untold else []
    said = "; ".join(seem)
    notes = [f"{said[:1].upper()}{said[1:]} ({counted(rows, 'row')} looked at)."]
    share = _uncovered_share(findings, covered)
    if share > _UNCOVERED:
        codes = ", ".join(_uncovered(findings, covered))
        whose = "rows" if _judged_rows(findings) == rows else "rows whose language can be told"
        notes.append(
            f"Warning: {share:.1%} of {whose} are in languages that are not searched ({codes}): "
            "only numbers, addresses and our own cues are found in them. Name them in the "
            "parameter `languages` of pii."
        )
    return notes


def _columns(findings: FindingTotals) -> list[tuple[str, str, int, int]]:
    """Return (path, entity, values that fit, values) of columns most of whose values fit."""
    return [column for column in findings.columns() if column[2] / column[3] >= _FITTING]


def _headline(findings: FindingTotals) -> str:
    """Put first what identifies a person; dates, ages and URLs alone do not."""
    rows, marked, seen = (findings.count(kind) for kind in ("rows", "marked", "seen"))
    if not rows:
        return "no personal data found"
    share = f" ({marked / seen:.1%})" if seen else ""
    verbs = "names, reaches or identifies" if marked == 1 else "name, reach or identify"
    return f"{counted(marked, 'row')} {verbs} a person{share}; {rows:,} with any finding"


def _metrics(findings: FindingTotals, covered: Searched) -> dict[str, int | float]:
    seen, rows, marked = (findings.count(kind) for kind in ("seen", "rows", "marked"))
    metrics: dict[str, int | float] = {
        "pii.rows": rows,
        "pii.rows_share": round(rows / seen, 9) if seen else 0.0,
        "pii.identifying_rows": marked,
        "pii.identifying_share": round(marked / seen, 9) if seen else 0.0,
        "pii.findings": findings.count("findings"),
        "pii.stand_ins": findings.count("stand_in") + findings.count("findings", STAND_IN),
        "pii.columns": len(_columns(findings)),
        "pii.uncovered_language_share": _uncovered_share(findings, covered),
    }
    counts = dict.fromkeys((*covered.entities, *covered.by_cues_only), 0) | findings.entities
    for entity, count in sorted(counts.items()):
        metrics[f"pii.{entity}.findings"] = count
        metrics[f"pii.{entity}.distinct"] = findings.distinct(entity)
    return metrics


def _charts(findings: FindingTotals) -> tuple[Chart, ...]:
    entities = sorted(findings.entities, key=lambda entity: (-findings.entities[entity], entity))
    if not entities:
        return ()
    by_split = {e: findings.by_split(e) for e in entities}
    series = {
        split: tuple(float(by_split[e].get(split, 0)) for e in entities)
        for split in findings.splits
    }
    return (Chart("Personal data by type", tuple(entities), series, "findings"),)


CHECK: Final[type[Check]] = Pii
