"""Lines that are judged without being read: as those that are."""

import json
from pathlib import Path

import pytest

from ftaudit.profiles.file_judgement import judge_file
from ftaudit.profiles.line_skeletons import line_keys
from ftaudit.profiles.profile_catalogue import built_in, load_profile
from tests.profiles.lines_alike import broken_promises, odd_lines
from tests.profiles.test_planted_rules import answer, call, calling

CASES = Path(__file__).parents[3] / "shared" / "data" / "provider_cases"
NEVER = 1 << 60
LONG_S = "\u017f"  # equals s, in another case


def test_two_lines_of_one_key_are_sound_alike_and_judged_alike() -> None:
    lines = odd_lines(3, 3_000)
    keys = list(line_keys(lines, (), fewest=0))
    assert broken_promises(lines) == []
    assert len(set(keys)) < len(lines) * 3 / 4  # so that some share one


def test_few_lines_are_read_one_by_one() -> None:
    assert list(line_keys([b"{}", b"[]"], ())) == [None, None]


@pytest.mark.parametrize("name", built_in())
def test_a_file_is_judged_alike_whether_lines_are_recalled_or_read(name: str) -> None:
    profile = load_profile(name)
    records = [answer(weight=weight) for weight in (1, True, 1.0, None, "1")]
    calls = [call(f'{{"id": {number}}}') for number in (1, 2)]
    records += [calling(calls[0], reply=reply) for reply in ("call00001", "b")]
    texts = ("user: hi", "Fine.", "", " ", "BOT:", f"u{LONG_S}er:")
    records += [answer(content=text) for text in texts]
    lines = [json.dumps(record).encode() for record in records] * 2
    lines += [json.dumps(record, ensure_ascii=False).encode() for record in records]
    lines += [line.replace(b"user: hi", b"\\u0055ser:") for line in lines]
    lines += [json.dumps(calling(calls[1])).encode()]
    data = b"\n".join([*lines, *odd_lines(4, 60), *lines])
    assert judge_file(data, "d.jsonl", profile, 0) == judge_file(data, "d.jsonl", profile, NEVER)


@pytest.mark.skipif(not CASES.exists(), reason="../shared/data is not there")
@pytest.mark.parametrize("name", ["openai", "mistral", "bedrock-nova"])
def test_every_case_is_judged_alike_when_its_lines_are_recalled(name: str) -> None:
    profile = load_profile(name)
    for path in sorted(CASES.glob("*.jsonl")):
        data = path.read_bytes() * 2
        assert judge_file(data, path.name, profile, 0) == judge_file(
            data, path.name, profile, NEVER
        )
