"""What a check declares is all that the house knows of it, of ours and of other packages."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.checks import discover
from ftaudit.model.declaration import AtMost, FindingsTotal, RowsAmong, ShareOf, declaration
from ftaudit.model.declared_fields import field_names
from tests.cli.commands import Said

PACKAGE = Path(ftaudit.__file__).parent
NAMELESS = (
    "admission/comparability.py",
    "admission/contradictions.py",
    "admission/rules.py",
    "admission/verify.py",
    "cli/audit_options.py",
    "cli/scan_command.py",
    "pipeline/audit.py",
    "pipeline/excerpts.py",
    "pipeline/folding.py",
    "pipeline/record.py",
    "pipeline/scan.py",
    "policy/decision.py",
    "reports/standards.py",
)
"""Modules that treat all checks alike."""
INPUTS = {"provenance", "expectations"}
"""Ids that are also the names of a scan's own inputs: a record and suites, which have options."""


def strings(path: Path) -> Iterator[str]:
    """Yield every string of a module but its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = {
        id(statement.value)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documented:
            yield str(node.value)


@pytest.mark.parametrize("module", NAMELESS)
def test_no_module_of_the_house_names_a_single_check_metric_or_rule(module: str) -> None:
    names = {id_ for id_ in discover() if id_ not in INPUTS}
    for check in discover().values():
        names |= {metric.name for metric in check.metrics} | {rule.id for rule in check.rules}
    assert not names & set(strings(PACKAGE / module))


@pytest.mark.parametrize("id_", discover())
def test_what_a_check_declares_speaks_of_its_own_metrics_and_parameters(id_: str) -> None:
    check = discover()[id_]
    declared = declaration(check)
    metrics = {metric.name for metric in check.metrics}
    parameters = set(field_names(check))
    for invariant in declared.invariants:
        match invariant:
            case ShareOf(share, count, _):
                assert {share, count} <= metrics
            case AtMost(smaller, larger):
                assert {smaller, larger} <= metrics
            case RowsAmong(count, _):
                assert count in metrics
            case FindingsTotal(metric):
                assert metric in metrics
    assert {option.parameter for option in declared.options} <= parameters
    assert declared.private_parameters | declared.free_parameters <= parameters
    assert {duty.metric for duty in declared.duties} <= metrics


@pytest.mark.parametrize("id_", discover())
def test_a_typed_remedy_belongs_to_a_rule_that_ftaudit_fix_can_mend(id_: str) -> None:
    for rule in discover()[id_].rules:
        assert rule.remedy
        if rule.fix is not None:
            assert rule.fix.remedy == rule.fix.remedy.lower().replace("_", "-")


PLUGIN = '''
"""A check of another package: rows that hold a code word."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import polars as pl

from ftaudit.model.check import Context, Judgement, Mapped, Relation, parameters
from ftaudit.model.dataset import SPLITS
from ftaudit.model.declaration import (
    CheckOption, Declaration, FindingsTotal, RowsAmong, StandardTags,
)
from ftaudit.model.finding import Metric, Rule, Severity, evidence
from ftaudit.model.fix import Fix, FixTarget
from ftaudit.remedies.changes import removals
from ftaudit.remedies.remedy import Damage, Remedy


@dataclass(frozen=True)
class DropWords:
    """Remove rows with a code word, the first `spared` of them excepted."""

    id: ClassVar[str] = "drop-words"
    order: ClassVar[int] = 15
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    spared: int = 0

    def treats(self, rule: Rule) -> bool:
        return True

    def changes(self, damage: Damage) -> pl.DataFrame:
        rows = damage.findings.with_columns(damage.ids()).sort("id")
        return removals(rows[self.spared :])


class Place(NamedTuple):
    entity: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class CodeWords:
    """Rows that hold a code word."""

    id: ClassVar[str] = "code-words"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "code_words.row",
            "a code word",
            Severity.LOW,
            "Drop it.",
            Fix("drop-words", FixTarget.ROW),
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("code_words.findings", "findings", "findings"),
        Metric("code_words.rows", "rows with a code word"),
    )
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(iso=("a tag of another package",)),
        invariants=(FindingsTotal("code_words.findings"), RowsAmong("code_words.rows", SPLITS)),
        options=(CheckOption("--code-word", "word", "WORD", "The word to look for."),),
        private_parameters=frozenset({"also"}),
    )
    remedies: ClassVar[tuple[type[Remedy], ...]] = (DropWords,)

    word: str = "mongoose"
    also: tuple[str, ...] = ("badger", "otter")

    @classmethod
    def prepare(cls, context: Context) -> "CodeWords":
        return cls(**parameters(cls, context.parameters))

    def map(self, batch: pl.DataFrame) -> Mapped:
        rows = batch.filter(pl.col("input").str.contains(self.word, literal=True))
        return Mapped(pl.DataFrame({"n": [rows.height]}), evidence(rows, rule="code_words.row"))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        return partials.sum()

    def judge(self, totals: pl.DataFrame) -> Judgement:
        count = totals["n"][0]
        return Judgement(
            {"code_words.findings": count, "code_words.rows": count},
            f"{count} code words",
            coverage={"words_searched": (self.word,)},
        )

    def sensitive(self, texts: pl.Series) -> Iterator[tuple[int, list[Place]]]:
        for position, text in enumerate(texts):
            if text and self.word in text:
                at = text.index(self.word)
                yield position, [Place("CODE_WORD", at, at + len(self.word), 1.0)]
