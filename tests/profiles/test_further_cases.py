"""Records of every profile that were judged from its documentation before the rules saw them.

`data/further_cases.jsonl` has one for each line: the profile; the rule that a record breaks which
is refused, dropped or crashes, or null where nothing stronger than a hint may be said of it; and
the record, or its line as text or as bytes. `beside` is a sound record of the same kind, where a
trainer takes one kind for each file.
"""

import json
from pathlib import Path
from typing import Final

import pytest

from tests.profiles.test_planted_rules import BAD_LINE, LINES, SOUND, strong

DATA: Final = Path(__file__).parent / "data" / "further_cases.jsonl"
CASES: Final = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]


def line_of(case: dict[str, object]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(str(case["hex"]))
    return str(case["line"] if "line" in case else json.dumps(case["record"])).encode()


def name_of(case: dict[str, object]) -> str:
    return f"{case['profile']}-{case['rule'] or 'accepted'}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_record_is_judged_as_its_documentation_says(case: dict[str, object]) -> None:
    profile, rule = str(case["profile"]), case["rule"]
    lines = [json.dumps(case.get("beside", SOUND[profile])).encode()] * LINES
    lines[BAD_LINE - 1] = line_of(case)
    found = strong(b"\n".join(lines) + b"\n", profile)
    named = [broken for number, broken in found if number == BAD_LINE]
    assert rule in named if rule else named in ([], ["mixed-format"])
    assert {number for number, broken in found if broken != "weight"} <= {BAD_LINE}


def test_every_profile_has_cases_of_both_kinds() -> None:
    own = {
        name: {bool(case["rule"]) for case in CASES if case["profile"] == name} for name in SOUND
    }
    assert {name for name, kinds in own.items() if not kinds} == set()
    assert sum(len(kinds) == 2 for kinds in own.values()) > len(own) * 2 / 3
