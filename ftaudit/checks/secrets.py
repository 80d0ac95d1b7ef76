"""The `secrets` check."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import TYPE_CHECKING, ClassVar, Final, Self

import polars as pl

from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, parameters
from ftaudit.model.declaration import Concern, Declaration, FindingsTotal, StandardTags
from ftaudit.model.finding import Metric, Rule, Severity, counted
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.privacy.findings.allow import AllowList
from ftaudit.privacy.findings.finding_counts import (
    FindingTotals,
    TextSpans,
    combine,
    count_findings,
    settled_values,
    value_keys,
)
from ftaudit.privacy.findings.span import Span

if TYPE_CHECKING:
    from ftaudit.privacy.secrets.secret_scanner import SecretScanner


@dataclass(frozen=True)
class Secrets:
    """Find credentials in every string of every record.

    **What it finds.** Keys and tokens in the format of their vendor (a hundred of them, with those
    of detect-secrets), JSON Web Tokens, private keys, connection strings with a password, bearer
    tokens, and values given to names such as `password`, `dbPassword` or `api_key`: in code,
    JSON within a string, forms, Markdown tables, chats ("my password is"), commands, columns, in a
    dozen languages.

    **Why it harms training.** A model may repeat a secret to anyone who asks for code (Niu et al.,
    *CodexLeaks*, 2023). A secret in training data is a secret published: revoke it first.

    **How it decides.** By format; where there is none, by an assignment to a telling name and, if
    the value is not in quotes, by its randomness (Shannon entropy with mixed characters). Entropy
    alone never makes a finding: on prose it is wrong far more often than right.

    **Known false positives.** Invented keys in the right format. Keys that vendors print in their
    documentation, the header of a key without a key, references to variables, paths and names of
    secrets, templates, and stand-ins such as `your-api-key` are not reported.

    **References.** detect-secrets (Yelp); vendors' documentation of their key formats.
    """

    id: ClassVar[str] = "secrets"
    version: ClassVar[int] = 11
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        concern=Concern.EXPOSURE,
        tags=StandardTags(("Art. 10(2)(c)", "Art. 15(5)"), ("MEASURE 2.7",), ("confidentiality",)),
        invariants=(FindingsTotal("secrets.findings"),),
        private_parameters=frozenset({"allow_values", "allow_patterns"}),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "secrets.*",
            "a credential",
            Severity.HIGH,
            "Revoke the secret, then remove it from the data.",
            Fix("redact", FixTarget.SECRET),
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("secrets.findings", "credentials found", "findings"),
        Metric("secrets.rows", "rows with a credential"),
        Metric(
            "secrets.*.findings",
            "credentials of one kind",
            "findings",
            sentence="{value} credentials of {name}",
        ),
    )

    allow_values: tuple[str, ...] = ()
    allow_patterns: tuple[str, ...] = ()
    _key: bytes = field(default_factory=lambda: token_bytes(32), repr=False, compare=False)

    @classmethod
    def prepare(cls, context: Context) -> Self:
        """Return the check with the policy's parameters.

        Raises:
            UsageError: a parameter is unknown or has a wrong value.
        """
        values = parameters(cls, context.parameters)
        check = cls(**values, _key=context.run_key)  # type: ignore[arg-type] # validated there
        check._allow.check()
        return check

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Search every string of the rows."""
        return count_findings(batch, self._find, topic="secrets", key=self._key)

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Fold counts and examples together."""
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
        """Count the credentials by kind."""
        from ftaudit.privacy.secrets.secret_scanner import kinds

        findings = FindingTotals(totals)
        count, rows = findings.count("findings"), findings.count("rows")
        by_kind = dict.fromkeys(kinds(), 0) | findings.entities
        return Judgement(
            metrics={"secrets.findings": count, "secrets.rows": rows}
            | {f"secrets.{kind}.findings": n for kind, n in sorted(by_kind.items())},
            headline=f"{counted(count, 'credential')} in {counted(rows, 'row')}"
            if count
            else "no credential found",
            examples=findings.examples("secrets"),
            coverage={"secrets_searched": kinds()},
        )

    def sensitive(self, texts: pl.Series) -> Iterator[tuple[int, list[Span]]]:
        """Yield the credentials that reports must mask: allowed ones, too."""
        yield from _scanner().find(texts)

    def sensitive_in_fields(
        self, texts: pl.Series, labels: pl.Series
    ) -> Iterator[tuple[int, list[Span]]]:
        """Yield what reports must mask in fields, each with its label, which is a cue."""
        yield from _scanner().find(texts, labels)

    @property
    def _allow(self) -> AllowList:
        return AllowList(self.allow_values, self.allow_patterns)

    def _find(self, texts: pl.Series, labels: pl.Series | None = None) -> TextSpans:
        allow = self._allow
        for position, spans in _scanner().find(texts, labels):
            text = texts[position]
            kept = [span for span in spans if not allow.allows(text, span)]
            if kept:
                yield position, kept


def _scanner() -> "SecretScanner":
    """Return what finds credentials; loaded where rows are searched, in whichever process."""
    from ftaudit.privacy.secrets.secret_scanner import SecretScanner

    return SecretScanner()


CHECK: Final[type[Check]] = Secrets
