"""Every profile on files whose verdicts others have written down (../shared/data)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ftaudit.model.finding import Severity
from ftaudit.profiles.file_judgement import judge_file
from ftaudit.profiles.profile_catalogue import load_profile

CASES = Path(__file__).parents[3] / "shared" / "data" / "provider_cases"
STRONG = (Severity.MEDIUM, Severity.HIGH)
LEAST_RIGHT = 0.97
TOKEN_RULES = ("truncated",)
"""Rules that the check of tokens judges, not that of profiles."""

needs_cases = pytest.mark.skipif(not CASES.exists(), reason="../shared/data is not there")


@dataclass(frozen=True)
class Case:
    id: str
    file: str
    profile: str
    verdict: str
    rule: str | None
    lines: list[int]
    more: bool


def cases() -> Iterator[Case]:
    for line in (CASES / "cases.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield Case(**{name: row[name] for name in Case.__dataclass_fields__})


def judged(case: Case) -> list[tuple[str, int, Severity]]:
    profile = load_profile(case.profile)
    violations = judge_file((CASES / case.file).read_bytes(), case.file, profile)
    return [
        (f"{case.profile}.{v.violation.rule.rule}", v.line, v.violation.rule.severity)
        for v in violations
    ]


def right(case: Case) -> bool:
    """Say whether the line is named with its rule, strongly where the record is refused."""
    found = judged(case)
    strong = [finding for finding in found if finding[2] in STRONG]
    if case.verdict == "valid":
        return not strong
    named = {(rule, line) for rule, line, _ in (strong if case.verdict == "invalid" else found)}
    return all((case.rule, line) in named for line in case.lines or [0])


@needs_cases
def test_nearly_every_case_is_judged_right_under_every_profile() -> None:
    counts: dict[str, list[bool]] = defaultdict(list)
    for case in cases():
        if case.rule is None or case.rule.split(".")[1] not in TOKEN_RULES:
            counts[case.profile].append(right(case))
    shares = {name: sum(verdicts) / len(verdicts) for name, verdicts in counts.items()}
    for name, verdicts in sorted(counts.items()):
        print(f"{name:<14} {sum(verdicts):>3} of {len(verdicts):>3} right")  # noqa: T201 - shown with -s
    assert {name: share for name, share in shares.items() if share < LEAST_RIGHT} == {}


@needs_cases
def test_no_sound_line_is_accused() -> None:
    accused = [
        (case.id, rule, line)
        for case in cases()
        if not case.more
        for rule, line, severity in judged(case)
        if severity in STRONG and line not in (case.lines or [0])
    ]
    assert accused == []
