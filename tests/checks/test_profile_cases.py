"""The shared cases through whole scans, the broken files among them."""

from collections import defaultdict
from collections.abc import Iterator

import pytest

import ftaudit
from ftaudit.model.options import Options
from tests.profiles.test_provider_cases import CASES, LEAST_RIGHT, Case, cases, needs_cases

Named = dict[tuple[str, int | None], bool]
"""Rule without `profile.` and line → whether the finding is of severity medium or higher."""


def scanned(file: str, profiles: list[str]) -> Named:
    options = Options(only=("profile",), parameters={"profile": {"profiles": profiles}})
    with ftaudit.scan(CASES / file, options=options) as audit:
        rows = audit.findings.select("rule", "line", "severity").rows()
    named: Named = {}
    for rule, line, severity in rows:
        place = rule.removeprefix("profile."), line
        named[place] = named.get(place, False) or severity in {"medium", "high"}
    return named


def verdicts() -> Iterator[tuple[Case, bool]]:
    """Yield every case, and whether a scan of its file names the line and accuses no other."""
    by_file: dict[str, list[Case]] = defaultdict(list)
    for case in cases():
        by_file[case.file].append(case)
    for file, group in by_file.items():
        named = scanned(file, sorted({case.profile for case in group}))
        for case in group:
            own = {
                place: strong
                for place, strong in named.items()
                if place[0].startswith(f"{case.profile}.")
            }
            yield case, right(case, own)


def right(case: Case, named: Named) -> bool:
    strong = {place for place, is_strong in named.items() if is_strong}
    if case.verdict == "valid":
        return not strong
    lines: list[int | None] = [*case.lines] or [None]
    among = strong if case.verdict == "invalid" else set(named)
    sound = case.more or all(line in lines for _, line in strong)
    return sound and all((case.rule, line) in among for line in lines)


@needs_cases
@pytest.mark.long  # the cases are judged one by one in tests/profiles
def test_a_scan_judges_nearly_every_case_right_under_every_profile() -> None:
    counts: dict[str, list[bool]] = defaultdict(list)
    for case, is_right in verdicts():
        counts[case.profile].append(is_right)
    shares = {name: sum(found) / len(found) for name, found in counts.items()}
    assert {name: share for name, share in shares.items() if share < LEAST_RIGHT} == {}
