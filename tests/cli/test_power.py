"""`ftaudit power`, as a shell runs it."""

import json

from tests.cli.commands import FAST, Shell

EXAMPLE = ("power", "--rows", "300", "--baseline", "0.82", "--lift", "0.05")
PLAN = """
schema: ftaudit.plan/v1
baseline: {model: m, metric: accuracy, score: 0.82}
target: {metric: accuracy, score: 0.87}
holdout: {name: test.csv, rows: 300}
discordance: 0.15
"""


def test_too_few_rows_end_with_one_and_say_how_many_are_needed(shell: Shell) -> None:
    ended = shell(*EXAMPLE, "--discordance", "0.15")
    assert ended.code == 1
    assert ended.out.splitlines()[:3] == [
        "TOO FEW ROWS: 300 rows see a lift of 5.0 points over 82.0 % with power 0.61",
        "  needed       469 rows for power .80",
        "  smallest     6.2 points is the smallest lift seen with power .80",
    ]


def test_enough_rows_end_with_zero(shell: Shell) -> None:
    ended = shell("power", "--rows", "900", *EXAMPLE[3:], "--json")
    assert ended.code == 0
    value = json.loads(ended.out)
    assert (value["enough"], value["discordance"]) == (True, "assumed")
    assert value["metrics"]["power.rows_needed"] == 824


def test_a_plan_says_it_all(shell: Shell) -> None:
    (shell.folder / "plan.yaml").write_text(PLAN)
    assert shell("power", "--plan", "plan.yaml").out == shell(*EXAMPLE, "--discordance", "0.15").out


def test_a_holdout_tells_its_rows_and_its_small_classes(shell: Shell) -> None:
    rows = "text,label\n" + "".join(
        f"text {at},{'rare' if at < 5 else 'usual'}\n" for at in range(100)
    )
    (shell.folder / "test.csv").write_text(rows)
    ended = shell("power", "--holdout", "test.csv", "--baseline", "0.5", "--lift", "0.3")
    assert ended.code == 0
    assert "  too small    1 of 2: rare (5)\n" in ended.out
    assert "FTA-POWER-002" in ended.out


def test_a_manifest_tells_the_rows_and_its_profile_the_classes(shell: Shell) -> None:
    rows = [f"text {at} of many,{'rare' if at < 5 else 'usual'}\n" for at in range(101)]
    (shell.folder / "train.csv").write_text("text,label\n" + "".join(rows))
    (shell.folder / "test.csv").write_text("text,label\n" + "".join(rows[:100]))
    shell("scan", "train.csv", "--holdout", "test.csv", *FAST, "--output", "audit")
    ended = shell("power", "audit/manifest.json", "--baseline", "0.5", "--lift", "0.3")
    assert ended.out.startswith("ENOUGH: 100 rows")
    assert "  too small    1 of 2: class " in ended.out
    assert "rare" not in ended.out


def test_what_is_not_known_is_asked_for(shell: Shell) -> None:
    ended = shell("power", "--baseline", "0.8", "--lift", "0.1")
    assert ended.code == 2
    assert "no number of rows: give --rows, --holdout or a manifest" in ended.err
    ended = shell(*EXAMPLE, "--pilot", "a", "b")
    assert ended.code == 2
    assert "--pilot needs --holdout" in ended.err
    assert shell(*EXAMPLE[:-1], "0.4").code == 2
