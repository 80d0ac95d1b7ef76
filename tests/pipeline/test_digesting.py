"""Digests of rows: of their content, without what nothing may confirm."""

import json
from collections.abc import Callable, Mapping
from hashlib import blake2b, sha256
from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.pipeline.digesting import MASK, RowDigester, content_digest
from ftaudit.records.rows import CanonicalRows

MAIL = [{"path": "text", "text": "write to ann@example.org today"}]
OTHER = [{"path": "text", "text": "write to bob.smith@example.com today"}]


def test_what_was_found_in_a_row_does_not_decide_its_digest() -> None:
    masks = [{"text": [("pii.EMAIL_ADDRESS", 9, end)]} for end in (24, 30)]
    assert content_digest(MAIL, masks=masks[0]) == content_digest(OTHER, masks=masks[1])
    assert content_digest(MAIL) != content_digest(OTHER)
    named = [[*row, {"path": "to", "text": row[0]["text"][9:end]}] for row, end in
             ((MAIL, 24), (OTHER, 30))]  # fmt: skip
    assert content_digest(named[0], masks=masks[0]) == content_digest(named[1], masks=masks[1])
    later = [{"path": "text", "text": "write to ann@example.org soon"}]
    assert content_digest(later, masks=masks[0]) != content_digest(MAIL, masks=masks[0])


def test_a_key_and_values_beside_the_text_decide_a_digest() -> None:
    digests = {
        content_digest(MAIL),
        content_digest(MAIL, key=b"one"),
        content_digest(MAIL, key=b"two"),
        content_digest(MAIL, ["label"]),
        content_digest(MAIL, [1.0]),
    }
    assert len(digests) == 5
    assert {len(digest) for digest in digests} == {32}


def test_a_digest_is_of_the_json_of_a_row() -> None:
    texts = [
        'a "quoted" text\n\t\x00\x7f',
        "Ünïcode \u2028 \U0001f600",
        "",
        "an e-mail: a@b.example",
    ]
    masks = [[], None, [], [{"rule": "pii.mail", "field": "text", "start": 11, "end": 22}]]
    rows = pl.DataFrame(
        {
            "id": pl.Series(range(4), dtype=pl.UInt64),
            "label": ["x", None, 'two "words"', None],
            "score": [None, 0.5, None, float("nan")],
            "fields": [
                [{"path": "key", "text": str(at)}, {"path": "text", "text": text}][at == 0 :]
                if text
                else []
                for at, text in enumerate(texts)
            ],
            "masks": pl.Series(masks, dtype=pl.List(MASK)),
        }
    )
    table = RowDigester("key", b"k").map(rows).partials
    masked = [*texts[:3], "an e-mail: \0pii.mail\0"]
    for at, text in enumerate(masked):
        beside = [value for value in rows.select("label", "score").row(at) if value is not None]
        content = [[["text", text]] if text else [], *beside]
        body = json.dumps(content, separators=(",", ":")).encode()
        digest = blake2b(body, digest_size=16, key=sha256(b"k").digest()).hexdigest()
        assert f"{table['high'][at]:016x}{table['low'][at]:016x}" == digest


def test_rows_of_equal_content_have_one_digest_whatever_their_id_and_file(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"id": ["a", "b"], "text": ["where is my parcel", "where is my parcel"], "label": [1, 1]}
    )
    frame.write_parquet(tmp_path / "one.parquet")
    frame.with_columns(id="text").write_csv(tmp_path / "two.csv")
    digests = set()
    for name in ("one.parquet", "two.csv"):
        with ftaudit.scan(tmp_path / name, policy="report-only", only=("duplicates",)) as audit:
            findings = audit.findings
            digests |= {*findings["digest"], *findings["related_digest"].drop_nulls()}
    assert len(digests) == 1


TOKENS = ("ghp_k3J9xQ2vB7nM5tR8wY1zL4cF6hD0sA2eG7pU", "ghp_Z9qW3eR7tY1uI5oP2aS6dF0gH4jK8lM3nB5v")
SHAPES: Mapping[str, Callable[[str], dict[str, object]]] = {
    "text": lambda text: {"text": text, "label": "x"},
    "chat": lambda text: {
        "messages": [{"role": "user", "content": text}, {"role": "assistant", "content": "Ok."}]
    },
    "fields": lambda text: {"prompt": text, "completion": f"I see: {text}"},
}


@pytest.mark.parametrize("shape", list(SHAPES))
def test_no_digest_confirms_a_secret_that_was_found_whatever_the_format(
    tmp_path: Path, shape: str
) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [SHAPES[shape](f"my token {token} does not work") for token in TOKENS]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    with ftaudit.scan(path, policy="report-only", only=("secrets",)) as audit:
        findings = audit.findings
    assert {*findings["row"]} == {0, 1}
    assert findings["digest"].n_unique() == 1


def test_clean_data_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    parts = CanonicalRows.parts

    def counted(self: CanonicalRows, *args: object, **kwargs: object) -> object:
        read.append("parts")
        return parts(self, *args, **kwargs)  # type: ignore[arg-type] # handed through

    monkeypatch.setattr(CanonicalRows, "parts", counted)
    for texts, passes in ((["a b c", "d e f"], 0), (["a b c", "a b c"], 1)):
        path = tmp_path / "rows.csv"
        pl.DataFrame({"text": texts, "label": ["x", "y"]}).write_csv(path)
        before = len(read)
        with ftaudit.scan(path, policy="report-only", only=("duplicates",), excerpts=False):
            assert len(read) - before == passes
