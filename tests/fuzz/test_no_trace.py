"""Values planted in broken data reach no message and no output, whatever breaks."""

import json
import random
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from ftaudit.cli.main import run
from tests.conftest import examples
from tests.fuzz.mutations import mutated

PLANTED: Final = ("quentin.unique@example.org", "Zyxwvut", "4929 1234 5678 9012", "+49 151 2345678")
FAST: Final = ("--only", "schema", "--only", "duplicates", "--policy", "report-only", "--quiet")


def record(number: int) -> dict[str, str]:
    value = PLANTED[number % len(PLANTED)]
    return {"text": f"write to {value} about order {number}", "label": value[:7]}


def files() -> dict[str, bytes]:
    rows = [record(number) for number in range(12)]
    frame = pl.DataFrame(rows)
    lines = [json.dumps(row) for row in rows]
    csv = frame.write_csv()
    return {
        "plain.csv": csv.encode(),
        "headerless.csv": csv.partition("\n")[2].encode(),
        "twice.csv": f"{PLANTED[0]},{PLANTED[0]}\na,b\n".encode(),
        "names.csv": f"{PLANTED[1]} {PLANTED[1]},{PLANTED[1]} {PLANTED[1]}\na,b\n".encode(),
        "quotes.csv": csv.replace("about", 'about"', 3).replace("write", '"write').encode(),
        "latin.csv": csv.replace("write", "écris").encode("latin-1"),
        "plain.jsonl": "\n".join(lines).encode(),
        "broken.jsonl": "\n".join([*lines[:3], lines[4][:-9], lines[5]]).encode(),
        "types.jsonl": ("\n".join(lines) + '\n{"text": 1, "label": [2]}').encode(),
        "keys.jsonl": "\n".join(json.dumps({row["text"]: row["label"]}) for row in rows).encode(),
        "plain.json": f"[{','.join(lines)}]".encode(),
        "tail.json": f"[{','.join(lines)}] {lines[0]}".encode(),
    }


def traces(text: str) -> list[str]:
    return [value for value in PLANTED if value in text]


@pytest.mark.parametrize("name", files())
def test_no_message_quotes_a_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path, out = tmp_path / name, tmp_path / "out"
    for seed in range(examples(2)):  # the file as it is, and damaged
        data = files()[name]
        path.write_bytes(data if not seed else mutated(data, data, seed))
        code = run(["scan", str(path), *FAST, "--no-excerpts", "--output", str(out)])
        captured = capsys.readouterr()
        assert code in {0, 1, 2, 3}
        assert traces(captured.err) == [], (seed, captured.err)
        assert traces(captured.out) == []
        assert "Traceback" not in captured.err


@pytest.mark.parametrize("kind", ["policy", "plan", "provenance"])
def test_no_message_quotes_a_hand_written_file_that_is_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    rng = random.Random(1)  # noqa: S311 - no secret
    for name, data in files().items():
        path = tmp_path / f"{kind}.yaml"
        path.write_bytes(data[: rng.randrange(len(data))] if rng.random() < 0.3 else data)
        command = {
            "policy": ["policy", "check", str(path)],
            "plan": ["request", str(path), "--plan", str(path)],
            "provenance": ["provenance", "export", str(path)],
        }[kind]
        assert run(command) != 0
        assert traces(capsys.readouterr().err) == [], name
