"""The gate judges what the job reads: all of the training data, and nothing else."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ftaudit.admission.admission import Admission
from ftaudit.admission.verify import examine, gate
from ftaudit.model.errors import GateBlocked, InputError
from tests import manifests
from tests.admission.signed_manifests import SIGNER, blocked, refused, written
from tests.manifests import NOW


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two training files and a holdout."""
    train, holdout = manifests.data(tmp_path / "data")
    second = tmp_path / "data" / "train-2.csv"
    second.write_text("text,label\nsixth,a\nseventh,b\n")
    return [train, second, holdout]


@pytest.fixture
def manifest(files: list[Path], tmp_path: Path) -> Path:
    return written(manifests.of(files, trained=2), tmp_path)


def look(manifest: Path, *data: object, **given: Any) -> Admission:  # noqa: ANN401 - arguments of the gate
    options = {"trusted_keys": [SIGNER.public], "now": NOW} | given
    return examine(manifest, list(data), **options)  # type: ignore[arg-type] # a test's own data


def frame(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


# --- all of it


def test_all_training_files_pass_in_any_order(files: list[Path], manifest: Path) -> None:
    assert look(manifest, files[1], files[0]).passed
    assert look(manifest, files[0].parent).passed
    assert look(manifest, *files[:2], holdout=files[2]).passed


def test_a_training_file_left_out_is_refused_and_named(files: list[Path], manifest: Path) -> None:
    admission = look(manifest, files[0])
    assert "missing: train-2.csv" in refused(admission)
    assert "missing: train-2.csv" in refused(look(manifest, files[0], policy="report-only"))


def test_a_part_passes_when_a_part_is_meant_and_the_verdict_says_so(
    files: list[Path], manifest: Path
) -> None:
    admission = look(manifest, files[0], partial=True)
    assert admission.passed
    assert admission.headline.endswith("but only a part of the training data was compared")
    assert any("not compared: train-2.csv" in note for note in admission.notes)
    whole = look(manifest, *files[:2], partial=True)
    assert (whole.caveats, whole.exit_code) == ((), 0)


@pytest.mark.parametrize("given", [{}, {"partial": True}, {"policy": "report-only"}])
def test_nothing_given_is_never_a_pass(manifest: Path, given: dict[str, Any]) -> None:
    assert "no data was given" in refused(look(manifest, **given))
    with pytest.raises(GateBlocked, match="no data was given") as caught:
        gate(manifest, [], trusted_keys=[SIGNER.public], now=NOW, **given)
    assert caught.value.code == 4


def test_nothing_given_leaves_the_code_of_what_blocks_anyway(
    files: list[Path], tmp_path: Path
) -> None:
    path = written(manifests.of(files, trained=2, states={"pii": "error"}), tmp_path)
    assert look(path).exit_code == 3


def test_the_holdout_alone_is_missing_the_training_data(files: list[Path], manifest: Path) -> None:
    assert "missing: train.csv, train-2.csv" in refused(look(manifest, holdout=files[2]))


# --- nothing else


def test_the_holdout_as_training_data_is_refused(files: list[Path], manifest: Path) -> None:
    says = "test.csv was audited as holdout data and is given as training data"
    assert says in refused(look(manifest, files[2]))
    assert says in refused(look(manifest, *files))
    assert says in refused(look(manifest, files[0].parent, files[2]))


def test_a_holdout_by_another_name_is_not_hidden_in_a_folder(
    files: list[Path], manifest: Path
) -> None:
    renamed = files[2].rename(files[2].with_name("more.csv"))
    assert "audited as holdout data" in refused(look(manifest, files[0].parent))
    assert look(manifest, files[0].parent, holdout=renamed).passed


def test_training_data_given_as_holdout_is_refused(files: list[Path], manifest: Path) -> None:
    admission = look(manifest, files[1], holdout=files[0])
    assert "train.csv was audited as training data and is given as holdout" in refused(admission)


def test_every_foreign_file_is_named(files: list[Path], manifest: Path) -> None:
    for name in ("extra.csv", "more.csv"):
        (files[0].parent / name).write_text(f"text,label\n{name},a\n")
    reason = refused(look(manifest, files[0].parent))
    assert "extra.csv is not the audited data" in reason
    assert "more.csv" in reason


def test_a_copy_beside_the_audited_file_is_refused(files: list[Path], manifest: Path) -> None:
    shutil.copy(files[0], files[0].with_name("train-copy.csv"))
    says = "holds the rows of train.csv, which were given already"
    assert says in refused(look(manifest, files[0].parent))


def test_the_same_rows_re_encoded_beside_the_file_are_refused(
    files: list[Path], manifest: Path
) -> None:
    frame(files[0]).write_parquet(files[0].with_name("train-a.parquet"))
    assert "were given already" in refused(look(manifest, files[0].parent))


def test_one_file_named_twice_is_one_file(files: list[Path], manifest: Path) -> None:
    assert look(manifest, files[0].parent, files[0], files[1], files[0]).passed


def test_equal_files_are_recognised_as_often_as_they_were_audited(tmp_path: Path) -> None:
    train, holdout = manifests.data(tmp_path / "data")
    copy = Path(shutil.copy(train, train.with_name("train-b.csv")))
    path = written(manifests.of([train, copy, holdout], trained=2), tmp_path)
    assert look(path, train, copy).passed
    assert "missing" in refused(look(path, train))


@pytest.mark.parametrize(
    "name",
    ["more.txt", ".part-2.csv", "__more.csv", "more.csv.bz2", "more.jsonlines", "sub/.h/more.csv"],
)
def test_what_a_folder_holds_beside_is_named(files: list[Path], manifest: Path, name: str) -> None:
    extra = files[0].parent / name
    extra.parent.mkdir(parents=True, exist_ok=True)
    extra.write_text("text,label\nnever audited,a\n")
    admission = look(manifest, files[0].parent)
    (note,) = (n for n in admission.notes if n.startswith("not read as data: "))
    assert note.endswith(name)


def test_files_that_are_called_like_our_results_are_named(
    files: list[Path], manifest: Path
) -> None:
    (files[0].parent / "manifest.json").write_text('{"_type": "https://in-toto.io/Statement/v1"}')
    shutil.copy(files[0], files[0].parent / "findings.parquet")
    (note,) = (n for n in look(manifest, files[0].parent).notes if "not read as data" in n)
    assert "findings.parquet" in note


# --- rows


def test_one_table_may_hold_all_training_files(files: list[Path], manifest: Path) -> None:
    first, second = frame(files[0]), frame(files[1])
    for table in (pl.concat([first, second]), pl.concat([second, first])):
        admission = look(manifest, table)
        assert admission.passed
        assert sorted(m.subject for m in admission.files) == ["train-2.csv", "train.csv"]


def test_a_file_written_anew_may_hold_several_audited_ones(
    files: list[Path], manifest: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.parquet"
    pl.concat([frame(files[0]), frame(files[1])]).write_parquet(whole)
    admission = look(manifest, whole)
    assert admission.passed
    assert [n for n in admission.notes if "re-encoded" in n] == [
        f"{whole} was re-encoded since the audit: same content root"
    ]


def test_rows_reordered_repeated_left_out_or_added_are_refused(
    files: list[Path], manifest: Path
) -> None:
    first, second = frame(files[0]), frame(files[1])
    whole = pl.concat([first, second])
    for table in (
        whole.reverse(),
        whole.slice(0, 5),
        whole.slice(1),
        pl.concat([whole, second]),
        pl.concat([first, first]),
        pl.concat([first[:3], second, first[3:]]),
        whole.with_columns(label=pl.lit("a")),
        whole.with_columns(more=pl.lit("a")),
        whole.select("text"),
    ):
        refused(look(manifest, table))


def test_an_empty_table_is_malformed(files: list[Path], manifest: Path) -> None:
    with pytest.raises(InputError, match="no data rows"):
        look(manifest, frame(files[0]).clear())


def test_rows_moved_between_files_are_refused(files: list[Path], manifest: Path) -> None:
    first, second = files[0].read_text(), files[1].read_text()
    *kept, moved = first.splitlines(keepends=True)
    files[0].write_text("".join(kept))
    files[1].write_text(second + moved)
    refused(look(manifest, *files[:2]))


def test_a_dictionary_of_tables_goes_by_the_names_of_its_splits(
    files: list[Path], manifest: Path
) -> None:
    whole = pl.concat([frame(files[0]), frame(files[1])])
    assert look(manifest, {"train": whole, "test": frame(files[2])}).passed
    swapped = look(manifest, {"test": whole, "train": frame(files[2])})
    assert "is given as holdout data" in refused(swapped)
    unknown = look(manifest, {"train": whole, "extra": frame(files[2])})
    assert "the split extra was audited as holdout data" in refused(unknown)


def test_a_blocked_verdict_stays_blocked(files: list[Path], tmp_path: Path) -> None:
    path = written(manifests.of(files, trained=2, states={"pii": "skipped"}), tmp_path)
    blocked(look(path, *files[:2]))
