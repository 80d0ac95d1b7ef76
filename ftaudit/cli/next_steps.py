"""The commands worth running after a scan, whole, so that they can be copied."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from ftaudit.cli.main import COMMANDS
from ftaudit.model.escape import shell_command

if TYPE_CHECKING:
    from ftaudit.wire.manifest import CheckRecord, Manifest


class FinishedScan(Struct, frozen=True):
    """What a scan was called with, and where it wrote."""

    data: Sequence[str]
    """The training data, as it was given."""
    holdout: Sequence[str]
    options: Sequence[str]
    """The other options that say which data is audited, and how."""
    folder: Path
    """The output folder."""


def next_steps(manifest: "Manifest", run: FinishedScan) -> list[tuple[str, str]]:
    """Return commands and what each is for, the most useful first.

    Args:
        manifest: what the scan recorded.
        run: what it was called with.
    """
    from ftaudit.reports.phrasing import verdict

    return list(_passed(run) if verdict(manifest).passed else _blocked(manifest, run))


def _passed(run: FinishedScan) -> Iterator[tuple[str, str]]:
    command = ["ftaudit", "gate", str(run.folder / "manifest.json"), *run.data, *run.holdout]
    yield shell_command(command), "verify before tuning starts"


def _blocked(manifest: "Manifest", run: FinishedScan) -> Iterator[tuple[str, str]]:
    from ftaudit.reports.limits import by_check

    standing = [breach for breach in manifest.predicate.gate.breaches if breach.waiver is None]
    failed = [check for check, _ in by_check(standing, manifest) if check is not None]
    with_findings = [check for check in failed if check.findings]
    if "findings" in COMMANDS and with_findings:
        check = ["--check", with_findings[0].id]
        command = ["ftaudit", "findings", str(run.folder), *run.data, *run.holdout, *check]
        yield shell_command(command), "show the rows"
    if manifest.predicate.provenance is None:
        yield shell_command(["ftaudit", "init", *run.data]), "write a provenance record to fill in"
    if "fix" in COMMANDS and any(map(_is_fixable, failed)):
        options = [option for path in run.holdout for option in ("--holdout", path)]
        command = ["ftaudit", "fix", *run.data, *options, *run.options, "-o", "fixed"]
        yield shell_command(command), "write data without what can be repaired"


def _is_fixable(check: "CheckRecord") -> bool:
    """Return whether a rule that was found carries a remedy of `ftaudit fix`."""
    from ftaudit.checks import discover
    from ftaudit.model.finding import rule_of

    installed = discover().get(check.id)
    if installed is None:
        return False
    rules = (rule_of(installed.rules, finding.rule) for finding in check.findings)
    return any(rule is not None and rule.fix is not None for rule in rules)
