"""Signature indexes: what they hold, what they refuse, and what a scan finds through them."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.cli.main import run
from ftaudit.model.errors import InputError
from ftaudit.similarity.index import signature_index
from ftaudit.similarity.index.index_matching import IndexMatcher, standard_error
from ftaudit.similarity.index.signature_index import (
    SignatureIndex,
    make_index,
    read_index,
    write_index,
)
from ftaudit.similarity.parameters import SimilarityOptions
from ftaudit.similarity.text.normalisation import prepared
from ftaudit.similarity.text.signatures import sign
from tests.conftest import dataset
from tests.similarity.reference import all_pairs
from tests.similarity.rows import synthetic

LAUNCH = "the launch code of the blue submarine is seven three nine tango"


def index_of(texts: list[str | None], **how: object) -> SignatureIndex:
    data = dataset([{"input": text} for text in texts])
    return make_index(data.rows, data.files, SimilarityOptions(**how))  # type: ignore[arg-type] # a test's own words


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "holdout.ftidx"
    write_index(index_of([LAUNCH, None, "", *synthetic(50)]), path)
    return path


def test_an_index_reads_back_as_it_was_and_holds_no_text(written: Path) -> None:
    made, again = index_of([LAUNCH, None, "", *synthetic(50)]), read_index(written)
    assert again.header == made.header
    assert again.digest == made.digest
    assert (again.signatures == made.signatures).all()
    assert (len(again), again.total) == (51, 53)
    assert again.rows[:2].tolist() == [0, 3]
    data = written.read_bytes()
    assert not any(word.encode() in data for word in LAUNCH.split() if len(word) > 4)


def test_an_index_is_the_same_for_any_workers_and_batches() -> None:
    data = dataset([{"input": text} for text in synthetic(300)], cuts=(7, 8, 200))
    one = make_index(data.rows, data.files, SimilarityOptions(), workers=2)
    assert one.digest == index_of([*synthetic(300)]).digest


def test_signatures_of_an_index_are_those_of_the_texts() -> None:
    texts: list[str | None] = [*synthetic(20)]
    made = index_of(texts, shingles="word3", seed=7)
    signed = sign(prepared(pl.Series(texts)), "word3", count=signature_index.PERMUTATIONS, seed=7)
    assert (made.signatures == signed.values).all()


@pytest.mark.parametrize("end", [0, 5, 11, 40, 300, -33, -1])
def test_an_index_cut_short_is_refused(written: Path, end: int) -> None:
    written.write_bytes(written.read_bytes()[:end])
    with pytest.raises(InputError, match=r"holdout\.ftidx: .*(no ftaudit index|damaged)"):
        read_index(written)


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, change: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.ftidx"
    write_index(index_of([LAUNCH]), path)
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= change
    path.write_bytes(data)
    with pytest.raises(InputError):
        read_index(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"normalisation": "other-9"}, "normalisation other-9"),
        ({"permutations": 64}, "64 permutations"),
        ({"entries": 2}, "2 entries"),
        ({"entries": -1}, "-1 entries"),
        ({"files": []}, "row that no file has"),
        ({"shingles": "char9"}, "header"),
        ({"surprise": 1}, "header"),
    ],
)
def test_a_foreign_index_with_a_true_digest_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], says: str
) -> None:
    honest, made, path = SignatureIndex.chunks, index_of([LAUNCH]), tmp_path / "foreign.ftidx"

    def chunks(index: SignatureIndex) -> Iterator[bytes]:
        head, *rest = honest(index)
        plain = json.loads(head[len(signature_index.MAGIC) + 4 :])
        header = json.dumps(plain | change).encode()
        yield signature_index.MAGIC + len(header).to_bytes(4, "little") + header
        yield from rest

    monkeypatch.setattr(SignatureIndex, "chunks", chunks)
    write_index(made, path)
    with pytest.raises(InputError, match=says):
        read_index(path)


def test_an_index_that_is_not_there_or_cannot_be_written_is_said_in_one_line(
    tmp_path: Path,
) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_index(tmp_path / "no.ftidx")
    with pytest.raises(InputError, match="cannot be written"):
        write_index(index_of([LAUNCH]), tmp_path / "no" / "x.ftidx")


def test_every_true_match_well_above_the_threshold_is_found_and_estimated_within_its_error() -> (
    None
):
    texts = synthetic(600)
    held, train = texts[:200], texts[200:]
    matcher = IndexMatcher(index_of([*held], shingles="word3"), 0.5)
    ids = pl.Series(range(1_000, 1_400), dtype=pl.UInt64)
    found = matcher.match(ids, pl.Series(train))
    pairs = all_pairs(texts, "word3", 0.4).items()
    true = {(i, j + 800): value for (i, j), value in pairs if i < 200 <= j}
    best = dict.fromkeys({i for i, _ in true}, 0.0)
    for (i, _), value in true.items():
        best[i] = max(best[i], value)
    estimated = {e: min(a, 128) / 128 for e, a, _ in found.iter_rows()}
    assert {i for i, value in best.items() if value >= 0.7} <= set(estimated)
    errors = [
        abs(estimated[e] - true.get((e, j), 0.0)) / max(standard_error(estimated[e]), 0.01)
        for e, _, j in found.iter_rows()
    ]
    assert max(errors) < 4
    assert len(errors) > 20
    exact = {e for e, a, _ in found.iter_rows() if a == 129}
    assert exact == {i for i, value in best.items() if value == 1.0 and held[i] in train}


def test_a_holdout_nobody_sees_is_found_in_training_by_its_index(tmp_path: Path) -> None:
    texts = synthetic(400)
    held = [*texts[:100], LAUNCH, LAUNCH.upper() + "!"]
    train = [*texts[100:], LAUNCH, LAUNCH.replace("blue", "red")]
    pl.DataFrame({"text": held, "label": ["a"] * 102}).write_csv(tmp_path / "test.csv")
    pl.DataFrame({"text": train, "label": ["a"] * 302}).write_csv(tmp_path / "train.csv")
    where = tmp_path / "holdout.ftidx"
    assert run(["index", str(tmp_path / "test.csv"), "-o", str(where), "--quiet"]) == 0
    out = tmp_path / "out"
    scan = ["scan", str(tmp_path / "train.csv"), "--holdout-index", str(where), "--quiet"]
    run([*scan, "--only", "index-leakage", "--output", str(out)])
    (check,) = [
        c
        for c in json.loads((out / "manifest.json").read_text())["predicate"]["checks"]
        if c["id"] == "index-leakage"
    ]
    direct = {i for i, j in all_pairs([*held, *train], "char5", 0.8) if i < 102 <= j}
    assert check["metrics"]["leakage.index_exact_rows"] >= 2
    assert abs(check["metrics"]["leakage.index_rows"] - len(direct)) <= 2
    findings = pl.read_parquet(out / "findings.parquet")
    last = findings.filter(pl.col("rule") == "index_leakage.exact").sort("row")["detail"].to_list()
    assert last[-2:] == ["row 100 of test.csv, in the index", "row 101 of test.csv, in the index"]


def test_a_folder_with_training_files_is_not_indexed_by_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("train.csv", "test.csv"):
        pl.DataFrame({"text": [f"in {name}"], "label": ["x"]}).write_csv(tmp_path / name)
    assert run(["index", str(tmp_path), "-o", str(tmp_path / "x.ftidx")]) == 2
    assert "several splits" in capsys.readouterr().err
