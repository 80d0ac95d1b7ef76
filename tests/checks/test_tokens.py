"""The check of tokens, on records counted by hand."""

import json
import pickle
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.checks.tokens import TokensCheck
from ftaudit.model.dataset import LINES
from ftaudit.model.errors import UsageError
from ftaudit.model.options import Options
from tests.checks.test_laws import ask
from tests.conftest import context, dataset
from tests.profiles.tokens.conftest import word_tokenizer

__all__ = ["word_tokenizer"]

pytestmark = pytest.mark.skipif(not find_spec("tokenizers"), reason="tokenizers is not installed")

TEMPLATE = (
    "{% for m in messages %}{{ m.role }} : "
    "{% if m.role == 'assistant' %}{% generation %}{{ m.content }} end{% endgeneration %}"
    "{% elif m.role == 'user' %}{{ m.content }} end"
    "{% else %}{{ raise_exception('role') }}{% endif %} {% endfor %}"
)


def chat(question: int, answer: int, role: str = "user") -> dict[str, object]:
    return {
        "messages": [
            {"role": role, "content": " ".join(["one"] * question)},
            {"role": "assistant", "content": " ".join(["two"] * answer)},
        ]
    }


def scanned(
    folder: Path, records: list[dict[str, object]], **parameters: object
) -> tuple[dict[str, int | float], list[tuple[str, int]], ftaudit.Audit]:
    file = folder / "train.jsonl"
    file.write_text("\n".join(map(json.dumps, records)) + "\n", "utf-8")
    options = Options(only=("tokens",), parameters={"tokens": parameters})
    with ftaudit.scan(file, options=options) as audit:
        findings = audit.findings.select("rule", "line").rows()
    (record,) = [c for c in audit.manifest.predicate.checks if c.id == "tokens"]
    return dict(record.metrics), findings, audit


def test_tokens_of_texts_are_summed_with_three_around_a_turn(
    tmp_path: Path, word_tokenizer: Path
) -> None:
    metrics, findings, _ = scanned(
        tmp_path, [chat(4, 2), chat(10, 5)], tokenizer=str(word_tokenizer)
    )
    assert metrics["tokens.total"] == 4 + 2 + 6 + 10 + 5 + 6
    assert metrics["tokens.trained"] == 7
    assert metrics["tokens.longest"] == 21
    assert metrics["tokens.median"] == 12
    assert findings == []


def test_a_limit_cuts_answers_and_whole_answers(tmp_path: Path, word_tokenizer: Path) -> None:
    metrics, findings, _ = scanned(
        tmp_path,
        [chat(4, 2), chat(10, 5), chat(30, 5)],
        tokenizer=str(word_tokenizer),
        max_tokens="20",
        price="2.5",
    )
    assert findings == [("tokens.answer_cut", 2), ("tokens.untrained", 3)]
    assert metrics["tokens.truncated_rows"] == 2
    assert metrics["tokens.answer_cut_rows"] == 2
    assert metrics["tokens.untrained_rows"] == 1
    assert metrics["tokens.lost"] == 1 + 21
    assert metrics["tokens.epoch_cost"] == round((12 + 20 + 20) / 1e6 * 2.5, 6)


def test_a_template_says_what_is_trained_and_which_record_it_refuses(
    tmp_path: Path, word_tokenizer: Path
) -> None:
    template = tmp_path / "chat.jinja"
    template.write_text(TEMPLATE, "utf-8")
    metrics, findings, audit = scanned(
        tmp_path,
        [chat(4, 2), chat(4, 2, role="tool")],
        tokenizer=str(word_tokenizer),
        chat_template=str(template),
    )
    assert findings == [("tokens.template", 2)]
    assert metrics["tokens.template_errors"] == 1
    assert metrics["tokens.trained"] == 3 + 2
    configuration = audit.manifest.predicate.configuration["checks"]
    assert isinstance(configuration, dict)
    assert len(configuration["tokens"]["chosen"]["chat_template_sha256"]) == 64
    assert list(configuration["tokens"]["chosen"]["tokenizer_files"]) == ["tokenizer.json"]


def test_without_a_tokenizer_tokens_are_bounded(tmp_path: Path) -> None:
    metrics, findings, _ = scanned(tmp_path, [chat(4, 2), chat(30, 5)], max_tokens="30")
    assert findings == [("tokens.truncated", 2)]
    assert metrics == {
        "tokens.at_least": 6 + 35,
        "tokens.at_most": (4 * 4 - 1) + (2 * 4 - 1) + 6 + (30 * 4 - 1) + (5 * 4 - 1) + 6,
        "tokens.truncated_rows": 1,
        "tokens.possibly_truncated_rows": 0,
    }


def test_the_limit_of_a_profile_holds_unless_another_is_named(
    tmp_path: Path, word_tokenizer: Path
) -> None:
    records = [chat(600, 2)]
    metrics, _, _ = scanned(
        tmp_path, records, tokenizer=str(word_tokenizer), profiles=["axolotl", "trl-sft"]
    )
    assert metrics["tokens.lost"] == 608  # Axolotl drops what is longer than 512
    metrics, _, _ = scanned(
        tmp_path, records, tokenizer=str(word_tokenizer), profiles=["trl-sft"], max_tokens="600"
    )
    assert metrics["tokens.lost"] == 8


def test_a_limit_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="above 0"):
        scanned(tmp_path, [chat(1, 1)], max_tokens="-1")


def test_without_being_asked_the_check_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_text(json.dumps(chat(1, 1)) + "\n", "utf-8")
    with ftaudit.scan(file, options=Options(only=("tokens",))) as audit:
        (record,) = [c for c in audit.manifest.predicate.checks if c.id == "tokens"]
    assert record.status == "skipped"


def test_batches_carry_no_meaning(word_tokenizer: Path) -> None:
    records = [chat(n, n % 5) for n in range(1, 40)]
    frame = pl.DataFrame(
        {
            "split": ["train"] * len(records),
            "file": [0] * len(records),
            "row": range(len(records)),
            "line": range(1, len(records) + 1),
            "text": [json.dumps(record).encode() for record in records],
            "framing": ["lines"] * len(records),
            "bom": [False] * len(records),
            "unended": [False] * len(records),
        },
        schema=LINES,
    )
    parameters = {"tokenizer": str(word_tokenizer), "max_tokens": 20}
    check = TokensCheck.prepare(context(dataset([{"input": "x"}]), parameters=parameters))
    assert isinstance(check, TokensCheck)
    whole = ask(check, frame, [])
    assert ask(check, frame, [3, 3, 17]).same(whole)
    assert ask(check, frame, [5, 30], seed=1).same(whole)
    assert pickle.loads(pickle.dumps(check)) == check  # noqa: S301 - our own bytes
