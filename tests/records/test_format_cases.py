"""Data as people have it: the 43 cases of shared/data/cases/formats, each as a user expects it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.model.errors import InputError
from ftaudit.model.options import Options
from ftaudit.pipeline.session import NamedData, ReadingOptions, open_session
from ftaudit.wire.manifest import Manifest

CASES = Path(__file__).parents[3] / "shared/data/cases/formats"
CHECKS = ("class-balance", "duplicates", "label-conflicts", "leakage", "pii", "schema")

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases of shared/data are missing")


@dataclass(frozen=True)
class Read:
    """What a case was read as."""

    manifest: Manifest
    rows: pl.DataFrame
    recognised: str

    def metric(self, name: str) -> float | None:
        for check in self.manifest.predicate.checks:
            if name in check.metrics:
                return check.metrics[name]
        return None

    @property
    def broken(self) -> list[str]:
        return [c.id for c in self.manifest.predicate.checks if c.status == "error"]


@cache
def read(name: str, holdout: str = "") -> Read | str:
    """Scan a case; return the message of the refusal where there is one."""
    others = [str(CASES / holdout)] if holdout else []
    try:
        with ftaudit.scan(
            str(CASES / name), holdout=others, options=Options(only=CHECKS, workers=1)
        ) as audit:
            manifest, recognised = audit.manifest, audit.recognised
        data = NamedData.of(str(CASES / name), holdout=others)
        session = open_session(data, ReadingOptions())
        rows = pl.concat(list(session.dataset.rows.batches()))
    except InputError as error:
        return str(error)
    return Read(manifest, rows, recognised)


def well(name: str, holdout: str = "") -> Read:
    """Scan a case that is to be read, by every check and without any unread text."""
    result = read(name, holdout)
    assert isinstance(result, Read), result
    assert not result.broken
    assert result.metric("schema.unread_columns") == 0
    return result


def unclashed(result: Read) -> Read:
    """Expect no duplicate, no conflict and no malformed row."""
    assert result.metric("duplicates.near_rows") == 0
    assert not result.metric("label_conflicts.pairs")
    assert result.metric("schema.invalid_rows") == 0
    return result


def refused(name: str, *words: str) -> str:
    result = read(name)
    assert isinstance(result, str), "was read"
    assert "\n" not in result
    for word in words:
        assert word.lower() in result.lower(), result
    return result


def texts(result: Read, column: str) -> list[str | None]:
    return result.rows[column].to_list()


def pairs_of_llamafactory() -> None:
    result = unclashed(well("01-llamafactory-pairs.jsonl"))
    assert "rivers?" in str(texts(result, "input")[0])
    assert texts(result, "output")[0] == "The rivers are in hall 0."


def openai_pairs() -> None:
    result = read("02-openai-pairs-objects.jsonl")
    assert isinstance(result, Read)
    assert texts(result, "output")[0] == "In hall 0."


def map_column() -> None:
    assert well("03-map-column.parquet").metric("pii.EMAIL_ADDRESS.findings") == 4


def json_extension() -> None:
    unclashed(well("04-json-extension-tools.parquet"))


def decimal256() -> None:
    result = read("05-decimal256.arrow")
    if isinstance(result, str):
        refused("05-decimal256.arrow", "price", "decimal256")


def binary_text() -> None:
    result = read("06-binary-text.parquet")
    assert isinstance(result, Read)
    found = result.metric("pii.EMAIL_ADDRESS.findings")
    assert found == 4 or "note" in result.manifest.predicate.coverage.columns_not_read


def list_view() -> None:
    result = read("07-list-view.parquet")
    if isinstance(result, str):
        refused("07-list-view.parquet", "tags", "list_view")


def save_to_disk() -> None:
    assert well("08-save-to-disk").rows.height > 0


def hub_snapshot() -> None:
    result = well("09-hub-snapshot")
    assert result.rows["split"].to_list() == ["train"] * 3 + ["holdout"]


def llamafactory_folder() -> None:
    result = well("10-llamafactory-folder")
    assert texts(result, "output")[0] == "In hall 0."


def competition_folder() -> None:
    result = read("11-competition-folder")
    if isinstance(result, str):
        refused("11-competition-folder", "sample_submission.csv", "leave")
    else:
        assert result.rows.filter(pl.col("split") == "holdout").height == 4


def sentence_pairs() -> None:
    result = well("12-sentence-pairs.jsonl", "12-sentence-pairs-test.jsonl")
    unclashed(result)
    assert result.metric("leakage.near_rows") == 0
    assert "Someone makes music" in str(texts(result, "input")[0])


def image_parts() -> None:
    result = unclashed(well("13-image-parts.jsonl"))
    assert "rivers.png" in str(texts(result, "input")[0])


def choices() -> None:
    result = unclashed(well("14-choices.jsonl"))
    assert "the rivers float" in str(texts(result, "input")[0])
    assert texts(result, "output")[0] == "the rivers rust"


def alpaca_history() -> None:
    result = unclashed(well("15-alpaca-history.jsonl"))
    first = str(texts(result, "input")[0])
    assert first.index("Start with the rivers") < first.index("And then?")


def document_summary() -> None:
    result = unclashed(well("16-document-summary.jsonl"))
    assert texts(result, "output")[0] == "Council decides on rivers."


def multi_label() -> None:
    assert texts(well("17-multi-label.jsonl"), "label")[:2] == ["a", "b | z"]


def partitioned() -> None:
    assert set(texts(well("18-partitioned"), "label")) == {"a", "b"}


def conversation_pairs() -> None:
    result = unclashed(well("19-conversation-pairs.jsonl"))
    assert "rivers?" in str(texts(result, "input")[0])
    assert texts(result, "output")[0] == "The rivers are in hall 0."


def whole_conversation_pairs() -> None:
    result = unclashed(well("20-whole-conversation-pairs.jsonl"))
    assert texts(result, "output")[0] == "In hall 0."


def rl_prompts() -> None:
    result = unclashed(well("21-rl-prompts.jsonl"))
    assert "Add 1 and 7." in str(texts(result, "input")[0])


def gemini_contents() -> None:
    result = unclashed(well("22-gemini-contents.jsonl", "22-gemini-contents-test.jsonl"))
    assert result.metric("leakage.near_rows") == 0
    assert "rivers?" in str(texts(result, "input")[0])


def role_human_gpt() -> None:
    result = unclashed(well("23-role-human-gpt.jsonl"))
    assert texts(result, "output")[0] == "The rivers are in hall 0."


def kto_messages() -> None:
    result = unclashed(well("24-kto-messages.jsonl"))
    assert texts(result, "output")[:2] == ["The rivers are in hall 0.", None]


def prompt_completion_class() -> None:
    result = unclashed(well("25-prompt-completion-class.jsonl"))
    assert texts(result, "output")[0] == "In hall 0."


def lists_of_columns() -> None:
    result = read("26-lists-of-columns.json")
    if isinstance(result, Read):
        assert result.rows.height == 4
        assert texts(result, "output")[0] == "In hall 0."


def data_key() -> None:
    result = read("27-data-key.json")
    if isinstance(result, str):
        refused("27-data-key.json", "data")
    else:
        assert result.rows.height == 4


def object_per_file() -> None:
    result = read("28-object-per-file")
    if isinstance(result, str):
        refused("28-object-per-file", "one object")
    else:
        assert result.rows.height == 3


def array_as_lines() -> None:
    result = read("29-array.jsonl")
    if isinstance(result, str):
        refused("29-array.jsonl", "array", ".json")
    else:
        assert result.rows.height == 4


def not_a_number() -> None:
    refused("30-not-a-number.jsonl", "NaN")


def key_twice() -> None:
    result = read("31-key-twice.jsonl")
    if isinstance(result, str):
        assert "twice" in result
        assert "mia@" not in result


def semicolon() -> None:
    result = read("32-semicolon.csv")
    if isinstance(result, str):
        refused("32-semicolon.csv", ";", "--delimiter")


def headerless() -> None:
    refusal = refused("33-headerless.csv", "header")
    assert "Mia" not in refusal
    assert "mia@" not in refusal
    assert "complaint" not in refusal


def carriage_returns() -> None:
    result = read("34-carriage-returns.csv")
    if isinstance(result, str):
        refused("34-carriage-returns.csv", "CR")
    else:
        assert result.rows.height == 4


def backslash_quotes() -> None:
    result = read("35-backslash-quotes.csv")
    if isinstance(result, str):
        refused("35-backslash-quotes.csv", "backslash")


def lfs_pointer() -> None:
    refused("36-lfs-pointer.parquet", "LFS", "git lfs pull")


def parquet_called_jsonl() -> None:
    result = read("37-parquet.jsonl")
    if isinstance(result, str):
        refused("37-parquet.jsonl", "parquet")


def tool_calls_text() -> None:
    result = read("38-tool-calls-text.jsonl")
    assert isinstance(result, Read)
    rules = [p["rule"] for row in result.rows["problems"].to_list() for p in row]
    assert rules.count("schema.malformed") == result.rows.height


def missing_shard() -> None:
    result = read("39-missing-shard")
    if isinstance(result, str):
        refused("39-missing-shard", "00001-of-00003")
    else:
        notes = " ".join(n for c in result.manifest.predicate.checks for n in c.notes)
        assert "00001-of-00003" in notes


def prodigy_export() -> None:
    result = well("40-prodigy-export.jsonl")
    assert not result.metric("label_conflicts.pairs")
    assert result.metric("schema.invalid_rows") == 0


def class_names() -> None:
    result = well("41-class-names.parquet")
    assert set(texts(result, "label")) == {"refund", "delay"}


def title_abstract() -> None:
    result = well("42-title-abstract.jsonl", "42-title-abstract-test.jsonl")
    assert result.metric("leakage.near_rows") == 4


def prompt_generation() -> None:
    result = unclashed(well("43-prompt-generation.jsonl"))
    assert str(texts(result, "output")[0]).startswith("In this long study")


ALL: Mapping[int, Callable[[], None]] = dict(
    enumerate(
        (
            *(pairs_of_llamafactory, openai_pairs, map_column, json_extension, decimal256),
            *(binary_text, list_view, save_to_disk, hub_snapshot, llamafactory_folder),
            *(competition_folder, sentence_pairs, image_parts, choices, alpaca_history),
            *(document_summary, multi_label, partitioned, conversation_pairs),
            *(whole_conversation_pairs, rl_prompts, gemini_contents, role_human_gpt),
            *(kto_messages, prompt_completion_class, lists_of_columns, data_key),
            *(object_per_file, array_as_lines, not_a_number, key_twice, semicolon),
            *(headerless, carriage_returns, backslash_quotes, lfs_pointer),
            *(parquet_called_jsonl, tool_calls_text, missing_shard, prodigy_export),
            *(class_names, title_abstract, prompt_generation),
        ),
        1,
    )
)


NAMES = {number: f"{number:02}-{case.__name__}" for number, case in ALL.items()}


@pytest.mark.parametrize("number", sorted(ALL), ids=NAMES.get)
def test_a_case_is_read_as_its_user_expects(number: int) -> None:
    ALL[number]()


def test_every_case_is_tried() -> None:
    numbers = {int(path.name[:2]) for path in CASES.iterdir() if path.name[:2].isdecimal()}
    assert numbers == set(ALL)