'''


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Install a package with a check beside ours; return the environment that has it."""
    site = tmp_path_factory.mktemp("site")
    (site / "code_words.py").write_text(PLUGIN, encoding="utf-8")
    metadata = site / "code_words-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: code-words\nVersion: 1.0\n")
    entry = "[ftaudit.checks]\ncode-words = code_words:CodeWords\n"
    (metadata / "entry_points.txt").write_text(entry)
    path = os.pathsep.join([str(site), str(PACKAGE.parent)])
    return os.environ | {"PYTHONPATH": path, "SOURCE_DATE_EPOCH": "1700000000"}


PROGRAM = """
import contextlib, io, json, sys
from ftaudit.cli.main import run

ends = []
for arguments in json.loads(sys.argv[1]):
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    for stream in (out, err):
        stream.flush()
        stream.seek(0)
    ends.append((code, out.read(), err.read()))
print(json.dumps(ends))
"""


def run(env: dict[str, str], folder: Path, *commands: list[str]) -> list[Said]:
    """Run commands one after the other in one interpreter that has the package."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        cwd=folder,
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [Said(*end) for end in json.loads(done.stdout)]


def test_a_check_of_another_package_gets_all_that_ours_get(
    plugin: dict[str, str], tmp_path: Path
) -> None:
    rows = [{"text": f"the otter number {n} met another", "label": "a"} for n in range(9)]
    rows.append({"text": "the wombat is out, the wombat is out", "label": "a"})
    data = tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    gate = ["gate", "ftaudit-out/manifest.json", "rows.jsonl", "--policy", "report-only"]
    gate.append("--no-require-signature")
    only = ["--only", "code-words", "--policy", "report-only"]
    words, scan, sarif, passed = run(
        plugin,
        tmp_path,
        ["scan", "--help"],
        ["scan", "rows.jsonl", "--code-word", "wombat", *only],
        ["report", "ftaudit-out/manifest.json", "--report", "sarif"],
        gate,
    )
    assert "--code-word WORD" in words.out
    assert scan.code == 0, scan.err
    manifest = json.loads((tmp_path / "ftaudit-out" / "manifest.json").read_text())
    predicate = manifest["predicate"]
    recorded = predicate["configuration"]["checks"]["code-words"]["parameters"]
    assert recorded == {"also": 2, "word": "wombat"}
    assert predicate["coverage"]["other"]["words_searched"] == ["wombat"]

    assert "a tag of another package" in sarif.out
    assert passed.code == 0
    check = next(c for c in predicate["checks"] if c["id"] == "code-words")
    check["metrics"]["code_words.findings"] = 2
    (tmp_path / "ftaudit-out" / "manifest.json").write_text(json.dumps(manifest))
    [refused] = run(plugin, tmp_path, gate)
    assert refused.code == 4
    assert "lists 1 findings and measures another number" in refused.out + refused.err


def test_a_remedy_of_another_package_mends_what_its_check_finds(
    plugin: dict[str, str], tmp_path: Path
) -> None:
    lines = [f'{{"text" : "otter number {n} met another", "label": "a"}}\r\n' for n in range(9)]
    lines[4:4] = ['{"text": "the wombat is out", "label": "a"}\n', '{"text": "a wombat"}\n']
    data = tmp_path / "rows.jsonl"
    data.write_bytes("".join(lines).encode())
    (tmp_path / "recipe.yaml").write_text(
        "schema: ftaudit.recipe/v1\nremedies: {drop-words: {spared: 1}}\n"
    )
    chosen = ["fix", "rows.jsonl", "--code-word", "wombat"]

    spared, fixed = run(
        plugin,
        tmp_path,
        [*chosen, "--recipe", "recipe.yaml", "--output", "spared"],
        [*chosen, "--remedy", "drop-words", "--output", "fixed"],
    )
    assert spared.code == 0, spared.out
    assert "code_words.row" in spared.out
    assert len((tmp_path / "spared" / "rows.jsonl").read_bytes().splitlines()) == 10

    assert fixed.code == 0, fixed.err
    assert "2 rows" in fixed.out
    assert (tmp_path / "fixed" / "rows.jsonl").read_bytes() == "".join(
        lines[:4] + lines[6:]
    ).encode()
    changes = pl.read_parquet(tmp_path / "fixed" / "changes.parquet")
    assert changes.select("row", "remedy", "rule").rows() == [
        (4, "drop-words", "code_words.row"),
        (5, "drop-words", "code_words.row"),
    ]
    lineage = json.loads((tmp_path / "fixed" / "lineage.json").read_text())
    applied = [(r["id"], r["choices"]) for r in lineage["predicate"]["remedies"]]
    assert applied == [("drop-words", {"spared": 0})]


def test_reports_mask_what_a_check_of_another_package_says_is_sensitive(
    plugin: dict[str, str], tmp_path: Path
) -> None:
    twice = {"text": "please forward the mongoose to the tall building today", "label": "a"}
    data = tmp_path / "rows.jsonl"
    data.write_text((json.dumps(twice) + "\n") * 3, encoding="utf-8")
    only = ["--only", "code-words", "--only", "duplicates", "--policy", "report-only"]
    [scan] = run(plugin, tmp_path, ["scan", "rows.jsonl", *only])
    assert scan.code == 0, scan.err
    page = (tmp_path / "ftaudit-out" / "report.html").read_text("utf-8")
    assert "[CODE_WORD]" in page
    assert "forward the mongoose" not in page
